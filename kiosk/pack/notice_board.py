"""Which notices hang where just now, and when each is next. Time is an argument; days are those of London."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from kiosk.london import LONDON
from kiosk.pack.facts import is_clock_behind
from kiosk.pack.model import Board, Notice, NoticeKind, Pack
from kiosk.pack.notice_rule import find_days

BOARDS = {
    NoticeKind.SESSION: Board.WHATS_ON,
    NoticeKind.COURSE: Board.WHATS_ON,
    NoticeKind.VACANCY: Board.VACANCIES,
    NoticeKind.STORY: Board.GOOD_NEWS,
}


@dataclass(frozen=True)
class Hung:
    """A notice that is true now. `day` is its next one: of a vacancy the last to apply, of a story its own."""

    notice: Notice
    day: date


def find_hung(pack: Pack, board: Board, now: datetime) -> list[Hung]:
    """Return what hangs on a board at an aware moment: soonest first, good news newest first.

    Nothing hangs by a clock that is behind: it would show what has been over for long.
    """
    local = now.astimezone(LONDON).replace(tzinfo=None)
    if is_clock_behind(pack.facts, local.date()):
        return []
    found = _hung((each for each in pack.notices.values() if BOARDS[each.kind] is board), local)
    latest_first = -1 if board is Board.GOOD_NEWS else 1
    return sorted(
        found, key=lambda hung: (latest_first * hung.day.toordinal(), hung.notice.starts or time(), hung.notice.title)
    )


def get_hung(pack: Pack, notice_id: str, now: datetime) -> Hung | None:
    """Return a notice with its next day, or None when it is not shown any more, or never was."""
    notice = pack.notices.get(notice_id)
    board = find_hung(pack, BOARDS[notice.kind], now) if notice else []
    return next((hung for hung in board if hung.notice is notice), None)


def find_visit(pack: Pack, helper: str, now: datetime) -> Hung | None:
    """Return the next session or course that names the helper, or None when none is known."""
    return next((hung for hung in find_hung(pack, Board.WHATS_ON, now) if hung.notice.helper == helper), None)


def _hung(notices: Iterable[Notice], local: datetime) -> list[Hung]:
    today = local.date()
    due = [(each, _next_day(each, local)) for each in notices if each.shown_from <= today <= each.shown_until]
    return [Hung(notice, day) for notice, day in due if day]


def _next_day(notice: Notice, local: datetime) -> date | None:
    today = local.date()
    match notice.kind:
        case NoticeKind.VACANCY:
            return notice.last if today <= notice.last else None
        case NoticeKind.STORY:
            return notice.first if notice.first <= today else None
        case NoticeKind.COURSE if not notice.rule:
            return max(notice.first, today) if today <= notice.last and not _is_over(notice, local) else None
    is_over = notice.ends is not None and local.time() >= notice.ends
    return _first_day(notice, today + timedelta(days=1) if is_over else today)


def _is_over(notice: Notice, local: datetime) -> bool:
    return notice.ends is not None and local >= datetime.combine(notice.last, notice.ends)


# As many as a pack may have: a notice is looked at by the board, its page, and each helper's card.
@lru_cache(4096)
def _first_day(notice: Notice, since: date) -> date | None:
    return next(islice(find_days(notice, since), 1), None)
