"""Sheets set in type by Typst, with our own fonts and icons: tagged PDF (PDF/UA-1), its text real text in every script."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from kiosk.errors import TooMuchToPrint
from kiosk.takeaway.sheets import Kind, Sheet, Size
from kiosk.takeaway.typeset import in_runs, set_in_type


@dataclass(frozen=True)
class Form:
    """How a kind is made: its template, and how many pages of which papers it may fill."""

    template: Path
    pages: Mapping[Size, int]


_HERE = Path(__file__).parent
FORMS = {
    Kind.POSTER: Form(_HERE / "poster.typ", {Size.A3: 1}),
    Kind.LEAFLET: Form(_HERE / "leaflet.typ", {Size.A4: 2}),
    Kind.AIDE_MEMOIRE: Form(_HERE / "list.typ", {Size.A4: 1, Size.A5: 2}),
    Kind.TRAINING_SHEET: Form(_HERE / "list.typ", {Size.A4: 1}),
}
LETTERS = tuple(points / 2 for points in range(28, 13, -1))
"""Points of a sheet's plain words, largest first. Below the last they have to become fewer."""

_OWN_ICONS = frozenset({"pointer", "phone", "users-round"})
_COUNTING = 9  # dots per inch: enough to count pages


def to_pdf(kind: Kind, sheet: Sheet, size: Size) -> bytes:
    """Return the sheet as one PDF, in the largest LETTERS in which it keeps to its pages.

    Raises TooMuchToPrint where it does in none of them.
    """
    return set_in_type(FORMS[kind].template, fitting(kind, sheet, size), "pdf")[0]


def fitting(kind: Kind, sheet: Sheet, size: Size) -> Mapping[str, str]:
    """Return what the template of the kind is given: `size`, the points of plain words, is the largest that fits.

    Raises TooMuchToPrint as above.
    """
    form, content = FORMS[kind], asdict(sheet)
    inputs = {
        "sheet": json.dumps(in_runs(content, sheet.head.mirrored)),
        "icons": json.dumps({name: _icon(name) for name in {*_OWN_ICONS, *_icons_in(content)}}),
        "paper": size.value,
    }

    def fits(points: float) -> bool:
        pages = set_in_type(form.template, {**inputs, "size": str(points)}, "png", _COUNTING)
        return len(pages) <= form.pages[size]

    found = bisect_left(LETTERS, True, key=fits)
    if found == len(LETTERS):
        raise TooMuchToPrint(
            f"The words of the {kind.value} do not fit on {size.value} in letters that can be read.",
            "Make the longest texts shorter, or take a larger paper.",
        )
    return {**inputs, "size": str(LETTERS[found])}


def _icons_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, each in part.items():
            yield from [each] if key == "icon" else _icons_in(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _icons_in(each)


def _icon(name: str) -> str:
    """Return the SVG of a Lucide icon, its colour still open. Raises KeyError for a name that Lucide does not have."""
    spec = find_spec("lucide")
    if spec is None or spec.origin is None:
        raise KeyError(name)
    with ZipFile(Path(spec.origin).with_name("lucide.zip")) as icons:
        return icons.read(f"{name}.svg").decode()
