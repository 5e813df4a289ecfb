"""Promise 19, the other way round: what befalls one machine is not taken for a second one."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.model import Link
from kiosk.callbacks.outbox import FILE_NAME, SqlOutbox
from kiosk.database import DURABLE, open_sqlite
from kiosk.errors import OutboxUnavailable
from kiosk.hub.stick import import_stick
from kiosk.sync.usb import read_receipts, write_stick
from tests.callbacks.samples import NOON
from tests.sync.hubs import RunningHub
from tests.sync.machines import Boot, Machine, line
from tests.sync.wires import CuttingProxy


def test_a_long_queue_is_one_step_of_the_kiosk(hub: RunningHub, first: Machine) -> None:
    for number in range(45):
        first.ask(f"Parent {number}")
    before = first.outbox.open_link()

    assert first.deliver().delivered == 45
    assert first.outbox.open_link().number == before.number + 1


def test_an_outbox_that_was_begun_anew_on_the_same_machine_is_no_copy(
    hub: RunningHub, first: Machine, boot: Boot
) -> None:
    first.outbox.close()
    (first.data / FILE_NAME).write_bytes(b"damaged" * 1000)
    anew = boot(first.data)
    anew.ask("In the new outbox")

    assert anew.deliver().delivered == 1
    assert line(hub).forked_at is None


@pytest.mark.parametrize("way", ["request", "answer"])
def test_a_lost_answer_and_a_restart_are_no_copy(hub: RunningHub, first: Machine, boot: Boot, way: str) -> None:
    proxy = CuttingProxy(hub.url)
    for number in range(3):
        first.ask(f"Parent {number}")
        with proxy.cutting(way, 0):
            assert first.deliver(proxy.url).delivered == 0
        first.outbox.close()
        first = boot(first.data)
    proxy.close()

    assert first.deliver().delivered == 3
    assert line(hub).forked_at is None


def test_the_screen_and_a_command_that_deliver_at_once_are_no_copy(hub: RunningHub, first: Machine, boot: Boot) -> None:
    other = boot(first.data)
    for number in range(100):
        first.ask(f"Parent {number}")
    both = [threading.Thread(target=machine.deliver) for machine in (first, other)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert first.outbox.counts().waiting == 0
    assert len(hub.names()) == 102
    assert line(hub).forked_at is None


def test_a_stick_does_not_make_a_kiosk_look_like_a_copy(hub: RunningHub, first: Machine, stick: Path) -> None:
    proxy = CuttingProxy(hub.url)
    first.ask("By stick")
    with proxy.cutting("request", 0):
        first.deliver(proxy.url)
    proxy.close()
    write_stick(first.outbox, stick, first.identity)
    import_stick(stick, hub.store, NOON)
    read_receipts(stick, first.outbox, first.identity)
    first.ask("By network")

    assert first.deliver().delivered == 1
    assert hub.names()[2:] == ["By stick", "By network"]


class FullOutbox(SqlOutbox):
    """An outbox whose next step cannot be kept."""

    def open_link(self) -> Link:
        raise OutboxUnavailable("The outbox cannot be used.")


def test_a_step_that_cannot_be_kept_does_not_keep_a_request_from_the_team(hub: RunningHub, first: Machine) -> None:
    first.ask("On a full disk")
    full = replace(first, outbox=FullOutbox(open_sqlite(first.data / FILE_NAME, DURABLE)))

    assert full.deliver().delivered == 1
    full.outbox.close()
    assert hub.names()[-1] == "On a full disk"


def test_the_hub_lists_queue_and_clock_of_a_kiosk(hub: RunningHub, first: Machine) -> None:
    for number in range(45):
        first.ask(f"Parent {number}")
    now = datetime.now(UTC)

    first.deliver(now=now - timedelta(days=3))

    told = line(hub)
    assert told.waiting == 0
    assert told.clock_ahead is not None and abs(told.clock_ahead + timedelta(days=3)) < timedelta(minutes=1)
    assert told.last_seen_at is not None and abs(told.last_seen_at - now) < timedelta(minutes=2)


@pytest.mark.parametrize("year", [1970, 2099])
@pytest.mark.promise(17)
def test_a_clock_far_away_is_listed_and_delivers(hub: RunningHub, first: Machine, year: int) -> None:
    first.ask("Amina")

    assert first.deliver(now=datetime(year, 1, 1, tzinfo=UTC)).delivered == 1

    ahead = line(hub).clock_ahead
    assert ahead is not None and abs(ahead) > timedelta(days=365 * 50)
