"""The thread that keeps looking at the outbox, and what it tells the staff screen."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.model import Envelope, Trouble
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.database import DURABLE, open_sqlite
from kiosk.errors import HubError, HubUnreachable
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import Hub, sync_once
from kiosk.sync.syncer import Syncer
from tests.callbacks.samples import NOON, envelope
from tests.processes import PATIENCE, wait_until
from tests.sync.moody_hub import MoodyHub, chokes_on


class Answering(Hub):
    """A hub that says when it was asked."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.hub = MoodyHub()

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        answers = self.hub.deliver(envelopes)
        self.asked.set()
        return answers


@pytest.fixture
def outbox(tmp_path: Path) -> SqlOutbox:
    outbox = SqlOutbox(open_sqlite(tmp_path / "outbox.sqlite", DURABLE))
    outbox.create_all()
    return outbox


def test_a_saved_request_goes_as_soon_as_the_syncer_is_woken(outbox: SqlOutbox) -> None:
    hub = Answering()
    syncer = Syncer(outbox, hub, seconds=3600, clock=lambda: NOON)
    syncer.start()
    outbox.save(envelope())

    syncer.wake()

    assert hub.asked.wait(PATIENCE)
    syncer.stop(seconds=PATIENCE)
    assert outbox.counts().waiting == 0
    assert (syncer.state.last_success_at, syncer.state.last_error) == (NOON, "")


@pytest.mark.promise(16)
@pytest.mark.parametrize("trouble", Trouble)
def test_a_start_is_the_end_of_all_waiting(outbox: SqlOutbox, trouble: Trouble) -> None:
    refused = [envelope() for _ in range(3)]
    for each in refused:
        outbox.save(each)
    outbox.record_attempt([each.id for each in refused], NOON, trouble)
    hub = Answering()
    syncer = Syncer(outbox, hub, seconds=3600, clock=lambda: NOON)

    syncer.start()

    assert hub.asked.wait(PATIENCE)
    syncer.stop(seconds=PATIENCE)
    assert outbox.counts().waiting == 0


def test_the_syncer_looks_again_by_itself(outbox: SqlOutbox) -> None:
    hub = Answering()
    syncer = Syncer(outbox, hub, seconds=0.02)
    syncer.start()
    outbox.save(envelope())

    assert hub.asked.wait(PATIENCE)
    syncer.stop()


def test_the_syncers_state_tells_the_latest_error_until_it_is_over(outbox: SqlOutbox) -> None:
    hub, looks = MoodyHub(lambda batch: HubUnreachable("No network.")), list[datetime]()
    looked = threading.Semaphore(0)

    def clock() -> datetime:
        looks.append(NOON + len(looks) * timedelta(hours=1))
        looked.release()
        return looks[-1]

    outbox.save(envelope())
    syncer = Syncer(outbox, hub, seconds=0.02, clock=clock)
    syncer.start()
    for _ in range(2):  # the second look begins after the first has ended
        assert looked.acquire(timeout=PATIENCE)
    assert (syncer.state.last_success_at, syncer.state.last_error) == (None, "No network.")
    hub.mood = lambda batch: None
    wait_until(lambda: syncer.state.last_error == "")
    syncer.stop()

    assert syncer.state.last_success_at is not None


def test_what_was_delivered_before_the_hub_went_away_is_told_with_the_error(outbox: SqlOutbox) -> None:
    saved = [envelope() for _ in range(60)]
    for each in saved:
        outbox.save(each)
    syncer = Syncer(outbox, MoodyHub(), seconds=3600)

    syncer.note(sync_once(outbox, MoodyHub(chokes_on(saved[40], HubUnreachable)), NOON), NOON)

    assert (syncer.state.last_success_at, syncer.state.last_error) == (NOON, "It went wrong.")


def test_a_broken_store_is_told_and_the_syncer_goes_on(tmp_path: Path) -> None:
    outbox, looked = SqlOutbox(open_sqlite(tmp_path / "outbox.sqlite", DURABLE)), threading.Semaphore(0)

    def clock() -> datetime:
        looked.release()
        return NOON

    syncer = Syncer(outbox, MoodyHub(), seconds=0.02, clock=clock)
    syncer.start()
    for _ in range(3):
        assert looked.acquire(timeout=PATIENCE)
    syncer.stop()

    assert "cannot be used" in syncer.state.last_error


def test_a_fault_that_nobody_foresaw_does_not_end_the_syncer(
    outbox: SqlOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [ValueError("/a/file/of/ours")]

    def mood(_batch: Sequence[Envelope]) -> HubError | None:
        while faults:
            raise faults.pop()
        return None

    outbox.save(envelope())
    syncer = Syncer(outbox, MoodyHub(mood), seconds=0.02)
    syncer.start()
    wait_until(lambda: outbox.counts().waiting == 0)
    syncer.stop()

    assert "ValueError" in caplog.text and "/a/file" not in caplog.text


def test_a_syncer_that_never_started_can_be_stopped(outbox: SqlOutbox) -> None:
    Syncer(outbox, MoodyHub(), seconds=60).stop()


@pytest.mark.promise(15)
def test_waking_and_stopping_take_no_time_while_the_hub_hangs(outbox: SqlOutbox) -> None:
    hanging, release = threading.Event(), threading.Event()

    def hang(batch: Sequence[Envelope]) -> HubError | None:
        hanging.set()
        release.wait(PATIENCE)
        return None

    outbox.save(envelope())
    syncer = Syncer(outbox, MoodyHub(hang), seconds=60)
    syncer.start()
    assert hanging.wait(PATIENCE)

    syncer.wake()
    outbox.save(envelope())
    syncer.stop(seconds=0.01)

    assert outbox.counts().waiting == 2
    release.set()
    syncer.stop(seconds=PATIENCE)
