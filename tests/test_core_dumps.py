from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CRASH = """
import ctypes, os
from kiosk.core_dumps import leave_no_core
leave_no_core()
print(ctypes.CDLL(None).prctl(3), flush=True)  # PR_GET_DUMPABLE
os.abort()
"""


@pytest.mark.promise(6)
@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_a_crash_leaves_nothing_of_the_memory_to_the_disk_or_to_a_program_that_collects_cores(tmp_path: Path) -> None:
    crashed = subprocess.run([sys.executable, "-c", CRASH], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert crashed.returncode < 0
    assert crashed.stdout == "0\n"
    assert list(tmp_path.iterdir()) == []
