"""A kiosk hears of new keys to seal for, believes its own hub alone, and never goes back to older ones."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import msgspec

from kiosk.callbacks import wire
from kiosk.callbacks.model import Identity
from kiosk.callbacks.seal import check_keys, key_id, sign, verify
from kiosk.errors import NoTeamKey, SealBroken

log = logging.getLogger(__name__)


def sign_new_keys(generation: int, team_key: bytes, recovery_key: bytes, signing_key: bytes) -> wire.NewKeys:
    """Return the hub's signed word that these public keys are in use, `generation` counting them from 1."""
    said = wire.NewKeys(generation, key_id(team_key), team_key, recovery_key)
    return msgspec.structs.replace(said, signature=sign("new-keys", wire.encode(said), signing_key))


def adopt(identity: Identity, said: wire.NewKeys) -> Identity | None:
    """Return the identity that seals for these keys from now on, or None if it knows them, or newer ones.

    Raises SealBroken if the hub that this kiosk joined did not sign them, NoTeamKey if they cannot be sealed for.
    """
    unsigned = wire.encode(msgspec.structs.replace(said, signature=None))
    verify("new-keys", unsigned, said.signature or b"", identity.hub_verify_key)
    if said.team_key_id != key_id(said.team_key):
        raise SealBroken("The hub's new team key is not the one that it names.")
    if said.generation <= identity.generation:
        return None
    newer = replace(identity, team_key=said.team_key, recovery_key=said.recovery_key, generation=said.generation)
    check_keys(newer)
    return newer


def learn(identity: Identity, said: wire.NewKeys | None, keep: Callable[[Identity], None]) -> Identity:
    """Return the identity to seal with from now on, which `keep` has kept if it is a newer one.

    Where the keys are not right, or cannot be kept, it is the one before: its keys still open, and the hub names the new
    ones again with its next answer.
    """
    try:
        newer = adopt(identity, said) if said else None
        if newer:
            keep(newer)
    except (SealBroken, NoTeamKey) as why:
        log.warning("The hub's new keys were not taken over: %s", type(why).__name__)
        return identity
    return newer or identity


def hear_days(identity: Identity, days: int | None, keep: Callable[[Identity], None]) -> Identity:
    """Return the identity with the hub's word on how long it keeps a handled request, which `keep` has kept.

    Where it cannot be kept, it is the one before, and the hub says it again with its next answer.
    """
    if not days or days == identity.keep_days:
        return identity
    newer = replace(identity, keep_days=days)
    try:
        keep(newer)
    except NoTeamKey as why:
        log.warning("The hub's word on its days was not kept: %s", type(why).__name__)
        return identity
    return newer
