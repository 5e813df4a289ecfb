"""A .pack that was brought to the hub, looked at before anything of it is kept: whole, signed, readable, and what to mend."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from kiosk.errors import ArchiveRefused, PackFaulty
from kiosk.findings import find_findings, part_findings
from kiosk.pack.archive import Archive, unpack, verify_archive
from kiosk.pack.check import Finding
from kiosk.pack.model import Pack
from kiosk.pack.read import read_marked


@dataclass(frozen=True)
class Checked:
    """A pack without fault, as its archive says it is, and what its staff should look at in it."""

    archive: Archive
    pack: Pack
    findings: Sequence[Finding]


def check_upload(source: BinaryIO, trusted: Collection[bytes], today: date) -> Checked:
    """Return what an archive holds, its warnings as on `today`. Nothing is kept of it.

    Raises ArchiveRefused with the reason in one sentence, PackFaulty with the faults for which a kiosk would refuse it,
    InstallFailed where this machine's disk has no room to look.
    """
    archive = verify_archive(source, trusted)
    manifest = archive.manifest
    with tempfile.TemporaryDirectory(prefix="waymark-") as name:
        content = Path(name).resolve() / "content"
        unpack(source, archive, content)
        try:
            reading = read_marked(content / manifest.id)
        except PackFaulty as faulty:
            raise PackFaulty([replace(each, file=_within(each.file, content)) for each in faulty.faults]) from faulty
        if (reading.pack.version, reading.pack.extends) != (manifest.version, manifest.extends):
            raise ArchiveRefused(
                "This pack is not the version that it is signed as.", "Ask whoever made it for another."
            )
        folder = content / manifest.id
        _others, found = part_findings(folder, reading.pack, find_findings(folder, reading, today))
        return Checked(archive, reading.pack, list(_named(found, content)))


def _named(found: Sequence[Finding], content: Path) -> Iterator[Finding]:
    # A remedy is a command at the publisher's own machine, where the folder is no temporary one.
    return (
        replace(each, file=_within(each.file, content), remedy=each.remedy.replace(str(content), content.name))
        for each in found
    )


def _within(file: str, content: Path) -> str:
    """Return a file's name as the archive has it."""
    return file.rpartition(f"{content.parent.name}/{content.name}/")[2]
