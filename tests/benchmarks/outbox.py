"""Saving a request against its floor: the same seal, and one bare INSERT with the same pragmas and a commit.

    python -m tests.benchmarks.outbox

The two take turns, so that a busy machine slows both. Wanted: a ratio of at most 1.5 at the median.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import seal
from kiosk.database import DURABLE
from tests.callbacks.samples import IDENTITY, request

ROUNDS = 300
WANTED = 1.5


def bare_store(file: Path) -> Callable[[], None]:
    """Return the floor: seal, insert, commit, with the driver alone."""
    connection = sqlite3.connect(file)
    for name, value in DURABLE.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("CREATE TABLE envelopes (sequence INTEGER PRIMARY KEY, id TEXT UNIQUE, blob BLOB, sha256 TEXT)")

    def save() -> None:
        sealed = seal(request(), IDENTITY)
        row = (str(sealed.id), sealed.blob, sealed.sha256)
        connection.execute("INSERT INTO envelopes (id, blob, sha256) VALUES (?, ?, ?)", row)
        connection.commit()

    return save


def waymark(folder: Path) -> Callable[[], None]:
    """Return what the kiosk does on Send."""
    outbox = open_outbox(folder)
    return lambda: outbox.save(seal(request(), IDENTITY))


def milliseconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        save, bare = waymark(Path(name)), bare_store(Path(name) / "bare.sqlite")
        pairs = [(milliseconds(save), milliseconds(bare)) for _ in range(ROUNDS)]
    ours, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"save a request, p50   {ours:6.2f} ms   seal + bare commit {floor:6.2f} ms   ratio {ours / floor:.2f}   ",
        end="",
    )
    print(f"wanted at most {WANTED}   {'met' if ours / floor <= WANTED else 'MISSED'}")


if __name__ == "__main__":
    main()
