"""A local pack over its national one: entries merge by id, their fields by name, the local word wins."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.pack.tree import Entries, Node

OWN_WORDS = frozenset({"spec", "id", "title", "version", "extends", "childcare_examples", "unchecked_translations"})
"""What a pack.yaml says of its own folder only; never taken from the national pack."""


def fold(national: Mapping[str, Entries], local: Mapping[str, Entries]) -> dict[str, Entries]:
    """Return the files of both packs as one. Each node keeps the mark of the file it came from."""
    shared = {name: _without_own_words(file) if name == "pack.yaml" else file for name, file in national.items()}
    merged = {name: _merged(shared.get(name, file), file) for name, file in local.items()}
    return {**shared, **merged}


def _merged(under: Entries, over: Entries) -> Entries:
    items = {key: _one(under.items.get(key), node) for key, node in over.items.items()}
    return Entries({**under.items, **items}, {**under.keys, **over.keys}, over.mark)


def _one(under: Node | None, over: Node) -> Node:
    return _merged(under, over) if isinstance(under, Entries) and isinstance(over, Entries) else over


def _without_own_words(file: Entries) -> Entries:
    return Entries({key: node for key, node in file.items.items() if key not in OWN_WORDS}, file.keys, file.mark)
