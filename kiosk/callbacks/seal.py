"""Seal a request for the team's eyes only, sign it as this kiosk, and check what others signed.

A request is sealed twice, for the team key and for the offline recovery key. Every kind of signature begins with its own purpose, so that none can be passed off as another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from nacl.bindings import crypto_box_SEALBYTES
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from kiosk.callbacks import wire
from kiosk.callbacks.inside import PADDED, pad_request, read_request, unpad
from kiosk.callbacks.model import CallbackRequest, Envelope, Identity
from kiosk.errors import NoTeamKey, RequestFaulty, SealBroken

Purpose = Literal[
    "envelope",
    "receipts",
    "batch",
    "stick",
    "stick-receipts",
    "enrolment",
    "new-keys",
    "pack-ask",
    "pack-fetch",
    "pack-word",
]
Which = Literal["team", "recovery"]
Box = Annotated[bytes, msgspec.Meta(min_length=PADDED + crypto_box_SEALBYTES, max_length=PADDED + crypto_box_SEALBYTES)]


class Cover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The outside of an envelope: all that the hub may know. `signature` is over this with null in its place."""

    spec: Literal[1]
    id: UUID
    kiosk: wire.KioskId
    team_key_id: wire.KeyId
    team: Box
    recovery: Box
    signature: wire.Signature | None = None


@dataclass(frozen=True)
class Unproven:
    """What is written in an envelope that is not what it says: its fields as they stand there, whoever wrote them.

    `request` is None where they make none.
    """

    fields: Mapping[str, Any] = field(repr=False)
    request: CallbackRequest | None = field(repr=False)


def key_id(public: bytes) -> str:
    """Return the short name of a public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def public_key(signing_key: bytes) -> bytes:
    """Return the Ed25519 verify key that belongs to a seed of 32 bytes."""
    return bytes(SigningKey(signing_key).verify_key)


def seal(request: CallbackRequest, identity: Identity) -> Envelope:
    """Return `request` sealed for the team and for recovery, signed by this kiosk.

    Two calls give two different envelopes: seal once and retry the same bytes. Raises RequestFaulty if the request is
    another kiosk's or does not fit 2 KiB, NoTeamKey if a key cannot be sealed for.
    """
    if request.kiosk != identity.kiosk:
        raise RequestFaulty("This request was made for another kiosk.")
    padded = pad_request(request)
    cover = Cover(
        spec=1,
        id=request.id,
        kiosk=identity.kiosk,
        team_key_id=key_id(identity.team_key),
        team=_seal_for(identity.team_key, padded),
        recovery=_seal_for(identity.recovery_key, padded),
    )
    signature = sign("envelope", wire.encode(cover), identity.signing_key)
    blob = wire.encode(msgspec.structs.replace(cover, signature=signature))
    return Envelope(cover.id, cover.kiosk, blob, digest(blob))


def check_keys(identity: Identity) -> None:
    """Raise NoTeamKey unless a request can be sealed for both keys and signed."""
    for key in (identity.team_key, identity.recovery_key):
        _seal_for(key, b"")
    sign("envelope", b"", identity.signing_key)


def read_cover(blob: bytes) -> Cover:
    """Return the outside of an envelope, unverified. Raises SealBroken unless it is canonical in every byte."""
    cover = wire.decode(blob, Cover, wire.ENVELOPE_LIMIT)
    if cover.signature is None or wire.encode(cover) != blob:
        raise SealBroken("This envelope is not spelt as a kiosk spells it.")
    return cover


def check_envelope(blob: bytes, verify_key: bytes) -> Cover:
    """Return the outside of an envelope that the holder of `verify_key` signed. Raises SealBroken."""
    cover = read_cover(blob)
    check_cover(blob, cover, verify_key)
    return cover


def check_cover(blob: bytes, cover: Cover, verify_key: bytes) -> None:
    """Raise SealBroken unless the holder of `verify_key` signed the outside that read_cover returned for `blob`."""
    verify("envelope", _signed_part(blob, cover), cover.signature or b"", verify_key)


def _signed_part(blob: bytes, cover: Cover) -> bytes:
    """Return the spelling of `cover` with null in the place of its signature, which is not spelt anew: it is in `blob`.

    `blob` is canonical, so only the signature's value differs. No value before it holds a quotation mark: an id is hex
    digits, a kiosk's name is letters and digits, a box is base64. So the first place that reads so is the signature.
    """
    return blob.replace(b'"signature":' + wire.encode(cover.signature), b'"signature":null', 1)


def open_envelope(blob: bytes, private_key: bytes, verify_key: bytes, which: Which = "team") -> CallbackRequest:
    """Return the request inside an envelope. `private_key` is 32 raw bytes; `which` says whose it is.

    Raises SealBroken if the signature, the seal, the padding or the request is not right, or if the request inside
    names another id or kiosk than the outside (promise 35).
    """
    cover = check_envelope(blob, verify_key)
    request = read_request(_inside(cover, private_key, which))
    if (request.id, request.kiosk) != (cover.id, cover.kiosk):
        raise SealBroken("The request inside this envelope is not the one named on it.")
    return request


def open_unproven(blob: bytes, private_key: bytes, which: Which = "team") -> Unproven:
    """Return what is written in an envelope that open_envelope refuses, if its seal opens. Nobody is rung by it: for whoever
    looks for all that is held of one person.

    Raises SealBroken if the seal does not open, or there are no fields inside.
    """
    plain = _inside(read_cover(blob), private_key, which)
    fields = wire.decode(plain, dict, PADDED)
    try:
        return Unproven(fields, read_request(plain))
    except SealBroken:
        return Unproven(fields, None)


def _inside(cover: Cover, private_key: bytes, which: Which) -> bytes:
    return unpad(_unseal(cover.team if which == "team" else cover.recovery, private_key))


def digest(blob: bytes) -> str:
    """Return the SHA-256 of an envelope's bytes, in hex."""
    return hashlib.sha256(blob).hexdigest()


def sign_items(items: Sequence[wire.Item], signing_key: bytes) -> bytes:
    """Return the hub's signature over its word on a whole batch. Each digest in it stands for one envelope."""
    return sign("receipts", wire.encode(items), signing_key)


def check_items(items: Sequence[wire.Item], signature: bytes, verify_key: bytes) -> None:
    """Raise SealBroken unless the hub of `verify_key` signed every field of `items`, and their order."""
    verify("receipts", wire.encode(items), signature, verify_key)


def batch_bytes(body: bytes, hub_verify_key: bytes) -> bytes:
    """Return what a kiosk's signature on a batch covers. The hub's name is part: a batch for one hub is worth nothing at
    another. The body is by its SHA-256: a signature reads all that it covers twice, in a slower way.
    """
    return key_id(hub_verify_key).encode() + hashlib.sha256(body).digest()


def word_bytes(ask: bytes, word: wire.PackWord) -> bytes:
    """Return what a hub's signature on its word about packs covers: the question that it answers, byte for byte, and it."""
    return hashlib.sha256(ask).digest() + wire.encode(msgspec.structs.replace(word, signature=None))


def sign(purpose: Purpose, message: bytes, signing_key: bytes) -> bytes:
    """Return the 64 bytes of an Ed25519 signature over `purpose` and `message`. Raises NoTeamKey on a bad key."""
    try:
        return SigningKey(signing_key).sign(_domain(purpose) + message).signature
    except (CryptoError, ValueError, TypeError) as why:
        raise NoTeamKey("The key of this kiosk cannot sign.", "Enrol the kiosk again.") from why


def verify(purpose: Purpose, message: bytes, signature: bytes, verify_key: bytes) -> None:
    """Raise SealBroken unless `signature` is over this purpose and message by `verify_key`."""
    try:
        VerifyKey(verify_key).verify(_domain(purpose) + message, signature)
    except (CryptoError, ValueError, TypeError) as why:
        raise SealBroken(f"The signature of this {purpose} is not right.") from why


def _domain(purpose: Purpose) -> bytes:
    return f"waymark {purpose} v1\n".encode()


def _seal_for(key: bytes, plain: bytes) -> bytes:
    try:
        return SealedBox(PublicKey(key)).encrypt(plain)
    except (CryptoError, ValueError, TypeError) as why:
        raise NoTeamKey("This kiosk's team key cannot be sealed for.", "Enrol the kiosk again.") from why


def _unseal(box: bytes, private_key: bytes) -> bytes:
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(box)
    except (CryptoError, ValueError, TypeError) as why:
        raise SealBroken("This envelope was not sealed for this key.") from why
