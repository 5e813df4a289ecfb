"""The last good one stays: a kiosk shows the installed pack, else the folder of its settings as last read without fault.

This is on the path of the kiosk's start. Nothing slow is imported here: the YAML reader only when files have changed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from kiosk.disk import write_whole
from kiosk.errors import Fault, InstallFailed, PackFaulty
from kiosk.london import LONDON
from kiosk.pack.facts import find_stale
from kiosk.pack.kept import load_kept, pack_in, spell_kept
from kiosk.pack.model import Fact, Pack
from kiosk.pack.slots import READING, ActiveVersion, Installed, Slots
from kiosk.pack.sources import folder_name, national_folder, read_files, sha256_of
from kiosk.pack.starts import Leaves, Starts

FILE_NAME = "last-good.json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Left:
    """A version that is not shown because it broke the start, and whether it is tried again by itself."""

    version: int
    why: Leaves


@dataclass(frozen=True)
class Opened:
    """A pack, and the `folder` that its pictures and words lie in.

    `faults` are why something else than wanted is shown; `stale` the facts not shown today. `installed` says which
    version this is, None for a folder that was never signed; `active` which one was to be shown when it was opened,
    and `left` that one where it breaks the start.
    """

    pack: Pack
    folder: Path
    faults: Sequence[Fault] = ()
    stale: Sequence[str] = ()
    installed: Installed | None = None
    active: ActiveVersion | None = None
    left: Left | None = None

    @property
    def stands_in(self) -> bool:
        """Whether this stands in for an installed version that is damaged or breaks the start."""
        return self.active is not None and (self.installed is None or self.installed.version != self.active.version)

    def is_expired(self, now: datetime) -> bool:
        """Whether staff have to install another: its figures are not shown any more."""
        return bool(self.installed and self.installed.expires_at and self.installed.expires_at <= now)


class Shelf:
    """Finds what is to be shown, below `folder`: what was installed, and packs/ID/last-good.json of each pack's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, pack_folder: Path, today: date) -> Opened:
        """Return the installed pack of this folder's name, each of its files checked by its hash.

        Where it is damaged or breaks the start the version before it stands in, then the folder, then the last good
        version of the folder: each with the faults that keep the better one out. Raises PackFaulty when none of them
        can be shown.
        """
        slots, faults = Slots(self._folder, folder_name(pack_folder)), list[Fault]()
        _mend_pointer(slots)
        active, left = slots.active_version(), _find_left(slots)
        opened = self._open_any_installed(slots, faults)
        if opened is None:
            try:
                opened = self._open_folder(pack_folder)
            except PackFaulty as faulty:
                raise PackFaulty([*faults, *faulty.faults]) from faulty
        stale = find_stale(opened.pack.facts, today)
        return replace(opened, faults=(*faults, *opened.faults), stale=stale, active=active, left=left)

    def active_version(self, pack_folder: Path) -> ActiveVersion | None:
        """Return which version is to be shown, None where none is installed. Cheap: one small file is read.

        When it is another than `Opened.active` a kiosk opens anew, between two visits.
        """
        return Slots(self._folder, folder_name(pack_folder)).active_version()

    def _open_any_installed(self, slots: Slots, faults: list[Fault]) -> Opened | None:
        """Return the best installed version that can be shown, or None; the faults are added to in either case."""
        starts = Starts(slots)
        for installed in slots.find():
            why = starts.leaves(installed)
            if why:
                where = f"{slots.pack_id} {installed.version}"
                faults.append(Fault(where, 0, why.value, "Install a newer version, or this one again."))
                continue
            opened = self._open_installed(slots, installed, faults)
            if opened:
                return opened
        return None

    def _open_installed(self, slots: Slots, installed: Installed, faults: list[Fault]) -> Opened | None:
        """Return an installed version, or None after adding to the faults why it is not shown."""
        where = f"{slots.pack_id} {installed.version}"
        damage, folder = slots.find_damage(installed), slots.pack_folder(installed)
        if damage:
            faults.append(Fault(where, 0, f"The installed pack is damaged: {damage}.", "Install it again."))
            return None
        kept = load_kept(slots.slot(installed.slot) / READING)
        pack = pack_in(kept) if kept and kept.is_of_this_program else None
        if pack is None:
            try:
                pack = _read_and_keep(folder, slots.slot(installed.slot) / READING)
            except PackFaulty as faulty:
                faults.extend(faulty.faults)
                pack = pack_in(kept)
        return Opened(_dated(pack, installed), folder, installed=installed) if pack else None

    def _open_folder(self, pack_folder: Path) -> Opened:
        file = self._folder / "packs" / folder_name(pack_folder) / FILE_NAME
        kept = load_kept(file)
        last_good = pack_in(kept)
        if kept and last_good and kept.is_of_this_program and last_good.sha256 == _sha256_now(pack_folder, last_good):
            return Opened(last_good, pack_folder)
        try:
            return Opened(_read_and_keep(pack_folder, file), pack_folder)
        except PackFaulty as faulty:
            if last_good is None:
                raise
            return Opened(last_good, pack_folder, faulty.faults)


def _mend_pointer(slots: Slots) -> None:
    """Have a damaged pointer made out once, not at each look: that hashes all there is."""
    if not slots.lost_its_pointer:
        return
    from kiosk.pack.install import mend_pointer

    try:
        mend_pointer(slots.data, slots.pack_id)
    except InstallFailed as why:
        _log.warning("Which pack is to be shown could not be written down anew: %s", why)


def _find_left(slots: Slots) -> Left | None:
    """Return the version that was to be shown, if it is whole and yet breaks the start."""
    active = next(slots.find(), None)
    why = Starts(slots).leaves(active) if active else None
    return Left(active.version, why) if active and why else None


def _read_and_keep(folder: Path, file: Path) -> Pack:
    from kiosk.pack.read import read_pack

    pack = read_pack(folder)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, spell_kept(pack))
    except OSError as why:
        # The pack is good and can be shown; only the next start is slower, or without a fall-back.
        _log.warning("The pack could not be kept for the next start: %s", why.strerror)
    return pack


def _sha256_now(folder: Path, last_good: Pack) -> str | None:
    """Return the hash of the folder's files and its national pack's as they are now."""
    folders = [national_folder(folder, last_good.extends)] if last_good.extends else []
    try:
        return sha256_of({folder_name(each): read_files(each) for each in [*folders, folder]})
    except OSError:
        return None


def _dated(pack: Pack, installed: Installed) -> Pack:
    """Let no figure outlive its pack, nor be shown by a clock that says a day before the pack was built."""
    return replace(pack, facts={id: _dated_fact(fact, installed) for id, fact in pack.facts.items()})


def _dated_fact(fact: Fact, installed: Installed) -> Fact:
    built = installed.built_at.astimezone(LONDON).date()
    last = fact.review_by
    if installed.expires_at:
        last = min(last, (installed.expires_at - timedelta(seconds=1)).astimezone(LONDON).date())
    return replace(fact, checked_on=max(fact.checked_on, built), review_by=last)
