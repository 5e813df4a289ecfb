"""How the starts of an installed version went. One that breaks the start again and again is left for the one before it.

    packs/oxfordshire/starts.json

A signed pack, every byte of it right, may still end the program that shows it. So a start is written down before anything
of the pack is read, and is taken off once the screen has stood for a while. Found written down at the next start, it
failed:

| what ended it                                    | what it says                    | after three of them             |
|--------------------------------------------------|---------------------------------|---------------------------------|
| the program, while the machine went on           | the pack is to blame            | given up: not shown before it is|
|                                                  |                                 | installed again, or a newer one |
| the machine itself (it has been started since)   | a plug was pulled, most likely; | stands aside until the machine  |
|                                                  | or somebody pulled it for the   | is started again, which tries it|
|                                                  | screen was frozen               | once more                       |

Three power cuts at the wrong moments happen to a healthy kiosk, so they give no pack up: at worst the version before is
shown until the machine is next switched on. A pack that freezes the whole machine is shown past by the same rule.
"""

from __future__ import annotations

import hashlib
import time
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from kiosk.disk import write_whole
from kiosk.pack.slots import Installed, Slots
from kiosk.typed_json import read_json

FILE_NAME = "starts.json"
LIMIT = 3
"""Failed starts in a row."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_KEPT = 4  # versions: as many as may be shown or come next, and one more
Count = Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
_encoder = msgspec.json.Encoder(order="sorted")


class Leaves(Enum):
    """Why a version that is whole is not shown."""

    FAILED = "The screens could not show it. It is tried again at the kiosk's next start."
    GIVEN_UP = f"It failed to start {LIMIT} times in a row."
    ASIDE = f"The machine went off {LIMIT} times while it started, so it is tried again when that is next switched on."


class Record(msgspec.Struct, frozen=True):
    """The starts of a version since it last stood. `under_way` is the boot of the machine in which one has begun.

    `of` is one install of it: installed again it begins anew. `aside` is the boot during which it is not tried.
    """

    of: Installed
    crashed: Count = 0
    cut: Count = 0
    under_way: str = ""
    aside: str = ""

    def reckoned(self, boot: str) -> Record:
        """Return what it comes to that the start under way has ended."""
        if not self.under_way:
            return self
        ended = msgspec.structs.replace(self, under_way="")
        if self.under_way == boot:
            return msgspec.structs.replace(ended, crashed=self.crashed + 1)
        if self.cut + 1 < LIMIT:
            return msgspec.structs.replace(ended, cut=self.cut + 1)
        return msgspec.structs.replace(ended, aside=boot)  # the count stays: of the next boot's one try all depends

    def leaves(self, boot: str) -> Leaves | None:
        """Return why this version is not to be shown during this boot, None where it is."""
        if self.crashed >= LIMIT:
            return Leaves.GIVEN_UP
        return Leaves.ASIDE if self.aside == boot else None


class _File(msgspec.Struct, frozen=True):
    spec: Literal[1]
    records: tuple[Record, ...]
    sha256: str = ""


class Starts:
    """The starts of one pack's versions. One kiosk writes it; whoever installs may read it. `boot` names this boot.

    A file that is damaged or cannot be read is none: three more starts find out the same again.
    """

    def __init__(self, slots: Slots, boot: str | None = None) -> None:
        self._slots, self._file = slots, slots.folder / FILE_NAME
        self._boot = this_boot() if boot is None else boot

    def begin(self) -> Installed | None:
        """Write down that the best version that may be tried is being started, and return it, None where there is none.

        For a program that has just begun, of which there is one: a start that was under way has failed. Raises OSError.
        """
        records = [each.reckoned(self._boot) for each in self._load()]
        tried = next((each for each in self._slots.find() if not _leaves(records, each, self._boot)), None)
        self._keep(_with_start(records, tried, self._boot))
        return tried

    def shows(self, installed: Installed | None, broke: bool = False) -> None:
        """Write down that this version is being shown now in the place of another, which `broke` or was well.

        Raises OSError.
        """
        records = self._load()
        if broke:
            records = [each.reckoned(self._boot) for each in records]
        self._keep(_with_start(records, installed, self._boot))

    def let_go(self) -> None:
        """The program ends in peace: what it had begun to show is neither good nor bad. Raises OSError."""
        self._keep(_with_start(self._load(), None, self._boot))

    def stood(self) -> None:
        """The version under way has stood: what failed before is forgotten. Raises OSError."""
        self._keep([each for each in self._load() if not each.under_way])

    def leaves(self, installed: Installed) -> Leaves | None:
        """Return why a version is not to be shown although it may be whole, None where it is."""
        return _leaves(self._load(), installed, self._boot)

    def _load(self) -> list[Record]:
        try:
            kept = read_json(self._file.read_bytes(), _File)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return []
        return list(kept.records) if kept.sha256 == _sum(kept) else []

    def _keep(self, records: list[Record]) -> None:
        if records == self._load():
            return
        kept = _File(1, tuple(records[-_KEPT:]))
        write_whole(self._file, _encoder.encode(msgspec.structs.replace(kept, sha256=_sum(kept))))


def find_unfit(slots: Slots, installed: Installed) -> str:
    """Return why an installed version cannot be shown, as part of a sentence: it is damaged, or its starts failed."""
    damage = slots.find_damage(installed)
    if damage:
        return f"is damaged: {damage}"
    return "failed to start" if Starts(slots).leaves(installed) else ""


def this_boot() -> str:
    """Return a word that is another after each start of this machine."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        # Where no kernel says it: when the machine was started, to ten seconds. A clock that was set meanwhile makes one
        # boot two, which gives a pack up later, never sooner.
        return f"since {round((time.time() - time.monotonic()) / 10)}"


def _leaves(records: list[Record], installed: Installed, boot: str) -> Leaves | None:
    return next((each.leaves(boot) for each in records if each.of == installed), None)


def _with_start(records: list[Record], installed: Installed | None, boot: str) -> list[Record]:
    """Return the records with this start under way, and no other."""
    rest = [msgspec.structs.replace(each, under_way="") for each in records if each.of != installed]
    if installed is None:
        return rest
    mine = next((each for each in records if each.of == installed), Record(installed))
    return [*rest, msgspec.structs.replace(mine, under_way=boot)]


def _sum(kept: _File) -> str:
    return hashlib.sha256(_encoder.encode(msgspec.structs.replace(kept, sha256=""))).hexdigest()
