"""A clock that has leapt deletes nothing until somebody has said that it is right, or it has gone on for a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine

from kiosk.cli.hub import hub as hub_command
from kiosk.errors import HubNotReady, RoleRefused
from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.clock import LEAP, SETTLED, HubClock, Seen, judge
from kiosk.hub.retention import purge_on_time
from kiosk.hub.serving import upkeep
from kiosk.hub.store import HubStore
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, COLLEAGUES_PASSWORD, NOW, PASSWORD, WORKER, Clock, Kiosk, make_hub
from tests.hub.desk.reading import colleague, words
from tests.processes import wait_until

HOUR = timedelta(hours=1)
Y2099 = datetime(2099, 12, 31, tzinfo=UTC)
Y1970 = datetime(1970, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.promise(17)


def after(*moments: datetime) -> Seen:
    """Return what is known of a clock that was right at NOW and has said all of these since."""
    seen = Seen(NOW)
    for moment in moments:
        seen = judge(seen, moment)
    return seen


def hours_from(moment: datetime, lasting: timedelta) -> list[datetime]:
    return [moment + HOUR * number for number in range(lasting // HOUR + 1)]


class TestTheJudgement:
    def test_a_clock_that_goes_on_is_trusted_and_so_is_one_after_a_long_weekend(self) -> None:
        assert after(*hours_from(NOW, timedelta(days=20))) == Seen(NOW + timedelta(days=20))
        assert after(NOW + LEAP) == Seen(NOW + LEAP)

    @pytest.mark.parametrize("leapt_to", [Y2099, Y1970, NOW + LEAP + HOUR, NOW - timedelta(days=30)])
    def test_one_that_has_leapt_is_doubted_until_it_has_gone_on_for_a_week(self, leapt_to: datetime) -> None:
        assert after(leapt_to) == Seen(NOW, leapt_to, leapt_to)
        assert after(*hours_from(leapt_to, SETTLED - HOUR)).is_doubted
        assert after(*hours_from(leapt_to, SETTLED)) == Seen(leapt_to + SETTLED)

    @pytest.mark.parametrize("leapt_to", [Y2099, Y1970])
    def test_one_that_is_put_right_is_trusted_at_once(self, leapt_to: datetime) -> None:
        assert after(leapt_to, NOW + HOUR) == Seen(NOW + HOUR)

    def test_one_that_leaps_again_has_to_go_on_for_a_week_from_there(self) -> None:
        again = Y2099 + timedelta(days=30)

        assert after(*hours_from(Y2099, SETTLED - HOUR), again) == Seen(NOW, again, again)


class TestThePurge:
    @pytest.fixture
    def settings(self, on_both: Settings) -> Settings:
        return on_both

    @pytest.fixture
    def closed(self, hub: Engine, kiosk: Kiosk, cases: Cases) -> Iterator[Engine]:
        """A hub at work at NOW, with a request that was just closed."""
        id = kiosk.leave("Amina")
        cases.claim(id, WORKER, NOW)
        cases.close(id, WORKER, [ResultKind.COLLEGE], NOW)
        assert purge_on_time(hub, 14, NOW) == 0
        yield hub

    def test_with_a_clock_years_ahead_nothing_goes(self, closed: Engine) -> None:
        for moment in hours_from(Y2099, HOUR):
            assert purge_on_time(closed, 14, moment) is None

        assert len(HubStore(closed).find_open_envelopes()) == 1
        assert purge_on_time(closed, 14, NOW + timedelta(days=1)) == 0

    def test_it_goes_on_time_by_a_clock_that_goes_on(self, closed: Engine) -> None:
        gone = [purge_on_time(closed, 14, NOW + timedelta(days=day)) for day in range(1, 16)]

        assert gone == [0] * 14 + [1]

    def test_a_leads_word_makes_it_go_on(self, closed: Engine) -> None:
        back = NOW + timedelta(days=60)
        assert purge_on_time(closed, 14, back) is None
        HubClock(closed).trust(back)

        assert purge_on_time(closed, 14, back + HOUR) == 1

    @pytest.mark.parametrize("wrong", [Y2099, Y1970])
    def test_what_was_closed_by_a_wrong_clock_goes_a_fortnight_after_it_was_put_right(
        self, closed: Engine, kiosk: Kiosk, cases: Cases, wrong: datetime
    ) -> None:
        id, right = kiosk.leave("Sophie"), NOW + HOUR
        cases.claim(id, WORKER, wrong)
        cases.close(id, WORKER, [ResultKind.COLLEGE], wrong)
        assert purge_on_time(closed, 14, wrong) is None
        gone = [purge_on_time(closed, 14, right + timedelta(days=day)) for day in (0, 5, 10, 14, 15)]

        assert gone == [0, 0, 0, 1, 1]  # the one that was closed an hour before, and this one

    def test_a_hub_that_serves_waits_and_says_so(
        self, closed: Engine, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        HubClock(closed).trust(datetime.now(UTC) - timedelta(days=30))
        with upkeep(closed, settings):
            wait_until(lambda: "Nothing is purged: the clock has leapt" in caplog.text)

        assert len(HubStore(closed).find_open_envelopes()) == 1


class TestTheDesk:
    def test_a_lead_is_told_until_they_say_that_it_is_right(
        self, app: Flask, visitor: Worker, hub: Engine, clock: Clock
    ) -> None:
        HubClock(hub).look(NOW)
        clock.now = Y2099
        HubClock(hub).look(Y2099)
        visitor.sign_in()

        assert "The hub’s clock leapt to 31 December 2099, 00:00." in words(visitor.get("/").text)
        assert "leapt" not in colleague(app).get("/").text
        page = words(visitor.get("/clock").text)
        assert "It says 31 December 2099, 00:00 Last seen right 21 November 2026, 11:52" in page
        assert "Handled requests are deleted on time." in visitor.post("/clock", "/clock").text
        assert "leapt" not in visitor.get("/").text

    def test_only_a_lead_says_so(self, app: Flask, hub: Engine) -> None:
        other = colleague(app)

        assert other.get("/clock").status_code == 403
        assert other.post("/clock", "/").status_code == 403
        assert HubClock(hub).find() is None


class TestTheCommand:
    @pytest.fixture
    def leapt(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("KIOSK_DATA", str(tmp_path))
        engine = make_hub(Settings(data=tmp_path))
        HubClock(engine).trust(datetime.now(UTC) - timedelta(days=400))
        yield engine
        engine.dispose()

    def run(self, *words: str, typed: str = "") -> str:
        result = CliRunner().invoke(hub_command, words, input=typed)
        if result.exception:
            raise result.exception
        return result.output

    def test_purge_deletes_nothing_and_names_the_way_out(self, leapt: Engine) -> None:
        with pytest.raises(HubNotReady, match="Nothing was deleted") as why:
            self.run("purge")

        assert "kiosk hub clock --right" in why.value.remedy
        assert "No handled request is deleted." in self.run("clock")

    def test_a_lead_says_that_it_is_right(self, leapt: Engine) -> None:
        says = self.run("clock", "--right", "--by", WORKER, typed=f"{PASSWORD}\n")

        assert "Handled requests are deleted on time." in says
        assert self.run("purge") == "0 handled requests deleted.\n"

    def test_a_worker_cannot(self, leapt: Engine) -> None:
        with pytest.raises(RoleRefused):
            self.run("clock", "--right", "--by", COLLEAGUE, typed=f"{COLLEAGUES_PASSWORD}\n")
        with pytest.raises(HubNotReady):
            self.run("purge")
