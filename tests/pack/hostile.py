"""A corpus of hostile archives. Each must be refused, in one sentence, before a byte is written.

The worst of them are signed by a key that the kiosk trusts: a publisher's own machine may have been taken over.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO

import msgspec

from kiosk.pack.archive import MANIFEST, SIGNATURE, Built, pack_up
from kiosk.pack.manifest import DEEPEST, LONGEST_NAME, LONGEST_PART, MOST_FILES, MOST_OF_MANIFEST, File, spell
from kiosk.pack.plain_zip import PlainZip
from kiosk.pack.publisher import PublisherKey, sign
from tests.pack.signed_packs import KEY, STRANGER, built, contents_of

BAD_NAMES = {
    "leads out": "../evil.yaml",
    "leads out from within": "oxfordshire/../../evil.yaml",
    "leads out by backslash": "oxfordshire/..\\..\\evil.yaml",
    "absolute": "/etc/cron.d/evil",
    "drive letter": "C:/Windows/evil.dll",
    "drive letter without a root": "c:evil",
    "network path": "\\\\server\\share\\evil",
    "backslash": "oxfordshire\\evil.yaml",
    "dot": "oxfordshire/./evil.yaml",
    "empty part": "oxfordshire//evil.yaml",
    "folder's entry": "oxfordshire/evil/",
    "no name": "",
    "no folder": "evil.yaml",
    "another pack's": "westminster/pack.yaml",
    "line break": "oxfordshire/evil\n.yaml",
    "null": "oxfordshire/pack.yaml\0.png",
    "escape": "oxfordshire/\x1b[2J.yaml",
    "right-to-left override": "oxfordshire/\u202egnp.exe",
    "no width": "oxfordshire/pack\u200b.yaml",
    "line separator": "oxfordshire/\u2028.yaml",
    "hidden": "oxfordshire/.evil.yaml",
    "ends with a dot": "oxfordshire/evil.",
    "ends with a space": "oxfordshire/evil ",
    "folder ends with a dot": "oxfordshire/evil./x.yaml",
    "stream of a file": "oxfordshire/pack.yaml:evil",
    "wildcard": "oxfordshire/*.yaml",
    "console": "oxfordshire/con",
    "printer": "oxfordshire/LPT1.yaml",
    "nothing": "oxfordshire/flows/nul.txt",
    "port with a small digit": "oxfordshire/com\u00b9",
    "device with spaces": "oxfordshire/aux .yaml",
    "case clash": "oxfordshire/PACK.yaml",
    "case clash of folders": "england/Flows/evil.yaml",
    "sharp s": "oxfordshire/STRASSE.yaml",
    "ligature": "oxfordshire/\ufb01le.yaml",
    "file where a folder is": "england/flows",
    "folder where a file is": "oxfordshire/pack.yaml/evil",
    "accents apart": "oxfordshire/cafe\u0301.yaml",
    "long part": f"oxfordshire/{'x' * (LONGEST_PART + 1)}",
    "long name": "/".join(["oxfordshire", *["x" * 60] * (LONGEST_NAME // 60 + 1)]),
    "long in bytes": f"oxfordshire/{'ж' * (LONGEST_PART // 2 + 1)}",
    "deep": "/".join(["oxfordshire", *"x" * DEEPEST]),
}
BESIDE = {"oxfordshire/straße.yaml": b"", "oxfordshire/file.yaml": b""}  # what some of them clash with


def corpus(good: Built) -> Iterator[tuple[str, bytes]]:
    """Yield what is wrong, and an archive with just that wrong: `good` is right in every byte."""
    yield from _signed_names(good)
    yield from _signed_lists(good)
    yield from _signed_nonsense()
    yield from _by_others(good)
    yield from _zips(good)
    yield from _patched(good)
    yield from _no_packs(good)


def _signed_names(good: Built) -> Iterator[tuple[str, bytes]]:
    for wrong, name in BAD_NAMES.items():
        yield f"name: {wrong}", with_files(good, BESIDE | {name: b"evil"})
    twice = File("oxfordshire/pack.yaml", 0, hashlib.sha256(b"").hexdigest())
    files = sorted([*good.manifest.files, twice], key=lambda file: file.name)
    yield "name: twice", resigned(good, files=tuple(files))


def with_files(good: Built, more: dict[str, bytes], key: PublisherKey = KEY) -> bytes:
    """Return the archive with more files in it, signed anew."""
    contents = contents_of(good) | more
    files = tuple(File(name, len(each), hashlib.sha256(each).hexdigest()) for name, each in sorted(contents.items()))
    manifest = msgspec.structs.replace(good.manifest, files=files, length=sum(file.length for file in files))
    return pack_up(manifest, contents, key)


def resigned(good: Built, key: PublisherKey = KEY, **changes: object) -> bytes:
    """Return the archive with its manifest changed, signed anew."""
    manifest = msgspec.structs.replace(good.manifest, **changes)
    return pack_up(manifest, contents_of(good), key)


def _signed_lists(good: Built) -> Iterator[tuple[str, bytes]]:
    files = good.manifest.files
    yield "list: lengths do not add up", resigned(good, length=good.manifest.length + 1)
    yield "list: not in order", resigned(good, files=files[::-1])
    yield "list: empty", resigned(good, files=(), length=0)
    yield "list: no pack.yaml", resigned(good, files=tuple(f for f in files if f.name != "oxfordshire/pack.yaml"))
    yield "list: extends itself", resigned(good, extends="oxfordshire")
    yield "list: extends what is not in it", resigned(good, extends="wales")
    yield "list: spec of the future", resigned(good, spec=2)
    yield "list: version 0", resigned(good, version=0)
    yield "list: id with a slash", resigned(good, id="../oxford")
    yield "list: time without a zone", resigned(good, built_at=good.manifest.built_at.replace(tzinfo=None))
    first = files[0]
    for length in (-1, 1 << 40, first.length - 1, first.length + 1):
        lies = (msgspec.structs.replace(first, length=length), *files[1:])
        total = sum(file.length for file in lies)
        yield f"list: length {length}", resigned(good, files=lies, length=total)
    other = (msgspec.structs.replace(first, sha256="0" * 64), *files[1:])
    yield "list: another hash", resigned(good, files=other)
    many = {f"oxfordshire/{number}.txt": b"" for number in range(MOST_FILES)}
    yield "list: too many files", with_files(good, many)


def signed(spelt: bytes, rest: bytes = b"") -> bytes:
    """Return an archive whose manifest is any bytes, rightly signed."""
    out = BytesIO()
    zipped = PlainZip(out)
    zipped.add(SIGNATURE, KEY.public + sign("pack", spelt, KEY))
    zipped.add(MANIFEST, spelt)
    zipped.close()
    return out.getvalue() + rest


def _signed_nonsense() -> Iterator[tuple[str, bytes]]:
    nonsense = {
        "empty": b"",
        "no JSON": b"\xff\xfe",
        "null": b"null",
        "nested": b"[" * 100_000,
        "number": b"1" * 100_000,
        "half a pair": b'{"id":"\\ud800"}',
        "unknown field": spell(built(1).manifest)[:-1] + b',"evil":1}',
        "spaces": spell(built(1).manifest) + b" ",
        "too long": b" " * (MOST_OF_MANIFEST + 1),
    }
    for wrong, spelt in nonsense.items():
        yield f"manifest: {wrong}", signed(spelt)
    yield "manifest: without its files", signed(spell(built(1).manifest))


def _by_others(good: Built) -> Iterator[tuple[str, bytes]]:
    yield "signer: a stranger", resigned(good, STRANGER)
    whole, other = good.content, built(1, "Another").content
    yield "signer: signature of another", whole[:50] + other[50:139] + whole[139:]
    yield "signer: key in the place of a stranger's", resigned(good, STRANGER).replace(STRANGER.public, KEY.public)
    yield "signer: all zero", whole.replace(whole[43:139], bytes(96), 1)


def _zips(good: Built) -> Iterator[tuple[str, bytes]]:
    """What the zip programs of the world make of the very same files."""
    for wrong, method in {
        "deflate": zipfile.ZIP_DEFLATED,
        "bzip2": zipfile.ZIP_BZIP2,
        "lzma": zipfile.ZIP_LZMA,
    }.items():
        yield f"zip: {wrong}", zipped_by_others(good, method)
    yield "zip: dates and modes", zipped_by_others(good, zipfile.ZIP_STORED)
    yield "zip: ZIP64", zipped_by_others(good, zipfile.ZIP_STORED, force_zip64=True)
    yield "zip: bomb", bomb()
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0x800, 0, 0, 33, 0, 0, 0, 1, 0) + b"x"
    yield "zip: a million entries", head * 1_000_000


def zipped_by_others(good: Built, method: int, force_zip64: bool = False) -> bytes:
    """Return the same files in the same order, as Python's own zip module writes them."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(good.content)) as source, zipfile.ZipFile(out, "w", method) as target:
        for entry in source.infolist():
            copied = zipfile.ZipInfo(entry.filename)
            copied.compress_type = method
            with target.open(copied, "w", force_zip64=force_zip64) as opened:
                opened.write(source.read(entry))
    return out.getvalue()


def bomb() -> bytes:
    """Return 20 MB of nothing in 20 kB, as the first file of a zip."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr(SIGNATURE, bytes(20_000_000))
    return out.getvalue()


def _patched(good: Built) -> Iterator[tuple[str, bytes]]:
    """Bytes of the zip's own records changed, in the first entry, in a file's, and in the list at the end."""
    whole = good.content
    file = whole.index(b"PK\3\4", whole.index(b"england/") - 100)
    listed, end = whole.index(b"PK\1\2"), whole.index(b"PK\5\6")
    for where, at in (("first", 0), ("file", file)):
        yield f"head of {where}: encrypted", patch(whole, at + 6, "<H", 0x0801)
        yield f"head of {where}: sizes come later", patch(whole, at + 6, "<H", 0x0808)
        yield f"head of {where}: compressed", patch(whole, at + 8, "<H", 8)
        yield f"head of {where}: ZIP64", patch(whole, at + 22, "<I", 0xFFFFFFFF)
        yield f"head of {where}: longer", patch(whole, at + 18, "<II", 1 << 31, 1 << 31)
        yield f"head of {where}: shorter", patch(whole, at + 18, "<II", 1, 1)
        yield f"head of {where}: name of 65,535", patch(whole, at + 26, "<H", 0xFFFF)
        yield f"head of {where}: extra field", patch(whole, at + 28, "<H", 4)
        yield f"head of {where}: a date", patch(whole, at + 12, "<H", 0x5A5A)
    lists = {
        "a link": (38, "<I", 0o120777 << 16),
        "a device": (38, "<I", 0o060666 << 16),
        "a pipe": (38, "<I", 0o010666 << 16),
        "a folder": (38, "<I", 0x10),
        "runs as root": (38, "<I", 0o104755 << 16),
        "another size": (24, "<I", 1),
        "encrypted": (8, "<H", 0x0801),
        "another place": (42, "<I", 1),
        "on another disk": (34, "<H", 1),
        "a comment": (32, "<H", 1),
    }
    for wrong, (offset, kind, value) in lists.items():
        yield f"list at the end: {wrong}", patch(whole, listed + offset, kind, value)
    for wrong, offset, value in (("fewer", 10, 1), ("more", 10, 0xFFFF), ("disks", 4, 1), ("comment", 20, 4)):
        yield f"end: {wrong}", patch(whole, end + offset, "<H", value)
    sixty_four = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 1, 1) + struct.pack(
        "<4sIQI", b"PK\6\7", 0, end, 1
    )
    yield "end: ZIP64 beside it", whole[:end] + sixty_four + whole[end:]
    yield (
        "end: ZIP64 in its place",
        whole[:end] + sixty_four + patch(whole[end:], 8, "<2H2I", 65535, 65535, *[0xFFFFFFFF] * 2),
    )
    second = whole.index(b"PK\1\2", listed + 4)
    yield "end: two entries in one place", patch(whole, second + 42, "<I", 0)
    yield "end: comment that is there", patch(whole, end + 20, "<H", 4) + b"evil"


def patch(whole: bytes, at: int, kind: str, *values: int) -> bytes:
    """Return the bytes with other numbers at one place."""
    new = struct.pack(kind, *values)
    return whole[:at] + new + whole[at + len(new) :]


def _no_packs(good: Built) -> Iterator[tuple[str, bytes]]:
    whole = good.content
    listed = whole.index(b"PK\1\2")
    extra = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0x800, 0, 0, 33, 0, 0, 0, 1, 0) + b"x"
    yield "around it: before", b"x" + whole
    yield "around it: a program before", b"#!/bin/sh\nexit\n" + whole
    yield "around it: after", whole + b"\0"
    yield "around it: itself again", whole + whole
    yield "around it: an entry that is not listed", whole[:listed] + extra + whole[listed:]
    yield "no pack: empty", b""
    yield "no pack: empty zip", b"PK\5\6" + bytes(18)
    yield "no pack: gzip", gzip.compress(whole, mtime=0)
    yield "no pack: a login page", b"<!doctype html><title>Sign in to the wireless</title>"
