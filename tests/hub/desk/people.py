"""A hub with a kiosk and its parents, at one remembered moment: Saturday 21 November 2026, 11:52 in London."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

from nacl.signing import SigningKey
from sqlalchemy import Engine

from kiosk.callbacks.model import CallbackRequest, Envelope, Identity, SafeTime
from kiosk.callbacks.seal import key_id, public_key, seal
from kiosk.hub.accounts import insert_worker, make_worker
from kiosk.hub.keys import Cost, make_secrets
from kiosk.hub.roles import Role
from kiosk.hub.setup import hub_engine, settle
from kiosk.hub.store import HubStore
from kiosk.settings import Settings

NOW = datetime(2026, 11, 21, 11, 52, tzinfo=UTC)
SATURDAY = 5
CHEAP = Cost(1, 8192)
WORKER, PASSWORD = "J. Okafor", "heron basket sunday"
COLLEAGUE, COLLEAGUES_PASSWORD = "D. Patel", "velvet ladder tuesday"
TEAM = make_secrets()


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Kiosk:
    """A kiosk that has joined the hub, and what its parents leave."""

    store: HubStore
    identity: Identity
    clock: Clock
    left: list[CallbackRequest] = field(default_factory=list)

    def leave(self, name: str = "Amina", waited: timedelta = timedelta(hours=1), **fields: object) -> UUID:
        """Seal a request, hand it to the hub, and return its id. Safe on Saturdays 9:00 to 14:30 unless said."""
        given = {
            "id": uuid4(),
            "kiosk": self.identity.kiosk,
            "centre": "Rose Hill",
            "name": name,
            "phone": "+447700900123",
            "safe_times": (SafeTime(SATURDAY, time(9), time(14, 30)),),
            "asked_at": self.clock() - waited,
        }
        request = CallbackRequest(**(given | fields))  # type: ignore[arg-type]
        self.hand_in(seal(request, self.identity))
        self.left.append(request)
        return request.id

    def hand_in(self, envelope: Envelope) -> None:
        self.store.add_envelope(envelope, key_id(self.identity.team_key), self.clock())


def make_hub(settings: Settings) -> Engine:
    """Make a hub with two workers; one Argon2 pass over 8 KiB is enough for a test."""
    return make_team(hub_engine(settings))


def make_team(engine: Engine) -> Engine:
    """Make a hub in any database: a lead, and a worker."""
    settle(engine, TEAM, WORKER, PASSWORD, CHEAP)
    add_worker(engine, COLLEAGUE, COLLEAGUES_PASSWORD)
    return engine


def add_worker(
    engine: Engine, name: str, password: str = PASSWORD, role: Role = Role.WORKER, team_key: bytes = TEAM.team_key
) -> None:
    """Let somebody sign in, without a lead who lets them; one Argon2 pass over 8 KiB is enough for a test."""
    new = make_worker(name, password, team_key, NOW, role, (), CHEAP)
    with engine.begin() as connection:
        insert_worker(connection, new)


def make_kiosk(engine: Engine, clock: Clock, centre: str = "Rose Hill") -> Kiosk:
    """Let a kiosk join."""
    store, signing_key = HubStore(engine), bytes(SigningKey.generate())
    id = store.enrol(store.create_code(centre, clock()), public_key(signing_key), clock())
    public = TEAM.public
    identity = Identity(id, signing_key, "", public.verify_key, public.team_key, public.recovery_key)
    return Kiosk(store, identity, clock)
