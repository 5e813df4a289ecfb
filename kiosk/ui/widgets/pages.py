"""A column that never scrolls: what does not fit stands on the next page, one press of a large button away.

A ScrollView delays each touch by a quarter of a second and takes a trembling finger for a drag (KIVY.md "Touch").
"""

from __future__ import annotations

from collections.abc import Sequence

from kivy.app import App
from kivy.clock import Clock
from kivy.properties import ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.panel import Row


def split(
    heights: Sequence[float], stays: Sequence[bool], room: float, room_paged: float, spacing: float
) -> list[range]:
    """Return which blocks stand on which page.

    All on one page if they fit `room`; else pages of `room_paged`, which leaves place for the pager. A block that `stays`
    with the next (a heading) is not left alone at the foot of a page.
    """
    if sum(heights) + spacing * max(0, len(heights) - 1) <= room:
        return [range(len(heights))]
    pages, first, used = [], 0, 0.0
    for index, height in enumerate(heights):
        needed = height if index == first else used + spacing + height
        if index > first and needed > room_paged:
            cut = index
            while cut - 1 > first and stays[cut - 1]:
                cut -= 1
            pages.append(range(first, cut))
            first = cut
            needed = sum(heights[first : index + 1]) + spacing * (index - first)
        used = needed
    return [*pages, range(first, len(heights))]


def stretch(natural: Sequence[float], limits: Sequence[float], spare: float) -> list[float]:
    """Share `spare` pixels among the blocks that may grow, each up to its limit."""
    heights = list(natural)
    while spare > 1:
        open_ = [i for i, limit in enumerate(limits) if heights[i] + 0.5 < limit]
        if not open_:
            break
        share = spare / len(open_)
        for i in open_:
            more = min(share, limits[i] - heights[i])
            heights[i] += more
            spare -= more
    return heights


class Pager(Row):
    """Back and More, and which page this is; before them what can be done on every page, if there is such a thing."""

    __events__ = ("on_turned",)
    number = NumericProperty(1)
    count = NumericProperty(1)
    label = StringProperty("")

    def hold(self, widget: Widget | None) -> None:
        """Have `widget` stand where a line begins, in the place of the one before."""
        for held in self.children[3:]:
            self.remove_widget(held)
        if widget:
            self.add_widget(widget, index=len(self.children))

    def on_turned(self, by: int) -> None: ...


class Pages(Widget):
    """Shows `blocks` from the top, page by page. A block may offer `natural_height`, `grows` (its tallest), `stays`.

    `foot` is a button that stands below each page.
    """

    area_of_its_own = leads = True
    blocks = ListProperty([])
    foot = ObjectProperty(None, allownone=True)
    spacing = NumericProperty(0)
    page = NumericProperty(0)
    page_count = NumericProperty(1)

    def __init__(self, **kwargs) -> None:
        self._laid_out = Clock.create_trigger(self._lay_out, -1)
        self._watched: list = []
        self.pager = Pager()
        super().__init__(**kwargs)
        self.pager.bind(on_turned=self._turn)
        for name in ("pos", "size", "spacing", "page"):
            self.fbind(name, self._laid_out)

    def on_blocks(self, _pages, blocks) -> None:
        for block in self._watched:
            block.funbind(_height_name(block), self._laid_out)
        for block in blocks:
            block.size_hint = (None, None)
            block.fbind(_height_name(block), self._laid_out)
        self._watched = list(blocks)
        self.page = 0
        self._laid_out()

    def on_foot(self, _pages, foot) -> None:
        self.pager.hold(foot)
        self._laid_out()

    @property
    def _gap(self) -> float:
        """Between two that are touched there is never less than R12 asks for."""
        return max(self.spacing, App.get_running_app().theme.apart)

    def _turn(self, _pager, by: int) -> None:
        self.page = min(max(0, self.page + by), self.page_count - 1)

    def _lay_out(self, *_) -> None:
        for block in self.blocks:
            block.width = self.width
        natural = [getattr(block, _height_name(block)) for block in self.blocks]
        stays = [getattr(block, "stays", False) for block in self.blocks]
        room_paged = self.height - self.pager.height - self._gap
        pages = split(natural, stays, room_paged if self.foot else self.height, room_paged, self._gap)
        self.page_count = len(pages)
        self.page = min(self.page, len(pages) - 1)
        shown = [self.blocks[i] for i in pages[self.page]]
        self._show(shown)
        self._place(shown, [natural[i] for i in pages[self.page]])

    def _show(self, shown) -> None:
        wanted = [*shown, self.pager] if self._has_pager else list(shown)
        if self.children[::-1] != wanted:
            self.clear_widgets()
            for widget in wanted:
                self.add_widget(widget)
        self.pager.number, self.pager.count = self.page + 1, self.page_count

    @property
    def _has_pager(self) -> bool:
        return self.page_count > 1 or self.foot is not None

    def _place(self, shown, natural) -> None:
        room = self.height - (self.pager.height + self._gap if self._has_pager else 0)
        spare = room - sum(natural) - self._gap * max(0, len(shown) - 1)
        limits = [getattr(block, "grows", 0) or height for block, height in zip(shown, natural, strict=True)]
        # A later page is not blown up to fill the screen with two cards.
        heights = stretch(natural, limits, spare) if self.page_count == 1 else natural
        top = self.top
        for block, height in zip(shown, heights, strict=True):
            block.height = height
            block.pos = (self.x, top - height)
            top -= height + self._gap
        self.pager.width = self.width
        self.pager.pos = self.pos


def _height_name(block) -> str:
    return "natural_height" if hasattr(block, "natural_height") else "height"


load_beside(__file__)
