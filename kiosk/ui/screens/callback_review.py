"""The end of the call-back form: read it all back, how we look after it, and that it is safe with us."""

from __future__ import annotations

import logging
from dataclasses import replace

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.errors import WaymarkError
from kiosk.ui import text
from kiosk.ui.kv import load_beside
from kiosk.ui.languages import own_name
from kiosk.ui.screens.advice import AdviceScreen
from kiosk.ui.screens.base import Screen
from kiosk.ui.screens.callback_draft import spaced, to_request, troubles
from kiosk.ui.screens.callback_step import ChoosingStep
from kiosk.ui.screens.callback_words import say_days, say_trouble
from kiosk.ui.visit import Draft, Place, Visit
from kiosk.ui.widgets.pair import in_columns
from kiosk.ui.widgets.panel import Column, Panel
from kiosk.ui.widgets.touchable import BarButton

log = logging.getLogger(__name__)


class ChangeButton(BarButton):
    """Change, beside an answer: a pencil, and the word where it is `worded`."""

    worded = BooleanProperty(True)


class ReadAnswers(BarButton):
    """Has the answers read aloud, which is done only for who asks: others may hear (R16)."""


class ReviewRow(Panel):
    """One answer read back, with Change beside it. A block for Pages. A `narrow` row leaves its width to the answer."""

    __events__ = ("on_change",)
    label = StringProperty("")
    value = StringProperty("")
    faulty = BooleanProperty(False)
    narrow = BooleanProperty(False)
    natural_height = NumericProperty(0)
    grows = NumericProperty(0)

    @property
    def holds_given(self) -> bool:
        """What is wrong is not what was given, and is read aloud as any error."""
        return not self.faulty

    def on_change(self) -> None: ...


class PrivacyNotice(Column):
    """The short notice, and one tap to the full one (R3)."""

    __events__ = ("on_more",)
    text = StringProperty("")

    def on_more(self) -> None: ...


class ReviewScreen(ChoosingStep):
    """Is this right? Send makes the draft a request, away from the screen's thread."""

    sending = BooleanProperty(False)

    def enter(self, visit: Visit) -> None:
        super().enter(visit)
        self.next_icon = "send"
        self._name_button()

    def build(self) -> list:
        self.ask = self.app.words("Is this right?")
        self.notice = PrivacyNotice(text=self.app.filled(self.pack.callback.privacy_short))
        self.notice.bind(on_more=lambda *_: self.navigation.go(Place("privacy")))
        # Always in sight together with Send, so never a block of the pages.
        self.ids.extra.clear_widgets()
        self.fill("extra", *self.beside(self.notice))
        self.rows = {screen: self._row(screen, label) for screen, label in self._labels().items()}
        rows = in_columns(list(self.rows.values()), self._columns)
        return [self._read_answers(), *rows] if self.navigation.visit.aloud else rows

    @property
    def _columns(self) -> int:
        """All answers on one page also where the screen is low: read back means seen together."""
        theme = self.app.theme
        return 1 if theme.portrait or theme.text_scale > 1 else 2

    def _read_answers(self) -> ReadAnswers:
        button = ReadAnswers()
        button.bind(on_touched=lambda *_: self.app.aloud.read_given(self.rows.values()))
        return button

    def mark(self, draft: Draft, visit: Visit) -> None:
        # The hub may have said other days since the screen was built.
        self.notice.text = self.app.filled(self.pack.callback.privacy_short)
        wrong, values = troubles(draft), self._values(draft, visit)
        for screen, row in self.rows.items():
            row.faulty = screen in wrong
            row.value = say_trouble(wrong[screen], self.app.words) if row.faulty else values[screen]
        self.ready = not wrong and not self.sending

    def forget(self) -> None:
        self.sending = False
        super().forget()
        for row in self.rows.values():
            row.value = ""

    def go_on(self) -> None:
        """Send. A doubled touch finds the button asleep; the draft's id makes a second record impossible anyway."""
        if self.sending:
            return
        self.navigation.set(draft=replace(self.draft, sent=True))
        draft, services = self.draft, self.app.services
        self.sending, self.ready, self.trouble = True, False, ""
        self._name_button()
        # The English pack: the desk reads the topic in English, whatever the parent read.
        request = to_request(
            draft, services.pack, services.identity.kiosk, services.now(), self.navigation.visit.language
        )
        self.app.background.run(
            lambda: services.send(request), lambda _: self._sent(draft), lambda error: self._failed(draft, error)
        )

    def _sent(self, draft: Draft) -> None:
        if self._is_mine(draft):
            self.sending = False
            self.navigation.sent()

    def _failed(self, draft: Draft, error: BaseException) -> None:
        # Never the error's own text: it is for staff, and may come from a library.
        log.error("A request could not be saved: %s", type(error).__name__)
        if not isinstance(error, WaymarkError):
            log.error("This error was not foreseen.")
        if self._is_mine(draft):
            self.sending = False
            self.trouble = self.app.words("We could not save this. Please speak to reception.")
            self.mark(self.draft, self.navigation.visit)
            self._name_button()

    def _is_mine(self, draft: Draft) -> bool:
        """The visit that sent this draft is still here."""
        return self.draft.id == draft.id

    def _name_button(self) -> None:
        words = self.app.words
        self.next_label = words("Sending…") if self.sending else words("Try again") if self.trouble else words("Send")

    def _row(self, screen: str, label: str) -> ReviewRow:
        row = ReviewRow(label=label, narrow=self._columns > 1)
        row.bind(on_change=lambda *_: self.navigation.go(Place(screen)))
        return row

    def _labels(self) -> dict[str, str]:
        words = self.app.words
        return {
            "call-name": words("What we call you"),
            "call-phone": words("We ring"),
            "call-times": words("When it is safe"),
            "call-message": words("If you cannot answer"),
            "call-language": words("We speak"),
            "call-topic": words("We talk about"),
        }

    def _values(self, draft: Draft, visit: Visit) -> dict[str, str]:
        words, callback = self.app.words, self.pack.callback
        parts = ", ".join(self.app.filled(part.say) for id, part in callback.parts.items() if id in draft.parts)
        topic = callback.topics.get(draft.topic)
        # The name of a language in its own script must not turn the line round it.
        mark = "\u200f" if self.app.theme.mirrored else "\u200e"
        language = f"{mark}\u2068{own_name(draft.language or visit.language)}\u2069"
        return {
            "call-name": draft.name,
            "call-phone": spaced(draft.phone),
            "call-times": f"{say_days(draft.days, words)}\n{parts}",
            "call-message": words("You may leave a message") if draft.may_leave_message else words("Leave no message"),
            "call-language": f"{language}, {words('with an interpreter')}" if draft.interpreter else language,
            "call-topic": self.app.filled(topic.say) if topic else words("I will say on the phone"),
        }


class PrivacyScreen(AdviceScreen):
    """The whole notice."""

    sign = StringProperty("lock-keyhole")
    guarded = BooleanProperty(True)
    offers_call = BooleanProperty(False)

    def enter(self, visit: Visit) -> None:
        self.present(("privacy", self.app.services.keep_days, self.reading(visit)), self._blocks)

    def _blocks(self) -> list[Widget]:
        title = self.title(self.app.words("How we look after what you tell us"))
        return [title, *(self.paragraph(words) for words in self.pack.callback.privacy)]


class SentScreen(Screen):
    """We have your request: shown only when it is on the disk (promise 1)."""

    guarded = BooleanProperty(True)
    offers_call = BooleanProperty(False)
    expect = StringProperty("")

    def enter(self, visit: Visit) -> None:
        self.expect = self.app.filled(self.pack.callback.expect)
        # The form's words were drawn as pictures; nothing on this screen needs them any more.
        text.forget_all()


load_beside(__file__)
