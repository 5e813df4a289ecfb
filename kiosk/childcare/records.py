"""A Provider as a row of the database, and back."""

from __future__ import annotations

from operator import attrgetter

from sqlalchemy import RowMapping

from kiosk.childcare.model import Kind, Postcode, Provider
from kiosk.childcare.words import fold

# Columns that hold a provider's field just as it is.
_PLAIN = (
    "id", "name", "source", "urn", "easting", "northing", "phone", "places", "ages_from", "ages_to",
    "open", "cost", "funded_hours", "term_time", "note", "rating", "example",
)  # fmt: skip
_plain = attrgetter(*_PLAIN)
_COLUMNS = (*_PLAIN, "origin", "kind", "postcode", "address", "words", "as_at", "rated_on")
# Rows go straight to SQLite, as tuples: by way of SQLAlchemy's parameters a register takes half as long again.
INSERT = f"INSERT INTO providers ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


def to_row(provider: Provider, origin: str) -> tuple[object, ...]:
    """Return what INSERT takes for `provider`, which came with the list called `origin`."""
    address = "\n".join(provider.address)
    return (
        *_plain(provider),
        origin,
        provider.kind.value,
        str(provider.postcode),
        address,
        f" {fold(f'{provider.name} {address}')}",
        provider.as_at.isoformat(),
        provider.rated_on and provider.rated_on.isoformat(),
    )


def to_provider(row: RowMapping, hidden: bool = False) -> Provider:
    """Return the provider that a row of the table stands for."""
    return Provider(
        **{name: row[name] for name in _PLAIN},
        kind=Kind(row["kind"]),
        postcode=Postcode.parse(row["postcode"]),
        address=tuple(row["address"].split("\n")) if row["address"] else (),
        as_at=row["as_at"],
        rated_on=row["rated_on"],
        hidden=hidden,
    )
