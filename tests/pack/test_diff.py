"""What a parent would notice, in sentences, the heaviest first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import polib
import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.pack.change import Weight
from kiosk.pack.diff import find_changes
from kiosk.pack.read import read_pack
from tests.pack.small_packs import ENGLAND, changed, write_both, write_pack

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


HEADING = "Kind,Title,Words,Where,First date,Every,Weekday,Until,Not on,From,To,Closing date,Helper,Crèche,Web address"
COACH_HERE = (
    "session,Work coach here,Just come.,Big room,10/11/2026,two weeks,Tuesday,,24/11/2026,10:00,12:00,,Work coach,no,"
)
HELPER_JOB = "vacancy,Lunch helper,,A school,,,,,,,,11/12/2026,,,www.example.org/a"

NOTICES = {
    "its days": (COACH_HERE.replace("Tuesday", "Thursday").replace("10/11", "12/11"), ("FIGURE", "It was every 2 weeks on Tuesday from 10 November 2026 and is now every 2 weeks on Thursday from 12 November 2026.")),
    "its rhythm": (COACH_HERE.replace("two weeks,Tuesday,", "month,second Tuesday,09/02/2027"), ("FIGURE", "It was every 2 weeks on Tuesday from 10 November 2026 and is now every month on the second Tuesday from 10 November 2026 until 9 February 2027.")),
    "its time": (COACH_HERE.replace("12:00", "11:30"), ("FIGURE", "The time was 10:00 to 12:00 and is now 10:00 to 11:30.")),
    "a day it falls out": (COACH_HERE.replace("24/11/2026", '"24/11/2026, 08/12/2026"'), ("FIGURE", "It does not take place on 8 December 2026.")),
    "a day it does not fall out": (COACH_HERE.replace("24/11/2026", ""), ("FIGURE", "It does not take place on 24 November 2026: this is no longer said.")),
    "its helper": (COACH_HERE.replace(",Work coach,no", ",,no"), ("FIGURE", "It named Work coach and now names nobody.")),
    "its crèche": (COACH_HERE.replace(",no,", ",yes,"), ("FIGURE", "It said there is no crèche and now says there is a crèche.")),
    "its place": (COACH_HERE.replace("Big room", "Hall"), ("WORDS", 'The place read "Big room" and now reads "Hall".')),
    "its text": (COACH_HERE.replace("Just come", "Please book"), ("WORDS", 'Its text read "Just come." and now reads "Please book.".')),
}  # fmt: skip


@pytest.mark.parametrize("case", NOTICES.values(), ids=NOTICES.keys())
def test_of_a_notice_it_is_said_what_is_other(case: tuple[str, tuple[str, str]], tmp_path: Path):
    row, (weight, says) = case
    old, new = ({**ENGLAND, "notices.csv": f"{HEADING}\n{each}\n"} for each in (COACH_HERE, row))

    packs = (read_pack(write_pack(tmp_path / name / "england", each)) for name, each in (("old", old), ("new", new)))

    found = [(change.weight.name, change.screen, change.says) for change in find_changes(*packs)]
    assert found == [(weight, 'The notice "Work coach here"', says)]


def test_a_vacancy_that_closes_later_says_both_days(tmp_path: Path):
    later = HELPER_JOB.replace("11/12", "18/12").replace("org/a", "org/b")
    old, new = ({**ENGLAND, "notices.csv": f"{HEADING}\n{each}\n"} for each in (HELPER_JOB, later))

    packs = (read_pack(write_pack(tmp_path / name / "england", each)) for name, each in (("old", old), ("new", new)))

    assert [change.says for change in find_changes(*packs)] == [
        "It was open until 11 December 2026 and is now open until 18 December 2026.",
        "The web address was www.example.org/a and is now www.example.org/b.",
    ]


def test_a_copy_under_another_name_is_compared_with_the_folder(tmp_path: Path):
    """As the staff's guide has it: a copy of the folder, then the folder after a morning's work."""
    folder = write_both(tmp_path)
    copytree(folder, tmp_path / "oxfordshire-before")
    (folder / "home.yaml").write_text("welcome: Come in\n", encoding="utf-8")

    ran = CliRunner().invoke(kiosk, ["pack", "diff", str(tmp_path / "oxfordshire-before"), str(folder)])

    assert (ran.exit_code, "The welcome" in ran.output) == (0, True), ran.output


def test_translations_are_counted_by_language(tmp_path: Path):
    polish = changed(ENGLAND, "pack.yaml", "languages: [en]", "languages: [en, pl]")
    for name in ("old", "new"):
        write_pack(tmp_path / name / "england", polish)
        ran = CliRunner().invoke(kiosk, ["pack", "words", str(tmp_path / name / "england")])
        assert ran.exit_code == 0, ran.output
    _translate(tmp_path / "old", lambda number: "" if number == 0 else f"Słowa {number}" if number < 40 else "Dwa")
    _translate(tmp_path / "new", lambda number: "" if number == 1 else f"Słowa {number}" if number < 39 else "Dwa")

    ran = CliRunner().invoke(kiosk, ["pack", "diff", *(str(tmp_path / name / "england") for name in ("old", "new"))])

    assert ran.output.splitlines() == [
        "The words in Polish",
        "  1 text reads otherwise.",
        "  1 text reads in Polish instead of English.",
        "  1 text reads in English again.",
        "A parent would notice 3 changes in 1 place.",
    ]


def _translate(parent: Path, say: Callable[[int], str]) -> None:
    """Put words at each text that has no placeholder."""
    file = parent / "england" / "words" / "pl.po"
    catalogue = polib.pofile(str(file), wrapwidth=0)
    for number, entry in enumerate(each for each in catalogue if "{" not in each.msgid):
        entry.msgstr = say(number)
    catalogue.save()
