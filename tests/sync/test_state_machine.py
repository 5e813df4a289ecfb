"""Kiosks, a network, sticks and a hub in any order that hypothesis can think of; the stores are real, the network is not.

The team changes its key meanwhile, while queues are full; a kiosk hears of it with an answer, by a stick, or not yet.

What always holds: a request that a parent was told we have is on a kiosk or receipted by the hub, never twice on the
desk, and gone for good once it was handled and deleted. Whatever is on the desk opens with the newest key.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from nacl.signing import SigningKey
from sqlalchemy import select

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Identity
from kiosk.callbacks.new_keys import learn, sign_new_keys
from kiosk.callbacks.outbox import SqlOutbox, open_outbox
from kiosk.callbacks.seal import public_key, seal
from kiosk.database import open_url
from kiosk.errors import HubNonsense, HubRefused, HubUnreachable, KioskCloned, NoTeamKey, UsbTrouble
from kiosk.hub.accounts import Accounts
from kiosk.hub.fleet import Fleet
from kiosk.hub.keys import Cost
from kiosk.hub.lines import Forked, Said
from kiosk.hub.reception import receive
from kiosk.hub.ring import load_ring
from kiosk.hub.roles import Role
from kiosk.hub.rotation import rotate_key
from kiosk.hub.schema import upgrade
from kiosk.hub.stick import import_stick
from kiosk.hub.store import HeldEnvelope, HubStore
from kiosk.hub.tables import envelopes
from kiosk.sync.answers import check_item
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import Hub, sync_once
from kiosk.sync.stick import receipts_file, requests_file
from kiosk.sync.usb import read_receipts, write_stick
from tests.callbacks.samples import NOON, TEAM, request
from tests.hub.conftest import KEYS
from tests.hub.desk.people import PASSWORD, WORKER, add_worker

MACHINES = 3  # one kiosk, and at most two copies of its disk
FULL = 21  # requests that wait: a batch, and one more
ROTATIONS = 3
FATES = st.sampled_from(
    ["whole", "request lost", "answer lost", "twice", "login page", "killed before settling", "keys not kept"]
)
CLOCKS = st.sampled_from([NOON, datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 6, 1, tzinfo=UTC)])
SHARED_MEMORY = Path("/dev/shm")  # no disk to wait for; what a disk may do is tested elsewhere


class Killed(BaseException):
    """The kiosk's process is gone."""


@dataclass
class Machine:
    """A kiosk and its disk."""

    data: Path
    identity: Identity
    outbox: SqlOutbox

    def renew(self, newer: Identity) -> None:
        self.identity = newer

    def here(self) -> set[UUID]:
        return {each.envelope.id for each in self.outbox.pending()} | set(self.outbox.find_set_aside())


@dataclass
class Network(Hub):
    """Carries one look at the outbox to the hub; what happens on the way is its fate."""

    store: HubStore
    machine: Machine
    fate: str
    watch: Callable[[], None]

    def deliver(self, sent: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        assert standing is not None and standing.link is not None
        if self.fate == "request lost":
            raise HubUnreachable("The request was lost.")
        if self.fate == "login page":
            raise HubNonsense("A login page.")
        said = Said(standing.link, standing.waiting, 0)
        for _ in range(2 if self.fate == "twice" else 1):
            items = self._post(sent, said)
            self.watch()
        if self.fate == "answer lost":
            raise HubUnreachable("The answer was lost.")
        if self.fate == "killed before settling":
            raise Killed
        self._tell_of_new_keys()
        return [check_item(*pair) for pair in zip(items, sent, strict=True)]

    def _tell_of_new_keys(self) -> None:
        keys, me = self.store.get_keys(), self.machine.identity
        if me.generation < keys.generation:
            said = sign_new_keys(keys.generation, keys.team_key, keys.recovery_key, keys.signing_key)
            learn(me, said, self._refuse if self.fate == "keys not kept" else self.machine.renew)

    def _refuse(self, newer: Identity) -> None:
        raise NoTeamKey("The disk is full.")

    def _post(self, sent: Sequence[Envelope], said: Said) -> Sequence[wire.Item]:
        kiosk = self.store.find_kiosk(self.machine.identity.kiosk)
        assert kiosk is not None
        if kiosk.revoked:
            raise HubRefused("Revoked.")
        try:
            return receive(self.store, kiosk, [each.blob for each in sent], NOON, said)
        except Forked as why:
            raise KioskCloned("Copied.") from why


class Waymark(RuleBasedStateMachine):
    """The whole way of a request."""

    sticks = Bundle("sticks")

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None))
        self.store = HubStore(open_url(f"sqlite:///{self.folder / 'hub.sqlite'}"))
        upgrade(self.store.engine)
        self.store.save_keys(KEYS)
        add_worker(self.store.engine, WORKER, PASSWORD, Role.LEAD, bytes(TEAM))
        self.lead = Accounts(self.store.engine, Cost(1, 8192)).open(WORKER, PASSWORD, NOON)
        self.rotations = 0
        self.read: dict[tuple[str, bytes], str] = {}
        self.told: dict[UUID, str] = {}
        self.names: dict[UUID, str] = {}
        self.purged: set[UUID] = set()
        data = self.folder / "kiosk-0"
        self.machines = [Machine(data, self._join(), open_outbox(data))]

    def teardown(self) -> None:
        """The key is changed once more, the network comes back, staff do what they are told: everything arrives."""
        self._change_the_teams_key()
        for machine in self.machines:
            sync_once(machine.outbox, self._network(machine, "whole"), NOON, by_hand=True)
            if machine.outbox.counts().waiting:
                machine.identity = self._join()
                sync_once(machine.outbox, self._network(machine, "whole"), NOON, by_hand=True)
            assert (machine.outbox.counts().waiting, machine.outbox.counts().set_aside) == (0, 0)
            machine.outbox.close()
        assert self._on_desk() | self.purged == set(self.told)
        assert self._opened(self.store.find_open_envelopes()) == {
            id: name for id, name in self.names.items() if id not in self.purged
        }
        self.store.engine.dispose()
        shutil.rmtree(self.folder)

    @rule(target=sticks)
    def buy_a_stick(self) -> Path:
        stick = self.folder / f"stick-{uuid4().hex}"
        stick.mkdir()
        return stick

    @rule(which=st.integers(0, MACHINES - 1), touches=st.integers(1, 2))
    def ask(self, which: int, touches: int) -> None:
        self._ask(self._machine(which), touches)

    @precondition(lambda self: self.rotations < ROTATIONS)
    @rule(which=st.integers(0, MACHINES - 1))
    def change_the_teams_key_while_a_queue_is_full(self, which: int) -> None:
        for _ in range(FULL):
            self._ask(self._machine(which))
        self._change_the_teams_key()

    @rule(which=st.integers(0, MACHINES - 1))
    def be_back_on_line(self, which: int) -> None:
        """A kiosk delivers all it has and hears of new keys; what is asked there next is sealed for those."""
        self.deliver(which, "whole", NOON, by_hand=True)
        self._ask(self._machine(which))

    @rule(
        which=st.integers(0, MACHINES - 1), fate=FATES, now=CLOCKS, by_hand=st.sampled_from([True, True, True, False])
    )
    def deliver(self, which: int, fate: str, now: datetime, by_hand: bool) -> None:
        machine = self._machine(which)
        try:
            sync_once(machine.outbox, self._network(machine, fate), now, by_hand)
        except Killed:
            self._switch_on_again(machine)

    @rule(which=st.integers(0, MACHINES - 1))
    def restart(self, which: int) -> None:
        self._switch_on_again(self._machine(which))

    @rule(which=st.integers(0, MACHINES - 1), stick=sticks)
    def copy_to_stick(self, which: int, stick: Path) -> None:
        machine = self._machine(which)
        write_stick(machine.outbox, stick, machine.identity)

    @rule(stick=sticks)
    def bring_stick_to_hub(self, stick: Path) -> None:
        if any(stick.iterdir()):
            self._allow(UsbTrouble, lambda: import_stick(stick, self.store, NOON))

    @rule(which=st.integers(0, MACHINES - 1), stick=sticks)
    def bring_stick_back(self, which: int, stick: Path) -> None:
        machine = self._machine(which)
        self._allow(UsbTrouble, lambda: read_receipts(stick, machine.outbox, machine.identity, machine.renew))

    @rule(stick=sticks)
    def bring_stick_to_hub_twice(self, stick: Path) -> None:
        if any(stick.iterdir()):
            self._allow(
                UsbTrouble,
                lambda: self._same(import_stick(stick, self.store, NOON), import_stick(stick, self.store, NOON)),
            )

    @rule(target=sticks, stick=sticks)
    def keep_a_copy_of_a_stick_for_later(self, stick: Path) -> Path:
        return Path(shutil.copytree(stick, self.folder / f"stick-{uuid4().hex}"))

    @rule(stick=sticks, at=st.floats(0, 0.999), receipts=st.booleans())
    def damage_stick(self, stick: Path, at: float, receipts: bool) -> None:
        name = receipts_file if receipts else requests_file
        for file in stick.glob(name("*")):
            content = bytearray(file.read_bytes())
            content[int(at * len(content))] ^= 4
            file.write_bytes(content)

    @rule(stick=sticks)
    def lose_stick(self, stick: Path) -> None:
        for file in stick.iterdir():
            file.unlink()

    @precondition(lambda self: self._on_desk())
    @rule(newest=st.booleans())
    def handle_and_delete(self, newest: bool) -> None:
        handled = self.store.find_open_envelopes()[-1 if newest else 0].id
        self.store.forget(handled, NOON.date())
        self.purged.add(handled)

    @precondition(lambda self: len(self.machines) < MACHINES)
    @rule(which=st.integers(0, MACHINES - 1))
    def copy_disk(self, which: int) -> None:
        machine = self._machine(which)
        data = self.folder / f"kiosk-{len(self.machines)}"
        shutil.copytree(machine.data, data)
        self.machines.append(Machine(data, machine.identity, open_outbox(data)))

    @rule(which=st.integers(0, MACHINES - 1))
    def revoke(self, which: int) -> None:
        Fleet(self.store.engine).revoke(self._machine(which).identity.kiosk)

    @rule(which=st.integers(0, MACHINES - 1))
    def enrol_anew(self, which: int) -> None:
        self._machine(which).identity = self._join()

    @invariant()
    def every_request_is_on_a_kiosk_or_receipted_by_the_hub(self) -> None:
        here = {id for machine in self.machines for id in machine.here()}
        assert set(self.told) - here <= self._on_desk() | self.purged

    @invariant()
    def none_is_twice_on_the_desk_and_none_comes_back(self) -> None:
        held = self.store.find_open_envelopes()
        inside = list(self._opened(held).values())
        assert len(inside) == len(set(inside)) == len(held)
        assert all(self.told[each.id] == each.sha256 for each in held)
        assert not {each.id for each in held} & self.purged

    def _on_desk(self) -> set[UUID]:
        with self.store.engine.connect() as connection:
            return {UUID(id) for id in connection.execute(select(envelopes.c.id)).scalars()}

    def _opened(self, desk: Sequence[HeldEnvelope]) -> dict[UUID, str]:
        """Every name, by the key that the lead's password opens now. The same bytes are opened once with each."""
        with self.store.engine.connect() as connection:
            ring = load_ring(connection, self.lead.team_key)

        def name(held: HeldEnvelope) -> str:
            which = held.sha256, self.lead.team_key
            if which not in self.read:
                self.read[which] = ring.open(held).name
            return self.read[which]

        return {held.id: name(held) for held in desk}

    def _change_the_teams_key(self) -> None:
        self.rotations += 1
        rotate_key(self.store.engine, self.lead.worker, self.lead.team_key, NOON)
        self.lead = Accounts(self.store.engine, Cost(1, 8192)).open(WORKER, PASSWORD, NOON)

    def _ask(self, machine: Machine, touches: int = 1) -> None:
        name = f"Parent {len(self.told)}"
        sealed = seal(request(kiosk=machine.identity.kiosk, name=name), machine.identity)
        for _ in range(touches):
            machine.outbox.save(sealed)
        self.told[sealed.id], self.names[sealed.id] = sealed.sha256, name

    @staticmethod
    def _same(first: object, second: object) -> None:
        assert first == second

    def _machine(self, which: int) -> Machine:
        return self.machines[which % len(self.machines)]

    def _network(self, machine: Machine, fate: str) -> Network:
        return Network(self.store, machine, fate, self.every_request_is_on_a_kiosk_or_receipted_by_the_hub)

    def _join(self) -> Identity:
        seed = bytes(SigningKey.generate())
        id = self.store.enrol(self.store.create_code("rose-hill", NOON), public_key(seed), NOON)
        keys = self.store.get_keys()
        return Identity(id, seed, "", keys.verify_key, keys.team_key, keys.recovery_key, keys.generation)

    def _switch_on_again(self, machine: Machine) -> None:
        machine.outbox.close()
        machine.outbox = open_outbox(machine.data)

    def _allow(self, trouble: type[UsbTrouble], act: Callable[[], object]) -> None:
        try:
            act()
        except trouble:
            return


Waymark.TestCase.settings = settings(max_examples=12, stateful_step_count=40, deadline=None, derandomize=True)
TestWaymark = pytest.mark.promise(1, 9, 17, 18, 19, 20, 21, 22)(Waymark.TestCase)
