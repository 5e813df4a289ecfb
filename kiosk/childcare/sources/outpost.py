"""Outpost's own files: its services as CSV, one service over several rows, and as JSON.

The columns are those of its data import (github.com/wearefuturegov/outpost, lib/tasks/data_import/services). A service is
put into the shape in which Outpost's API would give it, so that one reader knows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk.childcare.model import Provider
from kiosk.childcare.sources.cells import RowFaulty
from kiosk.childcare.sources.feed import each_service
from kiosk.childcare.sources.listed import List
from kiosk.childcare.sources.open_referral import Left, find_urn, read_service
from kiosk.childcare.sources.reading import Reading, Refused
from kiosk.childcare.sources.rows import Columns, Tick, open_sheet
from kiosk.childcare.words import squash
from kiosk.errors import ChildcareFileFaulty, FeedUnreachable

BYTES_AT_MOST = 100 << 20
MARKS = ("import_id", "import_id_reference")
_FIELDS = (
    *MARKS, "name", "description", "visible", "visible_from", "visible_to", "approved", "min_age", "max_age",
    "service_taxonomies", "contact_phone", "contact_visible", "location_address_1", "location_city",
    "location_postcode", "location_latitude", "location_longitude", "location_visible", "mask_exact_address", "free",
    "cost_option", "cost_amount", "cost_type", "temporarily_closed", "schedules_opens_at", "schedules_closes_at",
    "scheduled_weekday", "ofsted_urn", "urn",
)  # fmt: skip
_COLUMNS = Columns({field: (field,) for field in _FIELDS}, (*MARKS, "name", "location_postcode"))

Cells = Mapping[str, str]


def is_outpost(header: Sequence[str]) -> bool:
    """Tell whether a header is that of Outpost's CSV."""
    return {squash(mark) for mark in MARKS} <= {squash(cell) for cell in header}


def load_outpost(file: Path, called: List, tick: Tick | None = None) -> Reading:
    """Read Outpost's CSV. Raises ChildcareFileFaulty."""
    groups: dict[str, list[tuple[int, Cells]]] = {}
    with open_sheet(file, _COLUMNS, tick=tick) as sheet:
        for line, cells in sheet.rows:
            cell = {field: cells[at].strip() for field, at in sheet.where.items()}
            key = cell["import_id_reference"] or cell["import_id"]
            groups.setdefault(key, []).append((line, cell))
    services = ((rows[0][0], _service(key, [cell for _, cell in rows])) for key, rows in groups.items())
    return _read(services, called, _day(file, called), sheet.refused)


def load_json(file: Path, called: List) -> Reading:
    """Read services as JSON: a page as an API gives it, or a list of services. Raises ChildcareFileFaulty."""
    try:
        if file.stat().st_size > BYTES_AT_MOST:
            raise ChildcareFileFaulty(
                f"{file.name} is larger than any list of childcare is.", "Check that it is the file."
            )
        services = list(each_service(msgspec.json.decode(file.read_bytes())))
    except OSError as why:
        raise ChildcareFileFaulty(f"{file.name} cannot be read: {why.strerror or why}.", "Check its name.") from why
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, FeedUnreachable) as why:
        raise ChildcareFileFaulty(f"{file.name} holds no list of services.", "The list that is loaded stays.") from why
    return _read(enumerate(services, 1), called, _day(file, called), [])


def _day(file: Path, called: List) -> date:
    return called.as_at or datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def _read(services: Iterable[tuple[int, Any]], called: List, today: date, refused: Sequence[Refused]) -> Reading:
    providers: dict[str, Provider] = {}
    urns: set[str] = set()
    private: list[str] = []
    faults, rows = list(refused), 0
    for line, service in services:
        rows += 1
        try:
            result = read_service(service, called.origin, called.source, today)
            if isinstance(result, Provider):
                if result.id in providers or result.urn in urns:
                    raise RowFaulty("is in the file twice")
                providers[result.id] = result
                urns |= {result.urn} - {""}
            elif result is Left.WITHHELD:
                private.append(find_urn(service))
        except RowFaulty as why:
            faults.append(Refused(line, str(why)))
    return Reading(tuple(providers.values()), faults, len(private), rows, today, frozenset(private) - {""})


def _service(key: str, rows: Sequence[Cells]) -> dict[str, Any]:
    """Return one service of the API's shape; what can be there several times stands on rows of its own."""
    first = rows[0]
    return {
        "id": key,
        **{field: first[field] for field in ("name", "description", "min_age", "max_age", "visible_from", "visible_to")},
        "ofsted_urn": first["ofsted_urn"] or first["urn"],
        # "visible" is overruled by the two days, where they are given.
        "visible": _is_true(first["visible"] or "true") or bool(first["visible_from"] or first["visible_to"]),
        "status": "pending" if squash(first["approved"]) == "false" else "active",
        "free": _is_true(first["free"]),
        "temporarily_closed": _is_true(first["temporarily_closed"]),
        "taxonomies": [{"name": name.strip()} for name in first["service_taxonomies"].split(";")],
        "locations": [_location(row) for row in rows if row["location_postcode"] and not _is_false(row["location_visible"])],
        "contacts": [{"phone": row["contact_phone"]} for row in rows if not _is_false(row["contact_visible"])],
        "cost_options": _filled(rows, option="cost_option", amount="cost_amount", cost_type="cost_type"),
        "regular_schedules": _filled(
            rows, weekday="scheduled_weekday", opens_at="schedules_opens_at", closes_at="schedules_closes_at"
        ),
    }  # fmt: skip


def _location(row: Cells) -> dict[str, Any]:
    return {
        "address_1": row["location_address_1"],
        "city": row["location_city"],
        "postal_code": row["location_postcode"],
        "latitude": row["location_latitude"],
        "longitude": row["location_longitude"],
        "mask_exact_address": _is_true(row["mask_exact_address"]),
    }


def _filled(rows: Sequence[Cells], **columns: str) -> list[dict[str, str]]:
    each = ({name: row[column] for name, column in columns.items()} for row in rows)
    return [cells for cells in each if any(cells.values())]


def _is_true(cell: str) -> bool:
    return squash(cell) in ("true", "yes", "1", "t")


def _is_false(cell: str) -> bool:
    return squash(cell) in ("false", "no", "0", "f")
