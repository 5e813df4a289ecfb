"""Somebody who can help, in little room: their sign and name, what they do, when they are here."""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import disc, panel  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.touchable import Touchable


class HelperCard(Touchable):
    """The name stands beside the sign, the rest below both: three of them fit side by side.

    Its words begin where those of a neighbour do that is `tallest` pixels high.
    """

    title = StringProperty("")
    does = StringProperty("")
    when = StringProperty("")
    icon = StringProperty("")
    air = NumericProperty(0)
    natural_height = NumericProperty(0)
    tallest = NumericProperty(0)
    grows = NumericProperty(0)


load_beside(__file__)
