"""Promise 17: clocks that are wrong, at the kiosk, at the hub and on both ends of a stick. Nothing is lost, purged or out of order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.model import Identity, Trouble
from kiosk.callbacks.outbox import FILE_NAME, SqlOutbox
from kiosk.callbacks.seal import seal
from kiosk.database import DURABLE, open_sqlite
from kiosk.hub.retention import purge
from kiosk.hub.setup import hub_engine
from kiosk.hub.stick import import_stick
from kiosk.settings import Settings
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from kiosk.sync.usb import read_receipts, write_stick
from tests.callbacks.samples import NOON, request
from tests.sync.hubs import RunningHub

NO_BATTERY, FAR_AHEAD = datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, 23, 59, tzinfo=UTC)
# In London the clock shows 1:30 twice: an hour that is over comes again.
TWICE_HALF_PAST_ONE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
DAYS = {
    "no battery": (NO_BATTERY, NO_BATTERY + timedelta(minutes=1), NOON),
    "far ahead, then put right": (NOON, FAR_AHEAD, NOON + timedelta(hours=1)),
    "jumping back": (NOON, NOON - timedelta(days=400), NOON - timedelta(days=800)),
    "winter time comes": (TWICE_HALF_PAST_ONE, TWICE_HALF_PAST_ONE + timedelta(hours=1), TWICE_HALF_PAST_ONE),
    "summer time comes": (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 1, tzinfo=UTC)),
}
clocks = pytest.mark.parametrize("clock", DAYS.values(), ids=list(DAYS))
pytestmark = pytest.mark.promise(17)


@pytest.fixture
def times() -> list[datetime]:
    """What the kiosk's clock says with each look at it, in turn and then again."""
    return []


@pytest.fixture
def outbox(tmp_path: Path, times: list[datetime]) -> Iterator[SqlOutbox]:
    def clock() -> datetime:
        times.append(times.pop(0))
        return times[-1]

    (tmp_path / "kiosk").mkdir()
    outbox = SqlOutbox(open_sqlite(tmp_path / "kiosk" / FILE_NAME, DURABLE), clock)
    outbox.create_all()
    yield outbox
    outbox.close()


def ask_at_each(outbox: SqlOutbox, identity: Identity, times: list[datetime], clock: Sequence[datetime]) -> list[str]:
    """Leave a request at each time, and return the names in the order of asking."""
    times[:] = clock
    names = [f"Parent {number}" for number in range(len(clock))]
    for name, at in zip(names, clock, strict=True):
        outbox.save(seal(request(kiosk=identity.kiosk, name=name, asked_at=at), identity))
    return names


@clocks
def test_a_kiosks_clock_changes_neither_order_nor_number(
    outbox: SqlOutbox,
    hub: RunningHub,
    identity: Identity,
    client: HubClient,
    times: list[datetime],
    clock: Sequence[datetime],
) -> None:
    names = ask_at_each(outbox, identity, times, clock)
    nowhere = HubClient(identity, url="http://127.0.0.1:9")
    for at in clock:
        assert sync_once(outbox, nowhere, at, by_hand=True).trouble is Trouble.UNREACHABLE
    nowhere.close()
    assert outbox.counts().waiting == len(names)

    # At the latest forty minutes later by the clock it has now, whatever that says.
    sync_once(outbox, client, clock[-1] + timedelta(minutes=41))

    assert hub.names() == names
    assert (outbox.counts().waiting, outbox.counts().delivered) == (0, len(names))
    assert all(
        abs(datetime.now(UTC) - held.received_at) < timedelta(hours=1) for held in hub.store.find_open_envelopes()
    )


@clocks
def test_a_stick_between_wrong_clocks_brings_all_in_order(
    outbox: SqlOutbox,
    hub: RunningHub,
    identity: Identity,
    stick: Path,
    times: list[datetime],
    clock: Sequence[datetime],
) -> None:
    names = ask_at_each(outbox, identity, times, clock)
    write_stick(outbox, stick, identity)

    for hubs_clock in (*clock, *reversed(clock)):
        import_stick(stick, hub.store, hubs_clock)

    assert hub.names() == names
    # The time of the first arrival is the hub's, and a second one does not change it.
    assert {held.received_at for held in hub.store.find_open_envelopes()} == {clock[0]}
    assert read_receipts(stick, outbox, identity).delivered == len(names)


@pytest.mark.parametrize("hubs_clock", [NO_BATTERY, FAR_AHEAD], ids=["1970", "2099"])
def test_a_hub_whose_clock_is_wrong_purges_nothing_that_waits_and_knows_what_it_purged(
    tmp_path: Path, hub: RunningHub, identity: Identity, client: HubClient, hubs_clock: datetime
) -> None:
    waiting, handled = (seal(request(kiosk=identity.kiosk, name=name), identity) for name in ("Amina", "Sophie"))
    client.deliver([waiting, handled])
    hub.store.forget(handled.id, hubs_clock.date())

    engine = hub_engine(Settings(data=tmp_path / "hub"))
    purge(engine, 14, hubs_clock)
    engine.dispose()

    [again] = client.deliver([handled])
    assert getattr(again, "state", None) == "already-handled"
    assert hub.names() == ["Amina"]


@clocks
def test_tombstones_stay_whatever_the_clock_says(
    outbox: SqlOutbox,
    hub: RunningHub,
    identity: Identity,
    client: HubClient,
    times: list[datetime],
    clock: Sequence[datetime],
) -> None:
    ask_at_each(outbox, identity, times, clock)
    sent = [each.envelope for each in outbox.pending()]
    for at in clock:
        sync_once(outbox, client, at, by_hand=True)

    for each in sent:
        outbox.save(each)

    assert (outbox.counts().waiting, outbox.counts().delivered) == (0, len(sent))
