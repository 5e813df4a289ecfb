"""The programme's own words: every text in its source that is passed to `words(...)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import kiosk
from kiosk.pack.sources import PROGRAMME
from kiosk.pack.words import English

FOLDERS = (PROGRAMME, Path(kiosk.__file__).parent / "takeaway")
"""The screens, and what is printed."""

_IN_KV = re.compile(r"""\bwords\(\s*(?P<literal>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\)""")


def find_programme_english(*folders: Path) -> list[English]:
    """Return each text once, in the order of the files' names, with the names of the files that show it."""
    places: dict[str, list[str]] = {}
    for file in chain.from_iterable(_sources(folder) for folder in folders or FOLDERS):
        for words in _find_words(file):
            shown_in = places.setdefault(words, [])
            if file.stem not in shown_in:
                shown_in.append(file.stem)
    return [English("", words, note=f"in: {', '.join(names)}") for words, names in places.items()]


def _sources(folder: Path) -> list[Path]:
    return sorted([*folder.rglob("*.py"), *folder.rglob("*.kv")])


def _find_words(file: Path) -> Iterator[str]:
    source = file.read_text(encoding="utf-8")
    if file.suffix == ".kv":
        return (ast.literal_eval(found["literal"]) for found in _IN_KV.finditer(source))
    return _in_python(ast.parse(source))


def _in_python(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name_of(node.func) == "words" and node.args:
            words = node.args[0]
            if isinstance(words, ast.Constant) and isinstance(words.value, str):
                yield words.value


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
