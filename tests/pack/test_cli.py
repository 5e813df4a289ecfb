"""`kiosk pack`, as staff use it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kiosk.cli import kiosk
from kiosk.cli.pack import pack
from tests.pack.small_packs import ENGLAND, changed, line_of, write_both, write_pack

WORK = "flows/work.yaml"


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_both(Path("content"))


def run(*words: str) -> Result:
    return CliRunner().invoke(kiosk, ["pack", *words])


def test_a_good_pack_is_counted_and_there_is_nothing_to_mend():
    ran = run("check", "content/oxfordshire", "--date", "2026-12-01")

    assert (
        ran.output
        == "1 flow, 2 questions, 3 outcomes, 5 paths. Nothing to mend. 2 facts are to be looked up again by 2027-04-05.\n"
    )
    assert ran.exit_code == 0


def test_faults_end_with_status_1_and_say_what_to_do():
    files = changed(ENGLAND, WORK, "go: cv}", "go: cvv}")
    write_pack(Path("content/england"), files)

    ran = run("check", "content/oxfordshire")

    assert ran.exit_code == 1
    assert ran.output.splitlines() == [
        "content/england/flows/work.yaml needs 1 fix",
        f'  line {line_of(files, WORK, "cvv")}   "I am looking for work" goes to "cvv", which does not exist. '
        'Did you mean "cv"?',
        "content/oxfordshire needs 1 fix before a kiosk takes it. Until then the last good pack stays on the screen.",
    ]


def test_warnings_alone_end_with_status_0():
    ran = run("check", "content/oxfordshire", "--date", "2027-04-06")

    assert ran.exit_code == 0
    assert ran.output.startswith("content/england/facts.yaml has 2 warnings\n  line 6 ")
    assert ran.output.endswith("look at the 2 warnings. 2 facts are to be looked up again by 2027-04-05.\n")


def test_json_holds_the_same_for_other_programs():
    write_pack(Path("content/england"), changed(ENGLAND, WORK, "go: cv}", "go: cvv}"))

    ran = run("check", "content/england", "--json")

    (finding,) = json.loads(ran.output)["findings"]
    assert ran.exit_code == 1
    assert finding["file"] == "content/england/flows/work.yaml"
    assert finding["severity"] == "fault"
    assert finding["remedy"] == 'Did you mean "cv"?'


def test_json_of_a_good_pack_counts_it():
    ran = run("check", "content/england", "--json", "--date", "2026-12-01")

    assert json.loads(ran.output)["counts"] == {"flows": 1, "questions": 2, "outcomes": 3, "paths": 5}


def test_paths_are_listed_in_the_words_of_the_screen():
    ran = run("paths", "content/oxfordshire", "work")

    assert ran.output.startswith(
        "1.\n   Which is most like you today? I am not thinking about work yet\n   → Not now, and that is fine\n2.\n"
    )
    assert ran.output.count("→") == 5


def test_a_flow_that_is_not_there_is_named_with_the_nearest():
    ran = run("paths", "content/oxfordshire", "wrok")

    assert ran.exit_code == 2
    assert 'no flow "wrok". Did you mean "work"?' in ran.output


@pytest.mark.parametrize("command", pack.commands.values(), ids=pack.commands.keys())
def test_every_command_has_help_and_an_example(command: click.Command):
    assert command.help
    assert (command.epilog or "").startswith("Example: kiosk pack ")
