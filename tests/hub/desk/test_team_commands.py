"""`kiosk hub worker`, `rotate-key`, `rotate-hub-key` and `recover`, as they are typed. Each password of theirs costs its full second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from kiosk.callbacks.seal import key_id
from kiosk.cli import hub as command
from kiosk.errors import AccountFaulty, RoleRefused, SealBroken, WaymarkError
from kiosk.hub.accounts import Accounts
from kiosk.hub.keys import private_key_id, public_half, read_recovery_words, recovery_words
from kiosk.hub.people import People
from kiosk.hub.publish_trust import HubPublishers
from kiosk.hub.roles import Role
from kiosk.hub.store import HubStore
from kiosk.pack.publisher import make_change, save_change, save_public
from kiosk.settings import Settings
from tests.callbacks.samples import KIOSK_VERIFY_KEY
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, PASSWORD, TEAM, WORKER, make_hub
from tests.pack.signed_packs import KEY, STRANGER

GROUPS = re.compile(r"(?:[A-Z2-7]{4}-){13}[A-Z2-7]{4}")
NEW = "pencil orchard friday"
PAPER = recovery_words(TEAM.recovery_key)


@pytest.fixture(autouse=True)
def hub(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("KIOSK_DATA", str(settings.data))
    engine = make_hub(settings)
    yield engine
    engine.dispose()


def run(*words: str, typed: str = "") -> Result:
    result = CliRunner().invoke(command.hub, words, input=typed)
    assert result.exit_code == 0, result.output
    return result


def fails_with(kind: type[WaymarkError], *words: str, typed: str = "") -> str:
    result = CliRunner().invoke(command.hub, words, input=typed)
    assert isinstance(result.exception, kind), result.output
    return str(result.exception)


def opens(hub: Engine, name: str, password: str) -> bytes:
    return Accounts(hub, CHEAP).open(name, password, datetime.now(UTC)).team_key


def test_a_worker_changes_their_password(hub: Engine) -> None:
    run("worker", "password", COLLEAGUE, typed=f"{COLLEAGUES_PASSWORD}\n{NEW}\n{NEW}\n")

    assert opens(hub, COLLEAGUE, NEW) == TEAM.team_key


def test_a_lead_adds_a_publisher_gives_centres_and_lists_the_team(hub: Engine) -> None:
    run("worker", "add", "P. Reed", "--by", WORKER, "--role", "publisher", typed=f"{PASSWORD}\n{NEW}\n{NEW}\n")
    run("worker", "centres", COLLEAGUE, "--by", WORKER, "--centre", "Barton", "--centre", "Rose Hill", typed=PASSWORD)

    assert People(hub).get("P. Reed").role is Role.PUBLISHER
    assert run("worker", "list").output.splitlines() == [
        f"{COLLEAGUE}  worker  Barton, Rose Hill",
        f"{WORKER}  lead  all centres",
        "P. Reed  publisher  no requests",
    ]


@pytest.mark.parametrize("said", [(), ("--centre", "Barton", "--all-centres")])
@pytest.mark.parametrize("words", [("add", "M. Silva"), ("centres", COLLEAGUE), ("role", WORKER, "worker")])
def test_all_centres_is_said_and_is_not_what_comes_of_naming_none(
    words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(command.hub, ["worker", *words, *said, "--by", WORKER], input=PASSWORD)

    assert (result.exit_code, "--all-centres" in result.stderr) == (2, True)


def test_a_centre_is_written_as_the_hub_writes_it_and_one_without_a_kiosk_is_told(hub: Engine) -> None:
    store, now = HubStore(hub), datetime.now(UTC)
    store.enrol(store.create_code("Rose Hill", now), KIOSK_VERIFY_KEY, now)

    misspelt = run("worker", "centres", COLLEAGUE, "--by", WORKER, "--centre", "Rose Hil", typed=PASSWORD)
    meant = run("worker", "centres", COLLEAGUE, "--by", WORKER, "--centre", "rose  HILL", typed=PASSWORD)

    assert "No kiosk stands in Rose Hil yet. Kiosks stand in: Rose Hill." in misspelt.stderr
    assert meant.stderr == ""
    assert People(hub).get(COLLEAGUE).centres == ("Rose Hill",)


def test_a_lead_makes_a_worker_a_publisher_and_then_a_lead(hub: Engine) -> None:
    run("worker", "role", COLLEAGUE, "publisher", "--by", WORKER, typed=f"{PASSWORD}\n{NEW}\n{NEW}\n")
    became = People(hub).get(COLLEAGUE).role
    run("worker", "role", COLLEAGUE, "lead", "--by", WORKER, "--password-file", "-", typed=f"{PASSWORD}\n{NEW}\n")

    assert (became, People(hub).get(COLLEAGUE).role) == (Role.PUBLISHER, Role.LEAD)
    assert opens(hub, COLLEAGUE, NEW) == TEAM.team_key


def test_a_lead_makes_a_lead_a_worker_of_one_centre(hub: Engine) -> None:
    run("worker", "role", COLLEAGUE, "lead", "--by", WORKER, typed=PASSWORD)
    run("worker", "role", COLLEAGUE, "worker", "--by", WORKER, "--centre", "Barton", typed=PASSWORD)

    became = People(hub).get(COLLEAGUE)
    assert (became.role, became.centres) == (Role.WORKER, ("Barton",))


def test_a_lead_removes_a_worker(hub: Engine) -> None:
    run("worker", "remove", COLLEAGUE, "--by", WORKER, typed=PASSWORD)

    assert [member.worker.name for member in People(hub).find()] == [WORKER]


def test_the_last_lead_stays_and_a_worker_removes_nobody() -> None:
    assert "last lead" in fails_with(AccountFaulty, "worker", "remove", WORKER, "--by", WORKER, typed=PASSWORD)
    fails_with(RoleRefused, "worker", "remove", WORKER, "--by", COLLEAGUE, typed=COLLEAGUES_PASSWORD)


def test_rotate_key_names_the_new_key_and_says_who_has_not_got_it(hub: Engine) -> None:
    output = run("rotate-key", "--by", WORKER, typed=PASSWORD).output

    assert HubStore(hub).get_keys().team_key_id in output
    assert "new team key at the next sign-in" in run("worker", "list").output
    assert private_key_id(opens(hub, COLLEAGUE, COLLEAGUES_PASSWORD)) in output


def test_rotate_hub_key_names_the_new_key_and_says_what_is_to_be_done_and_only_a_lead_does_it(hub: Engine) -> None:
    before = HubStore(hub).get_keys()
    fails_with(RoleRefused, "rotate-hub-key", "--by", COLLEAGUE, typed=COLLEAGUES_PASSWORD)
    assert HubStore(hub).get_keys() == before
    output = run("rotate-hub-key", "--by", WORKER, typed=PASSWORD).output

    after = HubStore(hub).get_keys()
    assert key_id(after.verify_key) in output and "Restart the hub." in output and "kiosk device enrol" in output
    assert (after.team_key, after.recovery_key) == (before.team_key, before.recovery_key)
    assert private_key_id(opens(hub, COLLEAGUE, COLLEAGUES_PASSWORD)) == after.team_key_id


class TestRecover:
    def test_the_paper_key_makes_a_new_lead_and_a_new_paper_key(self, hub: Engine) -> None:
        typed = f"{PAPER.lower()}\n{NEW}\n{NEW}\n"
        output = run("recover", "--worker", "P. Reed", "--no-confirm", typed=typed).output

        words = GROUPS.search(output)
        assert words
        assert public_half(read_recovery_words(words[0])) == HubStore(hub).get_keys().recovery_key
        assert private_key_id(opens(hub, "P. Reed", NEW)) == HubStore(hub).get_keys().team_key_id
        assert [member.worker.name for member in People(hub).find()] == ["P. Reed"]

    def test_a_wrong_letter_is_asked_for_again(self) -> None:
        typed = f"{'X' + PAPER[1:] if PAPER[0] != 'X' else 'Y' + PAPER[1:]}\n{PAPER}\n{NEW}\n{NEW}\n"
        output = run("recover", "--worker", "P. Reed", "--no-confirm", typed=typed).output

        assert "Read it from the paper again." in output

    def test_another_hubs_paper_changes_nothing(self, hub: Engine) -> None:
        before = HubStore(hub).get_keys()
        fails_with(SealBroken, "recover", "--worker", "P. Reed", typed=recovery_words(b"x" * 32) + "\n")

        assert HubStore(hub).get_keys() == before

    def test_nothing_changes_before_the_new_key_was_typed_back(self, hub: Engine) -> None:
        before = HubStore(hub).get_keys()
        words = ("recover", "--worker", "P. Reed")
        result = CliRunner().invoke(command.hub, words, input=f"{PAPER}\n{NEW}\n{NEW}\n{PAPER}\n")

        assert result.exit_code == 1
        assert "That is another key." in result.output
        assert HubStore(hub).get_keys() == before
        assert opens(hub, WORKER, PASSWORD) == TEAM.team_key

    def test_the_paper_key_is_no_argument(self) -> None:
        assert CliRunner().invoke(command.hub, ["recover", PAPER, "--worker", "P. Reed"]).exit_code == 2


def test_a_lead_trusts_a_publisher_by_a_file_and_follows_a_change_of_keys(hub: Engine, tmp_path: Path) -> None:
    public, change = tmp_path / "rose-hill.pub", tmp_path / "rose-hill.keychange"
    save_public(KEY.public, public)
    save_change(make_change(KEY, STRANGER), change)
    fails_with(RoleRefused, "trust", str(public), "--by", COLLEAGUE, typed=f"{COLLEAGUES_PASSWORD}\n")
    run("trust", str(public), "--by", WORKER, typed=f"{PASSWORD}\n")
    before = HubPublishers(hub).keys()
    run("trust", str(change), "--by", WORKER, typed=f"{PASSWORD}\n")

    assert (before, HubPublishers(hub).keys()) == ({KEY.public}, {STRANGER.public})
