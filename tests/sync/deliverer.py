"""A nursery of kiosks that are killed while they deliver: for each line on stdin a forked child looks at its queue once.

    python -m tests.sync.deliverer

-> DATA ANSWERS         kill -9 as soon as the hub has answered so often
<- ended                when the child is gone, however it ended
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.callbacks.identity import load_identity
from kiosk.callbacks.model import Envelope, Identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import sync_once
from tests.callbacks.samples import NOON


class ShortLived(HubClient):
    """A client whose machine loses its power after so many answers."""

    def __init__(self, identity: Identity, answers: int) -> None:
        super().__init__(identity)
        self._left = answers

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        answers = super().deliver(envelopes, standing)
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)
        return answers


def deliver(data: Path, answers: int) -> None:
    identity = load_identity(data)
    assert identity
    sync_once(open_outbox(data), ShortLived(identity, answers), NOON, by_hand=True)


for line in sys.stdin:
    folder, _, count = line.rpartition(" ")
    child = os.fork()
    if not child:
        deliver(Path(folder), int(count))
        os._exit(0)
    os.waitpid(child, 0)
    os.write(1, b"ended\n")
