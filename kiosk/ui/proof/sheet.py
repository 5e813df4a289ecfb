"""The contact sheet: one page of small pictures, screen by screen, each a link to the whole one. Needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from kiosk.ui.proof.show import Sight

STYLE = """
body { margin: 0 auto; max-width: 100rem; padding: 1rem 2rem; background: #fffaf2; color: #17252f;
       font: 1.1rem/1.5 "Atkinson Hyperlegible", "Noto Sans", sans-serif; }
h1 { font-size: 2rem; margin: 1rem 0 0; }
summary { cursor: pointer; font-size: 1.3rem; font-weight: bold; padding: .6rem 0; color: #0a4f5c; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; padding-bottom: 2rem; }
figure { margin: 0; max-width: 16rem; }
figure.misfit img { outline: .3rem solid #b3391b; }
figcaption { font-size: .85rem; line-height: 1.3; padding-top: .3rem; }
img { display: block; background: #e5eef0; border-radius: .4rem; box-shadow: 0 .1rem .5rem #17252f44; }
a:focus-visible, summary:focus-visible { outline: .25rem solid #f4b23c; }
.misfits li { margin: .4rem 0; }
"""


@dataclass(frozen=True)
class Shot:
    """A picture that was taken: `file` and `thumb` from the sheet's folder, `width` and `height` of the thumb in pixels."""

    sight: Sight
    file: str
    thumb: str
    width: int
    height: int


def contact_sheet(title: str, shots: Sequence[Shot], misfits: Sequence[str]) -> str:
    """Return the page. `misfits` are sentences for its head."""
    return "\n".join(_lines(title, shots, misfits))


def _lines(title: str, shots: Sequence[Shot], misfits: Sequence[str]) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>Proof of {escape(title)}</title>\n<style>{STYLE}</style>"
    yield f"<h1>Proof of {escape(title)}</h1>\n<p>{len(shots):,} pictures. {_in_short(misfits)}"
    if misfits:
        yield '<ul class="misfits">'
        yield from (f"<li>{escape(misfit)}" for misfit in misfits)
        yield "</ul>"
    yield from _screens(shots)


def _in_short(misfits: Sequence[str]) -> str:
    return "These texts do not fit:" if misfits else "Every text fits its place."


def _screens(shots: Iterable[Shot]) -> Iterator[str]:
    by_scene = sorted(shots, key=lambda shot: str(shot.sight.scene))
    for scene, group in groupby(by_scene, key=lambda shot: str(shot.sight.scene)):
        here = list(group)
        yield f'<details open>\n<summary>{escape(scene)} ({len(here):,})</summary>\n<div class="pictures">'
        yield from map(_figure, here)
        yield "</div>\n</details>"


def _figure(shot: Shot) -> str:
    marked = ' class="misfit"' if shot.sight.misfits else ""
    says = escape(f"{shot.sight.look}, page {shot.sight.page}" if shot.sight.page > 1 else str(shot.sight.look))
    picture = f'<img src="{shot.thumb}" width="{shot.width}" height="{shot.height}" loading="lazy" alt="">'
    return f'<figure{marked}><a href="{shot.file}">{picture}<figcaption>{says}</figcaption></a></figure>'
