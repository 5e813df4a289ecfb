"""A power cut after "We have your request": shown by the system calls that a save makes, as the kernel saw them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAVE_TWICE = """
import os, sys
from pathlib import Path
from kiosk.callbacks.outbox import open_outbox
from tests.callbacks.samples import envelope

outbox = open_outbox(Path(sys.argv[1]))
outbox.save(envelope())
os.write(1, b"begin")
outbox.save(envelope())
os.write(1, b"saved")
"""
CALLS = "openat,pwrite64,ftruncate,unlink,fsync,fdatasync,write"


@pytest.fixture
def calls(tmp_path: Path) -> list[str]:
    """The system calls of one save, in order."""
    strace = [shutil.which("strace") or "strace", "-f", "-e", f"trace={CALLS}", "-o", str(tmp_path / "trace")]
    try:
        subprocess.run(
            [*strace, sys.executable, "-c", SAVE_TWICE, str(tmp_path / "kiosk")], check=True, capture_output=True
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("system calls cannot be traced here: install strace")
    lines = (tmp_path / "trace").read_text(encoding="utf-8", errors="replace").splitlines()
    begin, saved = (next(n for n, line in enumerate(lines) if f'"{word}"' in line) for word in ("begin", "saved"))
    return lines[begin + 1 : saved]


@pytest.mark.promise(2)
def test_everything_that_a_save_wrote_is_synced_before_it_says_saved(calls: list[str]) -> None:
    unsynced: dict[str, str] = {}
    for line in calls:
        if written := re.search(r"(?:pwrite64|ftruncate)\((\d+),", line):
            unsynced[written[1]] = line
        elif synced := re.search(r"f(?:data)?sync\((\d+)\) += 0", line):
            unsynced.pop(synced[1], None)

    assert sum("pwrite64" in line for line in calls) > 5
    assert unsynced == {}


@pytest.mark.promise(2)
def test_the_journal_is_synced_before_the_database_is_touched(calls: list[str]) -> None:
    journal = next(line for line in calls if "-journal" in line).rpartition("= ")[2]
    writes = [(n, f"pwrite64({journal}," in line) for n, line in enumerate(calls) if "pwrite64(" in line]

    last_in_journal = max(n for n, in_journal in writes if in_journal)
    first_in_database = min(n for n, in_journal in writes if not in_journal)

    assert last_in_journal < first_in_database
    assert any(f"sync({journal})" in line for line in calls[last_in_journal:first_in_database])


@pytest.mark.promise(2)
def test_the_folder_is_synced_so_that_the_journal_has_its_name_before_the_database_is_touched(calls: list[str]) -> None:
    folder = next(n for n, line in enumerate(calls) if re.search(r'openat\([^"]+"[^"]+/kiosk", ', line))
    handle = calls[folder].rpartition("= ")[2]
    synced = next(n for n, line in enumerate(calls) if n > folder and f"sync({handle})" in line)
    journal = next(line for line in calls if "-journal" in line).rpartition("= ")[2]
    in_database = [n for n, line in enumerate(calls) if "pwrite64(" in line and f"pwrite64({journal}," not in line]

    assert synced < min(in_database)
