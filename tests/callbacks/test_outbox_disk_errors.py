"""Promises 1 and 4 by injection: each system call of a save fails, or is its last, as on a broken, full or locked disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import digest
from tests.callbacks.samples import envelope
from tests.traced import CHANGING, Nursery, nursery_of_steps, places

FAILS = {
    "EIO": CHANGING,
    "ENOSPC": ("openat", "pwrite64", "ftruncate", "fallocate", "fsync", "fdatasync"),
    "EROFS": ("openat", "pwrite64", "ftruncate", "unlink"),
}
REFUSAL = "We could not save this. Please speak to reception."


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery_of_steps(tmp_path_factory.mktemp("trace") / "log") as nursery:
        yield nursery


def keep_one(folder: Path) -> str:
    """Begin an outbox with one request, and return its digest."""
    outbox, kept = open_outbox(folder), envelope()
    outbox.save(kept)
    outbox.close()
    return kept.sha256


def whole(folder: Path, told: set[str]) -> set[str]:
    """See that all that was told is there, and what is there is whole and usable; return the digests of it."""
    outbox = open_outbox(folder)
    pending = [each.envelope for each in outbox.pending()]
    assert outbox.counts().notice == ""
    outbox.close()
    assert all(digest(each.blob) == each.sha256 for each in pending)
    here = {each.sha256 for each in pending}
    assert told <= here and len(pending) == len(here)
    return here


@pytest.mark.parametrize("error", FAILS)
@pytest.mark.promise(4)
def test_a_save_that_fails_at_any_system_call_is_told_and_leaves_nothing_half_written(
    tmp_path: Path, nursery: Nursery, stride: int, error: str
) -> None:
    kept, words = {keep_one(tmp_path)}, list[str]()
    for call, number in places(nursery.take("save", tmp_path).counted, FAILS[error], stride):
        outcome = nursery.take("save", tmp_path, fault=f"{call}:error={error}:when={number}")

        assert outcome.injected, (call, number)
        assert outcome.word == "done" or (outcome.word, outcome.rest) == ("refused", REFUSAL), (call, number, outcome)
        words.append(outcome.word)
        kept = whole(tmp_path, kept | ({outcome.rest} if outcome.word == "done" else set()))
    assert words.count("refused") > 15 // stride


@pytest.mark.parametrize("error", FAILS)
@pytest.mark.promise(4)
def test_a_disk_on_which_nothing_can_be_written_any_more_takes_nothing_and_keeps_all(
    tmp_path: Path, nursery: Nursery, error: str
) -> None:
    kept = {keep_one(tmp_path)}

    outcome = nursery.take("save", tmp_path, fault=f"pwrite64,ftruncate,fsync,fdatasync:error={error}")

    assert (outcome.word, outcome.rest) == ("refused", REFUSAL)
    assert whole(tmp_path, kept) == kept


@pytest.mark.promise(1)
def test_a_kiosk_killed_at_each_system_call_of_a_save_has_the_whole_record_or_none(
    tmp_path: Path, nursery: Nursery, stride: int
) -> None:
    counted, kills = nursery.take("save", tmp_path).counted, 0
    kept = whole(tmp_path, set())
    for call, number in places(counted, stride=stride):
        outcome = nursery.take("save", tmp_path, fault=f"{call}:signal=KILL:when={number}")

        assert (outcome.word, outcome.injected) == ("killed", True), (call, number, outcome)
        kills += 1
        before, kept = kept, whole(tmp_path, kept)
        assert len(kept - before) <= 1
    assert kills > 15 // stride
