"""The window of a preview. Must be opened before anything imports kivy.core.window."""

from __future__ import annotations

import logging

from kiosk.settings import Settings
from kiosk.ui.fonts import use_our_fonts
from kiosk.ui.window import configure


def prepare_window(settings: Settings) -> None:
    """Have a window that staff can move beside their editor and close. Raises NoDisplay."""
    # Kivy tries a touch driver that few machines have, and reports at length that it is not there.
    logging.getLogger("kivy").addFilter(lambda record: "MTDev" not in record.getMessage())
    configure(settings)
    from kivy.config import Config

    Config.set("graphics", "borderless", "0")
    use_our_fonts(settings.data / "fonts")
