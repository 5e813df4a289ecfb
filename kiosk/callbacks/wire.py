"""What travels between a kiosk and its hub: typed messages as canonical JSON, each with a bound on its size.

Canonical means UTF-8, keys sorted, no spaces, bytes as base64: one message has one spelling, for signatures to cover.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec

from kiosk.errors import SealBroken
from kiosk.typed_json import read_json

BATCH_LIMIT = 20  # envelopes
ENVELOPE_LIMIT = 8 * 1024  # bytes of one sealed envelope
BODY_LIMIT = 256 * 1024  # bytes of a batch: twenty full envelopes in base64, and room
ANSWER_LIMIT = 64 * 1024  # bytes of any answer of the hub
STICK_ENVELOPES = 2_000  # in one file on a stick; the next copy, after these have their receipts, brings the rest
STICK_LIMIT = 32 * 1024 * 1024  # bytes of such a file: as many full envelopes in base64, and room
QUARANTINED = "quarantined-kiosk"  # the word of a Refusal to a kiosk of which there is a copy
SIGNATURE_HEADER = "Waymark-Signature"
CHANGES_LIMIT = 8  # of publisher keys, in one word on packs
CHANGE_LIMIT = 4096  # bytes of one of them
TAKEN_BACK_LIMIT = 50  # versions, in one word on packs
LINE_LIMIT = 300  # characters

KioskId = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9-]{1,40}\Z")]
KeyId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Version = Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z.+-]{1,40}\Z")]
Reason = Annotated[str, msgspec.Meta(pattern=r"\A[a-z-]{1,40}\Z")]
Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Generation = Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
Days = Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Word = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
WordOrNone = Annotated[str, msgspec.Meta(pattern=r"\A([0-9a-f]{32})?\Z")]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]
PackId = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
Line = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00-\x1f\x7f-\x9f]*\Z", max_length=LINE_LIMIT)]
KeyChange = Annotated[bytes, msgspec.Meta(max_length=CHANGE_LIMIT)]
Sealed = Annotated[bytes, msgspec.Meta(max_length=ENVELOPE_LIMIT)]
State = Literal["held", "already-handled", "conflict", "rejected"]

Message = TypeVar("Message")

_encoder = msgspec.json.Encoder(order="sorted")


class EnrolRequest(msgspec.Struct, frozen=True):
    """POST /api/v1/enrol. `signature` is by `verify_key`'s other half, over the code: the kiosk does hold the key."""

    spec: Literal[1]
    code: Annotated[str, msgspec.Meta(max_length=40)]
    verify_key: Key
    signature: Signature


class EnrolAnswer(msgspec.Struct, frozen=True):
    """What a kiosk learns when it joins: its own name, whom to believe, and whom to seal for."""

    spec: Literal[1]
    kiosk: KioskId
    hub_verify_key: Key
    team_key: Key
    recovery_key: Key
    generation: Generation = 1
    keep_days: Days | None = None  # a handled request is deleted after so many


class NewKeys(msgspec.Struct, frozen=True):
    """The hub's word on which keys to seal for from now on. `signature` is over this with null in its place."""

    generation: Generation
    team_key_id: KeyId
    team_key: Key
    recovery_key: Key
    signature: Signature | None = None


class Step(msgspec.Struct, frozen=True):
    """Which step of its outbox's deliveries a batch is of; see callbacks.model.Link."""

    line: Word
    number: Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
    before: WordOrNone
    this: Word


class Batch(msgspec.Struct, frozen=True):
    """POST /api/v1/envelopes. The kiosk's signature over these bytes is in the header SIGNATURE_HEADER, in base64."""

    spec: Literal[1]
    kiosk: KioskId
    version: Version
    envelopes: Annotated[tuple[Sealed, ...], msgspec.Meta(min_length=1, max_length=BATCH_LIMIT)]
    waiting: Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)] | None = None  # requests in the queue, these among them
    sent_at: Aware | None = None  # by the kiosk's clock
    step: Step | None = None
    generation: Generation = 1  # of the keys that the kiosk seals for by now
    after: UUID | None = None  # the last envelope of the batch before it, where that may still be under way


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """The hub's word on one envelope; `sha256` is of the bytes that arrived. In a signed list, and held, it is a receipt."""

    sha256: Sha256
    state: State
    id: UUID | None = None
    received_at: Aware | None = None
    reason: Reason | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    """One item for each envelope of the batch, in its order, and new keys for a kiosk that does not know them.

    `signature` is the hub's over the items as they stand here: one for all of them.
    """

    spec: Literal[1]
    items: Annotated[tuple[Item, ...], msgspec.Meta(max_length=BATCH_LIMIT)]
    signature: Signature
    new_keys: NewKeys | None = None
    keep_days: Days | None = None  # a handled request is deleted after so many


class Stick(msgspec.Struct, frozen=True):
    """The file that a kiosk leaves on a stick. `signature` is over the hub's key id and this with null in its place."""

    spec: Literal[1]
    kiosk: KioskId
    version: Version
    envelopes: Annotated[tuple[Sealed, ...], msgspec.Meta(min_length=1, max_length=STICK_ENVELOPES)]
    signature: Signature | None = None


class StickReceipts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The hub's answer on the stick: one item for each envelope, in order. Signed as a whole, as Stick is.

    The keys in use and the days come with every stick: a kiosk without a network learns of new ones in no other way.
    """

    spec: Literal[1]
    kiosk: KioskId
    items: Annotated[tuple[Item, ...], msgspec.Meta(max_length=STICK_ENVELOPES)]
    new_keys: NewKeys | None = None
    keep_days: Days | None = None  # a handled request is deleted after so many
    signature: Signature | None = None


class PackAsk(msgspec.Struct, frozen=True):
    """POST /api/v1/pack, signed as a batch is: what this kiosk shows, and may it have another?

    `shown` is the version on the screen, 0 for a folder that nobody signed; `says` what stood in the way of the last
    pack, or nothing. `nonce` is new with each call, so that no answer can be used for another. `step` is the latest of
    its outbox's deliveries, be it answered or open: a copy of this kiosk's disk has missed some.
    """

    spec: Literal[1]
    kiosk: KioskId
    version: Version
    pack: PackId
    shown: Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
    nonce: Word
    says: Line = ""
    step: Step | None = None


class PackOffer(msgspec.Struct, frozen=True):
    """The archive that a kiosk is to show: `size` bytes, whose hash is `sha256`, with `unpacked` bytes in it."""

    version: Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
    sha256: Sha256
    size: Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
    unpacked: Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]


class PackWord(msgspec.Struct, frozen=True):
    """The answer to PackAsk. A kiosk that shows one of `taken_back` goes back to what it has beside it.

    `taken_back` are contents as kiosk.pack.manifest.content_sha256 reckons them; `changes` are those of publisher keys,
    each signed by its publisher. `signature` is the hub's over the question and this with null in its place.
    """

    spec: Literal[1]
    offer: PackOffer | None
    taken_back: Annotated[tuple[Sha256, ...], msgspec.Meta(max_length=TAKEN_BACK_LIMIT)]
    changes: Annotated[tuple[KeyChange, ...], msgspec.Meta(max_length=CHANGES_LIMIT)]
    signature: Signature | None = None


class Health(msgspec.Struct, frozen=True):
    """GET /api/v1/health."""

    spec: Literal[1]
    ready: bool


class Refusal(msgspec.Struct, frozen=True):
    """Every answer of the hub that is not a success: a short word for programs and a sentence for people."""

    spec: Literal[1]
    error: Reason
    says: Annotated[str, msgspec.Meta(max_length=300)]


def encode(message: Any) -> bytes:
    """Return the one canonical spelling of `message`."""
    return _encoder.encode(message)


def decode(data: bytes, kind: type[Message], limit: int) -> Message:
    """Read `data` as a `kind`. Raises SealBroken if it is over `limit` bytes or anything else than that message."""
    if len(data) > limit:
        raise SealBroken(f"A message of {len(data)} bytes is over the limit of {limit}.")
    try:
        return read_json(data, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as why:
        raise SealBroken(f"This is not a message of the kind {kind.__name__}.") from why
