"""Install a verified .pack, go back to the one before, and find the newest on a stick."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from kiosk.disk import sync_folder, write_whole
from kiosk.errors import (
    ArchiveRefused,
    InstallFailed,
    NothingToInstall,
    NothingToRollBack,
    PackFaulty,
    PublisherKeyFaulty,
    VersionRefused,
)
from kiosk.pack.archive import SIGNATURE, SUFFIX, Archive, Source, taken_by_disk, unpack, verify_archive
from kiosk.pack.kept import spell_kept
from kiosk.pack.manifest import Manifest, content_sha256
from kiosk.pack.model import Pack
from kiosk.pack.publisher import load_change
from kiosk.pack.read import read_pack
from kiosk.pack.slots import (
    CONTENT,
    INSTALLED,
    MANIFEST,
    NAMES,
    READING,
    Installed,
    Pointer,
    SlotName,
    Slots,
    spell_installed,
)
from kiosk.pack.starts import Starts, find_unfit
from kiosk.pack.trusted import Publishers

CHANGE_SUFFIX, LOCK = ".keychange", "lock"
_PATIENCE = 10.0  # seconds that one install waits for another


@dataclass(frozen=True)
class Found:
    """The newest archive in a folder that this kiosk may install, and why others were not taken.

    `followed` is how many changes of publisher keys lay beside it and led on from a trusted key.
    """

    file: Path
    archive: Archive
    refused: Sequence[str]
    followed: int


def install(source: Source, data: Path, pack_id: str, now: datetime) -> Installed:
    """Install an archive, so that the kiosk shows it from its next visit on; return what is installed now.

    Nothing is written before every byte is verified, and the pack that is shown stays whole until the new one is. To
    install again what is installed, whole and starts changes nothing. Raises ArchiveRefused (SignerUnknown, VersionRefused,
    ArchiveDamaged) with the reason in one sentence, PackFaulty, PublisherKeyFaulty, or InstallFailed.
    """
    slots = Slots(data, pack_id)
    archive = verify_archive(source, Publishers(data).keys())
    check_fits(archive.manifest, data, pack_id)
    with _alone(slots):
        pointer = slots.load()
        _check_version(archive.manifest, pointer, slots)
        if pointer and pointer.active.manifest == archive.sha256 and not find_unfit(slots, pointer.active):
            return pointer.active
        return _install(source, archive, slots, pointer, now)


def check_fits(manifest: Manifest, data: Path, pack_id: str) -> None:
    """Raise ArchiveRefused unless a kiosk that shows `pack_id` may install this, VersionRefused for an older version."""
    if manifest.id != pack_id:
        raise ArchiveRefused(
            f"This pack is for {manifest.id}, and this kiosk shows {pack_id}.", "Change pack = in kiosk.toml first."
        )
    slots = Slots(data, pack_id)
    _check_version(manifest, slots.load(), slots)


def is_wanted(data: Path, pack_id: str, version: int) -> bool:
    """Return whether a kiosk that pulls by itself should fetch this version: it is newer than all that were ever here,
    or takes the place of the same one, damaged. One that staff rolled back is not fetched again.
    """
    slots = Slots(data, pack_id)
    pointer = slots.load()
    if pointer is None or version > pointer.highest:
        return True
    if version != pointer.active.version or Starts(slots).leaves(pointer.active):
        return False  # one that breaks the start is for staff to install again
    return bool(slots.find_damage(pointer.active))


def roll_back(data: Path, pack_id: str, only: str = "") -> Installed:
    """Show the version before, from the next visit on, and return it. Raises NothingToRollBack, or InstallFailed.

    What was rolled back is not pulled again; the way forward is a higher version. `only` is the content that must be
    active still, where somebody may have been faster.
    """
    slots = Slots(data, pack_id)
    with _alone(slots):
        pointer = slots.load()
        if only and pointer and pointer.active.content != only:
            raise NothingToRollBack(f"Another version of {pack_id} was installed meanwhile.", "Look at what is shown.")
        if pointer is None or pointer.previous is None:
            raise NothingToRollBack(
                f"No version of {pack_id} was installed before this one.", "Install one from a file."
            )
        unfit = find_unfit(slots, pointer.previous)
        if unfit:
            raise NothingToRollBack(
                f"Version {pointer.previous.version}, the one before, {unfit}.", "Install one from a file."
            )
        with taken_by_disk():
            slots.leave(pointer.active)
            slots.keep(_after_roll_back(pointer, pointer.previous))
        return pointer.previous


def mend_pointer(data: Path, pack_id: str) -> None:
    """Write anew a pointer that was damaged or lost, as the folders tell what it said. Raises InstallFailed."""
    slots = Slots(data, pack_id)
    with _alone(slots), taken_by_disk():
        pointer = slots.load()
        if pointer and slots.lost_its_pointer:
            slots.keep(pointer)


def find_newest(folder: Path, data: Path, pack_id: str) -> Found:
    """Return the archive with the highest version in a folder, such as a stick's, that this kiosk may install.

    Changes of publisher keys beside them are followed first. Raises NothingToInstall where there is none, with the
    reason for each that was refused.
    """
    publishers, refused, reasons = Publishers(data), list[str](), list[ArchiveRefused]()
    followed = follow_changes(sorted(_files(folder, CHANGE_SUFFIX)), publishers)
    found: list[tuple[int, Path, Archive]] = []
    for file in sorted(_files(folder, SUFFIX)):
        try:
            archive = verify_archive(file, publishers.keys())
            check_fits(archive.manifest, data, pack_id)
            found.append((archive.manifest.version, file, archive))
        except ArchiveRefused as why:
            refused.append(f"{file.name}: {why}")
            reasons.append(why)
    if not found:
        says = "\n".join(refused) or f"There is no {SUFFIX} file in {folder}."
        raise NothingToInstall(says, "" if refused else "Copy one there, or name another folder.", reasons)
    _, file, archive = max(found, key=lambda each: each[0])
    return Found(file, archive, refused, followed)


def follow_changes(files: Sequence[Path], publishers: Publishers) -> int:
    """Follow every change of keys that leads on from a trusted one, in whatever order they lie there; return how many."""
    waiting, followed = list(files), 0
    while True:
        rest = []
        for file in waiting:
            try:
                publishers.follow(load_change(file))
                followed += 1
            except (ArchiveRefused, PublisherKeyFaulty):
                rest.append(file)
        if len(rest) == len(waiting):
            return followed
        waiting = rest


def _files(folder: Path, suffix: str) -> Iterator[Path]:
    try:
        yield from (file for file in folder.iterdir() if file.suffix.lower() == suffix and file.is_file())
    except OSError as why:
        raise ArchiveRefused(f"{folder} cannot be read: {why.strerror}.", "Name another folder.") from why


def _check_version(manifest: Manifest, pointer: Pointer | None, slots: Slots) -> None:
    if pointer is None or _mends(manifest, pointer.active, slots):
        return
    raise_it = "Raise version: in pack.yaml, and build it again."
    if manifest.version < pointer.highest:
        says = f"This is version {manifest.version}, and version {pointer.highest} was installed here before."
        raise VersionRefused(says, raise_it)
    if manifest.version == pointer.highest and content_sha256(manifest) != pointer.highest_content:
        raise VersionRefused(f"Version {manifest.version} was installed here with other content.", raise_it)


def _mends(manifest: Manifest, active: Installed, slots: Slots) -> bool:
    """Return whether this is what is to be shown, and cannot be: after a roll-back it may not be the highest."""
    same = (manifest.version, content_sha256(manifest)) == (active.version, active.content)
    return same and bool(find_unfit(slots, active))


def _install(source: Source, archive: Archive, slots: Slots, pointer: Pointer | None, now: datetime) -> Installed:
    name = _free_slot(slots, pointer)
    slot, manifest = slots.slot(name), archive.manifest
    installed = Installed(
        slot=name,
        version=manifest.version,
        manifest=archive.sha256,
        content=content_sha256(manifest),
        signed_by=archive.signer,
        installed_at=now.astimezone(UTC),
        built_at=manifest.built_at,
        expires_at=manifest.expires_at,
    )
    try:
        with taken_by_disk():
            if slot.exists():
                shutil.rmtree(slot)
            _fill(slot, source, archive, installed)
            slots.keep(_after_install(pointer, installed, slots))
    except BaseException:
        if not _is_pointed_at(slots, installed):
            shutil.rmtree(slot, ignore_errors=True)
        raise
    return installed


def _fill(slot: Path, source: Source, archive: Archive, installed: Installed) -> None:
    unpack(source, archive, slot / CONTENT)
    pack = _read(slot / CONTENT, archive.manifest)
    write_whole(slot / SIGNATURE, archive.signature)
    write_whole(slot / MANIFEST, archive.spelt)
    write_whole(slot / READING, spell_kept(pack))
    write_whole(slot / INSTALLED, spell_installed(installed))
    for folder in (slot, *slot.parents[:3]):  # down from the data folder, which may all be new
        sync_folder(folder)


def _read(content: Path, manifest: Manifest) -> Pack:
    """Return the unpacked pack. Raises PackFaulty, its files called as in the archive."""
    try:
        pack = read_pack(content / manifest.id)
    except PackFaulty as faulty:
        raise PackFaulty([replace(each, file=_in_archive(each.file)) for each in faulty.faults]) from faulty
    if (pack.version, pack.extends) != (manifest.version, manifest.extends):
        raise ArchiveRefused("This pack is not the version that it is signed as.", "Ask whoever made it for another.")
    return pack


def _in_archive(file: str) -> str:
    return file.rpartition(f"/{CONTENT}/")[2]


def _free_slot(slots: Slots, pointer: Pointer | None) -> SlotName:
    """Return the slot that is neither shown nor next in line; of several the one that was filled the longest ago."""
    used = {each.slot for each in (pointer.active, pointer.previous) if each} if pointer else set()
    return min((name for name in NAMES if name not in used), key=lambda name: _filled_at(slots.slot(name)))


def _filled_at(slot: Path) -> float:
    return slot.stat().st_mtime if slot.exists() else 0.0


def _after_install(pointer: Pointer | None, installed: Installed, slots: Slots) -> Pointer:
    """What was active is the version before, unless it is damaged or breaks the start: then the one before it stays."""
    highest = (installed.version, installed.content)
    if pointer is None:
        return Pointer(installed, None, *highest, change=1)
    previous = pointer.previous if find_unfit(slots, pointer.active) else pointer.active
    # What mends a version that was rolled back to is not the highest that was ever here.
    highest = max(highest, (pointer.highest, pointer.highest_content), key=lambda each: each[0])
    return Pointer(installed, previous, *highest, change=pointer.change + 1)


def _after_roll_back(pointer: Pointer, previous: Installed) -> Pointer:
    # What was rolled back is no stand-in either: a start would show it again when this one is damaged.
    return msgspec.structs.replace(pointer, active=previous, previous=None, change=pointer.change + 1)


def _is_pointed_at(slots: Slots, installed: Installed) -> bool:
    """Return whether the pointer was written although something failed after it."""
    pointer = slots.load()
    return bool(pointer and pointer.active == installed)


@contextmanager
def _alone(slots: Slots) -> Iterator[None]:
    """Let one install or roll-back of a pack run at a time. Raises InstallFailed where another takes too long."""
    with taken_by_disk():
        slots.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(slots.folder / LOCK)
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout as busy:
            raise InstallFailed("Another install is under way.", "Wait until it has ended, then try again.") from busy
    try:
        yield
    finally:
        lock.release()
