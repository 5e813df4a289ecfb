"""Histories that hypothesis makes up anew with each soak: kiosks, a network, sticks and a hub in any order."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.test_state_machine import Waymark

STEPS = 60


def live_through(histories: int) -> None:
    """Live through so many. Raises AssertionError, with the shortest history that shows it, if anything is lost or doubled."""
    run_state_machine_as_test(
        Waymark,
        settings=settings(
            max_examples=histories,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
