"""All connections of a kiosk cut dead at any moment, while two batches of its queue are under way at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import seal
from kiosk.hub.fleet import Fleet
from kiosk.sync import plan
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from tests.callbacks.samples import NOON, request
from tests.soak.figures import Arrivals, Figures, missing
from tests.sync.hubs import running_hub
from tests.sync.wires import DrippingProxy

QUEUE, BATCH = 16, 2  # a queue of eight batches: six of them in pairs
LONGEST = 0.08  # seconds: about as long as that queue takes


def cut_pairs(folder: Path, cuts: int, on_cut: Callable[[int], None] = lambda count: None) -> Figures:
    """Cut in so many looks; look at both ends after each, deliver the rest, and return what came of it."""
    told, lost, done = dict[str, str](), set[str](), 0
    with running_hub(folder) as hub, patch.object(plan, "BATCH_LIMIT", BATCH):
        identity, outbox, proxy = hub.join(), open_outbox(folder / "kiosk"), DrippingProxy(hub.url, 0)
        client, arrivals, cutter = HubClient(identity, url=proxy.url), Arrivals(hub), _Cutter(proxy)
        while done < cuts:
            for _ in range(QUEUE - outbox.counts().waiting):
                sealed = seal(request(kiosk=identity.kiosk), identity)
                outbox.save(sealed)
                told[str(sealed.id)] = sealed.sha256
            with cutter.cutting():
                sync_once(outbox, client, NOON, by_hand=True)
            lost |= missing([(id, told[id]) for id in told.keys() - arrivals.held.keys()], outbox, arrivals)
            on_cut(cutter.done - done)
            done = cutter.done
        while outbox.counts().waiting:
            sync_once(outbox, client, NOON, by_hand=True)
        held = arrivals.read()
        lost |= {id for id, sha256 in told.items() if held.get(id) != sha256}
        [line] = Fleet(hub.store.engine).find_kiosks()
        assert line.forked_at is None, "a kiosk whose connections were cut was taken for a copy"
        client.close()
        proxy.close()
        outbox.close()
    return Figures(cuts, len(told), len(lost), arrivals.doubled)


class _Cutter:
    """Cuts all connections once in a look, unless that has ended before. `done` counts the cuts."""

    def __init__(self, proxy: DrippingProxy) -> None:
        self._proxy, self._chance, self._ended, self.done = proxy, random.Random(2), threading.Event(), 0

    @contextmanager
    def cutting(self) -> Iterator[None]:
        self._ended.clear()
        thread = threading.Thread(target=self._cut)
        thread.start()
        yield
        self._ended.set()
        thread.join()

    def _cut(self) -> None:
        if not self._ended.wait(self._chance.uniform(0, LONGEST)):
            self._proxy.cut()
            self.done += 1
