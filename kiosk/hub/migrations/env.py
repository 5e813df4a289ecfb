"""What Alembic runs: the steps that are missing, on the connection that `kiosk.hub.schema` holds, in its transaction."""

from __future__ import annotations

from alembic import context

from kiosk.hub.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
