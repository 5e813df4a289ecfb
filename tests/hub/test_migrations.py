"""Hubs of every release come to today's tables with all that they hold, on both databases, and whatever cuts them off."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, Integer, MetaData, inspect, select

from kiosk.database import open_url
from kiosk.errors import HubNotReady
from kiosk.hub import schema
from kiosk.hub.accounts import Accounts
from kiosk.hub.booking import Bookings
from kiosk.hub.case import CaseState
from kiosk.hub.case_tables import past_requests
from kiosk.hub.cases import Cases
from kiosk.hub.clock import HubClock
from kiosk.hub.desk_tables import results
from kiosk.hub.notes import Notes, read_note
from kiosk.hub.record import find_stories
from kiosk.hub.report import bounds
from kiosk.hub.retention import purge_on_time
from kiosk.hub.ring import load_ring
from kiosk.hub.store import HubStore
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, NOW, PASSWORD, WORKER
from tests.hub.freezing import AMINA, BEATRIZ, CHIPO, LATER, SCHEMAS

FIRST = schema.revisions()[0]
RELEASES = sorted({file.name[:4] for file in SCHEMAS.glob("*.sql")})
SCRIPTS = ScriptDirectory(str(Path(schema.__file__).with_name("migrations")))
# Ends its own process at a moment of the upgrade, without a word: as a power cut would.
CUT_OFF = """
import os, signal, sys
from sqlalchemy import event
from kiosk.database import open_url
from kiosk.hub.schema import upgrade
url, moment, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
engine = open_url(url)
def one_less(*_):
    global count
    count -= 1
    if count == 0:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(engine, moment, one_less)
upgrade(engine)
"""


def load(url: str, release: str) -> None:
    """Fill an empty database with what a hub of this release held."""
    engine = open_url(url)
    says = (SCHEMAS / f"{release}-{engine.dialect.name}.sql").read_text(encoding="utf-8")
    connection: Any = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        connection.executescript(says)
    else:
        connection.cursor().execute(says)
        connection.commit()
    connection.close()
    engine.dispose()


def forget_steps(engine: Engine) -> None:
    """Make it a hub of a build that did not count its steps."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")


def differences(engine: Engine, wanted: MetaData = schema.metadata) -> list[Any]:
    """Return what an upgrade would still have to change."""
    # Alembic takes SQLite's '' for another default than ''.
    options = {"compare_server_default": engine.dialect.name != "sqlite"}
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), wanted)


def rows(engine: Engine, shape: MetaData | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows by table: of all columns that there are, or that `shape` has."""
    shape = shape or reflected(engine)
    with engine.connect() as connection:
        return {name: sorted(map(tuple, connection.execute(select(table)))) for name, table in shape.tables.items()}


def reflected(engine: Engine) -> MetaData:
    found = MetaData()
    found.reflect(engine)
    if "alembic_version" in found.tables:
        found.remove(found.tables["alembic_version"])
    return found


def without_chipo(held: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out the request that was deleted: its times are moved."""
    return {name: [row for row in rows if str(CHIPO) not in map(str, row)] for name, rows in held.items()}


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


@pytest.fixture
def blank(blank_url: str) -> Iterator[Engine]:
    """A database of each kind without a table."""
    engine = open_url(blank_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=RELEASES)
def released(request: pytest.FixtureRequest, blank_url: str, blank: Engine) -> Engine:
    """A hub of each release, as it was written out then."""
    load(blank_url, request.param)
    return blank


@pytest.fixture
def uncounted(blank_url: str, blank: Engine) -> Engine:
    """A hub of a build before the first release."""
    load(blank_url, FIRST)
    forget_steps(blank)
    return blank


class TestTheSteps:
    def test_they_follow_one_another_in_the_order_of_their_numbers(self) -> None:
        chain = [step.revision for step in SCRIPTS.walk_revisions()]

        assert schema.revisions() == chain[::-1]
        assert [step.down_revision for step in SCRIPTS.walk_revisions()] == [*chain[1:], None]

    def test_there_is_no_step_back(self) -> None:
        assert not [step for step in SCRIPTS.walk_revisions() if hasattr(step.module, "downgrade")]

    def test_the_first_release_is_frozen_for_both_databases(self) -> None:
        assert {file.name for file in SCHEMAS.glob(f"{FIRST}-*")} == {f"{FIRST}-postgresql.sql", f"{FIRST}-sqlite.sql"}


class TestANewHub:
    def test_it_has_todays_tables(self, blank: Engine) -> None:
        done = schema.upgrade(blank)

        assert (done.before, done.after) == (None, schema.revisions()[-1])
        assert differences(blank) == []
        assert tables(blank) == {*schema.metadata.tables, "alembic_version"}

    def test_a_table_that_was_changed_without_a_step_is_noticed(self, engine: Engine) -> None:
        changed = MetaData()
        for table in schema.metadata.tables.values():
            table.to_metadata(changed)
        changed.tables["cases"].append_column(Column("urgency", Integer))

        [[difference, _, table, column]] = differences(engine, changed)
        assert (difference, table, column.name) == ("add_column", "cases", "urgency")

    def test_sqlite_gives_no_number_of_an_envelope_twice(self, made_sqlite: Path) -> None:
        engine = open_url(f"sqlite:///{made_sqlite}")
        with engine.connect() as connection:
            made = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
            assert list(made.scalars()) == ["envelopes"]
        engine.dispose()


class TestAHubInUse:
    def test_it_comes_to_todays_tables_with_every_row(self, released: Engine) -> None:
        shape, before = reflected(released), rows(released)

        schema.upgrade(released)

        assert differences(released) == []
        assert without_chipo(rows(released, shape)) == without_chipo(before)
        assert not schema.upgrade(released).is_change

    def test_the_times_of_a_deleted_request_go_to_the_month_and_keep_their_distance(self, released: Engine) -> None:
        with released.connect() as connection:
            came_at = connection.execute(select(past_requests.c.received_at)).scalar_one()
            done_at = connection.execute(select(results.c.at).where(results.c.case == str(CHIPO))).scalar_one()
        schema.upgrade(released)

        with released.connect() as connection:
            month = connection.execute(select(past_requests.c.received_at)).scalar_one()
            done = connection.execute(select(results.c.at, results.c.worker).where(results.c.case == str(CHIPO))).one()
            others = connection.execute(select(results.c.worker).where(results.c.case != str(CHIPO))).scalars().all()
        assert came_at == NOW and month == datetime(2026, 11, 1, tzinfo=UTC)
        assert done.at - month == done_at - came_at
        assert done.worker == "" and others == [WORKER]

    @pytest.mark.promise(17)
    def test_a_clock_that_is_wrong_at_the_first_start_after_an_upgrade_deletes_nothing(self, released: Engine) -> None:
        schema.upgrade(released)

        assert purge_on_time(released, 14, NOW + timedelta(days=365)) is None
        assert Cases(released).get(BEATRIZ).state is CaseState.CLOSED
        assert purge_on_time(released, 14, NOW + timedelta(days=1)) == 0

    def test_a_new_hub_trusts_its_clock(self, engine: Engine) -> None:
        assert HubClock(engine).find() is None

    def test_the_first_release_had_a_row_in_every_table(self, uncounted: Engine) -> None:
        assert [name for name, held in rows(uncounted).items() if not held and name != "sqlite_sequence"] == []

    def test_what_it_holds_can_still_be_read(self, released: Engine) -> None:
        schema.upgrade(released)

        schema.check_schema(released)
        opened = Accounts(released, CHEAP).open(WORKER, PASSWORD, NOW)
        with released.connect() as connection:
            ring = load_ring(connection, opened.team_key)
        held = HubStore(released).find_open_envelopes()
        assert [(each.id, ring.open(each).name) for each in held] == [(AMINA, "Amina"), (BEATRIZ, "Beatriz")]
        [note] = Notes(released).find(AMINA)
        assert read_note(note, ring.keys[note.team_key_id]).text == "Ring after three"
        booking = Bookings(released).get(AMINA)
        assert booking is not None and booking.at > NOW
        assert Cases(released).get(AMINA).claimed_by == WORKER
        assert len(find_stories(released, *bounds(2026))) == 3

    def test_who_has_not_come_since_the_key_was_changed_gets_the_new_one(self, released: Engine) -> None:
        schema.upgrade(released)
        accounts = Accounts(released, CHEAP)

        mine = accounts.open(WORKER, PASSWORD, LATER).team_key

        assert accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, LATER).team_key == mine


class TestAHubFromBeforeTheFirstRelease:
    def test_it_is_taken_for_the_first_step_and_brought_along(self, uncounted: Engine) -> None:
        shape, before = reflected(uncounted), rows(uncounted)

        assert schema.upgrade(uncounted).before is None

        assert differences(uncounted) == []
        assert without_chipo(rows(uncounted, shape)) == without_chipo(before)

    def test_tables_that_it_did_not_have_yet_join(self, uncounted: Engine) -> None:
        with uncounted.begin() as connection:
            for name in ("key_copies", "reminders", "standings"):
                connection.exec_driver_sql(f"DROP TABLE {name}")

        schema.upgrade(uncounted)

        assert differences(uncounted) == []

    def test_tables_that_no_hub_had_are_refused_and_left_alone(self, uncounted: Engine) -> None:
        with uncounted.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE cases ADD COLUMN urgency INTEGER")
        before = tables(uncounted)

        with pytest.raises(HubNotReady, match="no Waymark made"):
            schema.upgrade(uncounted)

        assert tables(uncounted) == before


class TestTheWrongProgram:
    def test_an_older_hub_is_not_used_and_the_remedy_is_named(self, uncounted: Engine) -> None:
        with pytest.raises(HubNotReady, match="kiosk hub upgrade"):
            schema.check_schema(uncounted)

    def test_a_newer_hub_is_neither_used_nor_changed(self, released: Engine) -> None:
        with released.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

        with pytest.raises(HubNotReady, match="newer Waymark than this program"):
            schema.check_schema(released)
        with pytest.raises(HubNotReady, match="newer Waymark than this program"):
            schema.upgrade(released)

    def test_an_empty_database_is_no_hub(self, blank: Engine) -> None:
        with pytest.raises(HubNotReady, match="kiosk hub init"):
            schema.check_schema(blank)


class TestCutOff:
    def test_half_way_through_a_new_hub_nothing_is_there_and_the_next_try_makes_it(
        self, blank_url: str, blank: Engine
    ) -> None:
        assert cut_off(blank_url, "before_cursor_execute", 25) == -signal.SIGKILL

        assert tables(blank) == set()
        schema.upgrade(blank)
        assert differences(blank) == []

    def test_before_the_last_word_a_hub_in_use_is_as_it_was(self, blank_url: str, uncounted: Engine) -> None:
        before = rows(uncounted)
        uncounted.dispose()

        assert cut_off(blank_url, "commit", 1) == -signal.SIGKILL

        assert "alembic_version" not in tables(uncounted)
        assert rows(uncounted) == before
        schema.upgrade(uncounted)
        assert differences(uncounted) == []


def test_of_two_at_once_one_takes_the_steps_and_the_other_finds_none(blank_url: str) -> None:
    engines = [open_url(blank_url) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(schema.upgrade, engines))

    assert {each.before for each in done} == {None, schema.revisions()[-1]}
    assert differences(engines[0]) == []
    for engine in engines:
        engine.dispose()


def cut_off(url: str, moment: str, count: int) -> int:
    """Upgrade in a process of its own that is killed at the nth such moment; return its status."""
    return subprocess.run([sys.executable, "-c", CUT_OFF, url, moment, str(count)], check=False).returncode
