"""Where things are: postcodes on the British National Grid, and providers at their postcodes."""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from kiosk.childcare.model import Postcode
from kiosk.childcare.nearest import Place
from kiosk.childcare.tables import providers
from kiosk.errors import UnknownPostcode

_PLACE_FULL = text(
    """
    UPDATE providers SET easting = postcodes.easting, northing = postcodes.northing FROM postcodes
    WHERE providers.easting IS NULL AND postcodes.pcd = replace(providers.postcode, ' ', '')
    """
)
FAR_FROM_POSTCODE = 3_000  # metres; a rural postcode is not wider
_MEND = text(
    """
    UPDATE providers SET easting = p.easting, northing = p.northing FROM postcodes AS p
    WHERE providers.origin = :origin AND providers.easting IS NOT NULL AND p.pcd = replace(postcode, ' ', '')
      AND (providers.easting - p.easting) * (providers.easting - p.easting)
        + (providers.northing - p.northing) * (providers.northing - p.northing) > :far
    """
)
_EXACT = text("SELECT easting, northing FROM postcodes WHERE pcd = :pcd")
# An outward code is placed in the middle of its postcodes. The inward part always has three characters.
_MIDDLE = text(
    """
    SELECT CAST(avg(easting) AS INTEGER) AS easting, CAST(avg(northing) AS INTEGER) AS northing FROM postcodes
    WHERE pcd > :outward AND pcd < :outward || '~' AND length(pcd) = length(:outward) + 3
    """
)


def mend_places(connection: Connection, origin: str) -> None:
    """Put at its postcode whoever's own coordinates lie far from it: feeds hold places in the sea."""
    connection.execute(_MEND, {"origin": origin, "far": FAR_FROM_POSTCODE**2})


def place_all(connection: Connection) -> None:
    """Give coordinates to every provider that has none and whose postcode, or outward code, is in the table."""
    connection.execute(_PLACE_FULL)
    outward = select(providers.c.postcode).where(providers.c.easting.is_(None), ~providers.c.postcode.contains(" "))
    for code in connection.scalars(outward.distinct()).all():
        if place := _find_place(connection, Postcode(code)):
            here = providers.update().where(providers.c.postcode == code, providers.c.easting.is_(None))
            connection.execute(here.values(easting=place.easting, northing=place.northing))


def get_place(connection: Connection, postcode: Postcode) -> Place:
    """As ChildcareStore.get_place, for a caller that is reading already."""
    found = _find_place(connection, postcode)
    if found is None:
        remedy = f"Check it, or give only its first part, {postcode.outward}." if postcode.is_full else "Check it."
        raise UnknownPostcode(f"{postcode} is not in the list of postcodes.", remedy)
    return found


def _find_place(connection: Connection, postcode: Postcode) -> Place | None:
    if postcode.is_full:
        row = connection.execute(_EXACT, {"pcd": postcode.compact}).first()
    else:
        row = connection.execute(_MIDDLE, {"outward": postcode.outward}).first()
    return Place(*row) if row and row[0] is not None else None
