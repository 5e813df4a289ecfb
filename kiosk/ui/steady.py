"""Tells good starts of a pack from failed ones: a screen that stood for a minute was well begun."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kivy.clock import Clock

from kiosk.pack.shelf import Opened
from kiosk.pack.starts import Starts
from kiosk.ui.watchdog import WITHIN

log = logging.getLogger(__name__)
STANDS = WITHIN  # seconds: three faults of the screen within them end the kiosk, and then the start has failed


class Steady:
    """Writes down how the start under way goes on. A disk that takes nothing keeps no pack from the screen."""

    def __init__(self, starts: Starts) -> None:
        self._starts, self._breaks = starts, False
        self._timer = Clock.create_trigger(lambda _dt: _written(self._starts.stood), STANDS)

    def begin(self) -> None:
        """The kiosk begins; nothing of a pack has been read."""
        _written(self._starts.begin)

    def opened(self, opened: Opened) -> None:
        """This is what will be shown: the one that was tried, or what stands in for it."""
        _written(lambda: self._starts.shows(opened.installed))

    def start(self) -> None:
        """The welcome is painted."""
        self._timer()

    def switches(self, opened: Opened, broke: bool = False) -> None:
        """Another pack is about to be shown in the place of one that was well, or that `broke` the screen."""
        self._timer.cancel()
        _written(lambda: self._starts.shows(opened.installed, broke))
        self._timer()

    def breaks(self) -> None:
        """The kiosk is about to end because its screen fails."""
        self._breaks = True

    def stop(self) -> None:
        """The kiosk ends, in peace unless it `breaks`."""
        self._timer.cancel()
        if not self._breaks:
            _written(self._starts.let_go)


def _written(write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as why:
        log.warning("How this start goes could not be written down: %s", why.strerror)
