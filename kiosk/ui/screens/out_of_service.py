"""What stands on the screen when there is nothing else to show: a calm page that sends a parent to the desk, and offers nothing half."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import ObjectProperty, StringProperty

from kiosk.errors import PackFaulty, WaymarkError
from kiosk.pack.sources import PROGRAMME, WORDS
from kiosk.pack.translate import ENGLISH, IN_ENGLISH, load_translation
from kiosk.ui.background import Background
from kiosk.ui.kv import load_beside
from kiosk.ui.loop import Waiter
from kiosk.ui.theme import Theme
from kiosk.ui.widgets import icon  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.panel import Row
from kiosk.ui.widgets.words import Words
from kiosk.ui.window import Guard

LOOK_AGAIN = 60  # seconds until it is tried again


class OutOfServiceScreen(Row):
    """`for_staff` says what is wrong and what mends it. Parents read the same two sentences in every language there is."""

    for_staff = StringProperty("")

    def __init__(self, others: Iterable[tuple[str, str]] = (), **kwargs) -> None:
        super().__init__(**kwargs)
        for rests, ask in others:
            self.ids.others.add_widget(OtherLanguage(text=f"**{rests}**  {ask}"))


class OtherLanguage(Words):
    """The two sentences in a language, on one line."""


class NoKeys:
    """A keyboard that does nothing at all."""

    def pressed(self, key: int, modifiers) -> None: ...

    def released(self, key: int) -> None: ...

    def typed(self, text: str) -> None: ...


class OutOfService(App):
    """Rests until `works` returns without a WaymarkError, then stops with `mended` set: whoever watches starts the kiosk anew."""

    __events__ = ("on_painted",)
    theme = ObjectProperty()
    words = ObjectProperty(ENGLISH)
    use_kivy_settings = False

    def __init__(self, why: WaymarkError, works: Callable[[], object], closable: bool = False) -> None:
        super().__init__()
        self.theme, self.why, self.mended = Theme(), why, False
        self._works, self.closable = works, closable

    def build(self) -> OutOfServiceScreen:
        self.waiter = Waiter(Window)
        self.background = Background(self.waiter.wake)
        self.guard = Guard(Window, NoKeys(), self.stop if self.closable else None)
        self.theme.fit(*Window.size)
        Window.clearcolor = self.theme.paper
        return OutOfServiceScreen(self._in_other_languages(), for_staff=say_to_staff(self.why))

    def _in_other_languages(self) -> Iterator[tuple[str, str]]:
        """What the pack offers is not known while it cannot be read: then every language of the programme is shown."""
        for file in sorted((PROGRAMME / WORDS).glob("*.po")):
            say = load_translation(file.stem, [file], with_unchecked=True)
            said = say("This screen is having a rest."), say("Please ask at the desk.")
            if not any(IN_ENGLISH in each for each in said):
                yield said

    def on_start(self) -> None:
        self.waiter.install()
        Clock.schedule_once(lambda _dt: self.dispatch("on_painted"), 0.2)
        self._timer = Clock.schedule_interval(lambda _dt: self.look_again(), LOOK_AGAIN)

    def on_painted(self) -> None: ...

    def look_again(self) -> None:
        self.background.run(self._works, lambda _: self._stop_mended(), lambda _error: None)

    def _stop_mended(self) -> None:
        self.mended = True
        self.stop()

    def on_stop(self) -> None:
        self._timer.cancel()
        self.background.stop()
        self.guard.remove()
        self.waiter.remove()

    def open_settings(self, *_) -> bool:
        return False


def say_to_staff(why: WaymarkError) -> str:
    """Return in one or two lines what is wrong, for who came to mend it."""
    if isinstance(why, PackFaulty):
        first, *others = why.faults
        more = f" And {len(others)} more." if others else ""
        return f"{'/'.join(Path(first.file).parts[-2:])}: {first}{more} See them all with: kiosk pack check"
    return str(why)


load_beside(__file__)
