"""What a provider's own words mean, as data: hours, part of the year, free hours. What is not understood stays words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kiosk.childcare.consent import is_withheld
from kiosk.childcare.hours import read_hours, read_terms
from kiosk.childcare.model import Provider

_WORDS = ("phone", "open", "cost", "funded_hours", "term_time", "note")
_NONE = re.compile(
    r"(?:none|n/?a|0|-)\b.*|-?|.*(?:\b(?:not?|never|cannot|except\w*|excluding)\b|n['’]t\b).*", re.DOTALL
)
_FREE_HOURS = re.compile(r"\b(15|30)\b")


def understood(provider: Provider) -> Provider:
    """Return `provider` with its words read as data; what its source gave as data is kept.

    Words that are blacked out, in whole or in part, are left empty (R24).
    """
    provider = replace(provider, **_blank(provider))
    hours = read_hours(provider.open)
    return replace(
        provider,
        week=provider.week or hours.week,
        terms=provider.terms or read_terms(provider.term_time) or hours.terms,
        funded=provider.funded or read_funded(provider.funded_hours),
    )


def _blank(provider: Provider) -> dict[str, Any]:
    return {name: "" for name in _WORDS if is_withheld((getattr(provider, name),))}


def read_funded(text: str) -> tuple[int, ...]:
    """Return the free hours that a text offers: "15 and 30 hours" is (0, 15, 30), "Yes" is (0,), "No" is ().

    Whatever is denied in part, "15 hours, not 30", is only words: a parent would come for what is not there.
    """
    plain = " ".join(text.lower().split())
    if _NONE.fullmatch(plain):
        return ()
    return (0, *sorted({int(hours) for hours in _FREE_HOURS.findall(plain)}))
