"""The steps of the call-back form that are chosen: times, a message, a language, what it is about."""

from __future__ import annotations

from collections.abc import Callable

from kivy.properties import NumericProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.languages import own_name
from kiosk.ui.screens.ask import Subheading
from kiosk.ui.screens.callback_draft import Trouble, trouble_with_times
from kiosk.ui.screens.callback_step import ChoosingStep
from kiosk.ui.screens.callback_words import day_names
from kiosk.ui.visit import Draft, Visit
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.chips import Chip, Chips
from kiosk.ui.widgets.pair import in_columns


class Choice(Card):
    """A card of which one is chosen: it turns dark and gets a tick."""

    roomy = NumericProperty(1)

    def mark(self, chosen: bool) -> None:
        self.tone, self.tail = ("path", "check") if chosen else ("plain", "")


class ChoiceChips(Chips):
    """Chips in columns of one width."""


class TimesScreen(ChoosingStep):
    """When is it safe to ring you? (R10)"""

    def build(self) -> list:
        words, callback = self.app.words, self.pack.callback
        self.ask = words("When is it safe to ring you?")
        self.hint = words("We ring only then.")
        self.any_time = _chip(words("Any time in these hours"), self._choose_all)
        names = day_names(words)
        self.days = {day: _chip(names[day], lambda day=day: self._choose_day(day)) for day in callback.days}
        self.parts = {
            id: _chip(self.app.filled(part.say), lambda id=id: self._choose_part(id))
            for id, part in callback.parts.items()
        }
        return [
            *self.beside(ChoiceChips([self.any_time])),
            Subheading(text=words("Which days?")),
            ChoiceChips(list(self.days.values())),
            Subheading(text=words("What time of day?")),
            ChoiceChips(list(self.parts.values())),
        ]

    def mark(self, draft: Draft, visit: Visit) -> None:
        for chips, chosen in ((self.days, draft.days), (self.parts, draft.parts)):
            for key, chip in chips.items():
                chip.chosen = key in chosen
        self.any_time.chosen = self._all_chosen(draft)

    def find_trouble(self, draft: Draft) -> Trouble | None:
        return trouble_with_times(draft)

    def _all_chosen(self, draft: Draft) -> bool:
        return draft.days >= set(self.days) and draft.parts >= set(self.parts)

    def _choose_all(self) -> None:
        if self._all_chosen(self.draft):
            self.keep(days=frozenset(), parts=frozenset())
        else:
            self.keep(days=frozenset(self.days), parts=frozenset(self.parts))

    def _choose_day(self, day: int) -> None:
        self.keep(days=self.draft.days ^ {day})

    def _choose_part(self, part: str) -> None:
        self.keep(parts=self.draft.parts ^ {part})


class MessageScreen(ChoosingStep):
    """May we leave a message? No, unless they say so."""

    def build(self) -> list:
        words = self.app.words
        self.ask = words("May we leave a message?")
        self.hint = words("Somebody else may hear it, or see it on your phone.")
        # Large letters need no larger ones: both answers are to be seen at once.
        strong = self.app.theme.text_scale == 1
        self.no = _choice(words("No, please do not leave a message"), "message-square-off", roomy=2, strong=strong)
        self.yes = _choice(words("Yes, you may leave a message"), "message-square", roomy=2, strong=strong)
        self.no.bind(on_touched=lambda *_: self.keep(may_leave_message=False))
        self.yes.bind(on_touched=lambda *_: self.keep(may_leave_message=True))
        return [self.no, self.yes]

    def mark(self, draft: Draft, visit: Visit) -> None:
        self.yes.mark(bool(draft.may_leave_message))
        self.no.mark(not draft.may_leave_message)


class LanguageScreen(ChoosingStep):
    """Which language shall we speak?"""

    def build(self) -> list:
        words = self.app.words
        self.ask = words("Which language shall we speak?")
        self.hint = words("We can bring an interpreter. It costs you nothing.")
        self.interpreter = _chip(words("I would like an interpreter"), self._ask_for_interpreter)
        self.languages = {code: _choice(own_name(code)) for code in self.pack.callback.languages}
        for code, card in self.languages.items():
            card.spoken_in = code
            card.bind(on_touched=lambda *_, code=code: self.keep(language=code))
        columns = 1 if self.app.theme.text_scale >= 2 else 2
        return [*in_columns(list(self.languages.values()), columns), ChoiceChips([self.interpreter])]

    def mark(self, draft: Draft, visit: Visit) -> None:
        for code, card in self.languages.items():
            card.mark(code == (draft.language or visit.language))
        self.interpreter.chosen = draft.interpreter

    def _ask_for_interpreter(self) -> None:
        self.keep(interpreter=not self.draft.interpreter)


class TopicScreen(ChoosingStep):
    """What is it about? From a list only (R2), and "on the phone" is as good an answer."""

    def build(self) -> list:
        words = self.app.words
        self.ask = words("What would you like to talk about?")
        self.hint = words("You can say more when we ring.")
        self.topics = {"": _choice(words("I would rather say on the phone"), "phone")}
        for topic in self.pack.callback.topics.values():
            self.topics[topic.id] = _choice(self.app.filled(topic.say), topic.icon)
        for id, card in self.topics.items():
            card.bind(on_touched=lambda *_, id=id: self.keep(topic=id))
        return in_columns(list(self.topics.values()), 2 if self.app.theme.text_scale == 1 else 1)

    def mark(self, draft: Draft, visit: Visit) -> None:
        for id, card in self.topics.items():
            card.mark(id == draft.topic)


def _chip(says: str, touched: Callable[[], None]) -> Chip:
    chip = Chip(text=says)
    chip.bind(on_touched=lambda *_: touched())
    return chip


def _choice(says: str, icon: str = "", roomy: float = 1, strong: bool = False) -> Choice:
    return Choice(title=says, icon=icon, roomy=roomy, strong=strong)


load_beside(__file__)
