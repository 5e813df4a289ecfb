"""The staff's guide tells the truth: its commands can be typed, its headings are known, its pictures and parts are there."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from kiosk.pack.notice_columns import field_of
from tests.cli.test_help import resolve
from tests.content.packs import CONTENT

GUIDE = (CONTENT / "README.md").read_text(encoding="utf-8")
TYPED = re.findall(r"^kiosk .*$", GUIDE, re.MULTILINE)
NAMED = re.findall(r"`(kiosk [^`]+)`", GUIDE)


@pytest.mark.parametrize("line", sorted(set(TYPED)))
def test_each_command_can_be_typed_as_it_stands(line):
    command, words = resolve(shlex.split(line.replace("\\", "/"), comments=True)[1:])
    given, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    required = [each.name for each in command.params if each.required]

    assert not isinstance(command, click.Group)
    assert left == []
    assert "help" in given or [name for name in required if not given.get(name)] == []


@pytest.mark.parametrize("line", sorted(set(NAMED)))
def test_each_command_that_it_names_is_there(line):
    _command, words = resolve(shlex.split(line)[1:])

    assert words in ([], ["content/leeds"])


def test_each_heading_of_the_table_is_one_that_a_notice_has():
    table = GUIDE[GUIDE.index("| Heading |") :].split("\n\n")[0]
    headings = [name.strip() for row in table.splitlines()[2:] for name in row.split("|")[1].split(",")]

    assert len(headings) > 15
    assert [name for name in headings if not field_of(name)] == []


def test_its_pictures_are_there_and_its_list_of_contents_leads_somewhere():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE)
    titles = [
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in re.findall(r"^## (.*)$", GUIDE, re.M)
    ]

    assert len(pictures) >= 3
    assert [name for name in pictures if not (CONTENT / name).exists()] == []
    assert [part for part in re.findall(r"\]\(#([^)]+)\)", GUIDE) if part not in titles] == []
