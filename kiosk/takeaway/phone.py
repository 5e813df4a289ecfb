"""A helper's number as words, on the screen and on paper. `words` translates the programme's own words."""

from __future__ import annotations

from datetime import date

from kiosk.pack.facts import is_stale, shown
from kiosk.pack.model import Helper, Pack
from kiosk.pack.translate import Translation


def say_phone(helper: Helper, pack: Pack, today: date, words: Translation) -> str:
    """Return a helper's number, told for an example where it is one; nothing when there is none or it is out of date."""
    phone = pack.facts.get(helper.phone)
    if phone is None or is_stale(phone, today):
        return ""
    return shown(phone) + (" " + words("(example)") if phone.example else "")
