"""A hub with a row in every table, written out as SQL for both databases: `python -m tests.hub.freezing`, at a release.

What it writes to tests/hub/schemas/ is never written again: hubs of that release are in use, and each later step must
bring them along (see test_migrations.py).
"""

from __future__ import annotations

import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine

from kiosk.callbacks.contract import first_link
from kiosk.callbacks.seal import key_id, seal
from kiosk.database import open_url
from kiosk.errors import SignInRefused
from kiosk.hub.accounts import Accounts
from kiosk.hub.booking import Bookings
from kiosk.hub.case import AttemptKind, ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.clock import HubClock
from kiosk.hub.escalation import escalate
from kiosk.hub.lines import Said, follows, set_apart
from kiosk.hub.looks import Looks, What
from kiosk.hub.notes import Notes, seal_note
from kiosk.hub.people import People
from kiosk.hub.retention import purge
from kiosk.hub.roles import Opened
from kiosk.hub.rotation import rotate_key
from kiosk.hub.schema import revisions
from kiosk.hub.sessions import Sessions
from kiosk.settings import Settings
from tests.hub.databases import find_postgresql, postgresql_cluster
from tests.hub.desk.people import CHEAP, COLLEAGUE, NOW, PASSWORD, TEAM, WORKER, Clock, Kiosk, make_kiosk, make_team

SCHEMAS = Path(__file__).with_name("schemas")
AMINA, BEATRIZ, CHIPO = (UUID(f"{digit * 8}-1111-4111-8111-111111111111") for digit in "abc")
NOTE, CALL = UUID(int=1, version=4), UUID(int=2, version=4)
LATER = NOW + timedelta(days=5)
MAIL = Settings(escalate_mail="lead@example.org", smtp_url="smtp://mail.example.org", smtp_from="hub@example.org")
# What only belongs to the session that wrote the dump, or that an older server does not know.
PASSING = ("--", "SET ", "SELECT pg_catalog.set_config", "\\", "CREATE SCHEMA")


def fill(engine: Engine) -> None:
    """Make a hub in which Amina waits and is being rung, Beatriz was rung, and Chipo was, long ago."""
    accounts, kiosk = Accounts(make_team(engine), CHEAP), make_kiosk(engine, Clock())
    for id, name in ((AMINA, "Amina"), (BEATRIZ, "Beatriz"), (CHIPO, "Chipo")):
        kiosk.leave(name, id=id)
    lead = accounts.open(WORKER, PASSWORD, NOW)
    _work_on_cases(engine, lead)
    _send_oddly(kiosk)
    people = People(engine, CHEAP)
    people.set_centres(lead.worker, people.get(COLLEAGUE).id, ["Rose Hill"])
    rotate_key(engine, lead.worker, lead.team_key, NOW)
    Sessions(engine, timedelta(minutes=10)).start(accounts.open(WORKER, PASSWORD, NOW), NOW)
    escalate(engine, MAIL, LATER, send=lambda _mail: None)
    HubClock(engine).look(NOW)
    Looks(engine).note(WORKER, What.OPEN, 1, 2, NOW)
    kiosk.store.create_code("Barton", NOW, WORKER)
    with suppress(SignInRefused):
        accounts.open(COLLEAGUE, "not the password", NOW)


def _work_on_cases(engine: Engine, lead: Opened) -> None:
    cases, me = Cases(engine), lead.worker.name
    for id in (AMINA, BEATRIZ, CHIPO):
        cases.claim(id, me, NOW)
    cases.add_attempt(AMINA, CALL, me, AttemptKind.NO_ANSWER, NOW)
    cases.close(BEATRIZ, me, [ResultKind.COLLEGE], NOW)
    cases.close(CHIPO, me, [ResultKind.COLLEGE], NOW - timedelta(days=20))
    purge(engine, 14, NOW)
    Notes(engine).add(seal_note(NOTE, AMINA, "Ring after three", TEAM.public.team_key, me, NOW))
    Bookings(engine).book(AMINA, NOW + timedelta(hours=2), me)


def _send_oddly(kiosk: Kiosk) -> None:
    """Send other bytes under Amina's number, and one request from a copied disk."""
    again = seal(replace(kiosk.left[0], name="Dalia"), kiosk.identity)
    kiosk.hand_in(again)
    with kiosk.store.engine.begin() as connection:
        follows(connection, kiosk.identity.kiosk, Said(first_link(), 3, 0), NOW)
        set_apart(connection, again, key_id(kiosk.identity.team_key), NOW)


def dump_sqlite() -> str:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_url(f"sqlite:///{folder}/hub.sqlite")
        fill(engine)
        engine.dispose()
        with closing(sqlite3.connect(f"{folder}/hub.sqlite")) as connection:
            return "\n".join(connection.iterdump()) + "\n"


def dump_postgresql() -> str:
    programs = find_postgresql()
    assert programs, "Install: apt install postgresql"
    with postgresql_cluster(programs) as url:
        engine = open_url(url)
        fill(engine)
        folder = engine.url.query["host"]
        engine.dispose()
        command = [str(programs / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", "--no-comments"]
        address = ["-h", str(folder), "-U", "waymark", "postgres"]
        dumped = subprocess.run([*command, *address], capture_output=True, text=True, check=True)
    return "\n".join(_lasting(dumped.stdout)) + "\n"


def _lasting(dumped: str) -> Iterator[str]:
    yield from (line for line in dumped.splitlines() if line and not line.startswith(PASSING))


def main() -> None:
    for kind, dump in (("sqlite", dump_sqlite), ("postgresql", dump_postgresql)):
        file = SCHEMAS / f"{revisions()[-1]}-{kind}.sql"
        if file.exists():
            raise SystemExit(f"{file} is frozen: hubs like it are in use.")
        file.write_text(dump(), encoding="utf-8")


if __name__ == "__main__":
    main()
