"""What people are told about what is kept of them is what the hub does, on the desk, in print and on the kiosk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from kiosk.bootstrap import bootstrap
from kiosk.callbacks.identity import load_identity, save_identity
from kiosk.callbacks.seal import seal
from kiosk.cli import hub as command
from kiosk.hub.app import create_app
from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.copies import copy_beside
from kiosk.hub.privacy import plain_text, privacy_notice
from kiosk.hub.retention import purge
from kiosk.hub.store import HubStore
from kiosk.pack.facts import fill
from kiosk.settings import Settings
from kiosk.sync import hub_client
from tests.hub.desk.browsing import served
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import CHEAP, NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import words


def test_it_says_the_days_after_which_the_hub_deletes_and_not_one_more(hub: Engine, kiosk: Kiosk, cases: Cases) -> None:
    settings, id = Settings(handled_days=9), kiosk.leave()
    cases.claim(id, WORKER, NOW)
    cases.close(id, WORKER, [ResultKind.COLLEGE], NOW)

    assert "We delete it 9 days after we are done" in plain_text(privacy_notice(settings))
    assert purge(hub, settings.handled_days, NOW + timedelta(days=9)) == 0
    assert purge(hub, settings.handled_days, NOW + timedelta(days=9, seconds=1)) == 1


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "The family support team of your children’s centre. Ask at the desk of your centre."),
        (
            {"controller": "Barton Council", "controller_contact": "data@example.org"},
            "Barton Council. Ask us: data@example.org.",
        ),
        ({"escalate_days": 1}, "If nobody has rung you after 1 day, you stand at the top of our list. Nothing"),
        (
            {"escalate_mail": "a@example.org", "smtp_url": "smtp://host:25", "smtp_from": "b@example.org"},
            "The centre is told by mail how many wait, without a name.",
        ),
        ({"handled_days": 9}, "in case our computer fails may hold it, locked, for 9 days more."),
        ({"idle_lock_minutes": 7}, "nobody has touched for 7 minutes locks"),
    ],
)
def test_it_follows_the_settings(settings: dict[str, str | int], says: str) -> None:
    assert says in plain_text(privacy_notice(replace(Settings(), **settings)))  # type: ignore[arg-type]


def test_anybody_can_read_it_without_signing_in(visitor: Worker) -> None:
    page = words(visitor.get("/privacy").text)

    for section in privacy_notice(Settings()):
        for sentence in (section.asks, *section.says):
            assert sentence in page


def test_the_command_prints_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_HANDLED_DAYS", "21")

    assert CliRunner().invoke(command.hub, ["privacy"]).output == plain_text(privacy_notice(Settings(handled_days=21)))


class TestAKiosk:
    """A kiosk with the content of the county, whose pack says 14 days."""

    def promise(self, settings: Settings) -> str:
        services = bootstrap(settings)
        return fill(services.pack.callback.privacy_short, services.facts, services.today())

    def join(self, hub: Settings, kiosk: Settings, clock: Clock) -> str:
        app = create_app(hub, clock, CHEAP)
        store: HubStore = app.extensions["waymark-desk"].store
        with served(app) as address:
            save_identity(hub_client.enrol(address, store.create_code("Barton", clock())), kiosk.data)
        store.engine.dispose()
        return address

    def test_it_promises_the_hubs_days_from_when_it_joins(
        self, hub: Engine, settings: Settings, clock: Clock, tmp_path: Path
    ) -> None:
        mine = Settings(data=tmp_path / "kiosk")
        before = self.promise(mine)
        self.join(replace(settings, handled_days=30), mine, clock)

        assert "deleted 14 days after we are done" in before
        assert "deleted 30 days after we are done" in self.promise(mine)

    def test_it_hears_of_other_days_when_it_delivers_next_and_still_knows_at_the_next_start(
        self, hub: Engine, settings: Settings, clock: Clock, kiosk: Kiosk, tmp_path: Path
    ) -> None:
        mine = Settings(data=tmp_path / "kiosk")
        self.join(replace(settings, handled_days=30), mine, clock)
        services = bootstrap(mine)
        assert services.identity
        app = create_app(replace(settings, handled_days=7), clock, CHEAP)
        kiosk.leave()
        request = replace(kiosk.left[-1], kiosk=services.identity.kiosk)
        with served(app) as address:
            client = hub_client.HubClient(services.identity, url=address, on_new_keys=services.renew)
            client.deliver([seal(request, services.identity)])
            client.close()
        app.extensions["waymark-desk"].store.engine.dispose()

        assert services.keep_days == 7
        assert "deleted 7 days after we are done" in self.promise(mine)
        identity = load_identity(mine.data)
        assert identity and identity.keep_days == 7


def test_a_copy_that_an_upgrade_left_is_told_of_before_a_request_in_it_is_deleted(
    worker: Worker, kiosk: Kiosk, hub: Engine, settings: Settings
) -> None:
    id = kiosk.leave()
    copy_beside(hub, NOW - timedelta(days=1))  # before it came
    without = words(worker.get(f"/requests/{id}/delete").text)
    copy_beside(hub, NOW)
    asked = words(worker.get(f"/requests/{id}/delete").text)

    assert "Nothing brings them back" in without and "Nothing brings them back" not in asked
    assert "still holds it, locked, and is deleted on Sat 5 Dec." in asked
