"""The last good one stays."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import msgspec
import pytest

from kiosk.errors import PackFaulty
from kiosk.pack.kept import Kept
from kiosk.pack.read import read_pack
from kiosk.pack.shelf import Shelf
from tests.pack.small_packs import ENGLAND, write_both, write_pack

TODAY = date(2026, 12, 1)
WORK = "flows/work.yaml"


@pytest.fixture
def local(tmp_path: Path) -> Path:
    return write_both(tmp_path / "content")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data")


@pytest.fixture
def last_good(tmp_path: Path) -> Path:
    return tmp_path / "data" / "packs" / "oxfordshire" / "last-good.json"


def break_it(local: Path) -> None:
    (local / "flows").mkdir()
    (local / WORK).write_text("questions: {cv: {stage: nowhere}}\n", encoding="utf-8")


def test_a_good_pack_is_opened_and_kept(shelf: Shelf, local: Path, last_good: Path):
    assert shelf.open(local, TODAY).pack == read_pack(local)
    assert last_good.is_file()


def test_an_unchanged_pack_comes_back_whole_without_the_reader(shelf: Shelf, local: Path, last_good: Path):
    first = shelf.open(local, TODAY)
    kept_at = last_good.stat().st_mtime_ns

    assert shelf.open(local, TODAY) == first
    assert last_good.stat().st_mtime_ns == kept_at


def test_a_changed_pack_is_read_anew(shelf: Shelf, local: Path):
    shelf.open(local, TODAY)
    write_pack(local.parent / "england", {"home.yaml": ENGLAND["home.yaml"].replace("Touch to start", "Hello")})

    assert shelf.open(local, TODAY).pack.home.welcome == "Hello"


def test_a_faulty_pack_leaves_the_last_good_one_and_tells_staff_why(shelf: Shelf, local: Path):
    good = shelf.open(local, TODAY).pack
    break_it(local)

    opened = shelf.open(local, TODAY)

    assert opened.pack == good
    assert [fault.says for fault in opened.faults] == ['"cv" stands at the stage "nowhere", which does not exist.']


def test_a_pack_that_was_mended_is_shown_again_without_a_fault(shelf: Shelf, local: Path):
    shelf.open(local, TODAY)
    break_it(local)
    shelf.open(local, TODAY)
    (local / WORK).unlink()

    assert shelf.open(local, TODAY).faults == ()


def test_a_folder_that_went_away_leaves_the_last_good_pack(shelf: Shelf, local: Path):
    good = shelf.open(local, TODAY).pack
    local.rename(local.with_name("elsewhere"))

    opened = shelf.open(local, TODAY)

    assert opened.pack == good
    assert opened.faults[0].says == "There is no such folder."


def test_without_a_last_good_one_the_faults_are_raised(shelf: Shelf, local: Path):
    break_it(local)

    with pytest.raises(PackFaulty):
        shelf.open(local, TODAY)


def test_another_pack_is_no_last_good_one(shelf: Shelf, local: Path):
    shelf.open(local, TODAY)
    westminster = write_pack(local.parent / "westminster", {"pack.yaml": "id: westminster\n"})

    with pytest.raises(PackFaulty):
        shelf.open(westminster, TODAY)


def test_any_flipped_bit_or_cut_in_the_kept_pack_is_noticed(shelf: Shelf, local: Path, last_good: Path):
    good = shelf.open(local, TODAY).pack
    whole = last_good.read_bytes()
    break_it(local)
    damaged = [whole[:cut] for cut in range(0, len(whole), 499)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 251)]

    for content in damaged:
        last_good.write_bytes(content)
        try:
            assert shelf.open(local, TODAY).pack == good
        except PackFaulty:
            continue
    last_good.write_bytes(whole[:-40])
    with pytest.raises(PackFaulty):
        shelf.open(local, TODAY)


def test_a_damaged_kept_pack_is_made_anew_from_a_good_folder(shelf: Shelf, local: Path, last_good: Path):
    good = shelf.open(local, TODAY)
    last_good.write_bytes(last_good.read_bytes()[:-1])

    assert shelf.open(local, TODAY) == good
    msgspec.json.decode(last_good.read_bytes(), type=Kept)


def test_a_half_written_file_from_a_power_cut_changes_nothing(shelf: Shelf, local: Path, last_good: Path):
    good = shelf.open(local, TODAY).pack
    last_good.with_name("last-good.json.new").write_bytes(last_good.read_bytes()[:100])
    break_it(local)

    assert shelf.open(local, TODAY).pack == good
    (local / WORK).unlink()
    (local / "note.txt").write_text("x", encoding="utf-8")
    assert shelf.open(local, TODAY).pack.sha256 != good.sha256
    assert [file.name for file in last_good.parent.iterdir()] == ["last-good.json"]


def test_a_pack_kept_by_a_program_of_another_form_is_read_anew(shelf: Shelf, local: Path, last_good: Path):
    shelf.open(local, TODAY)
    kept = msgspec.json.decode(last_good.read_bytes(), type=Kept)
    last_good.write_bytes(msgspec.json.encode(msgspec.structs.replace(kept, form="older")))

    shelf.open(local, TODAY)

    assert msgspec.json.decode(last_good.read_bytes(), type=Kept) == kept


def test_a_disk_that_takes_no_writing_still_shows_the_pack(
    local: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        opened = Shelf(tmp_path / "data").open(local, TODAY)

    assert opened.pack.id == "oxfordshire"
    assert "could not be kept" in caplog.text


def test_stale_facts_are_named_for_staff(shelf: Shelf, local: Path):
    assert shelf.open(local, TODAY).stale == ()
    assert shelf.open(local, date(2027, 4, 6)).stale == ("childcare-most", "jobcentre-phone")


def test_an_unchanged_pack_opens_without_importing_the_yaml_reader(shelf: Shelf, local: Path, tmp_path: Path):
    shelf.open(local, TODAY)
    program = (
        "import sys; from datetime import date; from pathlib import Path; from kiosk.pack.shelf import Shelf;"
        "print(Shelf(Path(sys.argv[1])).open(Path(sys.argv[2]), date(2026, 12, 1)).pack.id);"
        "print([name for name in sys.modules if name.startswith(('ruamel.yaml', 'kiosk.pack.read', 'zipfile'))])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "data"), str(local)], capture_output=True, text=True, check=True
    )

    assert ran.stdout.splitlines() == ["oxfordshire", "[]"]


def test_an_unchanged_pack_opens_within_thirty_milliseconds(shelf: Shelf, local: Path):
    shelf.open(local, TODAY)

    def seconds() -> float:
        begun = time.thread_time()  # its own work: a busy machine lets it wait
        shelf.open(local, TODAY)
        return time.thread_time() - begun

    assert min(seconds() for _ in range(5)) < 0.03
