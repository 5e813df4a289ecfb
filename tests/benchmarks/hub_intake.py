"""Five hundred kiosks at one hub: python -m tests.benchmarks.hub_intake

Each kiosk delivers twenty requests over loopback to a real `kiosk hub serve` in one batch, as after a day without a
network; twice. Then one at a time, as parents ask: round after round, up to twenty, for as long as SECONDS allow.
Outboxes are in memory, so that it is the hub's disk that is measured; all else is what a kiosk does, down to the check
of the receipts. All five hundred hold their connection open.

The floor is the same server with one plain insert and commit for each request, and for a batch with twenty plain inserts
and one commit (see bare_hub.py), asked by as many connections that post the same bytes and check nothing. Hub and floor
take turns, so that a busy machine slows both. PostgreSQL is a throw-away cluster that does not sync.

A run that is told to end (Ctrl+C, SIGTERM) ends its servers and clients and deletes its folders.

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
from statistics import median
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
from tests.benchmarks.hubs import PATIENCE, Hub, bare_hub, end_when_told, real_hub
from tests.callbacks.samples import request
from tests.hub.databases import find_postgresql, postgresql_cluster

KIOSKS, EACH = 500, 20
CLIENTS, THREADS = 2, 16  # client processes, and posts at a time of each
TRIES = 5
TURNS = 2  # of twenty at once
SECONDS = 60  # for the rounds of one at a time; the last one begun is finished


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

    def rest(self) -> None:
        self.hub.rest()


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
    """A part of the work: all kiosks, real or bare, deliver so many requests each in one post."""

    real: bool
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
    sealed: list[list[Envelope]] = []
    with ThreadPoolExecutor(THREADS) as threads:
        while load := parent.recv():
            if load.real:  # the floor gets the very bytes that the hub got
                sealed = [
                    [seal(request(id=uuid4(), kiosk=each.kiosk), each) for _ in range(load.at_once)]
                    for each in identities
                ]
            parent.send("ready")
            parent.recv()
            began = time.perf_counter()
            delivered = threads.map(lambda kiosk, bring: kiosk.deliver(bring), kiosks[load.real], sealed)
            acks = [ack for each in delivered for ack in each]
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

    try:
        yield bear
        for line in lines:
            line.send(None)
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        for process in processes:
            process.join(PATIENCE)


def together(parts: Iterable[Took]) -> Took:
    parts = list(parts)
    acks = [ack for part in parts for ack in part.acks]
    return Took(min(part.began for part in parts), max(part.ended for part in parts), acks)


def bench(name: str, hub: Hub, bare: str) -> None:
    """Let all kiosks deliver, print what it took, and count what the hub holds."""
    sent = 0
    with clients(hub.enrol(KIOSKS), hub.url, bare) as bear:
        for says, at_once, most in (("twenty at once", EACH, TURNS), ("one at a time", 1, EACH)):
            until, pairs = time.perf_counter() + SECONDS, list[tuple[Took, Took]]()
            while len(pairs) < most and time.perf_counter() < until:
                pairs.append((bear(Load(True, at_once)), bear(Load(False, at_once))))
            show(f"{name}, {says}, {len(pairs)} of {most} turns", at_once, pairs)
            sent += KIOSKS * at_once * len(pairs)
    check(name, hub, sent)


def show(name: str, at_once: int, pairs: list[tuple[Took, Took]]) -> None:
    ours, floor = (figures(side, at_once) for side in zip(*pairs, strict=True))
    ratio = median(figures([mine], at_once)[0] / figures([bare], at_once)[0] for mine, bare in pairs)
    print(
        f"{name}: {ours[0]:,.0f} requests/s   floor {floor[0]:,.0f}   ratio {ratio:.2f} (median of the turns)"
        f"   acknowledged, p95 {ours[1] * 1000:.0f} ms   floor {floor[1] * 1000:.0f} ms",
        flush=True,
    )


def figures(turns: Sequence[Took], at_once: int) -> tuple[float, float]:
    """Return requests per second, and the 95th percentile of the acknowledgement in seconds."""
    acks = sorted(ack for turn in turns for ack in turn.acks)
    seconds = sum(turn.ended - turn.began for turn in turns)
    return KIOSKS * at_once * len(turns) / seconds, acks[len(acks) * 95 // 100]


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
    end_when_told()
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
