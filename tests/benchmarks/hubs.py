"""A real hub and a bare server, each a process of its own on loopback, for as long as a block runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nacl.signing import SigningKey
from sqlalchemy import Engine, insert

from kiosk.callbacks.model import Identity
from kiosk.callbacks.seal import public_key
from kiosk.hub.store import HubStore
from kiosk.hub.tables import kiosks
from kiosk.settings import Settings
from tests.hub.desk.people import make_hub

PATIENCE = 20  # seconds for a process to end that was asked to


@dataclass(frozen=True)
class Hub:
    """A hub that serves at `url`, and the database behind it."""

    url: str
    engine: Engine

    @property
    def store(self) -> HubStore:
        return HubStore(self.engine)

    def enrol(self, count: int) -> list[Identity]:
        """Return kiosks that have joined, all in one commit."""
        keys, seeds = self.store.get_keys(), [bytes(SigningKey.generate()) for _ in range(count)]
        known = (keys.verify_key, keys.team_key, keys.recovery_key)
        identities = [Identity(f"kiosk-{seed.hex()[:12]}", seed, self.url, *known) for seed in seeds]
        joined = {"centre": "Rose Hill", "enrolled_at": datetime.now(UTC), "revoked": False}
        with self.engine.begin() as connection:
            connection.execute(
                insert(kiosks),
                [joined | {"id": each.kiosk, "verify_key": public_key(each.signing_key)} for each in identities],
            )
        return identities


def end_when_told() -> None:
    """Let SIGTERM and SIGHUP end this program as Ctrl+C does: through every `with`, so that nothing is left behind."""
    told = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

    def end(number: int, _frame: object) -> None:
        for each in told:  # being told twice, as `timeout` does, must not break off the tidying
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    for number in told:
        signal.signal(number, end)


@contextmanager
def real_hub(data: Path, database: str = "") -> Iterator[Hub]:
    """Run `kiosk hub serve` on a hub that is made here."""
    engine = make_hub(Settings(data=data, hub_database=database))
    settings = {"KIOSK_DATA": str(data), "KIOSK_HUB_DATABASE": database}
    with _process(["kiosk", "hub", "serve", "--port", "0"], settings) as url:
        yield Hub(url, engine)
    engine.dispose()


@contextmanager
def bare_hub(database: str) -> Iterator[str]:
    """Run the floor of a hub on a database of its own and give its address."""
    with _process(["tests.benchmarks.bare_hub", database], {}) as url:
        yield url


@contextmanager
def _process(module: list[str], settings: dict[str, str]) -> Iterator[str]:
    """Run `python -m module`, which says its address in the last word of its first line."""
    environ = {**os.environ, **settings, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", *module]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            line = process.stdout.readline().split()
            assert line, f"{' '.join(module)} did not start"
            yield line[-1]
        finally:
            process.terminate()
            process.wait(PATIENCE)
