"""What's on here, jobs near here, good news: a board of notices, and one of them looked at."""

from __future__ import annotations

from kiosk.pack.model import Board, NoticeKind
from kiosk.pack.notice_board import Hung, find_hung, get_hung
from kiosk.ui.screens.advice import AdviceScreen
from kiosk.ui.screens.notice_words import ICONS, first_words, say_board, say_creche, say_nothing_on, say_span, say_when
from kiosk.ui.screens.web import CodeScreen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.pair import in_columns
from kiosk.ui.widgets.photo import Photo
from kiosk.ui.widgets.words import Words

BOARD_ICONS = {
    Board.WHATS_ON: "calendar-days",
    Board.VACANCIES: "briefcase-business",
    Board.GOOD_NEWS: "party-popper",
}
TOPICS = {NoticeKind.COURSE: "courses", NoticeKind.VACANCY: "job-search"}
"""What a call asked for from a notice is about, where the pack has this topic."""


class NoticesScreen(AdviceScreen):
    """`place.target` is a board: whats-on, vacancies, good-news. Shows what is true at this moment."""

    def enter(self, visit: Visit) -> None:
        board, now = Board(visit.place.target), self.app.services.now()
        hung = find_hung(self.pack, board, now)
        self.has_road, self.sign = False, BOARD_ICONS[board]
        said = tuple((each.notice.id, say_when(each, now, self.app.words)) for each in hung)
        self.present((board, said, self.reading(visit)), lambda: self._blocks(board, hung))

    def _blocks(self, board: Board, hung: list[Hung]) -> list:
        title = self.title(say_board(board, self.app.words))
        if not hung:
            return [title, self.paragraph(say_nothing_on(board, self.app.words))]
        return [title, *in_columns([self._card(each) for each in hung], self.columns)]

    def _card(self, hung: Hung) -> Card:
        notice, words = hung.notice, self.app.words
        when = say_when(hung, self.app.services.now(), words)
        if notice.example:
            when += " " + words("(example)")
        card = Card(
            title=self.app.filled(notice.title),
            hint="\n".join(line for line in (when, self.app.filled(notice.where) or self._begins(notice)) if line),
            icon=ICONS[notice.kind],
            grows=self.app.theme.unit * 230,
        )
        card.bind(on_touched=lambda *_: self.navigation.go(Place("notice", notice.id)))
        return card

    def _begins(self, notice) -> str:
        """How a story begins: its first sentence. On a wide screen in the largest letters its title has to do."""
        theme = self.app.theme
        return first_words(self.app.filled(notice.say)) if theme.portrait or theme.text_scale < 2 else ""


class NoticeScreen(AdviceScreen):
    """`place.target` is a notice. One that has come to its end while it was looked at says so."""

    def enter(self, visit: Visit) -> None:
        now = self.app.services.now()
        hung = get_hung(self.pack, visit.place.target, now)
        topic = TOPICS.get(hung.notice.kind, "") if hung else ""
        self.has_road, self.topic = False, topic if topic in self.pack.callback.topics else ""
        # A notice's own picture stands for it better.
        self.sign = "calendar-days" if not hung else "" if hung.notice.picture else ICONS[hung.notice.kind]
        when = say_when(hung, now, self.app.words) if hung else ""
        self.present((visit.place.target, when, self.reading(visit)), lambda: self._blocks(hung, visit.place))

    def _blocks(self, hung: Hung | None, place: Place) -> list:
        words = self.app.words
        if hung is None:
            over = self.paragraph(words("Please ask at reception what comes next."))
            return [self.title(words("This is over now")), over]
        notice = hung.notice
        example = [self.paragraph(words("This is an example. The centre puts its own here."))] if notice.example else []
        helper = [self.heading(words("Who can help")), *self.helpers((notice.helper,))] if notice.helper else []
        is_story = notice.kind is NoticeKind.STORY
        told = [self._words(Words, say_when(hung, self.app.services.now(), words), 30, quiet=True)] if is_story else []
        return [
            self.title(notice.title),
            *told,
            *([self.paragraph(notice.say)] if notice.say else []),
            *self._picture(notice.picture),
            *in_columns([] if is_story else self._facts(hung), self.columns),
            *example,
            *helper,
            *([self._address(notice)] if notice.address else []),
            *([self.take_away()] if self.notes.of(place) else []),
        ]

    def _facts(self, hung: Hung) -> list[Card]:
        words, notice = self.app.words, hung.notice
        when = say_when(hung, self.app.services.now(), words)
        rows = (
            ("calendar-days", words("When"), when),
            ("calendar-check", words("How long"), say_span(hung, self.app.services.now(), words)),
            ("map-pin", words("Where"), self.app.filled(notice.where)),
            ("baby", words("Your child"), say_creche(notice.creche, words)),
        )
        return [
            Card(title=value, hint=label, icon=icon, tail="", enabled=False, grows=self.app.theme.unit * 140)
            for icon, label, value in rows
            if value
        ]

    def _picture(self, name: str) -> list:
        file = self.app.services.find_file(name) if name else None
        return [Photo(file, self.app.theme.unit * (620 if self.app.theme.portrait else 420))] if file else []

    def _address(self, notice) -> Card:
        card = Card(
            title=self.app.words("Take this address with you"),
            hint=notice.address,
            icon="qr-code",
            tone="path",
            grows=self.app.theme.unit * 150,
        )
        card.bind(on_touched=lambda *_: self.navigation.go(Place("notice-web", notice.id)))
        return card


class NoticeWebScreen(CodeScreen):
    """`place.target` is a notice: its web address, for the phone's camera."""

    def enter(self, visit: Visit) -> None:
        words = self.app.words
        hung = get_hung(self.pack, visit.place.target, self.app.services.now())
        address = hung.notice.address if hung else ""
        self.title = words("Take this address with you") if address else words("This is over now")
        self.hint = words("Point your phone’s camera at the square. Or write the address down.") if address else ""
        self.address = address.replace("/", "/\u200b")
        self.note = words("Please do not sign in to anything on this screen.") if address else ""
        self.content = f"https://{address}" if address else ""

    def forget(self) -> None:
        self.content = self.address = ""
