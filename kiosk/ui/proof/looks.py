"""The ways in which a screen is looked at: a language, a theme, a text size, a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from kiosk.ui.languages import own_name
from kiosk.ui.visit import Visit

SIZES = ("normal", "large", "largest")
THEMES = ("calm", "contrast")
WINDOWS = ((1080, 1920), (1920, 1080), (1366, 768), (1280, 800))


@dataclass(frozen=True)
class Look:
    """`size` counts in SIZES; `window` is width and height in pixels."""

    language: str
    theme: str
    size: int
    window: tuple[int, int]

    def __str__(self) -> str:
        return f"{own_name(self.language)}, {self.theme}, {SIZES[self.size]} letters, {'×'.join(map(str, self.window))}"

    @property
    def file_name(self) -> str:
        return f"{self.language}-{self.theme}-{SIZES[self.size]}-{'x'.join(map(str, self.window))}"

    def of(self, visit: Visit) -> Visit:
        """Return the visit of a parent who reads in this way."""
        return replace(visit, language=self.language, text_size=self.size, contrast=self.theme == "contrast")


def find_looks(
    languages: Sequence[str],
    themes: Sequence[str] = THEMES,
    sizes: Sequence[int] = range(len(SIZES)),
    windows: Sequence[tuple[int, int]] = WINDOWS,
) -> Iterator[Look]:
    """Yield every way there is, window by window and language by language: screens are built anew for both."""
    for window, language, theme, size in product(windows, languages, themes, sizes):
        yield Look(language, theme, size, window)
