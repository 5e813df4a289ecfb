"""Folders that are refused: everything is said at once, once, and of the right file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errors import PackFaulty
from kiosk.pack.read import read_pack
from tests.pack.small_packs import ENGLAND, OXFORDSHIRE, changed, faults_of, line_of, write_both, write_pack

WORK = "flows/work.yaml"


def test_every_fault_of_every_file_is_named_at_once(tmp_path: Path):
    files = dict(ENGLAND)
    files = changed(files, WORK, "go: cv}", "go: cvv}")
    files = changed(files, "home.yaml", "flow/work", "flow/wrok")
    files = changed(files, "facts.yaml", "unit: pounds", "unit: pound")
    files["pages/stay-and-play.yaml"] = "title: [\n"

    names = [Path(fault.file).name for fault in faults_of(write_pack(tmp_path / "england", files))]

    assert names == ["facts.yaml", "work.yaml", "home.yaml", "stay-and-play.yaml"]


@pytest.mark.parametrize("name", [name for name in ENGLAND if name != "pack.yaml"])
def test_a_file_that_cannot_be_read_is_blamed_once_and_nothing_is_missed_for_it(name: str, tmp_path: Path):
    folder = write_pack(tmp_path / "england", ENGLAND)
    (folder / name).write_bytes(b"title: a\nask: caf\xe9\n")

    (fault,) = faults_of(folder)

    assert (Path(fault.file).name, fault.line, fault.says) == (Path(name).name, 2, "This is not UTF-8 text.")


def test_a_local_pack_whose_own_pack_file_is_broken_still_finds_its_national_one(tmp_path: Path):
    folder = write_both(tmp_path)
    (folder / "pack.yaml").write_text("extends: england\ntitle: a: b\n", encoding="utf-8")

    (fault,) = faults_of(folder)

    assert fault.line == 2


def test_a_fault_of_the_national_pack_names_the_national_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    write_both(Path())
    write_pack(Path("england"), changed(ENGLAND, WORK, "go: cv}", "go: cvv}"))

    (fault,) = faults_of(Path("oxfordshire"))

    assert fault.file == "england/flows/work.yaml"


@pytest.mark.parametrize("gone", ["home.yaml", "callback.yaml", "pack.yaml"])
def test_a_needed_file_that_is_not_there_is_one_fault(gone: str, tmp_path: Path):
    (fault,) = faults_of(write_pack(tmp_path / "england", {name: w for name, w in ENGLAND.items() if name != gone}))

    assert fault.says == "There is no such file."
    assert fault.file.endswith(f"england/{gone}")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("homes.yaml", 'Did you mean "home.yaml"?'), ("flows/play.yml", 'Did you mean "play.yaml"?')],
)
def test_a_file_that_only_looks_like_part_of_a_pack_is_named(name: str, remedy: str, tmp_path: Path):
    (fault,) = faults_of(write_pack(tmp_path / "england", {**ENGLAND, name: "title: x\n"}))

    assert (fault.says, fault.remedy) == ("This file is not part of a pack.", remedy)


@pytest.mark.parametrize("extends", ["englend", "../england", "oxfordshire"])
def test_a_national_pack_that_is_not_there_is_named(extends: str, tmp_path: Path):
    write_both(tmp_path)
    files = changed(OXFORDSHIRE, "pack.yaml", "extends: england", f"extends: {extends}")

    (fault,) = faults_of(write_pack(tmp_path / "oxfordshire", files))

    assert "is not a pack beside it" in fault.says
    assert fault.line == 5
    assert "england" in fault.remedy


def test_a_pack_that_extends_a_local_one_is_refused(tmp_path: Path):
    write_both(tmp_path)
    files = {"pack.yaml": OXFORDSHIRE["pack.yaml"].replace("extends: england", "extends: oxfordshire")}
    files = changed(files, "pack.yaml", "id: oxfordshire", "id: rose-hill")

    assert any("is itself extended" in fault.says for fault in faults_of(write_pack(tmp_path / "rose-hill", files)))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    (fault,) = faults_of(tmp_path / "nowhere")

    assert fault.says == "There is no such folder."


def test_a_fault_reads_as_staff_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    files = changed(ENGLAND, WORK, "go: cv}", "go: cvv}")
    line = line_of(files, WORK, "go: cvv}")

    with pytest.raises(PackFaulty) as faulty:
        read_pack(write_pack(Path("england"), files))

    assert str(faulty.value) == (
        "england/flows/work.yaml needs 1 fix\n"
        f'  line {line}   "I am looking for work" goes to "cvv", which does not exist. Did you mean "cv"?'
    )
