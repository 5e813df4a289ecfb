"""What a visit took goes back in the calm after it, and what a long one let go of while it lasts."""

from __future__ import annotations

from kivy.clock import Clock

from kiosk.ui.memory import holds_much, tidy

CALM_AFTER = 3.0  # seconds; who comes sooner is not kept waiting
SHORTLY = 0.5  # seconds: what was touched is on the screen by then


class Tidying:
    """Tidies up once nobody has come for CALM_AFTER, and shortly after much was let go of."""

    def __init__(self) -> None:
        self._due = self._overdue = None

    def soon(self) -> None:
        """A visit has ended."""
        self.not_now()
        self._due = Clock.schedule_once(self._tidy, CALM_AFTER)

    def not_now(self) -> None:
        """Somebody is here: only what has become too much is tidied up, however fast they touch."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self._overdue is None and holds_much():
            self._overdue = Clock.schedule_once(self._tidy, SHORTLY)

    def stop(self) -> None:
        """Nothing is tidied up any more."""
        for due in (self._due, self._overdue):
            if due is not None:
                due.cancel()

    def _tidy(self, _dt) -> None:
        self.stop()
        self._due = self._overdue = None
        tidy()
