"""What of a pack goes on the wall and on the table, in one language, as read on one day.

Figures have dates, and paper does not change: a fact is printed only where its words stand, and the day of printing with
them. `words` translates the programme's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from string import ascii_uppercase

from kiosk.flow.model import Flow, OpensKind, Outcome, Question, Stage
from kiosk.pack.facts import fill, long_date
from kiosk.pack.model import Checklist, ChecklistItem, Helper, Pack
from kiosk.pack.translate import Translation, translate
from kiosk.reading_order import is_mirrored
from kiosk.takeaway.model import Item, Mark, Section
from kiosk.takeaway.phone import say_phone
from kiosk.takeaway.sheets import Asked, Contact, Ending, Head, Leaflet, ListSheet, Poster, Road, Said, Station

CALLER = "support-worker"
"""The helper who rings back, as the national pack names them."""


@dataclass(frozen=True)
class Sheets:
    """Makes the sheets of a pack, already translated by `words`, as read on `today`."""

    pack: Pack
    words: Translation
    today: date

    def poster(self, flow_id: str) -> Poster:
        """Return the poster of a flow. Raises KeyError where the pack has none of that name."""
        road = self._road(self.pack.flows[flow_id])
        words = self.words
        return Poster(
            self._head(road.title),
            road=road,
            here=words("Start here"),
            how=words("Answer the question. Go to the letter or number beside your answer."),
            invite=words("Find your place on the touchscreen in reception"),
            call=self._call(),
        )

    def leaflet(self) -> Leaflet:
        words = self.words
        helpers = [self._contact(helper) for helper in self.pack.helpers.values()]
        return Leaflet(
            self._head(words("Where am I on the path?")),
            roads=tuple(self._road(flow) for flow in self._flows()),
            hint=words("Look for the words that sound like you. Beside them is who helps."),
            who_title=words("Who can help"),
            who=tuple(helpers),
            call_title=words("We can ring you"),
            call=(
                words("Ask for a call on the touchscreen in reception."),
                words("You choose when it is safe to ring."),
                self._filled(self.pack.centre.reception),
            ),
        )

    def aide_memoire(self, checklist_id: str) -> ListSheet:
        """Return a checklist to tick off. Raises KeyError where the pack has none of that name."""
        checklist, words = self.pack.checklists[checklist_id], self.words
        return ListSheet(
            self._head(self._filled(checklist.title)),
            say="",
            sections=tuple(self._sections(checklist)),
            notes_title=words("Jobs I have found"),
            notes=(words("Job"), words("Who it is with"), words("Closing date"), words("Sent on")),
        )

    def training_sheet(self, checklist_id: str) -> ListSheet:
        """Return the same checklist for staff: what to say and show at each line. Raises KeyError as above."""
        checklist, words = self.pack.checklists[checklist_id], self.words
        return ListSheet(
            self._head(words("Searching for a job with a parent")),
            say=self._filled(checklist.staff),
            sections=tuple(self._staff_sections(checklist)),
            for_staff=True,
        )

    def _head(self, title: str) -> Head:
        language = self.words.language
        told = self.words("No speaker has checked this translation yet.") if self.words.unchecked else ""
        return Head(
            self.pack.centre.name, title, long_date(self.today, language), language, is_mirrored(language), told
        )

    def _call(self) -> str:
        """Who rings back and when they are here, where the pack says so."""
        helper = self.pack.helpers.get(CALLER)
        asks = self.words("Or ask there for a call. You choose when it is safe to ring.")
        return f"{asks} {self._filled(helper.title)}: {self._filled(helper.when)}." if helper and helper.when else asks

    def _road(self, flow: Flow) -> Road:
        letters = _signed(flow, flow.questions.values(), _letters())
        numbers = _signed(flow, flow.outcomes.values(), map(str, count(1)))
        stations = tuple(self._station(flow, stage, letters | numbers) for stage in flow.stages.values())
        return Road(self._filled(flow.title), flow.icon, stations)

    def _flows(self) -> list[Flow]:
        """All flows, those that the home screen opens first, as they stand there."""
        opened = [card.opens.target for card in self.pack.home.cards if card.opens.kind is OpensKind.FLOW]
        return [self.pack.flows[id] for id in dict.fromkeys([*opened, *self.pack.flows])]

    def _station(self, flow: Flow, stage: Stage, signs: dict[str, str]) -> Station:
        asked = (
            Asked(
                signs[question.id],
                self._filled(question.ask),
                tuple(Said(self._filled(answer.say), signs[answer.go]) for answer in question.answers),
            )
            for question in flow.questions.values()
            if question.stage == stage.id
        )
        endings = (
            Ending(signs[outcome.id], self._filled(outcome.title), self._names(outcome.helpers))
            for outcome in flow.outcomes.values()
            if outcome.stage == stage.id
        )
        return Station(self._filled(stage.title), stage.icon, self._filled(stage.say), tuple(asked), tuple(endings))

    def _names(self, helpers: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._filled(self.pack.helpers[id].title) for id in helpers)

    def _contact(self, helper: Helper) -> Contact:
        phone = say_phone(helper, self.pack, self.today, self.words)
        find = tuple(self._filled(line) for line in (helper.where, helper.when, phone) if line)
        return Contact(self._filled(helper.title), helper.icon, self._filled(helper.does), find)

    def _sections(self, checklist: Checklist) -> Iterator[Section]:
        for part in checklist.parts:
            items = (Item(self._filled(item.say), self._lines(item.more)) for item in part.items)
            yield Section(self._filled(part.title), tuple(items), Mark.BOX)

    def _staff_sections(self, checklist: Checklist) -> Iterator[Section]:
        for part in checklist.parts:
            yield Section(self._filled(part.title), tuple(self._staff_item(item) for item in part.items), Mark.NUMBER)

    def _staff_item(self, item: ChecklistItem) -> Item:
        return Item(self._filled(item.say), self._lines(item.more), self._lines(item.staff))

    def _lines(self, *lines: str) -> tuple[str, ...]:
        return tuple(self._filled(line) for line in lines if line)

    def _filled(self, text: str) -> str:
        return fill(text, self.pack.facts, self.today)


def sheets_in(pack: Pack, words: Translation, today: date) -> Sheets:
    """Return the sheets of a pack in the language of `words`."""
    return Sheets(translate(pack, words), words, today)


def _signed(flow: Flow, nodes: Iterable[Question | Outcome], signs: Iterator[str]) -> dict[str, str]:
    """Give each node its sign in the order of the stations: whoever goes along the road meets them in order."""
    stations = list(flow.stages)
    along = sorted(nodes, key=lambda node: stations.index(node.stage))
    return {node.id: sign for node, sign in zip(along, signs, strict=False)}


def _letters() -> Iterator[str]:
    """A to Z, then AA to ZZ: no flow has more questions."""
    yield from ascii_uppercase
    yield from (first + second for first in ascii_uppercase for second in ascii_uppercase)
