"""`kiosk pack build` to `kiosk pack list`, as a publisher and as a kiosk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nacl.pwhash import argon2id

from kiosk.cli import kiosk
from kiosk.pack.archive import verify_archive, write_archive
from kiosk.pack.publisher import Cost, key_name, load_key, load_public, make_change, save_key, save_public
from kiosk.pack.slots import Slots
from kiosk.pack.starts import Starts
from tests.pack.signed_packs import KEY, NOON, OXFORD, STRANGER, built, written

PASSPHRASE = "correct horse battery staple"
CHEAP = Cost(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN)


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher's key and folder, and a kiosk's data, in one folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIOSK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KIOSK_PACK", str(tmp_path / "content" / OXFORD))
    save_key(KEY, Path("rose-hill.key"), PASSPHRASE, CHEAP)
    save_public(KEY.public, Path("rose-hill.pub"))


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(kiosk, ["pack", *words], input=typed)


def publish(version: int) -> None:
    write_archive(built(version), Path(f"oxfordshire-{version}.pack"))


def test_a_new_key_is_asked_for_twice_and_never_echoed():
    ran = run("key", "new", "barton", typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")

    made = load_key(Path("barton.key"), PASSPHRASE)
    assert ran.exit_code == 0, ran.output
    assert load_public(Path("barton.pub")) == made.public
    assert key_name(made.public) in ran.output
    assert PASSPHRASE not in ran.output


def test_a_passphrase_typed_otherwise_the_second_time_is_asked_for_again():
    ran = run("key", "new", "barton", typed=f"{PASSPHRASE}\nother\n")

    assert "do not match" in ran.output
    assert not Path("barton.key").exists()


def test_build_tells_the_warnings_and_signs():
    written(Path("content"), 3)

    ran = run("build", "content/oxfordshire", "--key", "rose-hill.key", "--expires", "2027-03-31", typed=PASSPHRASE)

    assert ran.exit_code == 0, ran.output
    assert f"oxfordshire-3.pack holds oxfordshire version 3, signed by {key_name(KEY.public)}." in ran.output
    assert PASSPHRASE not in ran.output
    manifest = verify_archive(Path("oxfordshire-3.pack"), {KEY.public}).manifest
    assert manifest.expires_at == datetime(2027, 3, 31, 23, tzinfo=UTC)  # midnight in London's summer


def test_build_refuses_a_faulty_pack():
    folder = written(Path("content"), 3)
    (folder / "flows").mkdir()
    (folder / "flows" / "work.yaml").write_text("questions: {cv: {stage: nowhere}}\n", encoding="utf-8")

    ran = run("build", "content/oxfordshire", "--key", "rose-hill.key", typed=PASSPHRASE)

    assert ran.exit_code == 1
    assert not list(Path().glob("*.pack"))


@pytest.mark.parametrize("out", ["stick", "stick/here.pack"])
def test_build_asks_for_the_stick_before_the_passphrase_and_leaves_no_file_of_its_name(out: str):
    written(Path("content"), 3)

    ran = run("build", "content/oxfordshire", "--key", "rose-hill.key", "--out", out)

    assert str(ran.exception) == "There is no folder stick. Put the stick in, or name a file that ends in .pack"
    assert not Path("stick").exists()


def test_a_kiosk_trusts_verifies_installs_lists_and_rolls_back():
    for version in (3, 4):
        publish(version)
    assert "signed by nobody" in run("list").output
    assert run("install", "oxfordshire-3.pack").exit_code == 1
    assert "from nobody yet" in run("trust").output

    trusted = run("trust", "rose-hill.pub")
    verified = run("verify", "oxfordshire-4.pack")
    installed = [run("install", f"oxfordshire-{version}.pack").output for version in (3, 4)]
    listed = run("list").output
    rolled = run("rollback").output

    assert trusted.output == f"This kiosk takes packs that {key_name(KEY.public)} signs.\n"
    assert verified.output.endswith("It is whole, and this kiosk may install it.\n")
    assert installed[1] == ("oxfordshire version 4 is installed. The kiosk shows it from its next visit on.\n")
    assert [line[:10] for line in listed.splitlines()] == ["4  shown, ", "   whole", "3  before,", "   whole"]
    assert rolled == "oxfordshire version 3 is shown again from the next visit on.\n"


def test_the_newest_of_a_folder_is_installed_and_the_others_are_told():
    for version in (3, 4):
        publish(version)
    Path("broken.pack").write_bytes(b"x")
    write_archive(built(5, key=STRANGER), Path("next.pack"))
    Path("next.keychange").write_bytes(make_change(KEY, STRANGER))
    run("trust", "rose-hill.pub")

    ran = run("install", ".")

    assert f"this kiosk now takes packs that {key_name(STRANGER.public)} signs." in ran.output
    assert "Not taken: broken.pack: This pack is cut short." in ran.output
    assert "oxfordshire version 5 is installed" in ran.output


def test_without_a_name_the_stick_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("KIOSK_STICKS", str(tmp_path / "media"))

    ran = CliRunner().invoke(kiosk, ["pack", "install"])

    assert "There is no stick in this machine." in str(ran.exception)


def test_verify_needs_no_trust_where_the_key_is_named_and_says_what_a_kiosk_would_not_take(
    monkeypatch: pytest.MonkeyPatch,
):
    publish(3)
    monkeypatch.setenv("KIOSK_PACK", "content/westminster")

    ran = run("verify", "oxfordshire-3.pack", "--public", "rose-hill.pub")

    assert ran.exit_code == 0
    assert "this kiosk does not take it. This pack is for oxfordshire" in ran.output


def test_a_damaged_pack_is_listed_as_such():
    publish(3)
    run("trust", "rose-hill.pub")
    run("install", "oxfordshire-3.pack")
    Path("data/packs/oxfordshire/a/content/oxfordshire/pack.yaml").unlink()

    assert "DAMAGED: oxfordshire/pack.yaml is missing. Install it again." in run("list").output


def test_a_pack_that_breaks_the_start_is_listed_as_such():
    publish(3)
    run("trust", "rose-hill.pub")
    run("install", "oxfordshire-3.pack")
    for _ in range(4):
        Starts(Slots(Path("data"), "oxfordshire")).begin()

    assert "whole\n   NOT SHOWN: It failed to start 3 times in a row." in run("list").output


def test_keys_change_hands_by_a_file():
    save_key(STRANGER, Path("next.key"), PASSPHRASE, CHEAP)
    run("trust", "rose-hill.pub")

    rotated = run("key", "rotate", "rose-hill.key", "next.key", typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    followed = run("trust", "next.keychange")

    assert rotated.output.endswith(f"from {key_name(KEY.public)} to {key_name(STRANGER.public)}.\n")
    assert Path("next.keychange").read_bytes() == make_change(KEY, STRANGER)
    assert followed.output == (
        f"This kiosk takes packs that {key_name(STRANGER.public)} signs, named by {key_name(KEY.public)}.\n"
    )
    assert run("trust", "--remove", key_name(STRANGER.public)).output == "This kiosk takes packs from nobody yet.\n"


def test_show_says_a_key_to_be_compared():
    assert run("key", "show", "rose-hill.pub").output.startswith(f"{key_name(KEY.public)}\nwaymark-publisher ")


def test_an_expired_pack_is_installed_with_a_warning():
    write_archive(built(3, expires_at=NOON.replace(year=2020)), Path("old.pack"))
    run("trust", "rose-hill.pub")

    assert "It expired on 2020-12-01: its figures are not shown." in run("install", "old.pack").output


@pytest.mark.parametrize("words", [("key",), ("key", "new"), ("key", "rotate"), ("key", "show")])
def test_help_of_the_keys_shows_an_example(words: tuple[str, ...]):
    assert "Example: kiosk pack key" in run(*words, "--help").output
