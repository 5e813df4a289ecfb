"""Promise 6 where nothing was sent: cancelled, finished, left untouched, or the whole process crashed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import Identity
from tests.end_to_end.canary import traces
from tests.processes import PATIENCE, ROOT

NAME, PHONE = "Xanthippe Canary", "07911987654"
CANARIES = (NAME, "Xanthippe", PHONE, "7911987654", "07911 987654")


def run_to_its_end(folder: Path, ending: str) -> subprocess.CompletedProcess[str]:
    """Run a kiosk in `folder` until it ends; everything that it leaves is below there, its words too."""
    keys = [bytes(PrivateKey.generate().public_key) for _ in range(2)]
    identity = Identity(
        "kiosk-1",
        bytes(SigningKey.generate()),
        "http://127.0.0.1:9",
        bytes(SigningKey.generate().verify_key),
        keys[0],
        keys[1],
    )
    save_identity(identity, folder / "data")
    environment = os.environ | {
        "KIOSK_DATA": str(folder / "data"),
        "KIOSK_PACK": str(ROOT / "content" / "oxfordshire"),
        "KIOSK_FULLSCREEN": "false",
        "SDL_VIDEODRIVER": "offscreen",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    words = [sys.executable, "-m", "tests.end_to_end.typist", ending, NAME, PHONE]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    # Not what it was told to type: that is the test's own.
    (folder / "said").write_text(done.stdout + done.stderr, encoding="utf-8")
    return done


@pytest.mark.promise(6)
def test_visits_that_end_without_sending_leave_nothing(tmp_path: Path) -> None:
    done = run_to_its_end(tmp_path, "visits")

    assert (done.returncode, "no clipboard" in done.stdout) == (0, True), done.stderr
    assert traces(CANARIES, tmp_path) == []


@pytest.mark.promise(6)
def test_a_crash_with_a_name_on_the_screen_leaves_no_core_and_nothing_else(tmp_path: Path) -> None:
    done = run_to_its_end(tmp_path, "crash")

    # Not every machine writes cores: that none may be written is asked of the kernel itself.
    assert (done.returncode, done.stdout.strip()) == (-signal.SIGABRT, "core (0, 0) 0"), done.stderr
    assert traces(CANARIES, tmp_path) == []
    assert list(tmp_path.glob("core*")) == []
