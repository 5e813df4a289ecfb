"""The aide-memoire holds its seventeen items, in five parts, each with the fact it is there for."""

from __future__ import annotations

import pytest

from tests.content.packs import pack

PARTS = {
    "Ready": 4,
    "Search": 6,
    "Read": 2,
    "Apply": 3,
    "Safe and wide": 2,
}

SAYS = {
    1: "days and hours your childcare covers",
    2: "with the drop-off",
    3: "Three job words, and two other names for each",
    4: "An email you check, and your phone",
    5: "{fact:find-a-job}",
    6: "one job word, not a sentence",
    7: "your postcode, then the distance",
    8: "term time” and “school hours",
    9: "work from home",
    10: "newest first",
    11: "{fact:wage-adult} an hour",
    12: "hours, place, closing date and who it is from",
    13: "its closing date",
    14: "Match the first lines of your CV to the advert",
    15: "GOV.UK One Login and a mobile phone",
    16: "Never pay for a job, training or a check",
    17: "council, NHS, school and civil service jobs",
}


def test_the_five_parts_hold_seventeen_items() -> None:
    parts = pack("england").checklists["job-search"].parts

    assert {part.title: len(part.items) for part in parts} == PARTS
    assert sum(PARTS.values()) == 17


@pytest.mark.parametrize(("number", "says"), SAYS.items())
def test_each_item_says_what_it_is_there_for(number: int, says: str) -> None:
    items = [item for part in pack("england").checklists["job-search"].parts for item in part.items]
    item = items[number - 1]

    assert says in f"{item.say} {item.more}"


def test_the_warnings_about_this_screen_and_about_cheats_are_there() -> None:
    items = [item for part in pack("england").checklists["job-search"].parts for item in part.items]

    assert "**Never sign in on this screen**" in items[14].say
    for warning in ("no bank details before an offer", "No interview is a warning", "JobsAware"):
        assert warning in items[15].more
    assert "shop windows" in items[16].more
    assert "support worker" in items[16].more
