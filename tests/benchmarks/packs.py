"""Installing the shipped pack against its floor: the same zip unpacked by Python's zip module, each file and folder synced.

    python -m tests.benchmarks.packs

The two take turns, so that a busy machine slows both. Beside the floor's work an install verifies every byte, reads the
pack for the next start, and writes the pointer. A start is measured against hashing the pack's files and no more.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from kiosk.disk import sync_folder
from kiosk.pack.archive import Built, build_archive, verify_archive, write_archive
from kiosk.pack.install import install
from kiosk.pack.read import read_pack
from kiosk.pack.shelf import Shelf
from kiosk.settings import content_folder
from tests.pack.signed_packs import KEY, trusting

ROUNDS = 15
OXFORDSHIRE = content_folder() / "oxfordshire"
INSTALL_WANTED, START_WANTED = 1.5, 4.0


def unzip(file: Path, folder: Path) -> None:
    """The floor: what any installer must do to have the files on the disk."""
    with zipfile.ZipFile(file) as opened:
        for entry in opened.infolist():
            target = folder / entry.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                out.write(opened.read(entry))
                out.flush()
                os.fsync(out.fileno())
    for parent, _, _ in os.walk(folder):
        sync_folder(Path(parent))


def hash_all(folder: Path) -> None:
    """The floor of a start: each file read, and hashed once."""
    for parent, _, names in os.walk(folder):
        for name in names:
            hashlib.sha256(Path(parent, name).read_bytes()).digest()


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def one_round(built: Built, folder: Path) -> tuple[float, ...]:
    """Return how long each took: install, its floor, the reading in it, the verifying in it, a start, its floor."""
    file, data = folder / "x.pack", trusting(folder / "data")
    write_archive(built, file)
    now, today = datetime.now(UTC), date.today()  # noqa: DTZ011
    installed = milliseconds(lambda: install(file, data, "oxfordshire", now))
    return (
        installed,
        milliseconds(lambda: unzip(file, folder / "floor")),
        milliseconds(lambda: read_pack(OXFORDSHIRE)),
        milliseconds(lambda: verify_archive(file, {KEY.public})),
        milliseconds(lambda: Shelf(data).open(OXFORDSHIRE, today)),
        milliseconds(lambda: hash_all(data / "packs" / "oxfordshire" / "a" / "content")),
    )


def main() -> None:
    built = build_archive(OXFORDSHIRE, KEY)
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(one_round(built, Path(folder)))
    installed, unzipped, read, verified, opened, hashed = map(statistics.median, zip(*rounds, strict=True))
    files, size = len(built.manifest.files), built.manifest.length / 1e6
    ratio = (installed - read) / unzipped
    print(
        f"install a pack of {files} files, {size:.1f} MB, p50   {installed:6.1f} ms, of it {read:6.1f} to read the YAML ",
        end="",
    )
    print(
        f"and {verified:.1f} to verify   unzip + fsync {unzipped:6.1f} ms   ratio without reading {ratio:.2f}   ",
        end="",
    )
    print(f"wanted at most {INSTALL_WANTED}   {'met' if ratio <= INSTALL_WANTED else 'MISSED'}")
    ratio = opened / hashed
    print(f"start with it, p50   {opened:6.1f} ms   hash alone {hashed:6.1f} ms   ratio {ratio:.2f}   ", end="")
    print(f"wanted at most {START_WANTED}   {'met' if ratio <= START_WANTED else 'MISSED'}")


if __name__ == "__main__":
    main()
