"""A Provider as a row of the database, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping

from kiosk.childcare.model import Kind, Postcode, Provider
from kiosk.childcare.words import fold

# Columns that hold a provider's field just as it is.
_PLAIN = (
    "id", "name", "source", "as_at", "urn", "easting", "northing", "phone", "places", "ages_from", "ages_to",
    "open", "cost", "funded_hours", "term_time", "note", "rating", "rated_on", "example",
)  # fmt: skip


def to_row(provider: Provider, origin: str) -> dict[str, Any]:
    """Return the row of `provider`, which came with the list called `origin`."""
    row = {name: getattr(provider, name) for name in _PLAIN}
    row["origin"] = origin
    row["kind"] = provider.kind.value
    row["postcode"] = str(provider.postcode)
    row["address"] = "\n".join(provider.address)
    row["words"] = f" {fold(' '.join((provider.name, *provider.address)))}"
    return row


def to_provider(row: RowMapping, hidden: bool = False) -> Provider:
    """Return the provider that `to_row` was given."""
    return Provider(
        **{name: row[name] for name in _PLAIN},
        kind=Kind(row["kind"]),
        postcode=Postcode.parse(row["postcode"]),
        address=tuple(row["address"].split("\n")) if row["address"] else (),
        hidden=hidden,
    )
