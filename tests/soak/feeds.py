"""python -m tests.soak.feeds: hostile registers, spreadsheets, workbooks and directories, made up for a given time.

Each is a whole one with bytes or values changed at random, imported over a list that is already there. Whatever comes in,
the answer is a list or a refusal in a sentence with its remedy; after a refusal the old list is there to the last word,
and nothing that reads REDACTED ever is. Exit status 1 at the first that is not so, with the seed that brings it back.
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from openpyxl import Workbook

from kiosk.childcare.model import Found, Search
from kiosk.childcare.search import find_childcare
from kiosk.childcare.sources import mapping, ofsted, outpost
from kiosk.childcare.sources.feed import Feed, Notebook, read_feed
from kiosk.childcare.sources.listed import List, find_list, load_list
from kiosk.childcare.sources.reading import Reading
from kiosk.childcare.store import ChildcareStore, open_childcare
from kiosk.errors import ChildcareFileFaulty
from tests.childcare.directories import OUTPOST_SERVICE, V1_SERVICE, V3_SERVICE
from tests.childcare.registers import (
    AS_AT,
    CLUB,
    CRECHE,
    NEW_HEADER,
    OLD_HEADER,
    POSTCODES,
    SPARKLE,
    WITHHELD,
    provider,
    register,
)
from tests.childcare.test_listed import BLUEBELL, HEADER, MINDER, OUTPOST, TITLES

CALLED = List("fuzzed", "Fuzzed list")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BITS = (
    b'"',
    b",",
    b"\r",
    b"\n",
    b"\0",
    b"REDACTED",
    b"\xff\xfe",
    b"\xc3",
    b"=1+1",
    b"9" * 400,
    b"\xf0\x9f\x91\xb6",
    b"PK",
)
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 100, 1e308, float("nan"), "", "string", "REDACTED", "US", "OX4 4UA", "\0", [], {}, [[]], [None],
    "2026-99-99", "25:00", "MO,XX", {"name": "Nursery"}, "9" * 400, "\u202e", 10**30,
)  # fmt: skip


def main(seconds: float, seed: int, folder: Path) -> int:
    """Try for so many seconds; return how many were tried. Raises AssertionError, or whatever broke."""
    store = open_childcare(folder / "data")
    store.load_postcodes(POSTCODES)
    store.replace_source(CALLED.origin, [provider(1), provider(2)], AS_AT)
    tried = refused = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        chance = random.Random(seed + tried)
        kind = chance.choice((a_register, a_spreadsheet, a_workbook, an_export, a_file_of_services, a_directory))
        try:
            refused += try_one(store, kind, chance, folder)
        except BaseException:
            click.echo(f"Seed {seed + tried} ({kind.__name__}) breaks it.", err=True)
            raise
        tried += 1
    click.echo(f"{tried:,} imports, {refused:,} refused in a sentence, nothing of an old list lost.")
    return tried


def try_one(
    store: ChildcareStore, read: Callable[[random.Random, Path], Reading], chance: random.Random, folder: Path
) -> bool:
    """Import one; return whether it was refused."""
    before = held(store)
    try:
        reading = read(chance, folder)
        store.replace_source(
            CALLED.origin,
            reading.providers,
            reading.as_at,
            reading.withheld,
            len(reading.refused),
            reading.withheld_urns,
        )
    except ChildcareFileFaulty as refusal:
        assert refusal.fact.endswith((".", "?")) and refusal.remedy, str(refusal)
        assert held(store) == before, "a refusal changed the list"
        return True
    # An id is never shown: it may be whatever a directory calls its services.
    shown = [replace(found.provider, id="") for found in held(store)]
    assert not any("REDACTED" in str(each).upper() for each in shown), f"what is withheld is listed: {shown}"
    return False


def held(store: ChildcareStore) -> tuple[Found, ...]:
    return find_childcare(store, Search(size=100)).found


def spoil(whole: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few of them cut away, doubled, or replaced by what breaks readers."""
    for _ in range(chance.randint(0, 4)):
        at, length = chance.randrange(len(whole) + 1), chance.choice((0, 1, 3, 60, 10_000))
        put = chance.choice((b"", chance.choice(BITS), chance.randbytes(4), whole[at : at + 50]))
        whole = whole[:at] + put + whole[at + length :]
    return whole


def put(folder: Path, name: str, whole: bytes, chance: random.Random) -> Path:
    (folder / name).write_bytes(spoil(whole, chance))
    return folder / name


def a_register(chance: random.Random, folder: Path) -> Reading:
    rows = chance.choices((SPARKLE, CRECHE, CLUB, WITHHELD), k=chance.randint(0, 5))
    text = register(*rows, header=chance.choice((OLD_HEADER, NEW_HEADER)))
    whole = text.encode(chance.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16")))
    return ofsted.load_ofsted(put(folder, "register.csv", whole, chance), allow_partial=chance.random() < 0.3)


def a_spreadsheet(chance: random.Random, folder: Path) -> Reading:
    text = register(*chance.choices((BLUEBELL, MINDER), k=chance.randint(0, 5)), header=HEADER, titles=TITLES)
    return _listed(put(folder, "list.csv", text.encode(), chance))


def a_workbook(chance: random.Random, folder: Path) -> Reading:
    book, out = Workbook(), io.BytesIO()
    for row in (*TITLES, HEADER, *chance.choices((BLUEBELL, MINDER), k=chance.randint(0, 5))):
        book.active.append(row)
    book.save(out)
    return _listed(put(folder, "list.xlsx", out.getvalue(), chance))


def _listed(file: Path) -> Reading:
    found = find_list(file, {})
    return load_list(found, mapping.propose(found.header), CALLED)


def an_export(chance: random.Random, folder: Path) -> Reading:
    return outpost.load_outpost(put(folder, "outpost.csv", OUTPOST.encode(), chance), CALLED)


def a_file_of_services(chance: random.Random, folder: Path) -> Reading:
    whole = json.dumps(services(chance)).encode()
    return outpost.load_json(put(folder, "services.json", whole, chance), CALLED)


def a_directory(chance: random.Random, folder: Path) -> Reading:
    every = services(chance)
    page = (
        change({"contents": every, "total_pages": 1, "last_page": True}, chance)
        if chance.random() < 0.2
        else {"content": every}
    )
    answers = [page, *every]
    notebook = Notebook(folder / "notes.jsonl")
    notebook.close()
    feed = Feed("http://localhost/services", CALLED.origin, CALLED.source)
    return read_feed(feed, lambda _url: answers.pop(0) if answers else {"contents": []}, notebook, NOON)


def services(chance: random.Random) -> list[Any]:
    every = [deepcopy(chance.choice((V1_SERVICE, V3_SERVICE, OUTPOST_SERVICE))) for _ in range(chance.randint(0, 4))]
    for number, service in enumerate(every):
        service["id"] = number
    return [change(service, chance) for service in every]


def change(value: Any, chance: random.Random) -> Any:
    """Return a JSON value with some of what is in it replaced, at any depth."""
    if chance.random() < 0.04:
        return deepcopy(chance.choice(VALUES))
    if isinstance(value, dict):
        return {name: change(each, chance) for name, each in value.items()}
    if isinstance(value, list):
        return [change(each, chance) for each in value]
    return value


@click.command()
@click.option("--seconds", default=120.0, show_default=True, help="For how long.")
@click.option("--seed", default=0, show_default=True, help="Where the made-up begins: the same seed makes up the same.")
def fuzz(seconds: float, seed: int) -> None:
    """Import hostile lists for so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        main(seconds, seed, Path(folder))


if __name__ == "__main__":
    sys.exit(fuzz())
