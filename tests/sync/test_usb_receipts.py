"""Promises 22 and 24: what the hub's receipts on a stick settle at the kiosk, and what they do not."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from kiosk.callbacks import wire
from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import SqlOutbox, open_outbox
from kiosk.callbacks.seal import sign
from kiosk.errors import StickDamaged, StickMissing
from kiosk.hub.fleet import Fleet
from kiosk.hub.stick import import_stick
from kiosk.sync.stick import receipts_file
from kiosk.sync.usb import Returned, read_receipts, stick_bytes, write_stick
from tests.callbacks.samples import HUB_KEY, NOON, ask
from tests.sync.hubs import RunningHub
from tests.sync.test_usb_at_the_hub import flip


class TestReceipts:
    @pytest.fixture
    def answered(self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, stick: Path) -> Path:
        """A stick that has been at the hub with one request; the file of receipts on it."""
        ask(outbox, identity)
        write_stick(outbox, stick, identity)
        import_stick(stick, hub.store, NOON)
        return stick / receipts_file(identity.kiosk)

    def test_a_stick_that_was_not_at_the_hub_settles_nothing(
        self, outbox: SqlOutbox, identity: Identity, stick: Path
    ) -> None:
        ask(outbox, identity)
        write_stick(outbox, stick, identity)

        with pytest.raises(StickMissing, match="kiosk hub import"):
            read_receipts(stick, outbox, identity)

        assert outbox.counts().waiting == 1

    @pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.999])
    def test_a_flipped_bit_anywhere_settles_nothing(
        self, outbox: SqlOutbox, identity: Identity, answered: Path, at: float
    ) -> None:
        flip(answered, at)

        with pytest.raises(StickDamaged):
            read_receipts(answered.parent, outbox, identity)

        assert outbox.counts().waiting == 1

    def test_receipts_that_another_hub_wrote_settle_nothing(
        self, outbox: SqlOutbox, identity: Identity, answered: Path
    ) -> None:
        rewrite(answered, identity, b"e" * 32)

        with pytest.raises(StickDamaged):
            read_receipts(answered.parent, outbox, identity)

    @pytest.mark.parametrize(
        "change",
        [{"id": UUID(int=1)}, {"id": None}, {"received_at": None}],
        ids=str,
    )
    def test_each_receipt_is_checked_by_itself(
        self, outbox: SqlOutbox, identity: Identity, answered: Path, change: dict[str, object]
    ) -> None:
        rewrite(answered, identity, HUB_KEY, **change)

        assert read_receipts(answered.parent, outbox, identity) == Returned(strange=1, waiting=1)

    def test_receipts_read_twice_settle_once(self, outbox: SqlOutbox, identity: Identity, answered: Path) -> None:
        assert read_receipts(answered.parent, outbox, identity).delivered == 1
        assert read_receipts(answered.parent, outbox, identity) == Returned()
        assert outbox.counts().delivered == 1

    @pytest.mark.promise(24)
    def test_receipts_that_stayed_away_while_the_kiosk_joined_anew_are_written_again_under_its_new_name(
        self, outbox: SqlOutbox, hub: RunningHub, identity: Identity, answered: Path
    ) -> None:
        Fleet(hub.store.engine).revoke(identity.kiosk)
        anew = hub.join()
        with pytest.raises(StickMissing):
            read_receipts(answered.parent, outbox, anew)
        ask(outbox, anew, "After")
        write_stick(outbox, answered.parent, anew)

        import_stick(answered.parent, hub.store, NOON)

        assert read_receipts(answered.parent, outbox, anew).delivered == 2
        assert hub.names() == ["Amina", "After"]

    @pytest.mark.promise(24)
    def test_receipts_of_another_kiosk_settle_nothing_whatever_their_name(
        self, hub: RunningHub, answered: Path, tmp_path: Path
    ) -> None:
        other, its_outbox = hub.join(), open_outbox(tmp_path / "other")
        ask(its_outbox, other)
        answered.rename(answered.parent / receipts_file(other.kiosk))

        assert read_receipts(answered.parent, its_outbox, other) == Returned(waiting=1)
        its_outbox.close()

    def test_an_empty_file_settles_nothing(self, outbox: SqlOutbox, identity: Identity, answered: Path) -> None:
        answered.write_bytes(b"")

        with pytest.raises(StickDamaged):
            read_receipts(answered.parent, outbox, identity)

        assert outbox.counts().waiting == 1

    def test_what_was_saved_after_the_copy_still_waits(
        self, outbox: SqlOutbox, identity: Identity, answered: Path
    ) -> None:
        ask(outbox, identity)

        assert read_receipts(answered.parent, outbox, identity) == Returned(delivered=1, waiting=1)


def rewrite(file: Path, identity: Identity, hub_key: bytes, **change: object) -> None:
    """Sign the receipts anew with `hub_key`, after a change to each."""
    receipts = wire.decode(file.read_bytes(), wire.StickReceipts, wire.STICK_LIMIT)
    items = tuple(msgspec.structs.replace(item, **change) for item in receipts.items)
    changed = msgspec.structs.replace(receipts, items=items)
    signature = sign("stick-receipts", stick_bytes(changed, identity.hub_verify_key), hub_key)
    file.write_bytes(wire.encode(msgspec.structs.replace(changed, signature=signature)))
