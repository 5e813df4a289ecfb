"""The staff's door: a code, typed on keys of our own."""

from __future__ import annotations

from kivy.properties import BooleanProperty

from kiosk.errors import SignInRefused, StaffCodeDamaged, TooManyTries
from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets.field import Field
from kiosk.ui.widgets.keypad import DigitKeypad

LONGEST = 12  # digits of a code


class StaffCodeScreen(AskScreen):
    """Shows a dot for each digit; what is typed is kept here alone, and forgotten as soon as it was tried."""

    offers_call = BooleanProperty(False)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._typed, self._place = "", None
        self.field, self.keypad = Field(), DigitKeypad()
        self.fill("answer", self.field)
        self.fill("tools", self.keypad)
        self.fbind("trouble", lambda *_: setattr(self.field, "faulty", bool(self.trouble)))
        self.keypad.bind(
            on_typed=lambda _keypad, digit: self._keep((self._typed + digit)[:LONGEST]),
            on_deleted=lambda *_: self._keep(self._typed[:-1]),
            on_cleared=lambda *_: self._keep(""),
        )

    def enter(self, visit: Visit) -> None:
        words = self.app.words
        if visit.place is not self._place:
            self._keep("")
            self._place = visit.place
        self.ask, self.hint = words("For staff"), words("Type the staff code.")
        self.next_label, self.next_icon = words("Open"), "lock-open"

    def forget(self) -> None:
        self._keep("")
        self._place = None

    def go_on(self) -> None:
        # Away from the screen's thread: a code is slow to be tried, on purpose.
        code, place, door = self._typed, self._place, self.app.services.staff_door
        self._keep("")
        self.ready = False
        self.app.background.run(
            lambda: door.open(code), lambda _: self._opened(place), lambda error: self._refused(place, error)
        )

    def _keep(self, typed: str) -> None:
        self._typed, self.field.text = typed, "•" * len(typed)
        self.trouble, self.ready = "", bool(typed)

    def _opened(self, place: Place) -> None:
        if self.navigation.place is place:
            self.navigation.look_instead(Place("staff"))

    def _refused(self, place: Place, error: BaseException) -> None:
        if self.navigation.place is place:
            self.trouble = say_refusal(error, self.app.words)


def say_refusal(error: BaseException, words) -> str:
    """Return why the door stays shut, in the words of the screen."""
    if isinstance(error, TooManyTries):
        return words("Too many tries. Wait {seconds} seconds.").format(seconds=error.seconds)
    if isinstance(error, SignInRefused):
        return words("That is not the staff code.")
    if isinstance(error, StaffCodeDamaged):
        return words("The staff code cannot be read. Set it again with: kiosk device staff-code")
    return words("That did not work. Try again.")
