"""kill -9 at any instant while a kiosk saves, delivers and settles."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.hub.fleet import Fleet
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from tests.soak.figures import Arrivals, Figures, missing
from tests.sync.hubs import running_hub

LONGEST = 0.3  # seconds: some rounds of saving and delivering


def kill_many(folder: Path, kills: int, on_kill: Callable[[int], None] = lambda count: None) -> Figures:
    """Kill a kiosk so many times, look at both ends after each, deliver the rest, and return what came of it."""
    data, chance = folder / "kiosk", random.Random(1)
    told: dict[str, str] = {}
    lost: set[str] = set()
    with running_hub(folder) as hub:
        identity, arrivals = hub.join(), Arrivals(hub)
        save_identity(identity, data)
        with _nursery(data) as nursery:
            for _ in range(kills):
                told |= _kill_one(nursery, chance)
                open_now = told.keys() - arrivals.held.keys()
                outbox = open_outbox(data)
                lost |= missing([(id, told[id]) for id in open_now], outbox, arrivals)
                outbox.close()
                on_kill(1)
        outbox, client = open_outbox(data), HubClient(identity)
        sync_once(outbox, client, datetime.now(UTC), by_hand=True)
        client.close()
        outbox.close()
        held = arrivals.read()
        lost |= {id for id, sha256 in told.items() if held.get(id) != sha256}
        [line] = Fleet(hub.store.engine).find_kiosks()
        assert line.forked_at is None, "a kiosk that was killed was taken for a copy"
    return Figures(kills, len(told), len(lost), arrivals.doubled)


@contextmanager
def _nursery(data: Path) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "tests.soak.kiosk", str(data)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def _kill_one(nursery: subprocess.Popen[str], chance: random.Random) -> dict[str, str]:
    """Let a kiosk run, kill it, and return digest by id of what it said it had saved.

    Half of them are killed some time after they began, half some time after their first save: on a busy machine too.
    """
    assert nursery.stdin and nursery.stdout
    nursery.stdin.write(f"{chance.random()}\n")
    nursery.stdin.flush()
    said: dict[str, str] = {}
    last_words, after, child = chance.choice(("pid", "saved")), chance.uniform(0, LONGEST), 0
    for line in iter(nursery.stdout.readline, "ended\n"):
        word, *rest = line.split()
        if word == "pid":
            child = int(rest[0])
        else:
            said[rest[0]] = rest[1]
        if word == last_words:
            last_words = ""
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
    return said
