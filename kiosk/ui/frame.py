"""The fixed furniture: top bar, the screen, bottom bar, and the idle warning over them all."""

from __future__ import annotations

import importlib

from kivy.app import App
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui.kv import load_beside
from kiosk.ui.languages import own_name
from kiosk.ui.navigation import BARE, SCREENS, Navigation
from kiosk.ui.slide import Slide
from kiosk.ui.spots import Spot, find_spots
from kiosk.ui.visit import VOLUMES
from kiosk.ui.widgets import held, panel, touchable  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.mark import Mark
from kiosk.ui.widgets.still_here import StillHere

MOST_KEPT = 8
# Everybody's way leads through these.
ALWAYS_KEPT = {"welcome", "home", "question", "outcome"}


class Frame(FloatLayout):
    """Shows the screen of the visit's place. Screens are built when first needed, and kept: MOST_KEPT, those shown last.

    Each takes some four megabytes, and all that are kept are laid out anew with the text size.
    """

    navigation = ObjectProperty()
    idle = ObjectProperty()
    screen_name = StringProperty("welcome")
    bare = BooleanProperty(True)
    guarded = BooleanProperty(False)
    tight = BooleanProperty(False)
    can_call = BooleanProperty(True)
    language = StringProperty("en")
    aloud = BooleanProperty(False)
    own_name = staticmethod(own_name)
    loudest = len(VOLUMES) - 1

    def __init__(self, navigation: Navigation, idle, **kwargs) -> None:
        self._screens: dict[str, object] = {}
        self._english_welcome: dict[str, object] = {}
        self._warning = None
        super().__init__(navigation=navigation, idle=idle, **kwargs)
        # Held here: kv's ids are weak, and a bar off the screen would be gone for good.
        self._bars = [self.ids.top.__self__, self.ids.bottom.__self__]
        self._languages = self.ids.language.__self__
        self._offer_languages()
        app = App.get_running_app()
        self._follow_reading(app.aloud)
        self.slide = Slide(self.ids.area, app.theme, smooth=not app.quick_paint.is_software)
        self._places = navigation.visit.places
        navigation.bind(visit=lambda *_: self.show())
        idle.bind(warning=self._warn)
        self.show()

    def show(self) -> None:
        """Bring the screen of the present place up to date and on top."""
        if self.language != self.navigation.visit.language:
            self._change_language(self.navigation.visit.language)
        name = self.navigation.screen
        screen = self.screen(name)
        screen.enter(self.navigation.visit)
        self.screen_name, self.bare, self.guarded = name, name in BARE, screen.guarded
        self.aloud = self.navigation.visit.aloud
        self.can_call = screen.offers_call and App.get_running_app().services.can_take_requests
        self._furnish()
        if self.ids.area.children != [screen]:
            self.ids.area.clear_widgets()
            self.ids.area.add_widget(screen)
        self._slide_in()
        if self.navigation.visit.places == self.navigation.visit.places[:1]:
            self._forget_the_others(screen)
        self._keep_the_last(name)

    def _change_language(self, language: str) -> None:
        """Screens are built in one language. The English welcome is kept: the end of each visit comes back to it."""
        if self.language == "en":
            self._english_welcome = {name: self._screens[name] for name in ("welcome",) if name in self._screens}
        for screen in self._screens.values():
            screen.forget()
        self._screens = dict(self._english_welcome) if language == "en" else {}
        self.language = language
        for bar in self._bars:
            for widget in bar.walk():
                if hasattr(widget, "lay_out_again"):
                    widget.lay_out_again()

    def _follow_reading(self, aloud) -> None:
        """The speaker stands in the top bar where there is one; what is being read has a frame around it."""
        self._speaker, self._mark = [self.ids[name].__self__ for name in ("softer", "louder", "speaker")], Mark()
        aloud.page = lambda: self._warning or (None if self.bare else self.ids.area.children[0])
        aloud.bind(offered=self._offer_speaker, marked=self._mark_passage)
        self.fbind("aloud", self._offer_speaker)
        self.idle.bind(warning=aloud.warn)
        self._offer_speaker()

    def _offer_speaker(self, *_) -> None:
        top, offered = self.ids.top, App.get_running_app().aloud.offered
        for button in self._speaker:
            top.remove_widget(button)
        softer, louder, speaker = self._speaker
        if offered and self.aloud:
            # Beside the centre's name, so that everything else stays where it is.
            for button in (louder, softer):
                top.add_widget(button, index=len(top.children) - 2)
        if offered:
            top.add_widget(speaker)

    def _mark_passage(self, _aloud, widget) -> None:
        self._mark.stand_around(widget)
        if widget is None:
            self.remove_widget(self._mark)
        elif not self._mark.parent:
            self.add_widget(self._mark)

    def _slide_in(self) -> None:
        """A page other than the last one slides in: onward, or back where there are fewer behind it now."""
        places = self.navigation.visit.places
        if places[-1] != self._places[-1]:
            self.slide.start(onward=len(places) >= len(self._places))
        self._places = places

    def _furnish(self) -> None:
        """Bars on every screen but the bare ones, where they are not even out of sight."""
        for bar in self._bars:
            if self.bare and bar.parent:
                self.remove_widget(bar)
            elif not self.bare and not bar.parent:
                self.add_widget(bar)

    def screen(self, name: str):
        """Return the one screen of this name, built on first use."""
        if name not in self._screens:
            module, class_name = SCREENS[name].split(".")
            self._screens[name] = getattr(importlib.import_module(f"kiosk.ui.screens.{module}"), class_name)()
        return self._screens[name]

    def build_anew(self) -> None:
        """Let go of every screen: the pack that they show is another one now."""
        for screen in self._screens.values():
            screen.forget()
        self._screens, self._english_welcome = {}, {}

    def follow_pack(self) -> None:
        """Show another pack from here on, in the bars as well."""
        self.build_anew()
        self._offer_languages()
        # The pack is no property: what kv made of it is made again with this one.
        self.property("aloud").dispatch(self)
        self.show()

    def _offer_languages(self) -> None:
        """The choice of languages stands behind the centre's name where there is one."""
        top, button, offered = self.ids.top, self._languages, len(self.navigation.pack.offered) > 1
        if button.parent and not offered:
            top.remove_widget(button)
        elif offered and not button.parent:
            top.add_widget(button, index=len(top.children) - 2)

    def spots(self) -> list[Spot]:
        """Return what can be pressed now. Under the warning nothing else can."""
        if self._warning:
            return find_spots([(self._warning, 0)])
        top, bottom = self._bars
        return find_spots([(top, 0), (self.ids.area, 2), (bottom, 1)] if not self.bare else [(self.ids.area, 0)])

    def open_staff(self) -> None:
        """Where the first page is on, and staff have set a code."""
        if self.screen_name == "home" and App.get_running_app().services.staff_door.is_there:
            self.navigation.open_staff()

    def _keep_the_last(self, name: str) -> None:
        """Let go of the screens that were not shown for longest."""
        self._screens[name] = self._screens.pop(name)
        others = [each for each in self._screens if each not in ALWAYS_KEPT]
        for each in others[: max(0, len(self._screens) - MOST_KEPT)]:
            self._screens.pop(each).forget()

    def _forget_the_others(self, shown) -> None:
        for screen in self._screens.values():
            if screen is not shown:
                screen.forget()

    def _warn(self, _idle, warning: bool) -> None:
        if warning:
            self._warning = StillHere(idle=self.idle, navigation=self.navigation)
            self.add_widget(self._warning)
        elif self._warning:
            self.remove_widget(self._warning)
            self._warning = None


load_beside(__file__)
