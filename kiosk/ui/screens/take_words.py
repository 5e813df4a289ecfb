"""What of a screen is taken away: its words as a slip, in the parent's language. Nothing that was typed or chosen.

`words` translates the programme's own words, `filled` does a pack's text for today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.childcare.model import Provider
from kiosk.flow.model import OpensKind, Outcome, Stage, Step
from kiosk.flow.walk import where
from kiosk.london import LONDON
from kiosk.pack.facts import is_stale, long_date
from kiosk.pack.model import Checklist, Helper, Pack, Page
from kiosk.pack.notice_board import Hung, get_hung
from kiosk.pack.translate import Translation
from kiosk.reading_order import is_mirrored
from kiosk.takeaway.model import Item, Mark, Section, Slip
from kiosk.takeaway.phone import say_phone
from kiosk.ui.screens.childcare_words import say_ages, say_kind, say_rows, say_source
from kiosk.ui.screens.notice_words import say_creche, say_next_visit, say_span, say_when
from kiosk.ui.visit import Place


@dataclass(frozen=True)
class Notes:
    """Makes slips of a pack's screens, as read at the moment `now`."""

    pack: Pack
    words: Translation
    filled: Callable[[str], str]
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def of(self, place: Place) -> Slip | None:
        """Return the slip of an outcome, a station, a page, a checklist or the helpers.

        None for any other place, and for what is best kept private.
        """
        match place.screen:
            case "flow":
                node = where(self.pack.flows[place.target], place.answers, place.start or None)
                return self._of_outcome(node) if isinstance(node, Outcome) else None
            case "stage":
                return self._of_stage(*place.target.split("/"))
            case "helpers":
                return self._of_helpers()
            case "page":
                return self._of_page(self.pack.pages[place.target])
            case "checklist":
                return self._of_checklist(self.pack.checklists[place.target])
            case "notice":
                hung = get_hung(self.pack, place.target, self.now)
                return self._of_notice(hung) if hung else None
        return None

    def of_provider(self, provider: Provider) -> Slip:
        """Return the slip of a childcare place: all that its listing gives, but not how far it is from what was typed."""
        words = self.words
        about = " · ".join(part for part in (say_kind(provider.kind, words), say_ages(provider, words)) if part)
        rows = tuple(Item(value, find=(label,)) for _icon, label, value in say_rows(provider, words))
        return self._slip(provider.name, (about,), (Section("", rows),), foot=say_source(provider, words))

    def _of_notice(self, hung: Hung) -> Slip:
        """Return the slip of a session, a course, a job or a story: what it is, when and where."""
        notice, words = hung.notice, self.words
        lines = (say_when(hung, self.now, words), say_span(hung, self.now, words), notice.where)
        found = self._lines(*lines, say_creche(notice.creche, words), notice.address)
        say = (self.filled(notice.say),) if notice.say else ()
        title = self.filled(notice.title)
        return self._slip(title, say, (Section("", (Item(found[0], find=found[1:]),)),))

    def _when(self, helper: Helper) -> str:
        return say_next_visit(helper, self.pack, self.now, self.words) or helper.when

    def _of_outcome(self, outcome: Outcome) -> Slip | None:
        return self._advice(outcome.title, (outcome.say,), outcome)

    def _of_stage(self, flow_id: str, stage_id: str) -> Slip | None:
        stage = self.pack.flows[flow_id].stages[stage_id]
        return self._advice(stage.title, (stage.say,), stage)

    def _of_helpers(self) -> Slip:
        """Everybody, with all there is on paper; a phone has room for one line of each, the number to ring where there is one."""
        items = []
        for helper in self.pack.helpers.values():
            phone = say_phone(helper, self.pack, self.today, self.words)
            when = self._when(helper)
            lines = [helper.does, helper.where, when]
            call = phone or when or helper.where
            more = self._lines(*(line for line in lines if line != call))
            items.append(Item(self.filled(helper.title), more, self._lines(call)))
        return self._slip(self.words("People who can help"), (), (Section("", tuple(items)),))

    def _of_page(self, page: Page) -> Slip | None:
        return self._advice(page.title, page.say, page)

    def _advice(self, title: str, say: tuple[str, ...], advice: Outcome | Stage | Page) -> Slip | None:
        sections = tuple(self._sections(advice.next, advice.helpers))
        if advice.private or not sections:
            return None
        said = tuple(self.filled(each) for each in say)
        return self._slip(self.filled(title), said, sections, on_paper=not advice.money)

    def _of_checklist(self, checklist: Checklist) -> Slip:
        parts = [
            Section(self.filled(part.title), tuple(self._item(item.say, item.more) for item in part.items), Mark.BOX)
            for part in checklist.parts
        ]
        return self._slip(self.filled(checklist.title), (), (*parts, *self._sections(checklist.next, ())))

    def _sections(self, steps: Sequence[Step], helpers: Sequence[str]) -> Iterator[Section]:
        # A call is asked for at the screen, and no paper says that one was.
        kept = [step for step in steps if not (step.opens and step.opens.kind is OpensKind.CALLBACK)]
        if kept:
            items = tuple(self._item(step.say, step.hint, find=(self._address(step),)) for step in kept)
            yield Section(self.words("What you can do next"), items, Mark.NUMBER)
        if helpers:
            who = tuple(self._helper(self.pack.helpers[id]) for id in helpers)
            yield Section(self.words("Who can help"), who)

    def _helper(self, helper: Helper) -> Item:
        phone = say_phone(helper, self.pack, self.today, self.words)
        return self._item(helper.title, find=(helper.where, self._when(helper), phone))

    def _address(self, step: Step) -> str:
        fact = self.pack.facts[step.opens.target] if step.opens and step.opens.kind is OpensKind.WEB else None
        return fact.value if fact and not is_stale(fact, self.today) else ""

    def _item(self, say: str, more: str = "", find: Sequence[str] = ()) -> Item:
        return Item(self.filled(say), self._lines(more), self._lines(*find))

    def _lines(self, *lines: str) -> tuple[str, ...]:
        return tuple(self.filled(line) for line in lines if line)

    def _slip(
        self, title: str, say: tuple[str, ...], sections: tuple[Section, ...], foot: str = "", on_paper: bool = True
    ) -> Slip:
        return Slip(
            heading=self.words("My notes"),
            day=long_date(self.today, self.words.language),
            title=title,
            say=say,
            sections=sections,
            foot=foot or self.pack.centre.name,
            language=self.words.language,
            mirrored=is_mirrored(self.words.language),
            on_paper=on_paper,
        )
