"""Promise 20: the team's key is changed while kiosks hold full queues, and every request opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.bootstrap import bootstrap
from kiosk.callbacks.identity import load_identity, renew_identity, save_identity
from kiosk.callbacks.model import Identity, Trouble
from kiosk.callbacks.new_keys import adopt, sign_new_keys
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.callbacks.seal import key_id, public_key, seal
from kiosk.errors import EnrolmentRefused, NoTeamKey, SealBroken, StickDamaged
from kiosk.hub.accounts import Accounts
from kiosk.hub.keys import Cost, make_private_key
from kiosk.hub.recovery import recover
from kiosk.hub.ring import load_ring
from kiosk.hub.roles import Role
from kiosk.hub.rotation import rotate_hub_key, rotate_key
from kiosk.hub.stick import import_stick
from kiosk.settings import Settings
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from kiosk.sync.stick import receipts_file
from kiosk.sync.usb import read_receipts, write_stick
from tests.callbacks.samples import KIOSK_VERIFY_KEY, NOON, RECOVERY, TEAM, ask, request
from tests.hub.desk.people import add_worker
from tests.processes import wait_until
from tests.sync.hubs import RunningHub

PASSWORD = "heron basket sunday"
FULL = 45  # two batches and a bit


class Desk:
    """The hub's lead, who changes keys and reads requests."""

    def __init__(self, hub: RunningHub) -> None:
        self._store = hub.store
        self._accounts = Accounts(hub.store.engine, Cost(1, 8192))
        add_worker(hub.store.engine, "J. Okafor", PASSWORD, Role.LEAD, bytes(TEAM))

    def rotate(self) -> None:
        lead = self._accounts.open("J. Okafor", PASSWORD, NOON)
        rotate_key(self._store.engine, lead.worker, lead.team_key, NOON)

    def rotate_hub_key(self) -> str:
        return rotate_hub_key(self._store.engine, self._accounts.open("J. Okafor", PASSWORD, NOON).worker, NOON)

    def names(self) -> list[str]:
        team_key = self._accounts.open("J. Okafor", PASSWORD, NOON).team_key
        with self._store.engine.connect() as connection:
            ring = load_ring(connection, team_key)
        return [ring.open(held).name for held in self._store.find_open_envelopes()]


@pytest.fixture
def desk(hub: RunningHub) -> Desk:
    return Desk(hub)


@pytest.fixture
def data(tmp_path: Path, identity: Identity) -> Path:
    """The folder of a kiosk that has joined."""
    save_identity(identity, tmp_path / "kiosk")
    return tmp_path / "kiosk"


@pytest.fixture
def client(identity: Identity, data: Path) -> Iterator[HubClient]:
    client = HubClient(identity, on_new_keys=lambda newer: renew_identity(newer, data))
    yield client
    client.close()


def kept(data: Path) -> Identity:
    identity = load_identity(data)
    assert identity
    return identity


@pytest.mark.promise(20)
def test_a_full_queue_from_before_the_change_opens_and_what_comes_after_is_sealed_for_the_new_key(
    hub: RunningHub, desk: Desk, outbox: SqlOutbox, client: HubClient, identity: Identity, data: Path
) -> None:
    before = [f"Parent {number}" for number in range(FULL)]
    for name in before:
        ask(outbox, identity, name)
    desk.rotate()

    report = sync_once(outbox, client, NOON)
    ask(outbox, kept(data), "Amina")
    sync_once(outbox, client, NOON)

    assert (report.delivered, report.trouble) == (FULL, None)
    assert desk.names() == [*before, "Amina"]
    assert hub.store.find_open_envelopes()[-1].team_key_id == hub.store.get_keys().team_key_id


@pytest.mark.promise(20)
def test_a_kiosk_that_missed_two_changes_learns_the_last(
    hub: RunningHub, desk: Desk, outbox: SqlOutbox, client: HubClient, identity: Identity, data: Path
) -> None:
    ask(outbox, identity, "Amina")
    desk.rotate()
    desk.rotate()
    sync_once(outbox, client, NOON)

    keys = hub.store.get_keys()
    assert kept(data) == replace(identity, team_key=keys.team_key, generation=keys.generation)
    assert desk.names() == ["Amina"]


@pytest.mark.promise(16)
@pytest.mark.promise(20)
def test_after_a_new_key_of_the_hubs_own_a_kiosk_keeps_all_until_it_joins_anew_and_then_brings_it_once(
    hub: RunningHub, desk: Desk, outbox: SqlOutbox, client: HubClient, identity: Identity, data: Path
) -> None:
    before = [f"Parent {number}" for number in range(FULL)]
    for name in before:
        ask(outbox, identity, name)
    code = hub.store.create_code("rose-hill", NOON)
    assert desk.rotate_hub_key() == key_id(hub.store.get_keys().verify_key) != key_id(identity.hub_verify_key)

    report = sync_once(outbox, client, NOON)
    assert (report.delivered, report.trouble) == (0, Trouble.REFUSED)
    assert outbox.counts().waiting == FULL and desk.names() == []
    with pytest.raises(EnrolmentRefused):  # whoever has a copy of the database may have guessed it
        hub.store.enrol(code, KIOSK_VERIFY_KEY, NOON)

    save_identity(hub.join(), data)
    with closing(HubClient(kept(data))) as joined:
        assert sync_once(outbox, joined, NOON, by_hand=True).delivered == FULL
        ask(outbox, kept(data), "Amina")
        assert sync_once(outbox, joined, NOON).delivered == 1
    assert desk.names() == [*before, "Amina"]


def test_a_kiosk_that_has_joined_anew_believes_no_word_under_the_hubs_old_key(hub: RunningHub, desk: Desk) -> None:
    old, strange = hub.store.get_keys(), public_key(make_private_key())
    desk.rotate_hub_key()
    joined = hub.join()
    said = sign_new_keys(joined.generation + 1, strange, old.recovery_key, old.signing_key)

    assert adopt(replace(joined, hub_verify_key=old.verify_key), said)  # so would one believe that has not
    with pytest.raises(SealBroken):
        adopt(joined, said)


@pytest.mark.promise(20)
def test_after_a_recovery_a_queue_from_before_opens_with_the_new_workers_password(
    hub: RunningHub, outbox: SqlOutbox, client: HubClient, identity: Identity, data: Path
) -> None:
    ask(outbox, identity, "Amina")
    cost = Cost(1, 8192)
    recover(hub.store.engine, bytes(RECOVERY), make_private_key(), "P. Reed", PASSWORD, NOON, cost)
    sync_once(outbox, client, NOON)
    ask(outbox, kept(data), "Sophie")
    sync_once(outbox, client, NOON)

    team_key = Accounts(hub.store.engine, cost).open("P. Reed", PASSWORD, NOON).team_key
    with hub.store.engine.connect() as connection:
        ring = load_ring(connection, team_key)
    assert [ring.open(held).name for held in hub.store.find_open_envelopes()] == ["Amina", "Sophie"]
    assert kept(data).recovery_key == hub.store.get_keys().recovery_key != identity.recovery_key


def test_a_kiosk_that_joins_later_seals_for_the_newest_and_is_told_nothing(hub: RunningHub, desk: Desk) -> None:
    desk.rotate()
    identity, told = hub.join(), list[Identity]()
    client = HubClient(identity, on_new_keys=told.append)
    client.deliver([seal(request(kiosk=identity.kiosk), identity)])
    client.close()

    assert key_id(identity.team_key) == hub.store.get_keys().team_key_id
    assert told == []


def test_new_keys_that_cannot_be_kept_hold_up_no_request_and_come_again(
    hub: RunningHub, desk: Desk, outbox: SqlOutbox, identity: Identity
) -> None:
    tried = list[Identity]()

    def disk_full(newer: Identity) -> None:
        tried.append(newer)
        raise NoTeamKey("The keys of this kiosk cannot be kept.")

    client = HubClient(identity, on_new_keys=disk_full)
    desk.rotate()
    for name in ("Amina", "Sophie"):
        ask(outbox, identity, name)
        assert sync_once(outbox, client, NOON).delivered == 1
    client.close()

    assert [newer.team_key for newer in tried] == 2 * [hub.store.get_keys().team_key]
    assert desk.names() == ["Amina", "Sophie"]


def test_a_kiosk_that_joined_anew_meanwhile_keeps_its_new_name(data: Path, identity: Identity) -> None:
    anew = replace(identity, kiosk="kiosk-anew")
    save_identity(anew, data)

    renew_identity(replace(identity, generation=2), data)

    assert kept(data) == anew


@pytest.mark.promise(20)
def test_a_running_kiosk_seals_the_next_request_for_the_new_key(
    hub: RunningHub, desk: Desk, identity: Identity, data: Path
) -> None:
    services = bootstrap(Settings(data=data), lambda: NOON)
    assert services.syncer
    services.outbox.save(seal(request(kiosk=identity.kiosk), identity))
    desk.rotate()
    services.syncer.start()
    wait_until(lambda: services.identity is not None and services.identity.generation > identity.generation)
    services.send(request(kiosk=identity.kiosk, name="Sophie"))
    wait_until(lambda: len(hub.store.find_open_envelopes()) == 2)
    services.stop()

    assert desk.names() == ["Amina", "Sophie"]
    assert hub.store.find_open_envelopes()[-1].team_key_id == hub.store.get_keys().team_key_id


@pytest.mark.promise(20)
def test_a_kiosk_that_never_has_a_network_learns_new_keys_by_the_stick(
    hub: RunningHub, desk: Desk, outbox: SqlOutbox, identity: Identity, data: Path, stick: Path
) -> None:
    ask(outbox, identity, "Amina")
    desk.rotate()
    there_and_back(hub, stick, outbox, data)
    ask(outbox, kept(data), "Sophie")
    there_and_back(hub, stick, outbox, data)

    assert desk.names() == ["Amina", "Sophie"]
    keys = hub.store.get_keys()
    assert kept(data) == replace(identity, team_key=keys.team_key, generation=keys.generation)
    assert hub.store.find_open_envelopes()[-1].team_key_id == keys.team_key_id


def test_a_kiosk_that_never_has_a_network_hears_of_the_hubs_days_by_the_stick(
    hub: RunningHub, outbox: SqlOutbox, identity: Identity, data: Path, stick: Path
) -> None:
    ask(outbox, identity, "Amina")
    there_and_back(hub, stick, outbox, data, keep_days=7)
    assert kept(data).keep_days == 7

    older = (stick / receipts_file(identity.kiosk)).read_bytes()
    ask(outbox, identity, "Sophie")
    there_and_back(hub, stick, outbox, data, keep_days=30)
    assert kept(data) == replace(identity, keep_days=30)

    (stick / receipts_file(identity.kiosk)).write_bytes(older)
    read_receipts(stick, outbox, kept(data), lambda newer: renew_identity(newer, data))
    assert kept(data).keep_days == 30, "an older stick brought back older days"


def test_days_that_somebody_else_wrote_on_the_stick_are_not_heard(
    hub: RunningHub, outbox: SqlOutbox, identity: Identity, data: Path, stick: Path
) -> None:
    ask(outbox, identity, "Amina")
    write_stick(outbox, stick, identity)
    import_stick(stick, hub.store, NOON, 14)
    file = stick / receipts_file(identity.kiosk)
    file.write_bytes(file.read_bytes().replace(b'"keep_days":14', b'"keep_days":99'))

    with pytest.raises(StickDamaged):
        read_receipts(stick, outbox, identity, lambda newer: renew_identity(newer, data))

    assert (kept(data).keep_days, outbox.counts().waiting) == (0, 1)


def test_keys_on_an_older_stick_do_not_come_back(
    hub: RunningHub, desk: Desk, outbox: SqlOutbox, identity: Identity, data: Path, stick: Path
) -> None:
    ask(outbox, identity, "Amina")
    there_and_back(hub, stick, outbox, data)
    older = (stick / receipts_file(identity.kiosk)).read_bytes()
    desk.rotate()
    ask(outbox, identity, "Sophie")
    there_and_back(hub, stick, outbox, data)

    (stick / receipts_file(identity.kiosk)).write_bytes(older)
    read_receipts(stick, outbox, kept(data), lambda newer: renew_identity(newer, data))

    assert kept(data).team_key == hub.store.get_keys().team_key != identity.team_key


def there_and_back(hub: RunningHub, stick: Path, outbox: SqlOutbox, data: Path, keep_days: int | None = None) -> None:
    """Carry what waits to the hub, and its answers home."""
    write_stick(outbox, stick, kept(data))
    import_stick(stick, hub.store, NOON, keep_days)
    read_receipts(stick, outbox, kept(data), lambda newer: renew_identity(newer, data))
    assert outbox.counts().waiting == 0
