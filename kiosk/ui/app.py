"""The kiosk's program: builds the frame, joins navigation to the screen, and ends cleanly."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import ObjectProperty, StringProperty

from kiosk.pack.facts import fill
from kiosk.pack.translate import ENGLISH, translate
from kiosk.reading_order import is_mirrored
from kiosk.ui import text
from kiosk.ui.background import Background
from kiosk.ui.frame import Frame
from kiosk.ui.idle import IdleWatch
from kiosk.ui.keys import Keys
from kiosk.ui.loop import Waiter
from kiosk.ui.navigation import Navigation
from kiosk.ui.quick_paint import QuickPaint
from kiosk.ui.read_aloud import ReadAloud
from kiosk.ui.theme import Theme, collecting_nothing
from kiosk.ui.tidying import Tidying
from kiosk.ui.widgets.touchable import Attention
from kiosk.ui.window import Guard

if TYPE_CHECKING:
    from kiosk.bootstrap import Services


class KioskApp(App):
    """One parent after another. `words` translates the programme's own words; `filled` does a pack's text for today.

    `pack` is in the language of the visit. `note` says what is to be known of its translation.
    """

    __events__ = ("on_painted",)
    theme = ObjectProperty()
    words = ObjectProperty(ENGLISH)
    note = StringProperty("")
    use_kivy_settings = False

    def __init__(self, services: Services, closable: bool = False, **kwargs) -> None:
        super().__init__(**kwargs)
        self.closable = closable
        settings = services.settings
        self.services = services
        self.pack = services.pack
        self.theme = Theme()
        self.attention = Attention()
        self.navigation = Navigation(services.pack)
        self.idle = IdleWatch(settings.idle_seconds, settings.warning_seconds)
        self.tidying = Tidying()

    def build(self) -> Frame:
        self.waiter = Waiter(Window)
        self.quick_paint = QuickPaint(Window)
        self.background = Background(self.waiter.wake)
        self.aloud = ReadAloud(self.services, self.navigation, self.background)
        self.theme.fit(*Window.size, self.services.settings.panel_mm)
        Window.bind(size=self._resized, on_touch_down=self._touched, on_touch_up=self._touched)
        Window.bind(on_touch_down=self.aloud.interrupt)
        # Who listens is there as much as who touches.
        self.aloud.bind(marked=self._touched)
        self.theme.bind(paper=self._repaper)
        self._repaper(self.theme, self.theme.paper)
        self.navigation.bind(visit=self._visit_changed)
        self.idle.bind(on_idle=lambda *_: self.navigation.finish())
        frame = Frame(self.navigation, self.idle)
        self.keys = Keys(self, frame, Window)
        self.guard = Guard(Window, self.keys, self.stop if self.closable else None)
        return frame

    def on_start(self) -> None:
        self.waiter.install()
        self.painting = Clock.schedule_once(lambda _dt: self.dispatch("on_painted"), 0.2)

    def on_painted(self) -> None:
        """The welcome is on the screen. Only now are the outbox, the childcare list and the network thought of."""
        self.background.run(self.services.start, done=lambda _: None, failed=self._could_not_start)
        self.aloud.prepare()

    def _could_not_start(self, error: BaseException) -> None:
        logging.getLogger(__name__).error("Delivery did not start: %s", error)

    def on_stop(self) -> None:
        # One that is closed as soon as it is there must not begin to deliver after that.
        self.painting.cancel()
        # Before the rest, as it breaks off what the background may be at: nobody who closes a kiosk waits for that.
        self.services.stop()
        self.background.stop()
        self.tidying.stop()
        self.aloud.close()
        Window.unbind(size=self._resized, on_touch_down=self._touched, on_touch_up=self._touched)
        Window.unbind(on_touch_down=self.aloud.interrupt)
        for part in (self.guard, self.keys, self.quick_paint, self.waiter):
            part.remove()

    def filled(self, words: str) -> str:
        """Return a pack's text with today's facts in it."""
        return fill(words, self.services.facts_of(self.pack), self.services.today())

    def open_settings(self, *_) -> bool:
        return False

    def _resized(self, _window, size) -> None:
        self.theme.fit(*size, self.services.settings.panel_mm)

    def _repaper(self, _theme, paper) -> None:
        Window.clearcolor = paper

    @property
    def scanning(self) -> str:
        """How switches go through what can be pressed: off, two or one. A visit's own choice comes before the settings."""
        return self.navigation.visit.scan or self.services.settings.scan

    def somebody_is_here(self) -> None:
        """A key was used."""
        self.aloud.interrupt()
        self._touched()

    def _touched(self, *_) -> None:
        if self.navigation.screen == "welcome":
            self.idle.rest()
        elif not self.idle.warning:
            self.idle.touched()

    def _speak(self, language: str) -> None:
        """Before anything is laid out anew: whatever is measured is measured in the new language and direction."""
        translation = self.services.translation(language)
        self.theme.mirrored = is_mirrored(language)
        self.pack = self.navigation.pack = translate(self.services.pack, translation)
        self.words = translation
        self.note = self.words("No speaker has checked this translation yet.") if translation.unchecked else ""

    def follow_pack(self) -> None:
        """Show the services' pack, which is another one now. Nobody is here: screens, words and voice are made anew."""
        self.navigation.pack = self.services.pack
        with collecting_nothing():
            self._speak(self.navigation.visit.language)
            self.root.follow_pack()
        text.forget_all()
        self.aloud.prepare()
        self.background.run(self.services.settle_in, done=lambda _: None, failed=self._could_not_settle)
        self.tidying.soon()

    def _could_not_settle(self, error: BaseException) -> None:
        logging.getLogger(__name__).error("What the pack needs is not all at hand: %s", type(error).__name__)

    def _visit_changed(self, _navigation, visit) -> None:
        if visit.language != self.words.language:
            with collecting_nothing():
                self._speak(visit.language)
        if self.navigation.screen == "neutral":
            # Seen first: to lay out in plain letters again what the visit saw in large ones can take a second.
            Clock.schedule_once(lambda _dt: self.theme.follow(self.navigation.visit), 0)
        else:
            self.theme.follow(visit)
        self.aloud.follow(visit)
        self.tidying.not_now()
        if len(visit.places) == 1:
            text.forget_all()
            self.tidying.soon()
        self._touched()
