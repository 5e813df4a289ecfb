"""A folder, with the national pack it extends, into a Pack: or every fault in it at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.errors import Fault, PackFaulty
from kiosk.pack.build import NEEDED, Sources, build_pack
from kiosk.pack.draft import Draft
from kiosk.pack.fold import fold
from kiosk.pack.manifest import MOST_OF_ONE
from kiosk.pack.model import Pack
from kiosk.pack.notices import READERS, find_pictures, is_notices, looks_like_notices, read_notices
from kiosk.pack.offer import find_offered
from kiosk.pack.rules_flow import check_flows
from kiosk.pack.rules_links import check_icons, check_links
from kiosk.pack.rules_text import check_texts
from kiosk.pack.sources import (
    absolute,
    find_files,
    find_folders,
    folder_name,
    name_in,
    national_folder,
    sha256_of,
    shown_name,
)
from kiosk.pack.tree import Entries, Faults, Mark, Marks, Text, did_you_mean, quoted
from kiosk.pack.yaml_source import parse_yaml

FILES = ("pack.yaml", "home.yaml", "callback.yaml", "helpers.yaml", "facts.yaml")
FOLDERS = ("flows", "pages", "checklists")
SUFFIXES = (".yaml", ".yml", *READERS)
"""Ends of names that only files have."""

_RULES = (check_flows, check_links, check_icons, check_texts)
_EXTENDS = re.compile(rb"^extends:[ \t]*([\w-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """A pack without fault, and where each of its words was written."""

    pack: Pack
    marks: Marks


@dataclass
class _Folder:
    """What was found in one folder, by the name within it, such as `flows/work.yaml`."""

    path: Path
    sources: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, Entries] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)


def read_pack(folder: Path, is_copy: bool = False) -> Pack:
    """Return the pack of a folder, its national pack folded in. Raises PackFaulty with every fault of both.

    A copy that somebody keeps may have another name than its pack.
    """
    return read_marked(folder, is_copy).pack


def read_marked(folder: Path, is_copy: bool = False) -> Reading:
    """As `read_pack`, and keep where everything stands, for whoever has more to say about the words."""
    faults = Faults()
    local = _read_folder(folder, faults)
    _check_head(local, faults)
    national = _read_national(local, faults)
    folders = [local, national] if national else [local]
    trees = fold(national.trees if national else {}, local.trees)
    unreadable = frozenset(name for each in folders for name in each.unreadable)
    sha256 = sha256_of({folder_name(each.path): each.sources.items() for each in folders})
    pack = build_pack(Sources(shown_name(folder), trees, unreadable, faults), sha256)
    missing = frozenset(NEEDED) - trees.keys()
    draft = Draft(pack, Marks(trees), unreadable | missing, faults)
    if not is_copy:
        _check_name(draft, folder)
    _check(draft, folder)
    offered = find_offered(pack.languages, pack.shows_unchecked, [each.sources for each in folders])
    return Reading(replace(pack, offered=offered), Marks(trees))


def _check_head(local: _Folder, faults: Faults) -> None:
    """Without pack.yaml it is not known what this folder extends, and each thing that it lacks would be blamed on it."""
    about, name = local.trees.get("pack.yaml"), "pack.yaml"
    if (about is not None and about.items) or (name in local.unreadable and local.sources.get(name)):
        return
    if name not in local.unreadable:
        says = "The file is empty." if name in local.sources else "There is no such file."
        remedy = "Every pack has one. Look into pack.yaml of another pack, or make one: kiosk pack new NAME."
        faults.add(Mark(shown_name(local.path / name)), says, remedy)
    _raise_if_any(faults)


def _check(draft: Draft, folder: Path) -> None:
    _check_about(draft, folder)
    for rule in _RULES:
        rule(draft)
    _raise_if_any(draft.faults)


def _check_name(draft: Draft, folder: Path) -> None:
    pack, name = draft.pack, folder_name(folder)
    if pack.id and pack.id != name:
        says = f"The pack is called {quoted(pack.id)}, and its folder {quoted(name)}."
        draft.fault(("pack.yaml", "id"), says, f"Write id: {name}, or rename the folder.")


def _check_about(draft: Draft, folder: Path) -> None:
    pack = draft.pack
    if pack.childcare_examples and not (folder / pack.childcare_examples).is_file():
        says = f"The pack has no file {quoted(pack.childcare_examples)}."
        draft.fault(("pack.yaml", "childcare_examples"), says, "Put it into the folder, or take the line away.")
    _check_pictures(draft, folder)


def _check_pictures(draft: Draft, folder: Path) -> None:
    folders = [folder, *([national_folder(folder, draft.pack.extends)] if draft.pack.extends else [])]
    for file, notice, picture in find_pictures(draft.pack.notices.values()):
        if not any((each / picture).is_file() for each in folders):
            says = f"The notice {quoted(notice)} shows {quoted(picture)}, and there is no such file."
            draft.fault((file, notice), says, "Put it into the folder, or take its name away.")


def _raise_if_any(faults: Faults) -> None:
    if faults.found():
        raise PackFaulty(faults.found())


def _read_national(local: _Folder, faults: Faults) -> _Folder | None:
    """Return the folder that the local one extends. Without it nothing more can be said, so its lack is raised."""
    (extends, mark), own = _extends(local), folder_name(local.path)
    if not extends:
        return None
    path = national_folder(local.path, extends)
    beside = sorted(
        other.parent.name for other in absolute(local.path).parent.glob("*/pack.yaml") if other.parent.name != own
    )
    if extends not in beside:
        near = did_you_mean(extends, beside, f"Packs beside it are: {', '.join(beside) or 'none'}.")
        faults.add(mark, f"The pack extends {quoted(extends)}, which is not a pack beside it.", near)
        raise PackFaulty(faults.found())
    national = _read_folder(path, faults)
    above, at = _extends(national)
    if above:
        faults.add(at, f"{quoted(extends)} extends {quoted(above)}, and is itself extended.", "Only one may extend.")
    return national


def _extends(folder: _Folder) -> tuple[str, Mark]:
    """Return the id of the pack that this one extends, or "". Looks for the line itself where the file is broken."""
    about = folder.trees.get("pack.yaml")
    if about is None:
        found = _EXTENDS.search(folder.sources.get("pack.yaml", b""))
        return found[1].decode() if found else "", Mark(shown_name(folder.path / "pack.yaml"))
    node = about.items.get("extends")
    return node.words if isinstance(node, Text) else "", about.keys.get("extends", about.mark)


def _read_folder(path: Path, faults: Faults) -> _Folder:
    if not path.is_dir():
        says = "This is a file, not a folder." if path.exists() else "There is no such folder."
        faults.add(Mark(shown_name(path)), says, "Give the folder that holds pack.yaml.")
        raise PackFaulty(faults.found())
    folder = _Folder(path)
    for misnamed in find_folders(path, SUFFIXES):
        faults.add(Mark(shown_name(misnamed)), "This is a folder, and must be a file.", "Give it another name.")
        folder.unreadable.add(name_in(path, misnamed))
    for file in find_files(path):
        name = name_in(path, file)
        try:
            folder.sources[name] = _bytes_of(file)
            if is_notices(name):
                folder.trees[name] = read_notices(name, folder.sources[name], shown_name(file), faults)
            elif _is_read(name, Mark(shown_name(file)), faults):
                folder.trees[name] = parse_yaml(folder.sources[name], shown_name(file), faults)
        except PackFaulty as faulty:
            faults.extend(faulty.faults)
            folder.unreadable.add(name)
        except OSError as why:
            faults.add(Mark(shown_name(file)), f"The file cannot be read: {why.strerror}.", "Check who may read it.")
            folder.unreadable.add(name)
    return folder


def _bytes_of(file: Path) -> bytes:
    """Return what a file holds. Raises PackFaulty for what has no end, or more bytes than a kiosk takes; OSError."""
    if not file.exists() or file.is_file():
        if file.stat().st_size <= MOST_OF_ONE:
            return file.read_bytes()
        says, remedy = f"This file has more than {MOST_OF_ONE // 1024**2} MB.", "Make it smaller, or take it out."
    else:
        says, remedy = "This is not a plain file.", "Take it out of the folder."
    raise PackFaulty([Fault(shown_name(file), 0, says, remedy)])


def _is_read(name: str, mark: Mark, faults: Faults) -> bool:
    """Return whether a file is one of the pack's own; note one that only looks like it. Others are left alone."""
    parent, _, last = name.rpartition("/")
    if name in FILES or (parent in FOLDERS and last.endswith(".yaml")):
        return True
    if last.endswith((".yaml", ".yml")) and parent in ("", *FOLDERS):
        rename = f'Did you mean "{last.removesuffix(".yml")}.yaml"?' if last.endswith(".yml") else ""
        remedy = rename or did_you_mean(
            name, FILES, f"The files are: {', '.join(FILES)}; folders: {', '.join(FOLDERS)}."
        )
        faults.add(mark, "This file is not part of a pack.", remedy)
    elif looks_like_notices(name):
        remedy = "Save it as notices.csv, notices.xlsx or notices.ics, in small letters."
        faults.add(mark, "Notices in a file of this kind are not read.", remedy)
    return False
