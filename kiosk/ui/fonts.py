"""Our fonts and no others: a fontconfig of our own, so that a kiosk looks the same on every machine."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Thread

from kiosk.fonts import FALLBACKS, FAMILY, font_folders

EVERY_SCRIPT = "a\u0627\u0985"  # a letter that each of our fonts has


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


def warm_up() -> Thread:
    """Have Pango find and open our fonts, on a thread of its own: the window takes as long to open. After `use_our_fonts`."""
    thread = Thread(target=_draw_every_script, name="fonts")
    thread.start()
    return thread


def _draw_every_script() -> None:
    # What is missing is missed again, and told, where the screen draws its first word.
    with suppress(ImportError, OSError):
        import pyvips

        with suppress(pyvips.Error):
            pyvips.Image.text(EVERY_SCRIPT, font=", ".join((FAMILY, *FALLBACKS))).write_to_memory()
