from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from nacl.public import PrivateKey

from kiosk.callbacks import wire
from kiosk.callbacks.new_keys import adopt, sign_new_keys
from kiosk.callbacks.seal import key_id, sign
from kiosk.errors import NoTeamKey, SealBroken
from tests.callbacks.samples import HUB_KEY, IDENTITY

NEW = bytes(PrivateKey(b"n" * 32).public_key)
SAID = sign_new_keys(2, NEW, IDENTITY.recovery_key, HUB_KEY)


def test_keys_that_the_hub_signed_are_sealed_for_from_now_on() -> None:
    newer = adopt(IDENTITY, SAID)

    assert newer == replace(IDENTITY, team_key=NEW, generation=2)


@pytest.mark.parametrize("generation", [1, 2])
def test_older_keys_and_other_ones_of_the_same_generation_are_not_taken(generation: int) -> None:
    known = replace(IDENTITY, generation=2)

    assert adopt(known, sign_new_keys(generation, NEW, IDENTITY.recovery_key, HUB_KEY)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": None},
        {"signature": b"0" * 64},
        {"generation": 3},
        {"team_key": IDENTITY.team_key},
        {"recovery_key": NEW},
        {"team_key_id": key_id(IDENTITY.team_key)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_one_changed_field_or_no_signature_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SealBroken):
        adopt(IDENTITY, msgspec.structs.replace(SAID, **changed))


def test_another_hubs_word_is_refused() -> None:
    with pytest.raises(SealBroken):
        adopt(IDENTITY, sign_new_keys(2, NEW, IDENTITY.recovery_key, b"e" * 32))


def test_a_signature_for_another_purpose_is_refused() -> None:
    unsigned = msgspec.structs.replace(SAID, signature=None)
    passed_off = msgspec.structs.replace(SAID, signature=sign("batch", wire.encode(unsigned), HUB_KEY))

    with pytest.raises(SealBroken):
        adopt(IDENTITY, passed_off)


def test_a_name_that_is_another_keys_is_refused_even_if_signed() -> None:
    lie = wire.NewKeys(2, key_id(IDENTITY.team_key), NEW, IDENTITY.recovery_key)
    signed = msgspec.structs.replace(lie, signature=sign("new-keys", wire.encode(lie), HUB_KEY))

    with pytest.raises(SealBroken):
        adopt(IDENTITY, signed)


def test_a_key_that_cannot_be_sealed_for_is_refused() -> None:
    with pytest.raises(NoTeamKey):
        adopt(IDENTITY, sign_new_keys(2, b"\0" * 32, IDENTITY.recovery_key, HUB_KEY))
