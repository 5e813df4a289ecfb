"""A pack's folder on disk: which files it holds, what they are called in faults, and their common hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import kiosk

WORDS = "words"
PROGRAMME = Path(kiosk.__file__).parent / "ui"
"""The screens, whose own words are translated like a pack's: kiosk/ui/words/pl.po."""


def find_files(folder: Path) -> list[Path]:
    """Return every file of the folder and those below it, sorted by name. Hidden ones (editors' own, Excel's ~$) are left out."""
    files = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    relative = (file.relative_to(folder) for file in files)
    return sorted((folder / file for file in relative if not _is_hidden(file)), key=lambda file: file.as_posix())


def find_folders(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Return every folder below this one whose name ends as only files' should."""
    below = (Path(parent, name) for parent, names, _ in os.walk(folder) for name in names)
    return sorted(path for path in below if path.name.endswith(suffixes) and not _is_hidden(path.relative_to(folder)))


def national_folder(folder: Path, extends: str) -> Path:
    """Return the folder of the national pack that the local pack in `folder` extends: its sibling."""
    return absolute(folder).parent / extends


def words_file(folder: Path, language: str) -> Path:
    """Return where a pack's folder, or the PROGRAMME, keeps its translations into a language: words/pl.po."""
    return folder / WORDS / f"{language}.po"


def folder_name(folder: Path) -> str:
    """Return the folder's own name, for `.` as well."""
    return absolute(folder).name


def absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links, and faults would name other files


def shown_name(path: Path) -> str:
    """Return what a fault calls a file: from the current folder where it lies below that, else in full."""
    full = absolute(path)
    here = Path.cwd()
    return (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()


def name_in(folder: Path, file: Path) -> str:
    """Return what a file is called within its folder, such as `flows/work.yaml`."""
    return file.relative_to(folder).as_posix()


def read_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name in the folder and bytes of every file. Raises OSError."""
    return ((name_in(folder, file), file.read_bytes()) for file in find_files(folder))


def sha256_of(folders: Mapping[str, Iterable[tuple[str, bytes]]]) -> str:
    """Return the SHA-256, in hex, of the names and bytes of the files of each folder, the folders sorted by name."""
    total = hashlib.sha256()
    for folder in sorted(folders):
        for name, content in folders[folder]:
            total.update(f"{folder}/{name}\0{len(content)}\0".encode(errors="surrogateescape"))
            total.update(content)
    return total.hexdigest()


def _is_hidden(file: Path) -> bool:
    # The second begins the file that Excel keeps beside a workbook while that is open.
    return any(part.startswith((".", "~$")) for part in file.parts)
