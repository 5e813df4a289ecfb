"""Five hundred kiosks at one hub: python -m tests.benchmarks.hub_intake

Each kiosk delivers twenty requests over loopback to a real `kiosk hub serve`: first one at a time, as parents ask, then
twenty more in one batch, as after a day without a network. Outboxes are in memory, so that it is the hub's disk that is
measured; all else is what a kiosk does, down to the check of each receipt. All five hundred hold their connection open.

The floor is the same server with one plain insert and commit for each request, and for a batch with twenty plain inserts
and one commit (see bare_hub.py), asked by as many connections that post the same bytes and check nothing. Hub and floor
take turns, so that a busy machine slows both. PostgreSQL is a throw-away cluster that does not sync.

Wanted: nothing lost, nothing doubled, every request receipted. Requests per second and the time to the acknowledgement
have no wish: they are told beside the floor's.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

import requests
from sqlalchemy import func, select

from kiosk.callbacks import wire
from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.model import Envelope, Identity
from kiosk.callbacks.seal import seal
from kiosk.hub.tables import conflicts, envelopes
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import sync_once
from tests.benchmarks.hubs import Hub, bare_hub, real_hub
from tests.callbacks.samples import request
from tests.hub.databases import find_postgresql, postgresql_cluster

KIOSKS, EACH = 500, 20
CLIENTS, THREADS = 2, 16  # client processes, and posts at a time of each
TRIES = 5
TURNS = 2  # hub and floor in turn, so often


@dataclass
class Timed:
    """A hub that notes how long each answer took, in seconds."""

    hub: HubClient
    acks: list[float] = field(default_factory=list)

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        began = time.perf_counter()
        answers = self.hub.deliver(envelopes, standing)
        self.acks.append(time.perf_counter() - began)
        return answers


class RealKiosk:
    """One kiosk with its outbox in memory."""

    def __init__(self, identity: Identity, url: str) -> None:
        self._outbox, self._hub = MemoryOutbox(), Timed(HubClient(identity, url=url))

    def deliver(self, sealed: Sequence[Envelope]) -> list[float]:
        """Save, and look at the outbox until it is empty."""
        for each in sealed:
            self._outbox.save(each)
        for _ in range(TRIES):
            if not sync_once(self._outbox, self._hub, datetime.now(UTC), by_hand=True).waiting:
                break
        assert self._outbox.counts().waiting == 0, "a request was not receipted"
        acks, self._hub.acks = self._hub.acks, []
        return acks


class BareKiosk:
    """One connection that posts the same bytes."""

    def __init__(self, url: str) -> None:
        self._session, self._url = requests.Session(), url
        self._session.trust_env = False

    def deliver(self, sealed: Sequence[Envelope]) -> list[float]:
        began = time.perf_counter()
        if len(sealed) == 1:
            path, body = "/", sealed[0].blob
        else:
            path, body = "/batch", wire.encode(wire.Batch(1, sealed[0].kiosk, "1", tuple(each.blob for each in sealed)))
        self._session.post(self._url + path, data=body).raise_for_status()
        return [time.perf_counter() - began]


Kiosk = RealKiosk | BareKiosk


@dataclass(frozen=True)
class Load:
    """A part of the work: which kiosks, real or bare, deliver so many requests each, so many at a time."""

    real: bool
    each: int
    at_once: int


@dataclass(frozen=True)
class Took:
    began: float
    ended: float
    acks: list[float]


def client(parent: Connection, identities: list[Identity], hub: str, bare: str) -> None:
    """Be some of the kiosks: take each load from `parent`, and answer with what it took, until told to stop."""
    kiosks: dict[bool, list[Kiosk]] = {
        True: [RealKiosk(each, hub) for each in identities],
        False: [BareKiosk(bare) for _ in identities],
    }
    with ThreadPoolExecutor(THREADS) as threads:
        while load := parent.recv():
            rounds = load.each // load.at_once
            work = [
                (kiosk, [seal(request(id=uuid4(), kiosk=each.kiosk), each) for _ in range(load.at_once)])
                for _ in range(rounds)
                for kiosk, each in zip(kiosks[load.real], identities, strict=True)
            ]
            parent.send("ready")
            parent.recv()
            began = time.perf_counter()
            acks = [ack for acks in threads.map(lambda pair: pair[0].deliver(pair[1]), work) for ack in acks]
            parent.send(Took(began, time.perf_counter(), acks))


@contextmanager
def clients(identities: Sequence[Identity], hub: str, bare: str) -> Iterator[Callable[[Load], Took]]:
    """Give a function that lets all kiosks bear one load together."""
    spawn = multiprocessing.get_context("spawn")
    lines, processes = [], []
    for number in range(CLIENTS):
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=client, args=(theirs, list(identities[number::CLIENTS]), hub, bare), daemon=True)
        process.start()
        lines.append(ours)
        processes.append(process)

    def bear(load: Load) -> Took:
        for message in (load, "go"):
            for line in lines:
                line.send(message)
            answers = [line.recv() for line in lines]
        return together(answers)

    yield bear
    for line, process in zip(lines, processes, strict=True):
        line.send(None)
        process.join(60)


def together(parts: Iterable[Took]) -> Took:
    parts = list(parts)
    acks = [ack for part in parts for ack in part.acks]
    return Took(min(part.began for part in parts), max(part.ended for part in parts), acks)


def bench(name: str, hub: Hub, bare: str) -> None:
    """Let all kiosks deliver, print what it took, and count what the hub holds."""
    identities = hub.enrol(KIOSKS)
    with clients(identities, hub.url, bare) as bear:
        for says, each, at_once in (("one at a time", EACH // TURNS, 1), ("twenty at once", EACH, EACH)):
            turns = range(EACH // each if at_once == 1 else 1)
            pairs = [(bear(Load(True, each, at_once)), bear(Load(False, each, at_once))) for _ in turns]
            show(f"{name}, {says}", *([pair[side] for pair in pairs] for side in (0, 1)))
    check(name, hub, sent=2 * KIOSKS * EACH)


def show(name: str, ours: list[Took], floor: list[Took]) -> None:
    per_second, p95 = zip(*(figures(side) for side in (ours, floor)), strict=True)
    print(
        f"{name}: {per_second[0]:,.0f} requests/s   floor {per_second[1]:,.0f}   ratio {per_second[0] / per_second[1]:.2f}"
        f"   acknowledged, p95 {p95[0] * 1000:.0f} ms   floor {p95[1] * 1000:.0f} ms",
        flush=True,
    )


def figures(turns: list[Took]) -> tuple[float, float]:
    """Return requests per second, and the 95th percentile of the acknowledgement in seconds."""
    acks = sorted(ack for turn in turns for ack in turn.acks)
    return KIOSKS * EACH / sum(turn.ended - turn.began for turn in turns), acks[len(acks) * 95 // 100]


def check(name: str, hub: Hub, sent: int) -> None:
    """Every request has had its receipt, or its kiosk would have said so: now count what is there."""
    with hub.engine.connect() as connection:
        held = connection.execute(select(func.count()).select_from(envelopes)).scalar_one()
        ids = connection.execute(select(func.count(envelopes.c.id.distinct()))).scalar_one()
        twins = connection.execute(select(func.count()).select_from(conflicts)).scalar_one()
    lost, doubled = sent - ids, held - ids + twins
    print(f"{name}: {sent:,} sent and receipted, {lost} lost, {doubled} doubled   wanted 0 and 0   ", end="")
    print("met" if (lost, doubled) == (0, 0) else "MISSED", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with real_hub(folder / "hub") as hub, bare_hub(f"sqlite:///{folder / 'bare.sqlite'}") as bare:
            bench("SQLite", hub, bare)
        programs = find_postgresql()
        if programs is None:
            print("SKIPPED: no PostgreSQL server here.")
            return
        with postgresql_cluster(programs) as url, real_hub(folder / "hub", url) as hub, bare_hub(url) as bare:
            bench("PostgreSQL", hub, bare)


if __name__ == "__main__":
    main()
