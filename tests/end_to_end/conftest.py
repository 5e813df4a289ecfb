"""The one window that this process may have. Another room's tests may have opened it already: it is the same one."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")

from kiosk.ui.proof.stage import open_window


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> None:
    open_window(tmp_path_factory.mktemp("fonts"))
