"""A little of `make soak`, in every run of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.cut_pairs import cut_pairs
from tests.soak.cuts import cut_many
from tests.soak.kills import kill_many


@pytest.mark.promise(1, 9)
def test_a_kiosk_killed_while_it_saves_delivers_and_settles_loses_and_doubles_nothing(tmp_path: Path) -> None:
    figures = kill_many(tmp_path, kills=20)

    assert (figures.faults, figures.lost, figures.doubled) == (20, 0, 0)
    assert figures.told > 0


@pytest.mark.promise(13)
def test_a_connection_cut_all_over_a_batch_and_its_answer_loses_and_doubles_nothing(tmp_path: Path) -> None:
    figures = cut_many(tmp_path, stride=150)

    assert figures.faults > 40
    assert (figures.lost, figures.doubled) == (0, 0)


@pytest.mark.promise(9, 13)
def test_two_batches_cut_together_at_any_moment_lose_and_double_nothing(tmp_path: Path) -> None:
    figures = cut_pairs(tmp_path, cuts=20)

    assert (figures.faults, figures.lost, figures.doubled) == (20, 0, 0)
