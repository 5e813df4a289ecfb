"""A new local pack is whole from its first minute."""

from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import copytree

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result

from kiosk.cli import kiosk
from kiosk.errors import PackUnmakeable
from kiosk.pack.read import read_pack
from kiosk.settings import content_folder
from tests.pack.small_packs import ENGLAND, write_both, write_pack
from tests.pack.test_schema import as_data, tree_of


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    look_up(write_pack(Path("content/england"), ENGLAND))
    return Path("content")


def look_up(national: Path) -> None:
    """Let its facts hold for long: a pack is made today, whenever that is."""
    facts = national / "facts.yaml"
    words = re.sub(r"review_by: \S+", "review_by: 2099-12-31", facts.read_text(encoding="utf-8"))
    facts.write_text(words, encoding="utf-8")


def run(*words: str) -> Result:
    return CliRunner().invoke(kiosk, ["pack", *words])


def test_it_passes_the_check_at_once_with_nothing_to_mend(content: Path):
    made = run("new", "leeds", "--extends", "england")
    checked = run("check", "content/leeds")

    assert made.exit_code == 0, made.output
    assert (checked.exit_code, "Nothing to mend." in checked.output) == (0, True), checked.output
    assert read_pack(content / "leeds").centre.name == "Leeds Children’s Centre"


def test_it_says_no_more_than_the_national_pack_where_that_is_the_shipped_one(tmp_path: Path):
    copytree(content_folder() / "england", tmp_path / "england")
    look_up(tmp_path / "england")

    run("new", "leeds", "--extends", "england", "--dir", str(tmp_path))
    found = json.loads(run("check", str(tmp_path / "leeds"), "--json").output)

    assert found["accepted"]
    assert [each for each in found["findings"] if "/leeds/" in each["file"]] == []
    said = run("check", str(tmp_path / "leeds")).output.splitlines()
    assert said[0].endswith(f"warnings of its own. To see them: kiosk pack check {tmp_path / 'england'}")
    assert "Nothing to mend." in said[1] and len(said) == 2
    assert run("words", str(tmp_path / "leeds")).output.startswith("The pack is in English alone.")


def test_every_example_is_marked_and_every_file_names_its_schema(content: Path):
    run("new", "leeds", "--extends", "england")

    for file in sorted((content / "leeds").glob("*.yaml")):
        words = file.read_text(encoding="utf-8")
        schema = file.parent / words.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        jsonschema_rs.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(
            as_data(tree_of(file))
        )
        assert "EXAMPLE" in words
    assert all(
        fact.example for fact in read_pack(content / "leeds").facts.values() if fact.value.startswith("01632 960 1")
    )


def test_what_is_there_is_never_overwritten(content: Path):
    before = write_both(content) / "pack.yaml"
    words = before.read_text(encoding="utf-8")

    ran = run("new", "oxfordshire", "--extends", "england")

    assert isinstance(ran.exception, PackUnmakeable)
    assert "is there already." in str(ran.exception)
    assert before.read_text(encoding="utf-8") == words


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Leeds City", "--extends", "england"), '"Leeds City" cannot be the name of a pack.'),
        (("../leeds", "--extends", "england"), '"../leeds" cannot be the name of a pack.'),
        (("leeds", "--extends", "englund"), 'Did you mean "england"?'),
        (("leeds", "--extends", "england", "--dir", "nowhere"), 'There is no pack "england" in nowhere.'),
    ],
    ids=["a blank", "a way out", "a slip", "no folder"],
)
def test_what_cannot_be_made_is_said_and_leaves_nothing(words: tuple[str, ...], says: str, content: Path):
    ran = run("new", *words)

    assert isinstance(ran.exception, PackUnmakeable)
    assert says in str(ran.exception)
    assert sorted(folder.name for folder in content.iterdir()) == ["england"]


def test_its_notices_open_in_excel_with_every_heading_of_the_guide_and_one_example(content: Path):
    run("new", "leeds", "--extends", "england")

    written = (content / "leeds" / "notices.csv").read_bytes()
    (notice,) = read_pack(content / "leeds").notices.values()
    assert written.startswith(
        b"\xef\xbb\xbfKind,Title,Words,Where,First date,Every,Weekday,Until,Not on,From,To,Closing date,"
    )
    assert (notice.example, notice.rule, notice.helper) == (True, "FREQ=WEEKLY;BYDAY=MO", "work-coach")
