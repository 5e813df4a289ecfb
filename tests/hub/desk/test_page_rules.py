"""What every page of the desk has: one title, headings in their order, one main button, a way back, and units that agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from kiosk.hub.cases import Cases
from kiosk.hub.people import People
from tests.hub.desk.conftest import Worker
from tests.hub.desk.odd_arrivals import double
from tests.hub.desk.packs import keep
from tests.hub.desk.people import COLLEAGUE, NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import sealed_for_another_team, words
from tests.hub.desk.test_set_aside_pages import keep_apart
from tests.pack.signed_packs import built

# Pages that the bar on top leads to, and those that are shown instead of one that was asked for.
TOP = ("/", "/handled", "/report", "/kiosks", "/team", "/packs", "/account", "/idle", "/nowhere")
HEADING = re.compile(r"<h([1-6])[ >]")
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
MAIN_BUTTON = re.compile(r'<(?:button|a)[^>]*class="govuk-button(?: desk-call)?"')
DISAGREES = re.compile(r"\b1 (?:days|hours|minutes|requests|kiosks|centres|pages|calls|notes)\b")


@pytest.fixture
def pages(worker: Worker, kiosk: Kiosk, hub: Engine, cases: Cases) -> Iterator[list[str]]:
    """The addresses of a page of each kind, with something on it."""
    mine, others = kiosk.leave("Amina"), kiosk.leave("Sophie", may_leave_message=True)
    cases.claim(mine, WORKER, NOW)
    cases.claim(others, COLLEAGUE, NOW)
    twice, apart = double(kiosk), keep_apart(kiosk)
    broken = sealed_for_another_team(kiosk)
    who, machine = People(hub).get(COLLEAGUE).id, kiosk.identity.kiosk
    pack = keep(hub, built(5)).sha256
    sheets = [f"/requests/{id}" for id in (mine, others, kiosk.leave("Marta"))]
    yield [
        *TOP,
        *sheets,
        *(f"{sheets[0]}/{page}" for page in ("access", "delete")),
        f"/requests/{broken}/delete",
        *("/team/lists", "/team/new", "/team/key", f"/team/{who}", f"/team/{who}/remove"),
        *("/kiosks/new", "/kiosks/set-aside", f"/kiosks/{machine}", f"/kiosks/{machine}/revoke"),
        *(twice, f"{twice}/delete", apart, f"{apart}/delete"),
        *(f"/packs/{pack}", "/packs/publishers", "/clock", "/privacy"),
    ]


def faults(address: str, page: str) -> Iterator[str]:
    """Say what a page has that none should have, or lacks."""
    levels = [int(level) for level in HEADING.findall(page)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} titles"
    # What went wrong, or waits for a lead, stands above the title.
    after = levels[levels.index(1) :] if 1 in levels else levels
    yield from (f"h{now} below h{before}" for before, now in pairwise(after) if now > before + 1)
    if (buttons := len(MAIN_BUTTON.findall(TABLE.sub("", page)))) > 1:
        yield f"{buttons} main buttons"
    if address not in TOP and "govuk-back-link" not in page:
        yield "no way back"
    yield from DISAGREES.findall(words(page))


def test_every_page_keeps_the_rules_of_the_desk(worker: Worker, pages: list[str]) -> None:
    wrong = {address: [*faults(address, worker.get(address).text)] for address in pages}

    assert {address: found for address, found in wrong.items() if found} == {}


def test_a_page_that_breaks_them_is_told_of() -> None:
    button = '<button type="submit" class="govuk-button" data-module="govuk-button">Send</button>'
    page = f"<h1>One</h1><h3>Three</h3>{button * 2}<p>1 days</p>"

    assert [*faults("/requests/1", page)] == ["h3 below h1", "2 main buttons", "no way back", "1 days"]
    assert [*faults("/", f"<h2>Error</h2><h1>One</h1><table>{button * 2}</table>{button}")] == []
    assert [*faults("/", "<p>Nothing</p>")] == ["0 titles"]


def test_the_privacy_notice_has_a_way_back_for_everybody(visitor: Worker, clock: Clock) -> None:
    assert 'href="/sign-in" class="govuk-back-link">Sign in</a>' in visitor.get("/privacy").text
    visitor.sign_in()
    assert 'href="/" class="govuk-back-link">All requests</a>' in visitor.get("/privacy").text


def test_what_may_be_done_does_not_look_like_what_must_not(worker: Worker, kiosk: Kiosk) -> None:
    never, may = kiosk.leave("Amina"), kiosk.leave("Sophie", may_leave_message=True)

    assert "DO NOT LEAVE A MESSAGE" in worker.sheet(never) and "desk-alert--calm" not in worker.sheet(never)
    assert "You may leave a message:" in worker.sheet(may) and "desk-alert--calm" in worker.sheet(may)
