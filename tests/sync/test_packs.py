"""Which pack a kiosk takes from its hub, and which it leaves or goes back from."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.callbacks.model import Link
from kiosk.callbacks.wire import PackWord
from kiosk.errors import NothingToRollBack
from kiosk.pack import install
from kiosk.pack.shelf import Left
from kiosk.pack.slots import Slots
from kiosk.pack.starts import LIMIT, Leaves, Starts
from kiosk.pack.trusted import Publishers
from kiosk.sync.packs import LONGEST_WAIT, OnScreen, PackPuller, PackState
from tests.callbacks.samples import NOON
from tests.pack.hostile import resigned
from tests.pack.signed_packs import OXFORD, STRANGER, built, put, rot
from tests.sync.pulling import FakeHub, downloads, puller, version


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
