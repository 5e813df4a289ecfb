"""How wide words are on the screen, measured by the engine that lays them out there. Needs no window."""

from __future__ import annotations

import html

import pyvips

from kiosk.fonts import FALLBACKS, FAMILY

SIZE = 20  # pixels; widths are given in letters, so any size would do
SAMPLE = "The quick brown fox jumps over the lazy dog, and then it rests under a tree until the sun goes down."


def width_in_letters(words: str) -> float:
    """Return the width of the words in one line, in letters of plain English on average.

    The fonts are those that fontconfig knows: call `use_our_fonts` first.
    """
    return _width(words) / (_width(SAMPLE) / len(SAMPLE)) if words.strip() else 0.0


def _width(words: str) -> float:
    image = pyvips.Image.text(html.escape(words, quote=False), font=f"{', '.join((FAMILY, *FALLBACKS))} {SIZE}", dpi=72)
    return float(image.get("xoffset") + image.width)


def width_in_ems(words: str) -> float:
    """Return the width of the words in one line, in heights of their letters."""
    return _width(words) / SIZE if words.strip() else 0.0
