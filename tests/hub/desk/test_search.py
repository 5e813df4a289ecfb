"""Search of the list: what is found, and that nobody else learns what was looked for."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.hub.accounts import put_centres
from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.people import People
from kiosk.hub.search import find
from kiosk.settings import Settings
from tests.callbacks.samples import request
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, NOW, WORKER, Kiosk
from tests.hub.desk.reading import colleague, names


@pytest.fixture
def settings(on_both: Settings) -> Settings:
    return on_both


THREE = (
    {"name": "Zoë Kovač", "centre": "Rose Hill", "topic": "Paying for childcare", "language": "pl"},
    {"name": "Amina", "centre": "Barton", "topic": "Learning English", "language": "ar", "interpreter": True},
    {"name": "O'Neill-Smith", "centre": "Barton"},
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("zoe", ["Zoë Kovač"]),
        ("KOVAČ", ["Zoë Kovač"]),
        ("child", ["Zoë Kovač"]),
        ("care", []),
        ("arabic", ["Amina"]),
        ("interpreter barton", ["Amina"]),
        ("rose", ["Zoë Kovač"]),
        ("smith", ["O'Neill-Smith"]),
        ("neill o", ["O'Neill-Smith"]),
        ("english", ["Amina", "O'Neill-Smith"]),
        ("  ", ["Zoë Kovač", "Amina", "O'Neill-Smith"]),
        ("%", ["Zoë Kovač", "Amina", "O'Neill-Smith"]),
        ("amina kovac", []),
        ("00123", []),
    ],
)
def test_each_word_begins_a_word_of_name_topic_centre_or_language(words: str, found: list[str]) -> None:
    assert [one.name for one in find([request(**one) for one in THREE], words)] == found


def test_a_centre_alone_or_with_words_narrows_the_list(worker: Worker, kiosk: Kiosk) -> None:
    for one in THREE:
        kiosk.leave(**one)
    assert names(worker.post("/search", centre="Barton").text) == ["Amina", "O&#39;Neill-Smith"]
    assert names(worker.post("/search", words="amina", centre="Barton").text) == ["Amina"]
    assert names(worker.post("/search", words="amina", centre="Rose Hill").text) == []


def test_the_page_shows_what_was_found_and_the_way_back(worker: Worker, kiosk: Kiosk) -> None:
    kiosk.leave("Amina")
    kiosk.leave("Sophie")
    page = worker.post("/search", words="sop").text

    assert names(page) == ["Sophie"]
    assert "1 request found." in page
    assert 'value="sop"' in page
    assert '<a class="govuk-link" href="/">Show all requests</a>' in page
    assert "2 open" in page


def test_what_is_handled_is_found_as_well_by_whoever_may_see_it(
    app: Flask, worker: Worker, hub: Engine, kiosk: Kiosk, cases: Cases
) -> None:
    kiosk.leave("Amina B.")
    handled, other = kiosk.leave("Amina H."), kiosk.leave("Sophie")
    for id in (handled, other):
        cases.claim(id, WORKER, NOW)
        cases.close(id, WORKER, [ResultKind.COLLEGE], NOW)
    page, theirs = worker.post("/search", words="amina"), colleague(app)

    assert names(page.text) == ["Amina B.", "Amina H."]
    assert "1 request found." in page.text
    assert f'href="/requests/{handled}"><bdi>Amina H.</bdi></a>, Rose Hill, closed Sat 21 Nov, 11:52' in page.text
    assert "Sophie" not in page.text and "Amina H." not in worker.post("/search", centre="Rose Hill").text
    assert "Amina H." not in worker.post("/search", words="amina", centre="Barton").text
    assert "Amina H." in theirs.post("/search", words="amina").text
    assert "No request that waits was found." in worker.post("/search", words="sophie").text
    with hub.begin() as connection:
        put_centres(connection, People(hub).get(COLLEAGUE).id, ["Barton"])
    assert "Amina" not in theirs.post("/search", words="amin").text


def test_nothing_found_says_so(worker: Worker, kiosk: Kiosk) -> None:
    kiosk.leave("Amina")

    assert "0 requests found." in worker.post("/search", words="nobody").text
    assert "Try only the first letters of a word." in worker.post("/search", words="nobody").text
    assert "Try only" not in worker.post("/search", words="ami").text
    assert "Nobody waits for a call." not in worker.post("/search", words="nobody").text


def test_what_was_looked_for_is_in_no_address_file_or_log(
    worker: Worker, kiosk: Kiosk, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk.leave("Canary")
    with caplog.at_level(logging.DEBUG):
        answer = worker.post("/search", words="Canary")

    assert "Canary" in answer.text
    assert answer.request.query_string == b""
    assert "Canary" not in caplog.text
    assert not any(b"Canary" in file.read_bytes() for file in settings.data.iterdir())


def test_the_address_of_a_search_opened_anew_leads_to_the_whole_list(worker: Worker, kiosk: Kiosk) -> None:
    kiosk.leave("Amina")
    answer = worker.get("/search?words=Canary")

    assert (answer.status_code, answer.location) == (303, "/")
    assert names(worker.get(answer.location).text) == ["Amina"]
