"""A request that is set aside is not lost by one press: it is asked once more, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from kiosk.hub.cases import Cases
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.copies import copy_beside
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.retention import erase
from tests.hub.desk.conftest import Worker
from tests.hub.desk.odd_arrivals import copy_disk, double
from tests.hub.desk.people import NOW, WORKER, Kiosk
from tests.hub.desk.reading import words

Lay = Callable[[Kiosk], str]


def keep_apart(kiosk: Kiosk) -> str:
    """Let a copy bring a request, and return the page that shows it."""
    copy_disk(kiosk)
    [one] = KeptApart(kiosk.store.engine).find()
    return f"/kiosks/apart/{one.id}/{one.sha256}"


def count_set_aside(hub: Engine) -> int:
    return len(Conflicts(hub).find()) + len(KeptApart(hub).find())


@pytest.mark.parametrize(
    ("lay", "name", "logged"), [(double, "Sophie", "other deleted"), (keep_apart, "Kept apart", "kept apart: deleted")]
)
def test_one_press_deletes_nothing_and_the_one_on_the_page_that_asks_does(
    worker: Worker, kiosk: Kiosk, hub: Engine, cases: Cases, lay: Lay, name: str, logged: str
) -> None:
    page = lay(kiosk)
    shown, asked = worker.get(page).text, worker.get(f"{page}/delete").text
    left = count_set_aside(hub)
    worker.post(f"{page}/delete", f"{page}/delete")

    assert f'action="{page}/delete"' not in shown and f'href="{page}/delete"' in shown
    assert f'action="{page}/delete"' in asked and f'href="{page}">Go back</a>' in asked
    assert f"Delete the request of <bdi>{name}</bdi>?" in asked and "It cannot be taken back." in asked
    assert (left, count_set_aside(hub)) == (1, 0)
    assert [one.what for one in cases.find_settled()] == [logged]
    assert worker.get(f"{page}/delete").status_code == 404


def test_to_be_asked_is_a_look_at_both_of_a_number_and_says_which_stays(
    worker: Worker, kiosk: Kiosk, hub: Engine, cases: Cases
) -> None:
    page, id = double(kiosk), kiosk.left[0].id
    stays = words(worker.get(f"{page}/delete").text)
    looks = cases.find_accesses(id)
    erase(hub, id, NOW, WORKER)

    assert "The request of Amina , which has the same number and is on the desk, stays." in stays
    assert looks == [(WORKER, NOW, "both compared")]
    assert "then nothing of it is left" in worker.get(f"{page}/delete").text


def test_a_copy_that_still_holds_it_is_told_of(worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
    page = double(kiosk)
    copy_beside(hub, NOW - timedelta(days=1))  # before it came
    without = worker.get(f"{page}/delete").text
    copy_beside(hub, NOW)

    told = "still holds it, locked, and is deleted on Sat 5 Dec."
    assert told not in without and told in worker.get(f"{page}/delete").text
