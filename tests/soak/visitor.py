"""A parent at random: everything they touch, and when they walk away, follows from a seed."""

from __future__ import annotations

import random
import string
from collections import Counter, deque
from dataclasses import dataclass, field

from kiosk.ui.navigation import CALL_STEPS

CODE = "271828"
KNOWN = "OX4 4UY"
SHORT, LONG = (1, 6), (10, 30)  # touches
LONG_ONES = 0.12  # of all visits: most people look, and go
WISHES = ("wander", "call", "call", "childcare", "address", "staff")


@dataclass(frozen=True)
class Typed:
    """What one parent types, as no text of the programme or a pack has it."""

    name: str
    phone: str

    @classmethod
    def by(cls, chance: random.Random) -> Typed:
        name = "QX" + "".join(chance.choices(string.ascii_uppercase, k=4))
        return cls(name, "07359" + "".join(chance.choices(string.digits, k=6)))

    @property
    def beginnings(self) -> tuple[str, str]:
        """What is looked for: enough of each to be nobody else's words."""
        return self.name[:4].lower(), self.phone[1:6]


@dataclass
class Visitor:
    """Touches the window through its mouse path. Counts the `screens` that were come to, and what was done."""

    kiosk: object
    chance: random.Random
    screens: Counter = field(default_factory=Counter)
    done: Counter = field(default_factory=Counter)
    lately: deque = field(default_factory=lambda: deque(maxlen=8))

    @property
    def app(self):
        return self.kiosk.app

    def visit(self) -> Typed:
        """Come, touch, and go in one way or another. At the end the visit is wiped."""
        self.typed = Typed.by(self.chance)
        is_long = self.chance.random() < LONG_ONES
        self.wish = self.chance.choice(WISHES) if is_long else "wander"
        self.done["visits"] += 1
        for _ in range(self.chance.randint(*(LONG if is_long else SHORT))):
            self.screens[self.app.navigation.screen] += 1
            self._touch()
        self.screens[self.app.navigation.screen] += 1
        self._go()
        return self.typed

    def _touch(self) -> None:
        screen, spots = self.app.navigation.screen, self.app.root.spots()
        if screen == "home" and self.wish == "staff":
            # As after five seconds of a finger on the centre's name.
            self.app.root.open_staff()
            self._turn()
        elif screen == "welcome" and self.chance.random() < 0.9:
            self._tap(self.kiosk.window.width / 2, self.kiosk.window.height / 2)
        elif self.wish != "wander" and self.chance.random() < 0.8 and self._follow(screen):
            return
        elif spots and self.chance.random() < 0.93:
            self._press(self.chance.choice(spots))
        else:
            self._tap(self.chance.uniform(0, self.kiosk.window.width), self.chance.uniform(0, self.kiosk.window.height))

    def _follow(self, screen: str) -> bool:
        """Do what this screen asks of somebody with this wish; False where it asks nothing."""
        if screen in ("call-name", "call-phone", "staff-code", "postcode"):
            return self._type(self._wanted(screen)) and self._press_class("MainButton")
        if screen in CALL_STEPS:
            choice = self._of_class("Choice", "Chip", "Check")
            if choice and screen != "call-review":
                self._press(self.chance.choice(choice))
            return self._press_class("MainButton")
        if self.wish == "call":
            return self._press_words("Ask for a call")
        if self.wish == "childcare":
            return self._press_class("ProviderCard") if screen == "childcare" else self._from_home("childcare")
        if self.wish == "address":
            return (
                self._press_one(
                    [spot for spot in self.app.root.spots() if getattr(spot.owner, "tail", "") == "qr-code"]
                )
                or self._press_words("Take this address with you")
                or self._from_home("checklist", "notices")
                or (screen == "notices" and self._press_class("Card"))
                or self._press_words("More")
            )
        return False

    def _from_home(self, *kinds: str) -> bool:
        """Press a card of the home screen that opens one of these kinds of place, where this is that screen."""
        at_home = self.app.navigation.screen == "home"
        return at_home and self._press_words(*(c.title for c in self.app.pack.home.cards if c.opens.kind in kinds))

    def _wanted(self, screen: str) -> str:
        """What is still to be typed here."""
        visit = self.app.navigation.visit
        draft = visit.draft
        match screen:
            case "call-name":
                return "" if draft.name else self.typed.name
            case "call-phone":
                return "" if draft.phone else self.typed.phone
            case "postcode":
                return "" if visit.postcode else KNOWN.replace(" ", "")
        return CODE

    def _type(self, characters: str) -> bool:
        for character in characters:
            keys = [spot for spot in self.app.root.spots() if getattr(spot.owner, "gives", None) == character]
            if not keys:
                return False
            self._press(keys[0])
        return True

    def _of_class(self, *names: str) -> list:
        return [spot for spot in self.app.root.spots() if any(c.__name__ in names for c in type(spot.owner).__mro__)]

    def _press_class(self, name: str) -> bool:
        return self._press_one(self._of_class(name))

    def _press_words(self, *words: str) -> bool:
        wanted = {each for word in words for each in (word, self.app.words(word))}
        return self._press_one(
            [spot for spot in self.app.root.spots() if {getattr(spot.owner, n, "") for n in ("text", "title")} & wanted]
        )

    def _press_one(self, spots: list) -> bool:
        if spots:
            self._press(self.chance.choice(spots))
        return bool(spots)

    def _press(self, spot) -> None:
        self.done["touches"] += 1
        self.lately.append(f"{self.app.navigation.screen}: {type(spot.owner).__name__} {spot.part}")
        self._tap(*spot.middle)
        if self.app.background.is_busy and self.chance.random() < 0.7:
            # The others do not wait for an answer: it comes into whatever is on the screen by then.
            self.kiosk.rest()

    def _tap(self, x: float, y: float) -> None:
        if self.chance.random() < 0.9:
            self.app.attention._acted_at = float("-inf")
        top = self.kiosk.window.height - y
        self.kiosk.window.dispatch("on_mouse_down", x, top, "left", [])
        self._turn()
        self.kiosk.window.dispatch("on_mouse_up", x, top, "left", [])
        self._turn()

    def _turn(self) -> None:
        """One turn of the clock; now and then a frame is drawn as well."""
        self.kiosk.step() if self.chance.random() < 0.05 else self.kiosk.turn()

    def _go(self) -> None:
        """Finish, leave the page, or walk away: and then the warning may still be answered."""
        if self.chance.random() < 0.4 and self._press_words("Finish", "Leave this page", "Finish and clear"):
            self.done["finished"] += 1
        if self.app.navigation.screen != "welcome":
            self._walk_away()

    def _walk_away(self) -> None:
        idle = self.app.idle
        if self.chance.random() < 0.1:
            self._warn()
            self._press_one(self.app.root.spots())
            self.done["stayed"] += 1
        self._warn()
        while idle.warning:
            idle._tick(1)
        self._turn()
        self.done["wiped untouched"] += 1

    def _warn(self) -> None:
        idle = self.app.idle
        idle.touched()
        idle._timer.cancel()
        idle._touched_at -= 10 * idle.idle_seconds
        idle._due(0)
        self._turn()
