"""Runs the scan: what two switches, or one and the clock, do on the screen."""

from __future__ import annotations

from collections.abc import Callable

from kivy.clock import Clock

from kiosk.ui.focus import Focus
from kiosk.ui.scan import Scan, begin, patience
from kiosk.ui.spots import Spot, around, in_groups


class Scanner:
    """Rings what is offered. Alone, it goes on by itself every `seconds`, from the first press until nobody chooses any more."""

    def __init__(self, spots: Callable[[], list[Spot]], focus: Focus, seconds: float) -> None:
        self._spots, self._focus, self._seconds = spots, focus, seconds
        self.scan: Scan | None = None
        self._timer = None
        self._left = 0

    def next(self) -> None:
        """The first of two switches."""
        if self.scan is None:
            self.begin()
        else:
            self._offer(self.scan.step(self._sizes()))

    def choose(self) -> None:
        """The second of two switches."""
        if self.scan is None:
            self.begin()
            return
        groups = self._groups()
        self.follow()
        at, (scan, pressed) = self.scan, self.scan.choose([len(group) for group in groups])
        self._offer(scan)
        if pressed:
            self._focus.act(groups[at.group][max(0, at.item)])

    def press_only(self) -> None:
        """The one switch there is: it starts the scan, then it chooses."""
        if self._timer is None:
            self.begin()
        else:
            self._timer.cancel()
            self.choose()
        self._timer = Clock.schedule_interval(self._go_on, self._seconds)
        self._left = patience(self._sizes())

    def begin(self) -> None:
        """Offer the group where the screen begins."""
        groups = self._groups()
        if groups:
            ranks = [group[0].rank for group in groups]
            self._offer(begin([len(group) for group in groups], ranks.index(max(ranks))))

    def rest(self) -> None:
        """Offer nothing until the next press."""
        self.scan = None
        self._focus.hide()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def follow(self) -> None:
        """Keep the ring on what is offered, wherever it moves."""
        if self.scan is not None:
            if self.scan.fits(self._sizes()):
                self._offer(self.scan)
            else:
                self.begin()

    def _go_on(self, _dt: float) -> None:
        self._left -= 1
        if self._left > 0:
            self.next()
        else:
            self.rest()

    def _offer(self, scan: Scan) -> None:
        self.scan = scan
        groups = self._groups()
        offered = scan.offered([len(group) for group in groups])
        self._focus.ring.show(around(groups[scan.group][item] for item in offered))

    def _groups(self) -> list[list[Spot]]:
        return in_groups(self._spots())

    def _sizes(self) -> list[int]:
        return [len(group) for group in self._groups()]
