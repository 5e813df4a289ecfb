"""Who did not agree to be published, and what is blacked out: none of it is ever shown (R24)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ABOUT = r"(?:(?:FULL|HOME|STREET|POSTAL) )?(?:NAME|ADDRESS|POST ?CODE|DETAILS?|INFORMATION)"
_UNSAID = r"(?:WITHHELD|CONFIDENTIAL|UNDISCLOSED|UNPUBLISHED|NOT (?:TO BE )?(?:PUBLISHED|DISCLOSED))"
# A whole cell, with its brackets and its reason: "[Withheld]", "Address withheld", "Not disclosed at her request".
_MASKED = re.compile(
    rf"^[^\w\n]*(?:(?:{_ABOUT}[^\w\n]+(?:IS |ARE )?)?{_UNSAID}(?: {_ABOUT})?(?: (?:BY|AT|ON|FOR|FROM|DUE)\b.*)?[^\w\n]*"
    r"|[*X][*X \t]*)$",
    re.MULTILINE,
)


def is_withheld(cells: Iterable[str]) -> bool:
    """Tell whether any cell was blacked out: REDACTED, Withheld, Not published, or only stars or crosses (R24)."""
    text = "\n".join(cells).upper()
    return "REDACTED" in text or _MASKED.search(text) is not None
