"""What the screen of a preview has: a folder's pack on any day, a data folder that goes with it, and nobody to send to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from kiosk.bootstrap import Services
from kiosk.callbacks.model import CallbackRequest, Identity
from kiosk.clock import utc_now
from kiosk.errors import NoTeamKey
from kiosk.london import LONDON
from kiosk.pack.model import Pack
from kiosk.pack.shelf import Opened
from kiosk.settings import Settings

NOWHERE = "http://127.0.0.1:9"
Stamp = tuple[tuple[str, int, int], ...]


class PreviewServices(Services):
    """Shows the form, and refuses to send: `refused` is called, on whatever thread that was. Nothing is delivered."""

    def __init__(self, settings: Settings, pack: Pack, folder: Path, day: date | None) -> None:
        team, hub = bytes(PrivateKey.generate().public_key), bytes(SigningKey.generate().verify_key)
        identity = Identity("preview", bytes(SigningKey.generate()), NOWHERE, hub, team, team)
        super().__init__(settings, Opened(pack, folder), identity, lambda: on_day(day))
        self.folder = folder
        self.refused: Callable[[], object] = lambda: None

    @property
    def syncer(self) -> None:
        return None

    def send(self, request: CallbackRequest) -> None:
        self.refused()
        raise NoTeamKey("This is a preview, and sends nothing.")

    def take(self, pack: Pack) -> None:
        """Go on with another pack of the folder: what was read of its translations is read anew."""
        self.pack, self.opened = pack, Opened(pack, self.folder)
        self._translations.clear()

    def stamp(self) -> Stamp:
        """Return what tells whether a file of the pack, or of its national one, was saved since. Raises no OSError."""
        from kiosk.pack.sources import find_files

        return tuple(_stamp(file) for folder in self._folders() for file in find_files(folder))


def on_day(day: date | None) -> datetime:
    """Return this moment, or this time of the day on another day."""
    now = utc_now()
    return now if day is None else datetime.combine(day, now.astimezone(LONDON).time(), LONDON)


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError:  # an editor is just putting the new one in its place
        return str(file), 0, 0
    return str(file), found.st_mtime_ns, found.st_size
