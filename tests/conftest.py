"""Where CI is true nothing that a machine lacks is left untested in silence."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

NEVER_SKIPPED = ("postgresql", "browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    must_run = os.environ.get("CI") == "true" and any(map(item.get_closest_marker, NEVER_SKIPPED))
    if report.skipped and must_run:
        report.outcome = "failed"
        report.longrepr = f"Not to be skipped where CI is true: {report.longrepr}"
    return report
