from __future__ import annotations

from datetime import date, timedelta

import pytest

from kiosk.pack.facts import fill, find_facts_in, find_stale, is_number, is_stale, shown
from kiosk.pack.model import Fact, Unit

REVIEW = date(2027, 4, 5)


def fact(value: str, unit: Unit, id: str = "wage") -> Fact:
    return Fact(id, value, unit, "GOV.UK", date(2026, 11, 1), REVIEW, "ask what it is now")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("12.71", Unit.POUNDS, "£12.71"),
        ("1071.09", Unit.POUNDS, "£1,071.09"),
        ("100000", Unit.POUNDS, "£100,000"),
        ("8.00", Unit.POUNDS, "£8"),
        ("4.6", Unit.POUNDS, "£4.60"),
        ("85", Unit.PERCENT, "85%"),
        ("30", Unit.HOURS, "30"),
        ("38", Unit.WEEKS, "38"),
        ("under 20", Unit.AGE, "under 20"),
        ("2026-09-01", Unit.DATE, "1 September 2026"),
        ("6 April", Unit.DATE, "6 April"),
        ("01865 960000", Unit.PHONE, "01865 960000"),
        ("www.gov.uk/find-a-job", Unit.ADDRESS, "www.gov.uk/find-a-job"),
    ],
)
def test_a_value_is_shown_as_a_parent_reads_it(value: str, unit: Unit, words: str):
    assert shown(fact(value, unit)) == words


def test_a_fact_holds_on_the_day_of_its_review_and_not_the_day_after():
    wage = fact("12.71", Unit.POUNDS)

    assert not is_stale(wage, REVIEW)
    assert is_stale(wage, REVIEW + timedelta(days=1))


@pytest.mark.promise(32, 40)
def test_a_clock_that_has_not_come_to_the_day_of_the_check_shows_no_figure():
    facts = {"wage": fact("12.71", Unit.POUNDS)}

    assert fill("{fact:wage}", facts, date(1970, 1, 1)) == "ask what it is now"
    assert fill("{fact:wage}", facts, date(2026, 10, 31)) == "ask what it is now"
    assert fill("{fact:wage}", facts, date(2026, 11, 1)) == "£12.71"


def test_a_stale_fact_gives_way_to_its_ask_words():
    facts = {"wage": fact("12.71", Unit.POUNDS)}
    words = "Pay at 21 or over: **{fact:wage}** an hour."

    assert fill(words, facts, REVIEW) == "Pay at 21 or over: **£12.71** an hour."
    assert fill(words, facts, date(2028, 1, 1)) == "Pay at 21 or over: **ask what it is now** an hour."


def test_each_fact_of_a_text_is_judged_by_its_own_date():
    later = Fact("later", "85", Unit.PERCENT, "x", date(2026, 11, 1), date(2029, 1, 1), "ask")
    facts = {"wage": fact("12.71", Unit.POUNDS), "later": later}

    assert fill("{fact:wage} and {fact:later}", facts, date(2028, 1, 1)) == "ask what it is now and 85%"
    assert find_stale(facts, date(2028, 1, 1)) == ("wage",)


def test_words_without_a_fact_stay_as_they_are():
    assert fill("Ask at the desk {really}.", {}, REVIEW) == "Ask at the desk {really}."


def test_the_facts_of_a_text_are_found_in_order():
    assert find_facts_in("{fact:b} then {fact:a}, {fact:b}") == ["b", "a", "b"]


@pytest.mark.parametrize("value", ["1,071.09", "£12", "-3", "1e9", "nan", "٣", "1.", ".5", ""])
def test_only_plain_digits_are_a_number(value: str):
    assert not is_number(value)
