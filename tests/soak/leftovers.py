"""What of a visit is left in the program's memory: in a widget, in what a widget holds, in anything at all."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator

NOT_WORDS = str.maketrans("", "", " \u00a0-\u2066\u2067\u2068\u2069")


def in_widgets(kiosk, beginnings: Iterable[str]) -> list[str]:
    """Return class and property of each widget that still says what was typed: on the screen, or kept to be used again."""
    wanted = tuple(beginnings)
    return [
        f"{type(widget).__name__}.{name}"
        for widget in _widgets(kiosk)
        for name, value in _properties(widget)
        if any(each in plain(text) for text in _texts(value) for each in wanted)
    ]


def anywhere(beginnings: Iterable[str], but: Iterable[object] = ()) -> list[str]:
    """Return a description of each object of this process, `but` the test's own, that holds words with what was typed."""
    wanted = tuple(beginnings)
    ours = {id(each) for each in (wanted, *but)}
    gc.collect()
    return [
        f"{type(holder).__name__} holds {text[:40]!r}"
        for holder in gc.get_objects()
        if id(holder) not in ours
        for text in gc.get_referents(holder)
        if type(text) is str and any(each in plain(text) for each in wanted)
    ]


def plain(text: str) -> str:
    return text.translate(NOT_WORDS).lower()


def _widgets(kiosk) -> Iterator:
    seen = set()
    screens = {**kiosk.app.root._english_welcome, **kiosk.app.root._screens}
    for top in (*kiosk.window.children, *screens.values(), *kiosk.app.root._bars):
        for widget in top.walk():
            if id(widget) not in seen:
                seen.add(id(widget))
                yield widget


_NAMES: dict[type, tuple[str, ...]] = {}


def _properties(widget) -> Iterator[tuple[str, object]]:
    """Every property that may hold words; numbers and colours hold none."""
    from kivy.properties import DictProperty, ListProperty, ObjectProperty, OptionProperty, StringProperty

    kind = type(widget)
    if kind not in _NAMES:
        worded = (StringProperty, ListProperty, DictProperty, ObjectProperty)
        _NAMES[kind] = tuple(
            name
            for name, each in widget.properties().items()
            if isinstance(each, worded) and not isinstance(each, OptionProperty)
        )
    for name in _NAMES[kind]:
        yield name, getattr(widget, name)
    yield from vars(widget).items()


def _texts(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (text for each in value for text in _texts(each))
