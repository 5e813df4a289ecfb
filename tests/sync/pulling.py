"""A kiosk that pulls its pack, and a hub that hands one out from memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from kiosk.callbacks.model import Link
from kiosk.callbacks.wire import PackOffer, PackWord
from kiosk.pack.slots import Slots
from kiosk.sync.packs import OnScreen, PackPuller
from kiosk.sync.run import Hub
from tests.pack.signed_packs import OXFORD


@dataclass
class Screen:
    """Shows what is installed as soon as it may."""

    data: Path

    def __call__(self) -> OnScreen:
        pointer = Slots(self.data, OXFORD).load()
        return OnScreen(pointer.active.version if pointer else 0, Slots(self.data, OXFORD).active_version())


def puller(hub: object, data: Path) -> PackPuller:
    return PackPuller(hub, data, OXFORD, Screen(data))  # type: ignore[arg-type]


def version(data: Path) -> int:
    active = Slots(data, OXFORD).active_version()
    return active.version if active else 0


def downloads(data: Path) -> list[Path]:
    return list((data / "downloads").glob("*"))


@dataclass
class FakeHub(Hub):
    """Offers an archive, and hands it out in small pieces."""

    content: bytes
    number: int = 3
    taken_back: tuple[str, ...] = ()
    asked: list[int] = field(default_factory=list)
    lies: str = ""

    def ask_pack(self, pack: str, shown: int, says: str, latest: Link | None) -> PackWord:
        digest = self.lies or sha256(self.content).hexdigest()
        return PackWord(1, PackOffer(self.number, digest, len(self.content), 9), self.taken_back, ())

    def fetch_pack(self, digest: str, start: int) -> Iterator[bytes]:
        self.asked.append(start)
        for at in range(start, len(self.content), 500):
            yield self.content[at : at + 500]
