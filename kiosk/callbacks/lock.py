"""One kiosk at a time on a data folder."""

from __future__ import annotations

from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from kiosk.errors import AlreadyRunning, OutboxUnavailable


def lock_data_folder(data: Path) -> BaseFileLock:
    """Return a lock on the data folder, to be kept: it holds until `release()`, or until this process ends in any way.

    Raises AlreadyRunning if another process holds it (promise 8).
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / "running.lock")
        lock.acquire(blocking=False)
    except Timeout as why:
        raise AlreadyRunning("Waymark is already running on this machine.", "Close the other window first.") from why
    except OSError as why:
        raise OutboxUnavailable(f"{data} cannot be written.", "Give this user the right to write there.") from why
    return lock
