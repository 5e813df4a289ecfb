"""What stands when every list is in: who is withheld by one is shown from none, who is in several is shown once.

Withheld is taken at its word (R24): a childminder whom Ofsted's register blacks out is shown from no list, not even from
the list of a council that has their consent. The kiosk cannot tell which of the two was said last, and to show a home by
mistake is the worse. Such a person is shown again when they agree to be published in the register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, delete, func, select, text, update

from kiosk.childcare.merge import merge
from kiosk.childcare.model import Provider
from kiosk.childcare.records import INSERT, to_provider, to_row
from kiosk.childcare.tables import providers, sources

MERGED = "merged"
"""The origin of listings that stand for several; no list may be called so."""

_WITHHOLD = text(
    """
    UPDATE providers SET shown = 0
    WHERE urn <> '' AND NOT example AND EXISTS (SELECT 1 FROM withheld WHERE withheld.urn = providers.urn)
    """
)
# Staff hide what they see, which may be one of several listings: by the number, it is hidden in all of them.
_HIDE_BY_URN = text(
    """
    INSERT OR IGNORE INTO hidden (reference)
    SELECT urn FROM providers JOIN hidden ON hidden.reference = providers.id WHERE urn <> ''
    """
)


def settle(connection: Connection) -> None:
    """Decide anew which listings are shown. Call after any list has changed, before the index is rebuilt."""
    connection.execute(delete(providers).where(providers.c.origin == MERGED))
    connection.execute(update(providers).where(~providers.c.shown).values(shown=True))
    connection.execute(_HIDE_BY_URN)
    connection.execute(_WITHHOLD)
    if connection.scalar(select(func.count()).select_from(sources)) == 1:
        return
    groups = _several(connection)
    merged = [replace(merge(group), id=f"{MERGED}:{urn}") for urn, group in groups.items()]
    if merged:
        connection.execute(update(providers).where(_listed_in_several).values(shown=False))
        connection.exec_driver_sql(INSERT, [to_row(each, MERGED) for each in merged])


_real = (providers.c.urn != "", ~providers.c.example, providers.c.shown)
_urns = select(providers.c.urn).where(*_real).group_by(providers.c.urn).having(func.count() > 1)
_listed_in_several = providers.c.urn.in_(_urns) & ~providers.c.example


def _several(connection: Connection) -> dict[str, list[Provider]]:
    """Return the listings of each provider that is in more than one list, in the order in which they are believed.

    A declared order comes first; then the newer list; then the name of the list, so that it is always the same.
    """
    order = (func.coalesce(sources.c.rank, 1_000_000), sources.c.as_at.desc(), sources.c.origin, providers.c.row)
    rows = select(providers).join(sources, sources.c.origin == providers.c.origin)
    rows = rows.where(_listed_in_several, providers.c.shown).order_by(*order)
    return _grouped(to_provider(row) for row in connection.execute(rows).mappings())


def _grouped(listings: Iterable[Provider]) -> dict[str, list[Provider]]:
    groups: dict[str, list[Provider]] = defaultdict(list)
    for each in listings:
        groups[each.urn].append(each)
    return groups
