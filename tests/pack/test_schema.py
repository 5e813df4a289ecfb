"""The schemas take what the readers take, and refuse the shapes that they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.pack.build import NEEDED, Sources, build_pack
from kiosk.pack.read import FILES, FOLDERS
from kiosk.pack.schema import SHIPPED, schema_name, schemas
from kiosk.pack.sources import find_files, name_in
from kiosk.pack.tree import Entries, Faults, Items, Mark, Node, Text
from kiosk.pack.yaml_source import parse_yaml
from kiosk.settings import content_folder

ENGLAND = content_folder() / "england"
Way = tuple[str | int, ...]


def written_files() -> list[tuple[Path, str]]:
    folders = [file.parent for file in sorted(content_folder().glob("*/pack.yaml"))]
    found = [(folder, name_in(folder, file)) for folder in folders for file in find_files(folder)]
    return [(folder, name) for folder, name in found if name in FILES or name.partition("/")[0] in FOLDERS]


@cache
def checker(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads((SHIPPED / name).read_text(encoding="utf-8")))


@cache
def tree_of(file: Path) -> Entries:
    return parse_yaml(file.read_bytes(), file.name, Faults())


def as_data(node: Node) -> Any:
    if isinstance(node, Text):
        return node.words
    return (
        [as_data(each) for each in node.items]
        if isinstance(node, Items)
        else {k: as_data(v) for k, v in node.items.items()}
    )


def as_tree(data: Any) -> Node:
    mark = Mark("")
    if isinstance(data, dict):
        return Entries({key: as_tree(each) for key, each in data.items()}, dict.fromkeys(data, mark), mark)
    return Items(tuple(map(as_tree, data)), mark) if isinstance(data, list) else Text(data, mark)


def test_the_shipped_schemas_are_what_the_readers_ask_for():
    written = {
        file.relative_to(SHIPPED).as_posix(): json.loads(file.read_text(encoding="utf-8"))
        for file in SHIPPED.rglob("*.json")
    }

    assert written == schemas(), "bring them up to date: kiosk pack schema --out kiosk/pack/schemas"
    for schema in written.values():
        jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize(("folder", "name"), written_files(), ids=lambda part: getattr(part, "name", part))
def test_every_shipped_file_names_its_schema_and_holds_to_it(folder: Path, name: str):
    is_local = "extends" in tree_of(folder / "pack.yaml").items
    first, _, _ = (folder / name).read_text(encoding="utf-8").partition("\n")
    named = (folder / name).parent / first.removeprefix("# yaml-language-server: $schema=")

    assert named.resolve() == (SHIPPED / schema_name(name, is_local)).resolve()
    checker(schema_name(name, is_local)).validate(as_data(tree_of(folder / name)))


def test_every_file_of_yaml_that_is_shipped_is_one_that_a_pack_holds():
    assert len(written_files()) == len(list(content_folder().rglob("*.yaml")))


@pytest.mark.parametrize(
    "name",
    [
        "pack.yaml",
        "home.yaml",
        "callback.yaml",
        "helpers.yaml",
        "facts.yaml",
        "flows/work.yaml",
        "pages/better-off.yaml",
        "checklists/job-search.yaml",
    ],
)
def test_every_broken_shape_is_refused_by_the_schema_and_by_the_reader(name: str):
    whole = as_data(tree_of(ENGLAND / name))
    tried = 0
    for says, broken in mutations(whole):
        assert faults_with(name, broken), f"the reader takes {says}"
        assert not checker(schema_name(name, is_local=False)).is_valid(broken), f"the schema takes {says}"
        tried += 1
    assert tried > 5


@pytest.mark.parametrize("name", ["helpers.yaml", "facts.yaml", "flows/work.yaml"])
def test_what_is_left_out_is_refused_by_both_or_by_neither(name: str):
    whole = as_data(tree_of(ENGLAND / name))
    refused = 0
    for way in kinds_of_ways(whole):
        if isinstance(way[-1], str):
            broken = deepcopy(whole)
            del at(broken, way[:-1])[way[-1]]
            by_schema = not checker(schema_name(name, is_local=False)).is_valid(broken)
            # Links between names are no matter of shape, and are checked after the reader.
            assert bool(faults_with(name, broken)) == by_schema, way
            refused += by_schema
    assert refused > 2


def test_a_local_pack_may_leave_out_what_the_national_one_says_and_may_not_write_what_nobody_reads():
    local = checker("local/helpers.json")

    assert local.is_valid({"work-coach": {"where": "In Oxford"}})
    assert not checker("helpers.json").is_valid({"work-coach": {"where": "In Oxford"}})
    assert not local.is_valid({"work-coach": {"were": "In Oxford"}})
    assert not checker("local/pack.json").is_valid({"extends": "england"})


def test_the_command_writes_them_all(tmp_path: Path):
    ran = CliRunner().invoke(kiosk, ["pack", "schema", "--out", str(tmp_path / "new")])

    assert ran.exit_code == 0
    assert {file.name for file in (tmp_path / "new" / "local").iterdir()} == {f"{name}.json" for name in (
        "pack", "home", "callback", "helpers", "facts", "flow", "page", "checklist",
    )}  # fmt: skip


def mutations(whole: Any) -> Iterator[tuple[str, Any]]:
    """Yield the file with one place of each kind given another shape, and one name more in each kind of mapping."""
    for way in kinds_of_ways(whole):
        here = at(whole, way)
        other: Any = ["x"] if isinstance(here, dict) else {"x": "y"}
        yield f"{other} at {way}", changed(whole, way, other)
        if isinstance(here, list | dict):
            yield f"words at {way}", changed(whole, way, "x")
    for way in [(), *kinds_of_ways(whole)]:
        here = at(whole, way)
        if isinstance(here, dict) and way[-1:] not in (("local",), ("answers",)):
            yield f"a strange name at {way}", changed(whole, (*way, "not a name"), "x")


def kinds_of_ways(whole: Any) -> list[Way]:
    """Return one way to each kind of place: of two outcomes, or two steps of a list, the first with that name."""
    found: dict[Way, Way] = {}
    for way in ways(whole, ()):
        found.setdefault(
            tuple(
                "*" if isinstance(step, int) or (k in (0, 1, 3) and len(way) > k + 1) else step
                for k, step in enumerate(way)
            ),
            way,
        )
    return list(found.values())


def ways(data: Any, so_far: Way) -> Iterator[Way]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, inner in below:
        yield (*so_far, step)
        yield from ways(inner, (*so_far, step))


def at(data: Any, way: Way) -> Any:
    for step in way:
        data = data[step]
    return data


def changed(whole: Any, way: Way, new: Any) -> Any:
    broken = deepcopy(whole)
    at(broken, way[:-1])[way[-1]] = new
    return broken


def faults_with(name: str, data: Any) -> int:
    """Return how many faults the reader finds in this file of England."""
    faults = Faults()
    tree = as_tree(data)
    assert isinstance(tree, Entries)
    build_pack(Sources("england", {name: tree}, frozenset(NEEDED) - {name}, faults), "")
    return len(faults.found())
