"""Another pack between two visits: whoever has begun reads on in the words that they began with."""

from __future__ import annotations

import logging
from dataclasses import replace

from kivy.clock import Clock

from kiosk.pack.shelf import Left, Opened
from kiosk.pack.starts import Leaves
from kiosk.ui.app import KioskApp
from kiosk.ui.steady import Steady

log = logging.getLogger(__name__)
EVERY = 5.0  # seconds between two looks while nobody is here: one small file is read


class PackSwitch:
    """Notices what was installed or taken back, by the hub or at this machine, and shows it once nobody is here.

    The other pack is read in the background; a visit that begins meanwhile keeps the old one, to its end.
    """

    def __init__(self, app: KioskApp, steady: Steady) -> None:
        self._app, self._steady, self._looking = app, steady, False
        self._timer = Clock.create_trigger(lambda _dt: self.look(), EVERY, interval=True)

    def start(self) -> None:
        """Begin to look."""
        self._timer()

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()

    @property
    def nobody_is_here(self) -> bool:
        """The welcome is on, and nothing is behind it."""
        navigation = self._app.navigation
        return navigation.screen == "welcome" and len(navigation.visit.places) == 1

    def look(self) -> None:
        """See, elsewhere, whether there is another pack, and show it."""
        if self._looking or not self.nobody_is_here:
            return
        self._looking = True
        self._app.background.run(self._app.services.find_other_pack, self._take, self._failed)

    def _take(self, opened: Opened | None) -> None:
        self._looking = False
        # Read once more after the visit that has begun: by then it may be another again.
        if opened is not None and self.nobody_is_here:
            log.info("From this visit on %s %s is shown.", opened.pack.id, opened.pack.version)
            before = self._app.services.opened
            self._steady.switches(opened)
            self._app.services.switch(opened)
            try:
                self._app.follow_pack()
            except Exception as why:
                # Half of it on the screen is worse than none. It is not looked at again before another takes its place.
                log.error("The other pack cannot be shown, and the one before stays: %s", type(why).__name__)
                self._steady.switches(before, broke=True)
                left = Left(opened.pack.version, Leaves.FAILED)
                self._app.services.switch(replace(before, active=opened.active, left=left))
                self._app.follow_pack()

    def _failed(self, error: BaseException) -> None:
        self._looking = False
        # Of the disk, most likely. What is shown is in memory, and stays.
        log.error("Another pack was not read: %s", type(error).__name__)
