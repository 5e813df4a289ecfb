"""A web address to take away: a phone reads it from the screen, or a hand writes it down."""

from __future__ import annotations

from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from kiosk.pack.facts import is_stale
from kiosk.ui import pictures
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import words  # noqa: F401  the kv beside this file names it


class WebScreen(Screen):
    """`address` is a fact of the pack; a stale one is not shown, its `ask` words stand there instead."""

    address = StringProperty("")
    instead = StringProperty("")
    code = ObjectProperty(None, allownone=True)
    side = NumericProperty(0)

    def enter(self, visit: Visit) -> None:
        fact = self.pack.facts[visit.place.target]
        stale = is_stale(fact, self.app.services.today())
        # A long address may be broken after a stroke.
        self.address = "" if stale else fact.value.replace("/", "/\u200b")
        self.instead = fact.ask if stale else ""
        self.side = self.app.theme.unit * (620 if self.app.theme.portrait else 520)
        self.code = None if stale else pictures.qr_code(f"https://{fact.value}", int(self.side))


load_beside(__file__)
