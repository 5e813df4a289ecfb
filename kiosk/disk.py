"""Files that a power cut leaves as they were or as they shall be, never in between."""

from __future__ import annotations

import os
from pathlib import Path

PRIVATE, PLAIN = 0o600, 0o644
"""Who may read a file: this user alone, or everybody."""


def write_whole(file: Path, content: bytes, mode: int = PLAIN) -> None:
    """Write so that a power cut at any moment leaves the old file or the new one, whole. Raises OSError.

    Temporary name, sync, rename, sync the folder.
    """
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)  # of a write that a power cut ended
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk."""
    if os.name == "nt":  # Windows opens no folders, and NTFS journals the rename itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
