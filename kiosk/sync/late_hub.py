"""The hub of an idle kiosk: the network library is imported when there is something to deliver, not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.callbacks.model import Envelope, Identity, Link

if TYPE_CHECKING:
    from kiosk.callbacks.wire import PackWord
    from kiosk.sync.hub_client import HubClient
    from kiosk.sync.model import Answer, Standing


class LateHub:
    """Delivers as HubClient does, and becomes one at the first delivery, which is for one thread alone."""

    def __init__(self, identity: Identity, ca: Path | None, url: str, on_new_keys: Callable[[Identity], None]) -> None:
        self._identity, self._ca, self._url, self._on_new_keys = identity, ca, url, on_new_keys

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        """Deliver a batch; raises and answers as HubClient.deliver."""
        return self._client.deliver(envelopes, standing)

    def rest(self) -> None:
        """Let go of what only several batches at once need, as HubClient.rest."""
        if "_client" in vars(self):
            self._client.rest()

    def ask_pack(self, pack: str, shown: int, says: str, latest: Link | None = None) -> PackWord:
        """Ask which pack to show; raises and answers as HubClient.ask_pack."""
        return self._client.ask_pack(pack, shown, says, latest)

    def fetch_pack(self, sha256: str, start: int) -> Iterator[bytes]:
        """Fetch an archive; raises and yields as HubClient.fetch_pack."""
        return self._client.fetch_pack(sha256, start)

    @cached_property
    def _client(self) -> HubClient:
        from kiosk.sync.hub_client import HubClient

        return HubClient(self._identity, self._ca, self._url, self._on_new_keys)
