"""A kiosk that trusts a publisher, what came with its program, and where its packs are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.pack.slots import Slots
from tests.pack.signed_packs import OXFORD, trusting, written


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return trusting(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What came with the program."""
    return written(tmp_path / "content", 1)


@pytest.fixture
def slots(data: Path) -> Slots:
    return Slots(data, OXFORD)
