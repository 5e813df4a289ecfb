"""Sticks: real file systems of their own where this machine lets us mount them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SHARED_MEMORY = Path("/dev/shm")


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount a file system in memory at `folder`; skip the test where only an administrator may."""
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", *(word for option in options for word in ("-o", option)), "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode != 0:
        pytest.skip("only root on a machine that lets it mount can put in a stick")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def lock(stick: Path) -> None:
    """Slide the stick's lock: the kernel lets nobody write."""
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)


@contextmanager
def put_in() -> Iterator[Path]:
    """A folder on another disk than the data folder, as a stick is."""
    if not SHARED_MEMORY.is_dir():
        pytest.skip("no second file system here to stand for a stick")
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as name:
        yield Path(name)
