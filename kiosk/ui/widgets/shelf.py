"""The widgets of a page, put back on the shelf for the next one: a new card takes ten times as long as a card said anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kivy.uix.widget import Widget

A = TypeVar("A", bound=Widget)


class Shelf:
    """Hands widgets out, dressed as asked; what is not asked for is as in a new one."""

    def __init__(self) -> None:
        self._out: list[Widget] = []
        self._spare: dict[type, list[Widget]] = {}
        self._looks: dict[Widget, dict] = {}
        self._follows: dict[Widget, Callable[[], None]] = {}

    def take(self, kind: type[A], follow: Callable[[], None] | None = None, **looks) -> A:
        """Return a widget of this kind that nothing else holds. `follow` is called when it is touched."""
        spare = self._spare.get(kind)
        if spare:
            widget = spare.pop()
            self._dress(widget, looks)
        else:
            widget = kind(**looks)
            if hasattr(widget, "on_touched"):
                widget.bind(on_touched=self._touched)
        self._looks[widget] = looks
        if follow:
            self._follows[widget] = follow
        self._out.append(widget)
        return widget

    def put_back(self) -> None:
        """Whatever was taken is off the page and may be taken again, the first one first."""
        self._follows.clear()
        for widget in reversed(self._out):
            if widget.parent:
                widget.parent.remove_widget(widget)
            self._spare.setdefault(type(widget), []).append(widget)
        self._out = []

    def forget(self) -> None:
        """Put all of it back, with nothing on it of what was said."""
        self.put_back()
        for widget, looks in self._looks.items():
            self._dress(widget, {name: value for name, value in looks.items() if not isinstance(value, str)})

    def _dress(self, widget: Widget, looks: dict) -> None:
        for name in self._looks[widget].keys() - looks.keys():
            setattr(widget, name, widget.property(name).defaultvalue)
        for name, value in looks.items():
            setattr(widget, name, value)
        self._looks[widget] = looks

    def _touched(self, widget: Widget) -> None:
        follow = self._follows.get(widget)
        if follow:
            follow()
