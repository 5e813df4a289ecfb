"""Connections of one process, seen from another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.database import DURABLE, REBUILDABLE, open_sqlite

TRY_TO_WRITE = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as why:
    print(why)
"""


def written_to_elsewhere(file: Path) -> str:
    """Return what another process is told that wants to write to the file now; empty if it may."""
    command = [sys.executable, "-c", TRY_TO_WRITE, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.parametrize("pragmas", [DURABLE, REBUILDABLE], ids=["durable", "rebuildable"])
def test_a_second_connection_takes_no_lock_from_the_first(tmp_path: Path, pragmas: dict[str, str | int]) -> None:
    file = tmp_path / "hub.sqlite"
    engine = open_sqlite(file, pragmas)
    with engine.connect() as writer:
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        engine.connect().close()

        assert written_to_elsewhere(file) == "database is locked"

    assert written_to_elsewhere(file) == ""
    engine.dispose()


def test_a_durable_database_is_its_own_users_alone(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    with open_sqlite(file, DURABLE).connect():
        assert file.stat().st_mode & 0o777 == 0o600
