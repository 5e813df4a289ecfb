"""What a start makes of an installed pack: each byte is checked; what rotted, expired or cannot be dated is found."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from kiosk.errors import NothingToRollBack, VersionRefused
from kiosk.pack.install import install, is_wanted, roll_back
from kiosk.pack.slots import Slots
from tests.pack.signed_packs import NOON, OXFORD, built, put, rot, shown


def test_a_start_reads_no_yaml(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    put(data, 3)
    monkeypatch.setattr("kiosk.pack.read.read_pack", None)

    assert shown(data, folder).pack.version == 3


def test_a_reading_that_rotted_or_is_of_another_program_is_made_anew(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    reading = slots.slot("a") / "reading.json"
    whole = reading.read_bytes()

    for content in (whole[:-1], whole.replace(b'"form":"', b'"form":"x')):
        reading.write_bytes(content)
        assert shown(data, folder).pack.version == 3
        assert reading.read_bytes() == whole


@pytest.mark.promise(31)
def test_a_bit_that_rots_is_found_by_its_hash_and_the_previous_pack_shown(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    rot(slots, 4)

    opened = shown(data, folder)

    assert opened.pack.version == 3
    assert [str(fault) for fault in opened.faults] == [
        "The installed pack is damaged: england/facts.yaml was changed. Install it again."
    ]


@pytest.mark.promise(31)
def test_a_program_that_was_downgraded_starts_with_what_it_can_read(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    newer, pointer = b'{"form":"of a later program"}', slots.load()
    assert pointer
    (slots.slot(pointer.active.slot) / "manifest.json").write_bytes(newer)
    active = msgspec.structs.replace(pointer.active, manifest=hashlib.sha256(newer).hexdigest())
    slots.keep(msgspec.structs.replace(pointer, active=active))

    opened = shown(data, folder)

    assert opened.pack.version == 3
    assert "not one that this program reads" in str(opened.faults[0])


@pytest.mark.promise(31)
def test_when_both_have_rotted_the_folder_of_the_program_is_shown(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    rot(slots, 3)
    rot(slots, 4)

    opened = shown(data, folder)

    assert (opened.pack.version, len(opened.faults), opened.folder) == (1, 2, folder)


@pytest.mark.promise(31)
def test_every_file_of_an_installed_pack_is_watched(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    slot = slots.slot("a")
    watched = [
        file for file in slot.rglob("*") if file.is_file() and file.name not in ("reading.json", "installed.json")
    ]

    for file in watched:
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        noticed = shown(data, folder)
        assert noticed.pack.version == 1 or file.name == "signature.bin", file
        file.write_bytes(content)
    shutil.copy(folder / "pack.yaml", slot / "content" / OXFORD / "notes.yaml")
    assert "notes.yaml is too much" in str(shown(data, folder).faults[0])
    (slot / "content" / OXFORD / "notes.yaml").unlink()
    (slot / "content" / OXFORD / "pack.yaml").unlink()
    assert "pack.yaml is missing" in str(shown(data, folder).faults[0])


@pytest.mark.promise(31)
def test_a_rotten_pointer_is_made_out_from_what_is_whole(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    pointer = slots.folder / "active.json"
    whole = pointer.read_bytes()

    for at in range(0, len(whole), 29):
        pointer.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert shown(data, folder).pack.version == 4
    with pytest.raises(VersionRefused):
        put(data, 2)


def damaged(whole: bytes) -> Iterator[bytes]:
    """Yield a file with each of its bytes flipped, then cut at each of them."""
    for at in range(len(whole)):
        yield whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        yield whole[:at]


@pytest.mark.promise(31)
def test_no_rot_of_the_pointer_brings_back_what_was_rolled_back(data: Path, slots: Slots, stride: int):
    for version in (2, 3, 4):
        put(data, version)
    roll_back(data, OXFORD)
    file, before = slots.folder / "active.json", slots.load()
    assert before and before.active.version == 3
    for content in islice(damaged(file.read_bytes()), 0, None, stride if stride == 1 else stride * 7):
        file.write_bytes(content)
        pointer = slots.load()
        assert pointer and pointer.active == before.active, content
        assert (pointer.highest, pointer.highest_content) == (4, before.highest_content)
    file.unlink()
    assert not is_wanted(data, OXFORD, 4)
    with pytest.raises(VersionRefused):
        put(data, 2)


@pytest.mark.promise(31)
def test_a_rotten_pointer_is_written_anew_by_the_next_start(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    file = slots.folder / "active.json"

    for content in (b"", file.read_bytes()[:-9]):
        file.write_bytes(content)
        lost = slots.lost_its_pointer
        assert shown(data, folder).pack.version == 4
        assert (lost, slots.lost_its_pointer) == (True, False)
    assert roll_back(data, OXFORD).version == 3


@pytest.mark.promise(31)
def test_a_pack_and_the_pointer_at_it_that_both_rot_are_mended_by_the_same_one(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    rot(slots, 4)
    (slots.folder / "active.json").write_bytes(b"rotten")

    assert shown(data, folder).pack.version == 3
    assert is_wanted(data, OXFORD, 4)
    put(data, 4)
    assert (shown(data, folder).pack.version, shown(data, folder).faults) == (4, ())


@pytest.mark.promise(31)
def test_a_damaged_pack_is_mended_by_the_same_one(data: Path, folder: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    rot(slots, 4)
    assert is_wanted(data, OXFORD, 4)

    put(data, 4)

    assert (shown(data, folder).pack.version, shown(data, folder).faults) == (4, ())
    assert roll_back(data, OXFORD).version == 3


def test_nobody_rolls_back_to_what_is_damaged(data: Path, slots: Slots):
    put(data, 3)
    put(data, 4)
    rot(slots, 3)

    with pytest.raises(NothingToRollBack, match="is damaged: england/facts"):
        roll_back(data, OXFORD)


@pytest.mark.promise(32)
def test_an_expired_pack_is_shown_and_its_figures_are_not(data: Path, folder: Path):
    expires = datetime(2026, 12, 2, tzinfo=UTC)
    install(built(3, expires_at=expires).content, data, OXFORD, NOON)

    last_day, after = shown(data, folder, date(2026, 12, 1)), shown(data, folder, date(2026, 12, 2))

    assert (last_day.pack.version, last_day.stale) == (3, ())
    assert (after.pack.version, set(after.stale)) == (3, set(after.pack.facts))


@pytest.mark.promise(32)
def test_a_clock_from_before_the_pack_was_built_shows_it_without_its_figures(data: Path, folder: Path):
    put(data, 3)

    for wrong in (date(1970, 1, 1), built(3).manifest.built_at.date() - timedelta(days=1)):
        opened = shown(data, folder, wrong)
        assert (opened.pack.version, set(opened.stale)) == (3, set(opened.pack.facts))
    assert set(shown(data, folder, date(2099, 1, 1)).stale) == set(opened.pack.facts)


def test_an_expired_pack_can_still_be_installed_for_the_clock_may_be_wrong(data: Path):
    expired = built(3, expires_at=NOON - timedelta(days=1))

    assert install(expired.content, data, OXFORD, NOON).version == 3
