"""`kiosk hub`, as it is typed."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.callbacks.seal import open_envelope, seal
from kiosk.cli import hub as command
from kiosk.errors import (
    AccountFaulty,
    EnrolmentRefused,
    HubAlreadyReady,
    HubNotReady,
    PortTaken,
    SignInRefused,
    WaymarkError,
)
from kiosk.hub.accounts import Accounts
from kiosk.hub.fleet import Fleet
from kiosk.hub.keys import read_recovery_words
from kiosk.hub.setup import hub_engine, init_hub
from kiosk.hub.store import HubStore
from kiosk.hub.vendor import install
from kiosk.settings import Settings
from tests.callbacks.samples import IDENTITY, KIOSK_VERIFY_KEY, request
from tests.hub.desk.people import CHEAP, PASSWORD, WORKER, make_hub

GROUPS = re.compile(r"(?:[A-Z2-7]{4}-){13}[A-Z2-7]{4}")


@pytest.fixture(autouse=True)
def this_machine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_DATA", str(settings.data))


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command.hub, words, input=typed)


def fails_with(kind: type[WaymarkError], *words: str, typed: str = "") -> str:
    result = run(*words, typed=typed)
    assert isinstance(result.exception, kind), result.output
    return str(result.exception)


class TestInit:
    def test_it_makes_keys_and_a_worker_and_shows_a_recovery_key_that_opens_what_is_sealed(
        self, settings: Settings
    ) -> None:
        result = run("init", "--worker", WORKER, "--password-file", "-", "--no-confirm", typed=PASSWORD + "\n")

        assert result.exit_code == 0, result.output
        engine = hub_engine(settings)
        keys, words = HubStore(engine).get_keys(), GROUPS.search(result.output)
        assert words
        identity = type(IDENTITY)(**(vars(IDENTITY) | {"team_key": keys.team_key, "recovery_key": keys.recovery_key}))
        envelope = seal(request(), identity)
        recovery_key = read_recovery_words(words[0])
        team_key = Accounts(engine).open(WORKER, PASSWORD, datetime.now(UTC)).team_key
        assert open_envelope(envelope.blob, recovery_key, KIOSK_VERIFY_KEY, "recovery").name == "Amina"
        assert open_envelope(envelope.blob, team_key, KIOSK_VERIFY_KEY).name == "Amina"
        engine.dispose()

    def test_neither_private_key_is_in_the_database(self, settings: Settings) -> None:
        words = init_hub(settings, WORKER, PASSWORD, CHEAP)
        engine = hub_engine(settings)
        team_key = Accounts(engine, CHEAP).open(WORKER, PASSWORD, datetime.now(UTC)).team_key
        engine.dispose()

        kept = (settings.data / "hub.sqlite").read_bytes()
        assert read_recovery_words(words) not in kept
        assert team_key not in kept
        assert PASSWORD.encode() not in kept

    def test_nothing_is_stored_before_the_recovery_key_was_typed_back(self, settings: Settings) -> None:
        result = run("init", "--worker", WORKER, "--password-file", "-", typed=PASSWORD + "\nAAAA-BBBB\n")

        assert "Read it from the paper again." in result.output
        assert result.exit_code == 1
        with pytest.raises(HubNotReady):
            HubStore(hub_engine(settings)).get_keys()

    def test_a_second_time_it_refuses_and_keeps_the_keys(self, settings: Settings) -> None:
        engine = make_hub(settings)
        before = HubStore(engine).get_keys()

        assert "worker add" in fails_with(HubAlreadyReady, "init", "--worker", WORKER, "--no-confirm")
        assert HubStore(engine).get_keys() == before
        engine.dispose()

    def test_a_short_password_is_refused_and_nothing_stored(self, settings: Settings) -> None:
        fails_with(AccountFaulty, "init", "--worker", WORKER, "--password-file", "-", "--no-confirm", typed="short\n")

        with pytest.raises(HubNotReady):
            HubStore(hub_engine(settings)).get_keys()

    def test_a_password_file_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "picture").write_bytes(b"\xff\xd8\xff\xe0")

        said = fails_with(AccountFaulty, "init", "--worker", WORKER, "--password-file", str(tmp_path / "picture"))
        assert said.endswith("picture is no text file. Put the password on its first line, in UTF-8.")

    def test_a_short_password_that_was_typed_is_asked_for_again(self, settings: Settings) -> None:
        typed = "short\nshort\n" + f"{PASSWORD}\n{PASSWORD}\n"

        result = run("init", "--worker", WORKER, "--no-confirm", typed=typed)

        assert "of 10 characters or more" in result.output and "at least 10" in result.output
        assert result.exit_code == 0


class TestLookingAfter:
    def test_a_code_lets_a_kiosk_join_its_centre(self, settings: Settings) -> None:
        engine = make_hub(settings)
        code = run("code", "--centre", "Rose Hill").output.strip()
        store = HubStore(engine)
        store.enrol(code, KIOSK_VERIFY_KEY, datetime.now(UTC))

        assert [kiosk.centre for kiosk in Fleet(store.engine).find_kiosks()] == ["Rose Hill"]
        engine.dispose()

    def test_a_code_is_listed_until_it_is_withdrawn(self, settings: Settings) -> None:
        engine = make_hub(settings)
        code = run("code", "--centre", "Rose Hill").output.strip()
        listed = run("codes").output
        id = listed.split()[0]

        assert "Rose Hill, made " in listed and "1 not used yet." in listed
        assert code not in listed
        assert run("withdraw-code", id).output == "The code for Rose Hill lets nobody join any more.\n"
        assert run("codes").output == "0 not used yet.\n"
        assert "Look at the list again" in fails_with(EnrolmentRefused, "withdraw-code", id)
        with pytest.raises(EnrolmentRefused):
            HubStore(engine).enrol(code, KIOSK_VERIFY_KEY, datetime.now(UTC))
        engine.dispose()

    def test_a_colleague_is_added_with_a_workers_own_password(self, settings: Settings) -> None:
        engine = make_hub(settings)
        typed = f"{PASSWORD}\nmarble candle river\nmarble candle river\n"
        result = run("worker", "add", "M. Silva", "--all-centres", "--by", WORKER, typed=typed)

        assert result.exit_code == 0, result.output
        accounts, now = Accounts(engine, CHEAP), datetime.now(UTC)
        assert accounts.open("M. Silva", "marble candle river", now).team_key == (
            accounts.open(WORKER, PASSWORD, now).team_key
        )
        engine.dispose()

    def test_nobody_is_added_with_a_wrong_password(self, settings: Settings) -> None:
        make_hub(settings).dispose()

        fails_with(SignInRefused, "worker", "add", "M. Silva", "--all-centres", "--by", WORKER, typed="a wrong one\n")

    def test_purge_says_how_many_went(self, settings: Settings) -> None:
        make_hub(settings).dispose()

        assert run("purge").output == "0 handled requests deleted.\n"

    @pytest.mark.parametrize("words", [("serve",), ("code", "--centre", "Rose Hill"), ("purge",)])
    def test_a_hub_that_was_not_made_says_how_to_make_it(self, words: tuple[str, ...]) -> None:
        install()

        assert "kiosk hub init" in fails_with(HubNotReady, *words)

    @pytest.mark.parametrize("address", ["nonsense", "postgres://hub/waymark", "mysql://hub/waymark"])
    def test_what_is_no_address_of_a_database_is_said_with_one_that_is(
        self, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        monkeypatch.setenv("KIOSK_HUB_DATABASE", address)

        assert "It looks like postgresql+psycopg://user@server/waymark" in fails_with(HubNotReady, "kiosks")

    def test_a_database_that_cannot_be_written_is_said_in_a_sentence(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_hub(settings).dispose()
        file = settings.data / "hub.sqlite"
        monkeypatch.setenv("KIOSK_HUB_DATABASE", f"sqlite:///file:{file}?mode=ro&uri=true")

        assert run("kiosks").exit_code == 0
        assert "its file whole and not read-only" in fails_with(HubNotReady, "code", "--centre", "Barton")


class TestServe:
    def test_a_real_process_prints_its_address_and_answers_there(self, settings: Settings) -> None:
        make_hub(settings).dispose()
        install()
        words = [sys.executable, "-m", "kiosk", "hub", "serve", "--port", "0"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout
                says = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
                assert says
                with urllib.request.urlopen(f"{says[0]}/", timeout=10) as page:
                    assert "Sign in" in page.read().decode()
                # A crash would write keys and opened requests to the disk.
                assert re.search(r"Max core file size +0 +0", Path(f"/proc/{process.pid}/limits").read_text())
            finally:
                process.terminate()

    def test_a_port_that_is_taken_is_named(self, settings: Settings) -> None:
        make_hub(settings).dispose()
        install()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]

            assert str(port) in fails_with(PortTaken, "serve", "--port", str(port))


@pytest.mark.parametrize("words", [(), *((name,) for name in sorted(command.hub.commands)), ("worker", "add")])
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    assert "Example: kiosk hub" in run(*words, "--help").output
