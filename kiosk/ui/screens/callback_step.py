"""What the steps of the call-back form have in common."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside
from kiosk.ui.navigation import CALL_STEPS
from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.screens.callback_draft import Trouble
from kiosk.ui.screens.callback_words import say_trouble
from kiosk.ui.visit import Draft, Visit
from kiosk.ui.widgets.low_pages import LowPages

REVIEW = CALL_STEPS[-1]


class CallStep(AskScreen):
    """One question of the form. The draft in the visit is the only place where an answer is kept.

    Each answer goes into the draft at once, so that Back and Change lose nothing; the screen shows the draft it is given,
    and is emptied as soon as there is none, be it sent, given up or wiped.
    """

    guarded = BooleanProperty(True)
    offers_call = BooleanProperty(False)
    steps = NumericProperty(len(CALL_STEPS) - 1)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._place = None
        self.navigation.bind(visit=self._empty_without_draft)

    @property
    def draft(self) -> Draft:
        return self.navigation.visit.draft or Draft()

    def enter(self, visit: Visit) -> None:
        if visit.place is not self._place:
            self._place, self.trouble = visit.place, ""
            self.at = CALL_STEPS.index(visit.place.screen) + 1
        changing = any(place.screen == REVIEW for place in visit.places[:-1])
        self.next_label = self.app.words("Done") if changing else self.app.words("Next")
        self.next_icon = "check" if changing else "arrow-left" if self.app.theme.mirrored else "arrow-right"
        self.show(self.draft, visit)

    def show(self, draft: Draft, visit: Visit) -> None:
        """Bring the screen in line with the draft."""
        raise NotImplementedError

    def find_trouble(self, draft: Draft) -> Trouble | None:
        """Return what keeps the parent from going on."""
        return None

    def keep(self, **answer) -> None:
        """Put an answer into the draft."""
        self.trouble = ""
        self.navigation.set(draft=self.draft.with_answer(**answer))

    def go_on(self) -> None:
        trouble = self.find_trouble(self.draft)
        self.trouble = say_trouble(trouble, self.app.words) if trouble else ""
        if not trouble:
            self.navigation.next_call_step(self.draft)

    def forget(self) -> None:
        self._place, self.trouble = None, ""
        self.show(Draft(), Visit())

    def _empty_without_draft(self, _navigation, visit: Visit) -> None:
        if visit.draft is None and self._place is not None:
            self.forget()


class ChoicePages(LowPages):
    """Choices, page by page."""


class ChoosingStep(CallStep):
    """Choices on pages. They are built once for each way of reading, and marked from the draft."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._built_for = None
        self.pages = ChoicePages()
        self.fill("tools", self.pages)
        self.pages.fbind("size_hint_max_y", self.ids.tools.setter("size_hint_max_y"))

    def show(self, draft: Draft, visit: Visit) -> None:
        key = (visit.language, visit.text_size, self.app.theme.portrait, visit.aloud)
        if key != self._built_for:
            self._built_for = key
            self.pages.blocks = self.build()
        self.mark(draft, visit)

    def forget(self) -> None:
        """The next parent begins at the first page."""
        super().forget()
        self.pages.page = 0

    def build(self) -> list:
        """Return the blocks of the pages."""
        raise NotImplementedError

    def beside(self, widget: Widget) -> list:
        """Stand `widget` beside the question where the screen is wide; where it is high, return it as a block."""
        self.ids.aside.clear_widgets()
        if self.app.theme.portrait:
            return [widget]
        self.fill("aside", widget)
        return []

    def mark(self, draft: Draft, visit: Visit) -> None:
        """Show what is chosen."""
        raise NotImplementedError


load_beside(__file__)
