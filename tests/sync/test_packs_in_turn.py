"""When a pack is pulled: requests first, failures later, and never in the way of a delivery."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.model import Envelope
from kiosk.callbacks.wire import PackWord
from kiosk.errors import HubUnreachable
from kiosk.pack import install
from kiosk.sync.model import Answer, Standing
from kiosk.sync.packs import LONGEST_WAIT
from kiosk.sync.run import Hub
from kiosk.sync.syncer import Syncer
from tests.callbacks.samples import NOON, envelope, receipt
from tests.pack.signed_packs import built
from tests.processes import PATIENCE, wait_until
from tests.sync.pulling import FakeHub, puller, version


class TestItsTurn:
    def test_a_download_pauses_and_goes_on(self, data: Path) -> None:
        hub = FakeHub(built(3).content)
        pulling = puller(hub, data)
        first = pulling.pull(NOON, pauses=lambda: True)
        then = pulling.pull(NOON)

        assert (first, then) == (False, True)
        assert hub.asked == [0, 500] and version(data) == 3

    def test_failures_wait_longer_each_time_and_a_leaping_clock_stops_nothing(self, data: Path) -> None:
        asked = []

        class Away:
            def ask_pack(self, *given: object) -> PackWord:
                asked.append(given)
                raise HubUnreachable("The hub could not be reached.")

        pulling = puller(Away(), data)
        for minute in range(60):
            pulling.pull(NOON + timedelta(minutes=minute))
        hour = len(asked)
        pulling.pull(NOON - timedelta(days=9))

        assert 4 <= hour <= 7 and len(asked) == hour + 1
        assert pulling.state.trouble == ""
        assert timedelta(hours=1) == LONGEST_WAIT

    @pytest.mark.promise(15)
    def test_a_fault_of_ours_ends_no_delivery(self, caplog: pytest.LogCaptureFixture) -> None:
        outbox, pulled = MemoryOutbox(), threading.Event()

        class Takes(Hub):
            def deliver(self, envelopes: list[Envelope], standing: Standing | None = None) -> list[Answer]:
                return [receipt(each) for each in envelopes]

        class Broken:
            def pull(self, *given: object, **more: object) -> bool:
                if not pulled.is_set():
                    outbox.save(envelope())
                pulled.set()
                raise RuntimeError("/home/somebody")

        syncer = Syncer(outbox, Takes(), 0.01, lambda: NOON, Broken())  # type: ignore[arg-type]
        syncer.start()
        until = time.monotonic() + PATIENCE
        while not (pulled.is_set() and syncer.state.last_success_at) and time.monotonic() < until:
            time.sleep(0.005)
        syncer.stop()

        assert syncer.state.last_success_at == NOON and outbox.counts().waiting == 0
        assert "RuntimeError" in caplog.text and "somebody" not in caplog.text

    @pytest.mark.promise(15)
    def test_a_request_that_is_saved_while_a_pack_is_installed_does_not_wait_for_it(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outbox, installing, ends = MemoryOutbox(), threading.Event(), threading.Event()
        real = install.install

        def slow(*given: object) -> object:
            installing.set()
            ends.wait(PATIENCE)
            return real(*given)  # type: ignore[arg-type]

        class Takes(FakeHub):
            def deliver(self, envelopes: list[Envelope], standing: Standing | None = None) -> list[Answer]:
                return [receipt(each) for each in envelopes]

        monkeypatch.setattr(install, "install", slow)
        hub = Takes(built(3).content)
        syncer = Syncer(outbox, hub, 0.01, lambda: NOON, puller(hub, data))  # type: ignore[arg-type]
        syncer.start()
        try:
            assert installing.wait(PATIENCE)
            outbox.save(envelope())
            syncer.wake()
            wait_until(lambda: outbox.counts().waiting == 0, seconds=PATIENCE / 2)
            before = version(data)
        finally:
            ends.set()
        wait_until(lambda: version(data) == 3)
        syncer.stop()

        assert before == 0

    @pytest.mark.promise(15)
    def test_a_request_that_is_saved_meanwhile_goes_first(self, data: Path) -> None:
        outbox, order = MemoryOutbox(), list[str]()

        class Slow(FakeHub):
            def deliver(self, envelopes: list[Envelope], standing: Standing | None = None) -> list[Answer]:
                order.append("request")
                return [receipt(each) for each in envelopes]

            def fetch_pack(self, digest: str, start: int) -> Iterator[bytes]:
                for number, piece in enumerate(super().fetch_pack(digest, start)):
                    if start == 0 and number == 1:
                        outbox.save(envelope())
                        syncer.wake()
                    order.append("piece")
                    yield piece

        hub = Slow(built(3).content)
        syncer = Syncer(outbox, hub, 0.01, lambda: NOON, puller(hub, data))  # type: ignore[arg-type]
        syncer.start()
        until = time.monotonic() + PATIENCE
        while version(data) != 3 and time.monotonic() < until:
            time.sleep(0.005)
        syncer.stop()

        assert version(data) == 3
        assert order.index("request") <= 2 and order.count("request") == 1
