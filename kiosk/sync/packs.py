"""Packs by the network: ask the hub what to show, fetch it in pieces, and install it. Nothing on the screen waits.

| what the hub says, what is here                          | what is done                                              |
|----------------------------------------------------------|-----------------------------------------------------------|
| what is shown was taken back, another is beside it       | that one is shown again                                   |
| what is shown was taken back, nothing else is here       | it is shown on, and told, until a higher one comes        |
| what was installed is not on the screen yet              | nothing: what the screen still shows must stay whole      |
| not wanted: older, left by staff, or breaks the start    | nothing                                                   |
| one that was refused here before                         | nothing, until the hub offers another                     |
| one whose signer was not trusted                         | it waits here, and is tried again once others are trusted |
| any other version                                        | fetched on from where it broke off, verified, installed   |

The hub chooses among what publishers have signed; whom to believe is for this kiosk's own list. Requests go first: all
of this is done beside their thread (kiosk.sync.pack_rounds), and a download pauses as soon as one is waiting.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.callbacks.model import Link
from kiosk.callbacks.wire import LINE_LIMIT, PackOffer, PackWord
from kiosk.errors import (
    ArchiveRefused,
    HubError,
    NothingToRollBack,
    PackFaulty,
    PublisherKeyFaulty,
    SignerUnknown,
    WaymarkError,
)
from kiosk.pack.shelf import Left
from kiosk.pack.slots import ActiveVersion, Slots
from kiosk.pack.trusted import Publishers
from kiosk.sync.downloads import Downloads, PackHub

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=1)
_DOUBLINGS = 5
# kiosk.pack.install, and the YAML reader behind it, are imported when there is a pack to install: an idle kiosk is small.
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OnScreen:
    """What the kiosk shows: `version` 0 for a folder, and which version was active when it was opened.

    `stands_in` where another is shown in the place of that one, which is damaged; `left` where that one breaks the start.
    """

    version: int
    active: ActiveVersion | None
    stands_in: bool = False
    left: Left | None = None


@dataclass(frozen=True)
class PackState:
    """For staff: why the last pack could not be taken, as a sentence, empty once all is well."""

    trouble: str = ""


@dataclass(frozen=True)
class _Refusal:
    """Why an archive was not taken. Where it was for its signer, `trusted` are the keys that were believed then."""

    says: str
    trusted: frozenset[bytes] | None = None


class PackPuller:
    """Looks after one pack of one kiosk. For one thread; `state` may be read from any."""

    def __init__(self, hub: PackHub, data: Path, pack: str, on_screen: Callable[[], OnScreen]) -> None:
        self._hub, self._data, self._pack, self._on_screen = hub, data, pack, on_screen
        self._downloads = Downloads(hub, data)
        self._refused: dict[str, _Refusal] = {}
        self._stuck = ""
        self._failures = 0
        self._not_before: datetime | None = None
        self.state = PackState()

    def pull(
        self,
        now: datetime,
        pauses: Callable[[], bool] = lambda: False,
        latest: Callable[[], Link | None] = lambda: None,
    ) -> bool:
        """Do what is due, and return False if a download `pauses` half way: the next call goes on with it.

        `latest` returns the outbox's latest step, by which the hub knows this kiosk from a copy of its disk.

        Raises nothing that is a hub's, a disk's or a pack's fault: `state` tells of it, and the next try waits longer.
        """
        if self._not_before and self._not_before - LONGEST_WAIT <= now < self._not_before:
            return True
        try:
            done = self._pull(now, pauses, latest)
        except HubError as why:
            log.info("The hub was not asked for a pack: %s", why)
            self._wait(now)
            return True
        except (WaymarkError, OSError) as why:
            self._tell(str(why))
            self._wait(now)
            return True
        self._failures, self._not_before = 0, None
        return done

    def _pull(self, now: datetime, pauses: Callable[[], bool], latest: Callable[[], Link | None]) -> bool:
        screen, says = self._on_screen(), _without_folders(self.state.trouble, self._data)
        word = self._hub.ask_pack(self._pack, screen.version, says, latest())
        self._follow(word)
        if screen.active != Slots(self._data, self._pack).active_version():
            return True
        if self._goes_back(word):
            return True
        offer = word.offer
        if offer is None or not self._wants(offer, screen):
            self._downloads.forget_all()
            self._tell(self._stuck or _say_left(screen.left))
            return True
        refusal = self._refused.get(offer.sha256)
        if refusal and refusal.trusted in (None, Publishers(self._data).keys()):
            self._tell(refusal.says)
            return True
        if not self._downloads.fetch(offer, pauses):
            return False
        self._install(offer, now)
        return True

    def _wants(self, offer: PackOffer, screen: OnScreen) -> bool:
        """Cheap in the usual case: this is asked every minute, and an installed pack may have a thousand clips to hash."""
        pointer = Slots(self._data, self._pack).load()
        if pointer is None or offer.version > pointer.highest:
            return True
        if not screen.stands_in:
            return False
        from kiosk.pack.install import is_wanted

        return is_wanted(self._data, self._pack, offer.version)

    def _follow(self, word: PackWord) -> None:
        for change in word.changes:
            # One that leads on from no key that is trusted here is nothing to this kiosk.
            with suppress(ArchiveRefused, PublisherKeyFaulty):
                Publishers(self._data).follow(change)

    def _goes_back(self, word: PackWord) -> bool:
        """Show again what is beside a version that the hub took back. Nothing is fetched for it."""
        self._stuck = ""
        pointer = Slots(self._data, self._pack).load()
        if pointer is None or pointer.active.content not in word.taken_back:
            return False
        if pointer.previous is None or pointer.previous.content in word.taken_back:
            self._stuck = (
                f"Version {pointer.active.version} was taken back, and this kiosk has no other to show: "
                "it shows it on until a higher one comes."
            )
            return False
        from kiosk.pack.install import roll_back

        try:
            shown = roll_back(self._data, self._pack, only=pointer.active.content)
        except NothingToRollBack as why:
            self._stuck = str(why)
            return False
        log.info("The hub took a version back: %s %s is shown again.", self._pack, shown.version)
        self._tell("")
        return True

    def _install(self, offer: PackOffer, now: datetime) -> None:
        from kiosk.pack.install import install

        trusted = Publishers(self._data).keys()
        self._downloads.check(offer)
        try:
            installed = install(self._downloads.file_of(offer), self._data, self._pack, now)
        except SignerUnknown as why:
            self._refuse(offer, why, trusted)  # by the time that staff trust the signer, all of it is here
            return
        except (ArchiveRefused, PackFaulty) as why:
            # The same bytes are refused again: they are not fetched before the hub offers others.
            self._downloads.forget(offer)
            self._refuse(offer, why)
            return
        self._downloads.forget(offer)
        log.info("%s %s came from the hub, for the next visit.", self._pack, installed.version)
        self._tell("")

    def _refuse(self, offer: PackOffer, why: WaymarkError, trusted: frozenset[bytes] | None = None) -> None:
        says = f"Version {offer.version} from the hub was refused. {_first_line(why)}"
        self._refused = {offer.sha256: _Refusal(says, trusted)}
        self._tell(says)

    def _tell(self, trouble: str) -> None:
        trouble = _first_line(trouble)
        if trouble and trouble != self.state.trouble:
            log.warning("No pack was taken from the hub: %s", trouble)
        self.state = PackState(trouble)

    def _wait(self, now: datetime) -> None:
        wait = min(FIRST_WAIT * (1 << min(self._failures, _DOUBLINGS)), LONGEST_WAIT)
        self._failures, self._not_before = self._failures + 1, now + wait


def _say_left(left: Left | None) -> str:
    return f"Version {left.version} is not shown here. {left.why.value}" if left else ""


def _without_folders(trouble: str, data: Path) -> str:
    """Return what staff are told as the hub may have it: a file is called by its name, wherever it lies here."""
    return re.sub(r"(?<![\w./-])/(?:[^\s/'\"]+/)+", "", trouble.replace(f"{data}{os.sep}", ""))


def _first_line(why: object) -> str:
    """Return the first sentence as it is told: on one line, not long."""
    line = next(iter(str(why).splitlines()), "")
    return "".join(letter for letter in line if letter.isprintable())[:LINE_LIMIT]
