"""Small signed packs, and a kiosk that trusts whoever signed them."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from kiosk.pack.archive import Built, build_archive
from kiosk.pack.install import install
from kiosk.pack.publisher import PublisherKey
from kiosk.pack.shelf import Opened, Shelf
from kiosk.pack.slots import Slots
from kiosk.pack.trusted import Publishers
from tests.pack.small_packs import ENGLAND, OXFORDSHIRE, write_pack

KEY = PublisherKey(b"a publisher, in 32 bytes".ljust(32, b"."))
STRANGER = PublisherKey(b"a stranger, in 32 bytes".ljust(32, b"."))
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
OXFORD = "oxfordshire"
TODAY = date(2026, 12, 1)


@cache
def built(version: int, welcome: str = "", expires_at: datetime | None = None, key: PublisherKey = KEY) -> Built:
    """Return a version of Oxfordshire with England, as `kiosk pack build` makes it; `welcome` tells contents apart."""
    with tempfile.TemporaryDirectory() as folder:
        return build_archive(written(Path(folder), version, welcome), key, expires_at)


def written(folder: Path, version: int, welcome: str = "") -> Path:
    """Write Oxfordshire in a version, and England beside it, below `folder`; return its own folder."""
    greets = welcome or f"Welcome to version {version}"
    write_pack(folder / "england", ENGLAND)
    files = {**OXFORDSHIRE, "pack.yaml": OXFORDSHIRE["pack.yaml"].replace("version: 3", f"version: {version}")}
    return write_pack(folder / OXFORD, {**files, "home.yaml": f"welcome: {greets}\n"})


def contents_of(archive: Built) -> dict[str, bytes]:
    """Return the files of an archive by name."""
    with zipfile.ZipFile(BytesIO(archive.content)) as opened:
        return {file.name: opened.read(file.name) for file in archive.manifest.files}


def trusting(data: Path, *keys: PublisherKey) -> Path:
    """Return a data folder that trusts these keys; KEY if none is named."""
    for key in keys or (KEY,):
        Publishers(data).trust(key.public)
    return data


def everything_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return each file below a folder with when it was changed and what it holds."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


def put(data: Path, version: int, welcome: str = "") -> None:
    """Install a version."""
    install(built(version, welcome).content, data, OXFORD, NOON)


def shown(data: Path, folder: Path, today: date = TODAY) -> Opened:
    """Return what a kiosk shows whose settings name `folder`."""
    return Shelf(data).open(folder, today)


def rot(slots: Slots, version: int) -> None:
    """Flip one bit of a file of an installed version."""
    installed = next(each for each in slots.find() if each.version == version)
    file = slots.slot(installed.slot) / "content" / "england" / "facts.yaml"
    content = file.read_bytes()
    file.write_bytes(content[:20] + bytes([content[20] ^ 1]) + content[21:])
