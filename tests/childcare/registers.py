"""Small registers that look like Ofsted's, old and new, written into a test's own folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from kiosk.childcare.model import Kind, Postcode, Provider

# The edition of 31 August 2021, without the columns that nothing reads.
OLD_HEADER = [
    "Web link", "Provider URN", "Provider type", "Provider subtype", "Provider status", "Provider name",
    "Provider address line 1", "Provider address line 2", "Provider address line 3", "Provider town", "Postcode",
    "Telephone Number", "Local authority", "Places", "Most recent full: Inspection date",
    "Most recent full: Overall effectiveness",
]  # fmt: skip
# Other case, other spaces, other spellings, other words for the grade.
NEW_HEADER = [
    "Web Link", " provider urn", "Provider Type", "Provider  Subtype", "Provider Status", "Provider Name",
    "Provider Address Line 1", "Provider Address Line 2", "Provider Address Line 3", "Provider Town",
    "Provider Postcode", "Provider Telephone Number", "Local Authority", "Places",
    "Most recent full inspection: Inspection date", "Most recent full inspection: Overall effectiveness",
]  # fmt: skip
TITLES = [["Childcare providers and inspections, as at 31 August 2021"], ["Source: Ofsted"], []]
SPARKLE = [
    "Web link", "EY435689", "Childcare on non-domestic premises", "Full day care", "Active", "Sparkle Day Nursery",
    "34 Church Street", "Headington", "", "OXFORD", "OX3 7AA",
    "01865 000 101", "Oxfordshire", "30", "25/05/2021", "2",
]  # fmt: skip
CRECHE = [
    "Web link", "EY100200", "Childcare on non-domestic premises", "Crèche day care", "Active", "Crèche L’Étoile",
    "1 High Street", "", "", "Witney", "OX28 6AA",
    "01993 000 102", "Oxfordshire", "12", "", "",
]  # fmt: skip
CLUB = [
    "Web link", "2500001", "Childcare on non-domestic premises", "Out-of-school day care", "Active", "Summer Camp Club",
    "The Hall", "", "", "London", "SW1A 1AA",
    "020 7946 0103", "Westminster", "0", "01/02/2020", "",
]  # fmt: skip
WITHHELD = [
    "Web link", "EY999999", "Childminder", "", "Active", "REDACTED",
    "REDACTED", "REDACTED", "REDACTED", "REDACTED", "REDACTED",
    "REDACTED", "Oxfordshire", "6", "01/01/2020", "2",
]  # fmt: skip
POSTCODES = [("OX37AA", 454_300, 207_000), ("OX286AA", 435_600, 209_800), ("SW1A1AA", 529_090, 179_645)]
AS_AT = date(2021, 8, 31)


def changed(row: Sequence[str], **cells: str) -> list[str]:
    """Return `row` with the named columns (of the old header, spaces as _) replaced."""
    names = {name.lower().replace(" ", "_"): position for position, name in enumerate(OLD_HEADER)}
    copy = list(row)
    for name, cell in cells.items():
        copy[names[name]] = cell
    return copy


def register(*rows: Sequence[str], header: Sequence[str] = OLD_HEADER, titles: Sequence[Sequence[str]] = TITLES) -> str:
    """Return the text of a register file."""
    text = io.StringIO()
    csv.writer(text).writerows([*titles, header, *rows])
    return text.getvalue()


def provider(number: int, postcode: str = "OX3 7AA", **fields: object) -> Provider:
    """Return a provider called "Place 7", with the URN "7"."""
    given: dict[str, object] = {
        "id": f"ofsted:{number}",
        "urn": str(number),
        "name": f"Place {number}",
        "kind": Kind.NURSERY,
        "postcode": Postcode.parse(postcode),
        "source": "Ofsted register",
        "as_at": AS_AT,
    }
    return Provider(**(given | fields))  # type: ignore[arg-type]
