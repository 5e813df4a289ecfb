"""`kiosk callbacks` and `kiosk device`, as a person at the centre runs them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.callbacks.identity import FILE_NAME, load_identity, save_identity
from kiosk.callbacks.model import Identity, Trouble
from kiosk.callbacks.outbox import SqlOutbox, open_outbox
from kiosk.callbacks.seal import key_id, seal
from kiosk.cli import main
from kiosk.hub.stick import import_stick
from tests.callbacks.samples import NOON, request
from tests.sync.hubs import RunningHub, running_hub
from tests.sync.sticks import put_in

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "kiosk"


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `kiosk` with these words; give its exit status and what it printed on both streams."""
    monkeypatch.chdir(data.parent)
    monkeypatch.setenv("KIOSK_DATA", str(data))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kiosk", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(str(ended.value.code or 0)), printed.out, printed.err

    return run


def ask(outbox: SqlOutbox, identity: Identity, name: str) -> None:
    outbox.save(seal(request(kiosk=identity.kiosk, name=name, phone="+447700900987"), identity))


def test_a_kiosk_joins_and_shows_who_it_is(run: Run, data: Path, hub: RunningHub) -> None:
    code = hub.store.create_code("rose-hill", datetime.now(UTC))

    status, out, err = run("device", "enrol", hub.url, code)

    identity = load_identity(data)
    assert identity is not None
    assert (status, err) == (0, "") and identity.kiosk in out
    status, out, err = run("device", "show")
    assert identity.kiosk in out and hub.url in out and key_id(identity.team_key) in out
    assert identity.signing_key.hex() not in out


def test_a_kiosk_that_never_joined_is_told_how(run: Run) -> None:
    status, out, _ = run("device", "show")

    assert status == 0 and "kiosk device enrol URL CODE" in out


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:1", "could not be reached"),
        ("hub", "not the address"),
        ("http://hub.example.org", "not safe"),
    ],
)
def test_a_hub_that_cannot_be_joined_is_a_sentence_and_exit_1(run: Run, data: Path, url: str, says: str) -> None:
    status, _, err = run("device", "enrol", url, "2222-2222")

    assert status == 1 and says in err and "Traceback" not in err
    assert not (data / FILE_NAME).exists()


def test_where_keys_cannot_be_kept_the_code_is_not_spent(run: Run, data: Path, hub: RunningHub) -> None:
    code = hub.store.create_code("rose-hill", datetime.now(UTC))
    data.write_text("A file stands where the folder should be.")

    status, _, err = run("device", "enrol", hub.url, code)
    data.unlink()

    assert status == 1 and "let this user write there" in err
    assert run("device", "enrol", hub.url, code)[0] == 0
    assert [each.name for each in data.iterdir()] == [FILE_NAME]


def test_a_wrong_code_keeps_the_identity_that_was_there(run: Run, data: Path, hub: RunningHub) -> None:
    before = hub.join()
    save_identity(before, data)

    status, _, err = run("device", "enrol", hub.url, "2222-2222")

    assert status == 1 and "wrong, used or expired" in err
    assert load_identity(data) == before


def test_a_kiosk_whose_requests_no_other_hub_could_read_joins_one_only_when_told_twice(
    run: Run, data: Path, hub: RunningHub
) -> None:
    before = replace(hub.join(), hub_url="https://hub-before.example.org")
    save_identity(before, data)
    code = hub.store.create_code("rose-hill", datetime.now(UTC))
    ask(outbox := open_outbox(data), before, "Canary")
    outbox.set_aside(outbox.pending()[0].envelope.id, "rejected")

    status, _, err = run("device", "enrol", hub.url, code)
    assert status == 1 and "1 request waits here for the hub at https://hub-before.example.org" in err
    assert "kiosk callbacks sync" in err and load_identity(data) == before

    assert run("device", "enrol", hub.url, code, "--anyway")[0] == 0  # the code was not spent
    ask(outbox, before, "Songbird")
    again = hub.store.create_code("rose-hill", datetime.now(UTC))
    assert run("device", "enrol", hub.url + "/", again)[0] == 0


def test_status_tells_how_the_outbox_stands_and_nothing_of_a_person(run: Run, data: Path, hub: RunningHub) -> None:
    identity = hub.join()
    outbox = open_outbox(data)
    ask(outbox, identity, "Canary")
    ask(outbox, identity, "Songbird")
    first, second = (each.envelope.id for each in outbox.pending())
    outbox.record_attempt([first], NOON, Trouble.UNREACHABLE)
    outbox.set_aside(second, "conflict")

    status, out, _ = run("callbacks", "status")

    assert status == 0
    assert [line.split()[-1] for line in out.splitlines()[:3]] == ["1", "0", "1"]
    assert "could not be reached" in out and "Oldest" in out
    for secret in ("Canary", "Songbird", "900987"):
        assert secret not in out


@pytest.mark.promise(11)
def test_what_was_set_aside_is_listed_and_put_back(run: Run, data: Path, hub: RunningHub) -> None:
    outbox = open_outbox(data)
    ask(outbox, hub.join(), "Amina")
    id = outbox.pending()[0].envelope.id
    outbox.set_aside(id, "conflict")

    _, before, _ = run("callbacks", "status")
    status, out, _ = run("callbacks", "retry", str(id))

    assert f"kiosk callbacks retry {id}" in before and "another request of this number" in before
    assert status == 0 and "back in the queue" in out
    assert (outbox.counts().waiting, outbox.counts().set_aside) == (1, 0)


def test_what_was_never_set_aside_cannot_be_put_back(run: Run) -> None:
    status, _, err = run("callbacks", "retry", "1f0c9b1e-5f1d-4c0e-9c55-0a8b7c6d5e4f")

    assert status == 1 and "No request of this number" in err


@pytest.mark.promise(7)
def test_status_tells_of_a_damaged_outbox_that_was_put_aside(run: Run, data: Path) -> None:
    data.mkdir()
    (data / "outbox.sqlite").write_bytes(b"rotten" * 1000)
    open_outbox(data).close()

    _, out, _ = run("callbacks", "status")

    assert "outbox.damaged-1.sqlite" in out


def test_sync_delivers_what_waits_without_waiting(run: Run, data: Path, hub: RunningHub) -> None:
    identity = hub.join()
    save_identity(identity, data)
    outbox = open_outbox(data)
    for number in range(3):
        ask(outbox, identity, f"Parent {number}")
    outbox.record_attempt([each.envelope.id for each in outbox.pending()], datetime.now(UTC), Trouble.REFUSED)

    status, out, _ = run("callbacks", "sync")

    assert status == 0 and "3 delivered, 0 waiting, 0 set aside." in out
    assert hub.names() == ["Parent 0", "Parent 1", "Parent 2"]


def test_sync_without_a_hub_says_that_nothing_is_lost(run: Run, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "short-lived"
    folder.mkdir()
    with running_hub(folder) as hub:
        identity = hub.join()
    save_identity(identity, data)
    ask(open_outbox(data), identity, "Amina")

    status, out, err = run("callbacks", "sync")

    assert status == 1 and "0 delivered, 1 waiting" in out
    assert "could not be reached" in err and "Nothing is lost" in err


def test_a_stick_goes_to_the_hub_and_comes_back(run: Run, data: Path, hub: RunningHub) -> None:
    identity = hub.join()
    save_identity(identity, data)
    ask(open_outbox(data), identity, "Amina")
    with put_in() as stick:
        _, copied, _ = run("callbacks", "copy", str(stick))
        _, waiting, _ = run("callbacks", "status")
        import_stick(stick, hub.store, NOON)
        _, returned, _ = run("callbacks", "receipts", str(stick))

    assert "1 copied" in copied and "not yet delivered" in copied
    assert waiting.splitlines()[0].split() == ["Waiting", "1"]
    assert "1 delivered, 0 waiting, 0 set aside." in returned
    assert hub.names() == ["Amina"]


def test_a_copy_to_the_kiosks_own_disk_is_refused(run: Run, data: Path, hub: RunningHub) -> None:
    save_identity(hub.join(), data)

    status, _, err = run("callbacks", "copy", str(data.parent))

    assert status == 1 and "own disk, not on a stick" in err


def test_sync_before_joining_says_how_to_join(run: Run) -> None:
    status, _, err = run("callbacks", "sync")

    assert status == 1 and "kiosk device enrol URL CODE" in err


def test_sync_with_damaged_keys_says_what_to_do(run: Run, data: Path) -> None:
    data.mkdir()
    (data / FILE_NAME).write_bytes(b"{}")

    status, _, err = run("callbacks", "sync")

    assert status == 1 and "damaged" in err and "Enrol the kiosk again" in err


@pytest.mark.parametrize(
    "words",
    [
        ["callbacks"],
        ["callbacks", "status"],
        ["callbacks", "sync"],
        ["callbacks", "copy"],
        ["callbacks", "retry"],
        ["callbacks", "receipts"],
        ["device"],
        ["device", "enrol"],
        ["device", "show"],
    ],
)
def test_every_command_has_help_with_an_example(run: Run, words: list[str]) -> None:
    status, out, _ = run(*words, "--help")

    assert status == 0 and f"Example: kiosk {' '.join(words[:1])}" in out
