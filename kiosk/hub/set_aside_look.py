"""A request that does not lie on the desk as it should, as a lead reads it: as far as it opens, and why it is no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.callbacks.inside import Told
from kiosk.callbacks.model import CallbackRequest
from kiosk.errors import SealBroken
from kiosk.hub.desk import open_held, the_ring
from kiosk.hub.set_aside import Kind
from kiosk.hub.store import HeldEnvelope

_WHY = {
    Kind.APART: "A second machine with the disk of that kiosk brought it.",
    Kind.DOUBLED: "It came under the number of another request.",
    Kind.BROKEN: "",
}


@dataclass(frozen=True)
class Looked:
    """An envelope as a lead looks at it. `why` says what is not right about it; it is empty if nothing is.

    `request` is None if it makes none. `fields` are what is written in it instead, and empty if nobody can read it.
    """

    held: HeldEnvelope
    request: CallbackRequest | None = field(default=None, repr=False)
    why: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def told(self) -> CallbackRequest | Told | None:
        """As much of it as a search reads; None if nobody can read it."""
        return self.request or (_told(self.fields) if self.fields else None)

    @property
    def written(self) -> Mapping[str, str]:
        """What is written in it where it makes no request, to be read: "may leave message: no"."""
        return {key.replace("_", " "): _written(value) for key, value in self.fields.items()}

    @property
    def name(self) -> str:
        """Whose request it says it is; empty if it does not say."""
        return self.told.name if self.told else ""


def look(held: HeldEnvelope) -> Looked:
    """Open an envelope as far as the keys of whoever is signed in do, also if what it says was not proven (promise 35)."""
    try:
        return Looked(held, open_held(held))
    except SealBroken as why:
        return _look_inside(held, why.fact)


def aside_words(kind: Kind, one: Looked) -> str:
    """Return why it is set aside: "It came under the number of another request." """
    return f"{_WHY[kind]} {one.why}".strip()


def _look_inside(held: HeldEnvelope, why: str) -> Looked:
    try:
        inside = the_ring().open_unproven(held)
    except SealBroken:
        return Looked(held, why=why)
    return Looked(held, inside.request, why, {} if inside.request else inside.fields)


def _told(fields: Mapping[str, Any]) -> Told:
    """Return what a search reads of fields that may be of any kind."""
    said = {name: _text(fields.get(name)) for name in ("id", "name", "phone", "topic", "centre", "language")}
    return Told(**said, interpreter=fields.get("interpreter") is True)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        rows = (row if isinstance(row, list) else [row] for row in value)
        return ", ".join(_text(each) for row in rows for each in row)
    return _text(value) or "not said"


def _text(value: object) -> str:
    try:
        return "" if value is None else str(value)
    except RecursionError:
        # Somebody wrote hundreds of lists within each other. It must not hide whom else a search finds.
        return "nested too deeply to be shown"
