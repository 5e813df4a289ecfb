"""What the outbox on disk promises besides: it lasts, it is wiped, and several may have it open."""

from __future__ import annotations

import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.model import Link, Trouble
from kiosk.callbacks.outbox import FILE_NAME, SqlOutbox, open_outbox
from kiosk.callbacks.seal import seal
from kiosk.database import DURABLE, open_sqlite
from tests.callbacks.samples import IDENTITY, NOON, envelope, receipt, request


def test_everything_is_still_there_after_the_outbox_is_opened_again(tmp_path: Path) -> None:
    waiting, delivered, aside = envelope(), envelope(), envelope()
    before = open_outbox(tmp_path)
    for each in (waiting, delivered, aside):
        before.save(each)
    before.record_attempt([waiting.id], NOON, Trouble.UNREACHABLE)
    before.settle(receipt(delivered))
    before.set_aside(aside.id, "conflict")
    counts = before.counts()
    before.close()

    after = open_outbox(tmp_path)

    assert after.counts() == counts
    [pending] = after.pending()
    assert (pending.envelope, pending.attempts, pending.last_tried) == (waiting, 1, NOON)


@pytest.mark.promise(2)
def test_every_connection_has_the_pragmas_that_make_a_commit_last(tmp_path: Path) -> None:
    engine = open_sqlite(tmp_path / FILE_NAME, DURABLE)
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            held = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in DURABLE}
            assert held | {"journal_mode": "truncate", "synchronous": 3, "secure_delete": 1} == held


@pytest.mark.promise(6)
def test_the_name_and_number_are_in_no_file_of_the_data_folder(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.save(seal(request(name="Canary Songbird", phone="+447700900987"), IDENTITY))

    for file in tmp_path.rglob("*"):
        content = file.read_bytes()
        for secret in ("Canary", "Songbird", "7700900987"):
            assert secret.encode() not in content
            assert secret.encode("utf-16-le") not in content


def test_a_delivered_envelope_is_wiped_from_the_file(tmp_path: Path) -> None:
    outbox, sent = open_outbox(tmp_path), envelope()
    outbox.save(sent)
    sealed_part = sent.blob[2000:2100]
    assert sealed_part in (tmp_path / FILE_NAME).read_bytes()

    outbox.settle(receipt(sent))

    assert not any(sealed_part in file.read_bytes() for file in tmp_path.rglob("*"))


@pytest.mark.promise(3)
def test_two_touches_at_the_same_instant_are_one_record(tmp_path: Path) -> None:
    outbox, saved, together = open_outbox(tmp_path), envelope(), threading.Barrier(4)

    def touch() -> None:
        together.wait()
        outbox.save(saved)

    touches = [threading.Thread(target=touch) for _ in range(4)]
    for each in touches:
        each.start()
    for each in touches:
        each.join()

    assert [each.envelope for each in outbox.pending()] == [saved]


def test_its_files_are_for_this_user_alone_whatever_the_machine_gives_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        outbox = open_outbox(tmp_path)
        outbox.save(envelope())
        outbox.close()
    finally:
        os.umask(before)

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {FILE_NAME: 0o600, f"{FILE_NAME}-journal": 0o600}


def test_times_come_back_aware_and_in_utc(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.save(envelope())

    saved_at = outbox.counts().oldest_saved_at

    assert saved_at is not None
    assert saved_at.tzinfo is UTC
    assert abs(datetime.now(UTC) - saved_at) < timedelta(minutes=1)


def test_a_step_outlives_a_restart(tmp_path: Path) -> None:
    outbox, sent = open_outbox(tmp_path), envelope()
    outbox.save(sent)
    outbox.settle(receipt(sent), answered=outbox.open_link())
    step = outbox.open_link()
    outbox.close()

    assert open_outbox(tmp_path).open_link() == step


def test_two_processes_that_open_a_step_at_once_get_the_same(tmp_path: Path) -> None:
    screen, command, together = open_outbox(tmp_path), open_outbox(tmp_path), threading.Barrier(2)
    for _ in range(10):
        steps: list[Link] = []

        def step(outbox: SqlOutbox, steps: list[Link] = steps) -> None:
            together.wait()
            steps.append(outbox.open_link())

        both = [threading.Thread(target=step, args=(outbox,)) for outbox in (screen, command)]
        for each in both:
            each.start()
        for each in both:
            each.join()
        sent = envelope()
        screen.save(sent)
        screen.settle(receipt(sent), answered=steps[0])

        assert steps[0] == steps[1]
