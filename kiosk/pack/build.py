"""A pack from its folded tree. Every part is built, however faulty, so that later rules find their faults as well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kiosk.pack.build_flow import build_flow, build_steps
from kiosk.pack.build_front import build_callback, build_home
from kiosk.pack.facts import NUMERIC, is_number
from kiosk.pack.model import (
    Centre,
    Checklist,
    ChecklistItem,
    ChecklistPart,
    Fact,
    Helper,
    Pack,
    Page,
    Unit,
)
from kiosk.pack.notices import build_notices
from kiosk.pack.record import Record
from kiosk.pack.seasons import build_seasons
from kiosk.pack.tree import Entries, Faults, Mark, did_you_mean, quoted

SPEC = 1
"""The form of pack folder that this program reads."""

NEEDED = ("pack.yaml", "home.yaml", "callback.yaml")
"""Files that no pack is without."""

_UNITS = [unit for unit in Unit if unit is not Unit.SEASON]
"""Units that staff write; a fact with `seasons:` has none to write."""

_ONS_CODE = re.compile(r"[EWSN]\d{8}")


@dataclass(frozen=True)
class Sources:
    """The folded files. One in `unreadable` was blamed already: what is missing in it is not blamed again."""

    folder: str
    files: Mapping[str, Entries]
    unreadable: frozenset[str]
    faults: Faults

    def one(self, name: str, called: str) -> Record:
        """Return a file of a fixed name. That it is not there is one fault, not one for each thing it should hold."""
        mark = Mark(f"{self.folder}/{name}")
        if name in self.files and name not in self.unreadable:
            return Record(self.files[name], called, self.faults)
        if name in NEEDED and name not in self.unreadable:
            self.faults.add(mark, "There is no such file.", "Every pack has one, its own or its national pack's.")
        return Record(self.files.get(name, Entries({}, {}, mark)), called, Faults())

    def each(self, folder: str, called: str) -> Iterator[tuple[str, Record]]:
        """Yield id and record of each file of a folder; the file's name is the id."""
        for name, entries in self.files.items():
            if name.startswith(f"{folder}/"):
                file_id = name.removeprefix(f"{folder}/").removesuffix(".yaml")
                yield file_id, Record(entries, f'{called} "{file_id}"', self.faults)


def build_pack(sources: Sources, sha256: str) -> Pack:
    """Return the pack; whatever is missing stands empty, and is among the faults."""
    about = sources.one("pack.yaml", "The pack")
    if about.whole("spec") != SPEC:
        about.fault("spec", f"This program reads packs of spec {SPEC}.", f"Write spec: {SPEC}, or update the program.")
    pack = Pack(
        id=about.text("id"),
        title=about.text("title"),
        version=about.whole("version"),
        extends=about.text("extends", ""),
        languages=about.texts("languages") or ("en",),
        shows_unchecked=about.parsed("unchecked_translations", _is_show, "show or hide", False, needed=False),
        centre=_centre(about.record("centre", "The centre")),
        childcare_examples=about.text("childcare_examples", ""),
        local=about.words_by_name("local"),
        sha256=sha256,
        home=build_home(sources.one("home.yaml", "The home screen")),
        callback=build_callback(sources.one("callback.yaml", "The call back")),
        helpers=dict(_helpers(sources.one("helpers.yaml", "The list of helpers"))),
        facts=dict(_facts(sources.one("facts.yaml", "The list of facts"))),
        flows={id: build_flow(id, record) for id, record in sources.each("flows", "The flow")},
        pages={id: _page(id, record) for id, record in sources.each("pages", "The page")},
        checklists={id: _checklist(id, record) for id, record in sources.each("checklists", "The checklist")},
    )
    helpers = None if "helpers.yaml" in sources.unreadable else pack.helpers
    pack = replace(pack, notices=build_notices(sources.files, helpers, sources.faults))
    about.done()
    return pack


def _centre(record: Record | None) -> Centre:
    if record is None:
        return Centre("", "", "", (), "")
    centre = Centre(
        name=record.text("name"),
        postcode=record.text("postcode", ""),
        authority=record.text("authority", ""),
        districts=record.texts("districts"),
        reception=record.text("reception"),
    )
    for code in centre.districts:
        if not _ONS_CODE.fullmatch(code):
            record.fault("districts", f"{quoted(code)} is not an ONS district code.", "One looks like E07000178.")
    record.done()
    return centre


def _helpers(file: Record) -> Iterator[tuple[str, Helper]]:
    for helper_id, record in file.own_entries("The helper"):
        yield (
            helper_id,
            Helper(
                id=helper_id,
                title=record.text("title"),
                icon=record.text("icon"),
                does=record.text("does"),
                where=record.text("where", ""),
                when=record.text("when", ""),
                phone=record.text("phone", ""),
            ),
        )
        record.done()


def _facts(file: Record) -> Iterator[tuple[str, Fact]]:
    for fact_id, record in file.own_entries("The fact"):
        seasons = build_seasons(record)
        is_seasonal = bool(seasons)
        fact = Fact(
            id=fact_id,
            value="" if is_seasonal else record.text("value"),
            unit=Unit.SEASON
            if is_seasonal
            else record.parsed("unit", _unit, f"one of: {', '.join(_UNITS)}", Unit.TEXT),
            source=record.text("source"),
            checked_on=record.day("checked_on"),
            review_by=record.day("review_by"),
            ask=record.text("ask"),
            example=record.flag("example"),
            seasons=seasons,
        )
        if fact.unit in NUMERIC and fact.value and not is_number(fact.value):
            record.fault(
                "value", f"{record.called} is {quoted(fact.value)}, which is not a number.", "Write digits only."
            )
        if fact.review_by < fact.checked_on < date.max:
            record.fault("review_by", f"{record.called} is to be reviewed before it was checked.", "Mend the dates.")
        record.done()
        yield fact_id, fact


def _page(page_id: str, record: Record) -> Page:
    page = Page(
        id=page_id,
        title=record.text("title"),
        icon=record.text("icon"),
        say=record.texts("say", needed=True),
        next=build_steps(record),
        helpers=record.texts("helpers"),
        money=record.flag("money"),
        private=record.flag("private"),
    )
    record.done()
    return page


def _checklist(checklist_id: str, record: Record) -> Checklist:
    checklist = Checklist(
        id=checklist_id,
        title=record.text("title"),
        say=record.text("say"),
        parts=tuple(_part(part) for part in record.records("parts", "A part of the checklist", needed=True)),
        next=build_steps(record),
        staff=record.text("staff", ""),
    )
    record.done()
    return checklist


def _part(record: Record) -> ChecklistPart:
    items = record.records("items", "An item of the checklist", needed=True)
    part = ChecklistPart(record.text("title"), record.text("icon"), tuple(_item(item) for item in items))
    record.done()
    return part


def _item(record: Record) -> ChecklistItem:
    item = ChecklistItem(record.text("say"), record.text("more", ""), record.text("staff", ""))
    record.done()
    return item


def _is_show(words: str) -> bool:
    if words not in ("show", "hide"):
        raise ValueError(did_you_mean(words, ("show", "hide")))
    return words == "show"


def _unit(words: str) -> Unit:
    if words not in _UNITS:
        raise ValueError(did_you_mean(words, _UNITS))
    return Unit(words)
