"""Looks for what a parent typed wherever it must not be: in any file, in every form that a program may give it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path

CODES = ("utf-8", "utf-16-le", "utf-16-be")


def traces(canaries: Iterable[str], *folders: Path) -> list[str]:
    """Return file and canary for each file below the folders that holds one: in any case, in hex or in base64."""
    wanted = {form: canary for canary in canaries for form in _forms(canary)}
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    return [f"{file.name} holds {canary}" for file in files for canary in _held(file.read_bytes(), wanted)]


def _held(content: bytes, wanted: dict[bytes, str]) -> list[str]:
    small = content.lower()
    return sorted({canary for form, canary in wanted.items() if form in content or form in small})


def _forms(canary: str) -> Iterator[bytes]:
    for code in CODES:
        for spelling in (canary, canary.lower(), canary.upper()):
            raw = spelling.encode(code)
            yield from (raw, raw.hex().encode(), *_base64(raw))


def _base64(raw: bytes) -> Iterator[bytes]:
    """What of base64 hangs on `raw` alone, at each of the three places where it may begin, in both alphabets."""
    for before in range(3):
        coded = base64.b64encode(bytes(before) + raw)[-(before * -8 // 6) : (before + len(raw)) * 8 // 6]
        yield from (coded, coded.translate(bytes.maketrans(b"+/", b"-_")))
