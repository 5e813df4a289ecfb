from __future__ import annotations

from dataclasses import replace
from datetime import UTC, time, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_box_SEALBYTES
from nacl.public import PrivateKey

from kiosk.callbacks import wire
from kiosk.callbacks.inside import PADDED
from kiosk.callbacks.model import CallbackRequest, Envelope, SafeTime
from kiosk.callbacks.seal import (
    Which,
    check_envelope,
    check_items,
    digest,
    key_id,
    open_envelope,
    open_unproven,
    read_cover,
    seal,
    sign,
    sign_items,
    verify,
)
from kiosk.errors import NoTeamKey, RequestFaulty, SealBroken
from tests.callbacks.samples import (
    HUB_KEY,
    IDENTITY,
    KIOSK_KEY,
    KIOSK_VERIFY_KEY,
    NOON,
    RECOVERY,
    TEAM,
    envelope,
    request,
)

words = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=40).filter(str.strip)
windows = st.builds(
    lambda day, start, length: SafeTime(day, time(start), time(start + length)),
    st.integers(0, 6),
    st.integers(0, 20),
    st.integers(1, 3),
)


@settings(deadline=None)
@given(
    name=words,
    topic=st.text(st.characters(exclude_categories=("C",)), max_size=80),
    safe_times=st.lists(windows, min_size=1, max_size=42).map(tuple),
    asked_at=st.datetimes(timezones=st.just(UTC)),
    may_leave_message=st.booleans(),
    interpreter=st.booleans(),
)
def test_every_request_within_the_limits_comes_out_as_it_went_in(**fields: object) -> None:
    asked = request(**fields)

    sealed = seal(asked, IDENTITY)

    assert open_envelope(sealed.blob, bytes(TEAM), KIOSK_VERIFY_KEY) == asked
    assert open_envelope(sealed.blob, bytes(RECOVERY), KIOSK_VERIFY_KEY, "recovery") == asked


def test_a_short_and_a_long_request_are_sealed_to_the_same_length() -> None:
    week = tuple(SafeTime(day, time(hour), time(hour + 1)) for day in range(7) for hour in range(9, 15))

    short, long = seal(request(name="Jo"), IDENTITY), seal(request(name="A" * 40, safe_times=week), IDENTITY)

    assert len(short.blob) == len(long.blob) <= wire.ENVELOPE_LIMIT


def test_a_request_over_two_kibibytes_is_refused() -> None:
    with pytest.raises(RequestFaulty, match="too long"):
        seal(request(centre="c" * 2048), IDENTITY)


def test_the_envelope_shows_nothing_of_the_person() -> None:
    sealed = seal(request(name="Amina", phone="+447700900123"), IDENTITY)

    assert b"Amina" not in sealed.blob
    assert b"7700900123" not in sealed.blob


def test_no_two_sealed_boxes_are_alike() -> None:
    asked = request()
    first, second = read_cover(seal(asked, IDENTITY).blob), read_cover(seal(asked, IDENTITY).blob)

    assert first.team != second.team
    assert first.team != first.recovery


@pytest.mark.promise(6)
def test_a_request_shown_in_a_log_has_neither_name_nor_number() -> None:
    shown = repr(request(name="Amina", phone="+447700900123"))

    assert "Amina" not in shown
    assert "7700900123" not in shown


def test_an_identity_shown_in_a_log_has_no_secret_key() -> None:
    assert repr(KIOSK_KEY) not in repr(IDENTITY)


def test_the_cover_names_the_team_key_it_was_sealed_for() -> None:
    assert read_cover(envelope().blob).team_key_id == key_id(bytes(TEAM.public_key))


@pytest.mark.parametrize("key", [b"x" * 32, bytes(RECOVERY), b"", b"short"])
def test_another_key_does_not_open_it(key: bytes) -> None:
    with pytest.raises(SealBroken):
        open_envelope(envelope().blob, key, KIOSK_VERIFY_KEY)


def test_an_envelope_of_another_kiosk_is_not_taken_for_ours() -> None:
    with pytest.raises(SealBroken, match="signature"):
        check_envelope(envelope().blob, IDENTITY.hub_verify_key)


@settings(deadline=None)
@given(position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_breaks_the_envelope(position: float, bit: int) -> None:
    blob = bytearray(ONE.blob)
    blob[int(position * len(blob))] ^= 1 << bit

    with pytest.raises(SealBroken):
        open_envelope(bytes(blob), bytes(TEAM), KIOSK_VERIFY_KEY)


@settings(deadline=None)
@given(length=st.integers(0, 5000))
def test_a_cut_envelope_is_broken(length: int) -> None:
    with pytest.raises(SealBroken):
        open_envelope(ONE.blob[:length], bytes(TEAM), KIOSK_VERIFY_KEY)


@settings(deadline=None)
@given(blob=st.binary(max_size=300) | st.text(max_size=100).map(str.encode) | st.just(b'{"x":' + b"[" * 5000))
def test_arbitrary_bytes_are_a_broken_envelope_and_nothing_else(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        open_envelope(blob, bytes(TEAM), KIOSK_VERIFY_KEY)


def test_an_envelope_over_the_limit_is_not_even_read() -> None:
    with pytest.raises(SealBroken, match="over the limit"):
        read_cover(b" " * (wire.ENVELOPE_LIMIT + 1))


def test_the_same_fields_in_another_spelling_are_refused() -> None:
    spaced = ONE.blob.replace(b",", b", ", 1)

    with pytest.raises(SealBroken, match="spelt"):
        read_cover(spaced)


@pytest.mark.promise(35)
def test_the_request_inside_must_have_the_id_on_the_cover() -> None:
    forged = _signed_again(ONE, id=UUID(int=7))

    with pytest.raises(SealBroken, match="not the one named on it"):
        open_envelope(forged, bytes(TEAM), KIOSK_VERIFY_KEY)


@pytest.mark.promise(35)
def test_the_request_inside_must_have_the_kiosk_on_the_cover() -> None:
    forged = _signed_again(ONE, kiosk="kiosk-2")

    with pytest.raises(SealBroken, match="not the one named on it"):
        open_envelope(forged, bytes(TEAM), KIOSK_VERIFY_KEY)


@pytest.mark.promise(35)
@pytest.mark.parametrize(("key", "which"), [(TEAM, "team"), (RECOVERY, "recovery")])
def test_what_is_refused_as_another_request_can_be_read_by_who_looks_for_one_person(
    key: PrivateKey, which: Which
) -> None:
    forged = _signed_again(ONE, id=UUID(int=7))
    inside = open_unproven(forged, bytes(key), which)

    assert inside.request and inside.request.id == read_cover(ONE.blob).id
    assert inside.fields["name"] == inside.request.name
    assert inside.request.name not in repr(inside)
    with pytest.raises(SealBroken):
        open_unproven(forged, bytes(PrivateKey.generate()), which)


def test_a_request_of_another_kiosk_is_not_sealed() -> None:
    with pytest.raises(RequestFaulty, match="another kiosk"):
        seal(request(kiosk="kiosk-2"), IDENTITY)


@pytest.mark.parametrize("bad", [b"", b"short", bytes(32)])
@pytest.mark.promise(5)
def test_a_bad_team_key_seals_nothing(bad: bytes) -> None:
    with pytest.raises(NoTeamKey):
        seal(request(), replace(IDENTITY, team_key=bad))
    with pytest.raises(NoTeamKey):
        seal(request(), replace(IDENTITY, recovery_key=bad))


def test_a_signature_for_one_purpose_is_worth_nothing_for_another() -> None:
    signature = sign("batch", b"the same bytes", KIOSK_KEY)

    verify("batch", b"the same bytes", signature, KIOSK_VERIFY_KEY)
    with pytest.raises(SealBroken):
        verify("envelope", b"the same bytes", signature, KIOSK_VERIFY_KEY)


ITEMS = tuple(wire.Item(digest(word), "held", uuid4(), NOON) for word in (b"one", b"two"))


def test_receipts_check_against_the_hub_that_signed_them() -> None:
    signature = sign_items(ITEMS, HUB_KEY)

    check_items(ITEMS, signature, IDENTITY.hub_verify_key)
    with pytest.raises(SealBroken):
        check_items(ITEMS, signature, KIOSK_VERIFY_KEY)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=5, version=4)},
        {"id": None},
        {"sha256": digest(b"other")},
        {"state": "already-handled"},
        {"state": "rejected"},
        {"received_at": NOON + timedelta(seconds=1)},
        {"reason": "unknown-signature"},
    ],
    ids=str,
)
@pytest.mark.promise(12)
def test_receipts_with_one_field_of_one_of_them_changed_do_not_check(place: int, change: dict[str, object]) -> None:
    signature, changed = sign_items(ITEMS, HUB_KEY), list(ITEMS)
    changed[place] = msgspec.structs.replace(changed[place], **change)

    with pytest.raises(SealBroken):
        check_items(changed, signature, IDENTITY.hub_verify_key)


@pytest.mark.parametrize("changed", [ITEMS[:1], ITEMS[::-1], (*ITEMS, *ITEMS), ()], ids=len)
def test_receipts_left_out_added_or_in_another_order_do_not_check(changed: tuple[wire.Item, ...]) -> None:
    with pytest.raises(SealBroken):
        check_items(changed, sign_items(ITEMS, HUB_KEY), IDENTITY.hub_verify_key)


@settings(deadline=None, max_examples=30)
@given(
    id=st.uuids(),
    kiosk=st.one_of(st.just("signature"), st.from_regex(r"\A[a-z0-9-]{1,40}\Z")),
    team_key_id=st.from_regex(r"\A[0-9a-f]{16}\Z"),
    team=st.integers(0, 255).map(lambda byte: bytes([byte]) * (PADDED + crypto_box_SEALBYTES)),
)
def test_a_signature_covers_all_of_the_outside_but_itself(**changes: object) -> None:
    blob = _signed_again(ONE, **changes)

    cover = check_envelope(blob, KIOSK_VERIFY_KEY)

    assert wire.encode(cover) == blob
    for one in ({"id": UUID(int=7)}, {"kiosk": "kiosk-of-another"}, {"team": cover.recovery}, {"recovery": cover.team}):
        with pytest.raises(SealBroken, match="signature"):
            check_envelope(wire.encode(msgspec.structs.replace(cover, **one)), KIOSK_VERIFY_KEY)


@pytest.mark.parametrize("field", ["name", "phone", "safe_times"])
def test_a_sealed_request_that_breaks_its_own_limits_is_refused_at_the_desk(field: str) -> None:
    broken = object.__new__(CallbackRequest)
    good = request()
    for name in CallbackRequest.__dataclass_fields__:
        object.__setattr__(broken, name, getattr(good, name))
    object.__setattr__(broken, field, () if field == "safe_times" else "")

    with pytest.raises(SealBroken, match="limits"):
        open_envelope(seal(broken, IDENTITY).blob, bytes(TEAM), KIOSK_VERIFY_KEY)


def _signed_again(sealed: Envelope, **changes: object) -> bytes:
    """What a kiosk gone bad could send: a cover that does not fit, under a signature that does."""
    cover = msgspec.structs.replace(read_cover(sealed.blob), **changes, signature=None)
    signature = sign("envelope", wire.encode(cover), KIOSK_KEY)
    return wire.encode(msgspec.structs.replace(cover, signature=signature))


ONE = envelope()
