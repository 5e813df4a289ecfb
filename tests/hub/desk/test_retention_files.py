"""What a purge leaves in the files of a database, and in the copies beside it: no byte of what went."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Row, Table, select

from kiosk.hub import retention
from kiosk.hub.accounts import Accounts
from kiosk.hub.case_tables import bookings
from kiosk.hub.cases import Cases
from kiosk.hub.copies import copy_beside
from kiosk.hub.desk_tables import sessions, workers
from kiosk.hub.people import People
from kiosk.hub.people_tables import handovers
from kiosk.hub.retention import purge
from kiosk.hub.rotation import rotate_key
from kiosk.hub.sessions import Sessions
from kiosk.hub.setup import hub_engine
from kiosk.hub.store import HubStore
from kiosk.settings import Settings
from tests.hub.desk.people import CHEAP, COLLEAGUE, NOW, PASSWORD, WORKER, Kiosk
from tests.hub.desk.test_retention import FORTNIGHT, MOMENT, handle


@pytest.fixture
def settings(on_both: Settings) -> Settings:
    return on_both


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.promise(34)
class TestTheFilesOfAPostgresql:
    """What a server's tables hold on the disk, read past the server."""

    def test_no_byte_of_a_purged_envelope_is_left_in_any(self, hub: Engine, kiosk: Kiosk, cases: Cases) -> None:
        kiosk.leave("Amina")
        kept = kiosk.leave("Beatriz")
        gone, stays = (held.blob[len(held.blob) // 2 :][:64] for held in HubStore(hub).find_open_envelopes())
        assert gone in written(hub) and stays in written(hub)
        cases.claim(kept, WORKER, NOW)
        kiosk.left.pop()
        handle(cases, kiosk)
        purge(hub, 14, NOW + FORTNIGHT + MOMENT)

        on_disk = written(hub)
        assert gone not in on_disk
        assert stays in on_disk

    def test_a_table_that_somebody_holds_keeps_nobody_waiting_and_the_rest_is_cleared(
        self, hub: Engine, kiosk: Kiosk, cases: Cases, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        kiosk.leave()
        blob = HubStore(hub).find_open_envelopes()[0].blob
        middle = blob[len(blob) // 2 :][:64]
        handle(cases, kiosk)
        monkeypatch.setattr(retention, "LOCK_MOST", 20)
        with hub.connect() as reader:
            reader.execute(bookings.select())  # its lock lasts until its transaction ends
            purge(hub, 14, NOW + FORTNIGHT + MOMENT)

        assert middle not in written(hub)
        assert "The table bookings could not be written anew" in caplog.text

    def test_no_key_is_left_that_an_old_password_or_the_old_key_would_open(self, hub: Engine) -> None:
        def rows(table: Table) -> list[Row[Any]]:
            with hub.connect() as connection:
                return list(connection.execute(select(table)))

        accounts, people, new = Accounts(hub, CHEAP), People(hub, CHEAP), "pencil orchard friday"
        before = [row.wrapped_key for row in rows(workers)]
        token = Sessions(hub, timedelta(minutes=10)).start(lead := accounts.open(WORKER, PASSWORD, NOW), NOW)
        before += [row.sealed_key for row in rows(sessions)]
        people.remove(lead.worker, people.get(COLLEAGUE).id)
        accounts.change_password(WORKER, PASSWORD, new, NOW)
        assert token and not [box for box in before if box in written(hub)]

        rotate_key(hub, lead.worker, lead.team_key, NOW)
        [handed] = [row.box for row in rows(handovers)]
        assert handed in written(hub)
        accounts.open(WORKER, new, NOW)
        assert handed not in written(hub)


def written(hub: Engine) -> bytes:
    """Return what stands in the files of all tables and indexes, once the server has nothing in its memory alone."""
    with hub.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        found = connection.exec_driver_sql("SELECT oid FROM pg_database WHERE datname = current_database()")
        database = folder / "base" / str(found.scalar_one())
    files = sorted(file for file in database.iterdir() if file.name[0].isdigit())
    return b"".join(file.read_bytes() for file in files)


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


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.promise(34)
def test_a_copy_that_an_upgrade_left_goes_with_what_it_holds(settings: Settings, hub: Engine) -> None:
    copy = copy_beside(hub, NOW)
    assert copy
    other = copy.with_name("hub-before-easter.sqlite")
    other.write_bytes(b"not a copy of an upgrade's")
    cut_short = [copy.with_name(f"hub-20261121T105200Z.sqlite.part{journal}") for journal in ("", "-journal")]
    for file in cut_short:
        file.write_bytes(b"what a power cut left of a copy")

    purge(hub, 14, NOW + FORTNIGHT)
    assert copy.is_file()
    purge(hub, 14, NOW + FORTNIGHT + MOMENT)
    assert not copy.exists() and not any(file.exists() for file in cut_short)
    assert other.is_file()
