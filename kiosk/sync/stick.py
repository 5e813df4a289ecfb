"""A USB stick: find the one that is meant, put a file on it whole or not at all, read one that anybody may have made."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from kiosk.disk import sync_folder
from kiosk.errors import SeveralSticks, StickDamaged, StickFull, StickLocked, StickMissing, StickPulled

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LOCKED = {errno.EROFS, errno.EACCES, errno.EPERM}
_STRIDE = 1024 * 1024  # bytes between two syncs: what is told as written is on the stick
# Windows opens files as text without the first, and has none of the others.
_BINARY = getattr(os, "O_BINARY", 0)
_NO_SURPRISE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def requests_file(kiosk: str) -> str:
    """Return the name under which a kiosk leaves its requests; several kiosks may share a stick."""
    return f"waymark-requests-{kiosk}.json"


def receipts_file(kiosk: str) -> str:
    """Return the name under which the hub leaves its receipts for that kiosk."""
    return f"waymark-receipts-{kiosk}.json"


def find_stick(folder: Path, own: Path) -> Path:
    """Return the stick at `folder`, or the only one mounted right below it. `own` is on this machine's own disk.

    Raises StickMissing where all is this machine's own disk, SeveralSticks where it must be said which one is meant.
    """
    try:
        here = _nearest(own).stat().st_dev
        if folder.stat().st_dev != here:
            return folder
        sticks = sorted(each for each in folder.iterdir() if each.is_dir() and each.stat().st_dev != here)
    except OSError as why:
        raise StickMissing(f"There is no stick at {folder}.", "Put one in, and wait until it is shown.") from why
    if not sticks:
        raise StickMissing(
            f"{folder} is on this machine's own disk, not on a stick.", "Put one in, and wait until it is shown."
        )
    if len(sticks) > 1:
        says = f"There are {len(sticks)} sticks: {', '.join(each.name for each in sticks)}."
        raise SeveralSticks(says, f"Name the one you mean, such as {sticks[0]}.")
    return sticks[0]


# Where a system shows the sticks that are put in: right below, or below a folder of the user's.
SHOWN_AT = (Path("/media"), Path("/run/media"), Path("/Volumes"))


def find_the_stick(own: Path, shown_at: Sequence[Path] = SHOWN_AT) -> Path:
    """Return the only stick that is in this machine, wherever its system shows it. `own` is on its own disk.

    Raises StickMissing where there is none, SeveralSticks where there are more.
    """
    here = {path.stat().st_dev for path in (_nearest(own), Path("/"))}
    sticks = sorted({stick for folder in shown_at for stick in _mounted_below(folder, here)})
    if not sticks:
        raise StickMissing("There is no stick in this machine.", "Put one in, and wait until it is shown.")
    if len(sticks) > 1:
        raise SeveralSticks(
            f"There are {len(sticks)} sticks: {', '.join(each.name for each in sticks)}.", "Take one out."
        )
    return sticks[0]


def _mounted_below(folder: Path, here: set[int]) -> Iterator[Path]:
    """What is mounted is on another disk than the folder it stands in; a folder of another user's is passed over."""
    for pattern in ("*", "*/*"):
        for each in folder.glob(pattern):
            with suppress(OSError):
                if each.is_dir() and each.stat().st_dev not in here | {each.parent.stat().st_dev}:
                    yield each


def _nearest(own: Path) -> Path:
    """A hub whose database is on a server may never have made its data folder."""
    return next(each for each in (own.absolute(), *own.absolute().parents) if each.exists())


def put_on_stick(
    stick: Path, name: str, content: bytes, on_written: Callable[[float], None] = lambda share: None
) -> None:
    """Write `content` under `name`; when this returns it was on the stick, read back and found the same.

    `on_written` is told from 0 to 1 how much of it is on the stick. Until all of it is, a file of that name is the one
    before, or not there. Raises a UsbTrouble that names what is wrong.
    """
    draft = stick / f"{name}.part"
    with _named():
        draft.unlink(missing_ok=True)
        try:
            _write(draft, content, on_written)
            if _read_back(draft, len(content)) != content:
                raise StickDamaged("The stick does not keep what is written to it.", "Take another stick.")
            draft.replace(stick / name)
        except BaseException:
            _give_up(draft)
            raise
        sync_folder(stick)


def find_on_stick(stick: Path, name: str) -> list[Path]:
    """Return what is on `stick` under a name like `name`, sorted. Raises a UsbTrouble, as where it was pulled out."""
    with _named():
        return sorted(each for each in stick.iterdir() if each.match(name))


def read_from_stick(file: Path, limit: int) -> bytes:
    """Return the bytes of `file`. Raises StickDamaged if they are over `limit` or it is no plain file; or a UsbTrouble."""
    with _named():
        handle = os.open(file, os.O_RDONLY | _BINARY | _NO_SURPRISE)
        with os.fdopen(handle, "rb") as opened:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise StickDamaged(f"{file.name} is not a plain file.", "Copy the requests to the stick again.")
            content = opened.read(limit + 1)
    if len(content) > limit:
        raise StickDamaged(f"{file.name} is larger than a kiosk writes.", "Copy the requests to the stick again.")
    return content


def _write(draft: Path, content: bytes, on_written: Callable[[float], None]) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    with os.fdopen(handle, "wb") as out:
        for at in range(0, len(content), _STRIDE):
            out.write(content[at : at + _STRIDE])
            out.flush()
            os.fsync(handle)
            on_written(min(1.0, (at + _STRIDE) / len(content)))


def _read_back(draft: Path, length: int) -> bytes:
    with draft.open("rb") as written:
        if hasattr(os, "posix_fadvise"):  # else the answer comes from memory, not from the stick
            os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return written.read(length + 1)


def _give_up(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return  # the stick is gone, and the draft with it; the next copy deletes it first


@contextmanager
def _named() -> Iterator[None]:
    """Give each error of the system the name that staff know it by."""
    try:
        yield
    except OSError as why:
        if why.errno in _FULL:
            raise StickFull("The stick is full.", "Delete something from it, or take another.") from why
        if why.errno in _LOCKED:
            raise StickLocked("The stick may only be read.", "Slide its lock, or take another.") from why
        if why.errno == errno.ELOOP:
            raise StickDamaged("A file on the stick points elsewhere.", "Take another stick.") from why
        raise StickPulled("The stick was pulled out, or has failed.", "Put it in again, or take another.") from why
