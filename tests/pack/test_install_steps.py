"""Promise 30 at each step: kill -9 or a failing disk at every system call of an install, and what a power cut may take."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from kiosk.pack.archive import write_archive
from kiosk.pack.install import install
from kiosk.pack.shelf import Shelf
from kiosk.pack.slots import Slots
from kiosk.pack.starts import Starts
from tests.pack.signed_packs import NOON, OXFORD, built, trusting
from tests.traced import Nursery, nursery_of_steps, places

TODAY = date(2026, 12, 1)
OPENED = re.compile(r'openat\(AT_FDCWD, "([^"]+)", ([A-Z_|]+)(?:, \d+)?\) += (\d+)')
WRITTEN = re.compile(r"write\((\d+), ")
SYNCED = re.compile(r"fsync\((\d+)\) += 0")
MADE = re.compile(r'mkdir\("([^"]+)", \d+\) += 0')
RENAMED = re.compile(r'rename\("([^"]+)", "([^"]+)"\) += 0')


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery_of_steps(tmp_path_factory.mktemp("trace") / "log") as nursery:
        yield nursery


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_archive(built(4), tmp_path / "4.pack")
    return tmp_path / "4.pack"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A kiosk that had two versions already, and a third in the folder that comes next."""
    data = trusting(tmp_path / "before")
    for version in (1, 2, 3):
        install(built(version).content, data, OXFORD, NOON)
    return data


@pytest.mark.parametrize("fault", ["signal=KILL", "error=EIO", "error=ENOSPC"])
@pytest.mark.promise(30)
def test_an_install_broken_at_each_step_leaves_the_old_pack_or_the_new_one_whole(
    nursery: Nursery, before: Path, file: Path, tmp_path: Path, stride: int, fault: str
) -> None:
    def fresh() -> Path:
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        return Path(shutil.copytree(before, tmp_path / "data"))

    whole = nursery.take("install", fresh(), file)
    assert (whole.word, whole.rest) == ("done", "4")
    seen = set()
    for call, number in places(whole.counted, stride=stride if stride == 1 else stride * 6):
        outcome = nursery.take("install", fresh(), file, fault=f"{call}:{fault}:when={number}")

        assert outcome.injected, (call, number)
        assert outcome.word in ("killed", "refused", "done"), (call, number, outcome.word, outcome.rest)
        opened = Shelf(tmp_path / "data").open(tmp_path / "nowhere" / OXFORD, TODAY)
        assert (opened.faults, opened.pack.home.welcome) == ((), f"Welcome to version {opened.pack.version}")
        assert opened.pack.version in ((4,) if outcome.word == "done" else (3, 4))
        seen.add(opened.pack.version)
        assert install(built(4).content, tmp_path / "data", OXFORD, NOON).version == 4
    assert 3 in seen


@pytest.mark.parametrize("fault", ["signal=KILL", "error=ENOSPC"])
@pytest.mark.promise(30)
def test_a_start_broken_at_each_step_of_its_being_written_down_is_counted_or_not(
    nursery: Nursery, before: Path, tmp_path: Path, fault: str
) -> None:
    Starts(Slots(before, OXFORD)).begin()

    def fresh() -> Path:
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        return Path(shutil.copytree(before, tmp_path / "data"))

    whole = nursery.take("begin", fresh())
    assert (whole.word, whole.rest) == ("done", "3")
    found = []
    for call, number in places(whole.counted):
        assert nursery.take("begin", fresh(), fault=f"{call}:{fault}:when={number}").injected, (call, number)
        tried = [Shelf(tmp_path / "data").open(tmp_path / "nowhere" / OXFORD, TODAY).pack.version]
        for _ in range(3):
            begun = Starts(Slots(tmp_path / "data", OXFORD)).begin()
            tried.append(begun.version if begun else 0)
        found.append(tried)

    # Of three starts after it the last is of the one before, where the broken one was counted; never sooner.
    assert {str(tried) for tried in found} == {"[3, 3, 3, 2]", "[3, 3, 2, 2]"}


@pytest.mark.promise(30)
def test_before_the_pointer_is_written_all_that_it_points_at_is_on_the_disk(
    nursery: Nursery, tmp_path: Path, file: Path
) -> None:
    """So that a power cut, which may take whatever no sync has brought to the disk, takes nothing that is needed."""
    data = trusting(tmp_path / "data")
    calls = nursery.take("install", data, file).calls

    begun = next(at for at, call in enumerate(calls) if 'active.json.new", O_WRONLY' in call)
    pointed = next(at for at, call in enumerate(calls) if 'active.json")' in call and RENAMED.search(call))
    folder = str(data / "packs" / OXFORD)
    assert sum("fsync" in call for call in calls[:begun]) > len(built(4).manifest.files)
    assert unsynced(calls[:begun], data) == set()
    assert unsynced(calls[:pointed], data) == {folder}  # that the draft of the pointer is there
    assert unsynced(calls, data) == set()


def test_the_trace_tells_what_is_not_yet_on_the_disk() -> None:
    calls = ['openat(AT_FDCWD, "/d/x", O_WRONLY|O_CREAT|O_EXCL, 0644) = 3', 'write(3, "x", 1) = 1', "fsync(3) = 0"]

    assert unsynced(calls[:2], Path("/d")) == {"/d", "/d/x"}
    assert unsynced(calls, Path("/d")) == {"/d"}
    assert unsynced([*calls, 'openat(AT_FDCWD, "/d", O_RDONLY) = 3', "fsync(3) = 0"], Path("/d")) == set()


def unsynced(calls: Sequence[str], below: Path) -> set[str]:
    """Return the files with bytes, and the folders with names, that no sync has brought to the disk by the last call."""
    names: dict[str, str] = {}
    waiting: set[str] = set()
    for call in calls:
        if found := OPENED.search(call):
            path = names[found[3]] = found[1]
            if "O_CREAT" in found[2]:
                waiting |= {path, _parent(path)}
        elif found := WRITTEN.search(call):
            waiting.add(names.get(found[1], ""))
        elif found := SYNCED.search(call):
            waiting.discard(names[found[1]])
        elif found := MADE.search(call):
            waiting.add(_parent(found[1]))
        elif found := RENAMED.search(call):
            waiting.add(_parent(found[2]))
    return {path for path in waiting if Path(path).is_relative_to(below) and not path.endswith("/lock")}


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)
