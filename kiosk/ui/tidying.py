"""What a visit took goes back in the calm after it."""

from __future__ import annotations

from kivy.clock import Clock

from kiosk.ui.memory import tidy

CALM_AFTER = 3.0  # seconds; who comes sooner is not kept waiting


class Tidying:
    """Tidies up once nobody has come for CALM_AFTER."""

    def __init__(self) -> None:
        self._due = None

    def soon(self) -> None:
        """A visit has ended."""
        self.not_now()
        self._due = Clock.schedule_once(lambda _dt: tidy(), CALM_AFTER)

    def not_now(self) -> None:
        """Somebody is here."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
