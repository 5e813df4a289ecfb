"""One rule broken at a time: just that fault, in the right file, at the right line."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pack.small_packs import ENGLAND, changed, faults_of, line_of, write_pack

WORK = "flows/work.yaml"


class Break(NamedTuple):
    """`new` stands in the file instead of `old`; the fault is at the line that then holds `at`."""

    file: str
    old: str
    new: str
    at: str
    says: str
    remedy: str


BREAKS = {
    "a missing target": Break(
        WORK, "go: cv}", "go: cvv}", "go: cvv}",
        '"I am looking for work" goes to "cvv", which does not exist.', 'Did you mean "cv"?',
    ),
    "an unknown start": Break(
        WORK, "start: today", "start: todey", "start:",
        'The flow starts at "todey", which is not one of its questions.', 'Did you mean "today"?',
    ),
    "an unknown stage": Break(
        WORK, "stage: looking\n    ask", "stage: loking\n    ask", "stage: loking",
        '"cv" stands at the stage "loking", which does not exist.', 'Did you mean "looking"?',
    ),
    "a doubled key": Break(
        WORK, "    title: Ready to look\n", "    title: Ready to look\n    title: Ready\n", "title: Ready\n",
        '"title" is here a second time.', "It is already on line",
    ),
    "one id for a question and an outcome": Break(
        WORK, "  ready-to-look:\n", "  cv:\n    stage: looking\n    title: x\n    say: x\n    next: [{say: x}]\n  ready-to-look:\n",
        "  cv:\n    stage: looking\n    title", '"cv" is a question and an outcome.', "Rename it, or the question on line",
    ),
    "an outcome without a step": Break(
        WORK, "    next:\n      - {say: Ask for a call, open: callback}\n", "", "  cv-first:",
        '"cv-first" is an outcome without a next step.', "Add at least one under next:",
    ),
    "five next steps": Break(
        WORK, "      - {say: Ask for a call, open: callback}\n", "".join(f"      - {{say: Step {n}}}\n" for n in range(5)),
        "    next:\n      - {say: Step 0}", '"cv-first" has 5 next steps.', "Leave the 4 that matter most.",
    ),
    "six answers": Break(
        WORK, '      "yes": {', "".join(f"      a{n}: {{say: Answer {n}, go: cv-first}}\n" for n in range(3)) + '      "yes": {',
        'answers:\n      "no"', '"Is your CV ready?" has 6 answers.', "Leave at most 5, or ask in two steps.",
    ),
    "two answers that read the same": Break(
        WORK, "{say: It is ready, go", "{say: not yet., go", "not yet.",
        '"not yet." is the text of two answers, "no" and "yes".', "Word one of them differently.",
    ),
    "an empty text": Break(
        WORK, "ask: Is your CV ready?", "ask:", "    ask:\n",
        'The question "cv" has nothing under ask:.', "Write words there.",
    ),
    "a text that is missing": Break(
        WORK, "    label: Looking\n", "", "  looking:", 'The stage "looking" needs label:.', "Write words there.",
    ),
    "a list where words belong": Break(
        WORK, "say: There is no rush.", "say: [There is no rush.]", "say: [",
        'The stage "thinking": say: must hold words, and holds a list.', "Compare the indentation",
    ),
    "an answer that is too long": Break(
        WORK, "I am looking for work,", f"{'I am looking for work ' * 3},", "I am looking for work I",
        'is 65 characters long. The answer has room for 60.', "Shorten it by 5.",
    ),
    "a question of many words": Break(
        WORK, "Is your CV ready?", "Is it so or is it no or is it yes or is it not so?", "Is it so",
        "is a question of 16 words", "",
    ),
    "words that are not finished": Break(
        WORK, "say: There is no rush.", "say: TODO no rush", "TODO",
        '"TODO no rush" is not finished.', "Write what is still to be done.",
    ),
    "an unknown icon": Break(
        WORK, "icon: sprout", "icon: sprouts", "sprouts", 'There is no icon "sprouts".', 'Did you mean "sprout"?',
    ),
    "an unknown fact": Break(
        WORK, "{fact:childcare-most}", "{fact:childcare-mist}", "mist}",
        'names the fact "childcare-mist", which does not exist.', 'Did you mean "childcare-most"?',
    ),
    "a curly bracket that is no fact": Break(
        WORK, "say: One page is enough.", 'say: "One {page} is enough."', "{page}",
        "holds a curly bracket that is no fact.", "Facts are written {fact:id}",
    ),
    "bold that does not end": Break(
        WORK, "say: One page is", "say: One **page is", "**page", "has a ** without its pair.", "Put ** before and after",
    ),
    "an unknown helper": Break(
        WORK, "helpers: [work-coach]\n    topic", "helpers: [work-coch]\n    topic", "work-coch]",
        '"work-coch" is not a helper.', 'Did you mean "work-coach"?',
    ),
    "an unknown topic": Break(
        WORK, "topic: childcare", "topic: childcar", "topic:",
        '"childcar" is not a topic of the call back.', 'Did you mean "childcare"?',
    ),
    "an unknown page": Break(
        WORK, "page/stay-and-play", "page/stay-and-pay", "stay-and-pay",
        'opens "page/stay-and-pay", which does not exist.', 'Did you mean "stay-and-play"?',
    ),
    "an unknown checklist": Break(
        WORK, "checklist/job-search", "checklist/jobs", "checklist/jobs",
        'opens "checklist/jobs", which does not exist.', "",
    ),
    "an unknown flow": Break(
        "home.yaml", "flow/work", "flow/wrok", "wrok", 'opens "flow/wrok", which does not exist.', 'Did you mean "work"?',
    ),
    "an unknown question of a flow": Break(
        "pages/stay-and-play.yaml", "flow/work@cv", "flow/work@cw", "@cw",
        'opens the flow "work" at "cw", which is not a question of it.', "Its questions are: today, cv.",
    ),
    "an unknown topic to ring about": Break(
        "home.yaml", "callback/childcare", "callback/childcar", "childcar}",
        '"childcar" is not a topic of the call back.', 'Did you mean "childcare"?',
    ),
    "an address that is another kind of fact": Break(
        WORK, "web/find-a-job", "web/childcare-most", "web/childcare",
        '"childcare-most" is not a fact whose unit is address.', "There are: find-a-job.",
    ),
    "something that cannot be opened": Break(
        WORK, "open: callback}", "open: calback}", "calback",
        'open: is "calback", which is not something that can be opened', 'Did you mean "callback"?',
    ),
    "an opening without its id": Break(
        WORK, "open: callback}", "open: page}", "open: page}", 'open: is "page", which is not something', "",
    ),
    "an unknown name": Break(
        WORK, "    money: true\n", "    mony: true\n", "mony", 'cannot hold "mony".', 'Did you mean "money"?',
    ),
    "a comma between words": Break(
        WORK, "hint: 17 things", "hint: 17 things, no more", "17 things, no",
        'cannot hold "no more".', "Put quotes round words that hold a comma.",
    ),
    "a flag that is neither": Break(
        WORK, "money: true", "money: yes", "money: yes", 'money: is "yes", which is not true or false.', "",
    ),
    "an example that leads elsewhere": Break(
        WORK, "not-yet}, outcome: not-now", "not-yet}, outcome: cv-first", "not-yet}, outcome",
        'The example expects "cv-first", but its answers lead to "not-now".', "Mend the answers' targets",
    ),
    "an example with an unknown answer": Break(
        WORK, "{today: not-yet}", "{today: not-yit}", "not-yit",
        'An example answers "today" with "not-yit": there is no such answer.', 'Did you mean "not-yet"?',
    ),
    "an example that stops halfway": Break(
        WORK, '{today: looking, cv: "yes"}', "{today: looking}", "{today: looking}",
        'The example for "ready-to-look" stops at the question "cv".', "Add its answer",
    ),
    "an example that answers what is not asked": Break(
        WORK, "{today: not-yet}", '{today: not-yet, cv: "no"}', "not-yet, cv",
        'answers "cv", which is not asked on this path.', "Take that answer out",
    ),
    "an example with an unknown outcome": Break(
        WORK, "outcome: not-now}", "outcome: not-new}", "not-new",
        'An example expects the outcome "not-new", which does not exist.', 'Did you mean "not-now"?',
    ),
    "an id with a capital": Break(
        "helpers.yaml", "work-coach:\n", "Work:\n  title: x\n  icon: phone\n  does: x\nwork-coach:\n", "Work:",
        '"Work" is not an id.', "Use small letters, digits and hyphens.",
    ),
    "a phone that is no fact": Break(
        "helpers.yaml", "phone: jobcentre-phone", "phone: jobcenter-phone", "phone:",
        '"jobcenter-phone" is not a fact whose unit is phone.', 'Did you mean "jobcentre-phone"?',
    ),
    "an unknown unit": Break(
        "facts.yaml", "unit: pounds", "unit: pound", "unit: pound\n", 'unit: is "pound"', 'Did you mean "pounds"?',
    ),
    "a sum that is no number": Break(
        "facts.yaml", '"1071.09"', '"£1,071"', "£1,071", 'is "£1,071", which is not a number.', "Write digits only.",
    ),
    "a date that is none": Break(
        "facts.yaml", "2026-11-01", "1 November", "1 November", 'which is not a date like 2026-11-01.', "",
    ),
    "a review before the check": Break(
        "facts.yaml", "review_by: 2027-04-05", "review_by: 2025-04-05", "2025", "before it was checked.", "Mend the dates.",
    ),
    "a tone of its own": Break(
        "home.yaml", "tone: path", "tone: pith", "pith", 'tone: is "pith"', 'Did you mean "path"?',
    ),
    "a part of the day that ends first": Break(
        "callback.yaml", '"12:00"', '"08:00"', "08:00", "ends before it starts.", "Write the later time",
    ),
    "a time of day that is none": Break("callback.yaml", '"09:00"', '"9"', '"9"', 'is "9"', ""),
    "a day that is none": Break("callback.yaml", "[mon, tue]", "[mon, tus]", "tus", '"tus" is not a day.', "The days are"),
    "days to keep that are no number": Break("callback.yaml", "keep_days: 14", "keep_days: two", "keep_days", 'is "two"', ""),
    "an empty line in a list": Break(
        "callback.yaml", "privacy: [We", "privacy: ['', We", "privacy: [", "has an empty line under privacy:", "Fill it",
    ),
    "six paragraphs": Break(
        "pages/stay-and-play.yaml", "say:\n", "say:\n" + "  - Hello.\n" * 5, "say:", "has 6 paragraphs.", "Leave at most 5.",
    ),
    "another form of pack": Break("pack.yaml", "spec: 1", "spec: 2", "spec: 2", "reads packs of spec 1.", "Write spec: 1"),
    "a district that is none": Break(
        "pack.yaml", "centre:\n", "centre:\n  districts: [Oxford]\n", "Oxford", '"Oxford" is not an ONS district code.', "One",
    ),
    "a name that is not the folder's": Break(
        "pack.yaml", "id: england", "id: britain", "britain", 'The pack is called "britain"', "Write id: england",
    ),
    "a list of childcare that is not there": Break(
        "pack.yaml", "version: 1", "version: 1\nchildcare_examples: list.csv", "list.csv", 'no file "list.csv"', "Put it",
    ),
    "a tab": Break(WORK, "  today:\n", "\ttoday:\n", "\ttoday", "A tab stands here.", "Indent with spaces."),
    "a fact within curly brackets": Break(
        WORK, "hint: 17 things", "hint: Up to {fact:childcare-most}", "Up to {fact",
        "Curly brackets stand inside others.", "Put quotes round words that hold {fact:...}.",
    ),
    "a second colon": Break(
        WORK, "say: One page is", "say: One: page is", "One: page", 'A second ": " stands on this line.', "Put quotes",
    ),
    "a quote that is not closed": Break(
        "home.yaml", "welcome: Touch", "welcome: 'Touch", "'Touch", "A quote is opened here and never closed.", "Close it.",
    ),
    "a reference": Break(
        "home.yaml", "ask: What brings you here today?", "ask: *there", "*there", "refers to another place.", "Write the words",
    ),
    "a second document": Break("home.yaml", "cards:", "---\ncards:", "---", "A second document begins here.", "Take the"),
    "a control character": Break("home.yaml", "Touch", "To\x07uch", "uch", "cannot be shown (U+0007).", "Delete it."),
    "an escaped control character": Break(
        "home.yaml", "Touch to start", '"Touch \\a"', "Touch", "cannot be shown (U+0007).", "Delete it.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
def test_a_broken_rule_gives_just_its_fault_at_its_line(broken: Break, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    files = changed(ENGLAND, broken.file, broken.old, broken.new)
    folder = write_pack(Path("england"), files)

    faults = faults_of(folder)

    line = files[broken.file][: files[broken.file].index(broken.at)].count("\n") + 1
    assert [(fault.file, fault.line) for fault in faults] == [(f"england/{broken.file}", line)], faults
    assert broken.says in faults[0].says
    assert faults[0].remedy.startswith(broken.remedy)


def test_a_flow_that_only_goes_in_circles_is_told_of_its_circle_and_of_its_missing_end(tmp_path: Path):
    round_and_round = ENGLAND[WORK].replace("go: cv-first", "go: today").replace("go: not-now", "go: cv")
    files = {**ENGLAND, WORK: round_and_round.replace("go: ready-to-look", "go: today")}

    says = [fault.says for fault in faults_of(write_pack(tmp_path / "england", files))]

    assert 'From "today" no outcome can be reached.' in says
    assert '"Not yet" leads round in a circle: today → cv → today.' in says


def test_each_circle_is_named_once(tmp_path: Path):
    files = changed(ENGLAND, WORK, "go: ready-to-look", "go: today")

    (fault,) = faults_of(write_pack(tmp_path / "england", files))

    assert fault.says == '"It is ready" leads round in a circle: today → cv → today.'
    assert fault.line == line_of(files, WORK, "It is ready")


def test_a_question_with_one_answer_is_refused(tmp_path: Path):
    one = '      "yes": {say: It is ready, go: ready-to-look}\n      not-sure: {say: Not sure, go: cv-first}\n'
    files = changed(ENGLAND, WORK, one, "")
    files = changed(files, WORK, '  - {answers: {today: looking, cv: "yes"}, outcome: ready-to-look}\n', "")

    (fault,) = faults_of(write_pack(tmp_path / "england", files))

    assert fault.says == '"Is your CV ready?" has only 1 answer.'
