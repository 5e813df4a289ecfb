"""`kiosk pack diff`: what a parent would notice between two folders of content."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from kiosk.pack.change import Change
from kiosk.pack.diff import by_screen, find_changes
from kiosk.pack.diff_words import translation_changes
from kiosk.pack.read import read_pack


@click.command(epilog="Example: kiosk pack diff published/oxfordshire content/oxfordshire")
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for other programs.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Say in sentences what a parent would notice between the folders OLD and NEW, by screen.

    Where a parent is led elsewhere comes first, then what is gone, other figures, what is new, and other words;
    how many translations changed comes last, by language.
    Each folder has its national pack beside it; a copy may have another name than its pack.
    """
    packs = read_pack(old, is_copy=True), read_pack(new, is_copy=True)
    changes = [*find_changes(*packs), *translation_changes((old, new), packs)]
    click.echo(_as_json(old, new, changes) if as_json else _in_words(changes))


def _as_json(old: Path, new: Path, changes: Sequence[Change]) -> str:
    found = [{"weight": each.weight.name.lower(), "screen": each.screen, "says": each.says} for each in changes]
    return json.dumps({"old": str(old), "new": str(new), "changes": found}, ensure_ascii=False, indent=2)


def _in_words(changes: Sequence[Change]) -> str:
    if not changes:
        return "A parent would notice nothing."
    lines = []
    for screen, here in by_screen(changes):
        lines += [screen, *(f"  {change.says}" for change in here)]
    screens = len({change.screen for change in changes})
    places = f"{screens} {'place' if screens == 1 else 'places'}"
    return "\n".join(
        [*lines, f"A parent would notice {len(changes)} {'change' if len(changes) == 1 else 'changes'} in {places}."]
    )
