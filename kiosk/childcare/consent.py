"""Who did not agree to be published, and what is blacked out: none of it is ever shown (R24)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MASKED = re.compile(r"^[ \t]*(?:WITHHELD|[*X][*X \t]*)$", re.MULTILINE)


def is_withheld(cells: Iterable[str]) -> bool:
    """Tell whether any cell was blacked out: REDACTED, Withheld, or nothing but stars or crosses (R24)."""
    text = "\n".join(cells).upper()
    return "REDACTED" in text or _MASKED.search(text) is not None
