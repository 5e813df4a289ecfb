"""Keypads of our own: large keys, and nothing behind them that remembers: no paste, no undo, no suggestions (R6)."""

from __future__ import annotations

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.touchable import Touchable
from kiosk.ui.widgets.words import Words

KEY_PATIENCE = 0.06  # seconds: a quick typist is not held up, a contact that bounces still counts once
DELETE, CLEAR, ACCENTS = "delete", "clear", "accents"
ICONS = {DELETE: "delete", CLEAR: "x"}

# A key gives a character, or is one of the named keys above, or "" for a gap; its share is its width beside the others'.
Keys = tuple[tuple[str, float], ...]


def keys(characters: str, indent: float = 0.0) -> Keys:
    """Return one row of keys, moved in from both ends by `indent` keys as on a keyboard."""
    gap = (("", indent),) if indent else ()
    return (*gap, *((character, 1.0) for character in characters), *gap)


DIGITS = (keys("123"), keys("456"), keys("789"), ((CLEAR, 1.0), ("0", 1.0), (DELETE, 1.0)))
LAST_ROW = ((ACCENTS, 2.0), (" ", 5.0), (CLEAR, 1.4), (DELETE, 2.0))
LETTERS = (keys("QWERTYUIOP"), keys("ASDFGHJKL", 0.5), keys("ZXCVBNM-’", 0.5), LAST_ROW)
# The letters that names in the Latin alphabets of Europe need besides A to Z, in alphabetical order.
ACCENTED = (keys("ÁÀÂÄÃÅĂĄÆÇĆČÉ"), keys("ÈÊËĘĞÍÎÏŁŃÑÓÔ"), keys("ÖÕØȘŚŠȚÚÜÝŹŻŽ"), LAST_ROW)
POSTCODE = (
    keys("1234567890"),
    keys("QWERTYUIOP"),
    keys("ASDFGHJKL", 0.5),
    ((CLEAR, 1.5), *keys("ZXCVBNM"), (DELETE, 1.5)),
)


def as_given(character: str) -> str:
    """Return how a key of ours gives what a real keyboard types: a capital, the round apostrophe."""
    return "’" if character == "'" else character.upper()


class KeyTop(Touchable):
    """One key. `gives` is its character or its name. Keys are not read aloud."""

    spoken = False
    gives = StringProperty("")
    text = StringProperty("")
    label_px = NumericProperty(46)
    patience = NumericProperty(KEY_PATIENCE)

    def __init__(self, icon: str = "", **kwargs) -> None:
        super().__init__(**kwargs)
        self._face = Icon(name=icon) if icon else Words(text=self.text, bold=True, align="centre", own_height=False)
        self.add_widget(self._face)
        self.fbind("label_px", self._dress)
        self.fbind("foreground", self._dress)
        self._dress()

    def _dress(self, *_) -> None:
        self._face.size_px, self._face.color = self.label_px, self.foreground


class KeyRow(BoxLayout):
    """Keys side by side, or rows one below the other. Left to right in every language."""

    @property
    def area_of_its_own(self) -> bool:
        """Who scans chooses a row first, then a key of it."""
        return self.orientation == "horizontal"


class Keypad(BoxLayout):
    """Rows of keys that fill the width; a row is at most `row_most` pixels high. Holds nothing of what is typed."""

    __events__ = ("on_typed", "on_deleted", "on_cleared")
    leads = True
    layout = DIGITS
    row_most = NumericProperty(150)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._board = self._build(self.layout)
        self.add_widget(self._board)

    def forget(self) -> None:
        """Stand as before the first touch."""

    def has(self, character: str) -> bool:
        """Say whether one of the keys gives this character of a real keyboard, large or small."""
        return as_given(character) in self._given()

    def type_in(self, character: str) -> None:
        """Take a real keyboard's character as if its key here had been touched."""
        self.dispatch("on_typed", as_given(character))

    def _given(self) -> set[str]:
        """Return the characters that the keys give."""
        return {gives for row in self.layout for gives, _share in row if len(gives) == 1}

    def _build(self, layout: tuple[Keys, ...]) -> KeyRow:
        board = KeyRow(orientation="vertical")
        for row in layout:
            line = KeyRow()
            for gives, share in row:
                line.add_widget(self._key(gives, share))
            board.add_widget(line)
        return board

    def _key(self, gives: str, share: float) -> Widget:
        if not gives:
            return Widget(size_hint_x=share)
        key = KeyTop(gives=gives, text=self._label(gives), icon=ICONS.get(gives, ""), size_hint_x=share)
        key.bind(on_touched=self._pressed)
        return key

    def _label(self, gives: str) -> str:
        if gives == " ":
            return App.get_running_app().words("Space")
        return "" if gives in ICONS else gives

    def _pressed(self, key: KeyTop) -> None:
        match key.gives:
            case "delete":
                self.dispatch("on_deleted")
            case "clear":
                self.dispatch("on_cleared")
            case character:
                self.dispatch("on_typed", character)

    def on_typed(self, character: str) -> None: ...

    def on_deleted(self) -> None: ...

    def on_cleared(self) -> None: ...


class DigitKeypad(Keypad):
    """1 to 9, then delete all, 0, delete one."""


class PostcodeKeypad(Keypad):
    """Digits and letters; a postcode's space is put in by whoever shows it."""

    layout = POSTCODE


class LetterKeypad(Keypad):
    """A keyboard for names in capitals; one key turns it to the accented letters, and the next letter turns it back."""

    layout = LETTERS
    accented = BooleanProperty(False)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._boards = {False: self._board}

    def forget(self) -> None:
        self.accented = False

    def _given(self) -> set[str]:
        return super()._given() | {gives for row in ACCENTED for gives, _share in row if len(gives) == 1}

    def on_accented(self, _keypad, accented: bool) -> None:
        if accented not in self._boards:
            self._boards[accented] = self._build(ACCENTED)
        self.clear_widgets()
        self.add_widget(self._boards[accented])

    def _label(self, gives: str) -> str:
        if gives != ACCENTS:
            return super()._label(gives)
        return "A B C" if self.accented else "É Ł Ș"

    def _pressed(self, key: KeyTop) -> None:
        if key.gives == ACCENTS:
            self.accented = not self.accented
            return
        super()._pressed(key)
        if key.gives.isalpha() and len(key.gives) == 1:
            self.accented = False


load_beside(__file__)
