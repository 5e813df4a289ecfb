"""Who this kiosk is, in one file of the data folder that only this user may read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from kiosk.callbacks import wire
from kiosk.callbacks.model import Identity
from kiosk.callbacks.seal import check_keys
from kiosk.disk import PRIVATE, write_whole
from kiosk.errors import NoTeamKey, SealBroken

FILE_NAME = "identity.json"
FILE_LIMIT = 16 * 1024  # bytes
_AGAIN = "Enrol the kiosk again: kiosk device enrol URL CODE"


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The file. `sha256` covers the rest: one flipped bit in the team key would seal requests that nobody can open.

    A first `generation` and no `keep_days` are left out, so that files from before there were others keep their sum.
    """

    spec: Literal[1]
    kiosk: wire.KioskId
    hub_url: Annotated[str, msgspec.Meta(max_length=2000)]
    signing_key: wire.Key
    hub_verify_key: wire.Key
    team_key: wire.Key
    recovery_key: wire.Key
    sha256: str
    generation: wire.Generation = 1
    keep_days: wire.Days | Literal[0] = 0


def save_identity(identity: Identity, data: Path) -> None:
    """Write the identity, whole or not at all, readable by this user alone. Raises NoTeamKey if it cannot be."""
    kept = _Kept(
        spec=1,
        kiosk=identity.kiosk,
        hub_url=identity.hub_url,
        signing_key=identity.signing_key,
        hub_verify_key=identity.hub_verify_key,
        team_key=identity.team_key,
        recovery_key=identity.recovery_key,
        sha256="",
        generation=identity.generation,
        keep_days=identity.keep_days,
    )
    with _kept_in(data):
        write_whole(data / FILE_NAME, wire.encode(msgspec.structs.replace(kept, sha256=_sum(kept))), PRIVATE)


def check_can_be_kept(data: Path) -> None:
    """Raise NoTeamKey unless an identity could be kept now: a code is spent before there is one, and works once."""
    trial = data / f"{FILE_NAME}.trial"
    with _kept_in(data):
        try:
            write_whole(trial, bytes(FILE_LIMIT), PRIVATE)
        finally:
            trial.unlink(missing_ok=True)


@contextmanager
def _kept_in(data: Path) -> Iterator[None]:
    """Make the folder if it is not there, and say it in our own words if nothing can be kept in it."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as why:
        raise NoTeamKey(
            f"The keys of this kiosk cannot be kept in {data}: {why.strerror}.",
            "Make room, and let this user write there.",
        ) from why


def renew_identity(newer: Identity, data: Path) -> None:
    """Put newer keys, or the hub's latest word on its days, into the file, whole or not at all. Raises NoTeamKey if it
    cannot be.

    A kiosk that has joined anew since, or has heard of still newer keys, stays as it is.
    """
    kept = load_identity(data)
    if kept and kept != newer and kept.kiosk == newer.kiosk and kept.generation <= newer.generation:
        save_identity(newer, data)


def load_identity(data: Path) -> Identity | None:
    """Return this kiosk's identity, or None if it never joined a hub.

    Raises NoTeamKey if the file is there but is not whole: then the form must not be offered (promise 5).
    """
    try:
        raw = (data / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as why:
        raise NoTeamKey(f"{FILE_NAME} cannot be read: {why.strerror}.", _AGAIN) from why
    identity = _parse(raw)
    check_keys(identity)
    return identity


def _parse(raw: bytes) -> Identity:
    try:
        kept = wire.decode(raw, _Kept, FILE_LIMIT)
    except SealBroken as why:
        raise NoTeamKey(f"{FILE_NAME} is damaged.", _AGAIN) from why
    if _sum(kept) != kept.sha256:
        raise NoTeamKey(f"{FILE_NAME} is damaged.", _AGAIN)
    fields = msgspec.structs.asdict(kept)
    return Identity(**{name: fields[name] for name in fields if name not in ("spec", "sha256")})


def _sum(kept: _Kept) -> str:
    return hashlib.sha256(wire.encode(msgspec.structs.replace(kept, sha256=""))).hexdigest()
