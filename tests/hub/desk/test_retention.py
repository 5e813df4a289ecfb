"""Handled requests go after so many days, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from kiosk.callbacks.model import Envelope
from kiosk.callbacks.seal import seal
from kiosk.hub import retention
from kiosk.hub.arrivals import AlreadyHandled
from kiosk.hub.booking import Bookings
from kiosk.hub.case import AttemptKind, CaseState, ResultKind
from kiosk.hub.case_tables import reminders
from kiosk.hub.cases import Cases
from kiosk.hub.closed_cases import find_closed_before
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.lines import set_apart
from kiosk.hub.looks import KEPT_FOR, Looks, What
from kiosk.hub.notes import Notes, seal_note
from kiosk.hub.retention import purge
from kiosk.hub.store import HubStore
from kiosk.hub.tables import metadata
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, NOW, TEAM, WORKER, Clock, Kiosk
from tests.hub.desk.test_notes import write

FORTNIGHT = timedelta(days=14)
MOMENT = timedelta(seconds=1)
COUNTED = {"tombstones", "past_requests", "attempts", "results"}


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


def test_one_that_is_opened_again_while_others_are_purged_stays_with_all_that_was_written(
    hub: Engine, kiosk: Kiosk, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Amina", "Sophie"):
        kiosk.leave(name)
        handle(cases, kiosk)
    first, second = (one.id for one in kiosk.left)
    Notes(hub).add(seal_note(uuid4(), second, "Ask for Sophie", TEAM.public.team_key, WORKER, NOW))

    def found_and_then_opened_again(engine: Engine, moment: datetime) -> list[UUID]:
        found = find_closed_before(engine, moment)
        cases.reopen(second, COLLEAGUE, moment)
        return found

    monkeypatch.setattr(retention, "find_closed_before", found_and_then_opened_again)
    assert purge(hub, 14, NOW + FORTNIGHT + MOMENT) == 1

    assert [held.id for held in HubStore(hub).find_open_envelopes()] == [second]
    assert cases.get(second).is_held_by(COLLEAGUE)
    assert len(Notes(hub).find(second)) == 1
    assert cases.find_accesses(first) == []


@pytest.mark.promise(34)
def test_a_purge_that_is_cut_short_leaves_a_request_whole(
    hub: Engine, kiosk: Kiosk, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = kiosk.leave("Amina")
    handle(cases, kiosk)
    Notes(hub).add(seal_note(uuid4(), id, "Ask for Amina", TEAM.public.team_key, WORKER, NOW))
    before = naming(hub, id)

    def dies(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(retention, "forget_case", dies)
        purge(hub, 14, NOW + FORTNIGHT + MOMENT)

    assert naming(hub, id) == before
    assert purge(hub, 14, NOW + FORTNIGHT + MOMENT) == 1
    assert naming(hub, id) == COUNTED


@pytest.mark.promise(34)
def test_a_note_that_came_in_the_moment_of_the_purge_goes_with_the_next(
    hub: Engine, kiosk: Kiosk, cases: Cases
) -> None:
    id, kept = kiosk.leave(), kiosk.leave("Sophie")
    kiosk.left.pop()
    handle(cases, kiosk)
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)
    for case in (id, kept):
        Notes(hub).add(seal_note(uuid4(), case, "Ask for Amina", TEAM.public.team_key, WORKER, NOW))
    cases.claim(id, WORKER, NOW)
    purge(hub, 14, NOW + FORTNIGHT + FORTNIGHT)

    assert naming(hub, id) == COUNTED
    assert len(Notes(hub).find(kept)) == 1


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

    assert naming(hub, id) == COUNTED | {"conflicts", "apart"}
    Conflicts(hub).delete(id, twin.sha256, WORKER, NOW)
    KeptApart(hub).delete(id, "0" * 64, WORKER, NOW)
    assert naming(hub, id) == COUNTED | {"access_log"}
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)
    assert naming(hub, id) == COUNTED


@pytest.mark.promise(34)
def test_what_nobody_has_looked_at_outlives_the_request_whose_number_it_came_under(
    hub: Engine, kiosk: Kiosk, cases: Cases, worker: Worker, clock: Clock
) -> None:
    id = kiosk.leave("Amina")
    kiosk.hand_in(seal(replace(kiosk.left[-1], name="Sophie"), kiosk.identity))
    handle(cases, kiosk)
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)

    [doubled] = Conflicts(hub).find()
    page = f"/kiosks/set-aside/{id}/{doubled.sha256}"
    assert "Sophie" in worker.get(page).text
    worker.post(f"{page}/delete", page)
    purge(hub, 14, NOW + FORTNIGHT)
    assert [one.what for one in cases.find_settled()] == ["other deleted"]
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)
    assert naming(hub, id) == COUNTED


def test_a_purge_lets_go_of_old_looks_at_lists(hub: Engine) -> None:
    Looks(hub).note(WORKER, What.OPEN, 1, 1, NOW)

    purge(hub, 14, NOW + KEPT_FOR - timedelta(days=1))
    assert len(Looks(hub).find()) == 1
    purge(hub, 14, NOW + KEPT_FOR + timedelta(days=1))
    assert Looks(hub).find() == []


def naming(hub: Engine, id: UUID) -> set[str]:
    """Return the tables of which some row has `id` in it."""
    with hub.connect() as connection:
        rows = {table.name: connection.execute(table.select()).all() for table in metadata.sorted_tables}
    return {name for name in rows if any(str(id) in map(str, row) for row in rows[name])}
