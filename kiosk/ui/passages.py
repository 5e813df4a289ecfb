"""What a screen has to say, in the order in which it is read, and where each of it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from kivy.uix.widget import Widget

from kiosk.ui.widgets.road import Road
from kiosk.ui.widgets.touchable import BarButton, Touchable
from kiosk.ui.widgets.words import Words


@dataclass(frozen=True, repr=False)
class Passage:
    """Texts that are said in one go while `widget` is marked. `language` is theirs, empty for the visit's."""

    texts: tuple[str, ...]
    widget: Widget
    language: str = ""


def find_passages(root: Widget, with_given: bool = False) -> list[Passage]:
    """Return what stands below `root`: words and cards as they follow on one another, then the words of the buttons.

    Keys are left out, and so is what is being typed. What a parent has given, read back to them, comes `with_given` only.
    """
    found = list(_find(root, with_given))
    buttons = [passage for passage in found if isinstance(passage.widget, BarButton)]
    return [passage for passage in found if not isinstance(passage.widget, BarButton)] + buttons


def _find(widget: Widget, with_given: bool) -> Iterator[Passage]:
    if _is_silent(widget) or (getattr(widget, "holds_given", False) and not with_given):
        return
    if isinstance(widget, Touchable | Words) or hasattr(widget, "holds_given"):
        texts = tuple(_texts(widget, top=True))
        if texts:
            yield Passage(texts, widget, getattr(widget, "spoken_in", ""))
        return
    yield from chain.from_iterable(_find(child, with_given) for child in reversed(widget.children))


def _texts(widget: Widget, top: bool = False) -> Iterator[str]:
    """Yield the texts of a card in order, without those of the buttons on it."""
    if _is_silent(widget) or (isinstance(widget, Touchable) and not top):
        return
    if isinstance(widget, Words) and widget.text:
        yield widget.text
    for child in reversed(widget.children):
        yield from _texts(child)


def _is_silent(widget: Widget) -> bool:
    """What cannot be seen, what says that it is not `spoken`, and the road beside a question, which only orients."""
    is_aside = isinstance(widget, Road) and not widget.large
    return not widget.opacity or is_aside or not getattr(widget, "spoken", True)
