"""Words that know the day: seasons that are the whole year, facts in the order they come due."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli.pack_due import due
from kiosk.pack.check import find_warnings
from kiosk.pack.due import find_due
from kiosk.pack.facts import fill
from kiosk.pack.read import read_pack
from kiosk.pack.rules_reading import hard_words
from kiosk.pack.texts import find_seasonal, find_translatable
from kiosk.pack.translate import Translation, translate
from tests.content.packs import pack
from tests.pack.small_packs import ENGLAND, faults_of, write_pack

FUND = """
fund:
  seasons:
    - {from: 02-01, until: 08-31, say: Put your name down now.}
    - {from: 09-01, until: 09-30, say: Hand in the form today.}
    - {from: 10-01, until: 01-31, say: Ask for the waiting list.}
  source: College pages
  checked_on: 2026-11-01
  review_by: 2028-12-31
  ask: Ask the college.
"""


def england(folder: Path, fund: str = FUND) -> Path:
    words = ENGLAND["pages/stay-and-play.yaml"].replace("Come and play on **Tuesdays**.", '"{fact:fund} Come."')
    files = {**ENGLAND, "facts.yaml": ENGLAND["facts.yaml"] + fund, "pages/stay-and-play.yaml": words}
    return write_pack(folder / "england", files)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 1, 31), "Ask for the waiting list."),
        (date(2027, 2, 1), "Put your name down now."),
        (date(2028, 2, 29), "Put your name down now."),
        (date(2027, 8, 31), "Put your name down now."),
        (date(2027, 9, 1), "Hand in the form today."),
        (date(2027, 9, 30), "Hand in the form today."),
        (date(2026, 12, 31), "Ask for the waiting list."),
        (date(2029, 1, 1), "Ask the college."),
        (date(1970, 1, 1), "Ask the college."),
    ],
)
def test_a_sentence_is_that_of_its_season_and_gives_way_when_it_is_out_of_date(tmp_path: Path, day: date, words: str):
    read = read_pack(england(tmp_path))

    assert fill(read.pages["stay-and-play"].say[0], read.facts, day) == f"{words} Come."


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("until: 08-31", "until: 08-30", 'The fact "fund": 08-31 is in no season.'),
        ("until: 08-31", "until: 09-01", 'The fact "fund": 09-01 is in two seasons.'),
        ("until: 01-31", "until: 01-30", 'The fact "fund": 01-31 is in no season.'),
        ("until: 08-31", "until: 8-31", "is not a month and a day like 09-01."),
        ("until: 08-31", "until: 02-30", "is not a month and a day like 09-01."),
        ("Put your name down now.", "'Now {fact:fund}.'", "holds a curly bracket"),
        ("  source:", "  unit: text\n  source:", 'The fact "fund" cannot hold "unit".'),
    ],
)
def test_a_year_with_a_gap_or_an_overlap_is_a_fault(tmp_path: Path, old: str, new: str, says: str):
    found = faults_of(england(tmp_path, FUND.replace(old, new)))

    assert any(says in fault.says and fault.line for fault in found), found


def test_29_february_left_out_is_a_gap(tmp_path: Path):
    fund = FUND.replace("02-01, until: 08-31", "03-01, until: 08-31").replace("until: 01-31", "until: 02-28")

    assert [fault.says for fault in faults_of(england(tmp_path, fund))] == ['The fact "fund": 02-29 is in no season.']


def test_the_words_of_each_season_are_translated(tmp_path: Path):
    read = read_pack(england(tmp_path))
    context = "facts.yaml:fund.seasons.1.say"
    polish = translate(read, Translation("pl", {(context, "Hand in the form today."): "Oddaj formularz."}))

    assert fill("{fact:fund}", polish.facts, date(2027, 9, 2)) == "Oddaj formularz."


def test_a_text_that_is_nothing_but_a_season_needs_no_translation_of_its_own(tmp_path: Path):
    words = '["{fact:fund}", Come and play.]'
    page = ENGLAND["pages/stay-and-play.yaml"].replace("\n  - Come and play on **Tuesdays**.", f" {words}")
    folder = england(tmp_path)
    write_pack(folder, {"pages/stay-and-play.yaml": page})
    context = "facts.yaml:fund.seasons.1.say"
    polish = translate(read_pack(folder), Translation("pl", {(context, "Hand in the form today."): "Oddaj formularz."}))

    said, other = polish.pages["stay-and-play"].say
    assert fill(said, polish.facts, date(2027, 9, 2)) == "Oddaj formularz."
    assert other != "Come and play."
    assert "{fact:fund}" not in {text.words for text in find_translatable(read_pack(folder))}


def test_the_shipped_childcare_fund_tells_parents_to_be_early():
    england_pack = pack("england")

    def said(day: date) -> str:
        return fill(england_pack.pages["college-childcare-fund"].say[1], england_pack.facts, day)

    seasons = {said(date(2027, month, 15)) for month in range(1, 8)}
    assert "first day" in said(date(2027, 9, 1))
    assert "waiting list" in said(date(2026, 11, 22))
    assert len(seasons) >= 2


def test_the_words_of_every_shipped_season_can_be_read_at_the_age_of_nine():
    texts = list(find_seasonal(pack("england")))

    assert len(texts) == 4
    assert [said for text in texts for said in hard_words(text, pack("england").facts)] == []


def test_a_hard_season_is_named_by_the_check(tmp_path: Path):
    hard = "Eligibility for remuneration necessitates continuous verification of individual circumstances by the authorities."
    read = read_pack(england(tmp_path, FUND.replace("Hand in the form today.", hard)))

    assert [found.says for found in find_warnings(read, date(2026, 11, 22)) if "Eligibility" in found.says]


def test_facts_come_in_the_order_they_are_due_the_stale_ones_first():
    found = find_due(pack("oxfordshire"), date(2027, 4, 1))
    stale = [each for each in found if each.stale]

    assert stale == found[: len(stale)]
    assert {each.id for each in stale} >= {"wage-adult", "lifelong-learning-start"}
    assert [each.review_by for each in stale] == sorted(each.review_by for each in stale)
    wage = next(each for each in found if each.id == "wage-adult")
    assert (wage.value, wage.days_left, "checklists/job-search.yaml:parts.2.items.0.say" in wage.used_in) == (
        "£12.71",
        -1,
        True,
    )


def test_the_command_lists_them_in_words_and_for_machines():
    told = CliRunner().invoke(due, ["content/oxfordshire", "--date", "2027-04-01"])
    machine = CliRunner().invoke(due, ["content/oxfordshire", "--date", "2027-04-01", "--json"])
    facts = json.loads(machine.output)["facts"]

    assert (told.exit_code, machine.exit_code) == (0, 0)
    day = told.output.partition("31 March 2027  not shown for 1 day\n")[2].partition("\n\n")[0]
    assert "  wage-adult: £12.71\n" in day
    assert facts[0] == {**facts[0], "id": "lifelong-learning-start", "days_left": -60, "stale": True}
