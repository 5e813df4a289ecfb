"""R23: every figure a parent sees is a dated fact; nothing unconfirmed is among them; stale ones fall back to words."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kiosk.pack.facts import FACT, find_facts_in, shown
from kiosk.pack.model import Unit
from tests.content.packs import LOCAL, LONG_AFTER, NAMES, WRITTEN, pack, strings, texts

DOMAIN = {
    "find-a-job": "www.gov.uk/find-a-job",
    "emergency": "999",
    "free-hours": "15",
    "free-weeks": "38",
    "two-year-limit": "£15,400",
    "working-hours-free": "30",
    "working-from": "9 months",
    "working-min-hours": "16",
    "working-max-income": "£100,000",
    "working-confirm": "3 months",
    "uc-childcare-percent": "85%",
    "uc-childcare-one": "£1,071.09",
    "uc-childcare-more": "£1,836.16",
    "tfc-you-pay": "£8",
    "tfc-added": "£2",
    "tfc-quarter": "£500",
    "tfc-disabled": "£1,000",
    "uc-look-hours": "30",
    "uc-teen-hours": "35",
    "uc-work-allowance-rent": "£427",
    "uc-work-allowance": "£710",
    "uc-taper": "55p",
    "uc-first-payment": "5",
    "cap-earnings": "£881",
    "wage-adult": "£12.71",
    "wage-young": "£10.85",
    "wage-youngest": "£8",
    "work-trial-days": "30",
    "work-trial-meal": "£3",
    "healthy-start": "£4.65",
    "healthy-start-baby": "£9.30",
    "care-to-learn-age": "20",
    "care-to-learn-late": "28",
    "lifelong-learning-start": "January 2027",
}
UNCONFIRMED = ("180", "195")
"""Figures of which nobody knows whether they hold in 2026-27: Care to Learn a week, outside and inside London."""

RATES_CHANGE = {date(2027, 3, 31), date(2027, 4, 5), date(2027, 8, 31)}
"""The last day of each kind of rate: those of 1 April, 6 April and 1 September."""

EXAMPLE_NUMBERS = re.compile(r"01632 960 \d{3}|020 7946 0\d{3}")
"""Numbers that Ofcom keeps for drama: nobody is rung by them."""


@pytest.mark.parametrize(("id", "value"), DOMAIN.items())
def test_each_figure_is_the_domains(id: str, value: str) -> None:
    assert shown(pack("england").facts[id]) == value


def test_no_unconfirmed_figure_is_shipped() -> None:
    values = {fact.value for name in NAMES for fact in pack(name).facts.values()}

    assert not values & set(UNCONFIRMED)


@pytest.mark.parametrize("name", NAMES)
def test_no_digit_stands_outside_a_fact_but_in_the_hours_of_a_call(name: str) -> None:
    bare = [
        (text.path, text.words)
        for text in texts(name)
        if text.path[:2] != ("callback.yaml", "parts") and re.search(r"\d", FACT.sub("", text.words))
    ]

    assert not bare


@pytest.mark.parametrize("name", NAMES)
def test_the_words_for_a_part_of_the_day_name_its_hours(name: str) -> None:
    for part in pack(name).callback.parts.values():
        named = [int(number) for number in re.findall(r"\d+", part.say)]
        assert named == [(part.start.hour - 1) % 12 + 1, (part.end.hour - 1) % 12 + 1], part.id


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_is_sourced_and_none_has_lapsed_on_the_day_of_writing(name: str) -> None:
    for fact in pack(name).facts.values():
        assert fact.source, fact.id
        assert fact.checked_on <= WRITTEN <= fact.review_by, fact.id
        assert not re.search(r"\d", fact.ask), fact.id


def test_sums_of_money_and_shares_are_reviewed_when_rates_change() -> None:
    rates = [fact for fact in pack("england").facts.values() if fact.unit in (Unit.POUNDS, Unit.PERCENT)]

    assert {fact.review_by for fact in rates} <= RATES_CHANGE


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_is_used(name: str) -> None:
    read = pack(name)
    used = {id for text in texts(name) for id in find_facts_in(text.words)}
    used |= {helper.phone for helper in read.helpers.values()}

    assert not read.facts.keys() - used


@pytest.mark.parametrize("name", NAMES)
def test_long_after_no_figure_is_left_on_the_screen(name: str) -> None:
    left = [
        words
        for where, words in strings(name, LONG_AFTER)
        if "callback.yaml parts" not in where and re.search(r"\d", words)
    ]

    assert not left


@pytest.mark.parametrize("name", LOCAL)
def test_every_number_to_ring_is_an_example_that_belongs_to_nobody(name: str) -> None:
    phones = [fact for fact in pack(name).facts.values() if fact.unit is Unit.PHONE and fact.id != "emergency"]

    assert len(phones) == 4
    for fact in phones:
        assert fact.example, fact.id
        assert EXAMPLE_NUMBERS.fullmatch(fact.value), fact.id
        assert "example" in fact.source, fact.id


@pytest.mark.parametrize("name", NAMES)
def test_the_privacy_notice_names_the_days_that_requests_are_really_kept(name: str) -> None:
    read = pack(name)

    assert read.facts["keep-days"].value == str(read.callback.keep_days)
    assert "{fact:keep-days} days" in read.callback.privacy_short
