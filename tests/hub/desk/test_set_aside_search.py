"""Whoever asks for all that is held of them may have nothing but what is set aside: a lead finds it, copies it, deletes it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from kiosk.callbacks.seal import seal
from kiosk.hub import set_aside_pages, set_aside_search
from kiosk.hub.cases import Cases
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.desk_tables import list_looks
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.notes import Notes
from kiosk.hub.retention import purge
from kiosk.hub.set_aside import START, Kind, Mark, find_part, read_mark
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.odd_arrivals import copy_disk, double
from tests.hub.desk.people import NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import colleague, names, sealed_for_another_team, words
from tests.hub.desk.test_quarantine import signed_for_another, signed_with_another_inside

FOUND = re.compile(r'<a class="govuk-link govuk-link--no-visited-state" href="(/kiosks/[^"]+)"><bdi>([^<]+)</bdi>')
MALFORMED = {"name": "Yolanda Q.", "phone": "+447700900777", "asked_at": "0001-01-01T00:00:00Z"}


def lay_all(kiosk: Kiosk) -> None:
    """Set one request aside in each way in which that can be."""
    double(kiosk, "Amina", "Sophie")
    copy_disk(kiosk)
    signed_for_another(kiosk, "id")
    signed_with_another_inside(kiosk, MALFORMED)
    sealed_for_another_team(kiosk)


def found(page: str) -> list[tuple[str, str]]:
    """What a page of the list found among what is set aside: each with its address."""
    return [(name, at) for at, name in FOUND.findall(page)]


def add_others(kiosk: Kiosk, *others: str) -> UUID:
    """Leave a request, and hand in others under its number."""
    id = kiosk.leave("First")
    for name in others:
        kiosk.hand_in(seal(replace(kiosk.left[-1], name=name), kiosk.identity))
    return id


@pytest.mark.promise(35)
def test_a_lead_finds_by_name_or_number_whoever_lies_under_set_aside_alone_and_apart_from_the_list(
    worker: Worker, kiosk: Kiosk, hub: Engine, cases: Cases
) -> None:
    lay_all(kiosk)

    for typed, name, page_of, why in (
        ("soph", "Sophie", "/kiosks/set-aside/", "It came under the number of another request."),
        ("kept apart", "Kept apart", "/kiosks/apart/", "A second machine with the disk of that kiosk brought it."),
        ("zebedee", "Zebedee", "/kiosks/broken/", "not the one named on it."),
        ("07700 900777", "Yolanda Q.", "/kiosks/broken/", "breaks its own limits."),
    ):
        # The centre inside may be a lie, so none that is chosen hides it.
        page = worker.post("/search", words=typed, centre="Barton").text
        [(said, address)] = found(page)
        shown = worker.get(address).text

        assert (said, address.startswith(page_of)) == (name, True)
        assert "0 requests found." in page and "1 set aside</a>" in page
        assert why in words(page) and "Set aside, not to be rung" in page
        assert "<table" not in page and "/claim" not in page
        assert name in shown and "They ask for a copy" in shown
        assert cases.find_accesses(UUID(address.split("/")[3]))[-1][0] == WORKER
    assert "Nothing of this person was found here." in worker.post("/search", words="nobody").text
    with hub.connect() as connection:
        assert connection.execute(select(list_looks.c.rows).where(list_looks.c.what == "search")).scalar_one() == 4


def copy_and_delete(worker: Worker, name: str) -> str:
    """Find somebody, hand out a copy of both kinds, delete it, look that it is gone; return the digest of its envelope."""
    [(_, page)] = found(worker.post("/search", words=name).text)
    id, sha256 = page.split("/")[3:]
    at = f"/kiosks/set-aside/{id}/{sha256}/copy"
    printed, copy = worker.post(f"{at}/print"), json.loads(worker.post(at).data)
    [asking] = re.findall(r'href="([^"]+/delete)"', worker.get(page).text)

    assert f"Name {name}" in words(printed.text) and f'href="{page}"' in printed.text
    assert copy["request"]["name"] == name and copy["came"]["sha256 of the sealed request"] == sha256
    assert copy["why it is set aside, and nobody rings"]
    assert [one["what"] for one in copy["who saw it"]][-1] == "set aside: copied"
    assert f"Delete the request of <bdi>{name}</bdi>?" in worker.get(asking).text
    worker.post(asking, asking)
    assert worker.get(page).status_code == worker.post(at).status_code == 404
    assert found(worker.post("/search", words=name).text) == []
    return sha256


@pytest.mark.promise(34)
def test_nothing_of_what_was_deleted_is_left_in_a_file(
    worker: Worker, kiosk: Kiosk, hub: Engine, settings: Settings
) -> None:
    lay_all(kiosk)
    envelopes = [
        *kiosk.store.find_open_envelopes(),
        *KeptApart(hub).find_held(0, 9),
        *Conflicts(hub).find_others(0, 9),
    ]

    for name in ("Sophie", "Kept apart", "Zebedee", "Yolanda Q."):
        sha256 = copy_and_delete(worker, name)
        [gone] = [held.blob for held in envelopes if held.sha256 == sha256]
        assert not any(gone[1000:1064] in file.read_bytes() for file in settings.data.iterdir())


class TestInEachDatabase:
    @pytest.fixture
    def settings(self, on_both: Settings) -> Settings:
        return on_both

    def test_a_lead_hands_out_a_copy_of_it_and_deletes_it_and_it_is_found_no_more(
        self, worker: Worker, kiosk: Kiosk
    ) -> None:
        copy_disk(kiosk)
        double(kiosk, "Amina", "Sophie")

        for name in ("Sophie", "Kept apart"):
            copy_and_delete(worker, name)
        assert names(worker.get("/").text) == ["Amina", "Amina", "Amina"]

    @pytest.mark.promise(34)
    def test_what_nobody_can_read_is_told_of_with_every_search_and_no_purge_deletes_it(
        self, worker: Worker, kiosk: Kiosk, hub: Engine
    ) -> None:
        id = sealed_for_another_team(kiosk)
        sealed_for_another_team(kiosk)
        purge(hub, 14, NOW + timedelta(days=400))
        page = worker.post("/search", words="canary").text
        [address] = re.findall(rf'href="(/kiosks/broken/{id}/[^"]+)"', worker.get("/kiosks/set-aside").text)
        shown, copy = worker.get(address).text, worker.post(address.replace("broken", "set-aside") + "/copy")

        told = (
            "Nobody can read 2 that are set aside, so nobody knows whose they are. Each stays until a lead deletes it."
        )
        assert told in page and found(page) == []
        assert "Nobody can read whose it is." in shown and "They ask for a copy" not in shown
        assert copy.status_code == 409
        worker.post(f"/requests/{id}/delete")
        assert "Nobody can read 1 that is set aside" in worker.post("/search", words="canary").text

    def test_what_was_noted_while_it_was_on_the_desk_is_in_its_copy_and_is_deleted_with_it(
        self, worker: Worker, kiosk: Kiosk, hub: Engine, clock: Clock
    ) -> None:
        page, id = double(kiosk, "Amina", "Sophie"), kiosk.left[0].id
        worker.ring(id)
        worker.post(f"/requests/{id}/attempts", kind="no-answer", once=str(uuid4()))
        worker.post(f"/requests/{id}/notes", note="Amina's sister picks up", once=str(uuid4()))
        clock.forward(timedelta(minutes=1))
        worker.post(f"{page}/swap")
        clock.forward(timedelta(minutes=1))
        worker.ring(id)
        worker.post(f"/requests/{id}/notes", note="Sophie has moved", once=str(uuid4()))
        [(_, aside)] = found(worker.post("/search", words="amina").text)
        copy = json.loads(worker.post(f"{aside}/copy").data)

        assert [note["text"] for note in copy["notes"]] == ["Amina's sister picks up"]
        assert [call["what"] for call in copy["calls"]] == ["No answer"]
        worker.post(f"{aside}/delete")
        assert len(Notes(hub).find(id)) == 1
        assert "Sophie has moved" in worker.sheet(id)


@pytest.mark.promise(37)
def test_a_worker_is_told_to_ask_a_lead_and_learns_nobody_by_it(
    app: Flask, worker: Worker, kiosk: Kiosk, settings: Settings
) -> None:
    other = colleague(app)
    before = other.post("/search", words="zebedee").text
    lay_all(kiosk)
    addresses = [found(worker.post("/search", words=name).text)[0][1] for name in ("sophie", "kept", "zebedee")]

    def page(typed: str) -> str:
        text = other.post("/search", words=typed, after="conflict-0").text
        return re.sub(r'name="csrf_token" value="[^"]+"', "", text).replace(typed, "")

    assert "Set aside" not in before
    assert "only a lead can search it." in page("zebedee")
    assert page("zebedee") == page("nobody") == page("07700 900777")
    assert "Zebedee" not in page("07700") and "Sophie" not in page("x")
    assert {other.get(at).status_code for at in addresses} == {403}
    for at in addresses:
        at = "/kiosks/set-aside/" + "/".join(at.split("/")[3:])
        assert {other.post(f"{at}/copy{how}").status_code for how in ("", "/print")} == {403}
    kept = [file.read_bytes() for file in settings.data.iterdir()]
    assert not any(name in file for name in (b"Zebedee", b"Yolanda", b"7700900777") for file in kept)


def test_of_many_a_search_opens_a_part_and_goes_on_where_it_ended(
    worker: Worker, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside_search, "AT_ONCE", 2)
    add_others(kiosk, "Sophie 1", "Nobody", "Sophie 2")
    signed_for_another(kiosk, "id")
    first = worker.post("/search", words="sophie").text
    [after] = re.findall(r'name="after" value="([^"]+)"', first)
    then = worker.post("/search", words="sophie", after=after).text

    assert [name for name, _ in found(first)] == ["Sophie 1"]
    assert "2 were searched, and there are more." in first
    assert [name for name, _ in found(then)] == ["Sophie 2"]
    assert 'name="after"' not in then
    assert found(worker.post("/search", words="zebedee", after=after).text)[0][0] == "Zebedee"


def test_of_many_each_page_lists_a_part_and_leads_to_the_next(
    worker: Worker, kiosk: Kiosk, hub: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside_pages, "ON_A_PAGE", 2)
    id = add_others(kiosk, "One", "Two", "Three")
    broken = signed_for_another(kiosk, "id")
    shas = [one.sha256 for one in Conflicts(hub).find()]
    listed, path = list[list[str]](), "/kiosks/set-aside"
    while path:
        page = worker.get(path).text
        listed.append(re.findall(r"/kiosks/(?:set-aside|broken)/[^/\"]+/([0-9a-f]+)", page))
        path = next(iter(re.findall(r'href="([^"]+)">See the next ones', page)), "")

    held = kiosk.store.find_envelope(broken)
    assert held
    assert listed == [shas[:2], [shas[2], held.sha256]]
    assert "3 requests came under numbers that were taken." in worker.get("/").text
    assert names(worker.get("/").text) == ["First"] and str(id) in worker.get("/").text


def test_where_three_came_under_a_number_the_copy_says_that_nobody_knows_whom_the_notes_are_about(
    worker: Worker, kiosk: Kiosk, hub: Engine, clock: Clock
) -> None:
    id = add_others(kiosk, "Sophie", "Olena")
    worker.ring(id)
    worker.post(f"/requests/{id}/notes", note="Ring the sister", once=str(uuid4()))
    clock.forward(timedelta(minutes=1))
    worker.post(f"/kiosks/set-aside/{id}/{Conflicts(hub).find()[0].sha256}/swap")
    [(_, aside)] = found(worker.post("/search", words="olena").text)
    copy = worker.post(f"{aside}/copy").text

    assert "More than two came under this number." in copy
    assert "Ring the sister" not in copy


def test_whatever_somebody_wrote_inside_hides_nobody_else_and_can_be_shown_and_copied(
    worker: Worker, kiosk: Kiosk
) -> None:
    deep: list[object] = []
    for _ in range(700):
        deep = [deep]
    signed_with_another_inside(kiosk, {"name": deep, "phone": 10**300, "topic": None, "": {"\0": []}})
    signed_with_another_inside(kiosk, {"name": "Zoe", "phone": {"a": 1}, "safe_times": [1, [2, None]], "topic": True})
    pages = re.findall(r'href="(/kiosks/broken/[^"]+)"', worker.get("/kiosks/set-aside").text)

    assert [name for name, _ in found(worker.post("/search", words="zoe").text)] == ["Zoe"]
    assert len(pages) == 2
    for page in pages:
        copy = page.replace("broken", "set-aside") + "/copy"
        assert worker.get(page).status_code == worker.get(f"/requests/{page.split('/')[3]}/delete").status_code == 200
        assert worker.post(copy).status_code == worker.post(f"{copy}/print").status_code == 200


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("conflict-12", Mark(Kind.DOUBLED, 12)),
        ("", START),
        ("conflict", START),
        ("elsewhere-1", START),
        ("apart--1", START),
        ("broken-99999999999", START),
        ("apart-1 or 1=1", START),
    ],
)
def test_a_place_that_is_none_is_the_start(said: str, mark: Mark) -> None:
    assert read_mark(said) == mark
    assert read_mark(str(mark)) == mark


def test_parts_of_every_size_together_hold_everything_once() -> None:
    class One:
        def __init__(self, sequence: int) -> None:
            self.sequence = sequence

    all_of = {
        kind: [One(number) for number in numbers] for kind, numbers in zip(Kind, ([2, 5], [], [1, 3, 4]), strict=True)
    }
    sources = {
        kind: lambda after, most, ones=ones: [one for one in ones if one.sequence > after][:most]
        for kind, ones in all_of.items()
    }
    for most in range(1, 7):
        seen, after = list[tuple[Kind, One]](), START
        while after:
            part, after = find_part(after, most, sources)  # type: ignore[assignment]
            assert len(part) <= most
            seen += part
        assert seen == [(kind, one) for kind, ones in all_of.items() for one in ones]
