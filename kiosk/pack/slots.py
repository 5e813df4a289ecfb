"""Where installed packs lie: three folders for each pack, and a pointer at the one that is shown, written last.

    packs/oxfordshire/active.json        the pointer
    packs/oxfordshire/a/content/...      a version: the folders of the local and the national pack
    packs/oxfordshire/a/manifest.json    what must be in them
    packs/oxfordshire/a/installed.json   when it came, by whose key; called left.json once it was rolled back
    packs/oxfordshire/a/reading.json     the pack as it was read, so that a start need not read it again

One folder holds the version shown, one the version before it. The third takes the next, so that neither is touched by
an install, nor is what a kiosk still shows that has not yet switched. This is on the path of the kiosk's start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from kiosk.disk import sync_folder, write_whole
from kiosk.pack.manifest import Manifest, Sha256
from kiosk.pack.sources import find_files, name_in
from kiosk.typed_json import read_json

SlotName = Literal["a", "b", "c"]
NAMES: tuple[SlotName, ...] = ("a", "b", "c")
POINTER = "active.json"
MANIFEST, INSTALLED, READING, CONTENT = "manifest.json", "installed.json", "reading.json", "content"
LEFT = "left.json"
Version = Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)]
_encoder = msgspec.json.Encoder(order="sorted")


class Installed(msgspec.Struct, frozen=True):
    """A version in its folder. `manifest` is the hash of its manifest, `content` what any build of it has in common."""

    slot: SlotName
    version: Version
    manifest: Sha256
    content: Sha256
    signed_by: str
    installed_at: datetime
    built_at: datetime
    expires_at: datetime | None = None


class Pointer(msgspec.Struct, frozen=True):
    """`highest` was ever installed here, `change` counts installs and roll-backs; `sha256` is of the rest."""

    active: Installed
    previous: Installed | None
    highest: Version
    highest_content: Sha256
    change: int
    sha256: str = ""


class ActiveVersion(NamedTuple):
    """Differs from another exactly when a pack was installed or rolled back in between."""

    version: int
    change: int


@dataclass(frozen=True)
class Slots:
    """What is installed of one pack below the data folder."""

    data: Path
    pack_id: str

    @property
    def folder(self) -> Path:
        return self.data / "packs" / self.pack_id

    def slot(self, name: str) -> Path:
        """The folder of a slot."""
        return self.folder / name

    def pack_folder(self, installed: Installed) -> Path:
        """The folder that a version's pack.yaml lies in; that of its national pack is beside it."""
        return self.slot(installed.slot) / CONTENT / self.pack_id

    def active_version(self) -> ActiveVersion | None:
        """Return which version is to be shown, or None where none is installed. One small file is read."""
        pointer = self.load()
        return ActiveVersion(pointer.active.version, pointer.change) if pointer else None

    def load(self) -> Pointer | None:
        """Return the pointer, or None where nothing is installed. One damaged or lost is made out from the folders."""
        return self._written() or self._made_out()

    @property
    def lost_its_pointer(self) -> bool:
        """Whether something is installed, and the pointer at it is damaged or gone."""
        return self._written() is None and self._made_out() is not None

    def keep(self, pointer: Pointer) -> None:
        """Write the pointer: from here on the next start shows another version. Raises OSError."""
        write_whole(self.folder / POINTER, _encoder.encode(msgspec.structs.replace(pointer, sha256=_sum(pointer))))

    def leave(self, installed: Installed) -> None:
        """Note in its own folder that a version is rolled back: no damage to the pointer brings it back. Raises OSError."""
        slot = self.slot(installed.slot)
        with suppress(FileNotFoundError):  # left before, by a roll-back that a power cut ended
            (slot / INSTALLED).replace(slot / LEFT)
        sync_folder(slot)

    def find(self) -> Iterator[Installed]:
        """Yield the versions to show, best first: the active one, then the one before it."""
        pointer = self.load()
        if pointer:
            yield pointer.active
            if pointer.previous:
                yield pointer.previous

    def find_damage(self, installed: Installed) -> str:
        """Return what is wrong with an installed version, as part of a sentence, or "" when every byte is right."""
        slot = self.slot(installed.slot)
        try:
            spelt = (slot / MANIFEST).read_bytes()
            if hashlib.sha256(spelt).hexdigest() != installed.manifest:
                return "its list of contents was changed"
            return _damage_in(slot / CONTENT, read_json(spelt, Manifest))
        except FileNotFoundError as why:
            return f"{Path(str(why.filename)).name} is missing"
        except msgspec.MsgspecError:
            return "its list of contents is not one that this program reads"  # a newer program's, most likely
        except OSError as why:
            return f"it cannot be read ({why.strerror})"

    def _written(self) -> Pointer | None:
        try:
            pointer = read_json((self.folder / POINTER).read_bytes(), Pointer)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return pointer if pointer.sha256 == _sum(pointer) else None

    def _made_out(self) -> Pointer | None:
        """What a pointer must have said that cannot be read: by what the folders say of themselves.

        The highest version that nobody rolled back is the active one, damaged or not: a folder is filled before it says
        what it holds. A whole one is the one before it. What was rolled back still counts as the highest ever here.
        """
        here = [each for each in (self._said_in(name, INSTALLED) for name in NAMES) if each]
        left = [each for each in (self._said_in(name, LEFT) for name in NAMES) if each]
        if not here:
            return None
        whole = [each for each in here if not self.find_damage(each)]
        active = max(here, key=lambda each: (each.version, each in whole, each.installed_at))
        others = [each for each in whole if each.version < active.version]
        previous = max(others, key=lambda each: (each.version, each.installed_at), default=None)
        highest = max([*here, *left], key=lambda each: each.version)
        return Pointer(active, previous, highest.version, highest.content, change=0)

    def _said_in(self, name: str, file: str) -> Installed | None:
        """Return what a folder says it holds. A number or place that rot has changed is not that of its contents."""
        slot = self.slot(name)
        try:
            said = read_json((slot / file).read_bytes(), Installed)
            manifest = read_json((slot / MANIFEST).read_bytes(), Manifest)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return said if (said.slot, said.version) == (name, manifest.version) else None


def spell_installed(installed: Installed) -> bytes:
    """Return what a slot keeps of itself."""
    return _encoder.encode(installed)


def _damage_in(content: Path, manifest: Manifest) -> str:
    found = {name_in(content, file): file for file in find_files(content)}
    for file in manifest.files:
        if file.name not in found:
            return f"{file.name} is missing"
        if hashlib.sha256(found.pop(file.name).read_bytes()).hexdigest() != file.sha256:
            return f"{file.name} was changed"
    return f"{min(found)} is too much" if found else ""


def _sum(pointer: Pointer) -> str:
    return hashlib.sha256(_encoder.encode(msgspec.structs.replace(pointer, sha256=""))).hexdigest()
