"""Years of a hub in a minute: people come, go and forget, keys change, kiosks hear of it late. Two things always hold.

Whoever may sign in opens every request. And who was removed, with every password they ever had and a copy of the database
from each day since and before, never comes by a key that was made after they left; nor does who saw a password before it
was changed come by a key that was made after that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, Row, select

from kiosk.errors import SignInRefused
from kiosk.hub.accounts import Accounts
from kiosk.hub.desk_tables import workers
from kiosk.hub.keys import (
    Cost,
    WrappedKey,
    make_private_key,
    private_key_id,
    read_recovery_words,
    recovery_words,
    unseal_key,
    unwrap,
)
from kiosk.hub.people import People
from kiosk.hub.people_tables import handovers, key_copies
from kiosk.hub.recovery import recover
from kiosk.hub.ring import load_ring
from kiosk.hub.roles import Opened, Role
from kiosk.hub.rotation import rotate_key
from kiosk.hub.store import HubStore
from kiosk.settings import Settings
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, NOW, PASSWORD, TEAM, WORKER, Clock, make_kiosk

DAYS = 60


@dataclass
class Left:
    """Somebody who is to come by no later key: each password that they know, and how many team keys there had been."""

    passwords: set[str]
    generations: int


@dataclass
class Hub:
    engine: Engine
    random: Random
    passwords: dict[str, str] = field(default_factory=lambda: {WORKER: PASSWORD, COLLEAGUE: COLLEAGUES_PASSWORD})
    leads: set[str] = field(default_factory=lambda: {WORKER})
    had: dict[str, set[str]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    paper: bytes = TEAM.recovery_key
    asked: list[str] = field(default_factory=list)
    team_keys: list[str] = field(default_factory=lambda: [TEAM.public.team_key_id])
    boxes: set[tuple[str, bytes]] = field(default_factory=set)
    rows: set[tuple[bytes, int, int, bytes]] = field(default_factory=set)
    opened_rows: dict[tuple[str, bytes], tuple[bytes, ...]] = field(default_factory=dict)
    number: int = 0

    def __post_init__(self) -> None:
        self.accounts, self.people = Accounts(self.engine, CHEAP), People(self.engine, CHEAP)
        self.store, self.kiosk = HubStore(self.engine), make_kiosk(self.engine, Clock())
        self.had = {name: {password} for name, password in self.passwords.items()}

    def a_day(self) -> None:
        acts: list[Callable[[], None]] = [self.ask, self.hear, self.come, self.join, self.leave, self.forget]
        self.random.choice([*acts, self.ask, self.rotate, self.promote, self.swap, self.lose_all])()
        self.copy()

    def fresh(self, what: str) -> str:
        self.number += 1
        return f"{what} number {self.number}"

    def somebody(self, besides: set[str] = frozenset()) -> str:  # type: ignore[assignment]
        return self.random.choice(sorted(set(self.passwords) - besides))

    def sign_in(self, name: str) -> Opened:
        return self.accounts.open(name, self.passwords[name], NOW)

    def lead(self) -> Opened:
        return self.sign_in(self.random.choice(sorted(self.leads)))

    def ask(self) -> None:
        self.asked.append(self.fresh("Parent"))
        self.kiosk.leave(self.asked[-1])

    def hear(self) -> None:
        keys = self.store.get_keys()
        self.kiosk.identity = replace(self.kiosk.identity, team_key=keys.team_key, recovery_key=keys.recovery_key)

    def come(self) -> None:
        self.sign_in(self.somebody())

    def join(self) -> None:
        name, password = self.fresh("Worker"), self.fresh("password")
        self.people.add(self.lead(), name, password, Role.WORKER, NOW)
        self.passwords[name], self.had[name] = password, {password}

    def promote(self) -> None:
        name = self.somebody()
        self.people.set_role(self.lead(), self.people.get(name).id, Role.LEAD, NOW)
        self.leads.add(name)

    def swap(self) -> None:
        """Be a publisher for a day: another password, and another when they are back."""
        if not (others := set(self.passwords) - self.leads):
            return
        name = self.random.choice(sorted(others))
        for role in (Role.PUBLISHER, Role.WORKER):
            password = self.fresh("password")
            self.people.set_role(self.lead(), self.people.get(name).id, role, NOW, password)
            self.passwords[name] = password
            self.had[name].add(password)
            self.copy()

    def forget(self) -> None:
        name, password = self.somebody(), self.fresh("password")
        self.accounts.change_password(name, self.passwords[name], password, NOW)
        self.left.append(Left({self.passwords[name]}, len(self.team_keys)))
        self.passwords[name] = password
        self.had[name].add(password)

    def leave(self) -> None:
        name = self.somebody()
        if self.leads == {name}:
            return
        self.people.remove(self.lead().worker, self.people.get(name).id)
        self.note_left(name)

    def note_left(self, name: str) -> None:
        del self.passwords[name]
        self.leads.discard(name)
        self.left.append(Left(self.had[name], len(self.team_keys)))

    def rotate(self) -> None:
        lead = self.lead()
        self.team_keys.append(rotate_key(self.engine, lead.worker, lead.team_key, NOW))

    def lose_all(self) -> None:
        if self.random.random() < 0.7:
            return
        name, password, paper = self.fresh("Lead"), self.fresh("password"), make_private_key()
        recover(self.engine, self.paper, paper, name, password, NOW, CHEAP)
        for other in sorted(self.passwords):
            self.note_left(other)
        self.team_keys.append(self.store.get_keys().team_key_id)
        self.paper = read_recovery_words(recovery_words(paper))
        self.passwords, self.leads = {name: password}, {name}
        self.had[name] = {password}

    def copy(self) -> None:
        """Take a copy of all that is kept under some key."""
        with self.engine.connect() as connection:
            for table in (handovers, key_copies):
                self.boxes |= {(row.for_key_id, row.box) for row in connection.execute(select(table))}
            self.rows |= {_wrapped(row) for row in connection.execute(select(workers))}

    def names_for(self, name: str) -> list[str]:
        with self.engine.connect() as connection:
            ring = load_ring(connection, self.sign_in(name).team_key)
        return [ring.open(held).name for held in self.store.find_open_envelopes()]

    def reached_by(self, left: Left) -> set[str]:
        """Return the ids of all keys that somebody's passwords lead to in all copies together."""
        waiting = [key for password in sorted(left.passwords) for row in self.rows for key in self.tried(password, row)]
        reached: set[str] = set()
        while waiting:
            key = waiting.pop()
            if (id := private_key_id(key)) not in reached:
                reached.add(id)
                waiting += [unseal_key(box, key) for for_key, box in self.boxes if for_key == id]
        return reached

    def tried(self, password: str, row: tuple[bytes, int, int, bytes]) -> tuple[bytes, ...]:
        salt, passes, memory, box = row
        if (password, salt) not in self.opened_rows:
            try:
                found = unwrap(WrappedKey(salt, Cost(passes, memory), box), password)
                self.opened_rows[password, salt] = (found.key, found.own_key)
            except SignInRefused:
                self.opened_rows[password, salt] = ()
        return self.opened_rows[password, salt]


def _wrapped(row: Row[Any]) -> tuple[bytes, int, int, bytes]:
    return row.salt, row.passes, row.memory, row.wrapped_key


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [0])
@pytest.mark.promise(20)
def test_everybody_opens_everything_and_who_left_nothing_that_came_later(
    hub: Engine, on_both: Settings, seed: int
) -> None:
    years = Hub(hub, Random(seed))
    for _ in range(DAYS):
        years.a_day()

    for name in sorted(years.passwords):
        assert years.names_for(name) == years.asked
    for left in years.left:
        assert not years.reached_by(left) & set(years.team_keys[left.generations :])
    assert len(years.team_keys) > 3 and len(years.left) > 3 and len(years.asked) > 3
