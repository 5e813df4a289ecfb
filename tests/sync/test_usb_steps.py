"""Promises 21 and 22 at each step: kill -9, or a stick that is gone, at every system call on a stick's way."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.callbacks import wire
from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.errors import StickDamaged, StickMissing
from kiosk.hub.stick import import_stick
from kiosk.sync.stick import receipts_file, requests_file
from kiosk.sync.usb import read_receipts, write_stick
from tests.callbacks.samples import NOON, ask
from tests.sync.hubs import RunningHub
from tests.sync.test_usb import on
from tests.traced import LOOKING, Nursery, Outcome, nursery_of_steps, places

ASKED = 3


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery_of_steps(tmp_path_factory.mktemp("trace") / "log") as nursery:
        yield nursery


@pytest.fixture
def data(tmp_path: Path, identity: Identity) -> Path:
    """The folder of a kiosk that has joined."""
    save_identity(identity, tmp_path / "kiosk")
    return tmp_path / "kiosk"


@pytest.mark.parametrize("fault", ["signal=KILL", "error=EIO", "error=ENODEV"])
@pytest.mark.promise(21)
def test_a_stick_pulled_at_each_step_of_a_copy_has_no_file_or_a_whole_one_and_the_kiosk_holds_all(
    nursery: Nursery, outbox: SqlOutbox, identity: Identity, data: Path, stick: Path, stride: int, fault: str
) -> None:
    asked, broken = [ask(outbox, identity) for _ in range(ASKED)], 0
    file = stick / requests_file(identity.kiosk)
    for call, number in places(nursery.take("copy", data, stick).counted, stride=stride):
        file.unlink(missing_ok=True)
        outcome = nursery.take("copy", data, stick, fault=f"{call}:{fault}:when={number}")

        assert outcome.injected, (call, number)
        assert outcome.word in ("killed", "refused", "done"), outcome
        broken += outcome.word != "done"
        assert file.exists() or outcome.word != "done"
        if file.exists():
            assert list(on(stick, identity).envelopes) == [each.blob for each in asked]
        assert [each.envelope for each in outbox.pending()] == asked
    assert broken > 3 // stride
    write_stick(outbox, stick, identity)
    assert [each.name for each in stick.iterdir()] == [file.name]


@pytest.mark.promise(22)
def test_a_hub_killed_at_each_step_of_an_import_has_one_row_each_after_the_next(
    nursery: Nursery, hub: RunningHub, outbox: SqlOutbox, identity: Identity, stick: Path, tmp_path: Path, stride: int
) -> None:
    names = ["Amina"]

    def bring(name: str, fault: str = "") -> Outcome:
        """A request that the hub does not have yet, so that the same calls are made each time."""
        ask(outbox, identity, name)
        write_stick(outbox, stick, identity)
        return nursery.take("import", tmp_path / "hub", stick, fault=fault)

    for call, number in places(bring("Amina").counted, stride=2 * stride):
        names.append(f"Parent {len(names)}")
        outcome = bring(names[-1], f"{call}:signal=KILL:when={number}")

        assert outcome.word in ("killed", "done"), outcome
        file = stick / receipts_file(identity.kiosk)
        assert not file.exists() or wire.decode(file.read_bytes(), wire.StickReceipts, wire.STICK_LIMIT)
        [imported] = import_stick(stick, hub.store, NOON)
        assert (imported.held, imported.trouble) == (len(names), "")
        assert hub.names() == names
    assert len(names) > 10 // stride
    assert read_receipts(stick, outbox, identity).delivered == len(names)


@pytest.mark.parametrize("fault", ["signal=KILL", "error=EIO"])
@pytest.mark.promise(21, 22)
def test_a_kiosk_killed_at_each_step_of_taking_the_answers_loses_nothing_and_settles_with_the_next(
    nursery: Nursery,
    hub: RunningHub,
    outbox: SqlOutbox,
    identity: Identity,
    data: Path,
    stick: Path,
    stride: int,
    fault: str,
) -> None:
    ask(outbox, identity)
    counted = copied(nursery, hub, outbox, identity, data, stick)
    delivered = 1
    for call, number in places(counted, stride=2 * stride):
        if outbox.counts().waiting == 0:
            ask(outbox, identity)
            delivered += 1
        write_stick(outbox, stick, identity)
        import_stick(stick, hub.store, NOON)
        outcome = nursery.take("receipts", data, stick, fault=f"{call}:{fault}:when={number}")

        assert outcome.word in ("killed", "refused", "done"), outcome
        counts = outbox.counts()
        assert (counts.notice, counts.set_aside) == ("", 0)
        assert (counts.waiting, counts.delivered) in ((1, delivered - 1), (0, delivered))
    read_or_pass(stick, outbox, identity)
    assert (outbox.counts().waiting, len(hub.names())) == (0, delivered)


@pytest.mark.parametrize("step", ["import", "receipts"])
@pytest.mark.promise(21, 24)
def test_a_stick_that_is_gone_at_any_look_at_it_is_told_and_nothing_is_lost(
    nursery: Nursery, hub: RunningHub, outbox: SqlOutbox, identity: Identity, data: Path, stick: Path, step: str
) -> None:
    asked, folder = ask(outbox, identity), data if step == "receipts" else data.parent / "hub"
    write_stick(outbox, stick, identity)
    if step == "receipts":
        import_stick(stick, hub.store, NOON)
    clean = data.parent / "clean"
    shutil.copytree(data, clean)
    looks, words = places(nursery.take(step, folder, stick).counted, LOOKING), set[str]()
    for call, number in looks:
        if step == "receipts":
            shutil.rmtree(data)
            shutil.copytree(clean, data)
        outcome = nursery.take(step, folder, stick, fault=f"{call}:error=EIO:when={number}")

        [failed] = [line for line in outcome.calls if "(INJECTED)" in line]
        if str(stick) in failed or call == "getdents64":  # the hub's own disk is no stick
            assert outcome.word in ("refused", "done"), (call, number, outcome)
            words.add(outcome.word)
    assert "refused" in words and hub.store.find_envelope(asked.id)


def copied(
    nursery: Nursery, hub: RunningHub, outbox: SqlOutbox, identity: Identity, data: Path, stick: Path
) -> Counter[str]:
    """Take one request there and back undisturbed, and return which calls the way back made how often."""
    write_stick(outbox, stick, identity)
    import_stick(stick, hub.store, NOON)
    outcome = nursery.take("receipts", data, stick)
    assert outcome.word == "done" and outbox.counts().delivered == 1
    return outcome.counted


def read_or_pass(stick: Path, outbox: SqlOutbox, identity: Identity) -> None:
    try:
        read_receipts(stick, outbox, identity)
    except (StickDamaged, StickMissing):
        assert outbox.counts().waiting == 0
