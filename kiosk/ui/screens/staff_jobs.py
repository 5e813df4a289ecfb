"""What staff do and see at the kiosk itself. Runs away from the screen's thread; nothing here knows a person."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kiosk import __version__
from kiosk.bootstrap import Services
from kiosk.callbacks.contract import Counts
from kiosk.callbacks.model import Identity
from kiosk.errors import NoTeamKey, OutboxUnavailable
from kiosk.pack.due import Due, find_due
from kiosk.pack.facts import is_clock_behind
from kiosk.pack.shelf import Left
from kiosk.pack.sources import folder_name


@dataclass(frozen=True)
class State:
    """How this kiosk stands. `counts` is None where the queue cannot be read, `free` bytes None where the disk cannot.

    `pack_rotted` where another version or folder stands in for an installed one; `pack_expired` after its last day.
    `pack_left` is the version that breaks the start, if there is one. `pack_refused` where the one that the hub offers
    could not be taken.
    """

    kiosk: str
    counts: Counts | None
    last_success_at: datetime | None
    last_error: str
    free: int | None
    due: tuple[Due, ...]
    faults: int
    pack: str
    now: datetime
    clock_is_behind: bool = False
    pack_rotted: bool = False
    pack_left: Left | None = None
    pack_expired: bool = False
    pack_refused: bool = False
    program: str = field(default=__version__)


def look(services: Services) -> State:
    """Return how the kiosk stands now."""
    synced = services.syncer.state if services.identity and services.syncer else None
    return State(
        kiosk=services.identity.kiosk if services.identity else "",
        counts=_counts(services),
        last_success_at=synced.last_success_at if synced else None,
        last_error=synced.last_error if synced else "",
        free=_free(services),
        due=tuple(find_due(services.pack, services.today())),
        faults=len(services.faults),
        pack=f"{services.pack.id} {services.pack.version}",
        now=services.now(),
        pack_rotted=services.opened.stands_in,
        pack_left=services.opened.left,
        pack_expired=services.opened.is_expired(services.now()),
        pack_refused=bool(
            services.identity and services.syncer and services.syncer.packs and services.syncer.packs.state.trouble
        ),
        clock_is_behind=is_clock_behind(services.pack.facts, services.today()),
    )


def copy_requests(services: Services, on_written: Callable[[float], None]):
    """Copy what waits to the one stick that is in; return Copied, or None if nothing waits. Raises as write_stick."""
    from kiosk.sync.usb import write_stick

    return write_stick(services.outbox, _stick(services), _me(services), on_written)


def take_answers(services: Services):
    """Settle what the hub's answers on the stick are for; return Returned. Raises as read_receipts."""
    from kiosk.sync.usb import read_receipts

    return read_receipts(_stick(services), services.outbox, _me(services), services.renew)


def deliver_now(services: Services):
    """Deliver all that waits, whatever its turn; return the Report. Raises OutboxUnavailable."""
    from kiosk.sync.hub_client import HubClient
    from kiosk.sync.run import sync_once

    settings = services.settings
    hub = HubClient(_me(services), settings.hub_ca, settings.hub_url, services.renew)
    try:
        report = sync_once(services.outbox, hub, services.now(), by_hand=True)
    finally:
        hub.close()
    services.syncer.note(report, services.now())
    return report


def install_from_stick(services: Services) -> int:
    """Install the newest pack on the one stick that is in, to be shown from the next visit on; return its version.

    Changes of publisher keys on the stick are followed first. Raises what find_newest and install raise, or a UsbTrouble.
    """
    from kiosk.pack.install import find_newest, install

    data, pack_id = services.settings.data, folder_name(services.settings.pack)
    found = find_newest(_stick(services), data, pack_id)
    return install(found.file, data, pack_id, services.now()).version


def _stick(services: Services):
    from kiosk.sync.stick import SHOWN_AT, find_the_stick

    settings = services.settings
    return find_the_stick(settings.data, (settings.sticks,) if settings.sticks else SHOWN_AT)


def _me(services: Services) -> Identity:
    if services.identity is None:
        raise NoTeamKey("This kiosk has not joined a hub.", "Run: kiosk device enrol URL CODE")
    return services.identity


def _counts(services: Services) -> Counts | None:
    try:
        return services.outbox.counts()
    except OutboxUnavailable:
        return None


def _free(services: Services) -> int | None:
    try:
        return shutil.disk_usage(services.settings.data).free
    except OSError:
        return None
