"""A real hub process, a kiosk that it knows, and schemathesis at work on it by its own command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from kiosk.callbacks.model import Identity
from kiosk.hub.setup import hub_engine, init_hub
from kiosk.hub.store import HubStore
from kiosk.settings import Settings
from kiosk.sync.hub_client import enrol
from tests.callbacks.samples import envelope
from tests.hub.desk.packs import roll_out
from tests.hub.desk.people import CHEAP, PASSWORD, WORKER
from tests.processes import ROOT, Ended, Machine, Running

DESCRIPTION = ROOT / "kiosk" / "hub" / "openapi.yaml"
ENVELOPE = UUID(int=7)


@dataclass(frozen=True)
class ServedHub:
    """A hub in a process of its own, and a kiosk that joined it with `code`."""

    url: str
    running: Running
    identity: Identity
    code: str
    folder: Path
    pack: str

    @property
    def answered(self) -> Path:
        """Where a run notes method, path, status and states of each answer."""
        return self.folder / "answered.txt"

    def known(self) -> str:
        """What `signing` needs to speak as this kiosk: among it one envelope, and another under the same id."""
        sealed = [envelope(ENVELOPE, self.identity).blob for _ in range(2)]
        return json.dumps(
            {
                "kiosk": self.identity.kiosk,
                "seed": b64encode(self.identity.signing_key).decode(),
                "hub_key": b64encode(self.identity.hub_verify_key).decode(),
                "code": self.code,
                "pack": self.pack,
                "envelopes": [b64encode(blob).decode() for blob in (*sealed, b"no envelope")],
            }
        )


@contextmanager
def served_hub(folder: Path) -> Iterator[ServedHub]:
    """Make a hub in `folder` and serve it by `kiosk hub serve` until the block ends."""
    settings = Settings(data=folder / "hub")
    init_hub(settings, WORKER, PASSWORD, CHEAP)
    engine = hub_engine(settings)
    code = HubStore(engine).create_code("Rose Hill", datetime.now(UTC))
    pack = roll_out(engine, 4).sha256
    engine.dispose()
    running = Machine(folder, {"KIOSK_DATA": str(settings.data)}).start("hub", "serve", "--port", "0")
    try:
        url = "http://127.0.0.1:" + running.says(r"The desk is at http://127\.0\.0\.1:(\d+)")
        yield ServedHub(url, running, enrol(url, code), code, folder, pack)
    finally:
        running.terminate()


def run_schemathesis(hub: ServedHub, examples: int, seconds: int, *more: str) -> Ended:
    """Run all of its checks with up to `examples` of each operation, right and wrong, signed and not."""
    words = ["run", str(DESCRIPTION), "--url", hub.url, "--max-examples", str(examples), "--no-color", *more]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), *words],
        cwd=hub.folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.hub.signing",
            "WAYMARK_KNOWN": hub.known(),
            "WAYMARK_ANSWERED": str(hub.answered),
        },
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


CONFIG = Path(__file__).with_suffix(".toml")
