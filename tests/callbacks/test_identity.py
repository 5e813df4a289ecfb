from __future__ import annotations

import hashlib
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.callbacks import wire
from kiosk.callbacks.identity import FILE_NAME, load_identity, renew_identity, save_identity
from kiosk.errors import NoTeamKey
from tests.callbacks.samples import IDENTITY


def test_an_identity_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    save_identity(IDENTITY, tmp_path / "data")

    assert load_identity(tmp_path / "data") == IDENTITY


def test_a_kiosk_that_never_joined_has_no_identity(tmp_path: Path) -> None:
    assert load_identity(tmp_path) is None


def test_only_this_user_may_read_the_keys(tmp_path: Path) -> None:
    save_identity(IDENTITY, tmp_path)

    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_joining_again_replaces_the_identity_and_leaves_no_draft(tmp_path: Path) -> None:
    save_identity(IDENTITY, tmp_path)
    save_identity(replace(IDENTITY, kiosk="kiosk-2"), tmp_path)

    again = load_identity(tmp_path)

    assert again is not None and again.kiosk == "kiosk-2"
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 20_000], ids=["empty", "no keys", "bytes", "long"])
@pytest.mark.promise(5)
def test_a_file_that_is_no_identity_fails_closed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)

    with pytest.raises(NoTeamKey, match=r"damaged\. Enrol the kiosk again"):
        load_identity(tmp_path)


@pytest.mark.promise(5)
def test_one_flipped_bit_anywhere_fails_closed(tmp_path: Path) -> None:
    save_identity(IDENTITY, tmp_path)
    whole = (tmp_path / FILE_NAME).read_bytes()

    for position in range(len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 1
        (tmp_path / FILE_NAME).write_bytes(flipped)
        with pytest.raises(NoTeamKey):
            load_identity(tmp_path)


@pytest.mark.promise(5)
def test_a_key_that_cannot_be_sealed_for_fails_closed(tmp_path: Path) -> None:
    save_identity(replace(IDENTITY, team_key=bytes(32)), tmp_path)

    with pytest.raises(NoTeamKey, match="cannot be sealed for"):
        load_identity(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with pytest.raises(NoTeamKey, match="cannot be kept"):
        save_identity(IDENTITY, tmp_path / "data")


def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    """It says nothing of a generation or of days, and its sum is over the other fields."""
    later = ("generation", "keep_days")
    first = {name: value for name, value in vars(IDENTITY).items() if name not in later}
    fields = first | {"spec": 1, "sha256": ""}
    sha256 = hashlib.sha256(wire.encode(fields)).hexdigest()
    (tmp_path / FILE_NAME).write_bytes(wire.encode(fields | {"sha256": sha256}))

    assert load_identity(tmp_path) == IDENTITY


def test_newer_keys_are_kept_and_older_ones_do_not_come_back(tmp_path: Path) -> None:
    save_identity(IDENTITY, tmp_path)
    third = replace(IDENTITY, generation=3)

    renew_identity(third, tmp_path)
    renew_identity(replace(IDENTITY, generation=2), tmp_path)

    assert load_identity(tmp_path) == third
