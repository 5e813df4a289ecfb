"""A kiosk that knows no childcare yet loads its own area's postcodes and its pack's example list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from kiosk.childcare.sources import spreadsheet
from kiosk.childcare.sources.postcodes import load_postcodes
from kiosk.childcare.store import ChildcareStore


def load_first(
    store: ChildcareStore, districts: Collection[str], examples: Path | None, files: Iterable[Path] | None = None
) -> bool:
    """Load the postcodes of `districts` and the `examples` where the store holds none. Return whether it did.

    `files` are the postcode files to read, for a caller that shows progress. A real list is never replaced by examples.
    Raises ChildcareFileFaulty.
    """
    status = store.status()
    if districts and not status.postcodes:
        store.load_postcodes(load_postcodes(districts, files))
    if examples and not status.sources:
        reading = spreadsheet.load_examples(examples)
        store.replace_source(spreadsheet.ORIGIN, reading.providers, reading.as_at, refused=len(reading.refused))
    return bool(districts and not status.postcodes) or bool(examples and not status.sources)
