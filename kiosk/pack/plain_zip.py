"""A zip with one spelling only: nothing compressed, no dates, no comments, entries one after the other.

Because every byte follows from the names and the contents, reading is writing: each part is made anew from what was
read, and must be the same. What could hide in a zip (bombs, lying sizes, links, data before or after) has no place.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kiosk.errors import ArchiveDamaged

CHUNK = 1024 * 1024  # bytes read at a time
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_NEEDS, _MADE_BY = 20, (3 << 8) | 20  # version 2.0; made on Unix, for the modes below
_UTF8, _ENCRYPTED, _LATE_SIZES = 0x0800, 0x0001, 0x0008
_MIDNIGHT, _DAY = 0, 0x0021  # 1 January 1980, where a zip's calendar begins
_PLAIN_FILE = 0o100644 << 16
_COPY = "Copy it again, or ask whoever made it for another."


@dataclass(frozen=True)
class Entry:
    """One file of a zip as it was written or read: where its content begins, and what is in the list at the end."""

    name: str
    length: int
    crc: int
    begins: int

    @property
    def content_begins(self) -> int:
        return self.begins + _LOCAL.size + len(self.name.encode())


class PlainZip:
    """Writes the one spelling to `out`, which is at its beginning."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._at = out, 0
        self._entries: list[Entry] = []

    def add(self, name: str, content: bytes) -> None:
        """Put a file behind those before."""
        entry = Entry(name, len(content), zlib.crc32(content), self._at)
        self._put(_local(entry))
        self._put(content)
        self._entries.append(entry)

    def close(self) -> None:
        """Put the list of contents at the end."""
        self._put(_list_of(self._entries, self._at))

    def _put(self, spelt: bytes) -> None:
        self._out.write(spelt)
        self._at += len(spelt)


class PlainUnzip:
    """Reads a zip of the one spelling from its beginning. Each method raises ArchiveDamaged at the first other byte."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._at = source, 0
        self._entries: list[Entry] = []

    def take(self, name: str, most: int) -> bytes:
        """Return the content of the next file, which must be called `name` and have at most `most` bytes."""
        begins = self._at
        head = self._read(_LOCAL.size)
        length = _length_in(head, name, most)
        called = self._read(len(name.encode()))
        content = self._read(length)
        self._note(Entry(name, length, zlib.crc32(content), begins), head + called)
        return content

    def check(self, name: str, length: int, sha256: str) -> Entry:
        """Read over the next file, which must be called `name` and hold `length` bytes of this hash."""
        begins = self._at
        head = self._read(_LOCAL.size)
        if _length_in(head, name, length) != length:
            raise ArchiveDamaged(f'The length of the file "{name}" in this pack is not true.', _COPY)
        called = self._read(len(name.encode()))
        total, crc = hashlib.sha256(), 0
        for chunk in self._chunks(length):
            total.update(chunk)
            crc = zlib.crc32(chunk, crc)
        if total.hexdigest() != sha256:
            raise ArchiveDamaged(f'The file "{name}" of this pack was changed or is damaged.', _COPY)
        return self._note(Entry(name, length, crc, begins), head + called)

    def close(self) -> None:
        """Check the list of contents, and that nothing follows it."""
        expected = _list_of(self._entries, self._at)
        found = self._source.read(len(expected) + 1)
        if found[: len(expected)] != expected:
            raise ArchiveDamaged(_wrong_end(found, len(expected)), _COPY)
        if len(found) > len(expected):
            raise ArchiveDamaged("Something follows the end of this pack.", _COPY)

    def _note(self, entry: Entry, spelt: bytes) -> Entry:
        if _local(entry) != spelt:
            raise ArchiveDamaged(_why_not(spelt, entry), _COPY)
        self._entries.append(entry)
        return entry

    def _chunks(self, length: int) -> Iterator[bytes]:
        while length:
            chunk = self._read(min(length, CHUNK))
            length -= len(chunk)
            yield chunk

    def _read(self, length: int) -> bytes:
        content = self._source.read(length)
        if len(content) != length:
            raise ArchiveDamaged("This pack is cut short.", _COPY)
        self._at += length
        return content


def _wrong_end(found: bytes, length: int) -> str:
    if found[:4] == b"PK\3\4":
        return "There are more files in this pack than it lists."
    if len(found) < length:
        return "This pack is cut short, or the list at its end is damaged."
    return "The list at the end of this pack does not say what is in it."


def copy_entry(source: BinaryIO, entry: Entry, put: Callable[[bytes], object]) -> str:
    """Hand the content of an entry to `put`, a piece at a time, and return its SHA-256 in hex. Raises ArchiveDamaged."""
    total = hashlib.sha256()
    for chunk in _pieces(source, entry):
        total.update(chunk)
        put(chunk)
    return total.hexdigest()


def _pieces(source: BinaryIO, entry: Entry) -> Iterator[bytes]:
    left = entry.length
    try:
        source.seek(entry.content_begins)
        while left:
            chunk = source.read(min(left, CHUNK))
            if not chunk:
                raise ArchiveDamaged("This pack is cut short.", _COPY)
            left -= len(chunk)
            yield chunk
    except OSError as why:
        raise ArchiveDamaged(f"The pack cannot be read any more: {why.strerror}.", _COPY) from why


def _length_in(head: bytes, name: str, most: int) -> int:
    """Return the length that the head of a file gives, after what can be said against it before more is read."""
    mark, _, flags, method, _, _, _, packed, length, name_length, _ = _LOCAL.unpack(head)
    if mark != b"PK\3\4":
        raise ArchiveDamaged(f'This is not a pack, or its file "{name}" is missing.', _COPY)
    if flags & _ENCRYPTED:
        raise ArchiveDamaged("A file in this pack is encrypted.", _COPY)
    if method:
        raise ArchiveDamaged("A file in this pack is compressed, as a pack's never are.", _COPY)
    if 0xFFFFFFFF in (packed, length):
        raise ArchiveDamaged("A file in this pack hides its length (ZIP64).", _COPY)
    if flags & _LATE_SIZES or packed != length or length > most:
        raise ArchiveDamaged(f'The length of the file "{name}" in this pack is not true.', _COPY)
    if name_length != len(name.encode()):
        raise ArchiveDamaged(f'The file "{name}" is missing from this pack, or another stands in its place.', _COPY)
    return int(length)


def _why_not(spelt: bytes, entry: Entry) -> str:
    if spelt[_LOCAL.size :] != entry.name.encode():
        return f'The file "{entry.name}" is missing from this pack, or another stands in its place.'
    if _LOCAL.unpack(spelt[: _LOCAL.size])[-1]:
        return f'The file "{entry.name}" of this pack brings more than its content.'
    return f'The file "{entry.name}" of this pack is not written as a kiosk writes it.'


def _local(entry: Entry) -> bytes:
    name = entry.name.encode()
    head = (_NEEDS, _UTF8, 0, _MIDNIGHT, _DAY, entry.crc, entry.length, entry.length, len(name), 0)
    return _LOCAL.pack(b"PK\3\4", *head) + name


def _list_of(entries: list[Entry], at: int) -> bytes:
    central = b"".join(map(_central, entries))
    count = len(entries)
    return central + _END.pack(b"PK\5\6", 0, 0, count, count, len(central), at, 0)


def _central(entry: Entry) -> bytes:
    name = entry.name.encode()
    head = (_MADE_BY, _NEEDS, _UTF8, 0, _MIDNIGHT, _DAY, entry.crc, entry.length, entry.length, len(name))
    return _CENTRAL.pack(b"PK\1\2", *head, 0, 0, 0, 0, _PLAIN_FILE, entry.begins) + name
