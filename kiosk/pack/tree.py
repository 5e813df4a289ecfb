"""A pack's files as they were written: words, lists and entries, each knowing its file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.errors import Fault

Path = tuple[str | int, ...]
"""The way to a node: the file's name in the pack, then keys and places in lists (from 0)."""

Remarks = Iterator[tuple[Path, str, str]]
"""The place, what is to be said of it, and the remedy."""


@dataclass(frozen=True)
class Mark:
    """A place in a file. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int = 0


@dataclass(frozen=True)
class Text:
    """A scalar as written, never interpreted: `yes` is the word yes. Runs of blanks and line ends are one blank."""

    words: str
    mark: Mark


@dataclass(frozen=True)
class Items:
    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True)
class Entries:
    """A mapping in reading order. `keys` says where each key stands, `mark` where the mapping begins."""

    items: Mapping[str, Node]
    keys: Mapping[str, Mark]
    mark: Mark


Node = Text | Items | Entries


@dataclass(frozen=True)
class Marks:
    """Where everything in a pack was written. Knows nothing when made empty."""

    files: Mapping[str, Entries] = field(default_factory=dict)

    def at(self, path: Path) -> Mark:
        """Return the place of the deepest node on the path that is written down."""
        name, *deeper = path
        node: Node | None = self.files.get(str(name))
        mark = Mark(node.mark.file if node else str(name))
        for step in deeper:
            found = _child(node, step)
            if found is None:
                break
            node, mark = found
        return mark


def _child(node: Node | None, step: str | int) -> tuple[Node, Mark] | None:
    if isinstance(node, Entries) and step in node.items:
        return node.items[str(step)], node.keys[str(step)]
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
        return node.items[step], node.items[step].mark
    return None


def find_texts(node: Node) -> Iterator[Text]:
    """Yield every scalar below a node, in reading order."""
    if isinstance(node, Text):
        yield node
        return
    for below in node.items if isinstance(node, Items) else node.items.values():
        yield from find_texts(below)


class Faults:
    """Collects everything that is wrong, so that all of it is said at once."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, mark: Mark, says: str, remedy: str = "") -> None:
        self._found.append(Fault(mark.file, mark.line, says, remedy))

    def extend(self, faults: Iterable[Fault]) -> None:
        self._found.extend(faults)

    def found(self) -> Sequence[Fault]:
        """Return the faults, each once: a national file read for two reasons is not blamed twice."""
        return tuple(dict.fromkeys(self._found))


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return 'Did you mean "..."?' with the nearest known word, or `otherwise` when none is near."""
    near = difflib.get_close_matches(word, list(known), 1)
    return f'Did you mean "{near[0]}"?' if near else otherwise


def quoted(words: str, most: int = 60) -> str:
    """Return the words in quotes, cut short when longer than `most` characters."""
    return f'"{words}"' if len(words) <= most else f'"{words[: most - 1].rstrip()}…"'
