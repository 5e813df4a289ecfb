"""A kiosk that knows no childcare yet loads its own area's postcodes and its pack's example list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from kiosk.childcare.model import Postcode
from kiosk.childcare.sources import spreadsheet
from kiosk.childcare.sources.postcodes import load_postcodes
from kiosk.childcare.store import ChildcareStore
from kiosk.errors import PostcodeFaulty, UnknownPostcode


def load_first(
    store: ChildcareStore,
    centre: str,
    districts: Collection[str],
    examples: Path | None,
    files: Iterable[Path] | None = None,
) -> bool:
    """Load the postcodes of `districts` and the `examples` where the store holds none. Return whether it did.

    Postcodes of another place are none: those of a pack that was shown before are no way from this `centre`, a postcode.
    `files` are the postcode files to read, for a caller that shows progress. A real list is never replaced by examples.
    Raises ChildcareFileFaulty.
    """
    status = store.status()
    unknown = bool(districts) and not (status.postcodes and _is_among_them(store, centre))
    if unknown:
        store.load_postcodes(load_postcodes(districts, files))
    if examples and not status.sources:
        reading = spreadsheet.load_examples(examples)
        store.replace_source(spreadsheet.ORIGIN, reading.providers, reading.as_at, refused=len(reading.refused))
    return unknown or bool(examples and not status.sources)


def _is_among_them(store: ChildcareStore, centre: str) -> bool:
    """Whether postcodes round the centre are loaded. Its own may be newer than the directory."""
    try:
        store.get_place(Postcode(Postcode.parse(centre).outward))
    except UnknownPostcode:
        return False
    except PostcodeFaulty:
        pass  # no way from there can be reckoned, whatever is loaded
    return True
