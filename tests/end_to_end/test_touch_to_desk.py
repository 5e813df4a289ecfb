"""The main job, whole: a parent's touches, a sealed request, a real hub, a support worker's browser."""

from __future__ import annotations

import logging
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kiosk.callbacks.contract import Counts
from kiosk.hub.vendor import install
from tests.end_to_end.canary import traces
from tests.end_to_end.whole import (
    CANARIES,
    NAME,
    Whole,
    ask_for_a_call,
    send,
    sign_in,
    stand_clear_of_midnight,
)
from tests.hub.desk.browsing import BROWSER, chromium
from tests.processes import reserved, wait_until
from tests.ui.driving import Kiosk

pytestmark = BROWSER
DELIVERED = Counts(waiting=0, delivered=1, set_aside=0)


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    install()
    whole = Whole(tmp_path)
    try:
        whole.make()
        yield whole
    finally:
        if whole.hub:
            whole.hub.kill()


@pytest.fixture
def kiosk(window: None, whole: Whole) -> Iterator[Kiosk]:
    driven = Kiosk(whole.services())
    driven.resize(1080, 1920)
    yield driven
    driven.stop()


def tombstones(whole: Whole) -> list[tuple[str, str]]:
    """Return what the kiosk still knows: id and digest of each request that was delivered, and no envelope."""
    connection = sqlite3.connect(whole.kiosk_data / "outbox.sqlite")
    try:
        assert connection.execute("SELECT count(*) FROM envelopes").fetchone() == (0,)
        return connection.execute("SELECT id, sha256 FROM tombstones").fetchall()
    finally:
        connection.close()


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow by a single byte."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def counts(kiosk: Kiosk) -> Counts:
    return kiosk.app.services.outbox.counts()


@pytest.mark.promise(6)
def test_what_a_parent_types_is_read_at_the_desk_and_nowhere_else(
    kiosk: Kiosk, whole: Whole, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    stand_clear_of_midnight()

    screens = list(ask_for_a_call(kiosk))
    assert screens[:6] == ["home", "question", "question", "question", "outcome", "call-name"]
    assert screens[-1] == "call-review"
    assert {NAME, "07911 123456", "Leave no message", "Paying for childcare"} <= set(kiosk.words())
    send(kiosk)
    wait_until(lambda: counts(kiosk) == DELIVERED)

    with chromium() as browser:
        page = browser.new_page()
        sign_in(page, whole.url)
        expect(page.get_by_role("link", name=NAME)).to_be_visible()
        page.get_by_role("button", name=f"Ring {NAME}").click()
        expect(page.get_by_role("heading", name=NAME)).to_be_visible()
        expect(page.get_by_text("DO NOT LEAVE A MESSAGE")).to_be_visible()
        expect(page.get_by_text("Safe now")).to_be_visible()
        ring = page.get_by_role("button", name="Ring 07911 123456")
        expect(ring).to_have_attribute("href", "tel:+447911123456")
        expect(page.get_by_text("Paying for childcare")).to_be_visible()

    [held] = whole.held()
    assert tombstones(whole) == [(str(held.id), held.sha256)]
    assert traces([held.kiosk], whole.kiosk_data) != []
    assert traces(CANARIES, whole.folder) == []
    (whole.folder / "logged").write_text(caplog.text + "".join(capfd.readouterr()), encoding="utf-8")
    assert traces(CANARIES, whole.folder) == []


@pytest.mark.long
@pytest.mark.promise(1, 6, 9)
def test_with_the_hub_dead_the_request_is_safe_and_arrives_once_when_it_is_back(kiosk: Kiosk, whole: Whole) -> None:
    list(ask_for_a_call(kiosk))
    whole.hub.kill()
    with reserved(int(whole.port)):
        send(kiosk)
        wait_until(lambda: counts(kiosk).trouble is not None)
        assert (counts(kiosk).waiting, whole.held()) == (1, [])

    whole.start_hub()
    whole.clock.ahead = timedelta(minutes=5)
    wait_until(lambda: counts(kiosk) == DELIVERED)

    assert "0 delivered, 0 waiting" in whole.kiosk_machine.run("callbacks", "sync").out
    assert len(whole.held()) == 1
    assert traces(CANARIES, whole.folder) == []


@pytest.mark.long
@pytest.mark.promise(4, 6)
def test_a_full_disk_is_told_calmly_and_with_room_again_the_request_arrives_once(kiosk: Kiosk, whole: Whole) -> None:
    list(ask_for_a_call(kiosk))
    kiosk.wait_until(lambda: kiosk.app.services.childcare.status().sources)

    with full_disk():
        kiosk.touch("Send")
        kiosk.wait_until(lambda: "We could not save this. Please speak to reception." in kiosk.words())
        assert counts(kiosk).waiting == 0
        kiosk.touch("Back")
        assert kiosk.app.navigation.screen == "call-topic"
    kiosk.touch("Next")
    assert NAME in kiosk.words()
    send(kiosk)

    wait_until(lambda: counts(kiosk) == DELIVERED)
    assert len(whole.held()) == 1
    assert traces(CANARIES, whole.folder) == []
