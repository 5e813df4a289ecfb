"""Promises 21 to 24: a real outbox, a real hub, real files on what stands for a stick."""

from __future__ import annotations

import operator
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from kiosk.callbacks import wire
from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.callbacks.seal import open_envelope, public_key, seal, verify
from kiosk.errors import SealBroken, SeveralSticks, StickFull, StickLocked, StickMissing
from kiosk.hub.stick import import_stick
from kiosk.sync.stick import find_stick, put_on_stick, requests_file
from kiosk.sync.usb import Copied, stick_bytes, write_stick
from tests.callbacks.samples import NOON, ask, request
from tests.callbacks.test_outbox_survives import disk_that_is_full
from tests.processes import PATIENCE
from tests.sync.hubs import RunningHub
from tests.sync.sticks import lock, mounted, put_in

KILLS = 20


def on(stick: Path, identity: Identity) -> wire.Stick:
    """What is in the file of requests, its signature checked."""
    content = (stick / requests_file(identity.kiosk)).read_bytes()
    read = wire.decode(content, wire.Stick, wire.STICK_LIMIT)
    verify("stick", stick_bytes(read, identity.hub_verify_key), read.signature or b"", public_key(identity.signing_key))
    return read


class TestCopying:
    @pytest.mark.promise(21)
    def test_what_is_copied_is_the_same_envelopes_and_still_waits_here(
        self, outbox: SqlOutbox, identity: Identity, stick: Path
    ) -> None:
        asked = [ask(outbox, identity) for _ in range(3)]

        copied = write_stick(outbox, stick, identity)

        assert copied == Copied(stick / requests_file(identity.kiosk), count=3, left=0)
        assert list(on(stick, identity).envelopes) == [each.blob for each in asked]
        assert (outbox.counts().waiting, outbox.counts().delivered) == (3, 0)

    def test_nothing_is_written_where_nothing_waits(self, outbox: SqlOutbox, identity: Identity, stick: Path) -> None:
        assert write_stick(outbox, stick, identity) is None
        assert list(stick.iterdir()) == []

    def test_a_second_copy_takes_the_place_of_the_first(
        self, outbox: SqlOutbox, identity: Identity, stick: Path
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)
        ask(outbox, identity)

        write_stick(outbox, stick, identity)

        assert [file.name for file in stick.iterdir()] == [requests_file(identity.kiosk)]
        assert len(on(stick, identity).envelopes) == 2

    def test_more_than_fit_one_file_wait_for_the_next(
        self, outbox: SqlOutbox, identity: Identity, stick: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wire, "STICK_ENVELOPES", 2)
        for _ in range(3):
            ask(outbox, identity)

        copied = write_stick(outbox, stick, identity)

        assert copied is not None and (copied.count, copied.left) == (2, 1)

    @pytest.mark.promise(23)
    def test_a_lost_stick_holds_nothing_that_can_be_read_and_the_requests_can_be_copied_again(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path
    ) -> None:
        outbox.save(seal(request(kiosk=identity.kiosk, name="Canary Songbird", phone="+447700900987"), identity))
        write_stick(outbox, stick, identity)

        lost = (stick / requests_file(identity.kiosk)).read_bytes()
        [blob] = on(stick, identity).envelopes
        (stick / requests_file(identity.kiosk)).unlink()

        for secret in (b"Canary", b"Songbird", b"7700900987"):
            assert secret not in lost and secret not in blob
        with pytest.raises(SealBroken):
            open_envelope(blob, bytes(PrivateKey.generate()), public_key(identity.signing_key))
        write_stick(outbox, stick, identity)
        import_stick(stick, hub.store, NOON)
        assert hub.names() == ["Canary Songbird"]


class TestKills:
    @pytest.fixture
    def nursery(self, tmp_path: Path, outbox: SqlOutbox, identity: Identity) -> Iterator[subprocess.Popen[str]]:
        save_identity(identity, tmp_path / "kiosk")
        words = [sys.executable, "-m", "tests.sync.copier", str(tmp_path / "kiosk")]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield process

    @pytest.mark.promise(21)
    def test_a_stick_pulled_at_any_moment_has_no_file_or_a_whole_one(
        self, nursery: subprocess.Popen[str], outbox: SqlOutbox, identity: Identity, tmp_path: Path
    ) -> None:
        asked, chance = [ask(outbox, identity) for _ in range(40)], random.Random(21)
        name = requests_file(identity.kiosk)
        unhurried = new_stick(tmp_path, "unhurried")
        one_copy = pull_out_while_copying(nursery, unhurried, lambda seconds: (unhurried / name).exists())
        assert (unhurried / name).exists()
        for number in range(KILLS):
            stick, moment = new_stick(tmp_path, str(number)), chance.uniform(0, 2 * one_copy)
            pull_out_while_copying(nursery, stick, partial(operator.le, moment))

            if (stick / name).exists():
                assert list(on(stick, identity).envelopes) == [each.blob for each in asked]
            assert [each.envelope for each in outbox.pending()] == asked

    @pytest.mark.promise(21)
    def test_what_a_kill_left_behind_is_cleared_away_by_the_next_copy(
        self, outbox: SqlOutbox, identity: Identity, stick: Path
    ) -> None:
        (stick / f"{requests_file(identity.kiosk)}.part").write_bytes(b"half")
        ask(outbox, identity)

        write_stick(outbox, stick, identity)

        assert [file.name for file in stick.iterdir()] == [requests_file(identity.kiosk)]


def new_stick(folder: Path, name: str) -> Path:
    stick = folder / f"stick-{name}"
    stick.mkdir()
    return stick


def pull_out_while_copying(nursery: subprocess.Popen[str], stick: Path, now: Callable[[float], bool]) -> float:
    """Kill a kiosk that copies to `stick` as soon as `now`, told the seconds, says so; return how many it was."""
    assert nursery.stdin and nursery.stdout
    nursery.stdin.write(f"{stick}\n")
    nursery.stdin.flush()
    child = int(nursery.stdout.readline().split()[1])
    began = time.monotonic()
    while not now(seconds := time.monotonic() - began):
        assert seconds < PATIENCE
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    assert nursery.stdout.readline() == "ended\n"
    return seconds


class TestTroubles:
    @pytest.mark.promise(24)
    def test_a_full_stick_is_named_and_keeps_the_earlier_copy(
        self, outbox: SqlOutbox, identity: Identity, tmp_path: Path
    ) -> None:
        ask(outbox, identity)
        with mounted(tmp_path / "small", "size=64k") as stick:
            write_stick(outbox, stick, identity)
            for _ in range(20):
                ask(outbox, identity)

            with pytest.raises(StickFull, match="take another"):
                write_stick(outbox, stick, identity)

            assert len(on(stick, identity).envelopes) == 1
            assert len(list(stick.iterdir())) == 1
        assert outbox.counts().waiting == 21

    @pytest.mark.promise(24)
    def test_a_stick_whose_files_may_not_grow_is_named_as_full(
        self, outbox: SqlOutbox, identity: Identity, stick: Path
    ) -> None:
        ask(outbox, identity)

        with disk_that_is_full(1000), pytest.raises(StickFull):
            put_on_stick(stick, "a", b"x" * 2000)

        assert list(stick.iterdir()) == []

    @pytest.mark.promise(24)
    def test_a_locked_stick_is_named(self, outbox: SqlOutbox, identity: Identity, tmp_path: Path) -> None:
        ask(outbox, identity)
        with mounted(tmp_path / "locked") as stick:
            lock(stick)

            with pytest.raises(StickLocked, match="Slide its lock"):
                write_stick(outbox, stick, identity)

        assert outbox.counts().waiting == 1

    @pytest.mark.promise(24)
    def test_a_stick_that_is_not_there_is_named(self, outbox: SqlOutbox, identity: Identity, stick: Path) -> None:
        ask(outbox, identity)
        stick.rmdir()

        with pytest.raises(StickMissing):
            write_stick(outbox, stick, identity)
        with pytest.raises(StickMissing):
            find_stick(stick, stick.parent)

    def test_a_folder_of_this_machine_is_not_taken_for_a_stick(self, stick: Path) -> None:
        with pytest.raises(StickMissing, match="own disk"):
            find_stick(stick, stick.parent)

    def test_a_hub_without_a_data_folder_knows_its_own_disk_too(self, stick: Path) -> None:
        never_made = stick.parent / "data" / "hub"
        with put_in() as elsewhere:
            assert find_stick(elsewhere, never_made) == elsewhere
        with pytest.raises(StickMissing, match="own disk"):
            find_stick(stick, never_made)

    def test_the_only_stick_of_several_folders_is_found(self, stick: Path) -> None:
        (stick / "not a stick").mkdir()
        with put_in() as elsewhere:
            (stick / "WAYMARK").symlink_to(elsewhere)

            assert find_stick(stick, stick.parent) == stick / "WAYMARK"
            assert find_stick(elsewhere, stick.parent) == elsewhere

    @pytest.mark.promise(24)
    def test_two_sticks_are_named(self, tmp_path: Path) -> None:
        media = tmp_path / "media"
        media.mkdir()
        with (
            mounted(media / "BLUE"),
            mounted(media / "RED"),
            pytest.raises(SeveralSticks, match=r"BLUE, RED.*Name the one you mean"),
        ):
            find_stick(media, tmp_path)
