"""JSON read as one of our types, by many threads at once."""

from __future__ import annotations

from threading import Lock
from typing import Any, TypeVar

import msgspec

Kind = TypeVar("Kind")

_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
_learning = Lock()


def read_json(data: bytes | str | msgspec.Raw, kind: type[Kind]) -> Kind:
    """Return what `data` says, as a `kind`: a struct, a dataclass, or a tuple of such.

    Raises msgspec.MsgspecError where it is no JSON or no such thing, UnicodeDecodeError where a text is no UTF-8,
    RecursionError where it is too deep.
    """
    # msgspec learns what a type consists of when it is first read, and lets other threads see it half learnt: one that reads
    # the same type meanwhile ends the process (SIGSEGV). So each is learnt by one thread, and types never at once, as they
    # consist of one another.
    decoder = _decoders.get(kind)
    if decoder is None:
        with _learning:
            decoder = _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    said: Kind = decoder.decode(data)
    return said
