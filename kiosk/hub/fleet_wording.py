"""Words about kiosks, for the desk and for the command line. Pure: the same facts give the same words."""

from __future__ import annotations

from datetime import timedelta

from kiosk.hub.fleet import KioskLine
from kiosk.hub.wording import waiting_words

CLOCK_TELLS = timedelta(minutes=2)  # less is the time that a batch takes on a slow line


def is_clock_off(line: KioskLine) -> bool:
    """True if the kiosk's clock was so far out that somebody should set it."""
    return line.clock_ahead is not None and abs(line.clock_ahead) >= CLOCK_TELLS


def clock_words(line: KioskLine) -> str:
    """Return "Right", "2 hours ahead", "56 years behind", or "Not known"."""
    if line.clock_ahead is None:
        return "Not known"
    if not is_clock_off(line):
        return "Right"
    away, way = abs(line.clock_ahead), "ahead" if line.clock_ahead > timedelta(0) else "behind"
    years = away.days // 365
    return f"{years} year{'' if years == 1 else 's'} {way}" if years else f"{waiting_words(away)} {way}"


def queue_words(line: KioskLine) -> str:
    """Return "3 waiting", "Empty" or "Not known", as of when it was last seen."""
    if line.waiting is None:
        return "Not known"
    return f"{line.waiting} waiting" if line.waiting else "Empty"


def state_words(line: KioskLine) -> tuple[str, str]:
    """Return the one thing to know of a kiosk, and the colour of its tag."""
    if line.forked_at:
        return "Copy noticed", "red"
    if line.revoked:
        return "Revoked", "grey"
    return ("In use", "green") if line.last_seen_at else ("Not seen yet", "blue")
