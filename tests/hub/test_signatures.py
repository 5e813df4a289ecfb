"""Whoever checks a signature, this thread or another, the verdict stands where its envelope came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kiosk.callbacks.seal import read_cover
from kiosk.hub.signatures import Signed, find_signed
from tests.callbacks.samples import IDENTITY, KIOSK_VERIFY_KEY, envelope

GOOD = envelope()
FORGED = envelope(identity=replace(IDENTITY, signing_key=b"f" * 32))


def signed(blob: bytes) -> Signed:
    return Signed(blob, read_cover(blob), KIOSK_VERIFY_KEY)


def test_each_verdict_is_of_the_envelope_in_its_place() -> None:
    for one in range(0, 64, 9):
        brought = [signed(FORGED.blob if place in (one, 40, 60) else GOOD.blob) for place in range(64)]

        assert find_signed(brought) == [place not in (one, 40, 60) for place in range(64)]


def test_what_no_kiosk_can_have_signed_is_not_signed() -> None:
    assert find_signed([None, signed(GOOD.blob), None]) == [False, True, False]
    assert find_signed([]) == []


def test_the_cover_of_one_envelope_vouches_for_no_other() -> None:
    other = envelope()

    assert find_signed([Signed(other.blob, read_cover(GOOD.blob), KIOSK_VERIFY_KEY)]) == [False]


def test_what_cannot_be_brought_is_not_passed_over() -> None:
    def bring() -> Iterator[Signed | None]:
        yield from [signed(GOOD.blob)] * 7
        raise ConnectionError

    with pytest.raises(ConnectionError):
        find_signed(bring())
