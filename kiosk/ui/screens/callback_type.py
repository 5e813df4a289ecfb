"""The steps of the call-back form that are typed: a name, a number."""

from __future__ import annotations

from kivy.app import App

from kiosk.ui.screens.callback_draft import (
    Trouble,
    add_to_name,
    add_to_phone,
    spaced,
    trouble_with_name,
    trouble_with_phone,
)
from kiosk.ui.screens.callback_step import CallStep
from kiosk.ui.visit import Draft, Visit
from kiosk.ui.widgets.field import Field
from kiosk.ui.widgets.keypad import DigitKeypad, Keypad, LetterKeypad


class TypedStep(CallStep):
    """A field and a keypad."""

    def __init__(self, keypad: Keypad, **kwargs) -> None:
        super().__init__(**kwargs)
        self.field, self.keypad = Field(), keypad
        self.fill("answer", self.field)
        self.fill("tools", keypad)
        self.fbind("trouble", lambda *_: setattr(self.field, "faulty", bool(self.trouble)))
        keypad.bind(on_typed=lambda _keypad, character: self.typed(character))
        keypad.bind(on_deleted=lambda *_: self.deleted(), on_cleared=lambda *_: self.cleared())

    def forget(self) -> None:
        super().forget()
        self.keypad.forget()

    def typed(self, character: str) -> None:
        raise NotImplementedError

    def deleted(self) -> None:
        raise NotImplementedError

    def cleared(self) -> None:
        raise NotImplementedError


class NameScreen(TypedStep):
    """What may we call you?"""

    def __init__(self, **kwargs) -> None:
        super().__init__(LetterKeypad(App.get_running_app().words.language), **kwargs)
        self.keypad.fbind("board", self._aim)
        self._aim()

    def show(self, draft: Draft, visit: Visit) -> None:
        self.ask = self.app.words("What may we call you?")
        self.hint = self.app.words("A first name or nickname is enough.")
        self.field.text = draft.name

    def _aim(self, *_) -> None:
        self.field.begins_right = self.keypad.runs_right

    def find_trouble(self, draft: Draft) -> Trouble | None:
        return trouble_with_name(draft)

    def typed(self, character: str) -> None:
        self.keep(name=add_to_name(self.draft.name, character))

    def deleted(self) -> None:
        self.keep(name=self.draft.name[:-1])

    def cleared(self) -> None:
        self.keep(name="")


class PhoneScreen(TypedStep):
    """What number can we ring?"""

    def __init__(self, **kwargs) -> None:
        super().__init__(DigitKeypad(), **kwargs)

    def show(self, draft: Draft, visit: Visit) -> None:
        self.ask = self.app.words("What number can we ring?")
        self.hint = self.app.words("Only the support worker sees it. It is locked the moment you send it.")
        self.field.text = spaced(draft.phone)

    def find_trouble(self, draft: Draft) -> Trouble | None:
        return trouble_with_phone(draft)

    def typed(self, character: str) -> None:
        self.keep(phone=add_to_phone(self.draft.phone, character))

    def deleted(self) -> None:
        self.keep(phone=self.draft.phone[:-1])

    def cleared(self) -> None:
        self.keep(phone="")
