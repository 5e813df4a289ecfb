from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from kiosk.callbacks.model import Envelope
from kiosk.hub.case import AttemptKind, CaseState, ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.retention import purge
from kiosk.hub.setup import hub_engine
from kiosk.hub.store import AlreadyHandled, HubStore
from kiosk.settings import Settings
from tests.hub.desk.people import NOW, WORKER, Kiosk

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
