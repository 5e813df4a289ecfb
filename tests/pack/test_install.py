"""Install, boot, roll back: what is shown is always one whole version, and never an older one by mistake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from kiosk.errors import ArchiveRefused, InstallFailed, NothingToRollBack, PackFaulty, VersionRefused
from kiosk.pack import install as installing
from kiosk.pack.install import find_newest, install, is_wanted, roll_back
from kiosk.pack.shelf import Shelf
from kiosk.pack.slots import Slots
from tests.pack.hostile import resigned, with_files
from tests.pack.signed_packs import NOON, OXFORD, built, everything_in, put, rot, shown, trusting


def test_what_is_installed_is_shown_from_its_own_folder(data: Path, folder: Path, slots: Slots):
    put(data, 3)

    opened = shown(data, folder)

    assert opened.pack.home.welcome == "Welcome to version 3"
    assert opened.folder == slots.slot("a") / "content" / OXFORD
    assert (opened.faults, opened.installed.version if opened.installed else 0) == ((), 3)


def test_a_folder_that_is_not_installed_is_shown_as_it_was(data: Path, folder: Path):
    opened = shown(data, folder)

    assert (opened.pack.version, opened.folder, opened.installed, opened.active) == (1, folder, None, None)


def test_another_packs_folder_is_not_taken_over(data: Path, folder: Path):
    put(data, 3)
    (folder.parent / "westminster").mkdir()
    (folder.parent / "westminster" / "pack.yaml").write_text("id: westminster\n", encoding="utf-8")

    with pytest.raises(PackFaulty):
        shown(data, folder.parent / "westminster")


def test_the_running_kiosk_learns_of_each_change_by_one_small_file(data: Path, folder: Path):
    shelf, seen = Shelf(data), []
    for step in (lambda: None, lambda: put(data, 3), lambda: put(data, 4), lambda: roll_back(data, OXFORD)):
        step()
        seen.append(shelf.active_version(folder))

    assert seen == [None, (3, 1), (4, 2), (3, 3)]
    assert shown(data, folder).active == (3, 3)


@pytest.mark.promise(27)
def test_an_older_version_is_refused_and_said_so(data: Path, folder: Path):
    put(data, 3)

    with pytest.raises(VersionRefused, match="This is version 2, and version 3 was installed here before"):
        put(data, 2)
    assert shown(data, folder).pack.version == 3


@pytest.mark.promise(27)
def test_the_same_version_with_other_content_is_refused_and_said_so(data: Path, folder: Path):
    put(data, 3)

    with pytest.raises(VersionRefused, match="Version 3 was installed here with other content"):
        put(data, 3, "Something else")
    assert shown(data, folder).pack.home.welcome == "Welcome to version 3"


@pytest.mark.promise(27)
def test_an_older_version_is_refused_also_after_a_roll_back(data: Path):
    put(data, 3)
    put(data, 5)
    roll_back(data, OXFORD)

    with pytest.raises(VersionRefused):
        put(data, 4)
    put(data, 5)
    put(data, 6)


@pytest.mark.promise(31)
def test_what_was_rolled_back_to_and_rotted_is_mended_by_installing_it_again(data: Path, slots: Slots):
    put(data, 3)
    put(data, 5)
    roll_back(data, OXFORD)
    rot(slots, 3)

    assert is_wanted(data, OXFORD, 3)
    with pytest.raises(VersionRefused):
        put(data, 3, "Other words")
    put(data, 3)

    pointer = slots.load()
    assert pointer and (pointer.active.version, pointer.highest) == (3, 5)
    assert not slots.find_damage(pointer.active)
    with pytest.raises(VersionRefused):
        put(data, 4)
    with pytest.raises(VersionRefused):
        put(data, 5, "Other words")


def test_the_same_again_changes_nothing(data: Path):
    put(data, 3)
    before = everything_in(data)

    put(data, 3)

    assert everything_in(data) == before


def test_the_same_files_built_at_another_time_are_no_other_content(data: Path):
    put(data, 3)
    later = resigned(built(3), built_at=built(3).manifest.built_at - timedelta(days=1))

    assert install(later, data, OXFORD, NOON).version == 3


def test_another_kiosks_pack_is_refused(data: Path):
    with pytest.raises(ArchiveRefused, match="This pack is for oxfordshire, and this kiosk shows westminster"):
        install(built(3).content, data, "westminster", NOON)


def test_who_trusts_nobody_installs_nothing(tmp_path: Path):
    with pytest.raises(ArchiveRefused, match="does not trust"):
        install(built(3).content, tmp_path, OXFORD, NOON)
    assert everything_in(tmp_path) == {}


def test_a_kiosk_pulls_what_is_newer_and_not_what_staff_took_back(data: Path):
    assert is_wanted(data, OXFORD, 1)
    put(data, 3)
    put(data, 4)
    assert [is_wanted(data, OXFORD, version) for version in (3, 4, 5)] == [False, False, True]

    roll_back(data, OXFORD)

    assert [is_wanted(data, OXFORD, version) for version in (3, 4, 5)] == [False, False, True]


def test_a_roll_back_shows_the_one_before_and_there_is_only_one(data: Path, folder: Path):
    put(data, 3)
    put(data, 4)

    assert roll_back(data, OXFORD).version == 3
    assert shown(data, folder).pack.version == 3
    with pytest.raises(NothingToRollBack):
        roll_back(data, OXFORD)


def test_an_install_touches_neither_what_is_shown_nor_the_one_before(data: Path, slots: Slots):
    for version in (3, 4):
        put(data, version)
    before = everything_in(slots.slot("a")) | everything_in(slots.slot("b"))

    put(data, 5)

    assert everything_in(slots.slot("a")) | everything_in(slots.slot("b")) == before
    put(data, 6)
    assert [each.version for each in slots.find()] == [6, 5]
    assert sorted(each.name for each in slots.folder.iterdir() if each.is_dir()) == ["a", "b", "c"]


@pytest.mark.promise(30)
def test_a_disk_that_is_full_leaves_the_old_pack(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    put(data, 3)
    before = everything_in(data)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for part in ("unpack", "write_whole", "sync_folder"):
        with monkeypatch.context() as broken:
            broken.setattr(installing, part, full)
            with pytest.raises(InstallFailed, match="No space left on device"):
                put(data, 4)
        assert everything_in(data) == before
    put(data, 4)
    assert shown(data, folder).pack.version == 4


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, folder: Path):
    data = trusting(tmp_path / "data")
    (data / "packs" / OXFORD).write_text("a file where a folder should be", encoding="utf-8")

    with pytest.raises(InstallFailed, match="does not take the pack"):
        put(data, 3)


def test_two_installs_at_once_take_turns(data: Path, slots: Slots, monkeypatch: pytest.MonkeyPatch):
    put(data, 3)
    monkeypatch.setattr(installing, "_PATIENCE", 0.01)

    with FileLock(slots.folder / "lock"), pytest.raises(InstallFailed, match="Another install is under way"):
        put(data, 4)


def test_a_signed_pack_that_no_kiosk_could_show_is_refused_with_its_faults(data: Path, folder: Path):
    put(data, 3)
    before = everything_in(data)
    faulty = with_files(built(4), {"oxfordshire/flows/more.yaml": b"title: [\n"})

    with pytest.raises(PackFaulty) as refused:
        install(faulty, data, OXFORD, NOON)

    assert {fault.file for fault in refused.value.faults} == {"oxfordshire/flows/more.yaml"}
    assert everything_in(data) == before


def test_a_pack_signed_as_another_version_than_it_is_is_refused(data: Path):
    with pytest.raises(ArchiveRefused, match="not the version that it is signed as"):
        install(resigned(built(3), version=9), data, OXFORD, NOON)


def test_the_newest_whole_pack_of_a_stick_is_found(data: Path, tmp_path: Path):
    stick = tmp_path / "stick"
    stick.mkdir()
    put(data, 3)
    for name, content in {
        "old.pack": built(2).content,
        "NEW.PACK": built(5).content,
        "newer.pack": built(6).content[:-1],
        "middle.pack": built(4).content,
        "notes.txt": b"",
    }.items():
        (stick / name).write_bytes(content)
    (stick / "folder.pack").mkdir()

    found = find_newest(stick, data, OXFORD)

    assert found.file.name == "NEW.PACK"
    assert [says.partition(": ")[0] for says in found.refused] == ["newer.pack", "old.pack"]


def test_a_stick_without_a_pack_says_why(data: Path, tmp_path: Path):
    with pytest.raises(ArchiveRefused, match=r"There is no \.pack file"):
        find_newest(tmp_path, data, OXFORD)
    (tmp_path / "x.pack").write_bytes(b"x")
    with pytest.raises(ArchiveRefused, match=r"x\.pack: This pack is cut short"):
        find_newest(tmp_path, data, OXFORD)
    with pytest.raises(ArchiveRefused, match="cannot be read"):
        find_newest(tmp_path / "away", data, OXFORD)
