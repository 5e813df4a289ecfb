"""Ofsted's register of childcare providers and inspections (management information, Open Government Licence).

Old and new editions differ in title rows, encoding and the spelling of columns. A provider who did not consent to be
published reads REDACTED: nothing of it is ever kept or shown but its number, by which no other list shows it (R24).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path
from string import capwords

from kiosk.childcare.consent import is_withheld
from kiosk.childcare.model import Kind, Provider
from kiosk.childcare.sources.cells import RowFaulty, find_date, parse_count, parse_date, parse_postcode, parse_urn
from kiosk.childcare.sources.reading import Reading, Refused
from kiosk.childcare.sources.rows import Columns, Sheet, Tick, open_sheet
from kiosk.childcare.words import squash
from kiosk.errors import ChildcareFileFaulty

SOURCE = "Ofsted register"
ORIGIN = "ofsted"

COLUMNS = Columns(
    {
        "urn": ("Provider URN", "URN"),
        "name": ("Provider name",),
        "type": ("Provider type",),
        "status": ("Provider status", "Registration status"),
        "postcode": ("Provider postcode", "Postcode"),
        "authority": ("Local authority", "Provider local authority", "Local authority name"),
        "subtype": ("Provider subtype",),
        "line1": ("Provider address line 1", "Address line 1"),
        "line2": ("Provider address line 2", "Address line 2"),
        "line3": ("Provider address line 3", "Address line 3"),
        "town": ("Provider town", "Town"),
        "phone": ("Provider telephone number", "Telephone number", "Telephone"),
        "places": ("Places", "Number of places", "Places including estimates"),
        "grade": (
            "Most recent full: Overall effectiveness",
            "Most recent full inspection: Overall effectiveness",
            "Overall effectiveness",
        ),
        "graded": (
            "Most recent full: Inspection date",
            "Most recent full inspection: Inspection date",
            "Inspection date",
        ),
    },
    required=("urn", "name", "type", "status", "postcode", "authority"),
)
_GRADES = {
    code: grade
    for number, grade in enumerate(("Outstanding", "Good", "Requires improvement", "Inadequate"), 1)
    for code in (str(number), squash(grade))
}
_KINDS = {
    "childminder": Kind.CHILDMINDER,
    "fulldaycare": Kind.NURSERY,
    "sessionaldaycare": Kind.PRE_SCHOOL,
    "outofschooldaycare": Kind.OUT_OF_SCHOOL_CLUB,
    "crechedaycare": Kind.CRECHE,
    "creche": Kind.CRECHE,
}
_HOLIDAY = ("holiday", "camp")
_PUBLIC = ("name", "line1", "line2", "line3", "town", "postcode")
_OTHER = ("urn", "type", "subtype", "phone", "places", "grade", "graded")


def load_ofsted(
    file: Path,
    authorities: Collection[str] = (),
    as_at: date | None = None,
    allow_partial: bool = False,
    tick: Tick | None = None,
) -> Reading:
    """Read a register, .csv or .csv.xz: the active providers who agreed to be published, of `authorities` or of all.

    The day it describes is `as_at`, else the one in its title rows, else the one in its name. Raises ChildcareFileFaulty
    when it is not a register, breaks off, names no day, or does not know an authority.
    """
    with open_sheet(file, COLUMNS, allow_partial, tick) as sheet:
        day = as_at or find_date((*sheet.titles, file.name))
        if day is None:
            raise ChildcareFileFaulty(
                f"{file.name} does not say as at which day it was true.", "Give the day with --as-at YYYY-MM-DD."
            )
        register = _Register(sheet, authorities, day)
        reading = register.read()
    register.refuse_unknown(authorities, file)
    return reading


class _Register:
    """Goes through the rows once and sorts them: listed, withheld, refused, or not for this kiosk."""

    def __init__(self, sheet: Sheet, authorities: Collection[str], as_at: date) -> None:
        self._sheet, self._as_at = sheet, as_at
        self._public = itemgetter(*(sheet.where[field] for field in _PUBLIC))
        self._other = itemgetter(*(sheet.where[field] for field in _OTHER))
        self._authority, self._status, self._urn = (sheet.where[field] for field in ("authority", "status", "urn"))
        self._wanted = {squash(name) for name in authorities}
        self._authorities: dict[str, bool] = {}
        self._providers: dict[str, Provider] = {}
        self._withheld, self._rows = set[str](), 0
        self._withheld_count = 0

    def read(self) -> Reading:
        for line, cells in self._sheet.rows:
            self._rows += 1
            # Who withholds in any council, or has left the register, is shown from no other list either.
            is_private = self._withholds(cells)
            if self._concerns(cells):
                self._withheld_count += is_private
                try:
                    if not is_private:
                        self._list(cells)
                except RowFaulty as why:
                    self._sheet.refused.append(Refused(line, str(why)))
        listed, refused = tuple(self._providers.values()), self._sheet.refused
        return Reading(listed, refused, self._withheld_count, self._rows, self._as_at, frozenset(self._withheld - {""}))

    def refuse_unknown(self, authorities: Collection[str], file: Path) -> None:
        """Raise ChildcareFileFaulty if one of `authorities` is on no row."""
        known = {squash(name): name for name in self._authorities}
        for name in authorities:
            if squash(name) not in known:
                near = difflib.get_close_matches(squash(name), known, 1)
                remedy = (
                    f'Did you mean "{known[near[0]]}"?' if near else "Use the name of the council as Ofsted writes it."
                )
                raise ChildcareFileFaulty(f'There is no authority "{name}" in {file.name}.', remedy)

    def _concerns(self, cells: Sequence[str]) -> bool:
        authority = cells[self._authority]
        concerns = self._authorities.get(authority)
        if concerns is None:
            concerns = self._authorities[authority] = not self._wanted or squash(authority) in self._wanted
        return concerns and cells[self._status].strip().lower() == "active"

    def _withholds(self, cells: Sequence[str]) -> bool:
        """Whether anything of a row is blacked out; then its number is kept."""
        is_private = is_withheld((*self._public(cells), cells[self._urn]))
        if is_private:
            self._withheld.add(parse_urn(cells[self._urn]))
        return is_private

    def _list(self, cells: Sequence[str]) -> None:
        provider = self._provider(map(str.strip, self._public(cells)), map(str.strip, self._other(cells)))
        if provider.urn in self._providers:
            raise RowFaulty("has a URN that is in the file twice")
        self._providers[provider.urn] = provider

    def _provider(self, public: Iterator[str], other: Iterator[str]) -> Provider:
        name, line1, line2, line3, town, postcode = public
        number, provider_type, subtype, phone, places, grade, graded = other
        urn = parse_urn(number)
        if not (urn and name):
            raise RowFaulty("has no URN or no name")
        rated_on = parse_date(graded)
        rating = _GRADES.get(squash(grade), "") if rated_on else ""
        return Provider(
            id=f"{ORIGIN}:{urn}",
            urn=urn,
            name=name,
            kind=kind_of(provider_type, subtype, name),
            address=tuple(filter(None, (line1, line2, line3, capwords(town) if town.isupper() else town))),
            postcode=parse_postcode(postcode),
            phone="" if is_withheld((phone,)) else phone,
            places=parse_count(places) or None,
            rating=rating,
            rated_on=rated_on if rating else None,
            source=SOURCE,
            as_at=self._as_at,
        )


def kind_of(provider_type: str, subtype: str, name: str) -> Kind:
    """Return the kind that a type and subtype stand for.

    The register has no holiday clubs: an out-of-school club is one when its name says so. A home childcarer works in
    the family's own home, so there is no place to go to: that is `other`.
    """
    kind = _KINDS.get(squash(subtype)) or _KINDS.get(squash(provider_type), Kind.OTHER)
    if kind is Kind.OUT_OF_SCHOOL_CLUB and any(word in name.lower() for word in _HOLIDAY):
        return Kind.HOLIDAY_CLUB
    return kind
