"""A local pack to begin with: every line says what it is for, every example says that it is one."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from kiosk.errors import PackUnmakeable
from kiosk.pack.model import Helper, Pack
from kiosk.pack.notice_columns import label_of
from kiosk.pack.read import read_pack
from kiosk.pack.record import ID_PATTERN
from kiosk.pack.schema import LOCAL, write_schemas
from kiosk.pack.tree import did_you_mean

SCHEMAS = ".schemas"
"""Beside the files, and hidden from the pack: what an editor checks them by."""

NOTICES = "notices.csv"
EXAMPLE_PHONE = "01632 960 101"  # a number that Ofcom keeps for stories, and nobody has
EXAMPLE_POSTCODE = "OX4 4UY"
COLUMNS = (
    *("kind", "title", "say", "where", "first", "every", "weekday", "last", "but", "starts", "ends", "closes"),
    *("helper", "creche", "address", "picture", "shown_until", "example"),
)
"""Of notices.csv, as the guide names them."""


def make_pack(parent: Path, name: str, extends: str, today: date) -> Path:
    """Make the local pack `name` in the folder `parent`, beside the national pack it extends, and return its folder.

    Raises PackUnmakeable where the name cannot be one, is taken, or the national pack is not there; PackFaulty where
    that has faults. Nothing is overwritten, and nothing half is left.
    """
    folder = parent / name
    if not re.fullmatch(ID_PATTERN, name):
        raise PackUnmakeable(f'"{name}" cannot be the name of a pack.', "Use small letters, digits and hyphens.")
    if folder.exists():
        raise PackUnmakeable(
            f"{folder} is there already.", "Choose another name, or move it away. Nothing was changed."
        )
    national = _read_national(parent, extends)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=parent) as made:
            for file, words in _files(name, national, today):
                Path(made, file).write_text(words, encoding="utf-8", newline="\n")
            # Its first bytes tell Excel that this is UTF-8: it would spell crèche in its own way, and save it so.
            Path(made, NOTICES).write_text(_notices(national, today), encoding="utf-8-sig", newline="\n")
            write_schemas(Path(made) / SCHEMAS)
            shutil.copytree(made, folder)
    except OSError as why:
        raise PackUnmakeable(f"{folder} cannot be written: {why.strerror}.", "Check who may write there.") from why
    return folder


def _read_national(parent: Path, extends: str) -> Pack:
    beside = sorted(file.parent.name for file in parent.glob("*/pack.yaml"))
    if extends not in beside:
        near = did_you_mean(extends, beside, f"Packs there are: {', '.join(beside) or 'none'}.")
        raise PackUnmakeable(f'There is no pack "{extends}" in {parent}.', near)
    national = read_pack(parent / extends)
    if national.extends:
        raise PackUnmakeable(f'"{extends}" is a local pack itself.', f"Extend {national.extends}.")
    return national


def _files(name: str, national: Pack, today: date) -> Iterator[tuple[str, str]]:
    helpers = list(national.helpers.values())
    yield "pack.yaml", _about(name, national)
    rung = next((helper for helper in helpers if not helper.phone), None)
    yield "helpers.yaml", _helpers(helpers, rung)
    if rung:
        yield "facts.yaml", _facts(rung, today)


def _about(name: str, national: Pack) -> str:
    title = name.replace("-", " ").title()
    return f"""\
# yaml-language-server: $schema={SCHEMAS}/{LOCAL}/pack.json
# Who this pack is for. Lines that begin with # are notes to you: no parent sees them.
# What you do not write here comes from the national pack, "{national.id}".

spec: 1              # the form of these files; leave it
id: {name}
title: {title}
version: 1           # one more each time you publish
extends: {national.id}

# The languages that the screen may offer. For more, write [en, pl, ar]; then make their files with
# kiosk pack words, which says where they are.
languages: [en]

# A translation that no speaker has checked is left out. Write show, and it is shown with a note that says so.
unchecked_translations: hide

centre:
  name: {_quoted(f"{title} Children’s Centre")}   # EXAMPLE: the name as it stands over your door
  postcode: {EXAMPLE_POSTCODE}   # EXAMPLE: yours; childcare is listed by the way from here
  authority: {_quoted(title)}   # EXAMPLE: your council
  districts: [E07000178]   # EXAMPLE: your council's: kiosk childcare districts tells their codes
  reception: Please speak to reception.   # where a parent is sent when the screen cannot help

# What things are called where you are.
local:
{_local(national)}"""


def _local(national: Pack) -> str:
    return "".join(f"  {key}: {_quoted(words)}\n" for key, words in national.local.items()) or "  family-hub: centre\n"


def _helpers(helpers: list[Helper], rung: Helper | None) -> str:
    return f"""\
# yaml-language-server: $schema={SCHEMAS}/{LOCAL}/helpers.json
# The people who help, where they are, and when. Write only what is different here: the rest is national.
# where: and when: below are EXAMPLES, taken from there. A helper of your own needs title:, icon: and does: too;
# icons have the names of lucide.dev/icons.

{"".join(_helper(helper, is_rung=helper is rung) for helper in helpers) or "{}" + chr(10)}"""


def _helper(helper: Helper, is_rung: bool) -> str:
    lines = [f"# {helper.title}: {helper.does}", f"{helper.id}:"]
    lines.append(f"  where: {_quoted(helper.where or 'Ask at the desk')}   # EXAMPLE")
    if helper.when:
        lines.append(f"  when: {_quoted(helper.when)}   # EXAMPLE")
    if is_rung:
        lines.append(f"  phone: {_phone_of(helper)}   # the id of a number in facts.yaml")
    return "\n".join(lines) + "\n\n"


def _facts(helper: Helper, today: date) -> str:
    return f"""\
# yaml-language-server: $schema={SCHEMAS}/{LOCAL}/facts.json
# Numbers, sums and dates that change. After review_by a parent does not see the value any more, but the words of ask:.
# "kiosk pack check" names each in good time.

# EXAMPLE: nobody has this number. Write the real one, and take the line "example: true" away.
{_phone_of(helper)}:
  value: {_quoted(EXAMPLE_PHONE)}
  unit: phone
  source: example, to be replaced by the centre   # where you looked it up
  checked_on: {today}   # the day you did
  review_by: {_a_year_after(today)}   # look it up again by then
  ask: ask us for the number
  example: true
"""


def _notices(national: Pack, today: date) -> str:
    """Return the headings, and one example that comes every week: so staff see what a row looks like."""
    helper = next((each.title for each in national.helpers.values()), "")
    monday = today + timedelta(days=7 - today.weekday())
    example = {
        "kind": "session",
        "title": "Stay and play",
        "say": "Your child plays, and you get to sit down. Just come in.",
        "where": "The play room",
        "first": f"{monday:%d/%m/%Y}",
        "every": "week",
        "weekday": "Monday",
        "starts": "9:30",
        "ends": "11:30",
        "helper": helper,
        "creche": "no",
        "example": "yes",
    }
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(
        [[label_of(field) for field in COLUMNS], [example.get(field, "") for field in COLUMNS]]
    )
    return written.getvalue()


def _phone_of(helper: Helper) -> str:
    return f"phone-{helper.id}"


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _quoted(words: str) -> str:
    """Return words as YAML takes them whatever they hold: JSON's strings are YAML's."""
    return json.dumps(words, ensure_ascii=False)
