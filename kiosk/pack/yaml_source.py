"""One YAML file into a tree with a line for every word. Nothing is interpreted: no tags, no references, no types."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from kiosk.errors import Fault, PackFaulty
from kiosk.pack.tree import Entries, Faults, Items, Mark, Node, Text, quoted

DEEPEST = 20
"""Levels of nesting. A pack needs nine; a file with more is a mistake or an attack."""

_UNSHOWABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(r"[ \t\r\n]+")

_PROBLEMS = (
    ("'\\t'", "A tab stands here.", "Indent with spaces."),
    ("mapping values", 'A second ": " stands on this line.', 'Put quotes round words that hold ": ".'),
    ("but got '{'", "Curly brackets stand inside others.", "Put quotes round words that hold {fact:...}."),
    ("unexpected end of stream", "A quote is opened here and never closed.", "Close it."),
    ("but got '<stream end>'", "A bracket is opened here and never closed.", "Close it."),
    (
        "could not find expected ':'",
        'Words stand here without ": " after a name.',
        "Check the indentation of this line.",
    ),
    ("undefined alias", "A * stands before these words.", "Put quotes round words that begin with a sign."),
    ("cannot start any token", "These words begin with a sign.", "Put quotes round words that begin with a sign."),
)
_ANY_PROBLEM = (
    "This is not readable YAML.",
    "Compare the indentation, quotes and brackets of this line and the one above with another entry.",
)


def parse_yaml(source: bytes, file: str, faults: Faults) -> Entries:
    """Return the mapping that a file holds; a file of nothing but comments is an empty one.

    A doubled key is added to `faults` and the first one counts. Raises PackFaulty, naming `file` and the line, when the
    bytes are not UTF-8, not YAML, or YAML of a kind that packs do not use.
    """
    words = _decode(source, file)
    root = _Growth(file, faults)
    try:
        for event in YAML(typ="safe", pure=True).parse(words):
            root.take(event)
    except MarkedYAMLError as why:
        raise _not_yaml(why, file) from why
    except (YAMLError, ValueError, OverflowError) as why:  # an escape such as "\U99999999" is no character
        raise _refused(Mark(file), "This is not readable YAML.", "Look for a backslash between quotes.") from why
    return root.grown()


def one_line(words: str, mark: Mark, faults: Faults) -> str:
    """Return the words with each run of blanks and line ends one blank; note a character that cannot be shown."""
    line = _BLANKS.sub(" ", words).strip(" ")
    odd = _UNSHOWABLE.search(line)
    if odd:
        faults.add(mark, f"Here is a character that cannot be shown (U+{ord(odd[0]):04X}).", "Delete it.")
    return _UNSHOWABLE.sub("�", line)


def _decode(source: bytes, file: str) -> str:
    try:
        words = source.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = source.count(b"\n", 0, why.start) + 1
        raise _refused(Mark(file, line), "This is not UTF-8 text.", "Save the file with the encoding UTF-8.") from why
    odd = _UNSHOWABLE.search(words)
    if odd:
        mark = Mark(file, words.count("\n", 0, odd.start()) + 1)
        raise _refused(mark, f"Here is a character that cannot be shown (U+{ord(odd[0]):04X}).", "Delete it.")
    return words


@dataclass
class _Open:
    """A collection whose end has not been read yet. `key` is the one that waits for its value."""

    mark: Mark
    is_mapping: bool
    values: list[Node] = field(default_factory=list)
    keys: dict[str, Mark] = field(default_factory=dict)
    entries: dict[str, Node] = field(default_factory=dict)
    key: Text | None = None

    def closed(self) -> Node:
        return Entries(self.entries, self.keys, self.mark) if self.is_mapping else Items(tuple(self.values), self.mark)


class _Growth:
    """Grows the tree event by event, with its own stack, so that no depth of nesting exhausts Python's."""

    def __init__(self, file: str, faults: Faults) -> None:
        self._file = file
        self._faults = faults
        self._open: list[_Open] = []
        self._roots: list[Node] = []

    def take(self, event: Event) -> None:
        mark = Mark(self._file, event.start_mark.line + 1)
        match event:
            case DocumentStartEvent() if self._roots:
                raise _refused(mark, "A second document begins here.", "Take the --- away: one file, one document.")
            case AliasEvent():
                raise _refused(mark, f'"*{event.anchor}" refers to another place.', "Write the words out instead.")
            case MappingStartEvent() | SequenceStartEvent():
                self._begin(mark, isinstance(event, MappingStartEvent))
            case CollectionEndEvent():
                self._put(self._open.pop().closed())
            case ScalarEvent():
                self._put(Text(self._words(event, mark), mark))

    def grown(self) -> Entries:
        root = self._roots[0] if self._roots else Entries({}, {}, Mark(self._file))
        if isinstance(root, Text) and not root.words:
            return Entries({}, {}, root.mark)
        if not isinstance(root, Entries):
            raise _refused(root.mark, "The file is not made of names and values.", "Begin each line with a name: ...")
        return root

    def _begin(self, mark: Mark, is_mapping: bool) -> None:
        if len(self._open) == DEEPEST:
            raise _refused(mark, f"This is nested more than {DEEPEST} deep.", "Check the indentation and brackets.")
        self._open.append(_Open(mark, is_mapping))

    def _put(self, node: Node) -> None:
        if not self._open:
            self._roots.append(node)
        elif not self._open[-1].is_mapping:
            self._open[-1].values.append(node)
        elif self._open[-1].key is None:
            self._open[-1].key = _as_key(node)
        else:
            self._put_entry(self._open[-1], node)

    def _put_entry(self, parent: _Open, node: Node) -> None:
        key, parent.key = parent.key, None
        if key is None:
            return
        if key.words in parent.entries:
            first = parent.keys[key.words].line
            remedy = f"It is already on line {first}. Give one of them another name, or take it away."
            self._faults.add(key.mark, f"{quoted(key.words)} is here a second time.", remedy)
            return
        parent.keys[key.words] = key.mark
        parent.entries[key.words] = node

    def _words(self, event: ScalarEvent, mark: Mark) -> str:
        words = one_line(event.value, mark, self._faults)
        return "" if words in ("~", "null") and event.implicit[0] else words


def _as_key(node: Node) -> Text:
    if not isinstance(node, Text):
        raise _refused(node.mark, "A list or group stands where a name belongs.", "Check the brackets and the ? sign.")
    return node


def _not_yaml(why: MarkedYAMLError, file: str) -> PackFaulty:
    opened = why.context_mark if "quoted" in (why.context or "") or "flow" in (why.context or "") else None
    where = opened or why.problem_mark or why.context_mark
    says, remedy = _in_plain_words(why.problem or "")
    return _refused(Mark(file, where.line + 1 if where else 0), says, remedy)


def _in_plain_words(problem: str) -> tuple[str, str]:
    """Return what staff can make of the parser's words, and what to do."""
    return next(((says, remedy) for sign, says, remedy in _PROBLEMS if sign in problem), _ANY_PROBLEM)


def _refused(mark: Mark, says: str, remedy: str) -> PackFaulty:
    return PackFaulty([Fault(mark.file, mark.line, says, remedy)])
