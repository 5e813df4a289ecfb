"""Take it with you: the words of the page before, read by a phone from the screen, or printed where there is a printer."""

from __future__ import annotations

import logging

from kivy.properties import BooleanProperty, StringProperty

from kiosk.errors import WaymarkError
from kiosk.flow.stations import topic_at
from kiosk.flow.walk import where
from kiosk.takeaway.model import Slip
from kiosk.takeaway.note import to_note
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.provider import TOPIC, get_found
from kiosk.ui.screens.take_words import Notes
from kiosk.ui.screens.web import CodeScreen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets.touchable import MainButton
from kiosk.ui.widgets.words import Words

log = logging.getLogger(__name__)


class PrintButton(MainButton):
    """Print it: sleeps while the printer works."""

    printing = BooleanProperty(False)


class Printed(Words):
    """What became of the printing."""


class TakeScreen(CodeScreen):
    """Shows what `visit.places[-2]` says, and is guarded where that is about money."""

    printing = BooleanProperty(False)
    said = StringProperty("")

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._place: Place | None = None
        self._slip: Slip | None = None
        self.button, self.words_above = PrintButton(), Printed()
        self.fbind("printing", self.button.setter("printing"))
        self.fbind("said", self.words_above.setter("text"))
        self.button.bind(on_touched=lambda *_: self._print())

    def enter(self, visit: Visit) -> None:
        words = self.app.words
        self.title = words("Take it with you")
        self.hint = words("Point your phone’s camera at the square. Your phone shows these words, to keep.")
        if visit.place is not self._place:
            self.forget()
            self._place = visit.place
            self._take_from(visit.places[-2])

    def forget(self) -> None:
        self._place, self._slip, self.content, self.said = None, None, "", ""
        self.printing = self.guarded = False
        for room in (self.ids.below, self.ids.beside):
            room.clear_widgets()

    def _take_from(self, place: Place) -> None:
        self.topic = self._topic(place)
        if place.screen != "provider":
            self._show(self._notes.of(place))
            return
        here, services = self._place, self.app.services
        self.app.background.run(
            lambda: get_found(services.childcare, place.target, near="").provider,
            lambda provider: self._show(self._notes.of_provider(provider)) if self._place is here else None,
            lambda _error: self._fail() if self._place is here else None,
        )

    @property
    def _notes(self) -> Notes:
        app = self.app
        return Notes(self.pack, app.words, app.filled, app.services.now())

    def _topic(self, place: Place) -> str:
        """What a call asked for from the page before would be about."""
        if place.screen == "flow":
            return where(self.pack.flows[place.target], place.answers, place.start or None).topic
        if place.screen == "stage":
            flow, stage = place.target.split("/")
            return topic_at(self.pack.flows[flow], stage)
        return TOPIC if place.screen == "provider" and TOPIC in self.pack.callback.topics else ""

    def _show(self, slip: Slip | None) -> None:
        if slip is None:
            return
        self._slip, self.content = slip, to_note(slip)
        self.guarded = not slip.on_paper
        if slip.on_paper and self.app.services.can_print:
            # Where the hand is: below the square on a high screen, beside it on a wide one.
            room = self.ids.below if self.app.theme.portrait else self.ids.beside
            room.add_widget(self.words_above)
            room.add_widget(self.button)

    def _fail(self) -> None:
        self.hint = self.app.words("This place is not in the list any more.")

    def _print(self) -> None:
        if self.printing or self._slip is None:
            return
        here, slip, services = self._place, self._slip, self.app.services
        self.printing, self.said = True, ""
        self.app.background.run(
            lambda: services.print_slip(slip),
            lambda _: self._ended(here, self.app.words("Here it is. Please take it from the printer.")),
            lambda error: self._stuck(here, error),
        )

    def _stuck(self, here: Place, error: BaseException) -> None:
        # What CUPS says is for staff; a slip holds nothing of a person.
        log.error("A slip was not printed: %s", error if isinstance(error, WaymarkError) else type(error).__name__)
        self._ended(here, self.app.words("The printer does not answer. Please ask at reception, or use your phone."))

    def _ended(self, here: Place, said: str) -> None:
        if self._place is here:
            self.printing, self.said = False, said


load_beside(__file__)
