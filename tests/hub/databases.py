"""A throw-away PostgreSQL: a cluster of its own, on a socket in a folder of its own, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, delete, text

from kiosk.errors import HubNotReady
from kiosk.hub.schema import metadata, upgrade

DEBIAN = Path("/usr/lib/postgresql")


def find_postgresql() -> Path | None:
    """Return the folder of the newest server's programs, or None if this machine has no server."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parent.parent.name))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def postgresql_cluster(programs: Path) -> Iterator[str]:
    """Start a server and give its SQLAlchemy URL. It does not sync: what is tested is SQL, not its disk."""
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="waymark-pg-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        # The language that this machine is set to may be one that it does not have, and sorts otherwise.
        options = ["-U", "waymark", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        _run([programs / "initdb", "-D", folder / "data", *options], user)
        settings = f"-c listen_addresses='' -k {folder} -F -c max_connections=40"
        control = [programs / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
        _run([*control, "-o", settings, "start"], user)
        try:
            yield f"postgresql+psycopg://waymark@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)


def empty(url: str) -> None:
    """Drop whatever is in this PostgreSQL."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def clear(url: str) -> None:
    """Bring this PostgreSQL to a hub's tables without a row. Numbers go on counting: no test may remember one."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        upgrade(engine)
    except HubNotReady:  # the test before left what is no hub
        empty(url)
        upgrade(engine)
    with engine.begin() as connection:
        for table in metadata.tables.values():
            connection.execute(delete(table))


def _run(command: list[object], user: str | None) -> None:
    subprocess.run([str(word) for word in command], user=user, check=True, stdout=subprocess.DEVNULL, cwd="/tmp")
