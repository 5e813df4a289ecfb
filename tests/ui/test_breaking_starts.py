"""A pack that ends the kiosk before its first frame, in a real kiosk that is really killed: after three times the old one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.pack.slots import Slots
from kiosk.pack.starts import Leaves, Starts
from tests.pack.signed_packs import OXFORD, put, trusting, written
from tests.processes import PATIENCE, ROOT, Machine

KILLED = -9


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    data = trusting(tmp_path / "data")
    put(data, 3)
    put(data, 4)
    settings = {
        "SDL_VIDEODRIVER": "offscreen",
        "KIOSK_PACK": str(written(tmp_path / "content", 1)),
        "KIOSK_DATA": str(data),
        "PYTHONPATH": str(ROOT),
    }
    return Machine(tmp_path, settings)


def start(machine: Machine, how: str) -> int:
    """Start the kiosk, whose version 4 breaks, and return the status with which it ended."""
    kiosk = machine.start_python("-m", "tests.ui.breaking_starts", how, "4")
    try:
        return kiosk.process.wait(PATIENCE)
    finally:
        kiosk.kill()


@pytest.mark.promise(31)
@pytest.mark.parametrize(("how", "status"), [("kill", KILLED), ("raise", 1)])
def test_after_three_starts_that_end_before_the_first_frame_the_old_pack_is_shown(
    machine: Machine, how: str, status: int
) -> None:
    ended = [start(machine, how) for _ in range(3)]
    shown_before = (machine.folder / "shown").exists()
    then = start(machine, how)

    assert (ended, shown_before, then) == ([status] * 3, False, 0)
    assert (machine.folder / "shown").read_text(encoding="utf-8") == f"3 Left(version=4, why={Leaves.GIVEN_UP!r})"
    slots = Slots(Path(machine.settings["KIOSK_DATA"]), OXFORD)
    four, three = slots.find()
    assert (Starts(slots).leaves(four), Starts(slots).leaves(three)) == (Leaves.GIVEN_UP, None)
    assert slots.find_damage(four) == ""
