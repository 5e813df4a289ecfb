"""What a real keyboard does, and a switch that says it is one. Everything that is not named here does nothing (promise 41)."""

from __future__ import annotations

from kiosk.keyboard import (
    BACKSPACE,
    CODES,
    DOWN,
    ENTER,
    ESCAPE,
    KEYPAD_ENTER,
    LEFT,
    RIGHT,
    SPACE,
    TAB,
    UP,
    read_keys,
)
from kiosk.ui.focus import Focus
from kiosk.ui.scanner import Scanner
from kiosk.ui.widgets.keypad import Keypad
from kiosk.ui.widgets.ring import Ring

TURNS = {UP: (0, 1), DOWN: (0, -1), RIGHT: (1, 0), LEFT: (-1, 0)}
# A key that is held repeats itself. That moves the ring; it never presses twice, for a hand that is slow to let go.
REPEATING = {TAB, BACKSPACE, *TURNS}
SHORTCUT = {"ctrl", "alt", "meta"}


class Keys:
    """Tab and arrows move the ring, Enter or Space presses, Escape is Back, letters are typed where there is a keypad.

    While the visit scans, its two keys go through what can be pressed instead.
    """

    def __init__(self, app, frame, window) -> None:
        self._app, self._frame, self._window = app, frame, window
        self._held: set[int] = set()
        self._place = app.navigation.place
        self._anew = False
        settings = app.services.settings
        self._scan_keys = read_keys(settings.scan_keys)
        self.focus = Focus(frame.spots, Ring(frame, app.theme), app.attention.accepts)
        self.scanner = Scanner(frame.spots, self.focus, settings.scan_seconds)
        window.bind(on_touch_down=self.rest, on_draw=self._follow)
        app.navigation.bind(visit=self._visit_changed)
        app.idle.bind(warning=self._begin_anew)

    def remove(self) -> None:
        self.rest()
        self._window.unbind(on_touch_down=self.rest, on_draw=self._follow)

    def rest(self, *_) -> None:
        """A finger is on the screen, or nobody is there: nothing is ringed until the next key."""
        self._anew = False
        self.focus.hide()
        self.scanner.rest()

    def pressed(self, key: int, modifiers) -> None:
        held = key in self._held
        self._held.add(key)
        if SHORTCUT & set(modifiers) or (held and key not in REPEATING):
            return
        self._app.somebody_is_here()
        if key == ESCAPE:
            self._go_back()
        elif self._app.scanning != "off":
            self._scan(key)
        elif key == TAB:
            self.focus.step(-1 if "shift" in modifiers else 1)
        elif key in TURNS:
            self.focus.turn(*TURNS[key])
        elif key == BACKSPACE:
            self._take_back()
        elif key in (ENTER, KEYPAD_ENTER):
            self._choose()
        elif key == SPACE and not self._types(" "):
            self.focus.press()

    def released(self, key: int) -> None:
        self._held.discard(key)

    def typed(self, text: str) -> None:
        """Letters and digits go where the keypad's keys would put them; the ring is not where they are typed."""
        scans = self._app.scanning != "off"
        for character in text:
            if not (scans and CODES.get(character, ord(character)) in self._scan_keys) and self._types(character):
                self.rest()
                self._keypad.type_in(character)

    @property
    def _keypad(self) -> Keypad | None:
        """The keypad on the screen, unless a warning lies over it."""
        if self._app.idle.warning:
            return None
        return next((widget for widget in self._frame.ids.area.walk() if isinstance(widget, Keypad)), None)

    def _types(self, character: str) -> bool:
        keypad = self._keypad
        return keypad is not None and keypad.has(character)

    def _take_back(self) -> None:
        if keypad := self._keypad:
            self.rest()
            keypad.dispatch("on_deleted")

    def _choose(self) -> None:
        """Enter. After typing it is the screen's large button, as on any form."""
        if self.focus.spot is None and self._keypad:
            screen = self._frame.screen(self._frame.screen_name)
            if screen.ready and self._app.attention.accepts(0.4):
                screen.go_on()
        else:
            self.focus.press()

    def _go_back(self) -> None:
        """Escape goes back within the visit, and is "I'm still here" while that is asked. It never closes anything."""
        if self._app.idle.warning:
            self._app.idle.touched()
        elif not self._frame.bare:
            self._app.navigation.back()

    def _scan(self, key: int) -> None:
        if key not in self._scan_keys:
            return
        if self._app.scanning == "one":
            self.scanner.press_only()
        elif key == self._scan_keys[0]:
            self.scanner.next()
        else:
            self.scanner.choose()

    def _visit_changed(self, _navigation, visit) -> None:
        if len(visit.places) == 1:
            self._held.clear()
            self.rest()
        elif visit.place != self._place:
            self._begin_anew()
        self._place = visit.place

    def _begin_anew(self, *_) -> None:
        """Another screen, or the warning over it: the ring begins there once it is laid out."""
        self._anew = True

    def _follow(self, *_) -> None:
        """Before each frame is drawn: widgets stand where they will be seen."""
        anew, self._anew = self._anew, False
        if self.scanner.scan is not None:
            (self.scanner.begin if anew else self.scanner.follow)()
        elif self.focus.spot is not None:
            (self.focus.begin if anew else self.focus.follow)()
