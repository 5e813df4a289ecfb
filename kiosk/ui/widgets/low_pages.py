"""Pages whose choices stand low on a high screen."""

from __future__ import annotations

from kivy.app import App

from kiosk.ui.widgets.pages import Pages


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
        in_reach = (
            window.height * 2 / 3 - self.to_window(*self.pos)[1] + natural[0] - max(theme.finger, theme.unit * 60)
        )
        # Two pixels that rounding may cost.
        return max(in_reach, sum(natural) + self._gap * (len(natural) - 1) + 2)
