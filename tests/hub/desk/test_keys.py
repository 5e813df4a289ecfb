from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kiosk.errors import SealBroken, SignInRefused
from kiosk.hub.keys import make_secrets, public_half, read_recovery_words, recovery_words, unwrap, wrap
from tests.hub.desk.people import CHEAP, PASSWORD

KEY = bytes(range(32))


def test_the_right_password_opens_a_wrapped_key() -> None:
    assert unwrap(wrap(KEY, PASSWORD, CHEAP), PASSWORD).key == KEY


def test_it_leads_to_a_key_of_its_own_that_neither_the_wrapped_one_nor_another_password_leads_to() -> None:
    wrapped, other = wrap(KEY, PASSWORD, CHEAP), wrap(KEY, "pencil orchard friday", CHEAP)
    mine = unwrap(wrapped, PASSWORD)

    assert wrapped.own_key == public_half(mine.own_key) not in (public_half(KEY), other.own_key)
    assert str(mine.own_key) not in repr(mine) and str(KEY) not in repr(mine)


def test_another_password_does_not() -> None:
    with pytest.raises(SignInRefused):
        unwrap(wrap(KEY, PASSWORD, CHEAP), PASSWORD + " ")


def test_the_same_key_and_password_wrap_differently_each_time() -> None:
    one, two = wrap(KEY, PASSWORD, CHEAP), wrap(KEY, PASSWORD, CHEAP)

    assert one.salt != two.salt
    assert one.box != two.box


def test_what_the_hub_keeps_in_the_open_has_no_private_key() -> None:
    secrets = make_secrets()
    kept = (secrets.public.team_key, secrets.public.recovery_key)

    assert secrets.team_key not in kept
    assert secrets.recovery_key not in kept
    assert repr(secrets.team_key) not in repr(secrets)


def test_the_recovery_key_is_fourteen_groups_of_four() -> None:
    groups = recovery_words(KEY).split("-")

    assert [len(group) for group in groups] == [4] * 14


@given(some.binary(min_size=32, max_size=32))
def test_every_recovery_key_is_read_back(key: bytes) -> None:
    assert read_recovery_words(recovery_words(key)) == key


def test_it_is_read_back_as_people_type_it() -> None:
    typed = recovery_words(KEY).lower().replace("-", "  ").replace("o", "0").replace("i", "1").replace("b", "8")

    assert read_recovery_words(typed) == KEY


@pytest.mark.parametrize("at", range(0, 69, 4))
def test_one_wrong_letter_is_noticed(at: int) -> None:
    words = recovery_words(KEY)
    place = at if words[at] != "-" else at + 1
    wrong = "X" if words[place] != "X" else "Y"

    with pytest.raises(SealBroken, match="letter"):
        read_recovery_words(words[:place] + wrong + words[place + 1 :])


@pytest.mark.parametrize("words", ["", "A", "AAAA-BBBB", "é" * 56, "9" * 56, "A" * 56])
def test_what_is_not_a_key_is_refused(words: str) -> None:
    with pytest.raises(SealBroken):
        read_recovery_words(words)
