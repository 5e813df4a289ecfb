"""Screens that advise: a page, the people who can help; and what an outcome and a station of the road share with them."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.properties import BooleanProperty, ListProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.flow.model import OpensKind, Step
from kiosk.takeaway.phone import say_phone
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.screens.notice_words import say_next_visit
from kiosk.ui.screens.take_words import Notes
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import low_pages, pages, road, vista  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.helper_card import HelperCard
from kiosk.ui.widgets.pair import in_columns
from kiosk.ui.widgets.panel import Row
from kiosk.ui.widgets.shelf import Shelf
from kiosk.ui.widgets.tag import Tag
from kiosk.ui.widgets.touchable import BarButton
from kiosk.ui.widgets.words import Words

HEAD = 3  # blocks of words that stay above the pages of a crowned screen, at most
LINK = 64  # design pixels: the height of a small button beside a tag
TAILS = {OpensKind.WEB: "qr-code", OpensKind.CALLBACK: "phone"}


class Heading(Words):
    """A line that is not left alone at the foot of a page."""

    stays = True


class Line(Row):
    """A tag at the beginning of its own line."""

    stays = True


class Link(BarButton):
    """A small button at the end of a tag's line."""


class AdviceScreen(Screen):
    """Title, words, numbered steps, helpers; with the road where there is one.

    Else it is `crowned` on a high screen, unless letters are large: the land with the page's `sign` stands above the first
    words, which stay while pages are turned, and what is touched begins where a seated person reaches.
    """

    stages = ListProperty([])
    has_road = BooleanProperty(False)
    crowned = BooleanProperty(False)
    sign = StringProperty("")
    wordy = False

    def __init__(self, **kwargs) -> None:
        self._shown = None
        self._shelf = Shelf()
        super().__init__(**kwargs)

    def present(self, key, blocks) -> None:
        """Put the blocks on the page, unless they already stand there."""
        if key != self._shown:
            self._shown = key
            # Empty in between: the same widgets in the same order would be no change.
            self._clear()
            self._shelf.put_back()
            theme = self.app.theme
            self.crowned = bool(self.sign) and not self.has_road and theme.portrait and theme.text_scale == 1
            self._stand(blocks())

    def _stand(self, blocks: list) -> None:
        """Put the first words into the head of a crowned screen, all else on the pages below it."""
        led = 0
        if self.crowned:
            while led < min(len(blocks), HEAD) and type(blocks[led]) is (Words if led else Heading):
                # On a page it has a width of its own.
                blocks[led].size_hint_x = 1
                self.ids.head.add_widget(blocks[led])
                led += 1
        self.ids.pages.blocks = blocks[led:]

    def _clear(self) -> None:
        self.ids.head.clear_widgets()
        self.ids.pages.blocks = []
        self.ids.pages.foot = None

    def reading(self, visit: Visit) -> tuple:
        """What makes the same words look different, so that they are laid out anew."""
        return visit.language, visit.text_size, visit.contrast, self.app.theme.portrait, self.app.services.today()

    def forget(self) -> None:
        self._shown = None
        self._clear()
        self._shelf.forget()

    def look_at(self, index: int) -> None:
        """A station of the road was pressed."""

    def title(self, words: str) -> Words:
        return self._words(Heading, words, 56, bold=True)

    def heading(self, words: str) -> Words:
        return self._words(Heading, words, 40 if self.app.theme.portrait else 34, bold=True)

    def paragraph(self, words: str) -> Words:
        return self._words(Words, words, 33)

    def money_note(self) -> Words:
        return self._words(
            Words, self.app.words("We do not give benefit advice. The people below can."), 28, quiet=True
        )

    def tag(self, icon: str, words: str, tone: str = "care") -> Line:
        tag = self._shelf.take(Tag, icon=icon, text=words, tone=tone)
        theme = self.app.theme
        # As high as the links on it.
        height = max(tag.height, theme.text * LINK, theme.finger)
        line = self._shelf.take(Line, size_hint_y=None, height=height, spacing=max(theme.unit * 14, theme.apart))
        line.clear_widgets()
        line.add_widget(tag)
        line.add_widget(Widget())
        return line

    def begin(self, line: Line, title: Words) -> list:
        """On a high screen the line's links stand below the title: a seated person reaches them there."""
        return [title, line] if self.app.theme.portrait else [line, title]

    def link(self, icon: str, words: str, follow) -> Link:
        """A small button at the end of a tag's line."""
        theme = self.app.theme
        button = self._shelf.take(Link, follow, icon=icon, text=words)
        button.ground, button.drop, button.padding = theme.mist, 0, (theme.unit * 20, 0)
        button.height = max(theme.text * LINK, theme.finger)
        button.letters, button.growth = 28, 2
        return button

    def take_link(self) -> Link:
        """The way to carry what this screen says out of the door, at the end of a tag's line."""
        return self.link("qr-code", self.app.words("Take it with you"), lambda: self.navigation.go(Place("take")))

    def take_along(self) -> None:
        """The same below each page of a list."""
        link = self.take_link()
        link.letters, link.growth, link.height = 32, 1.3, self.ids.pages.pager.height
        self.ids.pages.foot = link

    def steps(self, steps: tuple[Step, ...]) -> list:
        offered = [step for step in steps if self.is_offered(step.opens)]
        return [self._step(number, step) for number, step in enumerate(offered, 1)]

    @property
    def columns(self) -> int:
        """Side by side where the screen is wide and the words are not large."""
        return 1 if self.app.theme.portrait or self.app.theme.text_scale > 1 else 2

    def helpers(self, ids: tuple[str, ...], room: bool = False) -> list:
        """Cards side by side. With `room` they say what the helper does, too."""
        helpers = [self.pack.helpers[helper_id] for helper_id in ids]
        if self.app.theme.text_scale > 1 or len(helpers) == 1:
            return [self._helper(helper) for helper in helpers]
        cards = [self._small_helper(helper, room) for helper in helpers]
        return in_columns(cards, min(len(cards), 3))

    def advice(self, say: tuple[str, ...], steps, helpers, money: bool, onward: Sequence[Card] = ()) -> list:
        """Return the blocks below the title, in the order of every advising screen; `onward` follows the steps."""
        blocks = [self.paragraph(words) for words in say]
        if money:
            blocks.append(self.money_note())
        if steps:
            blocks += [self.heading(self.app.words("What you can do next")), *self._ways(self.steps(steps), onward)]
        else:
            blocks += onward
        if helpers:
            room = self.app.theme.portrait and len(steps) + len(onward) < 4
            blocks += [self.heading(self.app.words("Who can help")), *self.helpers(helpers, room)]
        return blocks

    def _ways(self, steps: list[Card], onward: Sequence[Card]) -> list:
        """What leads on takes the place that the last row of steps leaves, else a row to itself."""
        if len(steps) % self.columns:
            return in_columns([*steps, *onward], self.columns)
        return [*in_columns(steps, self.columns), *onward]

    @property
    def notes(self) -> Notes:
        """Makes slips of what is on the screen."""
        app = self.app
        return Notes(self.pack, app.words, app.filled, app.services.now())

    def take_away(self) -> Card:
        """The same as a card, where there is no such line or the letters are large."""
        words, can_print = self.app.words, self.app.services.can_print
        return self._shelf.take(
            Card,
            follow=lambda: self.navigation.go(Place("take")),
            title=words("Take it with you"),
            hint=words("On your phone, or on paper") if can_print else words("On your phone"),
            icon="qr-code",
            tone="quiet",
        )

    def _words(self, kind, words: str, size: int, bold: bool = False, quiet: bool = False) -> Words:
        theme = self.app.theme
        colour = theme.quiet_ink if quiet else theme.ink
        scale = theme.head if kind is Heading else theme.text
        return self._shelf.take(kind, text=self.app.filled(words), bold=bold, size_px=scale * size, color=colour)

    def _step(self, number: int, step: Step) -> Card:
        tail = TAILS.get(step.opens.kind, "chevron-right") if step.opens else ""
        return self._shelf.take(
            Card,
            follow=lambda: self.navigation.open(step.opens) if step.opens else None,
            title=self.app.filled(step.say),
            hint=self.app.filled(step.hint),
            number=str(number),
            tail=tail,
            enabled=step.opens is not None,
            compact=self.columns > 1,
            grows=self.app.theme.unit * 176,
        )

    def _small_helper(self, helper, room: bool) -> HelperCard:
        filled = self.app.filled
        when = self._next_visit(helper) or helper.when or helper.where
        return self._shelf.take(
            HelperCard,
            follow=lambda: self.navigation.go(Place("helpers")),
            title=filled(helper.title),
            icon=helper.icon,
            when=filled(when),
            does=filled(helper.does) if room or not when else "",
            grows=self.app.theme.unit * 240,
        )

    def _next_visit(self, helper) -> str:
        return say_next_visit(helper, self.pack, self.app.services.now(), self.app.words)

    def _helper(self, helper) -> Card:
        when = self._next_visit(helper) or helper.when or ("" if self.wordy else helper.where)
        lines = [helper.does, helper.where if self.wordy else "", when]
        if self.wordy:
            lines.append(say_phone(helper, self.pack, self.app.services.today(), self.app.words))
        return self._shelf.take(
            Card,
            follow=lambda: self.navigation.go(Place("helpers")),
            title=self.app.filled(helper.title),
            hint="\n".join(self.app.filled(line) for line in lines if line),
            icon=helper.icon,
            tail="",
            tone="quiet",
            enabled=not self.wordy,
            grows=self.app.theme.unit * 190,
        )


class PageScreen(AdviceScreen):
    """A short text that a step opened."""

    sign = StringProperty("info")

    def enter(self, visit: Visit) -> None:
        page = self.pack.pages[visit.place.target]
        self.has_road, self.guarded = False, page.money or page.private
        self.present((page.id, self.reading(visit)), lambda: self._page_blocks(page, visit.place))

    def _page_blocks(self, page, place: Place) -> list:
        advice = self.advice(page.say, page.next, page.helpers, page.money)
        return [self.title(page.title), *advice, *([self.take_away()] if self.notes.of(place) else [])]


class HelpersScreen(AdviceScreen):
    """Everybody who can help: what they do, where and when."""

    wordy = True
    sign = StringProperty("users-round")

    def enter(self, visit: Visit) -> None:
        self.has_road = False
        self.present(("helpers", self.reading(visit)), self._helper_blocks)

    def _helper_blocks(self) -> list:
        self.take_along()
        title = self.title(self.app.words("People who can help"))
        return [title, *self.helpers(tuple(self.pack.helpers))]

    def helpers(self, ids: tuple[str, ...], room: bool = True) -> list:
        return in_columns([self._helper(self.pack.helpers[helper_id]) for helper_id in ids], self.columns)


load_beside(__file__)
