"""Two batches under way at once, and the hub goes away, hangs up, or says nothing: nothing is lost or doubled."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from kiosk.callbacks.model import Identity, Trouble
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.hub import turns
from kiosk.hub.reception import Arrived, check
from kiosk.hub.store import Kiosk
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from tests.callbacks.samples import NOON, ask
from tests.processes import PATIENCE, ROOT
from tests.sync.hubs import RunningHub, running_hub
from tests.sync.wires import DrippingProxy


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
