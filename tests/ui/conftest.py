"""A real kiosk in a real window, on the Oxfordshire pack, in a data folder of its own."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
# No test is heard, and the screen is the same on a machine with a loudspeaker.
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from kiosk.bootstrap import Services, bootstrap
from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import Identity
from kiosk.settings import Settings
from kiosk.ui.proof.stage import open_window
from tests.ui.driving import Kiosk

ROOT = Path(__file__).resolve().parents[2]
SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> None:
    # As wide as it is high, for screens of either shape.
    open_window(tmp_path_factory.mktemp("fonts"), 1920, 1920)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a kiosk that has started before: the area's postcodes, the example list, the last good pack."""
    data = tmp_path_factory.mktemp("loaded")
    made = bootstrap(settings_for(data), clock=lambda: SATURDAY)
    made.load_first_childcare()
    # Closed, so that its write-ahead log is in the file that each test copies.
    made.childcare.close()
    return data


def settings_for(data: Path) -> Settings:
    return replace(Settings(), data=data, pack=ROOT / "content" / "oxfordshire", fullscreen=False)


@pytest.fixture
def services(tmp_path: Path, loaded: Path) -> Services:
    """Services of a kiosk that has joined a hub which never answers."""
    return joined(tmp_path, loaded)


def joined(data: Path, loaded: Path) -> Services:
    """Services of a kiosk that has joined a hub which never answers, its data in the folder `data`."""
    copytree(loaded, data, dirs_exist_ok=True)
    identity = Identity(
        "kiosk-test",
        bytes(SigningKey.generate()),
        "http://127.0.0.1:9",
        bytes(SigningKey.generate().verify_key),
        bytes(PrivateKey.generate().public_key),
        bytes(PrivateKey.generate().public_key),
    )
    save_identity(identity, data)
    return bootstrap(settings_for(data), clock=lambda: SATURDAY)


@pytest.fixture
def kiosk(window: None, services: Services):
    driven = Kiosk(services)
    driven.resize(1080, 1920)
    yield driven
    driven.stop()
