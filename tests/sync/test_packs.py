"""A kiosk that pulls its pack from a hub: resumed after a cut, verified, installed, taken back; requests always first."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.model import Envelope, Identity, Link
from kiosk.callbacks.wire import PackOffer, PackWord
from kiosk.errors import HubNonsense, HubRefused, HubUnreachable, NothingToRollBack
from kiosk.hub.publish import Publishing
from kiosk.hub.publish_archives import Archives
from kiosk.hub.publish_shown import find_shown
from kiosk.hub.publish_trust import HubPublishers
from kiosk.pack import install
from kiosk.pack.publisher import make_change
from kiosk.pack.shelf import Left
from kiosk.pack.slots import Slots
from kiosk.pack.starts import LIMIT, Leaves, Starts
from kiosk.pack.trusted import Publishers
from kiosk.sync import hub_line
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import Answer, Standing
from kiosk.sync.packs import LONGEST_WAIT, OnScreen, PackPuller, PackState
from kiosk.sync.run import Hub
from kiosk.sync.syncer import Syncer
from tests.callbacks.samples import NOON, envelope, receipt
from tests.hub.desk.packs import keep, roll_out
from tests.hub.desk.people import WORKER
from tests.pack.hostile import resigned
from tests.pack.signed_packs import KEY, OXFORD, STRANGER, built, put, rot, trusting
from tests.processes import PATIENCE, wait_until
from tests.sync.hubs import Reply, RunningHub, impostor
from tests.sync.wires import CuttingProxy, DrippingProxy

WORD = 1000  # bytes of the answer before the archive, and somewhat more


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "kiosk").mkdir()
    return trusting(tmp_path / "kiosk")


@dataclass
class Screen:
    """Shows what is installed as soon as it may."""

    data: Path

    def __call__(self) -> OnScreen:
        pointer = Slots(self.data, OXFORD).load()
        return OnScreen(pointer.active.version if pointer else 0, Slots(self.data, OXFORD).active_version())


def puller(hub: object, data: Path) -> PackPuller:
    return PackPuller(hub, data, OXFORD, Screen(data))  # type: ignore[arg-type]


def version(data: Path) -> int:
    active = Slots(data, OXFORD).active_version()
    return active.version if active else 0


def downloads(data: Path) -> list[Path]:
    return list((data / "downloads").glob("*"))


@dataclass
class FakeHub(Hub):
    """Offers an archive, and hands it out in small pieces."""

    content: bytes
    number: int = 3
    taken_back: tuple[str, ...] = ()
    asked: list[int] = field(default_factory=list)
    lies: str = ""

    def ask_pack(self, pack: str, shown: int, says: str, latest: Link | None) -> PackWord:
        digest = self.lies or sha256(self.content).hexdigest()
        return PackWord(1, PackOffer(self.number, digest, len(self.content), 9), self.taken_back, ())

    def fetch_pack(self, digest: str, start: int) -> Iterator[bytes]:
        self.asked.append(start)
        for at in range(start, len(self.content), 500):
            yield self.content[at : at + 500]


class TestWithARealHub:
    @pytest.mark.promise(13)
    def test_a_download_that_is_cut_goes_on_where_it_was(self, hub: RunningHub, identity: Identity, data: Path) -> None:
        whole = roll_out(hub.store.engine, 3).size
        proxy = CuttingProxy(hub.url)
        client = HubClient(identity, url=proxy.url)
        pulling = puller(client, data)
        # One connection for both: the word on the pack comes whole, the archive is cut within.
        with proxy.cutting("answer", WORD + whole - 1500):
            assert pulling.pull(NOON)
        [part] = downloads(data)
        have = part.stat().st_size
        client.close()
        with proxy.cutting():
            assert pulling.pull(NOON + timedelta(minutes=3))
            client.close()
        proxy.close()

        assert 0 < have < whole
        assert proxy.carried["answer"] < whole - have + 2 * WORD
        assert version(data) == 3 and downloads(data) == []

    def test_the_hub_sees_which_version_is_shown_and_takes_one_back(
        self, hub: RunningHub, identity: Identity, client: HubClient, data: Path
    ) -> None:
        engine, pulling = hub.store.engine, puller(client, data)
        seen = []
        for number in (3, 4):
            newest = roll_out(engine, number)
            pulling.pull(NOON)
            pulling.pull(NOON)
            seen.append(find_shown(engine)[identity.kiosk].version)
        Publishing(engine).roll_back(newest, WORKER, NOON)
        for _ in range(3):
            pulling.pull(NOON)

        assert seen == [3, 4]
        assert version(data) == 3 and find_shown(engine)[identity.kiosk].version == 3

    def test_one_kiosk_first(self, hub: RunningHub, identity: Identity, client: HubClient, tmp_path: Path) -> None:
        one = keep(hub.store.engine, built(3))
        Publishing(hub.store.engine).try_on(one, identity.kiosk, WORKER, NOON)
        other = HubClient(hub.join())
        here, there = (trusting(tmp_path / name) for name in ("here", "there"))
        for each, folder in ((client, here), (other, there)):
            puller(each, folder).pull(NOON)
        other.close()

        assert (version(here), version(there)) == (3, 0)

    def test_a_kiosk_that_is_revoked_gets_neither_word_nor_bytes(
        self, hub: RunningHub, identity: Identity, client: HubClient
    ) -> None:
        one = roll_out(hub.store.engine, 3)
        hub.store.revoke(identity.kiosk)

        with pytest.raises(HubRefused):
            client.ask_pack(OXFORD, 0, "")
        with pytest.raises(HubRefused):
            list(client.fetch_pack(one.sha256, 0))

    def test_what_is_wrong_here_is_told_there(
        self, hub: RunningHub, identity: Identity, client: HubClient, tmp_path: Path
    ) -> None:
        roll_out(hub.store.engine, 3)
        pulling = puller(client, trusting(tmp_path / "kiosk", STRANGER))
        pulling.pull(NOON)
        pulling.pull(NOON)

        assert "whom this kiosk does not trust" in pulling.state.trouble
        assert find_shown(hub.store.engine)[identity.kiosk].says == pulling.state.trouble

    def test_a_change_of_keys_is_handed_on(self, hub: RunningHub, client: HubClient, data: Path) -> None:
        trusted = HubPublishers(hub.store.engine)
        trusted.trust(KEY.public, WORKER, NOON)
        trusted.follow(make_change(KEY, STRANGER), WORKER, NOON)
        puller(client, data).pull(NOON)

        assert Publishers(data).keys() == {STRANGER.public}
        assert Archives(hub.store.engine).find() == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"<html>Sign in to the wifi</html>", kind="text/html"),
        Reply(302, location="https://wifi.example"),
        Reply(body=b'{"spec":1,"offer":null,"taken_back":[],"changes":[],"signature":null}'),
        Reply(500),
    ],
    ids=["login page", "redirect", "unsigned", "fault"],
)
def test_what_is_no_hub_changes_nothing(identity: Identity, data: Path, reply: Reply) -> None:
    with impostor(lambda body: reply) as (url, _):
        client = HubClient(identity, url=url)
        with pytest.raises(HubNonsense):
            client.ask_pack(OXFORD, 0, "")
        assert puller(client, data).pull(NOON)
        client.close()

    assert version(data) == 0 and downloads(data) == []


def test_a_length_that_is_no_number_is_a_hubs_fault(identity: Identity) -> None:
    said_twice = Reply(body=bytes(64), kind="application/octet-stream", length="64, 64")
    with impostor(lambda body: said_twice, hands_out=said_twice) as (url, _):
        client = HubClient(identity, url=url)
        with pytest.raises(HubNonsense, match="how long"):
            list(client.fetch_pack("0" * 64, 0))
        client.close()


class TestWhatIsTaken:
    def test_a_newer_one_is_and_an_older_one_is_not_even_fetched(self, data: Path) -> None:
        put(data, 4)
        older, newer = FakeHub(built(3).content, 3), FakeHub(built(5).content, 5)
        puller(older, data).pull(NOON)
        puller(newer, data).pull(NOON)

        assert older.asked == [] and newer.asked == [0]
        assert version(data) == 5

    @pytest.mark.promise(26)
    @pytest.mark.parametrize(
        "content", [resigned(built(3), version=5), built(3).content[:-9], b"no pack"], ids=["another", "cut", "none"]
    )
    def test_a_bad_one_is_deleted_told_and_not_fetched_again(self, data: Path, content: bytes) -> None:
        put(data, 2)
        hub = FakeHub(content)
        pulling = puller(hub, data)
        for _ in range(3):
            pulling.pull(NOON)

        assert hub.asked == [0]
        assert "Version 3 from the hub was refused." in pulling.state.trouble
        assert version(data) == 2 and downloads(data) == []

    @pytest.mark.promise(26)
    def test_one_of_a_stranger_waits_and_is_taken_once_staff_trust_him(self, data: Path) -> None:
        hub = FakeHub(built(3, key=STRANGER).content)
        pulling = puller(hub, data)
        for _ in range(2):
            pulling.pull(NOON)
        before = (version(data), pulling.state.trouble)
        Publishers(data).trust(STRANGER.public)
        pulling.pull(NOON)

        assert before[0] == 0 and "whom this kiosk does not trust" in before[1]
        assert hub.asked == [0]
        assert version(data) == 3 and downloads(data) == [] and pulling.state.trouble == ""

    def test_other_bytes_than_were_offered_are_deleted_and_told(self, data: Path) -> None:
        hub = FakeHub(built(3).content, lies="0" * 64)
        pulling = puller(hub, data)
        pulling.pull(NOON)
        pulling.pull(NOON)  # not so soon again

        assert len(hub.asked) == 1
        assert version(data) == 0 and downloads(data) == []

    def test_a_full_disk_leaves_room_for_requests_and_is_told(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hub = FakeHub(built(3).content)
        pulling = puller(hub, data)
        pulling.pull(NOON, pauses=lambda: True)
        begun = len(downloads(data))
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=100_000_000))
        pulling.pull(NOON)

        assert "There is no room for version 3" in pulling.state.trouble
        assert hub.asked == [0] and version(data) == 0
        assert begun == 1 and downloads(data) == []

    def test_the_hub_is_told_of_no_folder_of_this_machine(self, data: Path) -> None:
        told = []

        class Asked(FakeHub):
            def ask_pack(self, pack: str, shown: int, says: str, latest: Link | None) -> PackWord:
                told.append(says)
                return super().ask_pack(pack, shown, says, latest)

        (data / "packs" / "publishers.json").write_bytes(b"rotten")
        pulling = puller(Asked(built(3).content), data)
        pulling.pull(NOON)
        pulling.pull(NOON + LONGEST_WAIT)
        pulling.state = PackState("[Errno 13] Permission denied: '/srv/kiosk/a.part'; england/facts.yaml")
        pulling.pull(NOON + 2 * LONGEST_WAIT)

        assert told[1].startswith("packs/publishers.json is damaged.")
        assert told[2] == "[Errno 13] Permission denied: 'a.part'; england/facts.yaml"

    def test_one_that_rotted_is_fetched_again(self, data: Path) -> None:
        put(data, 2)
        put(data, 3)
        rot(Slots(data, OXFORD), 3)
        screen = OnScreen(2, Slots(data, OXFORD).active_version(), stands_in=True)
        hub = FakeHub(built(3).content)
        PackPuller(hub, data, OXFORD, lambda: screen).pull(NOON)

        slots = Slots(data, OXFORD)
        pointer = slots.load()
        assert hub.asked == [0] and pointer and not slots.find_damage(pointer.active)

    @pytest.mark.promise(31)
    def test_one_that_breaks_the_start_is_told_not_fetched_again_and_a_newer_one_is_taken(self, data: Path) -> None:
        put(data, 3)
        put(data, 4)
        starts = Starts(Slots(data, OXFORD))
        for _ in range(LIMIT + 1):
            starts.begin()
        active, told = Slots(data, OXFORD).active_version(), list[str]()
        screen = OnScreen(3, active, stands_in=True, left=Left(4, Leaves.GIVEN_UP))
        for hub in (FakeHub(built(4).content, 4), FakeHub(built(5).content, 5)):
            pulling = PackPuller(hub, data, OXFORD, lambda: screen)
            pulling.pull(NOON)
            told.append(f"{pulling.state.trouble}{hub.asked}")

        assert told == ["Version 4 is not shown here. It failed to start 3 times in a row.[]", "[0]"]
        assert version(data) == 5

    def test_nothing_is_installed_before_the_screen_shows_what_was_last(self, data: Path) -> None:
        put(data, 3)
        hub = FakeHub(built(4).content, 4)
        PackPuller(hub, data, OXFORD, lambda: OnScreen(0, None)).pull(NOON)

        assert hub.asked == [] and version(data) == 3


class TestTakenBack:
    def content_of(self, data: Path) -> str:
        pointer = Slots(data, OXFORD).load()
        assert pointer
        return pointer.active.content

    def test_what_is_beside_it_is_shown_again_and_it_never_comes_back(self, data: Path) -> None:
        put(data, 3)
        put(data, 4)
        hub = FakeHub(built(4).content, 4, (self.content_of(data),))
        for _ in range(3):
            puller(hub, data).pull(NOON)

        assert version(data) == 3 and hub.asked == []

    @pytest.mark.promise(27)
    def test_with_nothing_beside_it_an_older_one_is_not_fetched(self, data: Path) -> None:
        put(data, 4)
        hub = FakeHub(built(3).content, 3, (self.content_of(data),))
        pulling, told = puller(hub, data), []
        for _ in range(2):
            pulling.pull(NOON)
            told.append(pulling.state.trouble)

        assert version(data) == 4 and hub.asked == []
        assert told[0].startswith("Version 4 was taken back, and this kiosk has no other") and told[1] == told[0]

    def test_a_stick_that_was_faster_is_not_undone(self, data: Path) -> None:
        for number in (3, 4):
            put(data, number)
        taken_back = self.content_of(data)
        put(data, 5)

        with pytest.raises(NothingToRollBack, match="meanwhile"):
            install.roll_back(data, OXFORD, only=taken_back)
        assert version(data) == 5

    def test_one_that_came_by_stick_since_stays(self, data: Path) -> None:
        put(data, 3)
        put(data, 4)
        taken_back = self.content_of(data)
        put(data, 5)
        puller(FakeHub(built(3).content, 3, (taken_back,)), data).pull(NOON)

        assert version(data) == 5


@pytest.fixture
def drips(hub: RunningHub) -> Iterator[DrippingProxy]:
    proxy = DrippingProxy(hub.url, seconds=0.01)
    yield proxy
    proxy.close()


class TestAHubThatDrips:
    @pytest.mark.promise(15)
    def test_a_request_that_is_saved_meanwhile_is_delivered_at_once(
        self, hub: RunningHub, identity: Identity, drips: DrippingProxy, data: Path
    ) -> None:
        whole = roll_out(hub.store.engine, 3).size  # takes longer than a minute
        outbox, lines = MemoryOutbox(), [HubClient(identity, url=drips.url) for _ in range(2)]
        syncer = Syncer(outbox, lines[0], 0.2, packs=puller(lines[1], data))
        syncer.start()
        try:
            wait_until(lambda: drips.dripped > 0)
            outbox.save(envelope(identity=identity))
            before = drips.dripped
            syncer.wake()
            wait_until(lambda: outbox.counts().waiting == 0, seconds=PATIENCE / 2)
            meanwhile = drips.dripped - before
        finally:
            syncer.stop()
            drips.close()

        assert len(hub.names()) == 1
        assert meanwhile < whole // 2 and version(data) == 0

    def test_a_download_pauses_after_a_byte_as_after_many(
        self, hub: RunningHub, identity: Identity, drips: DrippingProxy, data: Path
    ) -> None:
        roll_out(hub.store.engine, 3)
        client = HubClient(identity, url=drips.url)
        done = puller(client, data).pull(NOON, pauses=lambda: drips.dripped > 5)
        client.close()

        [part] = downloads(data)
        assert not done and 1 <= part.stat().st_size < 500

    def test_one_that_would_take_for_ever_is_left_and_gone_on_with_later(
        self, hub: RunningHub, identity: Identity, drips: DrippingProxy, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hub_line, "PATIENT_SECONDS", 0.2)
        roll_out(hub.store.engine, 3)
        client = HubClient(identity, url=drips.url)
        pulling = puller(client, data)
        sizes = []
        for minutes in (0, 3, 4):  # the last is too soon
            assert pulling.pull(NOON + timedelta(minutes=minutes))
            sizes.append(downloads(data)[0].stat().st_size)
        client.close()

        assert 0 < sizes[0] < sizes[1] == sizes[2] < 1000


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
