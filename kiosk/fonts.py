"""The fonts that Waymark carries, on the screen and on paper: Latin first, then what each other script falls back to."""

from __future__ import annotations

import importlib.util
from pathlib import Path

FAMILY = "Atkinson Hyperlegible"
# Whoever draws falls back along this list, glyph by glyph.
FALLBACKS = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Bengali")
FOLDERS = {
    "fontpkg_atkinson_hyperlegible": "files",
    "fontpkg_noto_sans": "files",
    "fontpkg_noto_sans_arabic": "files",
    "justmytype_intl_south_asia": "fonts/ofl/notosansbengali",
}


def font_folders() -> list[Path]:
    """Return the folders of the installed font packages, without importing them."""
    found = []
    for package, inner in FOLDERS.items():
        spec = importlib.util.find_spec(package)
        if spec and spec.submodule_search_locations:
            found.append(Path(spec.submodule_search_locations[0]) / inner)
    return found
