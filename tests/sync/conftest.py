from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.callbacks.identity import load_identity, save_identity
from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import SqlOutbox, open_outbox
from kiosk.sync.hub_client import HubClient
from tests.pack.signed_packs import trusting
from tests.sync.hubs import RunningHub, running_hub
from tests.sync.machines import Boot, Machine


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    (tmp_path / "hub").mkdir()
    with running_hub(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def identity(hub: RunningHub) -> Identity:
    return hub.join()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[SqlOutbox]:
    outbox = open_outbox(tmp_path / "kiosk")
    yield outbox
    outbox.close()


@pytest.fixture
def client(identity: Identity) -> Iterator[HubClient]:
    client = HubClient(identity)
    yield client
    client.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that trusts the publisher of the packs in these tests."""
    (tmp_path / "kiosk").mkdir()
    return trusting(tmp_path / "kiosk")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder that stands for a stick; tests of full and locked ones mount a real one."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def boot() -> Iterator[Boot]:
    """Switch on a machine with this data folder."""
    running: list[SqlOutbox] = []

    def boot(data: Path) -> Machine:
        identity, outbox = load_identity(data), open_outbox(data)
        assert identity
        running.append(outbox)
        return Machine(data, outbox, identity)

    yield boot
    for outbox in running:
        outbox.close()


@pytest.fixture
def first(tmp_path: Path, hub: RunningHub, boot: Boot) -> Machine:
    """A kiosk that has been delivering for a while."""
    save_identity(hub.join(), tmp_path / "first")
    machine = boot(tmp_path / "first")
    for number in range(2):
        machine.ask(f"Before {number}")
        assert machine.deliver().delivered == 1
    return machine


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue of a few requests is then a long one."""
    monkeypatch.setattr("kiosk.sync.plan.BATCH_LIMIT", 2)
