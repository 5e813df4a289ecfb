"""Of a long queue two batches are under way at once: nothing is lost by it, nothing overtakes, nobody waits for it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from nacl.public import PrivateKey
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.model import Envelope, Identity, Link, Receipt, Trouble
from kiosk.callbacks.outbox import SqlOutbox, open_outbox
from kiosk.errors import HubError, HubNonsense, HubRefused, HubUnreachable, OutboxUnavailable
from kiosk.hub import turns
from kiosk.hub.fleet import Fleet
from kiosk.hub.reception import Arrived, check
from kiosk.hub.store import Kiosk
from kiosk.hub.turns import PLACES
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import AT_ONCE, Answer, Standing
from kiosk.sync.run import Report, sync_once
from tests.callbacks.samples import NOON, envelope
from tests.hub.test_turns import CountedPlaces
from tests.processes import PATIENCE, ROOT
from tests.sync.hubs import RunningHub, running_hub
from tests.sync.test_delivery import ask
from tests.sync.test_run import Mood, MoodyHub, chokes_on, outbox_with
from tests.sync.wires import DrippingProxy


class BusyHub(MoodyHub):
    """Answers no batch but the first and the last before as many were under way as may be. Remembers what it was told."""

    def __init__(self, last: Envelope, mood: Mood = lambda batch: None) -> None:
        super().__init__(mood)
        self.said, self.most, self.is_at_rest = list[int](), 0, False
        self.follows = list[tuple[UUID | None, Envelope]]()
        self._last, self._under_way, self._lock = last, 0, threading.Lock()
        self.is_busy = threading.Event()

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        with self._lock:
            assert standing
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            is_alone = not self.said or self._last in envelopes
            assert not (is_alone and self._under_way > 1)
            self.said.append(standing.waiting)
            self.follows.append((standing.after, envelopes[0]))
        if self.most == AT_ONCE:
            self.is_busy.set()
        assert is_alone or self.is_busy.wait(PATIENCE)
        with self._lock:
            self._under_way -= 1
            return super().deliver(envelopes, standing)

    def rest(self) -> None:
        self.is_at_rest = not self._under_way


def test_two_are_under_way_at_once_and_the_first_and_the_last_alone() -> None:
    outbox, saved = outbox_with(115)
    hub, done = BusyHub(saved[-1]), list[int]()

    report = sync_once(outbox, hub, NOON, on_batch=done.append)

    assert (report.delivered, report.waiting, hub.most, hub.is_at_rest) == (115, 0, AT_ONCE, True)
    assert sorted(hub.said, reverse=True) == [115, 95, 75, 55, 35, 15]
    assert (hub.said[0], hub.said[-1]) == (115, 15)
    # Each names the end of the one that it was begun beside.
    assert {saved.index(begins): after for after, begins in hub.follows} == {
        0: None, 20: None, 40: saved[39].id, 60: saved[59].id, 80: saved[79].id, 100: None
    }  # fmt: skip
    assert done == [20, 20, 20, 20, 20, 15]


@pytest.mark.promise(14)
def test_one_that_breaks_its_batch_leaves_the_one_beside_it_alone() -> None:
    outbox, saved = outbox_with(120)
    hub = BusyHub(saved[-1], chokes_on(saved[50], HubNonsense))

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting) == (100, 20)
    assert [(each.envelope, each.trouble) for each in outbox.pending()] == [
        (each, Trouble.BLAMED) for each in saved[40:60]
    ]
    # The last tells what is left: the hub's list shows it until the next look.
    assert hub.said[-1] == 40


@pytest.mark.promise(16)
def test_a_refusal_settles_what_was_answered_beside_it_and_blames_no_batch() -> None:
    outbox, saved = outbox_with(120)
    hub = BusyHub(saved[-1], chokes_on(saved[20], HubRefused))

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting, report.trouble) == (40, 80, Trouble.REFUSED)
    assert [each.trouble for each in outbox.pending()] == [Trouble.REFUSED] * 20 + [None] * 60


@pytest.mark.promise(16)
def test_what_became_of_the_one_beside_a_refusal_does_not_hide_it() -> None:
    outbox, saved = outbox_with(120)
    refused, lost = chokes_on(saved[20], HubRefused), chokes_on(saved[40], HubUnreachable)
    hub = BusyHub(saved[-1], lambda batch: refused(batch) or lost(batch))

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting, report.trouble) == (20, 100, Trouble.REFUSED)
    assert len(hub.batches) == 3


@pytest.mark.promise(15)
def test_after_one_that_failed_none_is_begun_before_the_one_beside_it_is_answered() -> None:
    outbox, saved = outbox_with(120)
    third_begun, early = threading.Event(), list[bool]()

    def mood(batch: Sequence[Envelope]) -> HubError | None:
        if saved[60] in batch:
            third_begun.set()
        if saved[40] in batch:
            early.append(third_begun.wait(0.2))
        return HubNonsense("It went wrong.") if saved[20] in batch else None

    report = sync_once(outbox, MoodyHub(mood), NOON)

    assert (early, report.delivered) == ([False], 100)


@pytest.mark.promise(14)
def test_a_fault_that_nobody_foresaw_leaves_nothing_under_way_and_settles_what_was_answered_beside_it() -> None:
    outbox, saved = outbox_with(120)

    def mood(batch: Sequence[Envelope]) -> None:
        if saved[20] in batch:
            raise ValueError("Nobody foresaw this.")

    hub = BusyHub(saved[-1], mood)
    with pytest.raises(ValueError):
        sync_once(outbox, hub, NOON)

    assert hub.is_at_rest and len(hub.batches) == 3
    assert [each.envelope for each in outbox.pending()] == saved[20:40] + saved[60:]


@pytest.mark.promise(19)
def test_without_a_step_each_goes_alone_and_one_that_is_found_later_is_let_go_of() -> None:
    class FullAtFirst(MemoryOutbox):
        tries = 0

        def open_link(self) -> Link:
            self.tries += 1
            if self.tries <= 2:
                raise OutboxUnavailable("The outbox cannot be used.")
            return super().open_link()

    outbox, saved = FullAtFirst(), [envelope() for _ in range(120)]
    for each in saved:
        outbox.save(each)
    hub, step = BusyHub(saved[-1]), outbox.latest_link()
    hub.is_busy.set()

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, outbox.latest_link() != step) == (120, True)
    assert [after for after, _ in hub.follows] == [None, None, None, None, saved[79].id, None]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue of a few requests is then a long one."""
    monkeypatch.setattr("kiosk.sync.plan.BATCH_LIMIT", 2)


@pytest.fixture
def patient_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, a batch waits for the one before it."""
    # Longer than a kiosk waits for an answer.
    for wait in ("PATIENCE", "IN_LINE"):
        monkeypatch.setattr(turns, wait, PATIENCE)


@pytest.mark.promise(15, 17)
@pytest.mark.parametrize("clock", [NOON, datetime(1970, 1, 1, tzinfo=NOON.tzinfo)], ids=["right", "1970"])
@pytest.mark.usefixtures("small_batches", "patient_hub")
def test_a_long_queue_comes_in_order(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, clock: datetime
) -> None:
    told = [ask(outbox, identity).id for _ in range(30)]

    sync_once(outbox, client, clock)

    held = hub.store.find_open_envelopes()
    assert [each.id for each in held] == told
    assert [each.received_at for each in held] == sorted(each.received_at for each in held)
    assert (outbox.counts().waiting, Fleet(hub.store.engine).find_kiosks()[0].waiting) == (0, 0)


@pytest.mark.promise(15)
@pytest.mark.usefixtures("small_batches", "patient_hub")
def test_two_looks_at_one_queue_keep_its_order_and_do_not_wait_for_each_other(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, tmp_path: Path
) -> None:
    told = [ask(outbox, identity).id for _ in range(60)]
    looks = [(outbox, HubClient(identity)), (open_outbox(tmp_path / "kiosk"), HubClient(identity))]
    together = threading.Barrier(len(looks))

    def look(outbox: SqlOutbox, client: HubClient) -> Report:
        outbox.open_link()
        together.wait(PATIENCE)
        return sync_once(outbox, client, NOON)

    with ThreadPoolExecutor() as others:
        reports = list(others.map(look, *zip(*looks, strict=True)))
    for each, client in looks:
        each.close()
        client.close()

    assert [each.id for each in hub.store.find_open_envelopes()] == told
    assert (sum(each.delivered for each in reports), [each.trouble for each in reports]) == (60, [None, None])


@pytest.mark.promise(14, 15)
@pytest.mark.usefixtures("small_batches")
def test_one_that_the_hub_chokes_on_changes_the_order_of_no_other(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = [ask(outbox, identity) for _ in range(24)]

    def choke(connection: Connection, kiosk: Kiosk, blobs: Sequence[bytes]) -> tuple[Arrived, ...]:
        if saved[8].blob in blobs:
            raise ValueError("Nobody foresaw this.")
        return check(connection, kiosk, blobs)

    monkeypatch.setattr("kiosk.hub.intake.check", choke)
    monkeypatch.setattr(turns, "PATIENCE", 0.5)
    report = sync_once(outbox, client, NOON)

    assert (report.delivered, report.waiting) == (22, 2)
    assert [each.id for each in hub.store.find_open_envelopes()] == [each.id for each in saved[:8] + saved[10:]]


@pytest.mark.promise(15)
@pytest.mark.usefixtures("patient_hub")
def test_a_batch_that_overtakes_another_on_the_way_waits_for_it(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_free", places := CountedPlaces())
    first, second, third = (ask(outbox, identity, name) for name in ("Amina", "Zoë", "Noor"))
    link = outbox.open_link()
    client.deliver([first], Standing(3, NOON, link))

    with ThreadPoolExecutor() as others:
        overtakes = others.submit(client.deliver, [third], Standing(1, NOON, link, second.id))
        assert places.taken.acquire(timeout=PATIENCE)
        client.deliver([second], Standing(2, NOON, link))
        [answer] = overtakes.result()

    assert isinstance(answer, Receipt)
    assert hub.names() == ["Amina", "Zoë", "Noor"]


@pytest.mark.promise(14)
def test_a_batch_whose_forerunner_was_lost_on_the_way_is_taken_in_all_the_same(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    first, lost, third = (ask(outbox, identity, name) for name in ("Amina", "Zoë", "Noor"))
    link = outbox.open_link()
    client.deliver([first], Standing(3, NOON, link))

    client.deliver([third], Standing(1, NOON, link, lost.id))
    client.deliver([lost], Standing(1, NOON, link))

    assert hub.names() == ["Amina", "Noor", "Zoë"]


def test_a_kiosk_that_says_what_is_not_so_keeps_nobody_else_from_the_hub(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", PATIENCE)
    monkeypatch.setattr(turns, "_free", places := CountedPlaces())
    link = outbox.open_link()
    client.deliver([ask(outbox, identity)], Standing(9, NOON, link))
    liars, last = [HubClient(identity) for _ in range(8)], ask(outbox, identity)

    with ThreadPoolExecutor() as others:
        lies = [
            others.submit(each.deliver, [ask(outbox, identity)], Standing(9, NOON, link, last.id)) for each in liars
        ]
        for _ in range(PLACES):
            assert places.taken.acquire(timeout=PATIENCE)
        client.deliver([last], Standing(1, NOON, link))
        assert all(isinstance(each.result()[0], Receipt) for each in lies)
    for each in liars:
        each.close()


@pytest.mark.usefixtures("small_batches")
def test_a_second_connection_is_there_for_as_long_as_it_is_needed(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    port, here = int(hub.url.rpartition(":")[2]), psutil.Process()

    def connections() -> int:
        return sum(
            bool(each.raddr) and each.raddr.port == port and each.status == psutil.CONN_ESTABLISHED
            for each in here.net_connections()
        )

    seen = list[int]()
    for _ in range(2):
        for _ in range(12):
            ask(outbox, identity)
        sync_once(outbox, client, NOON, on_batch=lambda count: seen.append(connections()))
        assert connections() == 1

    assert max(seen) == AT_ONCE


@pytest.mark.promise(20)
@pytest.mark.usefixtures("small_batches")
def test_keys_that_change_while_two_are_under_way_are_heard_of_once(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity
) -> None:
    heard, answered, twice = list[Identity](), list[int](), threading.Event()

    def hear(newer: Identity) -> None:
        heard.append(newer)
        if len(heard) > 1:
            twice.set()
        twice.wait(0.2)  # for the answer to the batch beside it, which names them as well

    client, keys = HubClient(identity, on_new_keys=hear), hub.store.get_keys()
    for _ in range(24):
        ask(outbox, identity)

    def change_keys(count: int) -> None:
        answered.append(count)
        if len(answered) == 3:
            hub.store.save_keys(replace(keys, team_key=bytes(PrivateKey.generate().public_key)))

    report = sync_once(outbox, client, NOON, on_batch=change_keys)
    client.close()

    assert (report.delivered, len(heard)) == (24, 1)


@pytest.mark.promise(9, 13)
@pytest.mark.usefixtures("small_batches")
def test_a_hub_that_goes_away_with_two_under_way_loses_and_doubles_nothing(outbox: SqlOutbox, tmp_path: Path) -> None:
    with ExitStack() as until_it_goes:
        hub = until_it_goes.enter_context(running_hub(tmp_path))
        identity, answered = hub.join(), list[int]()
        client = HubClient(identity)
        told = [ask(outbox, identity).id for _ in range(32)]

        def go_away(count: int) -> None:
            answered.append(count)
            if len(answered) == 3:
                until_it_goes.close()

        report = sync_once(outbox, client, NOON, on_batch=go_away)
        assert 6 <= report.delivered < 32 and report.trouble is Trouble.UNREACHABLE

    with running_hub(tmp_path, int(hub.url.rpartition(":")[2])) as again:
        while outbox.counts().waiting:
            sync_once(outbox, client, NOON, by_hand=True)
        held = [each.id for each in again.store.find_open_envelopes()]
    client.close()
    assert sorted(held) == sorted(told)


@pytest.mark.promise(9, 13, 15)
@pytest.mark.parametrize("is_kept", [True, False], ids=["answer lost", "request lost"])
@pytest.mark.parametrize("place", [0, 4])  # the first posts of both lines
@pytest.mark.usefixtures("small_batches")
def test_a_line_that_is_cut_changes_neither_number_nor_order_and_blames_nobody(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, monkeypatch: pytest.MonkeyPatch, place: int, is_kept: bool
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", PATIENCE)
    saved = [ask(outbox, identity) for _ in range(12)]
    proxy, is_first = DrippingProxy(hub.url, 0), iter([True])
    client = HubClient(identity, url=proxy.url)

    def cut(connection: Connection, kiosk: Kiosk, blobs: Sequence[bytes]) -> tuple[Arrived, ...]:
        if saved[place].blob in blobs and next(is_first, False):
            proxy.cut()
            if not is_kept:
                raise OperationalError("", {}, Exception("Nobody hears this."))
        return check(connection, kiosk, blobs)

    monkeypatch.setattr("kiosk.hub.intake.check", cut)
    report = sync_once(outbox, client, NOON)
    client.close()
    proxy.close()

    assert (report.delivered, report.waiting, report.trouble) == (12, 0, None)
    held = [each.id for each in hub.store.find_open_envelopes()]
    # Before the hub has answered once nobody knows whether it is there, and the second one asks.
    told = [each.id for each in (saved if place or is_kept else [*saved[2:4], *saved[:2], *saved[4:]])]
    assert held == told


class FullHub(DrippingProxy):
    """Has room for one connection, and hangs up on all others."""

    def __init__(self, hub_url: str) -> None:
        self.turned_away = 0
        super().__init__(hub_url, 0)

    def meet(self, kiosk: socket.socket) -> None:
        if kiosk is self.connections[0]:
            super().meet(kiosk)
        else:
            self.turned_away += 1
            kiosk.shutdown(socket.SHUT_RDWR)


@pytest.mark.promise(14)
@pytest.mark.usefixtures("small_batches")
def test_where_there_is_room_for_one_connection_only_all_goes_over_that_one(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    saved = [ask(outbox, identity) for _ in range(24)]
    proxy = FullHub(hub.url)
    client = HubClient(identity, url=proxy.url)

    report = sync_once(outbox, client, NOON)
    client.close()
    proxy.close()

    assert (report.delivered, report.waiting, report.trouble) == (24, 0, None)
    assert sorted(each.id for each in hub.store.find_open_envelopes()) == sorted(each.id for each in saved)
    assert proxy.turned_away <= 2


SILENT = """
import sys, threading, time
from pathlib import Path
from kiosk.callbacks.outbox import open_outbox
from kiosk.sync.run import Hub
from kiosk.sync.syncer import Syncer
from tests.callbacks.samples import envelope, receipt

begun = threading.Semaphore(0)

class Silent(Hub):
    count = 0
    def deliver(self, envelopes, standing=None):
        self.count += 1
        begun.release()
        if self.count > 1:
            time.sleep(600)
        return [receipt(each) for each in envelopes]

outbox = open_outbox(Path(sys.argv[1]))
for _ in range(100):
    outbox.save(envelope())
syncer = Syncer(outbox, Silent(), 60)
syncer.start()
for _ in range(3):
    begun.acquire()
syncer.stop(0.1)
print(outbox.counts().waiting)
"""


@pytest.mark.promise(15)
def test_a_kiosk_that_is_shut_down_does_not_wait_for_a_hub_that_is_silent(tmp_path: Path) -> None:
    words = [sys.executable, "-c", SILENT, str(tmp_path)]

    ended = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT, env={**os.environ})

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "80\n", "")
