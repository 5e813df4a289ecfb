"""Pages whose choices stand low on a high screen."""

from __future__ import annotations

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty

from kiosk.ui.widgets.pages import Pages
from kiosk.ui.widgets.touchable import Touchable


class LowPages(Pages):
    """On a high screen all choices stand in its lower two thirds, where a seated person reaches, if they have room there.

    Of the first, its foot does: it is as large as a finger. Whoever holds the pages follows their `size_hint_max_y`.
    """

    def _lay_out(self, *_) -> None:
        super()._lay_out()
        self.size_hint_max_y = self._highest()

    def _highest(self) -> float | None:
        window, theme = self.get_root_window(), App.get_running_app().theme
        if not (window and self.blocks and theme.portrait):
            return None
        natural = [getattr(block, "natural_height", block.height) for block in self.blocks]
        in_reach = theme.reach - self.to_window(*self.pos)[1] + natural[0] - max(theme.finger, theme.unit * 60)
        # Two pixels that rounding may cost.
        return max(in_reach, sum(natural) + self._gap * (len(natural) - 1) + 2)


class AdvicePages(Pages):
    """Pages that begin with words: what is touched on them stands in the lower two thirds of a high screen.

    What all but stands there on one page stays on one. `vista` pixels above them are kept for a picture if there is room for all.
    """

    low = BooleanProperty(False)
    vista = NumericProperty(0)
    most = NumericProperty(0)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        for name in ("low", "vista", "most"):
            self.fbind(name, self._laid_out)

    def _lay_out(self, *_) -> None:
        super()._lay_out()
        self.size_hint_max_y = self._highest()

    def _highest(self) -> float | None:
        window = self.get_root_window()
        if not (window and self.blocks and self.low):
            return None
        theme = App.get_running_app().theme
        natural = [getattr(block, "natural_height", block.height) for block in self.blocks]
        total = sum(natural) + self._gap * (len(natural) - 1) + 2
        total += self.pager.height + self._gap if self.foot else 0
        third = theme.reach - self.to_window(*self.pos)[1]
        touched = [at for at, block in enumerate(self.blocks) if is_touched(block)]
        calm = max(total, self.most - self.vista)
        if not touched:
            return calm
        finger = max(theme.finger, theme.unit * 60)
        above = sum(natural[: touched[0]]) + self._gap * touched[0]
        on_one = third + above + natural[touched[0]] - finger
        # Rather one card further up than a page to turn.
        if total <= min(on_one + natural[touched[0]], self.most):
            return min(max(on_one, total), calm)
        return third + min(natural[at] for at in touched) - finger


def is_touched(block) -> bool:
    """Say whether something in a block can be pressed."""
    return any(isinstance(widget, Touchable) and widget.enabled for widget in block.walk(restrict=True))
