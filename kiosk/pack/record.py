"""One mapping of a pack's file, read field by field. What is missing, of the wrong kind or left over is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from typing import TypeVar

from kiosk.pack.tree import Entries, Faults, Items, Mark, Node, Text, did_you_mean, quoted

T = TypeVar("T")
N = TypeVar("N", Text, Items, Entries)

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ID = re.compile(ID_PATTERN)
_KINDS: dict[type[Node], str] = {Text: "words", Items: "a list", Entries: "a group of named values"}


class Record:
    """Reads never stop at a fault: they note it and go on with an empty value, so that all faults are found at once.

    `called` is what faults call it, such as 'The question "today"'. Call `done` last.
    """

    def __init__(self, entries: Entries, called: str, faults: Faults, mark: Mark | None = None) -> None:
        self.called = called
        self.mark = mark or entries.mark
        self._entries = entries
        self._faults = faults
        self._asked: dict[str, None] = {}

    def text(self, name: str, default: str | None = None) -> str:
        """Return the words under the name. Without a default, they must be there."""
        node = self._node(name, Text, needed=default is None)
        return node.words if node else default or ""

    def parsed(self, name: str, parse: Callable[[str], T], kind: str, default: T, needed: bool = True) -> T:
        """Return what `parse` makes of the words. `kind` says in a fault what they must be; parse raises ValueError."""
        node = self._node(name, Text, needed)
        if node is None:
            return default
        try:
            return parse(node.words)
        except ValueError as why:
            remedy = str(why) if str(why).startswith("Did you mean") else f"Write {kind}."
            says = f"{self.called}: {name}: is {quoted(node.words)}, which is not {kind}."
            self._faults.add(self.mark_of(name), says, remedy)
            return default

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number of 1 or more."""
        return self.parsed(name, _whole, "a whole number of 1 or more", default or 1, needed=default is None)

    def flag(self, name: str) -> bool:
        """Return whether the name says `true`; not there is false."""
        return self.parsed(name, _flag, "true or false", False, needed=False)

    def day(self, name: str) -> date:
        return self.parsed(name, date.fromisoformat, "a date like 2026-11-01", date.max)

    def clock(self, name: str) -> time:
        return self.parsed(name, _clock, 'a time of day like "09:00"', time())

    def texts(self, name: str, needed: bool = False) -> tuple[str, ...]:
        """Return a list of words."""
        return tuple(node.words for node in self._listed(name, Text, needed) if self._not_empty(node, name))

    def records(self, name: str, called: str, needed: bool = False) -> list[Record]:
        """Return a list of mappings, each called `called`."""
        return [Record(node, called, self._faults) for node in self._listed(name, Entries, needed)]

    def record(self, name: str, called: str, needed: bool = True) -> Record | None:
        node = self._node(name, Entries, needed)
        return Record(node, called, self._faults, self.mark_of(name)) if node else None

    def entries(self, name: str, called: str, needed: bool = False) -> Iterator[tuple[str, Record]]:
        """Yield id and mapping of each entry under the name, called like 'The question "today"'."""
        group = self._node(name, Entries, needed)
        return Record(group, self.called, self._faults, self.mark_of(name)).own_entries(called) if group else iter(())

    def own_entries(self, called: str) -> Iterator[tuple[str, Record]]:
        """Yield id and mapping of each entry of this very mapping, for files that are one list of entries."""
        for key, mark in self._entries.keys.items():
            if not _ID.fullmatch(key):
                self._faults.add(mark, f"{quoted(key)} is not an id.", "Use small letters, digits and hyphens.")
            node = self._node(key, Entries, needed=True)
            if node is not None:
                yield key, Record(node, f"{called} {quoted(key)}", self._faults, mark)

    def words_by_name(self, name: str) -> dict[str, str]:
        """Return a mapping of free names to words."""
        group = self._node(name, Entries, needed=False)
        if group is None:
            return {}
        inner = Record(group, f"{self.called}: {name}:", self._faults, self.mark_of(name))
        return {key: inner.text(key) for key in group.items}

    def mark_of(self, name: str) -> Mark:
        """Return where the name stands, or where the mapping begins when it has no such name."""
        return self._entries.keys.get(name, self.mark)

    def fault(self, name: str, says: str, remedy: str = "") -> None:
        self._faults.add(self.mark_of(name), says, remedy)

    def done(self) -> None:
        """Note every name that was written but never asked for."""
        for key, mark in self._entries.keys.items():
            if key not in self._asked:
                self._faults.add(mark, f"{self.called} cannot hold {quoted(key)}.", self._remedy_for(key))

    def _remedy_for(self, key: str) -> str:
        if " " in key and _is_empty(self._entries.items[key]):  # {say: Hello, you} holds "you" with nothing under it
            return "Put quotes round words that hold a comma."
        return did_you_mean(key, self._asked, f"It can hold: {', '.join(self._asked)}.")

    def _node(self, name: str, kind: type[N], needed: bool) -> N | None:
        self._asked[name] = None
        node = self._entries.items.get(name)
        if node is None or _is_empty(node):
            if needed:
                has = "needs" if node is None else "has nothing under"
                self._faults.add(self.mark_of(name), f"{self.called} {has} {name}:.", f"Write {_KINDS[kind]} there.")
            return None
        return self._of_kind(node, kind, name, self.mark_of(name))

    def _of_kind(self, node: Node, kind: type[N], name: str, mark: Mark) -> N | None:
        if isinstance(node, kind):
            return node
        says = f"{self.called}: {name}: must hold {_KINDS[kind]}, and holds {_KINDS[type(node)]}."
        self._faults.add(mark, says, "Compare the indentation with another entry.")
        return None

    def _listed(self, name: str, kind: type[N], needed: bool) -> Iterator[N]:
        group = self._node(name, Items, needed)
        for node in group.items if group else ():
            item = self._of_kind(node, kind, name, node.mark)
            if item is not None:
                yield item

    def _not_empty(self, node: Text, name: str) -> bool:
        if not node.words:
            self._faults.add(node.mark, f"{self.called} has an empty line under {name}:.", "Fill it or take it away.")
        return bool(node.words)


def _is_empty(node: Node) -> bool:
    return not (node.words if isinstance(node, Text) else node.items)


def _whole(words: str) -> int:
    number = int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0
    if number < 1:
        raise ValueError
    return number


def _flag(words: str) -> bool:
    if words not in ("true", "false"):
        raise ValueError
    return words == "true"


def _clock(words: str) -> time:
    if not re.fullmatch(r"\d\d:\d\d", words):
        raise ValueError
    return time.fromisoformat(words)
