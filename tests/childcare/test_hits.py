"""Columns of small numbers, and the spots where they are what is wanted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.childcare.hits import count_hits, find_in, numbers_of, to_hits, to_planes

numbers = st.sampled_from((0, 1, 7, 255, 256, 300, 65_535, 65_536, 65_792))
columns = st.lists(numbers, min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(column=columns, chosen=st.sets(st.integers(0, 39)), others=st.sets(numbers))
def test_hits_are_where_a_column_holds_what_is_wanted_however_many_bytes_its_numbers_need(column, chosen, others):
    wanted = {column[at] for at in chosen if at < len(column)} | others

    hits = find_in(to_planes(column), wanted).to_bytes(len(column), "little")

    assert numbers_of(hits) == [at for at, number in enumerate(column, 1) if number in wanted]
    assert count_hits(hits) == len(numbers_of(hits))
    assert to_hits(numbers_of(hits), len(column)) == hits


def test_a_column_takes_as_many_planes_as_its_largest_number_has_bytes():
    assert to_planes([0, 0]) == [b"\0\0"]
    assert to_planes([1, 255]) == [b"\1\xff"]
    assert to_planes([1, 0x0203]) == [b"\1\3", b"\0\2"]


def test_a_number_that_is_too_large_for_a_column_is_nowhere_in_it():
    assert find_in(to_planes([1, 2]), [2, 256, 70_000]) == 0x0100
    assert find_in(to_planes([1, 300]), [300, 65_836]) == 0x0100
