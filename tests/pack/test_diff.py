"""What a parent would notice, in sentences, the heaviest first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.pack.change import Weight
from kiosk.pack.diff import find_changes
from kiosk.pack.read import read_pack
from tests.pack.small_packs import ENGLAND, changed, write_pack

WORK, PLAY, JOBS = "flows/work.yaml", "pages/stay-and-play.yaml", "checklists/job-search.yaml"
CV = 'The question "Is your CV ready?"'
READY = 'The outcome "Ready to look"'
COACH = 'The helper "Work coach"'


def changes(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    old, new = (
        read_pack(write_pack(tmp_path / name / "england", each)) for name, each in (("old", ENGLAND), ("new", files))
    )
    return [(change.weight.name, change.screen, change.says) for change in find_changes(old, new)]


CASES = {
    "an answer leads elsewhere": (
        WORK, "{say: Not yet, go: cv-first}", "{say: Not yet, go: not-now}",
        ("LED_ELSEWHERE", CV, 'The answer "Not yet" now leads to "Not now, and that is fine" instead of "Writing your CV".'),
    ),
    "a question is reworded": (
        WORK, "ask: Is your CV ready?", "ask: Do you have a CV?",
        ("WORDS", 'The question "Do you have a CV?"', 'It read "Is your CV ready?" and now reads "Do you have a CV?".'),
    ),
    "an answer is new": (
        WORK, "      not-sure: {say: Not sure, go: cv-first}", "      not-sure: {say: Not sure, go: cv-first}\n      old: {say: I have an old one, go: cv-first}",
        ("NEW", CV, 'The answer "I have an old one" is new, and leads to "Writing your CV".'),
    ),
    "an answer is gone": (
        WORK, "      not-sure: {say: Not sure, go: cv-first}\n", "", ("GONE", CV, 'The answer "Not sure" is gone.'),
    ),
    "a step is added": (
        WORK, "      - {say: Look at jobs, open: web/find-a-job}\n", "      - {say: Look at jobs, open: web/find-a-job}\n      - {say: Ask us, open: callback}\n",
        ("NEW", READY, 'The step "Ask us" is new, which opens the call back.'),
    ),
    "a step is gone": (
        WORK, "      - {say: Look at jobs, open: web/find-a-job}\n", "", ("GONE", READY, 'The step "Look at jobs" is gone.'),
    ),
    "a step opens something else": (
        WORK, "open: web/find-a-job}", "open: page/stay-and-play}",
        ("LED_ELSEWHERE", READY, 'The step "Look at jobs" now opens the page "Stay and play" instead of www.gov.uk/find-a-job.'),
    ),
    "a step is reworded": (
        WORK, "say: Look at jobs,", "say: See jobs,", ("WORDS", READY, 'A step read "Look at jobs" and now reads "See jobs".'),
    ),
    "a figure": (
        "facts.yaml", '"1071.09"', '"1100"',
        ("FIGURE", 'The figure "childcare-most"', "It was £1,071.09 and is now £1,100. It stands in 1 text."),
    ),
    "a telephone": (
        "facts.yaml", "01632 960000", "01632 960001", ("FIGURE", COACH, "The telephone was 01632 960000 and is now 01632 960001."),
    ),
    "a telephone is gone": ("helpers.yaml", "  phone: jobcentre-phone\n", "", ("GONE", COACH, "The telephone 01632 960000 is gone.")),
    "a paragraph": (
        PLAY, "Come and play on **Tuesdays**.", "Come and play on **Mondays**.",
        ("WORDS", 'The page "Stay and play"', 'A paragraph read "Come and play on Tuesdays." and now reads "Come and play on Mondays.".'),
    ),
    "a line of a list": (
        JOBS, "      - {say: The days", "      - {say: Your shoes}\n      - {say: The days",
        ("NEW", 'The list "Searching for jobs"', 'A line is new: "Your shoes".'),
    ),
    "a card of the first page": (
        "home.yaml", "open: callback/childcare", "open: page/stay-and-play",
        ("LED_ELSEWHERE", "The first page", 'The card "Ask for a call" now opens the page "Stay and play" instead of the call back about "Childcare".'),
    ),
    "who helps": (
        WORK, "    helpers: [work-coach]\n    topic: childcare", "    topic: childcare",
        ("GONE", 'The outcome "Writing your CV"', "Work coach is not named as help any more."),
    ),
    "days to ring": ("callback.yaml", "[mon, tue]", "[mon]", ("FIGURE", "The call back", "A call can be asked for on Monday.")),
    "the centre": (
        "pack.yaml", "name: Your children's centre", "name: Rose Hill", ("WORDS", "The centre", 'The name read "Your children\'s centre" and now reads "Rose Hill".'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_one_change_is_one_sentence(case: tuple[str, str, str, tuple[str, str, str]], tmp_path: Path):
    file, old, new, says = case

    assert changes(tmp_path, changed(ENGLAND, file, old, new)) == [says]


def test_nobody_notices_what_nobody_reads(tmp_path: Path):
    files = changed(ENGLAND, "facts.yaml", "source: UC Regulations", "source: The book")
    files = changed(files, "pack.yaml", "version: 1", "version: 2")

    assert changes(tmp_path, files) == []


def test_a_page_that_is_gone_is_said_of_itself_and_of_the_step_that_opened_it(tmp_path: Path):
    files = changed(
        ENGLAND,
        WORK,
        "      - {say: Come to stay and play, open: page/stay-and-play}",
        "      - {say: Come to stay and play, open: callback}",
    )
    del files[PLAY]

    assert changes(tmp_path, files) == [
        ("LED_ELSEWHERE", 'The outcome "Not now, and that is fine"', 'The step "Come to stay and play" now opens the call back instead of the page "Stay and play".'),
        ("GONE", 'The page "Stay and play"', "It is gone."),
    ]  # fmt: skip


def test_where_a_parent_is_led_elsewhere_comes_first_and_each_screen_once(tmp_path: Path):
    files = changed(ENGLAND, "home.yaml", "welcome: Touch to start", "welcome: Touch here")
    files = changed(files, "facts.yaml", '"1071.09"', '"1100"')
    files = changed(files, WORK, "ask: Is your CV ready?", "ask: Do you have a CV?")
    files = changed(files, WORK, "{say: Not yet, go: cv-first}", "{say: Not yet, go: not-now}")

    found = changes(tmp_path, files)

    assert [weight for weight, _, _ in found] == ["LED_ELSEWHERE", "WORDS", "FIGURE", "WORDS"]
    assert [screen for _, screen, _ in found][:2] == ['The question "Do you have a CV?"'] * 2
    assert list(Weight) == sorted(Weight)


def test_the_command_says_it_by_screen_and_as_json(tmp_path: Path):
    write_pack(tmp_path / "old" / "england", ENGLAND)
    write_pack(
        tmp_path / "new" / "england",
        changed(ENGLAND, WORK, "{say: Not yet, go: cv-first}", "{say: Not yet, go: not-now}"),
    )
    folders = [str(tmp_path / name / "england") for name in ("old", "new")]

    ran, same, data = (
        CliRunner().invoke(kiosk, ["pack", "diff", *words])
        for words in (folders, folders[:1] * 2, [*folders, "--json"])
    )

    assert ran.output.splitlines() == [
        CV,
        f"  {CASES['an answer leads elsewhere'][3][2]}",
        "A parent would notice 1 change in 1 place.",
    ]
    assert same.output == "A parent would notice nothing.\n"
    assert json.loads(data.output)["changes"] == [
        {"weight": "led_elsewhere", "screen": CV, "says": CASES["an answer leads elsewhere"][3][2]}
    ]
