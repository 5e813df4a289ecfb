"""What is not wrong, yet worth a look."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kiosk.pack.check import Finding, Severity, find_warnings
from kiosk.pack.read import read_marked
from tests.pack.small_packs import ENGLAND, changed, line_of, write_pack

TODAY = date(2026, 12, 1)
WORK = "flows/work.yaml"


def warnings_of(folder: Path, files: dict[str, str], today: date = TODAY) -> list[Finding]:
    reading = read_marked(write_pack(folder / "england", files))
    return find_warnings(reading.pack, today, reading.marks)


def test_a_pack_that_is_well_has_no_warning(tmp_path: Path):
    assert warnings_of(tmp_path, dict(ENGLAND)) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        (
            "outcomes:\n",
            "outcomes:\n  lost:\n    stage: looking\n    title: Lost\n    say: Lost.\n    next: [{say: Go on}]\n",
            "  lost:",
            'No answer leads to "lost".',
        ),
        (
            "      not-sure: {say: Not sure, go: cv-first}\n",
            "",
            "  cv:",
            '"Is your CV ready?" has no answer "Not sure".',
        ),
        ("title: Ready to look", "title: Writing your CV", "  ready-to-look:", "is also the wording of"),
        ("    money: true\n", "", "You can get back", "names a sum of money."),
        ("say: One page is enough.", f"say: {'So it goes on and on ' * 4}now.", "say: So it", "has 25 words."),
    ],
    ids=["unreachable", "no not sure", "same wording", "money", "long sentence"],
)
def test_each_warning_stands_at_its_line(old: str, new: str, at: str, says: str, tmp_path: Path):
    files = changed(ENGLAND, WORK, old, new)

    (warning,) = warnings_of(tmp_path, files)

    assert warning.file.endswith(f"england/{WORK}")
    assert warning.line == line_of(files, WORK, at)
    assert says in warning.says
    assert warning.remedy
    assert warning.severity is Severity.WARNING


def test_a_session_without_an_end_is_asked_after_a_year(tmp_path: Path):
    rows = ["session,Play,02/12/2025,week,", "session,Sing,02/12/2025,week,30/12/2026", "session,Read,01/12/2025,week,"]
    files = {**ENGLAND, "notices.csv": "\n".join(["Kind,Title,First date,Every,Until", *rows])}

    (asked,) = warnings_of(tmp_path, files)

    assert asked.says == 'Is "Read" still on? It began on 01/12/2025, and has no end.'
    assert (asked.line, Path(asked.file).name) == (4, "notices.csv")


def test_answers_that_all_lead_to_one_place_are_named(tmp_path: Path):
    files = changed(ENGLAND, WORK, "{say: It is ready, go: ready-to-look}", "{say: It is ready, go: cv-first}")
    files = changed(files, WORK, '  - {answers: {today: looking, cv: "yes"}, outcome: ready-to-look}\n', "")

    says = [warning.says for warning in warnings_of(tmp_path, files)]

    assert says == ['All answers to "Is your CV ready?" lead to one place.', 'No answer leads to "ready-to-look".']


def test_a_question_that_another_flow_opens_at_is_reached(tmp_path: Path):
    door = "  door:\n    stage: looking\n    ask: Here?\n    answers:\n      a: {say: Not sure, go: cv-first}\n      b: {say: B, go: cv}\n"
    files = changed(ENGLAND, WORK, "outcomes:\n", f"{door}outcomes:\n")

    assert [warning.says for warning in warnings_of(tmp_path / "a", files)] == ['No answer leads to "door".']
    files = changed(files, "pages/stay-and-play.yaml", "flow/work@cv", "flow/work@door")
    assert warnings_of(tmp_path / "b", files) == []


def test_a_path_of_nine_questions_is_too_long(tmp_path: Path):
    chain = "".join(
        f"  q{n}:\n    stage: looking\n    ask: Question {n}?\n    answers:\n"
        f"      a: {{say: Not sure, go: cv-first}}\n      b: {{say: Go on, go: {f'q{n + 1}' if n < 7 else 'cv'}}}\n"
        for n in range(1, 8)
    )
    files = changed(ENGLAND, WORK, "outcomes:\n", f"{chain}outcomes:\n")
    files = changed(files, WORK, "go: cv}", "go: q1}")
    files = changed(
        files, WORK, "{today: looking, cv", "{today: looking, q1: b, q2: b, q3: b, q4: b, q5: b, q6: b, q7: b, cv"
    )

    assert [warning.says for warning in warnings_of(tmp_path, files)] == ["The longest path asks 9 questions."]


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (date(2027, 3, 5), []),
        (
            date(2027, 3, 6),
            ["£1,071.09 is to be reviewed by 2027-04-05.", "01632 960000 is to be reviewed by 2027-04-05."],
        ),
        (
            date(2027, 4, 6),
            [
                "£1,071.09 was to be reviewed by 2027-04-05, and is not shown any more.",
                "01632 960000 was to be reviewed by 2027-04-05, and is not shown any more.",
            ],
        ),
    ],
    ids=["31 days before", "30 days before", "the day after"],
)
def test_facts_near_and_past_their_review_are_named(today: date, says: list[str], tmp_path: Path):
    assert [warning.says for warning in warnings_of(tmp_path, dict(ENGLAND), today)] == says


def test_words_that_fit_only_while_the_figure_holds_are_named(tmp_path: Path):
    files = changed(ENGLAND, "facts.yaml", "ask: an amount to ask about", f"ask: an amount.{' Ask us about it.' * 20}")

    (warning,) = warnings_of(tmp_path, files)

    assert "once the figure is out of date." in warning.says
    assert warning.line == line_of(files, WORK, "You can get back")
