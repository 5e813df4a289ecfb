from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.childcare.store import ChildcareStore, open_childcare
from tests.childcare.registers import POSTCODES


@pytest.fixture
def store(tmp_path: Path) -> ChildcareStore:
    """An empty childcare.db that knows three postcodes."""
    store = open_childcare(tmp_path / "data")
    store.load_postcodes(POSTCODES)
    return store
