"""What on the present screen has no room: measured by the engine that lays it out, before anything is painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from kiosk.ui.widgets.pages import Pages
from kiosk.ui.widgets.words import Words

SLACK = 1  # pixels that rounding may cost
LEAST = 14  # pixels of a letter's height in its line; on the smallest panel less could not be read by anybody

Box = tuple[float, float, float, float]  # left, bottom, right, top in window pixels


@dataclass(frozen=True)
class Misfit:
    """`text` as it is on the screen, and what is wrong with its place, to go on behind it."""

    text: str
    says: str

    def __str__(self) -> str:
        return f"{self.text!r} {self.says}"


def find_misfits(window) -> list[Misfit]:
    """Return what in `window` is cut, leaves it, lies over its neighbour or is too small to read."""
    shown = [widget for widget in on_top(window).walk() if _is_seen(widget)]
    texts = [widget for widget in shown if isinstance(widget, Words) and widget.text and widget.paragraph.ink_width]
    found = [Misfit(words.text, says) for words in texts for says in _of_words(window, words)]
    found += [misfit for widget in shown if isinstance(widget, Pages) for misfit in _of_pages(widget)]
    return found + list(_overlaps(texts))


def ink_box(words: Words) -> Box:
    """Return where the letters of a laid-out text are."""
    p = words.paragraph
    left, bottom = words.to_window(*words._ink.pos)
    return left, bottom, left + p.ink_width, bottom + p.ink_height


def on_top(window):
    """What asks whether anybody is still here covers everything else."""
    frame = window.children[0]
    return frame._warning or frame


def _is_seen(widget) -> bool:
    return bool(widget.get_root_window()) and all(each.opacity for each in _with_parents(widget))


def _with_parents(widget) -> Iterator:
    while widget is not None and hasattr(widget, "opacity"):
        yield widget
        widget = widget.parent if widget.parent is not widget else None


def _of_words(window, words: Words) -> Iterator[str]:
    p = words.paragraph
    if not p.fits and not words.hugs:
        yield "has a word that is wider than its place."
    if words.hugs and p.ink_width > words.width + SLACK:
        yield "is wider than its place."
    if p.height > words.height + SLACK:
        yield f"needs {p.height} pixels of height and has {words.height:.0f}."
    if words.size_px < LEAST:
        yield f"is only {words.size_px:.0f} pixels high."
    left, bottom, right, top = ink_box(words)
    if left < -SLACK or bottom < -SLACK or right > window.width + SLACK or top > window.height + SLACK:
        yield "leaves the screen."
    elif around := _left_behind(words):
        yield f"reaches out of the {around} around it."


def _left_behind(words: Words) -> str:
    """Return what a text stands in and does not stay in, if there is such a thing."""
    left, bottom, right, top = ink_box(words)
    for around in _with_parents(words.parent):
        if not hasattr(around, "ground"):
            continue
        x, y = around.to_window(around.x, around.y)
        inside = x - SLACK <= left and right <= x + around.width + SLACK
        if not (inside and y - SLACK <= bottom and top <= y + around.height + SLACK):
            return type(around).__name__
    return ""


def _of_pages(pages: Pages) -> Iterator[Misfit]:
    blocks = sorted(pages.children, key=lambda block: -block.y)
    for block in blocks:
        if block.y < pages.y - SLACK or block.top > pages.top + SLACK:
            yield Misfit(said_by(block), "leaves its page.")
    for above, below in pairwise(blocks):
        if below.top > above.y + SLACK:
            yield Misfit(said_by(below), f"lies over {said_by(above)!r}.")


def said_by(block) -> str:
    """Return the first words of a block, or what it is where it has none."""
    return next((w.text for w in block.walk() if isinstance(w, Words) and w.text), type(block).__name__)


def _overlaps(texts: list[Words]) -> Iterator[Misfit]:
    boxes = [(words, ink_box(words)) for words in texts]
    for (one, a), (other, b) in combinations(boxes, 2):
        across, along = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        if across > SLACK and along > SLACK:
            yield Misfit(one.text, f"lies over {other.text!r}.")
