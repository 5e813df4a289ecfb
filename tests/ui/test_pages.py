"""How blocks are dealt to pages, in numbers."""

from __future__ import annotations

import tests.ui.conftest  # noqa: F401  chooses the offscreen driver before Kivy is imported


def split(*args):
    from kiosk.ui.widgets.pages import split

    return split(*args)


def stretch(*args):
    from kiosk.ui.widgets.pages import stretch

    return stretch(*args)


def test_what_fits_stands_on_one_page():
    assert split([100, 100, 100], [False] * 3, 340, 200, 20) == [range(3)]


def test_what_does_not_fit_goes_on_to_the_next_page():
    assert split([100, 100, 100], [False] * 3, 339, 220, 20) == [range(2), range(2, 3)]


def test_a_heading_is_not_left_alone_at_the_foot_of_a_page():
    assert split([100, 50, 100], [False, True, False], 200, 180, 10) == [range(1), range(1, 3)]


def test_a_block_taller_than_the_page_has_one_to_itself():
    assert split([500, 100], [False, False], 300, 200, 10) == [range(1), range(1, 2)]


def test_no_blocks_are_one_empty_page():
    assert split([], [], 300, 200, 10) == [range(0)]


def test_every_block_is_on_exactly_one_page():
    heights = [70, 130, 20, 90, 200, 60, 60, 60, 150, 10]
    pages = split(heights, [False] * 10, 300, 250, 15)

    assert [block for page in pages for block in page] == list(range(10))


def test_spare_room_goes_to_what_may_grow_up_to_its_limit():
    assert stretch([100, 100, 50], [120, 400, 50], 200) == [120, 280, 50]


def test_nothing_shrinks_when_there_is_no_room():
    assert stretch([100, 100], [200, 200], -50) == [100, 100]
