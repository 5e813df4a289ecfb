"""Promise 22: what a stick brings to the hub."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.callbacks.seal import seal
from kiosk.errors import StickMissing
from kiosk.hub.fleet import Fleet
from kiosk.hub.stick import Imported, import_stick
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from kiosk.sync.stick import requests_file
from kiosk.sync.usb import Returned, read_receipts, write_stick
from tests.callbacks.samples import NOON, ask, request
from tests.sync.hubs import RunningHub
from tests.sync.sticks import lock, mounted


class TestImporting:
    def test_the_hub_takes_in_what_is_on_the_stick_and_its_receipts_settle_it(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path
    ) -> None:
        for number in range(45):
            ask(outbox, identity, f"Parent {number}")
        write_stick(outbox, stick, identity)

        [imported] = import_stick(stick, hub.store, NOON)
        returned = read_receipts(stick, outbox, identity)

        assert imported == Imported(requests_file(identity.kiosk), held=45)
        assert returned == Returned(delivered=45)
        assert hub.names() == [f"Parent {number}" for number in range(45)]

    @pytest.mark.promise(22)
    def test_a_stick_imported_twice_is_one_row_each(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)

        assert import_stick(stick, hub.store, NOON) == import_stick(stick, hub.store, NOON)

        assert hub.names() == ["Amina"]

    @pytest.mark.promise(22)
    def test_a_stick_that_comes_after_the_network_is_one_row_each(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, stick: Path
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)
        sync_once(outbox, client, NOON)

        import_stick(stick, hub.store, NOON)

        assert hub.names() == ["Amina"]
        assert read_receipts(stick, outbox, identity) == Returned()

    @pytest.mark.promise(22)
    def test_the_network_that_comes_after_a_stick_is_one_row_each(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, stick: Path
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)
        import_stick(stick, hub.store, NOON)

        assert sync_once(outbox, client, NOON).delivered == 1
        assert hub.names() == ["Amina"]

    @pytest.mark.promise(18, 22)
    def test_what_was_handled_and_purged_is_settled_by_a_stick_and_stays_purged(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path
    ) -> None:
        asked = ask(outbox, identity)
        write_stick(outbox, stick, identity)
        import_stick(stick, hub.store, NOON)
        hub.store.forget(asked.id, NOON.date())

        [imported] = import_stick(stick, hub.store, NOON)

        assert (imported.already_handled, hub.names()) == (1, [])
        assert read_receipts(stick, outbox, identity).delivered == 1

    @pytest.mark.promise(11)
    def test_a_conflict_on_a_stick_waits_for_staff(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, client: HubClient, stick: Path
    ) -> None:
        asked = request(kiosk=identity.kiosk)
        client.deliver([seal(asked, identity)])
        outbox.save(seal(asked, identity))
        ask(outbox, identity)
        write_stick(outbox, stick, identity)

        [imported] = import_stick(stick, hub.store, NOON)

        assert (imported.held, imported.conflicts) == (1, 1)
        assert read_receipts(stick, outbox, identity) == Returned(delivered=1, set_aside=1)

    def test_two_kiosks_share_a_stick(self, outbox: SqlOutbox, hub: RunningHub, stick: Path, tmp_path: Path) -> None:
        for name in ("Amina", "Beata"):
            identity = hub.join()
            ask(outbox, identity, name)
            write_stick(outbox, stick, identity)

        assert len(import_stick(stick, hub.store, NOON)) == 2
        assert sorted(hub.names()) == ["Amina", "Beata"]

    @pytest.mark.parametrize("name", ["../hub", "\x1b[2J", "kiosk-1\n", "Kiosk-1", "", "k" * 41])
    def test_a_file_whose_name_no_kiosk_has_is_passed_over(self, hub: RunningHub, stick: Path, name: str) -> None:
        (stick / requests_file(name).replace("/", "-")).write_bytes(b"{}")

        with pytest.raises(StickMissing):
            import_stick(stick, hub.store, NOON)

    def test_a_stick_without_requests_is_named(self, hub: RunningHub, stick: Path) -> None:
        with pytest.raises(StickMissing, match="kiosk callbacks copy"):
            import_stick(stick, hub.store, NOON)

    @pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.999])
    def test_a_flipped_bit_anywhere_is_named_and_nothing_is_taken_in(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path, at: float
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)
        flip(stick / requests_file(identity.kiosk), at)

        [imported] = import_stick(stick, hub.store, NOON)

        assert "is damaged" in imported.trouble
        assert hub.names() == []

    def test_a_damaged_file_does_not_hold_up_another_kiosks(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)
        (stick / requests_file("kiosk-0")).write_bytes(b"{}")

        damaged, whole = import_stick(stick, hub.store, NOON)

        assert damaged.trouble and (whole.held, whole.trouble) == (1, "")

    @pytest.mark.parametrize("stranger", [{"kiosk": "kiosk-nobody"}, {"signing_key": b"f" * 32}], ids=str)
    def test_a_stick_of_nobody_that_the_hub_knows_is_not_taken_in(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path, stranger: dict[str, object]
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, replace(identity, **stranger))  # type: ignore[arg-type]

        [imported] = import_stick(stick, hub.store, NOON)

        assert imported.trouble and hub.names() == []

    def test_a_stick_of_a_revoked_kiosk_is_not_taken_in(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)
        Fleet(hub.store.engine).revoke(identity.kiosk)

        [imported] = import_stick(stick, hub.store, NOON)

        assert "Enrol that kiosk again" in imported.trouble and hub.names() == []

    @pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda file: file.symlink_to("/etc/passwd")])
    def test_what_is_no_plain_file_is_named(self, hub: RunningHub, stick: Path, make: object) -> None:
        assert callable(make)
        make(stick / requests_file("kiosk-1"))

        [imported] = import_stick(stick, hub.store, NOON)

        assert imported.trouble

    @pytest.mark.promise(24)
    def test_a_stick_that_is_locked_at_the_hub_is_named_and_what_came_is_held(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, tmp_path: Path
    ) -> None:
        ask(outbox, identity)
        with mounted(tmp_path / "locked") as stick:
            write_stick(outbox, stick, identity)
            lock(stick)

            [imported] = import_stick(stick, hub.store, NOON)

        assert "may only be read" in imported.trouble
        assert (imported.held, hub.names()) == (1, ["Amina"])


def flip(file: Path, at: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(at * len(content))] ^= 1
    file.write_bytes(content)
