"""Colours, sizes and motion follow how a parent likes to read."""

from __future__ import annotations

import gc

from kiosk.ui.visit import Visit


def test_reduced_motion_is_the_parents_own(kiosk):
    kiosk.app.navigation.set(still=True)
    assert kiosk.app.theme.still

    kiosk.app.navigation.finish()
    assert not kiosk.app.theme.still


def test_nothing_is_collected_while_the_screen_changes_its_size(window):
    from kiosk.ui.theme import Theme

    theme, collecting = Theme(), []
    theme.bind(
        unit=lambda *_: collecting.append(gc.isenabled()), text_scale=lambda *_: collecting.append(gc.isenabled())
    )
    theme.fit(720, 1280)
    theme.follow(Visit(text_size=2))

    assert collecting == [False, False] and gc.isenabled()
