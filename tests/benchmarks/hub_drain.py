"""A thousand requests that wait in one kiosk, delivered: python -m tests.benchmarks.hub_drain

The outbox is on disk, the hub is a real `kiosk hub serve`, and the Syncer drains as it does in a kiosk.

The floor posts the same batches with requests to a bare server, which puts twenty plain inserts into one commit, and then
makes one commit with the driver alone that deletes the twenty and leaves their tombstones. Both databases have the
pragmas of ours. Nothing is read, checked, signed or counted.

The two take turns, so that a busy machine slows both, and the median of the turns' ratios counts. Wanted: at least 0.7 of the
floor's requests per second on this disk. In memory, where a commit costs nothing, it is told as well: all that is left to
compare there is what a processor does, and the floor has no envelope to verify and no receipt to sign.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import uuid4

import requests

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import seal
from kiosk.database import DURABLE
from kiosk.sync.hub_client import HubClient
from kiosk.sync.syncer import Syncer
from tests.benchmarks.hubs import Hub, bare_hub, end_when_told, real_hub
from tests.callbacks.samples import request

WAITING = 1_000
TURNS = 11  # the disk takes up to twice as long for one as for another
SHARED_MEMORY = Path("/dev/shm")
WANTED = 0.7
PATIENCE = 120  # seconds for one drain


def drain(folder: Path, hub: Hub, identity: Identity, sealed: Sequence[Envelope]) -> float:
    """Return the seconds in which a kiosk gets rid of its whole queue."""
    outbox = open_outbox(folder)
    for each in sealed:
        outbox.save(each)
    client = HubClient(identity, url=hub.url)
    syncer = Syncer(outbox, client, seconds=0.05)
    began = time.perf_counter()
    syncer.start()
    while not syncer.state.last_success_at:
        assert not syncer.state.last_error, syncer.state.last_error
        assert time.perf_counter() - began < PATIENCE
        time.sleep(0.002)
    took = time.perf_counter() - began
    syncer.stop()
    assert (outbox.counts().waiting, outbox.counts().delivered) == (0, len(sealed))
    client.close()
    outbox.close()
    return took


@contextmanager
def bare_outbox(file: Path, sealed: Sequence[Envelope]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(file)
    for name, value in DURABLE.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("CREATE TABLE envelopes (sequence INTEGER PRIMARY KEY, id TEXT UNIQUE, blob BLOB, sha256 TEXT)")
    connection.execute("CREATE TABLE tombstones (id TEXT PRIMARY KEY, sha256 TEXT, day TEXT)")
    rows = [(str(each.id), each.blob, each.sha256) for each in sealed]
    connection.executemany("INSERT INTO envelopes (id, blob, sha256) VALUES (?, ?, ?)", rows)
    connection.commit()
    yield connection
    connection.close()


def bare_drain(file: Path, url: str, sealed: Sequence[Envelope]) -> float:
    """Return the seconds of the floor."""
    session, day = requests.Session(), datetime.now(UTC).date().isoformat()
    session.trust_env = False
    with bare_outbox(file, sealed) as outbox:
        began = time.perf_counter()
        for first in range(0, len(sealed), wire.BATCH_LIMIT):
            batch = sealed[first : first + wire.BATCH_LIMIT]
            body = wire.encode(wire.Batch(1, "kiosk-1", "1", tuple(each.blob for each in batch)))
            session.post(f"{url}/batch", data=body).raise_for_status()
            outbox.executemany("DELETE FROM envelopes WHERE id = ?", [(str(each.id),) for each in batch])
            buried = [(str(each.id), each.sha256, day) for each in batch]
            outbox.executemany("INSERT INTO tombstones VALUES (?, ?, ?)", buried)
            outbox.commit()
        return time.perf_counter() - began


def main() -> None:
    end_when_told()
    ratio = bench("this disk", None)
    print(f"   wanted at least {WANTED}   {'met' if ratio >= WANTED else 'MISSED'}", flush=True)
    if SHARED_MEMORY.is_dir():
        bench("memory", SHARED_MEMORY)
        print(flush=True)


def bench(where: str, below: Path | None) -> float:
    """Let kiosks and floor take turns in a folder `below` that one, or where temporary files go. Tell, and return, how they did."""
    with tempfile.TemporaryDirectory(dir=below) as name:
        folder = Path(name)
        with real_hub(folder / "hub") as hub, bare_hub(f"sqlite:///{folder / 'bare.sqlite'}") as bare:
            pairs = [turn(folder / str(number), hub, bare) for number in range(TURNS)]
            held = len(hub.store.find_open_envelopes())
    ours, floor = (WAITING / median(times) for times in zip(*pairs, strict=True))
    ratios = sorted(bare / ours for ours, bare in pairs)
    assert held == TURNS * WAITING, f"the hub holds {held}"
    print(f"drain {WAITING:,} requests, {where}: {ours:,.0f} requests/s   bare posts + commits {floor:,.0f}   ", end="")
    print(f"ratio {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})", end="")
    return median(ratios)


def turn(folder: Path, hub: Hub, bare: str) -> tuple[float, float]:
    folder.mkdir()
    [identity] = hub.enrol(1)
    sealed = [seal(request(id=uuid4(), kiosk=identity.kiosk), identity) for _ in range(WAITING)]
    return drain(folder, hub, identity, sealed), bare_drain(folder / "bare.sqlite", bare, sealed)


if __name__ == "__main__":
    main()
