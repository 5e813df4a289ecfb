"""Promise 19: two machines with one disk. A real copy of the data folder, a real hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import Envelope, Trouble
from kiosk.errors import HubUnreachable, KioskCloned
from kiosk.hub.fleet import Fleet
from kiosk.hub.publish_shown import find_shown
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import Hub, sync_once
from tests.callbacks.samples import NOON
from tests.sync.hubs import RunningHub
from tests.sync.machines import Boot, Machine, copy, line


class TestPacks:
    """What each machine says of its screen, and who is believed."""

    def say(self, machine: Machine, shown: int) -> str:
        """Ask for a pack while a version is on the screen, and return what came of it."""
        client = HubClient(machine.identity)
        try:
            client.ask_pack("oxfordshire", shown, "", machine.outbox.latest_link())
        except KioskCloned:
            return "refused"
        finally:
            client.close()
        return "answered"

    def shown(self, hub: RunningHub, machine: Machine) -> int:
        return find_shown(hub.store.engine)[machine.identity.kiosk].version

    @pytest.mark.promise(19)
    def test_a_copy_changes_nothing_of_what_the_true_kiosk_shows(
        self, hub: RunningHub, first: Machine, boot: Boot
    ) -> None:
        second = boot(copy(first, "second"))
        first.ask("After")
        first.deliver()
        said = [self.say(first, 4), self.say(second, 1)]
        silent = self.shown(hub, first)
        second.ask("Copied")
        quarantined = second.deliver().trouble
        said += [self.say(second, 1), self.say(first, 5)]

        assert said == ["answered", "refused", "refused", "answered"]
        assert (silent, quarantined, self.shown(hub, first)) == (4, Trouble.QUARANTINED, 5)

    def test_a_kiosk_is_answered_before_during_and_after_each_delivery(self, hub: RunningHub, first: Machine) -> None:
        said = [self.say(first, 4)]
        first.ask("After")
        first.outbox.open_link()
        said.append(self.say(first, 4))
        first.deliver()
        said.append(self.say(first, 4))

        assert said == ["answered"] * 3

    def test_to_ask_for_a_pack_opens_no_step_that_a_copy_would_share(self, hub: RunningHub, first: Machine) -> None:
        before = first.outbox.latest_link()
        self.say(first, 4)

        assert first.outbox.latest_link() == before


@pytest.mark.promise(19)
def test_the_second_machine_with_a_disk_is_refused_keeps_its_queue_and_staff_are_told(
    hub: RunningHub, first: Machine, boot: Boot
) -> None:
    second = boot(copy(first, "second"))
    first.ask("At the first")
    second.ask("At the second")

    assert first.deliver().delivered == 1
    report = second.deliver()

    assert (report.trouble, report.delivered, report.waiting) == (Trouble.QUARANTINED, 0, 1)
    assert "two machines" in report.fact and "two machines" in (second.outbox.counts().trouble or Trouble.REFUSED).says
    assert hub.names() == ["Before 0", "Before 1", "At the first"]


@pytest.mark.promise(19)
def test_the_first_machine_goes_on_as_if_there_were_no_other(hub: RunningHub, first: Machine, boot: Boot) -> None:
    second = boot(copy(first, "second"))
    for number in range(3):
        first.ask(f"At the first {number}")
        second.ask(f"At the second {number}")

        assert first.deliver().delivered == 1
        assert second.deliver().delivered == 0

    assert hub.names()[2:] == [f"At the first {number}" for number in range(3)]


@pytest.mark.promise(19)
def test_what_the_second_brings_is_kept_apart_and_the_hub_lists_it(hub: RunningHub, first: Machine, boot: Boot) -> None:
    second = boot(copy(first, "second"))
    first.ask("At the first")
    first.deliver()
    for number in range(3):
        second.ask(f"At the second {number}")
        second.deliver()

    told = line(hub)
    assert told.forked_at is not None and told.apart == 3


def test_a_queue_that_was_copied_with_the_disk_is_one_row_each(hub: RunningHub, first: Machine, boot: Boot) -> None:
    first.ask("In both queues")
    second = boot(copy(first, "second"))

    first.deliver()
    second.deliver()

    assert hub.names().count("In both queues") == 1
    assert (line(hub).apart, second.outbox.counts().waiting) == (0, 1)


def test_the_second_machine_joins_anew_and_all_that_it_kept_is_delivered(
    hub: RunningHub, first: Machine, boot: Boot
) -> None:
    second = boot(copy(first, "second"))
    first.ask("At the first")
    first.deliver()
    second.ask("At the second")
    second.deliver()

    save_identity(hub.join(), second.data)
    anew = boot(second.data)

    assert anew.deliver().delivered == 1
    assert hub.names()[-1] == "At the second"
    assert [each.apart for each in Fleet(hub.store.engine).find_kiosks()] == [0, 0]


def test_a_disk_restored_from_a_backup_loses_nothing_and_is_readmitted(
    hub: RunningHub, first: Machine, boot: Boot
) -> None:
    backup = copy(first, "backup")
    first.ask("After the backup")
    first.deliver()
    restored = boot(backup)
    restored.ask("After the restore")
    assert restored.deliver().trouble is Trouble.QUARANTINED

    Fleet(hub.store.engine).readmit(restored.identity.kiosk, NOON)

    assert hub.names()[-1] == "After the restore"
    assert restored.deliver().delivered == 1
    assert hub.names().count("After the restore") == 1
    assert line(hub).forked_at is None


@dataclass
class BreakingOff(Hub):
    """A hub that is away after so many batches."""

    hub: HubClient
    after: int

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        if self.after == 0:
            raise HubUnreachable("The hub could not be reached.")
        self.after -= 1
        return self.hub.deliver(envelopes, standing)


def break_off(machine: Machine, after: int) -> None:
    client = HubClient(machine.identity)
    sync_once(machine.outbox, BreakingOff(client, after), NOON, by_hand=True)
    client.close()
    machine.outbox.close()


@pytest.mark.promise(19)
def test_a_disk_copied_in_the_middle_of_a_long_queue_is_noticed_at_once(
    hub: RunningHub, first: Machine, boot: Boot
) -> None:
    for number in range(45):
        first.ask(f"Parent {number}")
    break_off(first, after=1)
    second = boot(copy(first, "second"))

    assert first.deliver().delivered == 25
    assert second.deliver().trouble is Trouble.QUARANTINED
    assert (len(hub.names()), line(hub).apart) == (47, 0)


def test_a_disk_copied_while_the_hub_was_away_loses_nothing_and_is_noticed_one_look_later(
    hub: RunningHub, first: Machine, boot: Boot
) -> None:
    first.ask("In both queues")
    break_off(first, after=0)
    second = boot(copy(first, "second"))
    second.ask("At the second")
    assert (first.deliver().delivered, second.deliver().delivered) == (1, 2)

    for machine in (first, second):
        machine.ask("Later")

    assert (first.deliver().delivered, second.deliver().trouble) == (1, Trouble.QUARANTINED)
    assert (hub.names()[2:], line(hub).apart) == (["In both queues", "At the second", "Later"], 1)


def test_keys_that_were_copied_without_the_outbox_are_noticed(
    hub: RunningHub, first: Machine, boot: Boot, tmp_path: Path
) -> None:
    save_identity(first.identity, tmp_path / "second")
    second = boot(tmp_path / "second")
    second.ask("At the second")
    second.deliver()
    first.ask("At the first")

    assert first.deliver().trouble is Trouble.QUARANTINED
    assert line(hub).forked_at is not None
