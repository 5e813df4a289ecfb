"""What every screen is: built once, brought up to date when entered, emptied when the visit ends."""

from __future__ import annotations

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from kiosk.flow.model import Opens, OpensKind
from kiosk.pack.model import Board
from kiosk.pack.notice_board import find_hung
from kiosk.ui.visit import Visit
from kiosk.ui.widgets.panel import Row


class Screen(Row):
    """`guarded` screens carry "Leave this page" (R9); `topic` is what a call asked for from here would be about.

    The call-back's own screens leave `offers_call` off.
    """

    guarded = BooleanProperty(False)
    offers_call = BooleanProperty(True)
    topic = StringProperty("")

    @property
    def app(self):
        return App.get_running_app()

    @property
    def navigation(self):
        return self.app.navigation

    @property
    def pack(self):
        return self.app.pack

    def is_offered(self, opens: Opens | None) -> bool:
        """A call back is offered only where a request could be sealed and kept (promise 5), notices where some hang."""
        if opens is not None and opens.kind is OpensKind.NOTICES:
            return bool(find_hung(self.pack, Board(opens.target), self.app.services.now()))
        return opens is None or opens.kind is not OpensKind.CALLBACK or self.app.services.can_take_requests

    def enter(self, visit: Visit) -> None:
        """Show what the visit's place asks for. Called whenever the visit changes while this screen is on."""

    def forget(self) -> None:
        """Drop everything of the visit that ended."""
