"""What lies in a folder by mistake: each is one sentence with its remedy, at once, and nothing is read without an end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.pack.read import read_pack
from tests.pack.small_packs import ENGLAND, faults_of, write_pack


def _folder_for(name: str) -> Callable[[Path], None]:
    def put(pack: Path) -> None:
        (pack / name).unlink(missing_ok=True)
        (pack / name).mkdir()

    return put


def _text(name: str, words: bytes = b"x\n") -> Callable[[Path], None]:
    return lambda pack: (pack / name).write_bytes(words) and None


ODD: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "an empty pack.yaml": (_text("pack.yaml", b""), "pack.yaml", "The file is empty."),
    "a pack.yaml of notes alone": (_text("pack.yaml", b"# later\n"), "pack.yaml", "The file is empty."),
    "no pack.yaml": (lambda pack: (pack / "pack.yaml").unlink(), "pack.yaml", "There is no such file."),
    "pack.yaml a folder": (_folder_for("pack.yaml"), "pack.yaml", "This is a folder, and must be a file."),
    "helpers.yaml a folder": (_folder_for("helpers.yaml"), "helpers.yaml", "This is a folder, and must be a file."),
    "notices.csv a folder": (_folder_for("notices.csv"), "notices.csv", "This is a folder, and must be a file."),
    "an old workbook": (_text("notices.xls"), "notices.xls", "Notices in a file of this kind are not read."),
    "a workbook with macros": (_text("notices.xlsm"), "notices.xlsm", "Notices in a file of this kind are not read."),
    "capital letters": (_text("Notices.CSV"), "Notices.CSV", "Notices in a file of this kind are not read."),
    "a letter too few": (_text("notice.csv"), "notice.csv", "Notices in a file of this kind are not read."),
    "a list without an end": (lambda pack: (pack / "notices.csv").symlink_to("/dev/zero"), "notices.csv", "This is not a plain file."),
    "a pipe": (lambda pack: os.mkfifo(pack / "facts.csv"), "facts.csv", "This is not a plain file."),
    "a large list": (_text("notices.csv", b"Kind,Title\n" * 1_000_000), "notices.csv", "This file has more than 10 MB."),
}  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes and devices among its files")
@pytest.mark.parametrize("case", ODD.values(), ids=ODD.keys())
def test_it_is_named_once_and_nothing_else_is_blamed(case: tuple[Callable[[Path], None], str, str], tmp_path: Path):
    put, name, says = case
    pack = write_pack(tmp_path / "england", ENGLAND)
    put(pack)

    found = faults_of(pack)

    assert [(Path(fault.file).name, fault.says) for fault in found if Path(fault.file).name == name] == [(name, says)]
    assert all(fault.remedy for fault in found)
    assert len(found) == 1 or name == "helpers.yaml"


def test_a_file_too_large_for_a_kiosk_is_not_even_read(tmp_path: Path):
    pack = write_pack(tmp_path / "england", ENGLAND)
    with (pack / "film.mp4").open("wb") as film:
        film.truncate(65 * 1024 * 1024)

    assert [fault.says for fault in faults_of(pack)] == ["This file has more than 64 MB."]


def test_a_copy_of_the_notices_beside_them_is_left_alone(tmp_path: Path):
    before = read_pack(write_pack(tmp_path / "england", ENGLAND))
    for name in ("notices2.csv", "notices-old.csv", "notices copy.xlsx"):
        (tmp_path / "england" / name).write_bytes(b"x\n")

    assert read_pack(tmp_path / "england").notices == before.notices


def test_what_excel_and_editors_keep_beside_an_open_file_is_no_part_of_the_pack(tmp_path: Path):
    before = read_pack(write_pack(tmp_path / "england", ENGLAND))
    for name in ("~$notices.xlsx", ".~lock.notices.csv#", "notices/~$jobs.xlsx"):
        (tmp_path / "england" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "england" / name).write_bytes(b"\x15J. Okafor")

    assert read_pack(tmp_path / "england").sha256 == before.sha256
