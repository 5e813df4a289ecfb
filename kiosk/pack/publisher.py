"""Who may publish packs: a key under a passphrase, its public half as words, and the signed word that changes keys."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

from kiosk.disk import PLAIN, PRIVATE, write_whole
from kiosk.errors import ArchiveDamaged, PublisherKeyFaulty, SignerUnknown
from kiosk.typed_json import read_json

LEAST_LETTERS = 12
"""Of a passphrase: a key file may lie on a stick or a shared drive for years, and be tried for as long."""

FILE_LIMIT = 16 * 1024  # bytes of a key, a public key or a change of keys
CHECK_LENGTH = 3  # with a key 35 bytes, which is 14 groups of 4 letters without padding
MARK = "waymark-publisher"
_MOST_PASSES, _MOST_MEMORY = argon2id.OPSLIMIT_SENSITIVE, argon2id.MEMLIMIT_SENSITIVE

Purpose = Literal["pack", "publisher-change", "publisher-accepts"]
Bytes32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Bytes64 = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]

_encoder = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class Cost:
    """What Argon2id spends on one guess of a passphrase: passes, and bytes of memory."""

    passes: int = argon2id.OPSLIMIT_MODERATE
    memory: int = argon2id.MEMLIMIT_MODERATE


@dataclass(frozen=True)
class PublisherKey:
    """The private half: an Ed25519 seed of 32 bytes. `public` is the other half, which kiosks trust."""

    seed: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        return bytes(SigningKey(self.seed).verify_key)


class _Wrapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key's file. `box` is the seed in a SecretBox under the passphrase, stretched by Argon2id."""

    kind: Literal["waymark-publisher-key"]
    spec: Literal[1]
    public: Bytes32
    salt: Annotated[bytes, msgspec.Meta(min_length=argon2id.SALTBYTES, max_length=argon2id.SALTBYTES)]
    passes: Annotated[int, msgspec.Meta(ge=argon2id.OPSLIMIT_MIN, le=_MOST_PASSES)]
    memory: Annotated[int, msgspec.Meta(ge=argon2id.MEMLIMIT_MIN, le=_MOST_MEMORY)]
    box: Annotated[bytes, msgspec.Meta(max_length=200)]


class KeyChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From now on `new` signs in place of `old`. Both have signed it: the one gives, the other takes.

    Each signature is over this with null in the places of both.
    """

    kind: Literal["waymark-publisher-change"]
    spec: Literal[1]
    old: Bytes32
    new: Bytes32
    gives: Bytes64 | None = None
    takes: Bytes64 | None = None


def make_key() -> PublisherKey:
    """Return a new key from the system's own randomness."""
    return PublisherKey(random(32))


def check_passphrase(passphrase: str) -> None:
    """Raise PublisherKeyFaulty if it is too easy to guess."""
    if len(passphrase) < LEAST_LETTERS or len(set(passphrase)) < 5:
        raise PublisherKeyFaulty(
            f"A passphrase needs {LEAST_LETTERS} letters or more, not the same few again and again.",
            "Take four words that have nothing to do with one another.",
        )


def save_key(key: PublisherKey, file: Path, passphrase: str, cost: Cost = Cost()) -> None:
    """Write the key under its passphrase, readable by this user alone, and never over another file.

    Raises PublisherKeyFaulty if the passphrase is too easy, the file is there, or it cannot be written.
    """
    check_passphrase(passphrase)
    if file.exists():
        raise PublisherKeyFaulty(
            f"{file} is there already.", "Give another name: a key that is lost does not come back."
        )
    salt = random(argon2id.SALTBYTES)
    box = bytes(SecretBox(_stretch(passphrase, salt, cost.passes, cost.memory)).encrypt(key.seed))
    wrapped = _Wrapped("waymark-publisher-key", 1, key.public, salt, cost.passes, cost.memory, box)
    _write(file, _encoder.encode(wrapped), PRIVATE)


def load_key(file: Path, passphrase: str) -> PublisherKey:
    """Return the key. Raises PublisherKeyFaulty if the file is damaged or the passphrase another."""
    try:
        wrapped = read_json(_read(file), _Wrapped)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as why:
        raise PublisherKeyFaulty(f"{file} is not a publisher's key, or is damaged.", "Take your copy of it.") from why
    try:
        key = PublisherKey(
            SecretBox(_stretch(passphrase, wrapped.salt, wrapped.passes, wrapped.memory)).decrypt(wrapped.box)
        )
    except CryptoError as why:
        raise PublisherKeyFaulty(f"This is not the passphrase of {file}.", "Type it again.") from why
    if key.public != wrapped.public:
        raise PublisherKeyFaulty(f"{file} is damaged.", "Take your copy of it.")
    return key


def key_name(public: bytes) -> str:
    """Return the short name that a public key goes by, such as 3f2a-91bc-0d4e-77aa: the first 64 bits of its SHA-256."""
    digits = hashlib.sha256(public).hexdigest()[:16]
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def public_words(public: bytes) -> str:
    """Return a public key as its file holds it: a mark, and 14 groups of 4 letters and digits with a checksum."""
    letters = base64.b32encode(public + _check(public)).decode()
    return f"{MARK} " + "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def read_public_words(words: str) -> bytes:
    """Return the public key, 32 bytes. Raises PublisherKeyFaulty if a letter is wrong or missing."""
    mark, _, groups = words.strip().partition(" ")
    try:
        raw = base64.b32decode(groups.replace("-", ""))
    except ValueError:
        raw = b""
    public, check = raw[:32], raw[32:]
    if mark != MARK or len(public) != 32 or check != _check(public):
        raise PublisherKeyFaulty("This is not a publisher's public key.", "Ask the publisher for the .pub file again.")
    return public


def save_public(public: bytes, file: Path) -> None:
    """Write the public half, which is no secret. Raises PublisherKeyFaulty if the disk does not take it."""
    _write(file, f"{public_words(public)}\n".encode(), PLAIN)


def load_public(file: Path) -> bytes:
    """Return the public key of a .pub file, 32 bytes. Raises PublisherKeyFaulty."""
    return read_public_words(_read(file).decode(errors="replace"))


def sign(purpose: Purpose, message: bytes, key: PublisherKey) -> bytes:
    """Return the 64 bytes of an Ed25519 signature over `purpose` and `message`."""
    return SigningKey(key.seed).sign(_domain(purpose) + message).signature


def is_signed(purpose: Purpose, message: bytes, signature: bytes, public: bytes) -> bool:
    """Return whether `signature` is over this purpose and message, by the other half of `public`."""
    try:
        VerifyKey(public).verify(_domain(purpose) + message, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def make_change(old: PublisherKey, new: PublisherKey) -> bytes:
    """Return the signed word that from now on `new` publishes, for a file on a stick or for a hub to hand on."""
    plain = KeyChange("waymark-publisher-change", 1, old.public, new.public)
    message = _encoder.encode(plain)
    gives, takes = sign("publisher-change", message, old), sign("publisher-accepts", message, new)
    return _encoder.encode(msgspec.structs.replace(plain, gives=gives, takes=takes))


def read_change(spelt: bytes) -> KeyChange:
    """Return a change of keys that both have signed. Raises ArchiveDamaged, or SignerUnknown where they have not."""
    try:
        if len(spelt) > FILE_LIMIT:
            raise ValueError("too long")
        change = read_json(spelt, KeyChange)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as why:
        raise ArchiveDamaged("This is not a change of publisher keys, or it is damaged.", "Copy it again.") from why
    message = _encoder.encode(msgspec.structs.replace(change, gives=None, takes=None))
    gives = is_signed("publisher-change", message, change.gives or b"", change.old)
    if not (gives and is_signed("publisher-accepts", message, change.takes or b"", change.new)):
        raise SignerUnknown(
            "This change of publisher keys is not signed by both keys.", "Ask the publisher for it again."
        )
    return change


def save_change(spelt: bytes, file: Path) -> None:
    """Write a change of keys, which is no secret. Raises PublisherKeyFaulty if the disk does not take it."""
    _write(file, spelt, PLAIN)


def load_change(file: Path) -> bytes:
    """Return what a file holds of a change of keys, unread. Raises PublisherKeyFaulty if there is none."""
    return _read(file)


def _domain(purpose: Purpose) -> bytes:
    return f"waymark {purpose} v1\n".encode()


def _stretch(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    try:
        return argon2id.kdf(SecretBox.KEY_SIZE, passphrase.encode(errors="surrogateescape"), salt, passes, memory)
    except (CryptoError, MemoryError) as why:
        raise PublisherKeyFaulty("There is not enough memory to open the key.", "Close other programs.") from why


def _check(public: bytes) -> bytes:
    return hashlib.blake2b(public, digest_size=CHECK_LENGTH, person=b"waymark publ").digest()


def _write(file: Path, content: bytes, mode: int) -> None:
    try:
        write_whole(file, content, mode)
    except OSError as why:
        raise PublisherKeyFaulty(f"{file} cannot be written: {why.strerror}.", "Take another folder.") from why


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(FILE_LIMIT + 1)
    except OSError as why:
        raise PublisherKeyFaulty(f"{file} cannot be read: {why.strerror}.", "Give the name of the file.") from why
    return content if len(content) <= FILE_LIMIT else b""
