"""The code that opens the kiosk's staff screen: digits, kept as an Argon2id hash, and slow to be guessed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

from kiosk.disk import PRIVATE, write_whole
from kiosk.errors import AccountFaulty, SignInRefused, StaffCodeDamaged, TooManyTries

FILE_NAME = "staff-code"
LEAST, MOST = 6, 12  # digits
FREE_TRIES = 3
FIRST_WAIT, LONGEST_WAIT = 30, 15 * 60  # seconds; doubled with each wrong code after the free ones
# 64 MiB for a moment: a kiosk has little memory, and there is nothing of a person behind the code.
_PASSES, _MEMORY = argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE


def save_staff_code(code: str, data: Path) -> None:
    """Keep the hash of `code`. Raises AccountFaulty if it is too easy to guess, or the folder cannot be written."""
    if not (code.isascii() and code.isdigit() and LEAST <= len(code) <= MOST):
        raise AccountFaulty("This is not a staff code.", f"Take {LEAST} to {MOST} digits.")
    if len(set(code)) < 3 or code in "0123456789012" or code in "9876543210987":
        raise AccountFaulty("A child would guess this code.", "Take digits in no order.")
    try:
        data.mkdir(parents=True, exist_ok=True)
        write_whole(data / FILE_NAME, argon2id.str(code.encode(), _PASSES, _MEMORY), PRIVATE)
    except OSError as why:
        raise AccountFaulty(f"{data} cannot be written: {why.strerror}.", "Let this user write there.") from why


def forget_staff_code(data: Path) -> None:
    """Take the code away: the staff screen is not offered any more."""
    (data / FILE_NAME).unlink(missing_ok=True)


class StaffDoor:
    """Compares codes with the one that was set. The count of wrong ones ends with the program. `clock` is in seconds."""

    def __init__(self, data: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._file, self._clock = data / FILE_NAME, clock
        self._wrong, self._next_at = 0, 0.0

    @property
    def is_there(self) -> bool:
        """A code was set."""
        return self._file.is_file()

    def open(self, code: str) -> None:
        """Return if `code` is right. Raises SignInRefused, TooManyTries before the wait is over, or StaffCodeDamaged."""
        left = self._next_at - self._clock()
        if left > 0:
            raise TooManyTries(1 + int(left))
        self._wrong += 1
        self._next_at = self._clock() + wait_after(self._wrong)
        self._compare(code)
        self._wrong, self._next_at = 0, 0.0

    def _compare(self, code: str) -> None:
        try:
            argon2id.verify(self._kept(), code.encode())
        except InvalidkeyError as why:
            raise SignInRefused("This is not the staff code.") from why

    def _kept(self) -> bytes:
        try:
            kept = self._file.read_bytes()
        except OSError:
            kept = b""
        if not kept.startswith(argon2id.STRPREFIX):
            raise StaffCodeDamaged("The staff code cannot be read.", "Set it again: kiosk device staff-code")
        return kept


def wait_after(wrong: int) -> int:
    """Return how many seconds nothing is taken after so many wrong codes in a row."""
    if wrong < FREE_TRIES:
        return 0
    return int(min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(wrong - FREE_TRIES, 10)))
