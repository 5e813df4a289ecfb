"""A connection cut dead at every byte of a batch and of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import SqlOutbox, open_outbox
from kiosk.callbacks.seal import seal
from kiosk.hub.fleet import Fleet
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import Report, sync_once
from tests.callbacks.samples import NOON, request
from tests.soak.figures import Arrivals, Figures, missing
from tests.sync.hubs import running_hub
from tests.sync.wires import CuttingProxy

EACH = 25  # cuts that one request lives through, before it is let through


def cut_many(folder: Path, stride: int = 1, on_cut: Callable[[int, int], None] = lambda done, of: None) -> Figures:
    """Cut at every `stride`-th byte of each way, and around every edge: before the first byte and after it, where the
    head ends and the body begins, before the last byte. `on_cut` is told how many were done, of how many.
    """
    with running_hub(folder) as hub:
        identity, outbox = hub.join(), open_outbox(folder / "kiosk")
        proxy, arrivals = CuttingProxy(hub.url), Arrivals(hub)
        told = [_ask(outbox, identity)]
        cuts = list(_places(_whole(proxy, outbox, identity), proxy.heads, stride))
        lost: set[str] = set()
        for number, (way, after) in enumerate(cuts):
            if number % EACH == 0:
                _whole(proxy, outbox, identity)
                told.append(_ask(outbox, identity))
            with proxy.cutting(way, after):
                assert _deliver(proxy, outbox, identity).delivered == 0
            lost |= missing(told[-2:], outbox, arrivals)
            on_cut(1, len(cuts))
        _whole(proxy, outbox, identity)
        lost |= {id for id, sha256 in told if arrivals.read().get(id) != sha256}
        [line] = Fleet(hub.store.engine).find_kiosks()
        assert line.forked_at is None, "a kiosk whose connection was cut was taken for a copy"
        proxy.close()
        outbox.close()
    return Figures(len(cuts), len(told), len(lost), arrivals.doubled)


def _places(whole: dict[str, int], heads: dict[str, bytes], stride: int) -> Iterator[tuple[str, int]]:
    for way, length in whole.items():
        head = len(heads[way])
        assert 0 < head < length - 1, f"there is no body in this {way}"
        edges = {0, 1, head - 1, head, head + 1, length - 1}
        for after in sorted(edges | set(range(0, length, stride))):
            yield way, after


def _ask(outbox: SqlOutbox, identity: Identity) -> tuple[str, str]:
    sealed = seal(request(kiosk=identity.kiosk), identity)
    outbox.save(sealed)
    return str(sealed.id), sealed.sha256


def _whole(proxy: CuttingProxy, outbox: SqlOutbox, identity: Identity) -> dict[str, int]:
    """Let what waits through, and return how many bytes that was each way."""
    if outbox.counts().waiting:
        with proxy.cutting():
            _deliver(proxy, outbox, identity)
    return dict(proxy.carried)


def _deliver(proxy: CuttingProxy, outbox: SqlOutbox, identity: Identity) -> Report:
    client = HubClient(identity, url=proxy.url)
    try:
        return sync_once(outbox, client, NOON, by_hand=True)
    finally:
        client.close()
