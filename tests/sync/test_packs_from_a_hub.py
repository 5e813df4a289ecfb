"""A kiosk that pulls its pack from a real hub: resumed after a cut, taken back, refused; and what is no hub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.model import Identity
from kiosk.errors import HubNonsense, HubRefused
from kiosk.hub.fleet import Fleet
from kiosk.hub.publish import Publishing
from kiosk.hub.publish_archives import Archives
from kiosk.hub.publish_shown import find_shown
from kiosk.hub.publish_trust import HubPublishers
from kiosk.pack.publisher import make_change
from kiosk.pack.trusted import Publishers
from kiosk.sync import hub_line
from kiosk.sync.hub_client import HubClient
from kiosk.sync.syncer import Syncer
from tests.callbacks.samples import NOON, envelope
from tests.hub.desk.packs import keep, roll_out
from tests.hub.desk.people import WORKER
from tests.pack.signed_packs import KEY, OXFORD, STRANGER, built, trusting
from tests.processes import PATIENCE, wait_until
from tests.sync.hubs import Reply, RunningHub, impostor
from tests.sync.pulling import downloads, puller, version
from tests.sync.wires import CuttingProxy, DrippingProxy

WORD = 1000  # bytes of the answer before the archive, and somewhat more


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
        Fleet(hub.store.engine).revoke(identity.kiosk)

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
