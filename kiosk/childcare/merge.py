"""One provider in several lists: one listing, each field from the first list that says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from kiosk.childcare.model import Kind, Listed, Provider

# What belongs together comes from one list: an address never stands under another list's postcode.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("places",),
    ("phone",),
    ("ages_from", "ages_to"),
    ("open", "week"),
    ("term_time", "terms"),
    ("cost",),
    ("funded_hours", "funded"),
    ("note",),
    ("rating", "rated_on"),
)


def merge(listings: Sequence[Provider]) -> Provider:
    """Return what `listings` of one provider say together; the first has the first word, on every field.

    The name is the first's; the kind is the first that is told. An address that any of them masks is masked: a home that
    one list keeps to its outward part is not told by another (R24). A list that has no column for addresses masks none:
    otherwise it is the first whole one. Raises ValueError for no listing.
    """
    if not listings:
        raise ValueError("nothing to merge")
    first, *others = listings
    place = next((each for each in listings if each.masked), None) or _whole(listings)
    told = (each.kind for each in listings if each.kind is not Kind.OTHER)
    fields: dict[str, Any] = {
        "kind": next(told, first.kind),
        "masked": place.masked,
        "postcode": place.postcode,
        "address": place.address,
        "easting": place.easting,
        "northing": place.northing,
    }
    for names in _TOGETHER:
        fields |= _said(listings, names)
    also = tuple(dict.fromkeys(Listed(each.source, each.as_at) for each in others))
    return replace(first, **fields, also=also)


def _whole(listings: Sequence[Provider]) -> Provider:
    """Return the first listing with a whole address, or one that says more of the same: a town alone is only a part."""
    full = [each for each in listings if each.postcode.is_full]
    whole = [each for each in full if each.address]
    if not whole:
        return next(iter(full), listings[0])
    same = (each for each in whole if each.postcode == whole[0].postcode)
    return next((each for each in same if _lines(each) > _lines(whole[0])), whole[0])


def _lines(listing: Provider) -> set[str]:
    return {line.casefold() for line in listing.address}


def _said(listings: Sequence[Provider], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields called `names` of the first listing that says any of them, else of the first."""
    says: Callable[[Provider], bool] = lambda each: any(getattr(each, name) not in ("", (), None) for name in names)  # noqa: E731
    chosen = next(filter(says, listings), listings[0])
    return {name: getattr(chosen, name) for name in names}
