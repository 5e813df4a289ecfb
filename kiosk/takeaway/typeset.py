"""A slip on paper, set by Typst with our own fonts: as PDF for a print queue, as pictures for who prints pictures."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kiosk.fonts import FALLBACKS, FAMILY, font_folders
from kiosk.pack.translate import IN_ENGLISH
from kiosk.reading_order import in_order
from kiosk.takeaway.model import Paper, Slip

if TYPE_CHECKING:
    from typst import Fonts

TEMPLATE = Path(__file__).with_name("slip.typ")
DOTS_PER_INCH = 203  # what receipt printers have; on office printers it is still sharp
_NOT_WORDS = {"language", "mark", "icon", "letter", "number", "to"}

Form = Literal["pdf", "png"]
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def can_typeset() -> bool:
    """Return whether Typst is installed: it is in the extra `print`."""
    return importlib.util.find_spec("typst") is not None


def to_pdf(slip: Slip, paper: Paper) -> bytes:
    """Return the slip as one PDF, on as many pages of `paper` as it needs."""
    return _set(slip, paper, "pdf")[0]


def to_pictures(slip: Slip, paper: Paper) -> list[bytes]:
    """Return each page as a PNG of DOTS_PER_INCH."""
    return _set(slip, paper, "png")


def _set(slip: Slip, paper: Paper, form: Form) -> list[bytes]:
    inputs = {"slip": json.dumps(in_runs(asdict(slip), slip.mirrored)), "paper": paper.value}
    return set_in_type(TEMPLATE, inputs, form)


def set_in_type(
    template: Path, inputs: Mapping[str, str], form: Form, dots_per_inch: float = DOTS_PER_INCH
) -> list[bytes]:
    """Return a template of this folder with its `sys.inputs`, set with our own fonts: a PNG a page, or one PDF.

    A PDF is tagged and meets PDF/UA-1: a screen reader follows it. Raises TypstError for a template that fails.
    """
    # Only now: most visits print nothing.
    import typst

    made = typst.compile(
        template,
        root=template.parent,
        format=form,
        ppi=dots_per_inch,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={**inputs, "fonts": json.dumps((FAMILY, *FALLBACKS))},
        pdf_standards=["ua-1"] if form == "pdf" else [],
    )
    return made if isinstance(made, list) else [made]


@cache
def _fonts() -> Fonts:
    """Our fonts and no others, looked through once."""
    from typst import Fonts

    folders: list[Path] = font_folders()
    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def in_runs(part: Any, mirrored: bool, name: str = "") -> Any:
    """Return a part of a slip or sheet for its template: every text as its runs, in reading order."""
    if isinstance(part, dict):
        return {key: in_runs(each, mirrored, key) for key, each in part.items()}
    if isinstance(part, tuple | list):
        return [in_runs(each, mirrored) for each in part]
    if isinstance(part, bool) or name in _NOT_WORDS:
        return part
    return list(_runs(in_order(part, mirrored)))


def _runs(words: str) -> Iterator[dict[str, str]]:
    """Yield what is bold and what is not, and a run of its own for the mark of English words."""
    for index, piece in enumerate(_BOLD.split(words)):
        kind = "bold" if index % 2 else "plain"
        first, *others = piece.split(IN_ENGLISH)
        yield {"kind": kind, "text": first}
        for other in others:
            yield {"kind": "mark", "text": "\u00a0EN"}
            yield {"kind": kind, "text": other}
