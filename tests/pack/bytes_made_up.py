"""Archives made up by chance from a good one: what no corpus thinks of. One seed, one archive, on every machine."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Mapping

from kiosk.pack.archive import Built
from kiosk.pack.manifest import spell
from tests.pack.hostile import patch, resigned, signed, with_files

ODD = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
PIECES = ("..", ".", "", "/", "\\", "oxfordshire", "OXFORDSHIRE", "england", "pack.yaml", "con", "x" * 99, "C:", "~", "$HOME",
          "\u202e", "\u0301", "ﬁ", "İ", "ß", "\u0345", "e\u0301", "é", " ", "\x00", "\x7f", "\ufeff", "日本", "a" * 260)  # fmt: skip


def made_up(seed: int, good: Built) -> tuple[str, bytes]:
    """Return how an archive was made, and the archive; it is hardly ever as it should be."""
    chance = random.Random(seed)
    kind = chance.choice(sorted(KINDS))
    return kind, KINDS[kind](chance, good)


def _flipped(chance: random.Random, good: Built) -> bytes:
    content = bytearray(good.content)
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _numbers(chance: random.Random, good: Built) -> bytes:
    """Odd numbers in the zip's own records, where lengths and places stand."""
    content = good.content
    marks = [at for mark in (b"PK\3\4", b"PK\1\2", b"PK\5\6") for at in _all(content, mark)]
    for _ in range(chance.randint(1, 3)):
        kind, most = chance.choice([("<H", 0xFFFF), ("<I", 0xFFFFFFFF)])
        at = chance.choice(marks) + chance.randrange(46)
        if at + struct.calcsize(kind) <= len(content):
            content = patch(content, at, kind, chance.choice(ODD) & most)
    return content


def _spliced(chance: random.Random, good: Built) -> bytes:
    """Pieces cut out, doubled, and put elsewhere."""
    content = good.content
    for _ in range(chance.randint(1, 3)):
        begin, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
        at = chance.randrange(len(content) + 1)
        rest = content[:begin] + content[end:] if chance.random() < 0.5 else content
        content = rest[:at] + content[begin:end] + rest[at:] if chance.random() < 0.7 else rest or b"x"
    return content


def _named(chance: random.Random, good: Built) -> bytes:
    """Rightly signed, with files of any names."""
    names = ("/".join(chance.choices(PIECES, k=chance.randint(1, 6))) for _ in range(chance.randint(1, 3)))
    return with_files(good, {name: b"evil" for name in names})


def _listed(chance: random.Random, good: Built) -> bytes:
    """Rightly signed, with other numbers and words in the manifest."""
    manifest = good.manifest
    changes: Mapping[str, Callable[[], object]] = {
        "spec": lambda: chance.choice(ODD),
        "id": lambda: chance.choice(PIECES),
        "extends": lambda: chance.choice(PIECES),
        "version": lambda: chance.choice([*ODD, -1]),
        "length": lambda: chance.choice(ODD),
        "files": lambda: tuple(chance.choices(manifest.files, k=chance.randint(0, 9))),
    }
    name = chance.choice(sorted(changes))
    return resigned(good, **{name: changes[name]()})


def _spelt(chance: random.Random, good: Built) -> bytes:
    """Rightly signed, with any bytes for a manifest."""
    spelt = bytearray(spell(good.manifest))
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(spelt))
        spelt[at : at + chance.randint(0, 4)] = chance.choice(
            [b"{", b"[", b'"', b"\\u0000", b"9" * 40, b"", b"\xff", b"null"]
        )
    return signed(bytes(spelt), rest=good.content if chance.random() < 0.3 else b"")


def _noise(chance: random.Random, good: Built) -> bytes:
    return b"PK\3\4" * chance.randrange(2) + chance.randbytes(chance.randrange(4000))


KINDS: dict[str, Callable[[random.Random, Built], bytes]] = {
    "bits flipped": _flipped,
    "odd numbers": _numbers,
    "pieces moved": _spliced,
    "signed names": _named,
    "signed list": _listed,
    "signed nonsense": _spelt,
    "noise": _noise,
}


def _all(content: bytes, mark: bytes) -> list[int]:
    found, at = [], content.find(mark)
    while at >= 0:
        found.append(at)
        at = content.find(mark, at + 1)
    return found
