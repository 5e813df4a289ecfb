"""Our fonts and no others: a fontconfig of our own, so that a kiosk looks the same on every machine."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

FAMILY = "Atkinson Hyperlegible"
# Pango falls back along this list, glyph by glyph.
FALLBACKS = "Noto Sans, Noto Sans Arabic, Noto Sans Bengali"
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


def use_our_fonts(folder: Path) -> None:
    """Point fontconfig at our fonts. Must run before pyvips draws its first word. `folder` keeps its cache between starts.

    Raises OSError where it cannot be written.
    """
    # Fontconfig would look for a relative name elsewhere.
    home = folder.absolute()
    home.mkdir(parents=True, exist_ok=True)
    folders = "".join(f"<dir>{folder}</dir>" for folder in font_folders())
    words = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{folders}<cachedir>{home / 'cache'}</cachedir></fontconfig>"
    )
    file = home / "fonts.conf"
    # Writing what is there already would empty the file on a disk that is full since.
    if not file.is_file() or file.read_text(encoding="utf-8") != words:
        file.write_text(words, encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(file)
