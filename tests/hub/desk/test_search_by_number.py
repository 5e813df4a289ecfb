"""Search by phone number: whoever rings back is found, by a worker who may see them and by nobody else."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.callbacks.inside import Told
from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.accounts import put_centres
from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.looks import Looks
from kiosk.hub.people import People
from kiosk.hub.retention import purge
from kiosk.hub.search import LEAST_DIGITS, find
from kiosk.hub.working_copies import open_told, seal_copy
from kiosk.settings import Settings
from tests.callbacks.samples import request
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import colleague, names

KEY = b"c" * 32
AMINA, SOPHIE, OLENA = "+447700900123", "+442079460123", "+48601234567"
WAITING = [
    request(name="Amina", centre="Barton", phone=AMINA, topic="Paying for childcare"),
    request(name="Sophie", centre="Leys 21", phone=SOPHIE, topic="Courses 2026 27"),
    request(name="Olena", centre="Barton", phone=OLENA),
]


def told(requests: list[CallbackRequest]) -> list[Told]:
    """What a search reads of them, out of real copies."""
    return [open_told(seal_copy(one, KEY), KEY) for one in requests]


def found(words: str) -> list[str]:
    return [one.name for one in find(told(WAITING), words)]


def without_what_is_random(page: str, *ids: UUID) -> str:
    """The page but for its forms' tokens and these ids: one in four thousand ids holds four digits of a number by chance."""
    for id in ids:
        page = page.replace(str(id), "")
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def close(cases: Cases, kiosk: Kiosk) -> None:
    id = kiosk.left[-1].id
    cases.claim(id, WORKER, NOW)
    cases.close(id, WORKER, [ResultKind.COLLEGE], NOW)


@pytest.mark.parametrize(
    "typed",
    [
        "07700900123",
        "07700 900123",
        "07700 900 123",
        "0 7 7 0 0 9 0 0 1 2 3",
        "(07700) 900-123",
        "07700.900.123",
        "07700\N{NO-BREAK SPACE}900\N{NON-BREAKING HYPHEN}123",
        "+447700900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "+44(0)7700900123",
        "0044 7700 900123",
        "0044 (0) 7700 900123",
        "44 7700 900123",
        "7700 900123",
        "\N{LEFT-TO-RIGHT EMBEDDING}+44 7700 900123\N{POP DIRECTIONAL FORMATTING}",
        "\uff10\uff17\uff17\uff10\uff10\u3000\uff19\uff10\uff10\uff11\uff12\uff13",
        "\uff0b\uff14\uff14\uff08\uff10\uff09\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13",
        "٠٧٧٠٠ ٩٠٠١٢٣",
        "900123",
        "900 123",
        "0 900123",
        "00900123",
    ],
)
def test_a_number_is_found_however_it_is_typed_as_a_whole_or_by_its_last_digits(typed: str) -> None:
    assert found(typed) == ["Amina"]


@pytest.mark.parametrize(
    ("typed", "who"),
    [("020 7946 0123", "Sophie"), ("460123", "Sophie"), ("+48 601 234 567", "Olena"), ("0048601234567", "Olena")],
)
def test_so_is_one_of_a_house_and_one_of_another_country(typed: str, who: str) -> None:
    assert found(typed) == [who]


@pytest.mark.parametrize(
    "typed",
    [
        "1",
        "123",
        "0123",  # how two of them end
        "00123",
        "(0123)",
        "077009",  # how one begins
        "+44 7700",
        "07700 90012",
        "70090012",  # what stands in its midst
        "07700 900124",
        "17700 900123",
        "+48 7700 900123",
        "07700 900123 900123",
        "0601 234567",  # as if it were of this country
        "0" * 11,
        "9" * 100,
    ],
)
def test_too_few_digits_and_others_find_nobody(typed: str) -> None:
    assert found(typed) == []


def test_so_many_digits_at_the_end_are_enough_and_one_less_is_not() -> None:
    assert found(AMINA[-LEAST_DIGITS:]) == ["Amina"]
    assert found(AMINA[1 - LEAST_DIGITS :]) == []


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("amina 07700 900123", ["Amina"]),
        ("07700 900123 amina", ["Amina"]),
        ("Amina, +44 (0)7700-900123, barton", ["Amina"]),
        ("child 900123 bart", ["Amina"]),
        ("amina 460123", []),
        ("sophie 07700 900123", []),
        ("900123 amina 460123", []),
        ("barton 900123 234567", []),
        ("amina 123", []),
        ("900123x", []),
    ],
)
def test_name_and_number_together_must_both_be_theirs(typed: str, who: list[str]) -> None:
    assert found(typed) == who


@pytest.mark.parametrize("typed", ["21", "leys 21", "2026", "courses 2026/27", "2026 27 21 sophie"])
def test_digits_still_begin_a_word_of_topic_or_centre(typed: str) -> None:
    assert found(typed) == ["Sophie"]


@pytest.mark.promise(6)
def test_what_a_search_reads_shows_neither_name_nor_number_in_a_log() -> None:
    [shown] = map(repr, told(WAITING[:1]))

    assert shown == f"Told(id='{WAITING[0].id}')"


def test_a_worker_finds_who_rings_back_whether_they_wait_or_are_handled_until_that_is_deleted(
    worker: Worker, kiosk: Kiosk, cases: Cases, hub: Engine
) -> None:
    kiosk.leave("Amina H.", phone=AMINA)
    close(cases, kiosk)
    kiosk.leave("Sophie H.", phone=SOPHIE)
    close(cases, kiosk)
    kiosk.leave("Amina", phone=AMINA)
    kiosk.leave("Sophie", phone=SOPHIE)

    page = worker.post("/search", words="07700 900 123").text
    assert names(page) == ["Amina", "Amina H."]
    assert "1 request found." in page and "Handled, and not deleted yet" in page
    assert names(worker.post("/search", words="460123", centre="Rose Hill").text) == ["Sophie", "Sophie H."]
    assert names(worker.post("/search", words="460123", centre="Barton").text) == []
    assert purge(hub, 14, NOW + timedelta(days=15)) == 2
    assert names(worker.post("/search", words="900123").text) == ["Amina"]


def test_the_form_says_what_can_be_looked_for(worker: Worker) -> None:
    page = worker.get("/").text

    assert '<label class="govuk-label" for="words">Name, phone number, topic, centre or language</label>' in page
    assert f'id="words-hint">Of a number, the last {LEAST_DIGITS} digits are enough.<' in page
    assert 'aria-describedby="words-hint"' in page


def test_once_its_safe_time_is_over_no_more_of_a_number_is_shown_than_was_typed(
    visitor: Worker, kiosk: Kiosk, clock: Clock
) -> None:
    clock.now = NOW.replace(hour=14, minute=29)  # it is safe until half past
    visitor.sign_in()
    id = kiosk.leave("Amina", phone=AMINA)
    assert "07700 900123" in visitor.ring(id)
    clock.forward(timedelta(minutes=1))
    by_number, by_name = (
        without_what_is_random(visitor.post("/search", words=typed).text, id) for typed in ("900123", "amina")
    )

    assert names(by_number) == names(by_name) == ["Amina"]
    assert "7700" not in by_number and by_number.count("900123") == 1
    assert "900123" not in by_name


@pytest.mark.promise(37)
def test_to_a_worker_of_another_centre_it_is_a_number_like_any_other(
    app: Flask, hub: Engine, kiosk: Kiosk, cases: Cases
) -> None:
    kiosk.leave("Amina", phone=AMINA)
    kiosk.leave("Amina", phone=SOPHIE)
    close(cases, kiosk)
    theirs = colleague(app)
    with hub.begin() as connection:
        put_centres(connection, People(hub).get(COLLEAGUE).id, ["Barton"])
    unknown = "07700 900999"

    def page(typed: str, **fields: str) -> str:
        return without_what_is_random(theirs.post("/search", words=typed, **fields).text).replace(typed, unknown)

    for typed in ("07700 900123", "900123", "020 7946 0123", "amina 900123"):
        assert page(typed) == page(unknown)
        assert page(typed, centre="Rose Hill") == page(unknown, centre="Rose Hill")
    assert [(look.worker, look.rows) for look in Looks(hub).find() if look.searches] == [(COLLEAGUE, 0)]


def test_the_number_that_was_looked_for_is_in_no_address_file_or_log(
    worker: Worker, kiosk: Kiosk, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk.leave("Amina", phone=AMINA)
    with caplog.at_level(logging.DEBUG):
        answer = worker.post("/search", words="07700 900123")
    kept = [file.read_bytes() for file in settings.data.iterdir()]

    assert names(answer.text) == ["Amina"]
    assert answer.request.query_string == b""
    assert answer.headers["Cache-Control"] == "no-store"
    for spelling in ("07700 900123", "07700900123", "447700900123", "7700900123"):
        assert spelling not in caplog.text
        assert not any(spelling.encode() in file for file in kept)
