"""A real outbox, a real hub, real sockets between them, and what may go wrong there."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.model import Envelope, Identity, Receipt, ReceiptState, Trouble
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.callbacks.seal import digest, seal
from kiosk.errors import HubRefused
from kiosk.hub.arrivals import Held
from kiosk.hub.fleet import Fleet
from kiosk.sync.hub_client import HubClient, enrol
from kiosk.sync.model import Conflict, Rejected
from kiosk.sync.run import sync_once
from tests.callbacks.samples import NOON, ask, request
from tests.processes import reserved
from tests.sync.hubs import RunningHub, running_hub
from tests.sync.wires import CuttingProxy

OFFSETS = 20  # of each way, spread over all its bytes


def test_a_request_comes_to_the_team_and_leaves_the_kiosk(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    ask(outbox, identity)

    report = sync_once(outbox, client, NOON)

    assert (report.delivered, report.waiting, report.trouble) == (1, 0, None)
    assert hub.names() == ["Amina"]
    assert outbox.counts().delivered == 1


@pytest.mark.promise(15)
def test_fifty_requests_come_in_order(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    batches = list[int]()
    for number in range(50):
        ask(outbox, identity, f"Parent {number}")

    sync_once(outbox, client, NOON, on_batch=batches.append)

    assert hub.names() == [f"Parent {number}" for number in range(50)]
    assert batches == [20, 20, 10]


@pytest.mark.promise(17)
def test_the_hub_stamps_its_own_time(outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient) -> None:
    ask(outbox, identity)

    sync_once(outbox, client, datetime(1970, 1, 1, tzinfo=UTC))

    [held] = hub.store.find_open_envelopes()
    assert abs(datetime.now(UTC) - held.received_at) < timedelta(minutes=1)


@pytest.mark.promise(9)
def test_an_answer_that_was_lost_after_the_commit_leaves_one_row(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    ask(outbox, identity)
    proxy = CuttingProxy(hub.url)
    with proxy.cutting("answer", 0):
        lost = sync_once(outbox, HubClient(identity, url=proxy.url), NOON)
    proxy.close()
    assert (lost.trouble, lost.waiting) == (Trouble.UNREACHABLE, 1)

    assert sync_once(outbox, client, NOON, by_hand=True).delivered == 1
    assert hub.names() == ["Amina"]


@pytest.mark.promise(13)
def test_a_connection_cut_at_any_byte_loses_nothing_and_doubles_nothing(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity
) -> None:
    proxy = CuttingProxy(hub.url)
    through, asked = HubClient(identity, url=proxy.url), 1
    ask(outbox, identity, "Parent 0")
    with proxy.cutting():
        sync_once(outbox, through, NOON)
        through.close()
    whole = dict(proxy.carried)
    for way in ("request", "answer"):
        for cut in range(OFFSETS):
            ask(outbox, identity, f"Parent {asked}")
            asked += 1
            with proxy.cutting(way, cut * whole[way] // OFFSETS):
                report = sync_once(outbox, through, NOON, by_hand=True)
                through.close()
            assert report.trouble is not None and report.delivered == 0
            with proxy.cutting():
                assert sync_once(outbox, through, NOON, by_hand=True).delivered == 1
                through.close()
    proxy.close()

    assert hub.names() == [f"Parent {number}" for number in range(asked)]
    assert asked == 2 * OFFSETS + 1


@pytest.mark.promise(15)
def test_a_hub_that_is_down_for_three_days_changes_neither_order_nor_number(tmp_path: Path, outbox: SqlOutbox) -> None:
    with running_hub(tmp_path) as hub:
        identity, port = hub.join(), int(hub.url.rpartition(":")[2])
    now, client = NOON, HubClient(identity)
    with reserved(port):
        for number in range(72):
            ask(outbox, identity, f"Parent {number}")
            assert sync_once(outbox, client, now).delivered == 0
            now += timedelta(hours=1)
    assert outbox.counts().waiting == 72

    with running_hub(tmp_path, port) as hub:
        sync_once(outbox, client, now)
        client.close()

        assert hub.names() == [f"Parent {number}" for number in range(72)]
    assert outbox.counts().waiting == 0


@pytest.mark.promise(10)
def test_the_same_batch_twice_at_the_same_time_is_one_row_each(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity
) -> None:
    batch, together, answers = [ask(outbox, identity) for _ in range(20)], threading.Barrier(4), list[list[object]]()

    def post() -> None:
        client = HubClient(identity)
        together.wait()
        answers.append(list(client.deliver(batch)))
        client.close()

    posts = [threading.Thread(target=post) for _ in range(4)]
    for each in posts:
        each.start()
    for each in posts:
        each.join()

    assert [held.id for held in hub.store.find_open_envelopes()] == [each.id for each in batch]
    assert answers == [answers[0]] * 4
    assert all(isinstance(answer, Receipt) for answer in answers[0])


@pytest.mark.promise(11)
def test_the_same_id_with_other_bytes_is_a_conflict_and_waits_for_staff(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    asked = request(kiosk=identity.kiosk)
    client.deliver([seal(asked, identity)])
    outbox.save(seal(asked, identity))

    report = sync_once(outbox, client, NOON)

    assert (report.delivered, report.set_aside, report.waiting) == (0, 1, 0)
    assert outbox.counts().set_aside == 1
    assert len(hub.opened()) == 1


@pytest.mark.promise(14)
def test_a_poisoned_request_waits_for_staff_and_the_others_are_delivered(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    ask(outbox, identity, "Before")
    forged = seal(request(kiosk=identity.kiosk, name="Forged"), replace(identity, signing_key=b"f" * 32))
    outbox.save(forged)
    ask(outbox, identity, "After")

    report = sync_once(outbox, client, NOON)

    assert (report.delivered, report.set_aside) == (2, 1)
    assert hub.names() == ["Before", "After"]


@pytest.mark.promise(18)
def test_what_the_hub_has_handled_and_purged_is_settled_and_stays_purged(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    asked = ask(outbox, identity)
    [first] = client.deliver([asked])
    hub.store.forget(asked.id, NOON.date())

    [again] = client.deliver([asked])
    report = sync_once(outbox, client, NOON)

    assert isinstance(first, Receipt) and first.state is ReceiptState.HELD
    assert isinstance(again, Receipt) and again.state is ReceiptState.ALREADY_HANDLED
    assert (report.delivered, hub.opened()) == (1, [])


@pytest.mark.promise(16)
def test_a_revoked_kiosk_stops_and_keeps_everything(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient
) -> None:
    for number in range(50):
        ask(outbox, identity, f"Parent {number}")
    Fleet(hub.store.engine).revoke(identity.kiosk)
    answered = list[int]()

    report = sync_once(outbox, client, NOON, on_batch=answered.append)

    assert (report.trouble, report.waiting, answered) == (Trouble.REFUSED, 50, [])
    assert "refuses" in report.fact
    assert sync_once(outbox, client, NOON + timedelta(minutes=1)).waiting == 50
    assert [each.attempts for each in outbox.pending()] == 20 * [1] + 30 * [0]


def test_a_kiosk_that_joined_anew_delivers_what_it_sealed_under_its_old_name(
    outbox: SqlOutbox, hub: RunningHub, identity: Identity
) -> None:
    ask(outbox, identity, "Before")
    Fleet(hub.store.engine).revoke(identity.kiosk)
    anew = hub.join()
    ask(outbox, anew, "After")

    report = sync_once(outbox, HubClient(anew), NOON)

    assert (report.delivered, hub.names()) == (2, ["Before", "After"])


@pytest.mark.promise(16)
def test_an_unknown_kiosk_is_refused(hub: RunningHub, identity: Identity, client: HubClient) -> None:
    stranger = replace(identity, kiosk="kiosk-nobody")

    with pytest.raises(HubRefused, match="401"):
        HubClient(stranger).deliver([seal(request(kiosk="kiosk-nobody"), stranger)])


@pytest.mark.promise(16)
def test_a_batch_under_another_key_is_refused(hub: RunningHub, identity: Identity, outbox: SqlOutbox) -> None:
    with pytest.raises(HubRefused, match="401"):
        HubClient(replace(identity, signing_key=b"f" * 32)).deliver([ask(outbox, identity)])

    assert hub.opened() == []


def test_a_conflict_and_a_rejection_are_told_one_by_one(hub: RunningHub, identity: Identity, client: HubClient) -> None:
    asked = request(kiosk=identity.kiosk)
    assert hub.store.add_envelope(seal(asked, identity), "0" * 16, NOON) == Held(NOON)
    other, junk = seal(asked, identity), Envelope(asked.id, identity.kiosk, b"junk", digest(b"junk"))

    assert client.deliver([other, junk]) == [Conflict(asked.id), Rejected(asked.id, "unknown-signature")]
    assert client.deliver([other]) == [Conflict(asked.id)]


def test_a_kiosk_joins_and_knows_whom_to_seal_for(hub: RunningHub) -> None:
    identity = enrol(hub.url, hub.store.create_code("rose-hill", datetime.now(UTC)))

    keys = hub.store.get_keys()
    assert (identity.team_key, identity.recovery_key) == (keys.team_key, keys.recovery_key)
    assert identity.hub_verify_key == keys.verify_key
    assert [kiosk.id for kiosk in Fleet(hub.store.engine).find_kiosks()] == [identity.kiosk]


def test_a_kiosk_whose_first_answer_was_lost_still_joins_once(hub: RunningHub) -> None:
    code, proxy = hub.store.create_code("rose-hill", datetime.now(UTC)), CuttingProxy(hub.url)
    carried = threading.Event()

    def carry() -> None:
        with proxy.cutting("answer", 0):
            pass
        carried.set()
        with proxy.cutting():
            pass

    carrier = threading.Thread(target=carry)
    carrier.start()
    identity = enrol(proxy.url, code)
    carrier.join()
    proxy.close()

    assert carried.is_set()
    assert [kiosk.id for kiosk in Fleet(hub.store.engine).find_kiosks()] == [identity.kiosk]
