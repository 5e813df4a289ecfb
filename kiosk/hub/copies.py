"""Whole copies of a hub's SQLite file, made while the hub may be in use; they go when what they hold would have gone."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine

from kiosk.errors import HubNotReady

STAMP = "%Y%m%dT%H%M%SZ"  # when a copy was made, in its name
UNFINISHED = ".part"
log = logging.getLogger(__name__)


def copy_beside(engine: Engine, now: datetime) -> Path | None:
    """Copy the database to a new file in its folder, and return that; None where a server keeps it.

    It is written to the disk under another name first: what has the name is whole. Raises HubNotReady if it cannot be.
    """
    if engine.dialect.name != "sqlite":
        return None
    file = Path(engine.url.database or "")
    copy = file.with_name(f"{file.stem}-{now.astimezone(UTC):{STAMP}}{file.suffix}")
    unfinished = copy.with_name(f"{copy.name}{UNFINISHED}")
    try:
        _copy(file, unfinished)
        unfinished.replace(copy)
    except (OSError, sqlite3.Error) as why:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise HubNotReady(
            f"No copy of {file.name} could be made beside it.",
            "Nothing was changed. Is there room, and may it be written?",
        ) from why
    return copy


def forget_copies(engine: Engine, before: datetime) -> None:
    """Delete copies that upgrades left beside the database before that time: what was deleted since is still in them."""
    for copy, made_at in find_copies(engine).items():
        if made_at < before:
            try:
                copy.unlink(missing_ok=True)
            except OSError as why:
                log.warning("%s holds requests that were deleted since, and cannot be deleted: %s", copy, why.strerror)


def find_copies(engine: Engine) -> dict[Path, datetime]:
    """Return the copies that upgrades left beside the database, each with when it was made; none where a server keeps it.

    One that a power cut left unfinished is one of them: all requests may be in it.
    """
    if engine.dialect.name != "sqlite":
        return {}
    file = Path(engine.url.database or "")
    copies = file.parent.glob(f"{file.stem}-*{file.suffix}*")
    return {copy: at for copy in copies if (at := _made_at(copy.name, file))}


def copied_until(engine: Engine, came_at: datetime, kept_days: int) -> datetime | None:
    """Return when the last copy goes that holds what came at that time, each being kept for `kept_days`; None if none does."""
    made_at = [at for at in find_copies(engine).values() if at >= came_at]
    return max(made_at) + timedelta(days=kept_days) if made_at else None


def _made_at(name: str, file: Path) -> datetime | None:
    said = name.removesuffix("-journal").removesuffix(UNFINISHED).removesuffix(file.suffix)
    try:
        return datetime.strptime(said.removeprefix(f"{file.stem}-"), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None  # not a copy of ours


def _copy(file: Path, to: Path) -> None:
    to.unlink(missing_ok=True)
    # Made empty first, so that nobody else may read it for a moment.
    to.touch(0o600)
    with (
        closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)
    shutil.copymode(file, to)
    with to.open("rb") as written:
        os.fsync(written.fileno())
