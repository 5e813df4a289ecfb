"""Pages read aloud in a real window, through SDL's driver that writes what a loudspeaker would play to a file."""

from __future__ import annotations

import logging
import threading
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.pack.translate import in_english
from kiosk.ui.passages import find_passages
from kiosk.ui.proof.scenes import answers_to
from kiosk.ui.visit import NORMAL_VOLUME, Draft, Place, Visit
from tests.ui.conftest import joined
from tests.ui.driving import Kiosk
from tests.ui.test_fits import misfits

AS_HEARD = "46"  # milliseconds that the driver takes for a buffer: as long as a loudspeaker does
IN_HASTE = "1"
AMINA = Draft(
    name="AMINA",
    phone="02079460123",
    days=frozenset({0}),
    parts=frozenset({"morning"}),
    may_leave_message=False,
    topic="cv",
)
REVIEW = Place("call-name"), Place("call-review")


class Listener:
    """What was heard so far, as loudness from 0 to 32767, sample by sample."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def heard(self) -> list[int]:
        content = self.file.read_bytes() if self.file.exists() else b""
        return [abs(sample) for sample in array("h", content[: len(content) // 2 * 2])]


@pytest.fixture(scope="module")
def machine(window, loaded, tmp_path_factory):
    """A kiosk on a machine with a sound device, and what is heard there. One for all: each test is a visit."""
    data = tmp_path_factory.mktemp("read-aloud")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SDL_AUDIODRIVER", "disk")
        environment.setenv("SDL_DISKAUDIOFILE", str(data / "heard"))
        environment.setenv("SDL_DISKAUDIODELAY", IN_HASTE)
        driven = Kiosk(joined(data, loaded))
        driven.wait_until(lambda: driven.app.aloud.offered)
        yield driven, Listener(data / "heard")
        driven.stop()


@pytest.fixture
def kiosk(machine):
    driven, _listener = machine
    driven.resize(1080, 1920)
    yield driven
    driven.app.navigation.finish()
    driven.wait_until(lambda: not driven.app.aloud._loudspeaker._is_open)


@pytest.fixture
def listener(machine, kiosk) -> Listener:
    return machine[1]


def go(kiosk, *places: Place, **visit) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places), **visit)
    kiosk.settle()


def speakers(kiosk) -> list:
    return [child for child in kiosk.app.root.ids.top.children if getattr(child, "icon", "") in ("volume-2", "square")]


def speaker(kiosk):
    (button,) = speakers(kiosk)
    return button


def has_speaker(kiosk) -> bool:
    return bool(speakers(kiosk))


def said(kiosk, with_given: bool = False) -> list[str]:
    page = kiosk.app.root.ids.area.children[0]
    return [text for passage in find_passages(page, with_given) for text in passage.texts]


def follow_marks(kiosk) -> list:
    """Every widget that is marked from now on, in order, None for none."""
    marked = []
    kiosk.app.aloud.bind(marked=lambda _aloud, widget: marked.append(widget))
    return marked


def begin_reading(kiosk) -> None:
    kiosk.tap_widget(speaker(kiosk))
    kiosk.wait_until(lambda: kiosk.app.aloud.marked)


class TestReading:
    def test_the_page_is_heard_passage_by_passage_each_with_a_frame_around_it(self, kiosk, listener):
        go(kiosk, Place("flow", "work"))
        marked = follow_marks(kiosk)
        kiosk.tap_widget(speaker(kiosk))
        kiosk.wait_until(lambda: None in marked[1:] and not kiosk.app.aloud.reading)
        page = kiosk.app.root.ids.area.children[0]

        assert [w for w in marked if w] == [passage.widget for passage in find_passages(page)]
        assert max(listener.heard()) > 3000

    def test_a_question_is_read_before_its_answers_and_buttons_come_last(self, kiosk):
        go(kiosk, Place("flow", "work"))
        question = kiosk.app.navigation.node
        answers = [kiosk.app.filled(answer.say) for answer in question.answers]

        assert said(kiosk) == [question.ask, "My path to work", *answers, "Find my place"]

    def test_an_outcome_is_read_as_it_stands_on_the_page_and_each_card_as_a_whole(self, kiosk):
        flow = kiosk.app.pack.flows["work"]
        outcome = flow.outcomes["not-now"]
        go(kiosk, Place("flow", "work", answers=answers_to(flow, "not-now")))
        texts = [passage.texts for passage in find_passages(kiosk.app.root.ids.area.children[0])]

        assert texts[:4] == [(outcome.title,), ("You are here",), (outcome.say,), ("What you can do next",)]
        assert texts[4] == ("1", outcome.next[0].say, outcome.next[0].hint)

    def test_each_language_is_named_in_its_own_voice(self, kiosk):
        go(kiosk, Place("languages"))
        spoken = {p.texts[0]: p.language for p in find_passages(kiosk.app.root.ids.area.children[0])}

        assert (spoken["Polski"], spoken["اردو"]) == ("pl", "ur")

    def test_sounds_are_made_on_another_thread_in_the_language_of_the_visit(self, kiosk, monkeypatch):
        asked, speech = [], kiosk.app.aloud._speech
        real = speech.sounds_of

        def sounds_of(*given):
            asked.append((*given, threading.current_thread()))
            return real(*given)

        monkeypatch.setattr(speech, "sounds_of", sounds_of)
        go(kiosk, language="pl")
        begin_reading(kiosk)
        words, language, thread = asked[0]

        assert (words, language) == (kiosk.app.filled(kiosk.app.pack.home.ask), "pl")
        assert words != kiosk.app.services.pack.home.ask
        assert thread is not threading.main_thread()

    def test_the_next_page_is_read_when_it_opens(self, kiosk):
        go(kiosk)
        begin_reading(kiosk)
        kiosk.touch(kiosk.app.filled(kiosk.app.pack.home.cards[0].title))
        kiosk.wait_until(lambda: kiosk.app.aloud.marked)

        assert kiosk.app.aloud.marked in kiosk.app.root.screen("question").walk()

    def test_an_error_is_read_when_it_appears(self, kiosk):
        kiosk.app.navigation.ask_for_call()
        go(kiosk, Place("call-phone"), draft=Draft(), aloud=True)
        kiosk.touch("Next")
        error = "Please type a phone number."
        kiosk.wait_until(lambda: getattr(kiosk.app.aloud.marked, "text", "") == error)

        assert kiosk.app.root.screen("call-phone").trouble == error

    def test_the_warning_is_read_in_the_place_of_the_page(self, kiosk):
        go(kiosk, aloud=True)
        kiosk.app.idle.seconds_left, kiosk.app.idle.warning = 20, True
        kiosk.wait_until(lambda: getattr(kiosk.app.aloud.marked, "text", "") == "Are you still here?")
        kiosk.app.idle.touched()


class TestInterrupting:
    def test_any_touch_is_silence_with_the_very_next_frame(self, kiosk, listener, monkeypatch):
        monkeypatch.setenv("SDL_DISKAUDIODELAY", AS_HEARD)
        go(kiosk, Place("helpers"))
        begin_reading(kiosk)
        kiosk.wait_until(lambda: max(listener.heard()[-4000:], default=0) > 1000)
        before = len(listener.heard())
        kiosk.window.dispatch("on_mouse_down", 500, 900, "left", [])
        kiosk.step(1)
        aloud = kiosk.app.aloud

        assert not aloud.reading and not aloud.marked and not aloud._loudspeaker.is_playing
        kiosk.wait_until(lambda: len(listener.heard()) > before + 12_000)
        # The buffers that were under way, of 1,024 samples each, and one of the file itself.
        assert max(listener.heard()[before + 5_120 :]) == 0
        kiosk.window.dispatch("on_mouse_up", 2, 2, "left", [])

    def test_the_speaker_is_the_stop_while_it_reads_and_reads_again_afterwards(self, kiosk, monkeypatch):
        monkeypatch.setenv("SDL_DISKAUDIODELAY", AS_HEARD)
        go(kiosk, Place("helpers"))
        begin_reading(kiosk)
        first = kiosk.app.aloud.marked
        kiosk.tap_widget(speaker(kiosk))
        assert not kiosk.app.navigation.visit.aloud and not kiosk.app.aloud.reading

        begin_reading(kiosk)
        kiosk.tap(500, 20)
        assert kiosk.app.navigation.visit.aloud and not kiosk.app.aloud.reading

        begin_reading(kiosk)
        assert kiosk.app.aloud.marked is first

    def test_louder_and_softer_are_heard_at_once_and_say_the_passage_again(self, kiosk, listener, monkeypatch):
        monkeypatch.setenv("SDL_DISKAUDIODELAY", AS_HEARD)
        go(kiosk, Place("helpers"))
        begin_reading(kiosk)
        loud = {}
        for sign in ("plus", "plus", "minus", "minus", "minus", "minus"):
            marked = kiosk.app.aloud.marked
            kiosk.tap_widget(next(w for w in kiosk.app.root.walk() if getattr(w, "icon", "") == sign))
            kiosk.wait_until(lambda marked=marked: kiosk.app.aloud.marked is marked)
        monkeypatch.setenv("SDL_DISKAUDIODELAY", IN_HASTE)
        for volume in (0, 4):
            go(kiosk)
            kiosk.wait_until(lambda: not kiosk.app.aloud._loudspeaker._is_open)
            listener.file.unlink()
            go(kiosk, aloud=True, volume=volume)
            kiosk.wait_until(lambda: kiosk.app.aloud._at == 1)
            loud[volume] = max(listener.heard())

        assert loud[4] == pytest.approx(5 * loud[0], rel=0.1)


class TestPrivacy:
    def test_what_a_parent_gave_is_not_read_with_the_page(self, kiosk):
        go(kiosk, *REVIEW, draft=AMINA, aloud=True)

        assert "Is this right?" in said(kiosk) and "Read my answers aloud" in said(kiosk)
        assert not {"AMINA", "020 7946 0123", "Leave no message"} & set(said(kiosk))
        assert {"AMINA", "020 7946 0123"} <= set(said(kiosk, with_given=True))

    def test_it_is_read_when_they_ask(self, kiosk):
        go(kiosk, *REVIEW, draft=AMINA, aloud=True)
        marked = follow_marks(kiosk)
        kiosk.touch("Read my answers aloud")
        rows = list(kiosk.app.root.screen("call-review").rows.values())
        kiosk.wait_until(lambda: rows[-1] in marked)

        assert [w for w in marked if w] == rows

    def test_the_button_is_there_only_for_who_is_read_to(self, kiosk):
        go(kiosk, *REVIEW, draft=AMINA)

        assert "Read my answers aloud" not in kiosk.words()

    def test_neither_keys_nor_what_is_typed_are_read(self, kiosk):
        go(kiosk, Place("call-name"), draft=AMINA)

        assert said(kiosk) == ["What may we call you?", "A first name or nickname is enough.", "Next"]

    def test_a_postcode_that_was_typed_is_not_read(self, kiosk):
        go(kiosk, Place("childcare", "OX4 1AA"))

        assert "Childcare near OX4 1AA" in kiosk.words() and "Childcare near OX4 1AA" not in said(kiosk)

    def test_the_end_of_the_visit_is_silence_at_normal_volume_and_the_device_is_let_go(self, kiosk, monkeypatch):
        monkeypatch.setenv("SDL_DISKAUDIODELAY", AS_HEARD)
        go(kiosk, Place("helpers"), volume=4)
        begin_reading(kiosk)
        kiosk.touch("Finish")

        assert not kiosk.app.aloud.reading and not kiosk.app.aloud._passages
        assert (kiosk.app.navigation.visit.aloud, kiosk.app.navigation.visit.volume) == (False, NORMAL_VOLUME)
        kiosk.wait_until(lambda: not kiosk.app.aloud._loudspeaker._is_open)


class TestOffer:
    def test_a_language_that_nobody_speaks_has_no_speaker(self, kiosk, monkeypatch):
        monkeypatch.setattr(kiosk.app.aloud, "_languages", frozenset({"en"}))
        go(kiosk, language="pl")

        assert not has_speaker(kiosk)

    def test_a_loudspeaker_that_was_pulled_out_takes_the_speaker_away_until_there_is_one_again(
        self, kiosk, monkeypatch
    ):
        go(kiosk)
        monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
        kiosk.tap_widget(speaker(kiosk))
        kiosk.wait_until(lambda: not kiosk.app.aloud.offered)
        assert not kiosk.app.aloud.reading and not has_speaker(kiosk)

        monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
        kiosk.app.aloud.prepare()
        kiosk.wait_until(lambda: has_speaker(kiosk))

    def test_without_a_sound_device_it_is_not_offered(self, kiosk, monkeypatch, caplog):
        caplog.set_level(logging.INFO)
        go(kiosk)
        monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
        kiosk.app.aloud.prepare()
        kiosk.wait_until(lambda: not kiosk.app.aloud.offered)

        assert "There is no sound device." in caplog.text and not has_speaker(kiosk)
        monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
        kiosk.app.aloud.prepare()
        kiosk.wait_until(lambda: kiosk.app.aloud.offered)

    @pytest.mark.parametrize("size", [(1080, 1920), (1366, 768)])
    def test_the_top_bar_has_room_for_it(self, kiosk, size):
        kiosk.resize(*size)
        for language, text_size, aloud in (("en", 0, True), ("en", 2, False), ("ar", 2, True), ("pt", 0, False)):
            places = (Place("welcome"), Place("privacy"))
            kiosk.app.navigation.visit = Visit(places, language=language, text_size=text_size, aloud=aloud)
            kiosk.lay_out()
            top = kiosk.app.root.ids.top
            assert not [fault for fault in misfits(kiosk) if kiosk.app.pack.centre.name in fault]
            assert all(child.x >= 0 and child.right <= top.width + 1 for child in top.children)
            assert not [pair for pair in pairwise(sorted(top.children, key=lambda w: w.x)) if pair[0].right > pair[1].x]


def test_what_has_no_translation_is_read_in_english(kiosk):
    speech = kiosk.app.aloud._speech
    alone = speech.sounds_of("Stay and play", "en")
    mixed = speech.sounds_of(in_english("Stay and play"), "ar")

    assert [len(sound) for sound in mixed] == [pytest.approx(len(sound), rel=0.05) for sound in alone]
