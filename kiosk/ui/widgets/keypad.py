"""Keypads of our own: large keys, and nothing behind them that remembers: no paste, no undo, no suggestions (R6)."""

from __future__ import annotations

from collections.abc import Mapping

from kivy.app import App
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.reading_order import is_mirrored
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.icon import Icon
from kiosk.ui.widgets.key_layouts import (
    CLEAR,
    DELETE,
    DIGITS,
    OWN,
    PASSING,
    POSTCODE,
    Layout,
    boards_of,
    in_columns,
    label_of,
    label_of_postcode,
    postcode_boards,
    widest,
)
from kiosk.ui.widgets.touchable import Touchable
from kiosk.ui.widgets.words import Words

KEY_PATIENCE = 0.06  # seconds: a quick typist is not held up, a contact that bounces still counts once
ICONS = {DELETE: "delete", CLEAR: "x"}


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
    """Rows of keys that fill the width; a row is at most `row_most` pixels high. Holds nothing of what is typed.

    `board` is the one on show, of `boards`. Where its keys would be too small for a finger (R12), they stand in as many
    columns as there is room for.
    """

    __events__ = ("on_typed", "on_deleted", "on_cleared")
    leads = True
    layout: Layout = DIGITS
    row_most = NumericProperty(150)
    rows = NumericProperty(4)
    columns = NumericProperty(0)
    board = StringProperty("")

    def __init__(self, boards: Mapping[str, Layout] | None = None, **kwargs) -> None:
        self.boards = boards or {"": self.layout}
        self._built: dict[str, KeyRow] = {}
        super().__init__(board=next(iter(self.boards)), **kwargs)
        self._show_board()
        self.fbind("board", self._show_board)
        self.fbind("width", self._count_columns)

    def _count_columns(self, *_) -> None:
        theme = App.get_running_app().theme
        finger, apart = theme.finger, max(theme.unit * 12, theme.apart)
        room = int((self.width + apart) // (finger + apart)) if finger else 99
        # Before it is laid out it has a width that is not its own.
        self.columns = room if self.width > 4 * (finger + apart) else self.columns

    def on_columns(self, *_) -> None:
        self._built = {}
        self._show_board()

    def _show_board(self, *_) -> None:
        """Put the keys in, built when they are first needed."""
        if self.board not in self._built:
            self._built[self.board] = self._build(self._arranged(self.boards[self.board]))
        self.rows = len(self._built[self.board].children)
        self.clear_widgets()
        self.add_widget(self._built[self.board])

    def _arranged(self, layout: Layout) -> Layout:
        return in_columns(layout, self.columns) if self.columns and widest(layout) > self.columns else layout

    def forget(self) -> None:
        """Stand as before the first touch."""
        self.board = next(iter(self.boards))

    def has(self, character: str) -> bool:
        """Say whether one of the keys gives this character of a real keyboard, large or small."""
        return as_given(character) in self._given()

    def type_in(self, character: str) -> None:
        """Take a real keyboard's character as if its key here had been touched."""
        self.dispatch("on_typed", as_given(character))

    def _given(self) -> set[str]:
        """Return the characters that the keys of all boards give."""
        layouts = self.boards.values()
        return {gives for layout in layouts for row in layout for gives, _share in row if len(gives) == 1}

    def _build(self, layout: Layout) -> KeyRow:
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
            case board if board in self.boards:
                self.board = board
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
    """Digits and letters; a postcode's space is put in by whoever shows it. On a narrow panel they stand on two boards."""

    layout = POSTCODE

    def on_columns(self, *_) -> None:
        self.boards = postcode_boards(self.columns) if self.columns < widest(POSTCODE) else {"": POSTCODE}
        self._built = {}
        self.forget()
        self._show_board()

    def _arranged(self, layout: Layout) -> Layout:
        return layout

    def _label(self, gives: str) -> str:
        return label_of_postcode(gives) if gives in self.boards else super()._label(gives)


class LetterKeypad(Keypad):
    """A keyboard for names in a language, in capitals where it has them. After an accented letter, or a vowel, the others come back."""

    def __init__(self, language: str, **kwargs) -> None:
        self.language = language
        super().__init__(boards_of(language), **kwargs)

    @property
    def runs_right(self) -> bool:
        """What is typed on the board on show begins at the right."""
        return self.board == OWN and is_mirrored(self.language)

    def _label(self, gives: str) -> str:
        return label_of(gives, self.language) if gives in self.boards else super()._label(gives)

    def _pressed(self, key: KeyTop) -> None:
        super()._pressed(key)
        if len(key.gives) == 1 and key.gives.isalpha():
            self.board = PASSING.get(self.board, self.board)


load_beside(__file__)
