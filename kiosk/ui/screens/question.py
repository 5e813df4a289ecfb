"""One question of a flow, with the road and where one stands on it."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from kiosk.flow.model import Flow, Question
from kiosk.flow.walk import stage_index
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import pages, road, tag, touchable  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.card import Card

UNSURE = "circle-question-mark"
MANY = 5  # answers, from which on their cards are smaller on a screen that is low
AHEAD = 0.03  # seconds from one paragraph that is drawn ahead to the next


class AnswerCard(Card):
    """A card that is used again for the answers of the next question: a new one takes twenty times as long."""

    answer_id = StringProperty("")


class QuestionScreen(Screen):
    """Each answer is a card; answering dispatches to navigation, which knows where it leads.

    At the `first` question a parent may rather look for their place on the road; later the map shows their way.
    """

    stages = ListProperty([])
    flow_title = StringProperty("")
    flow_icon = StringProperty("route")
    ask = StringProperty("")
    hint = StringProperty("")
    first = BooleanProperty(True)

    def __init__(self, **kwargs) -> None:
        self._cards: list[AnswerCard] = []
        self._ahead: list[tuple] = []
        # One paragraph at a time, a millisecond's work: no touch waits for it.
        self._reading = Clock.create_trigger(self._prepare_one, AHEAD, interval=True)
        super().__init__(**kwargs)

    def enter(self, visit: Visit) -> None:
        flow, question = self.pack.flows[visit.place.target], self.navigation.node
        self.stages = [(stage.label, stage.icon) for stage in flow.stages.values()]
        self.ids.road.walk_to(stage_index(flow, question))
        self.flow_title, self.flow_icon = self.app.filled(flow.title), flow.icon
        self.ask, self.hint = self.app.filled(question.ask), self.app.filled(question.hint)
        self.guarded = question.money or question.private
        self._stand_ways()
        self.first = not visit.place.answers
        self._question = question
        given = dict(visit.place.answers).get(question.id, "")
        while len(self._cards) < len(question.answers):
            self._cards.append(self._new_card())
        for card, answer in zip(self._cards, question.answers, strict=False):
            self._fill(card, answer, given, many=len(question.answers) >= MANY)
        shown = self._cards[: len(question.answers)]
        if self.ids.pages.blocks != shown:
            self.ids.pages.blocks = shown
        self.ids.pages.page = 0
        self._read_ahead(flow, question)

    def _stand_ways(self) -> None:
        """On a high screen the other ways on stand below the question: a seated person reaches them there."""
        said, ways = self.ids.said, self.ids.ways
        at = said.children.index(self.ids.ask)
        if (said.children.index(ways) < at) != self.app.theme.portrait:
            said.remove_widget(ways)
            # Kivy counts from the last child: below the question and its hint, or above both.
            at = said.children.index(self.ids.ask)
            said.add_widget(ways, index=at - 1 if self.app.theme.portrait else at + 1)

    def _read_ahead(self, flow: Flow, question: Question) -> None:
        """While the parent reads, draw the words of what may come next: then the touch only has to show them."""
        after = [flow.questions[answer.go] for answer in question.answers if answer.go in flow.questions]
        answer_words = self._cards[0].ids.title
        self._ahead = [(self.ids.ask, self.app.filled(each.ask)) for each in after]
        self._ahead += [(answer_words, self.app.filled(answer.say)) for each in after for answer in each.answers]
        self._reading.cancel()
        self._reading()

    def _prepare_one(self, _dt) -> bool:
        if self._ahead:
            place, words = self._ahead.pop()
            place.prepare(words)
        return bool(self._ahead)

    def look_at(self, index: int) -> None:
        """A station of the road was pressed: show what it is like there."""
        flow = self.pack.flows[self.navigation.place.target]
        self.navigation.go(Place("stage", f"{flow.id}/{list(flow.stages)[index]}"))

    def see_road(self) -> None:
        """Before the first answer the road to choose from, afterwards the map with the way so far."""
        self.navigation.open_road() if self.first else self.navigation.open_map()

    def _new_card(self) -> AnswerCard:
        card = AnswerCard()
        card.bind(on_touched=lambda card: self.navigation.answer(self._question.id, card.answer_id))
        return card

    def _fill(self, card: AnswerCard, answer, given: str, many: bool) -> None:
        """Put an answer on a card. What was `given` here before is said beside it."""
        portrait = self.app.theme.portrait
        before = answer.id == given
        card.answer_id = answer.id
        card.title = self.app.filled(answer.say)
        card.hint = self.app.words("This is what you said before") if before else ""
        card.icon = answer.icon
        card.tail = "check" if before else "chevron-right"
        card.tone = "quiet" if answer.icon == UNSURE else "plain"
        # So that all of them are seen at once.
        card.compact = many and not portrait
        card.least = self.app.theme.unit * (116 if portrait else 84 if many else 96)
        card.grows = self.app.theme.unit * 232

    def forget(self) -> None:
        """The cards stay for the next parent; what was said on them does not."""
        self._question, self._ahead = None, []
        self.ids.pages.blocks = []
        for card in self._cards:
            card.title = card.hint = card.icon = card.answer_id = ""


load_beside(__file__)
