"""The shipped packs, broken in one way at a time: `kiosk pack check` then says one thing more, of the right line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import pytest

from kiosk.cli.pack_check import look, measuring
from kiosk.pack.check import Finding, Severity
from kiosk.pack.texts import Measure
from kiosk.settings import content_folder

TODAY = date(2026, 11, 22)
WORK = "england/flows/work.yaml"
TRAINING = "england/flows/training.yaml"
FACTS = "england/facts.yaml"
POLISH = "oxfordshire/words/pl.po"

TASTER = "england/pages/first-try.yaml"
HARMLESS = "If it is not for you, no harm is done."
SECOND = "- >-\n    A taster"
NINTH = (
    "\n  ninth: {stage: applying, ask: How many?, answers: "
    "{few: {say: A few, go: no-luck-yet}, not-sure: {say: Not sure, go: writing-cv}}}\n"
)
NO_HELP = 'say: "No", go: ninth, icon: thumbs-up}\n'
LEARN_FIRST = """\
    next:
      - {say: Open my path to training, hint: A few quick questions, open: flow/training}
      - {say: "English, maths and computers", hint: Often free, open: page/english-maths-digital}
      - {say: Ask us to ring you about courses, open: callback/courses}
"""
LONG = "We sit and we sip and we sing and we sew and we sow and we dig and we dip and we dab."


class Broken(NamedTuple):
    """`new` stands in the file instead of `old`. What is then said stands at the line that holds `at`, 0 without one."""

    file: str
    old: str
    new: str
    at: str
    says: str
    severity: Severity = Severity.FAULT


WARNING = Severity.WARNING

FAULTS = {
    "unknown target": Broken(
        WORK, "go: paying-for-childcare, icon: coins", "go: paying-for-childcar, icon: coins", "paying-for-childcar,",
        '"The cost" goes to "paying-for-childcar", which does not exist.',
    ),
    "unknown start": Broken(WORK, "start: today", "start: now", "start:", 'The flow starts at "now", which is not one of its questions.'),
    "doubled id": Broken(WORK, "  worries:\n", "  today: {}\n  worries:\n", "  today: {}", '"today" is here a second time.'),
    "a question and an outcome of one id": Broken(
        WORK, "outcomes:\n", "outcomes:\n  cv: {stage: applying, title: A, say: B, next: [{say: C}]}\n", "  cv: {stage",
        '"cv" is a question and an outcome.',
    ),
    "a stage that is not there": Broken(
        WORK, "    stage: money\n    ask: Do", "    stage: mony\n    ask: Do", "stage: mony\n",
        '"better-off" stands at the stage "mony", which does not exist.',
    ),
    "a circle": Broken(
        WORK, "go: confidence, icon: heart", "go: childcare, icon: heart", "go: childcare, icon: heart",
        '"I am not sure about leaving my child" leads round in a circle: childcare → childcare-hard → childcare.',
    ),
    "no step": Broken(
        WORK, LEARN_FIRST, "", "  learn-first:", '"learn-first" is an outcome without a next step.',
    ),
    "five steps": Broken(
        WORK, LEARN_FIRST, f"{LEARN_FIRST}      - {{say: Rest}}\n      - {{say: Rest again}}\n", LEARN_FIRST, '"learn-first" has 5 next steps.',
    ),
    "one answer": Broken(
        WORK, '      not-ready: {say: "No, not yet", go: writing-cv, icon: file-pen}\n', "", "    answers:\n      ready:",
        '"Is your CV ready?" has only 1 answer.',
    ),
    "six answers": Broken(
        WORK, "      in-work: {say", "      sixth: {say: Something else, go: in-work}\n      in-work: {say", "    answers:\n      not-yet",
        '"Which is most like you today?" has 6 answers.',
    ),
    "the same answer twice": Broken(
        WORK, "say: I have lost confidence,", "say: I need a quiet talk,", "say: I need a quiet talk, go: confidence",
        '"I need a quiet talk" is the text of two answers, "talk" and "confidence".',
    ),
    "no text": Broken(WORK, "ask: What makes it hard?", "ask:", "    ask:\n", 'The question "childcare-hard" has nothing under ask:.'),
    "an answer too long": Broken(
        WORK, "say: I need to learn first,", f"say: {'I need to learn it all ' * 3},", "I need to learn it all I",
        "characters long. The answer has room for 60.",
    ),
    "a question of sixteen words": Broken(
        WORK, "ask: What makes it hard?", "ask: Is it so or is it no or is it yes or is it not so?", "Is it so",
        "is a question of 16 words.",
    ),
    "TODO": Broken(TASTER, HARMLESS, "TODO", SECOND, "is not finished."),
    "an icon that is not there": Broken(WORK, "icon: heart}", "icon: hart}", "hart}", 'There is no icon "hart".'),
    "a fact that is not there": Broken(
        WORK, "with others like you", "in danger ring {fact:emergancy}", "emergancy", 'names the fact "emergancy", which does not exist.',
    ),
    "a helper that is not there": Broken(
        WORK, "helpers: [college, careers]", "helpers: [college, carers]", "carers]", '"carers" is not a helper.',
    ),
    "a topic that is not there": Broken(WORK, "topic: cv\n", "topic: cvs\n", "topic: cvs", '"cvs" is not a topic of the call back.'),
    "a dead link to a page": Broken(
        WORK, "open: page/work-visit}", "open: page/work-visits}", "work-visits", 'opens "page/work-visits", which does not exist.',
    ),
    "a dead link to a question": Broken(
        TRAINING, "open: flow/work@cv", "open: flow/work@cvs", "@cvs", 'opens the flow "work" at "cvs", which is not a question of it.',
    ),
    "a dead link to an address": Broken(
        WORK, "hint: Note what you like in each, open: web/find-a-job", "hint: Note what you like in each, open: web/find-job", "web/find-job",
        '"find-job" is not a fact whose unit is address.',
    ),
    "a dead link of the home screen": Broken(
        "england/home.yaml", "open: page/quiet-words", "open: page/quiet-word", "quiet-word}", 'opens "page/quiet-word", which does not exist.',
    ),
    "an example that leads elsewhere": Broken(
        WORK, "{today: in-work}, outcome: in-work", "{today: in-work}, outcome: not-now", "{today: in-work}, outcome: not",
        'The example expects "not-now", but its answers lead to "in-work".',
    ),
    "an example of an answer that is not there": Broken(
        WORK, "{today: in-work}", "{today: in-wrk}", "in-wrk", 'An example answers "today" with "in-wrk": there is no such answer.',
    ),
    "an example that stops": Broken(
        WORK, "{today: offer, first-costs: costs}", "{today: offer}", "{today: offer}",
        'The example for "paying-for-childcare" stops at the question "first-costs".',
    ),
    "a name that is not known": Broken(WORK, "    private: true\n    answers", "    privat: true\n    answers", "privat:", 'cannot hold "privat".'),
    "a sum that is no number": Broken(FACTS, 'value: "15400"', 'value: "£15,400"', "£15,400", "which is not a number."),
    "a unit that is none": Broken(FACTS, "unit: weeks", "unit: week", "unit: week\n", 'unit: is "week", which is not one of'),
    "a date that is none": Broken(FACTS, "review_by: 2027-05-31", "review_by: 31 May", "31 May", "which is not a date like 2026-11-01."),
    "a fact without a source": Broken(
        FACTS, "  source: National emergency number\n", "", "emergency:", 'The fact "emergency" needs source:.',
    ),
    "a review before the check": Broken(FACTS, "review_by: 2036-11-19", "review_by: 2016-11-19", "2016", "is to be reviewed before it was checked."),
    "a local phone that is no fact": Broken(
        "oxfordshire/helpers.yaml", "phone: phone-council", "phone: phone-county", "phone: phone-county", '"phone-county" is not a fact whose unit is phone.',
    ),
    "a missing list of places": Broken(
        "oxfordshire/pack.yaml", "childcare-examples.csv", "childcare.csv", "childcare.csv", 'The pack has no file "childcare.csv".',
    ),
    "an unknown national pack": Broken(
        "oxfordshire/pack.yaml", "extends: england", "extends: wales", "extends:", 'The pack extends "wales", which is not a pack beside it.',
    ),
    "unreadable YAML": Broken("england/home.yaml", "hint: Nothing", "hint: 'Nothing", "'Nothing", "A quote is opened here and never closed."),
}  # fmt: skip

WARNINGS = {
    "nothing leads there": Broken(
        WORK, "outcomes:\n", "outcomes:\n  lost: {stage: money, title: A lost page, say: It is lost., next: [{say: Go on}]}\n", "  lost:",
        'No answer leads to "lost".', WARNING,
    ),
    "no not-sure": Broken(
        WORK, "      not-sure: {say: I am not sure, go: direction, icon: circle-question-mark}\n", "", "  kind-of-work:",
        '"Do you know what kind of work you want?" has no answer "Not sure".', WARNING,
    ),
    "all to one place": Broken(
        WORK, 'say: "No", go: in-work, icon: thumbs-up}\n', NO_HELP + NINTH.replace('writing-cv', 'no-luck-yet'), "  ninth:",
        'All answers to "How many?" lead to one place.', WARNING,
    ),
    "nine questions": Broken(
        WORK, "go: no-luck-yet, icon: mail-question-mark}\n", f"go: ninth, icon: mail-question-mark}}\n{NINTH}",
        "start:", "The longest path asks 9 questions.", WARNING,
    ),
    "the same wording twice": Broken(
        WORK, "title: Writing your CV", "title: Ready to learn first", "  writing-cv:\n", 'is also the wording of "learn-first".', WARNING,
    ),
    "a sum without its note": Broken(
        "england/pages/work-trial.yaml", "money: true\n", "", "- >-\n    It can last", "names a sum of money.", WARNING,
    ),
    "a long sentence": Broken(TASTER, HARMLESS, LONG, SECOND, "has 23 words.", WARNING),
    "long sentences on average": Broken(
        TASTER, HARMLESS, "We sit in a ring and we sing and we sip and it is all so fun. " * 4, SECOND,
        "words on average.", WARNING,
    ),
    "hard words": Broken(
        TASTER, HARMLESS, "Our professional coordinator administers individual consultations immediately.", SECOND,
        "is hard to read: grade ", WARNING,
    ),
    "a short name that nobody explains": Broken(
        TASTER, HARMLESS, "Ask about UC.", SECOND, 'says "UC" without what it stands for.', WARNING,
    ),
    "a fact near its review": Broken(
        FACTS, "review_by: 2027-05-31", "review_by: 2026-12-01", "review_by: 2026-12-01", "is to be reviewed by 2026-12-01.", WARNING,
    ),
    "a stale fact": Broken(
        FACTS, "checked_on: 2026-11-20\n  review_by: 2027-05-31", "checked_on: 2026-10-20\n  review_by: 2026-11-21", "review_by: 2026-11-21",
        "was to be reviewed by 2026-11-21, and is not shown any more.", WARNING,
    ),
    "words too wide": Broken(
        WORK, "label: Childcare", "label: WORK WORK WO", "WORK WORK", "is as wide as 17 letters.", WARNING,
    ),
    "words too long once a figure is stale": Broken(
        TASTER, HARMLESS, "If in need, ring {fact:emergency}. " * 12, SECOND, "characters once the figure is out of date.", WARNING,
    ),
    "a translation that lost its bold": Broken(
        POLISH, 'msgstr "Zapytaj w recepcji."', 'msgstr "**Zapytaj w recepcji."', '#, fuzzy\nmsgctxt "pack.yaml:centre.reception"', "has a ** without its pair.", WARNING,
    ),
    "a translation with a strange placeholder": Broken(
        POLISH, 'msgstr "Zapytaj w recepcji."', 'msgstr "Zapytaj {fact:kto}."', '#, fuzzy\nmsgctxt "pack.yaml:centre.reception"', "holds {fact:kto}, which its English does not.", WARNING,
    ),
    "a translation too long": Broken(
        POLISH, 'msgstr "Family Information Service"', f'msgstr "{"Family Information " * 3}"', '#. name of a helper: at most 34 characters as shown\n#, fuzzy\nmsgctxt "helpers.yaml:family-information.title"',
        "characters long; there is room for 34.", WARNING,
    ),
    "a catalogue that cannot be read": Broken(POLISH, 'msgstr "Zapytaj w recepcji."', "Zapytaj", "Zapytaj\n", "", WARNING),
}  # fmt: skip


class Shipped:
    """A copy of the shipped packs to break, and what is said of it while it is whole."""

    def __init__(self, content: Path, measure: Measure | None) -> None:
        self.content, self.measure = content, measure
        self.whole = self.said()

    def said(self) -> list[Finding]:
        found, _ = look(self.content / "oxfordshire", TODAY, self.measure)
        return found

    def new(self) -> list[Finding]:
        """What is said that was not said before; that lines moved is nothing new."""
        before = {(finding.file, finding.says) for finding in self.whole}
        return [finding for finding in self.said() if (finding.file, finding.says) not in before]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shipped]:
    content = tmp_path_factory.mktemp("shipped") / "content"
    copytree(content_folder(), content)
    with measuring() as measure:
        yield Shipped(content, measure)


@pytest.mark.parametrize("broken", [*FAULTS.values(), *WARNINGS.values()], ids=[*FAULTS, *WARNINGS])
def test_a_pack_broken_in_one_way_gives_just_that_message(broken: Broken, shipped: Shipped):
    file = shipped.content / broken.file
    whole = file.read_text(encoding="utf-8")
    assert whole.count(broken.old) >= 1, f"{broken.old!r} is not in {broken.file} any more"
    words = whole.replace(broken.old, broken.new, 1)
    try:
        file.write_text(words, encoding="utf-8")
        found = shipped.new()
    finally:
        file.write_text(whole, encoding="utf-8")

    line = words[: words.index(broken.at)].count("\n") + 1 if broken.at else 0
    assert [(each.file, each.line, each.severity) for each in found] == [(str(file), line, broken.severity)], found
    assert broken.says in found[0].says
    assert found[0].remedy


def test_a_catalogue_that_is_gone_is_missed(shipped: Shipped):
    file = shipped.content / POLISH
    whole = file.read_bytes()
    file.unlink()
    try:
        (found,) = [each for each in shipped.new() if each.file == str(file)]
    finally:
        file.write_bytes(whole)

    assert found.says == "There is no such file."
    assert "kiosk pack words" in found.remedy


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("#, fuzzy\n", "", "translations were checked by no speaker."),
        (
            'msgstr "Zapytaj w recepcji."',
            'msgstr ""',
            "texts have no translation of today's English, and stay English.",
        ),
    ],
    ids=["one is checked", "one is missing"],
)
def test_the_count_of_a_language_follows_each_of_its_texts(old: str, new: str, says: str, shipped: Shipped):
    file = shipped.content / POLISH
    whole = file.read_text(encoding="utf-8")
    assert old in whole
    file.write_text(whole.replace(old, new, 1), encoding="utf-8")
    try:
        found = [each for each in shipped.new() if says in each.says]
    finally:
        file.write_text(whole, encoding="utf-8")

    assert [(each.file, each.line) for each in found] == [(str(file), 0)]


def test_a_picture_that_nothing_shows_is_named(shipped: Shipped):
    picture = shipped.content / "oxfordshire" / "garden.png"
    picture.write_bytes(b"")
    try:
        (found,) = shipped.new()
    finally:
        picture.unlink()

    assert (found.file, found.says) == (str(picture), "No screen shows this picture.")


def test_a_page_that_nothing_opens_is_named(shipped: Shipped):
    page = shipped.content / "oxfordshire" / "pages" / "spare.yaml"
    page.write_text("title: A spare page\nicon: info\nsay: [It lies here.]\n", encoding="utf-8")
    try:
        (found,) = [each for each in shipped.new() if each.file == str(page)]
    finally:
        page.unlink()

    assert found.says == "Nothing opens this page, so no parent sees it."


def test_a_fact_that_nothing_names_any_more_is_named(shipped: Shipped):
    helpers = shipped.content / "oxfordshire" / "helpers.yaml"
    whole = helpers.read_text(encoding="utf-8")
    assert "  phone: phone-council\n" in whole
    helpers.write_text(whole.replace("  phone: phone-council\n", ""), encoding="utf-8")
    try:
        (found,) = shipped.new()
    finally:
        helpers.write_text(whole, encoding="utf-8")

    facts = helpers.with_name("facts.yaml")
    lines = facts.read_text(encoding="utf-8").splitlines()
    assert (found.file, found.line) == (str(facts), lines.index("phone-council:") + 1)
    assert found.says == 'No words name the fact "phone-council".'
