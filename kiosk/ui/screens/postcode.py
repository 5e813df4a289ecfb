"""Where shall we look? A postcode, or near the centre."""

from __future__ import annotations

from kiosk.childcare.model import Postcode
from kiosk.errors import PostcodeFaulty, UnknownPostcode
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets.field import Field
from kiosk.ui.widgets.keypad import PostcodeKeypad
from kiosk.ui.widgets.touchable import BarButton

LONGEST = 7  # characters of a postcode without its space


class NearCentre(BarButton):
    """Near this centre: for who does not want to type."""


class PostcodeScreen(AskScreen):
    """Keeps what is typed in the visit, so that it is still there on the way back and gone with the visit."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._place = None
        self.field, self.keypad, self.near = Field(), PostcodeKeypad(), NearCentre()
        self.fill("answer", self.field)
        self.fill("tools", self.keypad)
        self.fbind("trouble", lambda *_: setattr(self.field, "faulty", bool(self.trouble)))
        self.near.bind(on_touched=lambda *_: self.navigation.go(Place("childcare")))
        self.keypad.bind(
            on_typed=lambda _keypad, character: self._keep((self._typed + character)[:LONGEST]),
            on_deleted=lambda *_: self._keep(self._typed[:-1]),
            on_cleared=lambda *_: self._keep(""),
        )

    def _place_near(self) -> None:
        """Above the large button where the screen is high, beside the keys where it is wide; nowhere without a postcode."""
        if self.near.parent:
            self.near.parent.remove_widget(self.near)
        if self.pack.centre.postcode:
            self.fill("extra" if self.app.theme.portrait else "aside", self.near)

    @property
    def _typed(self) -> str:
        return self.navigation.visit.postcode

    def enter(self, visit: Visit) -> None:
        words = self.app.words
        if visit.place is not self._place:
            self._place, self.trouble, self.ready = visit.place, "", True
            self._place_near()
        self.ask = words("Where shall we look?")
        self.hint = words("Type your postcode. The first part is enough.")
        self.next_label, self.next_icon = words("Look near here"), "search"
        self.field.text = with_space(visit.postcode)

    def forget(self) -> None:
        self._place, self.trouble, self.field.text, self.ready = None, "", "", True
        self.keypad.forget()

    def go_on(self) -> None:
        try:
            postcode = Postcode.parse(self._typed)
        except PostcodeFaulty:
            self.trouble = self.app.words("That is not a postcode. One looks like this: OX4 4UY")
            return
        place, store = self._place, self.app.services
        self.ready = False
        self.app.background.run(
            lambda: store.childcare.get_place(postcode),
            lambda _: self._found(place, postcode),
            lambda error: self._not_found(place, error),
        )

    def _keep(self, typed: str) -> None:
        self.trouble, self.ready = "", True
        self.navigation.set(postcode=typed)

    def _found(self, place: Place, postcode: Postcode) -> None:
        # Typed on or gone elsewhere in the meantime: the answer is to a question that nobody asks any more.
        if self.navigation.place is place and self._typed == postcode.compact:
            self.ready = True
            self.navigation.go(Place("childcare", str(postcode)))

    def _not_found(self, place: Place, error: BaseException) -> None:
        if self.navigation.place is not place:
            return
        words = self.app.words
        self.ready = True
        if isinstance(error, UnknownPostcode):
            self.trouble = words("We do not know that postcode. Check it, or give only its first part.")
        else:
            self.trouble = words("We cannot look this up just now. Please speak to reception.")


def with_space(typed: str) -> str:
    """Return a postcode in full with its space, anything else as it is."""
    try:
        return str(Postcode.parse(typed))
    except PostcodeFaulty:
        return typed


load_beside(__file__)
