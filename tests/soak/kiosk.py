"""A nursery of kiosks to be killed: for each line on stdin, a forked child saves and delivers without end.

    python -m tests.soak.kiosk DATA

-> a line
<- pid 123              before anything is saved
<- saved ID SHA256      once `save` has returned, and only then
<- ended                when the child is gone, however it ended
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from kiosk.callbacks.identity import load_identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import seal
from kiosk.sync import plan
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from tests.callbacks.samples import request

# A queue of a few requests is then a long one, of which two batches are under way at once.
plan.BATCH_LIMIT = 2


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def save_and_deliver_without_end(data: Path, chance: random.Random) -> None:
    identity, outbox = load_identity(data), open_outbox(data)
    assert identity
    hub = HubClient(identity)
    while True:
        for _ in range(chance.choice((1, 2, 4, 12))):
            sealed = seal(request(kiosk=identity.kiosk), identity)
            outbox.save(sealed)
            tell(f"saved {sealed.id} {sealed.sha256}")
        sync_once(outbox, hub, datetime.now(UTC), by_hand=True)


for line in sys.stdin:
    child = os.fork()
    if not child:
        # Told by the child itself: the word of its parent may come after its first save.
        tell(f"pid {os.getpid()}")
        save_and_deliver_without_end(Path(sys.argv[1]), random.Random(line))
    os.waitpid(child, 0)
    tell("ended")
