from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.callbacks.contract import MemoryOutbox, first_link, next_link
from kiosk.callbacks.model import Identity
from kiosk.callbacks.seal import seal
from kiosk.cli import fleet as command
from kiosk.database import open_url
from kiosk.errors import UnknownKiosk, UsbTrouble
from kiosk.hub.conflicts import Conflicts, Doubled
from kiosk.hub.fleet import Fleet
from kiosk.hub.lines import Forked, Said
from kiosk.hub.reception import receive
from kiosk.hub.schema import upgrade
from kiosk.hub.store import HubStore
from kiosk.sync.stick import requests_file
from kiosk.sync.usb import write_stick
from tests.callbacks.samples import IDENTITY, KIOSK_VERIFY_KEY, NOON, envelope, request
from tests.hub.conftest import KEYS
from tests.sync.sticks import put_in


def join(store: HubStore) -> Identity:
    id = store.enrol(store.create_code("rose-hill", NOON), KIOSK_VERIFY_KEY, NOON)
    return replace(IDENTITY, kiosk=id, hub_verify_key=KEYS.verify_key)


class TestFleet:
    def test_a_kiosk_that_never_delivered_is_listed_with_nothing_said(self, store: HubStore) -> None:
        id = join(store).kiosk

        [line] = Fleet(store.engine).find_kiosks()

        assert (line.id, line.centre, line.revoked) == (id, "rose-hill", False)
        assert (line.last_seen_at, line.waiting, line.clock_ahead, line.forked_at, line.apart) == (None,) * 4 + (0,)

    def test_a_revoked_kiosk_is_listed_as_such(self, store: HubStore) -> None:
        Fleet(store.engine).revoke(join(store).kiosk)

        [line] = Fleet(store.engine).find_kiosks()
        assert line.revoked

    def test_nobody_can_be_revoked_or_readmitted_who_never_joined(self, store: HubStore) -> None:
        fleet = Fleet(store.engine)
        with pytest.raises(UnknownKiosk, match="kiosk hub kiosks"):
            fleet.revoke("kiosk-nobody")
        with pytest.raises(UnknownKiosk):
            fleet.readmit("kiosk-nobody", NOON)

    def test_conflicts_are_listed_until_they_are_settled_also_after_the_request_is_forgotten(
        self, store: HubStore
    ) -> None:
        identity = join(store)
        asked = request(kiosk=identity.kiosk)
        for _ in range(2):
            store.add_envelope(seal(asked, identity), KEYS.team_key_id, NOON)

        [doubled] = Conflicts(store.engine).find()
        assert doubled == Doubled(asked.id, doubled.sha256, identity.kiosk, "rose-hill", NOON, held=True)
        store.forget(asked.id, NOON.date())
        assert Conflicts(store.engine).find() == [replace(doubled, held=False)]
        Conflicts(store.engine).delete(asked.id, doubled.sha256, "J. Okafor", NOON)
        assert Conflicts(store.engine).find() == []

    def test_forgetting_a_request_leaves_nothing_of_it_that_was_kept_apart(self, store: HubStore) -> None:
        identity = join(store)
        sealed, kiosk, link = envelope(identity=identity), store.find_kiosk(identity.kiosk), first_link()
        assert kiosk
        store_step(store, identity, link)
        store_step(store, identity, next_link(link))
        with pytest.raises(Forked):
            receive(store, kiosk, [sealed.blob], NOON, Said(next_link(link), 0, 0))
        assert Fleet(store.engine).find_kiosks()[0].apart == 1

        store.add_envelope(sealed, KEYS.team_key_id, NOON)
        store.forget(sealed.id, NOON.date())

        assert Fleet(store.engine).find_kiosks()[0].apart == 0
        assert Fleet(store.engine).readmit(identity.kiosk, NOON) == []


def store_step(store: HubStore, identity: Identity, link: object) -> None:
    kiosk = store.find_kiosk(identity.kiosk)
    assert kiosk
    receive(store, kiosk, [envelope(identity=identity).blob], NOON, Said(link, 3, 7200))  # type: ignore[arg-type]


class TestCommands:
    @pytest.fixture
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HubStore:
        """The hub that the commands of this machine work on."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("KIOSK_DATA", str(tmp_path))
        store = HubStore(open_url(f"sqlite:///{tmp_path / 'hub.sqlite'}"))
        upgrade(store.engine)
        store.save_keys(KEYS)
        return store

    def test_kiosks_are_listed_with_what_is_wrong(self, here: HubStore) -> None:
        identity, link = join(here), first_link()
        store_step(here, identity, link)
        store_step(here, identity, next_link(link))
        with pytest.raises(Forked):
            store_step(here, identity, next_link(link))

        out = CliRunner().invoke(command.kiosks).output

        assert identity.kiosk in out and "rose-hill" in out and "queue: 3 waiting" in out
        assert "2 hours ahead" in out and "1 of its requests are kept apart" in out

    def test_an_empty_list_says_how_to_begin(self, here: HubStore) -> None:
        assert "kiosk hub code" in CliRunner().invoke(command.kiosks).output

    def test_a_kiosk_is_revoked_and_then_listed_so(self, here: HubStore) -> None:
        id = join(here).kiosk

        assert CliRunner().invoke(command.revoke, [id]).exit_code == 0
        assert "Revoked" in CliRunner().invoke(command.kiosks).output

    def test_a_copy_that_is_readmitted_says_what_came_to_the_desk(self, here: HubStore) -> None:
        id = join(here).kiosk

        assert "0 that were kept apart" in CliRunner().invoke(command.readmit, [id]).output

    def test_conflicts_are_listed(self, here: HubStore) -> None:
        identity = join(here)
        asked = request(kiosk=identity.kiosk)
        for _ in range(2):
            here.add_envelope(seal(asked, identity), KEYS.team_key_id, NOON)

        out = CliRunner().invoke(command.show_conflicts).output

        assert str(asked.id) in out and "1 in conflict." in out and "Amina" not in out

    def test_a_stick_is_taken_in_and_a_damaged_file_on_it_is_named(self, here: HubStore) -> None:
        identity, outbox = join(here), MemoryOutbox()
        outbox.save(envelope(identity=identity))
        with put_in() as stick:
            write_stick(outbox, stick, identity)
            whole = CliRunner().invoke(command.import_requests, [str(stick)])
            (stick / requests_file("kiosk-0")).write_bytes(b"{}")
            (stick / requests_file("kiosk-1")).symlink_to("gone")
            damaged = CliRunner().invoke(command.import_requests, [str(stick)])

        assert whole.exit_code == 0 and "1 held" in whole.output
        assert isinstance(damaged.exception, UsbTrouble) and "waymark-requests-kiosk-0.json" in str(damaged.exception)
        assert "points elsewhere" in str(damaged.exception)
        assert len(here.find_open_envelopes()) == 1
