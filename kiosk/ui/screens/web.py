"""What a phone reads from the screen: a web address, or the words of the page before."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.pack.facts import is_stale
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import panel, qr_code, touchable  # noqa: F401  the kv beside this file names them


class CodeScreen(Screen):
    """A square for the phone's camera, and what it is; `content` is what the phone gets."""

    title = StringProperty("")
    hint = StringProperty("")
    address = StringProperty("")
    note = StringProperty("")
    content = StringProperty("")


class WebScreen(CodeScreen):
    """`place.target` is a fact of the pack: an address. A stale one is not shown, its `ask` words stand there instead."""

    def enter(self, visit: Visit) -> None:
        words, fact = self.app.words, self.pack.facts[visit.place.target]
        stale = is_stale(fact, self.app.services.today())
        self.title = words("Take this address with you")
        self.hint = fact.ask if stale else words("Point your phone’s camera at the square. Or write the address down.")
        # A long address may be broken after a stroke.
        self.address = "" if stale else fact.value.replace("/", "/\u200b")
        self.note = words("Please do not sign in to anything on this screen.")
        self.content = "" if stale else f"https://{fact.value}"


load_beside(__file__)
