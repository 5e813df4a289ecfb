"""Of a long queue two batches are under way at once: nothing is lost by it, nothing overtakes, nobody waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from kiosk.callbacks.model import Envelope, Identity, Receipt, Trouble
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.errors import HubNonsense, HubRefused
from kiosk.hub.fleet import Fleet
from kiosk.hub.lines import PATIENCE as HUB_PATIENCE
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import AT_ONCE, Answer, Standing
from kiosk.sync.run import sync_once
from tests.callbacks.samples import NOON
from tests.processes import PATIENCE, ROOT
from tests.sync.hubs import RunningHub, running_hub
from tests.sync.test_delivery import ask
from tests.sync.test_run import Mood, MoodyHub, chokes_on, outbox_with


class BusyHub(MoodyHub):
    """Answers no batch but the first and the last before as many are under way as may be. Remembers what it was told."""

    def __init__(self, last: Envelope, mood: Mood = lambda batch: None) -> None:
        super().__init__(mood)
        self.said, self.most, self.is_at_rest = list[int](), 0, False
        self._last, self._under_way, self._lock = last, 0, threading.Lock()
        self._gate = threading.Barrier(AT_ONCE, timeout=PATIENCE)

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        with self._lock:
            assert standing
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            is_alone = not self.said or self._last in envelopes
            assert not (is_alone and self._under_way > 1)
            self.said.append(standing.waiting)
        if not is_alone:
            self._gate.wait()
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
    assert done == [20, 20, 20, 20, 20, 15]


@pytest.mark.promise(14)
def test_one_that_breaks_its_batch_leaves_the_one_beside_it_alone() -> None:
    outbox, saved = outbox_with(120)
    hub = BusyHub(saved[-1], chokes_on(saved[50], HubNonsense))

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting) == (100, 20)
    assert [(each.envelope, each.trouble) for each in outbox.pending()] == [
        (each, Trouble.NONSENSE) for each in saved[40:60]
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


@pytest.mark.promise(15, 17)
@pytest.mark.parametrize("clock", [NOON, datetime(1970, 1, 1, tzinfo=NOON.tzinfo)], ids=["right", "1970"])
def test_a_long_queue_comes_in_order(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, clock: datetime
) -> None:
    told = [ask(outbox, identity).id for _ in range(150)]

    sync_once(outbox, client, clock)

    held = hub.store.find_open_envelopes()
    assert [each.id for each in held] == told
    assert [each.received_at for each in held] == sorted(each.received_at for each in held)
    assert (outbox.counts().waiting, Fleet(hub.store.engine).find_kiosks()[0].waiting) == (0, 0)


@pytest.mark.promise(15)
def test_a_batch_that_overtakes_another_on_the_way_waits_for_it(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    first, second, third = (ask(outbox, identity, name) for name in ("Amina", "Zoë", "Noor"))
    link = outbox.open_link()
    client.deliver([first], Standing(3, NOON, link))

    with ThreadPoolExecutor() as others:
        overtakes = others.submit(client.deliver, [third], Standing(1, NOON, link))
        time.sleep(HUB_PATIENCE / 4)
        assert not overtakes.done()
        client.deliver([second], Standing(2, NOON, link))
        [answer] = overtakes.result()

    assert isinstance(answer, Receipt)
    assert hub.names() == ["Amina", "Zoë", "Noor"]


@pytest.mark.promise(14)
def test_a_batch_whose_forerunner_was_lost_on_the_way_is_taken_in_all_the_same(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    first, lost, third = (ask(outbox, identity, name) for name in ("Amina", "Zoë", "Noor"))
    link = outbox.open_link()
    client.deliver([first], Standing(3, NOON, link))

    client.deliver([third], Standing(1, NOON, link))
    client.deliver([lost], Standing(1, NOON, link))

    assert hub.names() == ["Amina", "Noor", "Zoë"]


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
        for _ in range(110):
            ask(outbox, identity)
        sync_once(outbox, client, NOON, on_batch=lambda count: seen.append(connections()))
        assert connections() == 1

    assert max(seen) == AT_ONCE


@pytest.mark.promise(9, 13)
def test_a_hub_that_goes_away_with_two_under_way_loses_and_doubles_nothing(outbox: SqlOutbox, tmp_path: Path) -> None:
    with ExitStack() as until_it_goes:
        hub = until_it_goes.enter_context(running_hub(tmp_path))
        identity, answered = hub.join(), list[int]()
        client = HubClient(identity)
        told = [ask(outbox, identity).id for _ in range(160)]

        def go_away(count: int) -> None:
            answered.append(count)
            if len(answered) == 3:
                until_it_goes.close()

        report = sync_once(outbox, client, NOON, on_batch=go_away)
        assert 60 <= report.delivered < 160 and report.trouble is Trouble.UNREACHABLE

    with running_hub(tmp_path, int(hub.url.rpartition(":")[2])) as again:
        while outbox.counts().waiting:
            sync_once(outbox, client, NOON, by_hand=True)
        held = [each.id for each in again.store.find_open_envelopes()]
    client.close()
    assert sorted(held) == sorted(told)


SILENT = """
import sys, threading, time
from pathlib import Path
from kiosk.callbacks.outbox import open_outbox
from kiosk.sync.run import Hub, Syncer
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
