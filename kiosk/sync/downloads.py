"""Archives on their way from the hub, each in a file of its own: fetched on from where it broke off, whole by its hash."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from kiosk.callbacks.model import Link
from kiosk.callbacks.wire import PackOffer, PackWord
from kiosk.errors import HubNonsense, InstallFailed

FOLDER, SUFFIX = "downloads", ".part"
MOST = 600 * 1024 * 1024  # bytes of an archive: somewhat more than kiosk.pack.archive takes
KEPT_FREE = 128 * 1024 * 1024  # bytes: no pack may take the room that requests need
_STRIDE = 1024 * 1024  # bytes that are read at once


class PackHub(Protocol):
    """Whatever says which pack to show, and hands it out."""

    def ask_pack(self, pack: str, shown: int, says: str, latest: Link | None) -> PackWord:
        """Return the hub's signed word. Raises HubError."""

    def fetch_pack(self, sha256: str, start: int) -> Iterator[bytes]:
        """Yield an archive's bytes from `start` on. Raises HubError, also where the connection is cut."""


class Downloads:
    """The archives that this kiosk has begun to fetch: one at most, once `fetch` was called."""

    def __init__(self, hub: PackHub, data: Path) -> None:
        self._hub, self._data = hub, data

    def file_of(self, offer: PackOffer) -> Path:
        """Return where an archive lies, or is to lie."""
        return self._data / FOLDER / f"{offer.sha256}{SUFFIX}"

    def fetch(self, offer: PackOffer, pauses: Callable[[], bool]) -> bool:
        """Have all of the archive in its file, and return whether that is so: it is not if it `pauses` half way.

        What was begun of others is deleted. Raises HubError, InstallFailed where there is no room for it.
        """
        part = self.file_of(offer)
        self.forget_all(but=part.name)
        have = part.stat().st_size if part.exists() else 0
        if have > offer.size:
            part.unlink()
            have = 0
        self._check_room(offer, have)
        return self._fetch_rest(offer, part, have, pauses)

    def check(self, offer: PackOffer) -> None:
        """Delete the archive and raise HubNonsense unless it is the one that was offered."""
        with self.file_of(offer).open("rb") as content:
            found = hashlib.sha256()
            for piece in iter(lambda: content.read(_STRIDE), b""):
                found.update(piece)
        if found.hexdigest() != offer.sha256:
            self.forget(offer)
            raise HubNonsense("What came from the hub is not the pack that it offered.")

    def forget(self, offer: PackOffer) -> None:
        """Delete what is here of an archive."""
        self.file_of(offer).unlink(missing_ok=True)

    def forget_all(self, but: str = "") -> None:
        """Delete what was begun of any archive, `but` for the file of this name."""
        for file in (self._data / FOLDER).glob(f"*{SUFFIX}"):
            if file.name != but:
                file.unlink(missing_ok=True)

    def _fetch_rest(self, offer: PackOffer, part: Path, have: int, pauses: Callable[[], bool]) -> bool:
        # Imported when there is a pack to fetch, as kiosk.sync.packs does: an idle kiosk is small.
        from kiosk.pack.archive import taken_by_disk

        with taken_by_disk():
            part.parent.mkdir(parents=True, exist_ok=True)
            with part.open("ab") as out:
                while have < offer.size:
                    before = have
                    for piece in self._hub.fetch_pack(offer.sha256, have):
                        have += len(piece)
                        if have > offer.size:
                            raise HubNonsense("The hub sends more than it said.")
                        out.write(piece)
                        if pauses():
                            return have == offer.size
                    if have == before:
                        raise HubNonsense("The hub sends nothing of the pack it offers.")
                out.flush()
                os.fsync(out.fileno())
        return True

    def _check_room(self, offer: PackOffer, have: int) -> None:
        if offer.size > MOST:
            raise InstallFailed(f"The hub offers {offer.size:,} bytes, more than a kiosk takes.", "Look at it there.")
        if shutil.disk_usage(self._data).free < offer.size - have + offer.unpacked + KEPT_FREE:
            self.forget(offer)  # requests need what it takes more than it does
            raise InstallFailed(f"There is no room for version {offer.version} on this kiosk's disk.", "Make room.")
