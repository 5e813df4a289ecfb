"""Large cards: an icon, a line, a hint. The whole card is the target."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, OptionProperty, StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import disc, panel  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.touchable import Touchable


class Card(Touchable):
    """`tone` is plain, path, leaf or quiet; `strong` is larger, `compact` smaller, a `snug` one has less `air` above and
    below its words. `number` stands in the icon's place where it is not empty.

    `natural_height` is what the words need, or `least` pixels where that is more; a page may stretch the card up to `grows` pixels.
    It is read aloud in the language `spoken_in` where that is not the visit's.
    """

    title = StringProperty("")
    hint = StringProperty("")
    icon = StringProperty("")
    number = StringProperty("")
    tail = StringProperty("chevron-right")
    spoken_in = StringProperty("")
    tone = OptionProperty("plain", options=("plain", "path", "leaf", "quiet"))
    strong = BooleanProperty(False)
    compact = BooleanProperty(False)
    snug = BooleanProperty(False)
    air = NumericProperty(0)
    natural_height = NumericProperty(0)
    least = NumericProperty(0)
    grows = NumericProperty(0)
    foreground_quiet = ColorProperty("#000000")


load_beside(__file__)
