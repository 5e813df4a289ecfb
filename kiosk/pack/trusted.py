"""Whom this kiosk trusts to publish packs: public keys in one file of the data folder, changed by hand or by a key itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from kiosk.disk import write_whole
from kiosk.errors import PublisherKeyFaulty, SignerUnknown
from kiosk.pack.publisher import Bytes32, KeyChange, key_name, read_change
from kiosk.typed_json import read_json

FILE_NAME = "publishers.json"
MOST = 20
_encoder = msgspec.json.Encoder(order="sorted")


class Publisher(msgspec.Struct, frozen=True):
    """`handed_on_by` is the key that named this one in its own place, or None where staff trusted it by hand."""

    public: Bytes32
    handed_on_by: Bytes32 | None = None

    @property
    def name(self) -> str:
        return key_name(self.public)


class _Kept(msgspec.Struct, frozen=True):
    spec: Literal[1]
    publishers: Annotated[tuple[Publisher, ...], msgspec.Meta(max_length=MOST)]
    sha256: str = ""
    # Names; not written where there are none, so that a list from before there were any keeps its sum.
    distrusted: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class Publishers:
    """Keeps the list as packs/publishers.json below the data folder."""

    def __init__(self, data: Path) -> None:
        self._file = data / "packs" / FILE_NAME

    def find(self) -> Sequence[Publisher]:
        """Return who is trusted now, in the order of trust. Raises PublisherKeyFaulty where the list is damaged."""
        return self._load().publishers

    def keys(self) -> frozenset[bytes]:
        """Return the public keys of those who are trusted now, for `verify_archive`."""
        return frozenset(publisher.public for publisher in self.find())

    def trust(self, public: bytes) -> None:
        """Trust a publisher from now on. To trust one again is no fault."""
        if public not in self.keys():
            self._keep([*self.find(), Publisher(public)], self._distrusted() - {key_name(public)})

    def distrust(self, name: str) -> None:
        """Trust the publisher of this short name no more, whoever leads on to it, before staff `trust` it again.

        What is installed stays. Raises PublisherKeyFaulty.
        """
        rest = [publisher for publisher in self.find() if publisher.name != name]
        if len(rest) == len(self.find()):
            known = ", ".join(publisher.name for publisher in rest) or "nobody"
            raise PublisherKeyFaulty(f"This kiosk does not trust {name}.", f"It trusts {known}.")
        self._keep(rest, self._distrusted() | {name})

    def follow(self, spelt: bytes) -> KeyChange:
        """Trust a new key in the place of the old one that names it, and the old one no more.

        A change that was followed before is followed again without effect. Raises ArchiveDamaged where it cannot be
        read, SignerUnknown where nobody whom this kiosk trusts has signed it, or staff here trust the new key no more.
        """
        change = read_change(spelt)
        trusted = self.find()
        if any((each.handed_on_by, each.public) == (change.old, change.new) for each in trusted):
            return change
        if change.old not in self.keys():
            raise SignerUnknown(
                f"This change of keys is signed by {key_name(change.old)}, whom this kiosk does not trust.",
                "Trust the new key by hand: kiosk pack trust FILE.pub",
            )
        if key_name(change.new) in self._distrusted():
            raise SignerUnknown(
                f"This change of keys leads to {key_name(change.new)}, whom staff of this kiosk trust no more.",
                "Trust that key by hand, if you do again: kiosk pack trust FILE.pub",
            )
        newer = Publisher(change.new, handed_on_by=change.old)
        rest = [each for each in trusted if each.public not in (change.old, change.new)]
        self._keep([*rest, newer], self._distrusted())
        return change

    def _load(self) -> _Kept:
        try:
            kept = read_json(self._file.read_bytes(), _Kept)
        except FileNotFoundError:
            return _Kept(1, ())
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as why:
            raise _damaged(self._file) from why
        if kept.sha256 != _sum(kept):
            raise _damaged(self._file)
        return kept

    def _distrusted(self) -> frozenset[str]:
        return frozenset(self._load().distrusted or ())

    def _keep(self, publishers: Iterable[Publisher], distrusted: frozenset[str]) -> None:
        kept = _Kept(1, tuple(publishers), distrusted=tuple(sorted(distrusted)) or msgspec.UNSET)
        if len(kept.publishers) > MOST:
            raise PublisherKeyFaulty(f"A kiosk trusts {MOST} publishers at most.", "First trust another no more.")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, _encoder.encode(msgspec.structs.replace(kept, sha256=_sum(kept))))
        except OSError as why:
            raise PublisherKeyFaulty(
                f"{self._file} cannot be written: {why.strerror}.", "Make room, and let this user write there."
            ) from why


def _sum(kept: _Kept) -> str:
    return hashlib.sha256(_encoder.encode(msgspec.structs.replace(kept, sha256=""))).hexdigest()


def _damaged(file: Path) -> PublisherKeyFaulty:
    return PublisherKeyFaulty(
        f"{file} is damaged.", "Delete it, then trust your publisher again: kiosk pack trust FILE.pub"
    )
