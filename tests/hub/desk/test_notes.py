"""Private notes: sealed for the team, shown with who and when, gone with the request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.errors import FormFaulty, SealBroken
from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.keys import make_secrets
from kiosk.hub.notes import NOTE_LIMIT, Notes, SealedNote, open_note, seal_note
from kiosk.hub.retention import purge
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, COLLEAGUES_PASSWORD, NOW, TEAM, WORKER, Kiosk
from tests.hub.desk.reading import colleague, once

CASE = UUID("11111111-2222-4333-8444-555555555555")


def sealed(text: str, case: UUID = CASE) -> SealedNote:
    return seal_note(uuid4(), case, text, TEAM.public.team_key, WORKER, NOW)


def write(worker: Worker, id: UUID, text: str) -> str:
    return worker.post(f"/requests/{id}/notes", note=text, once=once(worker.sheet(id))).text


class TestSealing:
    def test_what_was_sealed_opens_with_the_teams_key(self) -> None:
        assert open_note(sealed("Her sister picks up.\r\nAsk for Amina. "), TEAM.team_key) == (
            "Her sister picks up.\nAsk for Amina."
        )

    def test_another_teams_key_opens_nothing(self) -> None:
        with pytest.raises(SealBroken):
            open_note(sealed("Canary"), make_secrets().team_key)

    def test_a_note_that_was_moved_to_another_case_does_not_open_there(self) -> None:
        with pytest.raises(SealBroken):
            open_note(replace(sealed("Canary"), case=uuid4()), TEAM.team_key)

    def test_a_flipped_bit_is_noticed(self) -> None:
        note = sealed("Canary")
        changed = note.box[:-1] + bytes([note.box[-1] ^ 1])

        with pytest.raises(SealBroken):
            open_note(replace(note, box=changed), TEAM.team_key)

    @pytest.mark.parametrize("letter", ["a", "\N{GRINNING FACE}", "\x01", '"', "é"])
    def test_the_longest_note_has_the_length_of_the_shortest(self, letter: str) -> None:
        longest = sealed(letter * NOTE_LIMIT)

        assert len(longest.box) == len(sealed("a").box)
        assert open_note(longest, TEAM.team_key) == letter * NOTE_LIMIT

    @pytest.mark.parametrize("text", ["", " \n ", "a" * (NOTE_LIMIT + 1)])
    def test_nothing_and_too_much_are_refused(self, text: str) -> None:
        with pytest.raises(FormFaulty):
            sealed(text)


class TestKeeping:
    @pytest.fixture
    def notes(self, engine: Engine) -> Notes:
        return Notes(engine)

    def test_notes_come_back_in_their_order_and_of_their_case_alone(self, notes: Notes) -> None:
        second, first = replace(sealed("2"), at=NOW + timedelta(minutes=1)), sealed("1")
        for note in (second, first, sealed("3", uuid4())):
            assert notes.add(note)

        assert notes.find(CASE) == [first, second]

    def test_the_same_press_of_the_button_is_one_note(self, notes: Notes) -> None:
        note = sealed("Canary")

        assert (notes.add(note), notes.add(note)) == (True, False)
        assert notes.find(CASE) == [note]

    def test_a_press_that_comes_many_times_at_once_is_one_note(self, notes: Notes) -> None:
        note, at_once = sealed("Canary"), Barrier(6)

        def press(_number: int) -> bool:
            at_once.wait()
            return notes.add(note)

        with ThreadPoolExecutor(6) as hands:
            kept = list(hands.map(press, range(6)))

        assert sorted(kept) == [False] * 5 + [True]


class TestOnTheSheet:
    def test_a_note_is_there_for_the_team_with_who_and_when(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        write(worker, id, "Ask for Amina\n<b>twice</b>")
        page = colleague(app).sheet(id)

        assert "Ask for Amina\n&lt;b&gt;twice&lt;/b&gt;" in page
        assert f"<bdi>{WORKER}</bdi>, Sat 21 Nov, 11:52" in page

    def test_writing_is_logged_and_a_doubled_press_counts_once(
        self, worker: Worker, kiosk: Kiosk, cases: Cases
    ) -> None:
        id = kiosk.leave()
        press = once(worker.sheet(id))
        for _ in range(2):
            worker.post(f"/requests/{id}/notes", note="Ask for Amina", once=press)

        assert [what for _, _, what in cases.find_accesses(id)].count("note written") == 1
        assert worker.sheet(id).count("Ask for Amina") == 1

    def test_one_that_was_gone_back_to_and_changed_is_another_note(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        press = once(worker.sheet(id))
        for text in ("Ask for Amina", "Ask for Amina. She has moved", "Ask for Amina. She has moved"):
            worker.post(f"/requests/{id}/notes", note=text, once=press)

        assert worker.sheet(id).count("She has moved") == 1

    def test_a_note_that_is_too_long_is_still_in_the_form(self, worker: Worker, kiosk: Kiosk) -> None:
        id, text = kiosk.leave(), "sesame " * 200
        answer = worker.post(f"/requests/{id}/notes", note=text, once=str(uuid4()))

        assert answer.status_code == 400
        assert text in answer.text
        assert "This one has 1399." in answer.text

    def test_one_that_does_not_open_leaves_the_others_readable(self, worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
        id = kiosk.leave()
        write(worker, id, "Ask for Amina")
        Notes(hub).add(seal_note(uuid4(), id, "x", make_secrets().public.team_key, COLLEAGUE, NOW))
        page = worker.sheet(id)

        assert "Ask for Amina" in page
        assert "This note does not open." in page

    def test_no_word_of_a_note_is_in_the_hubs_files_and_its_box_goes_with_the_request(
        self, worker: Worker, kiosk: Kiosk, cases: Cases, hub: Engine, settings: Settings
    ) -> None:
        id = kiosk.leave()
        write(worker, id, "Canary in a note")
        middle = Notes(hub).find(id)[0].box[4000:4064]
        raw = [file.read_bytes() for file in settings.data.iterdir()]
        assert not any(b"Canary" in each for each in raw)
        assert any(middle in each for each in raw)

        cases.claim(id, WORKER, NOW)
        cases.close(id, WORKER, [ResultKind.COLLEGE], NOW)
        purge(hub, 14, NOW + timedelta(days=15))

        assert Notes(hub).find(id) == []
        assert not any(middle in file.read_bytes() for file in settings.data.iterdir())

    def test_a_colleague_signs_in_later_and_reads_it(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        write(worker, id, "Ask for Amina")
        worker.post("/sign-out")
        worker.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)

        assert "Ask for Amina" in worker.sheet(id)
