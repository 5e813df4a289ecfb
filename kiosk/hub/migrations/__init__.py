"""The steps by which a hub's tables came to be what they are. `kiosk.hub.schema` takes them; nothing else makes a table.

To change a table: change it beside its fellows (`tables.py`, `desk_tables.py` ...), then add the step that brings a hub
in use there, as `versions/rNNNN_in_few_words.py`. A step that was released is never edited.

    \"\"\"Tries are counted by network address as well.\"\"\"

    import sqlalchemy as sa
    from alembic import op

    revision = "0002"
    down_revision = "0001"

    def upgrade() -> None:
        op.create_table("address_tries", sa.Column("address", sa.String(64), primary_key=True), ...)

Columns are written out: a step that imports today's tables would be another step tomorrow. SQLite and PostgreSQL take
the same step (`op.batch_alter_table` for what SQLite cannot alter), each in one transaction, and there is no way back
but the copy that `kiosk hub upgrade` made. `tests/hub/test_migrations.py` fails until tables and steps agree.
"""
