"""Which notices are worth a look because nobody has looked at them for long."""

from __future__ import annotations

from datetime import date, timedelta

from kiosk.pack.model import NoticeKind, Pack
from kiosk.pack.notice_words import LATEST
from kiosk.pack.tree import Remarks, quoted

YEAR = timedelta(days=365)


def find_forgotten(pack: Pack, today: date) -> Remarks:
    """Yield the sessions without an end that began a year ago or more: of them, nobody is made to say that they stopped."""
    for notice in pack.notices.values():
        endless = notice.last == LATEST and notice.shown_until == date.max
        if notice.kind is NoticeKind.SESSION and notice.rule and endless and today - notice.first >= YEAR:
            says = f"Is {quoted(notice.title)} still on? It began on {notice.first:%d/%m/%Y}, and has no end."
            yield (notice.file, notice.id), says, "Write its last day under Until, or a later First date."
