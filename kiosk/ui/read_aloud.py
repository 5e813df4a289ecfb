"""Reading aloud: what stands on the screen, passage by passage, until it is done or somebody touches anything (R16)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from kivy.clock import Clock
from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.widget import Widget

from kiosk.errors import NoSound
from kiosk.ui.background import Background
from kiosk.ui.navigation import Navigation
from kiosk.ui.passages import Passage, find_passages
from kiosk.ui.visit import VOLUMES, Visit

if TYPE_CHECKING:
    from kiosk.bootstrap import Services
    from kiosk.speech.speech import Speech
    from kiosk.ui.sound import Loudspeaker

LOOKS = 0.05  # seconds from one look whether a passage is over to the next
SETTLES = 0.3  # seconds that a page has to slide in
FRAMES = 3  # and frames to be laid out, however slow the machine
BREATH = 0.45  # seconds between passages
PAUSE = 0.2  # seconds between the texts of one

log = logging.getLogger(__name__)


class ReadAloud(EventDispatcher):
    """`offered` where there is a loudspeaker and a voice for the visit's language. `marked` is the widget being read.

    While the visit is `aloud`, each page is read when it opens and each error when it appears. `page` returns the widget
    that is to be read. Sounds are made on another thread and kept nowhere.
    """

    offered = BooleanProperty(False)
    reading = BooleanProperty(False)
    marked = ObjectProperty(None, allownone=True)

    def __init__(self, services: Services, navigation: Navigation, background: Background, **kwargs) -> None:
        super().__init__(**kwargs)
        self.page: Callable[[], Widget | None] = lambda: None
        self._services, self._navigation, self._background = services, navigation, background
        self._speech: Speech | None = None
        self._loudspeaker: Loudspeaker | None = None
        self._languages: frozenset[str] = frozenset()
        self._passages: Sequence[Passage] = ()
        self._at = 0
        self._turn = 0
        self._was_reading = self._holds_device = False
        self._before = navigation.visit
        self._look = Clock.create_trigger(self._go_on, LOOKS, interval=True)
        self._soon = Clock.create_trigger(self._begin_to_settle, SETTLES)
        self._frames = 0
        self._settling = Clock.create_trigger(self._settle, 0, interval=True)

    def prepare(self) -> None:
        """Find out, elsewhere, whether there is anything to read with."""
        self._background.run(self._find_speech, done=self._found, failed=self._lost)

    def _find_speech(self) -> tuple[Loudspeaker, Speech, frozenset[str]]:
        from kiosk.speech.espeak import RATE
        from kiosk.ui.sound import Loudspeaker

        loudspeaker = Loudspeaker(RATE)
        loudspeaker.open()
        loudspeaker.close()
        speech = self._services.speech
        return loudspeaker, speech, frozenset(code for code in self._services.pack.offered if speech.speaks(code))

    def _found(self, found: tuple[Loudspeaker, Speech, frozenset[str]]) -> None:
        self._loudspeaker, self._speech, self._languages = found
        self.follow(self._navigation.visit)

    def _lost(self, error: BaseException) -> None:
        """There is no loudspeaker, or it was pulled out: nothing is offered that nobody would hear."""
        if isinstance(error, NoSound):
            log.info("Nothing is read aloud: %s", error)
        else:  # never its own text, which may hold what was to be said
            log.error("Reading aloud failed: %s", type(error).__name__)
        self.stop()
        self._languages, self.offered = frozenset(), False

    def follow(self, visit: Visit) -> None:
        """Read the page that has opened, at this visit's volume; be silent when the visit is over."""
        before, self._before = self._before, visit
        self.offered = visit.language in self._languages
        if visit.places != before.places or visit.language != before.language or not visit.aloud:
            self.stop()
            self._passages, self._at = (), 0
        if self._loudspeaker:
            self._loudspeaker.set_volume(VOLUMES[visit.volume])
        if visit.aloud and (not before.aloud or visit.places != before.places):
            self._soon()
        if not visit.aloud and self._holds_device:
            self._holds_device = False
            self._let_go()

    def _let_go(self) -> None:
        self._background.run(self._close_unless_held, done=lambda _: None, failed=self._lost)

    def _close_unless_held(self) -> None:
        # Somebody may have asked to be read to again before this had its turn.
        if not self._holds_device:
            self._loudspeaker.close()

    def interrupt(self, *_) -> None:
        """Somebody touched the screen or a key: be silent before anything else."""
        self._was_reading = self.reading
        self.stop()

    def touched(self) -> None:
        """The speaker was touched: silence, if it was reading; else read this page, from its beginning."""
        if self._was_reading:
            self._navigation.set(aloud=False)
        elif self._navigation.visit.aloud:
            self.read_page()
        else:
            self._navigation.set(aloud=True)
            self._soon.cancel()
            self.read_page()

    def change_volume(self, by: int) -> None:
        """Louder or softer for this visit. What the touch has interrupted is said again, as loud as it is now."""
        volume = min(max(0, self._navigation.visit.volume + by), len(VOLUMES) - 1)
        self._navigation.set(volume=volume)
        if self._was_reading:
            self._read(self._passages, self._at)

    def _begin_to_settle(self, _dt) -> None:
        self._frames = FRAMES
        self._settling()

    def _settle(self, _dt) -> bool:
        """Return whether to wait for another frame."""
        self._frames -= 1
        if not self._frames:
            self.read_page()
        return self._frames > 0

    def read_page(self) -> None:
        """Read what is on the screen, but for what the parent has given: others may hear."""
        page = self.page()
        if page is not None:
            self._read(find_passages(page))

    def read_given(self, widgets: Iterable[Widget]) -> None:
        """Read what the parent has given, because they asked to hear it."""
        self._read([passage for widget in widgets for passage in find_passages(widget, with_given=True)])

    def read_next(self, widget: Widget) -> None:
        """Read something that has just appeared, such as an error, if this visit is read aloud."""
        if self._navigation.visit.aloud:
            Clock.schedule_once(lambda _dt: self._read(find_passages(widget)), 0)

    def warn(self, _idle, warning: bool) -> None:
        """The warning lies over the page: read that instead."""
        self.stop()
        if warning and self._navigation.visit.aloud:
            self._soon()

    def stop(self) -> None:
        """Be silent at once."""
        self._break_off()
        self.reading, self.marked = False, None

    def close(self) -> None:
        """The kiosk is being closed. What the screen shows is not touched: its rules would find no app any more."""
        self._break_off()
        if self._loudspeaker:
            self._loudspeaker.close()

    def _break_off(self) -> None:
        for clock in (self._soon, self._settling, self._look):
            clock.cancel()
        self._turn += 1
        if self._loudspeaker:
            self._loudspeaker.stop()

    def _read(self, passages: Sequence[Passage], first: int = 0) -> None:
        self.stop()
        if self.offered and first < len(passages):
            self._passages, self.reading, self._holds_device = passages, True, True
            self._say(first)

    def _say(self, at: int) -> None:
        self._at, turn, passage = at, self._turn, self._passages[at]
        language = passage.language or self._navigation.visit.language
        self._background.run(
            lambda: self._sound_of(passage.texts, language),
            done=lambda samples: self._play(turn, samples),
            failed=self._lost,
        )

    def _sound_of(self, texts: Sequence[str], language: str) -> bytes:
        from kiosk.speech.espeak import RATE

        self._loudspeaker.open()
        said = [self._samples(sound) for text in texts for sound in self._speech.sounds_of(text, language)]
        return bytes(2 * int(RATE * PAUSE)).join(said) + bytes(2 * int(RATE * BREATH))

    def _samples(self, sound) -> bytes:
        return sound if isinstance(sound, bytes) else self._loudspeaker.decode(sound)

    def _play(self, turn: int, samples: bytes) -> None:
        if turn == self._turn:
            self.marked = self._passages[self._at].widget
            self._loudspeaker.play(samples)
            self._look()
        elif not self._holds_device:
            # The visit ended while this was being made, and with it the device was opened again.
            self._let_go()

    def _go_on(self, _dt) -> bool:
        """Return whether to look again."""
        if self._loudspeaker.is_playing:
            return True
        if self._at + 1 < len(self._passages):
            self._say(self._at + 1)
        else:
            self.stop()
        return False
