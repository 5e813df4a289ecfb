"""The kiosk on a folder of content, for who writes it: what is saved is on the screen at once, at the same place."""

from __future__ import annotations

from dataclasses import replace

from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.errors import AnswersAstray, PackFaulty
from kiosk.flow.walk import where
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.ui.app import KioskApp
from kiosk.ui.frame import Frame
from kiosk.ui.preview_services import PreviewServices
from kiosk.ui.preview_strip import FaultStrip, in_words
from kiosk.ui.proof.scenes import Scene, find_scenes
from kiosk.ui.visit import Draft, Place, Visit

EVERY = 0.5  # seconds between two looks at the files
PAGE_UP, PAGE_DOWN = 280, 281
SENDS_NOTHING = "This is a preview: Send works, and sends nothing."


class PreviewApp(KioskApp):
    """Page Down and Page Up go through every screen of the pack. `at` is where it begins, in `language`."""

    def __init__(self, services: PreviewServices, at: Scene | None = None, language: str = "en", **kwargs) -> None:
        super().__init__(services, closable=True, **kwargs)
        self._at, self._language = at, language
        self._stamp = services.stamp()
        self._looking = False

    def build(self) -> Frame:
        frame = super().build()
        self.strip = FaultStrip()
        frame.add_widget(self.strip)
        Window.bind(on_key_down=self._key, on_request_close=self._closed)
        self.services.refused = lambda: Clock.schedule_once(lambda _dt: self._say(SENDS_NOTHING), 0)
        return frame

    def on_start(self) -> None:
        super().on_start()
        self.navigation.visit = replace(self.navigation.visit, language=self._language)
        if self._at:
            self.show(self._at)
        self._timer = Clock.schedule_interval(lambda _dt: self.look(), EVERY)

    def on_stop(self) -> None:
        self._timer.cancel()
        Window.unbind(on_key_down=self._key, on_request_close=self._closed)
        super().on_stop()

    def show(self, scene: Scene) -> None:
        """Go to a screen of the pack, read as before."""
        self.navigation.visit = replace(
            self.navigation.visit, places=scene.visit.places, draft=scene.visit.draft, ticked=frozenset()
        )

    def look(self) -> None:
        """See in the background whether something was saved, and take it."""
        if not self._looking:
            self._looking = True
            self.background.run(self._read, self._take, self._failed)

    def _read(self) -> Pack | PackFaulty | None:
        stamp = self.services.stamp()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            return read_pack(self.services.folder)
        except PackFaulty as faulty:
            return faulty

    def _take(self, found: Pack | PackFaulty | None) -> None:
        self._looking = False
        if isinstance(found, PackFaulty):
            self._say(in_words(found))
        elif found:
            self._say("")
            self._exchange(found)

    def _failed(self, error: BaseException) -> None:
        self._looking = False
        self._say(str(error))

    def _exchange(self, pack: Pack) -> None:
        self.services.take(pack)
        visit = self.navigation.visit
        language = visit.language if visit.language in pack.offered else "en"
        self._speak(language)
        self.root.build_anew()
        kept = still_there(replace(visit, language=language), pack)
        if kept == visit:
            self.root.show()
        else:
            self.navigation.visit = kept

    def _say(self, words: str) -> None:
        self.strip.text = words
        # Above whatever was put over the screen since.
        self.root.remove_widget(self.strip)
        self.root.add_widget(self.strip)

    def _key(self, _window, key, *_args) -> bool:
        if key in (PAGE_UP, PAGE_DOWN):
            self._turn(1 if key == PAGE_DOWN else -1)
        return key in (PAGE_UP, PAGE_DOWN)

    def _turn(self, by: int) -> None:
        scenes = shown_scenes(self.services.pack)
        here = [scene.visit.place for scene in scenes]
        place = self.navigation.place
        at = here.index(place) if place in here else -1
        self.show(scenes[(at + by) % len(scenes)])

    def _closed(self, *_args, **_kwargs) -> bool:
        self.stop()
        return True


def shown_scenes(pack: Pack) -> list[Scene]:
    """Return every screen with something of the pack on it, each once: no staff's door, nothing left out or waiting."""
    found = (scene for scene in find_scenes(pack) if not scene.act and not scene.kind.startswith("staff"))
    return list({str(scene): scene for scene in found if not scene.state and scene.kind != "take"}.values())


def still_there(visit: Visit, pack: Pack) -> Visit:
    """Return the visit at its place, or at the nearest one before it that the pack still has."""
    places = list(visit.places)
    while len(places) > 1 and not _is_there(places[-1], pack):
        last = places.pop()
        if last.answers and last.target in pack.flows:
            places.append(replace(last, answers=last.answers[:-1], again=""))
    return replace(
        visit, places=tuple(places), draft=visit.draft and replace(visit.draft, topic=_topic(visit.draft, pack))
    )


def _topic(draft: Draft, pack: Pack) -> str:
    return draft.topic if draft.topic in pack.callback.topics else ""


def _is_there(place: Place, pack: Pack) -> bool:
    match place.screen:
        case "flow" | "map" | "road":
            return place.target in pack.flows and _walks(place, pack)
        case "stage":
            flow, _, stage = place.target.partition("/")
            return flow in pack.flows and stage in pack.flows[flow].stages
        case "page":
            return place.target in pack.pages
        case "checklist":
            return place.target in pack.checklists
        case "web":
            return place.target in pack.facts
        case _:
            return True


def _walks(place: Place, pack: Pack) -> bool:
    try:
        where(pack.flows[place.target], place.answers, place.start or None)
    except AnswersAstray:
        return False
    return not place.again or place.again in pack.flows[place.target].questions
