"""Somebody walks off with a copy of all that the hub has on its disk, after a busy day and with two desks open."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from kiosk.hub.accounts import Accounts
from kiosk.hub.desk_tables import workers
from kiosk.hub.door import TOKEN
from kiosk.hub.keys import Cost, WrappedKey, recovery_words, unwrap
from kiosk.hub.store import HubStore
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, NOW, PASSWORD, TEAM, WORKER, Kiosk
from tests.hub.desk.reading import colleague
from tests.hub.desk.test_retention_files import written
from tests.hub.desk.test_subject import work_on

NEWCOMER, NEWCOMERS_PASSWORD = "M. Silva", "pencil orchard friday"
NEW_PASSWORD = "saddle river monday"
TYPED = ("Canary Wren", "7700900456", "a topic of wrens", "Ask for Amina")


@pytest.fixture
def settings(on_both: Settings) -> Settings:
    return on_both


def a_busy_day(app: Flask, lead: Worker, kiosk: Kiosk) -> list[Worker]:
    """Leave the hub with an old and a new team key, a new password, a worker more, and two who are signed in."""
    id = kiosk.leave("Canary Wren", phone="+447700900456", topic="a topic of wrens")
    work_on(colleague(app), id)
    lead.post("/search", words="Canary 07700 900456")
    lead.post("/team/new", name=NEWCOMER, password=NEWCOMERS_PASSWORD, role="lead", centre="")
    lead.post("/account/password", "/account", old=PASSWORD, new=NEW_PASSWORD)
    assert "The team has a new key." in lead.post("/team/key").text
    desks = [Worker(app.test_client()) for _ in range(2)]
    for desk, name, password in zip(desks, (WORKER, NEWCOMER), (NEW_PASSWORD, NEWCOMERS_PASSWORD), strict=True):
        desk.sign_in(name, password)
        assert "Canary Wren" in desk.get("/").text
    return desks


def copied(settings: Settings, hub: Engine) -> bytes:
    """Return every byte that the hub has on its disk: its folder, and its database wherever that is."""
    files = sorted(file for file in settings.data.rglob("*") if file.is_file())
    rows = written(hub) if hub.dialect.name == "postgresql" else b""
    return b"\0".join([rows, *(file.read_bytes() for file in files)])


def spellings(secret: bytes) -> Iterator[bytes]:
    """Give each way in which 32 bytes are commonly written down."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode, base64.b32encode):
        yield encode(secret).rstrip(b"=")
    yield recovery_words(secret).encode()
    yield recovery_words(secret).replace("-", "").encode()


def private_keys(hub: Engine) -> list[bytes]:
    """Return every private key that there has been, each from where only its owner comes by it."""
    accounts = Accounts(hub, CHEAP)
    opened = accounts.open(WORKER, NEW_PASSWORD, NOW)
    assert opened.team_key != TEAM.team_key
    with hub.connect() as connection:
        rows = {row.name: row for row in connection.execute(select(workers))}
    passwords = {WORKER: NEW_PASSWORD, NEWCOMER: NEWCOMERS_PASSWORD, COLLEAGUE: COLLEAGUES_PASSWORD}
    mine = [
        unwrap(WrappedKey(row.salt, Cost(row.passes, row.memory), row.wrapped_key), passwords[name])
        for name, row in rows.items()
    ]
    return [TEAM.team_key, TEAM.recovery_key, opened.team_key, *(each.own_key for each in mine)]


def test_there_is_no_key_no_password_and_nothing_that_a_parent_said_in_it(
    app: Flask, worker: Worker, kiosk: Kiosk, hub: Engine, settings: Settings
) -> None:
    desks = a_busy_day(app, worker, kiosk)
    copy, keys = copied(settings, hub), private_keys(hub)

    assert any(spelling in copy for spelling in spellings(HubStore(hub).get_keys().team_key))  # the public one is there
    assert not [key for key in keys for spelling in spellings(key) if spelling in copy]
    for password in (PASSWORD, NEW_PASSWORD, COLLEAGUES_PASSWORD, NEWCOMERS_PASSWORD):
        assert password.encode() not in copy
    for word in TYPED:
        assert not any(word.encode(coding) in copy for coding in ("utf-8", "utf-16-le", "utf-32-le"))
    for desk in desks:
        with desk.client.session_transaction() as session:
            assert session[TOKEN].encode() not in copy
