"""Two batches under way at once, over real sockets to a real hub: in order, and nobody waits for nothing."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from nacl.public import PrivateKey
from sqlalchemy import Connection

from kiosk.callbacks.model import Identity, Receipt
from kiosk.callbacks.outbox import SqlOutbox, open_outbox
from kiosk.hub import turns
from kiosk.hub.fleet import Fleet
from kiosk.hub.reception import Arrived, check
from kiosk.hub.store import Kiosk
from kiosk.hub.turns import PLACES
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import AT_ONCE, Standing
from kiosk.sync.run import Report, sync_once
from tests.callbacks.samples import NOON, ask
from tests.hub.test_turns import CountedPlaces
from tests.processes import PATIENCE
from tests.sync.hubs import RunningHub


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
