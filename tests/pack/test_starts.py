"""A pack that breaks the start three times gives way to the one before; three power cuts roll nothing back for good."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.errors import NothingToRollBack
from kiosk.pack.install import is_wanted, roll_back
from kiosk.pack.shelf import Left, Opened
from kiosk.pack.slots import Slots
from kiosk.pack.starts import LIMIT, Leaves, Starts, this_boot
from tests.pack.signed_packs import OXFORD, put, rot, shown


@dataclass
class Machine:
    """A kiosk that is started again and again. `boot` names the boot of the machine that it is in."""

    data: Path
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def switched_on(self, boot: str) -> None:
        self.monkeypatch.setattr("kiosk.pack.starts.this_boot", lambda: boot)

    def start(self) -> Opened:
        """Come as far as the screens: who ends here has failed to start."""
        starts = self.starts()
        starts.begin()
        opened = shown(self.data, self.folder)
        starts.shows(opened.installed)
        return opened

    def starts(self) -> Starts:
        return Starts(Slots(self.data, OXFORD))

    def fails(self, times: int = LIMIT) -> list[int]:
        """Return which version each of so many failing starts tried to show."""
        return [self.start().pack.version for _ in range(times)]

    def gives_up(self, versions: int = 1) -> None:
        """Fail until so many versions are given up, then stand."""
        self.fails(LIMIT * versions)
        self.start()
        self.starts().stood()


@pytest.fixture
def machine(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    put(data, 3)
    put(data, 4)
    machine = Machine(data, folder, monkeypatch)
    machine.switched_on("monday")
    return machine


@pytest.mark.promise(31)
def test_after_three_failed_starts_the_one_before_is_shown_and_staff_are_told(machine: Machine):
    tried = machine.fails()
    opened = machine.start()

    assert tried == [4, 4, 4]
    assert (opened.pack.version, opened.left) == (3, Left(4, Leaves.GIVEN_UP))
    assert [str(fault) for fault in opened.faults] == [
        "It failed to start 3 times in a row. Install a newer version, or this one again."
    ]


@pytest.mark.promise(31)
def test_when_that_one_fails_as_well_the_folder_is_shown(machine: Machine):
    assert machine.fails(7) == [4, 4, 4, 3, 3, 3, 1]
    assert machine.start().pack.version == 1


def test_a_start_that_went_well_in_between_begins_the_count_anew(machine: Machine):
    machine.fails(2)
    machine.start()
    machine.starts().stood()

    assert machine.fails() == [4, 4, 4]
    assert machine.start().pack.version == 3


def test_a_kiosk_that_is_closed_in_peace_has_not_failed(machine: Machine):
    for _ in range(LIMIT + 1):
        assert machine.start().pack.version == 4
        machine.starts().let_go()


def test_what_was_given_up_is_not_taken_by_itself_but_by_staff(machine: Machine, data: Path):
    machine.gives_up()
    wanted = [is_wanted(data, OXFORD, version) for version in (3, 4, 5)]
    put(data, 4)

    assert wanted == [False, False, True]
    assert machine.fails() == [4, 4, 4]
    assert machine.start().pack.version == 3


def test_one_that_was_given_up_and_rots_is_not_fetched_again(machine: Machine, data: Path):
    machine.gives_up()
    rot(Slots(data, OXFORD), 4)

    assert not is_wanted(data, OXFORD, 4)


def test_a_newer_one_is_shown_and_the_good_one_stays_beside_it(machine: Machine, data: Path):
    machine.gives_up()
    put(data, 5)

    assert machine.start().pack.version == 5
    assert roll_back(data, OXFORD).version == 3


def test_nobody_rolls_back_to_what_was_given_up(machine: Machine, data: Path):
    machine.gives_up(versions=2)

    with pytest.raises(NothingToRollBack, match="Version 3, the one before, failed to start"):
        roll_back(data, OXFORD)


class TestPowerCuts:
    def cut(self, machine: Machine, *days: str) -> list[int]:
        """Return what is tried on days on which the plug is pulled at once."""
        found = []
        for day in days:
            machine.switched_on(day)
            found.append(machine.start().pack.version)
        return found

    def test_three_of_them_roll_nothing_back_for_good(self, machine: Machine):
        tried = self.cut(machine, "monday", "tuesday", "wednesday")
        machine.switched_on("thursday")
        aside = [machine.start() for _ in range(2)]  # in the same boot it stays with the one before
        machine.starts().stood()
        machine.switched_on("friday")
        again = machine.start()
        machine.starts().stood()

        assert tried == [4, 4, 4]
        assert [(each.pack.version, each.left) for each in aside] == [(3, Left(4, Leaves.ASIDE))] * 2
        assert (again.pack.version, again.left, again.faults) == (4, None, ())
        assert self.cut(machine, "saturday", "sunday") == [4, 4]

    def test_one_that_freezes_the_machine_is_shown_past_at_every_second_start(self, machine: Machine):
        days = [f"day {number}" for number in range(8)]

        # Whoever sees the one before leaves it on, until the machine is switched on next.
        assert self.cut(machine, *days) == [4, 4, 4, 3, 4, 3, 4, 3]

    def test_crashes_on_different_days_are_still_the_packs(self, machine: Machine):
        tried = []
        for day in ("monday", "tuesday", "wednesday"):
            machine.switched_on(day)
            tried += machine.fails(2)
            machine.starts().let_go()  # the kiosk is ended, and the machine switched off

        assert tried == [4, 4, 4, 4, 4, 3]


@pytest.mark.promise(31)
def test_a_rotten_or_cut_file_of_starts_keeps_no_pack_from_the_screen(machine: Machine, data: Path):
    machine.gives_up()
    file = data / "packs" / OXFORD / "starts.json"
    whole = file.read_bytes()

    for content in [whole[:at] for at in range(0, len(whole), 9)] + [
        whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 3)
    ]:
        file.write_bytes(content)
        # A name of what is not there may rot without a change of what is said.
        assert machine.starts().leaves(next(Slots(data, OXFORD).find())) in (None, Leaves.GIVEN_UP)
    file.write_bytes(whole[:-1])
    assert machine.fails(4) == [4, 4, 4, 3]


def test_a_boot_has_one_name():
    assert this_boot() == this_boot() != ""
