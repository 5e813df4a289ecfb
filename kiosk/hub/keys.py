"""The keys that open requests: made once, held only under workers' passwords, and once on paper.

The team's private key is never stored as it is: each worker has a copy wrapped under their own password. That password
leads to a key of the worker's own besides, which is stored nowhere: what is handed to them is sealed for its public half.
The recovery key's private half exists on paper alone.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

from kiosk.callbacks.seal import key_id
from kiosk.errors import SealBroken, SignInRefused, TooManyTries
from kiosk.hub.store import HubKeys

KEY_LENGTH = 32
CHECK_LENGTH = 3  # with the key 35 bytes, which is 14 groups of 4 letters without padding


@dataclass(frozen=True)
class Cost:
    """What Argon2id spends on one guess of a password: passes, and bytes of memory."""

    passes: int
    memory: int


# 256 MiB and under a second on a small server; several hundred times the cost of the web's usual minimum.
MODERATE = Cost(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
# Anybody can post a password: without a limit, a hundred at once would ask for 25 GiB.
_AT_ONCE = threading.BoundedSemaphore(2)
# A process answers kiosks and desks with four threads (waitress): strangers who guess must leave one of them.
_IN_LINE = threading.BoundedSemaphore(3)
_A_GUESS = 2  # seconds, more than one takes


@dataclass(frozen=True)
class HubSecrets:
    """Everything that `kiosk hub init` makes. Lives in memory while it runs; only `signing_key` is stored as it is."""

    signing_key: bytes = field(repr=False)
    team_key: bytes = field(repr=False)
    recovery_key: bytes = field(repr=False)

    @property
    def public(self) -> HubKeys:
        """What the hub may keep in the open."""
        return HubKeys(self.signing_key, public_half(self.team_key), public_half(self.recovery_key))


@dataclass(frozen=True)
class WrappedKey:
    """A private key under a password, with what it takes to try a password on it. `own_key` is the public half of the key
    that the password itself leads to; None of one that an older Waymark wrapped.
    """

    salt: bytes
    cost: Cost
    box: bytes
    own_key: bytes | None = None


@dataclass(frozen=True)
class Unwrapped:
    """What a password opened: the private key under it, and the private key that it leads to itself."""

    key: bytes = field(repr=False)
    own_key: bytes = field(repr=False)


@contextmanager
def in_line() -> Iterator[None]:
    """Stand in line to try a password, for the length of the block. Raises TooManyTries where the line is long already."""
    if not _IN_LINE.acquire(blocking=False):
        raise TooManyTries(_A_GUESS)
    try:
        yield
    finally:
        _IN_LINE.release()


def make_secrets() -> HubSecrets:
    """Return new keys from the system's own randomness: an Ed25519 seed and two X25519 private keys."""
    return HubSecrets(random(KEY_LENGTH), make_private_key(), make_private_key())


def wrap(private_key: bytes, password: str, cost: Cost = MODERATE) -> WrappedKey:
    """Return `private_key` so that only `password` opens it."""
    salt = random(argon2id.SALTBYTES)
    stretched = _stretch(password, salt, cost)
    return WrappedKey(salt, cost, bytes(SecretBox(stretched).encrypt(private_key)), public_half(_own_key(stretched)))


def unwrap(wrapped: WrappedKey, password: str) -> Unwrapped:
    """Return what the password opens. Raises SignInRefused if it is another one."""
    stretched = _stretch(password, wrapped.salt, wrapped.cost)
    try:
        return Unwrapped(SecretBox(stretched).decrypt(wrapped.box), _own_key(stretched))
    except CryptoError as why:
        raise SignInRefused("The name and the password do not belong together.") from why


def public_half(private_key: bytes) -> bytes:
    """Return the X25519 public key that belongs to a private one."""
    return bytes(PrivateKey(private_key).public_key)


def private_key_id(private_key: bytes) -> str:
    """Return the short name that both halves of a key go by."""
    return key_id(public_half(private_key))


def make_private_key() -> bytes:
    """Return a new X25519 private key."""
    return bytes(PrivateKey.generate())


def seal_key(private_key: bytes, for_key: bytes) -> bytes:
    """Return `private_key` so that only the private half of `for_key` opens it."""
    return SealedBox(PublicKey(for_key)).encrypt(private_key)


def unseal_key(box: bytes, private_key: bytes) -> bytes:
    """Return the key in `box`. Raises SealBroken if it was sealed for another."""
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(box)
    except CryptoError as why:
        raise SealBroken("This copy of a key was sealed for another key.") from why


def recovery_words(recovery_key: bytes) -> str:
    """Return the key as 14 groups of 4 letters and digits, the last of them a checksum, to be written on paper."""
    letters = base64.b32encode(recovery_key + _check(recovery_key)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def read_recovery_words(words: str) -> bytes:
    """Return the key behind `words`. Case, spaces and dashes do not matter, nor 0 for O, 1 for I, 8 for B.

    Raises SealBroken if a letter is wrong or missing.
    """
    letters = "".join(letter for letter in words.upper() if letter.isalnum())
    try:
        raw = base64.b32decode(letters.translate(str.maketrans("018", "OIB")))
    except ValueError:
        raw = b""
    key, check = raw[:KEY_LENGTH], raw[KEY_LENGTH:]
    if len(key) != KEY_LENGTH or check != _check(key):
        raise SealBroken("This is not the recovery key, or a letter of it is wrong.", "Read it from the paper again.")
    return key


def _stretch(password: str, salt: bytes, cost: Cost) -> bytes:
    with _AT_ONCE:
        return argon2id.kdf(SecretBox.KEY_SIZE, password.encode(), salt, cost.passes, cost.memory)


def _own_key(stretched: bytes) -> bytes:
    return hashlib.blake2b(key=stretched, digest_size=KEY_LENGTH, person=b"waymark own key").digest()


def _check(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=CHECK_LENGTH, person=b"waymark paper").digest()
