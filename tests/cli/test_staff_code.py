"""kiosk device staff-code: the digits that open the staff screen are typed twice, and shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.callbacks.staff_code import StaffDoor
from kiosk.cli import kiosk
from kiosk.errors import AccountFaulty, SignInRefused


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIOSK_DATA", str(tmp_path / "kiosk"))
    return tmp_path / "kiosk"


def staff_code(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(kiosk, ["device", "staff-code", *words], input=typed)


def test_a_code_that_was_set_opens_and_is_not_printed(data: Path) -> None:
    ran = staff_code(typed="271828\n271828\n")

    assert ran.exit_code == 0 and "hold the centre's name" in ran.output and "271828" not in ran.output
    StaffDoor(data).open("271828")
    with pytest.raises(SignInRefused):
        StaffDoor(data).open("314159")


def test_another_code_takes_the_place_of_the_first(data: Path) -> None:
    staff_code(typed="271828\n271828\n")
    staff_code(typed="314159\n314159\n")

    StaffDoor(data).open("314159")


def test_a_code_that_is_taken_away_closes_the_door_and_twice_is_no_error(data: Path) -> None:
    staff_code(typed="271828\n271828\n")

    assert staff_code("--remove").exit_code == staff_code("--remove").exit_code == 0
    assert not StaffDoor(data).is_there


def test_a_code_that_a_child_would_guess_is_refused(data: Path) -> None:
    assert isinstance(staff_code(typed="123456\n123456\n").exception, AccountFaulty)
    assert not StaffDoor(data).is_there
