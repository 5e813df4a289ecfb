"""Kills, full disks, read-only disks and rotten files: real ones."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.callbacks.lock import lock_data_folder
from kiosk.callbacks.outbox import FILE_NAME, SqlOutbox, open_outbox
from kiosk.callbacks.seal import digest
from kiosk.database import DURABLE, open_sqlite
from kiosk.errors import AlreadyRunning, OutboxUnavailable
from tests.callbacks.samples import envelope

NOBODY = 65534
KILLS = 30


@pytest.fixture
def nursery() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.callbacks.saver"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def kill_a_saving_kiosk(nursery: subprocess.Popen[str], folder: Path, last_word: str, after: float) -> dict[str, str]:
    """Let a child save into `folder`, kill it so many seconds `after` its first `last_word`, and return what it saved."""
    assert nursery.stdin and nursery.stdout
    nursery.stdin.write(f"{folder}\n")
    nursery.stdin.flush()
    lines = iter(nursery.stdout.readline, "")
    said, child = dict[str, str](), 0
    for line in lines:
        word, *rest = line.split()
        if word == "ended":
            break
        if word == "pid":
            child = int(rest[0])
        else:
            said[rest[0]] = rest[1]
        if word == last_word:
            last_word = ""
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
    return said


@pytest.mark.promise(1)
def test_what_a_kiosk_said_it_saved_is_there_after_a_kill_at_any_instant(
    tmp_path: Path, nursery: subprocess.Popen[str]
) -> None:
    chance, said = random.Random(1), dict[str, str]()
    for kill in range(KILLS):
        # Half of them after a first save: on a busy machine too.
        last_word = ("pid", "saved")[kill % 2]
        said |= kill_a_saving_kiosk(nursery, tmp_path, last_word, after=chance.uniform(0, 0.12))

        outbox = open_outbox(tmp_path)
        kept = {str(each.envelope.id): each.envelope for each in outbox.pending()}
        assert said.items() <= {id: each.sha256 for id, each in kept.items()}.items()
        assert all(digest(each.blob) == each.sha256 for each in kept.values())
        assert outbox.counts().notice == ""
        outbox.close()
    assert len(said) >= KILLS // 2


@contextmanager
def disk_that_is_full(limit: int) -> Iterator[None]:
    """The kernel refuses to let any file grow past `limit` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.promise(4)
def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    outbox, before = open_outbox(tmp_path), envelope()
    outbox.save(before)

    with (
        disk_that_is_full((tmp_path / FILE_NAME).stat().st_size),
        pytest.raises(OutboxUnavailable, match=r"We could not save this. Please speak to reception."),
    ):
        for _ in range(3):
            outbox.save(envelope())

    assert outbox.pending()[0].envelope == before
    after = envelope()
    outbox.save(after)
    outbox.close()
    again = open_outbox(tmp_path)
    assert again.counts().notice == ""
    assert again.pending()[-1].envelope == after
    assert all(digest(each.envelope.blob) == each.envelope.sha256 for each in again.pending())


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root on a machine that lets it mount can fill a disk of its own")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.promise(4)
def test_a_disk_that_fills_up_keeps_every_request_that_was_saved(tiny_disk: Path) -> None:
    outbox, saved = open_outbox(tiny_disk), []

    with pytest.raises(OutboxUnavailable):
        for _ in range(100):
            each = envelope()
            outbox.save(each)
            saved.append(each)

    assert saved
    assert [each.envelope for each in outbox.pending()] == saved
    outbox.close()


@contextmanager
def as_a_user_who_may_only_read(folder: Path) -> Iterator[None]:
    """Root may write anywhere, so root becomes nobody for a while."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.iterdir())}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.promise(4)
def test_a_read_only_disk_is_told_and_what_was_there_stays(open_folder: Path) -> None:
    kept = envelope()
    before = open_outbox(open_folder)
    before.save(kept)
    before.close()

    with as_a_user_who_may_only_read(open_folder), pytest.raises(OutboxUnavailable):
        SqlOutbox(open_sqlite(open_folder / FILE_NAME, DURABLE)).save(envelope())

    assert [each.envelope for each in open_outbox(open_folder).pending()] == [kept]


@pytest.mark.promise(4)
def test_a_data_folder_that_cannot_be_written_is_told(open_folder: Path) -> None:
    with as_a_user_who_may_only_read(open_folder), pytest.raises(OutboxUnavailable):
        open_outbox(open_folder)


def test_a_locked_outbox_is_told(tmp_path: Path) -> None:
    open_outbox(tmp_path).close()
    file = tmp_path / FILE_NAME
    impatient = SqlOutbox(open_sqlite(file, {"busy_timeout": 50} | DURABLE))

    with open_sqlite(file, DURABLE).connect() as other:
        other.exec_driver_sql("BEGIN EXCLUSIVE")
        with pytest.raises(OutboxUnavailable):
            impatient.save(envelope())

    impatient.save(envelope())
    assert impatient.counts().waiting == 1


@pytest.mark.promise(6)
def test_an_error_of_the_store_holds_no_sealed_request(tmp_path: Path) -> None:
    outbox, saved = open_outbox(tmp_path), envelope()

    with disk_that_is_full(4096), pytest.raises(OutboxUnavailable) as caught:
        outbox.save(saved)

    error: BaseException | None = caught.value
    while error:
        assert str(saved.id) not in str(error)
        assert saved.blob[100:140].decode() not in str(error)
        error = error.__cause__


@pytest.mark.parametrize(
    ("damage_at", "damage"),
    [(0, b"not a database any more"), (4096, b"\xff" * 2000), (100, b"\x00" * 3000)],
    ids=["header", "second page", "first page"],
)
@pytest.mark.promise(7)
def test_a_damaged_outbox_is_put_aside_untouched_and_a_new_one_begun(
    tmp_path: Path, damage_at: int, damage: bytes
) -> None:
    before = open_outbox(tmp_path)
    before.save(envelope())
    before.close()
    _damage(tmp_path / FILE_NAME, damage_at, damage)
    damaged = (tmp_path / FILE_NAME).read_bytes()

    outbox, fresh = open_outbox(tmp_path), envelope()
    outbox.save(fresh)

    assert (tmp_path / "outbox.damaged-1.sqlite").read_bytes() == damaged
    assert [each.envelope for each in outbox.pending()] == [fresh]
    assert "outbox.damaged-1.sqlite" in outbox.counts().notice


@pytest.mark.promise(7)
def test_a_second_damaged_outbox_does_not_replace_the_first(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        (tmp_path / FILE_NAME).write_bytes(content * 1000)
        open_outbox(tmp_path).close()

    assert (tmp_path / "outbox.damaged-1.sqlite").read_bytes() == b"first" * 1000
    assert (tmp_path / "outbox.damaged-2.sqlite").read_bytes() == b"second" * 1000
    assert "outbox.damaged-2.sqlite" in open_outbox(tmp_path).counts().notice


@pytest.mark.promise(7)
def test_a_command_beside_a_running_kiosk_leaves_a_damaged_outbox_where_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"damaged" * 1000)

    with pytest.raises(OutboxUnavailable, match="damaged"):
        open_outbox(tmp_path, put_damaged_aside=False)

    assert (tmp_path / FILE_NAME).read_bytes() == b"damaged" * 1000


@pytest.mark.promise(8)
def test_a_second_kiosk_on_the_same_folder_refuses_to_start(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib; from kiosk.callbacks.lock import lock_data_folder;"
            "lock = lock_data_folder(pathlib.Path(sys.argv[1])); print('mine', flush=True); sys.stdin.read()",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout and holder.stdout.readline() == "mine\n"
        with pytest.raises(AlreadyRunning, match="already running"):
            lock_data_folder(tmp_path)
        holder.kill()

    lock_data_folder(tmp_path).release()


def _damage(file: Path, at: int, damage: bytes) -> None:
    content = bytearray(file.read_bytes())
    content[at : at + len(damage)] = damage
    file.write_bytes(content)
