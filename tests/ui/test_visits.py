"""A little of the random visits of `make soak`, in every run of the tests (promise 42)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.callbacks.staff_code import save_staff_code
from tests.soak.visitor import CODE
from tests.soak.visits import run

VISITS = 8


@pytest.mark.promise(6, 42)
def test_after_random_visits_nothing_broke_and_nothing_of_them_is_left(kiosk, tmp_path):
    services = kiosk.app.services
    (tmp_path / "sticks").mkdir()
    services.settings = replace(services.settings, sticks=tmp_path / "sticks")
    save_staff_code(CODE, services.settings.data)
    # The driver that draws into memory pays for every pixel.
    kiosk.resize(540, 960)

    report = run(kiosk, VISITS, seed=7, looks=1)

    assert report.complaints == []
    assert report.visitor.done["visits"] == VISITS
    assert len([name for name, count in report.visitor.screens.items() if count]) > 5
