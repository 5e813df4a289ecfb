"""JSON Schema for a pack's files, so that an editor completes and checks while staff type.

The schemas are what the readers of `build.py` ask for: they are run over a sketch that notes each question, once with
every list full and once with every one empty. So a schema knows each name that a reader knows, and no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

from kiosk.pack.build import Sources, build_pack
from kiosk.pack.build_flow import OPENS_PATTERN, parse_opens
from kiosk.pack.fold import OWN_WORDS
from kiosk.pack.record import ID_PATTERN, Record
from kiosk.pack.tree import Entries, Faults, Mark

T = TypeVar("T")
Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHIPPED = Path(__file__).with_name("schemas")
LOCAL = "local"
"""The schemas of a local pack, in a folder of this name: what the national pack says is left out there."""

_SCALARS = ["string", "number", "boolean"]  # a pack's reader takes each as the words it is written with
_WHOLE = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^0*[1-9][0-9]*$"}]}
_FLAG = {"enum": [True, False, "true", "false", "", None]}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_CLOCK = {"type": "string", "pattern": r"^\d\d:\d\d$"}


def schemas() -> dict[str, Schema]:
    """Return the schema of each kind of file by the name it is shipped under, such as `flow.json`, `local/facts.json`."""
    full, empty = _sketched(full=True), _sketched(full=False)
    found = {}
    for name, sketch in full.items():
        for folder, is_local in (("", False), (f"{LOCAL}/", True)):
            own = OWN_WORDS if name == "pack" else frozenset()
            shape = _object(sketch, empty[name], keep=own if is_local else None)
            found[f"{folder}{name}.json"] = {"$schema": DIALECT, "title": sketch.called, **shape}
    return found


def schema_name(file: str, is_local: bool) -> str:
    """Return which schema a pack's file holds to: `flows/work.yaml` to `flow.json`."""
    folder, _, last = file.rpartition("/")
    name = f"{folder.removesuffix('s') or last.removesuffix('.yaml')}.json"
    return f"{LOCAL}/{name}" if is_local else name


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema below the folder, and return the files. Raises OSError."""
    written = []
    for name, schema in schemas().items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        written.append(file)
    return written


@dataclass
class _Field:
    """What a reader asked for under a name. `inner` is the sketch of what stands below it, in a `list` or by `names`."""

    schema: Schema
    needed: bool
    inner: Sketch | None = None
    kind: str = ""


class Sketch(Record):
    """Stands in for a file: answers each question with something harmless, and keeps what was asked."""

    def __init__(self, called: str, full: bool) -> None:
        super().__init__(Entries({}, {}, Mark("")), called, Faults())
        self.full = full
        self.fields: dict[str, _Field] = {}
        self.every: Sketch | None = None

    def text(self, name: str, default: str | None = None) -> str:
        self._note(name, _text(default is None), default is None)
        return default or ""

    def parsed(self, name: str, parse: Callable[[str], T], kind: str, default: T, needed: bool = True) -> T:
        self._note(name, _parsed(parse, kind, needed), needed)
        return default

    def whole(self, name: str, default: int | None = None) -> int:
        self._note(name, _WHOLE, default is None)
        return default or 1

    def flag(self, name: str) -> bool:
        self._note(name, _FLAG, needed=False)
        return False

    def day(self, name: str) -> date:
        self._note(name, _DAY, needed=True)
        return date.min

    def clock(self, name: str) -> time:
        self._note(name, _CLOCK, needed=True)
        return time()

    def texts(self, name: str, needed: bool = False) -> tuple[str, ...]:
        self._note(name, _array(_text(needed=True), needed), needed)
        return ()

    def records(self, name: str, called: str, needed: bool = False) -> list[Record]:
        inner = Sketch(called, self.full)
        self.fields[name] = _Field({}, needed, inner, "list")
        return [inner] if self.full else []

    def record(self, name: str, called: str, needed: bool = True) -> Record | None:
        inner = Sketch(called, self.full)
        self.fields[name] = _Field({}, needed, inner, "one")
        return inner if self.full else None

    def entries(self, name: str, called: str, needed: bool = False) -> Iterator[tuple[str, Record]]:
        inner = Sketch(called, self.full)
        self.fields[name] = _Field({}, needed, inner, "names")
        return iter([("id", inner)] if self.full else [])

    def own_entries(self, called: str) -> Iterator[tuple[str, Record]]:
        self.every = Sketch(called, self.full)
        yield "id", self.every

    def words_by_name(self, name: str) -> dict[str, str]:
        self._note(name, {"type": ["object", "null"], "additionalProperties": _text(needed=True)}, needed=False)
        return {}

    def done(self) -> None: ...

    def fault(self, name: str, says: str, remedy: str = "") -> None: ...

    def _note(self, name: str, schema: Schema, needed: bool) -> None:
        self.fields[name] = _Field(schema, needed)


@dataclass(frozen=True)
class _Sketches(Sources):
    """The files of a pack as sketches, each called by its kind: pack, home, flow, page."""

    full: bool = True
    made: dict[str, Sketch] = field(default_factory=dict)

    def one(self, name: str, called: str) -> Record:
        return self.made.setdefault(name.removesuffix(".yaml"), Sketch(called, self.full))

    def each(self, folder: str, called: str) -> Iterator[tuple[str, Record]]:
        yield "id", self.made.setdefault(folder.removesuffix("s"), Sketch(called, self.full))


def _sketched(full: bool) -> Mapping[str, Sketch]:
    sketches = _Sketches("", {}, frozenset(), Faults(), full)
    build_pack(sketches, "")
    return sketches.made


def _object(full: Sketch, empty: Sketch | None, keep: frozenset[str] | None) -> Schema:
    """Return the shape of a mapping. `keep` are the names that must be written even in a local pack; None: in any."""
    if full.every:
        inner = _object(full.every, empty.every if empty else None, keep)
        return {"type": "object", "propertyNames": {"pattern": ID_PATTERN}, "additionalProperties": _filled(inner)}
    asked = empty.fields if empty and empty.fields else full.fields
    both = full.fields | {name: each for name, each in asked.items() if name not in full.fields}
    shape: Schema = {
        "type": "object",
        "properties": {name: _property(each, keep) for name, each in both.items()},
        "additionalProperties": False,
    }
    return shape | _required(full.fields, asked, keep)


def _required(full: Mapping[str, _Field], empty: Mapping[str, _Field], keep: frozenset[str] | None) -> Schema:
    """Return what must be written. A list that may be left out can take the place of other names: seasons of a value."""
    always, instead = ([name for name, each in run.items() if each.needed] for run in (empty, full))
    if keep is not None:
        always = [name for name in always if name in keep]
    elif set(always) != set(instead):
        lists = [name for name, each in full.items() if each.kind == "list" and not each.needed]
        return {"anyOf": [{"required": always}, {"required": [*instead, *lists]}]}
    return {"required": always} if always else {}


def _property(found: _Field, keep: frozenset[str] | None) -> Schema:
    if found.inner is None:
        return found.schema
    inner = found.inner
    match found.kind:
        case "list":  # a local pack writes a list anew, and so whole
            return _array({"description": inner.called, **_object(inner, None, None)}, found.needed)
        case "names":
            shape = {"description": inner.called, **_filled(_object(inner, None, _none_of(keep)))}
            by_name = {"propertyNames": {"pattern": ID_PATTERN}, "additionalProperties": shape}
            return _group(by_name, found.needed)
        case _:
            shape = _object(inner, None, _none_of(keep))
            return _group({"description": inner.called, **shape}, found.needed)


def _none_of(keep: frozenset[str] | None) -> frozenset[str] | None:
    return None if keep is None else frozenset()


def _group(shape: Schema, needed: bool) -> Schema:
    return {**shape, "type": "object", "minProperties": 1} if needed else {**shape, "type": ["object", "null"]}


def _filled(shape: Schema) -> Schema:
    return {**shape, "minProperties": 1}


def _array(items: Schema, needed: bool) -> Schema:
    return {"type": "array", "items": items, "minItems": 1} if needed else {"type": ["array", "null"], "items": items}


def _text(needed: bool) -> Schema:
    return {"type": _SCALARS, "minLength": 1} if needed else {"type": [*_SCALARS, "null"]}


def _parsed(parse: Callable[[str], object], kind: str, needed: bool) -> Schema:
    if parse is parse_opens:
        shape: Schema = {"type": "string", "pattern": OPENS_PATTERN, "description": kind}
    elif kind.startswith("one of: "):
        shape = {"enum": kind.removeprefix("one of: ").split(", ")}
    elif len(kind.split(" or ")) == 2 and kind.count(" ") == 2:
        shape = {"enum": kind.split(" or ")}
    else:
        shape = {**_text(needed=True), "description": kind}
    return shape if needed else {"anyOf": [shape, {"enum": ["", None]}]}
