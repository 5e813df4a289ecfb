"""What pyproject.toml asks for and what constraints.txt pins agree, on Linux and on Windows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PLATFORMS = (
    {"sys_platform": "linux", "platform_system": "Linux"},
    {"sys_platform": "win32", "platform_system": "Windows"},
)
# pypiwin32 asks for it, which only Windows has: its metadata is not here to be read.
SEEN_ONLY_ON_WINDOWS = {"pywin32"}


def read_pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines]
    return {canonicalize_name(name): Version(pinned) for name, pinned in pairs}


def read_requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(line) for part in (project["dependencies"], *extras) for line in part]


PINS, REQUIREMENTS = read_pins(), read_requirements()


def needed_by(name: str, extras: set[str], platform: dict[str, str]) -> Iterator[Requirement]:
    """Yield what the installed distribution `name` asks for on `platform`; nothing if it is not installed here."""
    try:
        asked = distribution(name).requires or []
    except PackageNotFoundError:
        return
    for requirement in map(Requirement, asked):
        marker = requirement.marker
        here = {**default_environment(), **platform}
        if marker is None or any(marker.evaluate({**here, "extra": extra}) for extra in extras | {""}):
            yield requirement


def reachable(platform: dict[str, str]) -> set[str]:
    """Return the names of everything that our requirements bring along on `platform`."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = list(REQUIREMENTS)
    while waiting:
        requirement = waiting.pop()
        asked = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if asked not in found:
            found.add(asked)
            waiting += needed_by(requirement.name, requirement.extras, platform)
    return {name for name, _ in found}


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_every_requirement_is_pinned_within_its_range(requirement: Requirement) -> None:
    assert PINS[canonicalize_name(requirement.name)] in requirement.specifier


def test_everything_that_comes_along_is_pinned_and_nothing_else() -> None:
    everything = set.union(*map(reachable, PLATFORMS)) | SEEN_ONLY_ON_WINDOWS

    assert set(PINS) == everything


def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {name: Version(version(name)) for name in reachable({})}

    assert installed == {name: PINS[name] for name in installed}


def test_no_pin_names_a_place_to_fetch_it_from() -> None:
    assert not [line for line in (ROOT / "constraints.txt").read_text().splitlines() if set(line) & set("/@: ")]
