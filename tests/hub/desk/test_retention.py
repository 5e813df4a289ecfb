from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from kiosk.callbacks.model import Envelope
from kiosk.callbacks.seal import seal
from kiosk.hub.arrivals import AlreadyHandled
from kiosk.hub.booking import Bookings
from kiosk.hub.case import AttemptKind, CaseState, ResultKind
from kiosk.hub.case_tables import reminders
from kiosk.hub.cases import Cases
from kiosk.hub.lines import set_apart
from kiosk.hub.retention import purge
from kiosk.hub.setup import hub_engine
from kiosk.hub.store import HubStore
from kiosk.hub.tables import metadata
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import NOW, WORKER, Kiosk
from tests.hub.desk.test_notes import write

FORTNIGHT = timedelta(days=14)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def settings(on_both: Settings) -> Settings:
    return on_both


def handle(cases: Cases, kiosk: Kiosk) -> None:
    id = kiosk.left[-1].id
    cases.claim(id, WORKER, NOW)
    cases.add_attempt(id, uuid4(), WORKER, AttemptKind.TALKED, NOW)
    cases.close(id, WORKER, [ResultKind.COLLEGE], NOW)


@pytest.mark.promise(34)
def test_a_handled_request_goes_after_fourteen_days_and_not_before(hub: Engine, kiosk: Kiosk, cases: Cases) -> None:
    id = kiosk.leave()
    handle(cases, kiosk)

    assert purge(hub, 14, NOW + FORTNIGHT) == 0
    assert purge(hub, 14, NOW + FORTNIGHT + MOMENT) == 1
    assert HubStore(hub).find_envelope(id) is None
    assert cases.get(id).state is CaseState.OPEN
    assert cases.find_accesses(id) == []


@pytest.mark.promise(34)
def test_counts_of_what_was_done_stay(hub: Engine, kiosk: Kiosk, cases: Cases) -> None:
    id = kiosk.leave()
    handle(cases, kiosk)
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)

    assert len(cases.find_attempts(id)) == 1
    assert len(cases.find_results(id)) == 1


@pytest.mark.promise(17)
def test_a_request_that_nobody_handled_is_never_purged(hub: Engine, kiosk: Kiosk, cases: Cases) -> None:
    open_one, claimed = kiosk.leave(), kiosk.leave("Sophie")
    cases.claim(claimed, WORKER, NOW)
    purge(hub, 14, NOW + timedelta(days=1000))

    assert {held.id for held in HubStore(hub).find_open_envelopes()} == {open_one, claimed}


@pytest.mark.promise(18, 34)
def test_a_purged_request_that_comes_again_stays_handled(hub: Engine, kiosk: Kiosk, cases: Cases) -> None:
    kiosk.leave()
    held = HubStore(hub).find_open_envelopes()[0]
    handle(cases, kiosk)
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)
    again = Envelope(held.id, held.kiosk, held.blob, held.sha256)

    assert kiosk.store.add_envelope(again, held.team_key_id, NOW) == AlreadyHandled()
    assert kiosk.store.find_open_envelopes() == []


@pytest.mark.promise(34)
def test_no_table_names_a_purged_request_but_its_tombstone_and_what_the_report_counts(
    hub: Engine, kiosk: Kiosk, cases: Cases, worker: Worker
) -> None:
    id, twin = kiosk.leave(), seal(replace(kiosk.left[-1], name="Sophie"), kiosk.identity)
    kiosk.hand_in(twin)  # a conflict
    with hub.begin() as connection:
        set_apart(connection, replace(twin, sha256="0" * 64), "0" * 16, NOW)
        connection.execute(reminders.insert().values(case=str(id), day=NOW.date()))
    sheet = worker.ring(id)
    write(worker, id, "Ask for Amina")
    Bookings(hub).book(id, NOW + MOMENT, WORKER)
    handle(cases, kiosk)
    worker.get("/handled")
    assert str(id) in sheet and {"notes", "working_copies", "conflicts", "apart"} <= naming(hub, id)
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)

    assert naming(hub, id) == {"tombstones", "past_requests", "attempts", "results"}


def naming(hub: Engine, id: UUID) -> set[str]:
    """Return the tables of which some row has `id` in it."""
    with hub.connect() as connection:
        rows = {table.name: connection.execute(table.select()).all() for table in metadata.sorted_tables}
    return {name for name in rows if any(str(id) in map(str, row) for row in rows[name])}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.promise(34)
def test_no_byte_of_a_purged_envelope_is_left_in_the_file(
    settings: Settings, hub: Engine, kiosk: Kiosk, cases: Cases
) -> None:
    kiosk.leave()
    blob = HubStore(hub).find_open_envelopes()[0].blob
    middle = blob[len(blob) // 2 :][:64]
    file = settings.data / "hub.sqlite"
    assert middle in file.read_bytes()
    handle(cases, kiosk)
    purge(hub_engine(settings), 14, NOW + FORTNIGHT + MOMENT)

    assert all(middle not in other.read_bytes() for other in settings.data.iterdir())
