"""A whole directory over real HTTP: read politely, gone on with after a cut, refused row by row."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.childcare.sources.feed import Feed, Notebook, read_feed, services_url
from kiosk.childcare.sources.polite import USER_AGENT, PoliteHost
from kiosk.childcare.sources.reading import Refused
from kiosk.errors import ChildcareFileFaulty, FeedUnreachable
from tests.childcare.directories import OUTPOST_SERVICE, V1_SERVICE, V3_SERVICE, Directory, serving

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def nurseries(number: int) -> list[dict]:
    """So many nurseries, each with an id of its own."""
    each = [deepcopy(V3_SERVICE) for _ in range(number)]
    for key, service in enumerate(each, 1):
        service |= {"id": f"n/{key}", "name": f"Nursery {key}", "identifiers": []}
    return each


def read(directory: Directory, folder: Path, now: datetime = NOON, waits: list[float] | None = None):
    feed = Feed(services_url(directory.url), "council", "Family Information")
    line = PoliteHost(feed.url, 0.5, (waits if waits is not None else []).append)
    try:
        return read_feed(feed, line.fetch, Notebook(folder / "council.jsonl"), now)
    finally:
        line.close()


def names(reading) -> list[str]:
    return [provider.name for provider in reading.providers]


def test_a_directory_of_version_3_is_read_page_by_page_with_each_services_own_page(tmp_path):
    with serving(Directory(nurseries(5))) as directory:
        reading = read(directory, tmp_path)

    assert names(reading) == [f"Nursery {key}" for key in range(1, 6)]
    assert reading.providers[0].address == ("1 Example Lane", "Oxford")
    assert (reading.rows, reading.refused, reading.as_at) == (5, [], NOON.date())
    assert directory.asked[0] == "/api/services?per_page=100&page=1"
    assert directory.asked[1] == "/api/services/n%2F1"
    assert len(directory.asked) == 3 + 5


@pytest.mark.parametrize("services", [[V1_SERVICE], [OUTPOST_SERVICE, {**OUTPOST_SERVICE, "id": 11, "meta": []}]])
def test_rows_that_hold_their_place_need_no_page_of_their_own(tmp_path, services):
    with serving(Directory(services, version=1)) as directory:
        reading = read(directory, tmp_path)

    assert len(reading.providers) == len(services)
    assert len(directory.asked) == 1


def test_we_come_under_our_own_name_one_at_a_time_and_with_a_pause(tmp_path):
    waits: list[float] = []
    with serving(Directory(nurseries(3))) as directory:
        read(directory, tmp_path, waits=waits)

    assert directory.agents == {USER_AGENT}
    assert directory.at_once == 0
    assert waits == [0.5] * (len(directory.asked) - 1)


@pytest.mark.parametrize(("said", "seconds"), [("7", 7.0), ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0), ("soon", 10.0)])
@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_us_to_wait_is_waited_for(tmp_path, status, said, seconds):
    waits: list[float] = []
    with serving(Directory(nurseries(1))) as directory:
        directory.instead = lambda number, _: (status, {"Retry-After": said}, b"") if number == 2 else None
        reading = read(directory, tmp_path, waits=waits)

    assert names(reading) == ["Nursery 1"]
    assert waits == [0.5, seconds, 0.5]


def test_who_asks_us_to_wait_an_hour_is_left_and_what_was_read_is_kept(tmp_path):
    with serving(Directory(nurseries(2))) as directory:
        directory.instead = lambda number, _: (429, {"Retry-After": "3600"}, b"") if number == 3 else None
        with pytest.raises(FeedUnreachable, match=r"asks us to come back later\. What was read is kept"):
            read(directory, tmp_path)
        assert names(read(directory, tmp_path)) == ["Nursery 1", "Nursery 2"]

    assert directory.asked.count("/api/services/n%2F1") == 1


def refuse_after(directory: Directory, number: int) -> None:
    directory.instead = lambda asked, _: (400, {}, b"") if asked > number else None


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_directory_that_was_cut_anywhere_is_gone_on_with(tmp_path, cut):
    with serving(Directory(nurseries(5))) as directory:
        refuse_after(directory, cut)
        if cut < 8:
            with pytest.raises(FeedUnreachable):
                read(directory, tmp_path)
        directory.instead = lambda *_: None
        reading = read(directory, tmp_path)

    assert names(reading) == [f"Nursery {key}" for key in range(1, 6)]
    details = [path for path in directory.asked[:cut] + directory.asked[cut + 1 :] if "n%2F" in path]
    assert len(details) == len(set(details)) == 5


@pytest.mark.parametrize("lost", [1, 30, 200])
def test_a_line_that_a_cut_tore_is_read_again(tmp_path, lost):
    with serving(Directory(nurseries(4))) as directory:
        refuse_after(directory, 5)
        with pytest.raises(FeedUnreachable):
            read(directory, tmp_path)
        notes = tmp_path / "council.jsonl"
        notes.write_bytes(notes.read_bytes()[:-lost])
        directory.instead = lambda *_: None

        assert names(read(directory, tmp_path)) == [f"Nursery {key}" for key in range(1, 5)]


def page_of(rows: list[dict], pages: int, total: int, last: bool = False) -> bytes:
    return json.dumps({"contents": rows, "total_pages": pages, "total_items": total, "last_page": last}).encode()


@pytest.mark.parametrize("page", [page_of([], 3, 5), page_of([], 0, 0), page_of([], 2, 5, last=True)])
def test_a_directory_that_ends_too_early_is_gone_on_with_later(tmp_path, page):
    with serving(Directory(nurseries(5))) as directory:
        directory.instead = lambda _, path: (200, {}, page) if path.endswith("page=2") else None
        with pytest.raises(FeedUnreachable, match="ends on page 2 with 2 services") as refusal:
            read(directory, tmp_path)
        directory.instead = lambda *_: None

        assert "What was read is kept" in refusal.value.remedy
        assert names(read(directory, tmp_path)) == [f"Nursery {key}" for key in range(1, 6)]
    assert directory.asked.count("/api/services/n%2F1") == 1


def test_half_a_list_of_last_week_is_begun_anew(tmp_path):
    with serving(Directory(nurseries(3))) as directory:
        refuse_after(directory, 3)
        with pytest.raises(FeedUnreachable):
            read(directory, tmp_path)
        directory.instead = lambda *_: None
        directory.services = nurseries(1)

        assert names(read(directory, tmp_path, NOON + timedelta(days=7))) == ["Nursery 1"]


def test_nothing_of_a_home_is_ever_written_down(tmp_path):
    home = {**deepcopy(V1_SERVICE), "id": "x"}
    with serving(Directory([home, *nurseries(1)], version=1)) as directory:
        read(directory, tmp_path)

    noted = (tmp_path / "council.jsonl").read_text(encoding="utf-8")
    assert "Sunny Childminding" in noted
    assert "Elm Road" not in noted and "4UA" not in noted.split("Nursery 1")[0] and "Ann Persona" not in noted


def test_the_standards_own_nonsense_is_refused_row_by_row_and_the_rest_is_listed(tmp_path):
    good, north, abroad, placeholder = nurseries(4)
    north["service_at_locations"][0]["location"]["latitude"] = 100
    abroad["service_at_locations"][0]["location"]["addresses"][0]["country"] = "US"
    placeholder["name"] = "string"
    gone = {"id": "gone", "name": "Nursery of yesterday"}
    with serving(Directory([good, north, abroad, placeholder, gone, 7, {"name": "Nursery"}], size=3)) as directory:
        directory.instead = lambda _, path: (404, {}, b"") if path.endswith("/gone") else None
        directory.services = [each if isinstance(each, dict) else {} for each in directory.services]
        reading = read(directory, tmp_path)

    assert names(reading) == ["Nursery 1"]
    assert reading.refused == [
        Refused(2, "has coordinates outside Great Britain", "n/2"),
        Refused(3, "is in another country", "n/3"),
        Refused(4, "has no name", "n/4"),
        Refused(5, "is on a page of the list, but has no page of its own", "gone"),
        Refused(6, "has no id", "?5"),
        Refused(7, "has no id", "?6"),
    ]


@pytest.mark.parametrize(
    ("status", "headers", "body", "says"),
    [
        (302, {"Location": "http://elsewhere.invalid/api/services"}, b"", "sends us to another host"),
        (302, {"Location": "/api/services"}, b"", "round in circles"),
        (200, {"Content-Type": "text/html"}, b"<html>Sign in</html>", "does not answer in JSON"),
        (200, {}, b"[" * 100_000, "does not answer in JSON"),
        (200, {}, b'{"contents": 7}', "no list of services as Open Referral UK"),
        (200, {}, b'["\xff"]', "does not answer in JSON|no list of services"),
        (200, {"Content-Length": "99"}, b"{", "does not answer"),
        (404, {}, b"", "has no such page"),
        (403, {}, b"", "answers with status 403"),
        (500, {}, b"", "come back later"),
    ],
)
def test_what_is_no_directory_is_refused_in_a_sentence(tmp_path, status, headers, body, says):
    with serving(Directory(nurseries(1))) as directory:
        directory.instead = lambda *_: (status, headers, body)
        with pytest.raises(FeedUnreachable, match=says) as refusal:
            read(directory, tmp_path)
    assert refusal.value.remedy


def test_a_page_may_move_about_on_its_own_host(tmp_path):
    with serving(Directory(nurseries(1))) as directory:
        directory.instead = lambda number, path: (307, {"Location": path}, b"") if number == 1 else None

        assert names(read(directory, tmp_path)) == ["Nursery 1"]


def test_an_answer_that_does_not_end_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("kiosk.childcare.sources.polite.BYTES_AT_MOST", 1_000)
    with (
        serving(Directory(nurseries(50), size=50)) as directory,
        pytest.raises(FeedUnreachable, match="does not end"),
    ):
        read(directory, tmp_path)


@pytest.mark.parametrize(
    "url", ["", "example", "ftp://example.org", "https://", "https://user:pw@example.org", "https://[", "https://a:b"]
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ChildcareFileFaulty, match="not the address of a directory"):
        services_url(url)


def test_an_address_that_anybody_could_change_on_the_way_is_refused():
    with pytest.raises(FeedUnreachable, match="not safe"):
        PoliteHost(services_url("http://example.org/api"))


def test_an_address_keeps_what_it_asks_for(tmp_path):
    url = "https://example.org/api/v1/services/?taxonomies=childcare"
    assert services_url(url) == "https://example.org/api/v1/services?taxonomies=childcare"
    with serving(Directory(nurseries(1))) as directory:
        directory.url += "?taxonomies=childcare"
        read(directory, tmp_path)
    assert directory.asked[0] == "/api/services?per_page=100&taxonomies=childcare&page=1"


pages = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["contents", "content", "id", "name", "total_pages", "last", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(answers=st.lists(pages, min_size=1, max_size=3))
def test_whatever_a_directory_answers_it_is_a_reading_or_a_refusal(tmp_path, answers):
    notes = tmp_path / "fuzzed.jsonl"
    notes.unlink(missing_ok=True)
    left = [json.loads(json.dumps(each)) for each in answers]
    try:
        reading = read_feed(
            Feed("http://localhost/services", "council", "Council"),
            lambda _url: left.pop(0) if left else {"contents": []},
            Notebook(notes),
            NOON,
        )
    except FeedUnreachable as refusal:
        assert refusal.remedy
    else:
        assert len(reading.providers) + len(reading.refused) <= reading.rows
