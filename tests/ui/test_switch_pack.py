"""Another pack between two visits, in a real window: never within one, and with everything else as it was."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from kiosk.bootstrap import Services, bootstrap
from kiosk.callbacks.identity import save_identity
from kiosk.pack.install import roll_back
from kiosk.pack.shelf import Left
from kiosk.pack.slots import Slots
from kiosk.pack.starts import Leaves, Starts
from kiosk.settings import Settings
from kiosk.ui.visit import Place, Visit
from tests.callbacks.samples import IDENTITY, envelope
from tests.pack.signed_packs import OXFORD, put, trusting, written
from tests.ui.conftest import SATURDAY
from tests.ui.driving import Kiosk

if TYPE_CHECKING:
    from kiosk.ui.switch_pack import PackSwitch


@pytest.fixture
def services(tmp_path: Path, loaded: Path) -> Services:
    """A kiosk that shows version 1 of a small pack, installed."""
    data = trusting(copytree(loaded, tmp_path / "data"))
    save_identity(replace(IDENTITY, hub_url="http://127.0.0.1:9"), data)
    put(data, 1)
    settings = replace(Settings(), data=data, pack=written(tmp_path / "content", 1), fullscreen=False)
    return bootstrap(settings, clock=lambda: SATURDAY)


@pytest.fixture
def switch(kiosk: Kiosk, starts: Starts) -> PackSwitch:
    # Only now: the window opens with the import, and must find its settings made.
    from kiosk.ui.steady import Steady
    from kiosk.ui.switch_pack import PackSwitch

    return PackSwitch(kiosk.app, Steady(starts))


@pytest.fixture
def starts(services: Services) -> Starts:
    return Starts(Slots(services.settings.data, OXFORD))


def look(kiosk: Kiosk, switch: PackSwitch) -> None:
    switch.look()
    kiosk.rest()


def test_a_visit_keeps_its_words_and_the_next_begins_with_new_ones(
    kiosk: Kiosk, switch: PackSwitch, services: Services
) -> None:
    services.outbox.save(envelope(identity=IDENTITY))
    kiosk.app.navigation.start("en")
    kiosk.lay_out()
    put(services.settings.data, 2)
    look(kiosk, switch)
    during = (services.pack.version, kiosk.app.navigation.screen)
    kiosk.app.navigation.finish()
    kiosk.lay_out()
    before = kiosk.words()
    look(kiosk, switch)

    assert during == (1, "home")
    assert "Welcome to version 1" in before
    assert "Welcome to version 2" in kiosk.words() and "Welcome to version 1" not in kiosk.words()
    assert services.opened.installed and services.opened.installed.version == 2
    assert services.outbox.counts().waiting == 1
    kiosk.app.navigation.start("en")
    kiosk.lay_out()
    assert kiosk.app.navigation.screen == "home"


def test_one_that_begins_while_the_other_is_read_keeps_the_old(kiosk: Kiosk, switch: PackSwitch) -> None:
    services = kiosk.app.services
    put(services.settings.data, 2)
    switch.look()
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home")))
    kiosk.rest()
    kept = services.pack.version
    kiosk.app.navigation.finish()
    look(kiosk, switch)

    assert (kept, services.pack.version) == (1, 2)


def test_one_that_is_taken_back_goes_the_same_way(kiosk: Kiosk, switch: PackSwitch, services: Services) -> None:
    put(services.settings.data, 2)
    look(kiosk, switch)
    roll_back(services.settings.data, OXFORD)
    look(kiosk, switch)

    assert "Welcome to version 1" in kiosk.words()


@pytest.mark.promise(31)
def test_one_that_cannot_be_shown_is_told_and_looked_at_once(
    kiosk: Kiosk, switch: PackSwitch, services: Services
) -> None:
    put(services.settings.data, 2)
    slots = Slots(services.settings.data, OXFORD)
    for each in slots.find():
        (slots.slot(each.slot) / "content" / "england" / "facts.yaml").unlink()
    (services.settings.pack / "pack.yaml").unlink()
    (slots.folder / "last-good.json").unlink()
    look(kiosk, switch)

    assert "Welcome to version 1" in kiosk.words()
    assert services.faults and services.find_other_pack() is None


def test_one_that_the_screens_cannot_show_leaves_the_old_one_whole(
    kiosk: Kiosk, switch: PackSwitch, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow = kiosk.app.root.follow_pack

    def fails_for_the_new() -> None:
        if services.pack.version == 2:
            raise KeyError("x")
        follow()

    monkeypatch.setattr(kiosk.app.root, "follow_pack", fails_for_the_new)
    put(services.settings.data, 2)
    look(kiosk, switch)
    kiosk.lay_out()

    assert services.pack.version == kiosk.app.navigation.pack.version == 1
    assert "Welcome to version 1" in kiosk.words()
    assert services.find_other_pack() is None
    assert services.opened.left == Left(2, Leaves.FAILED)


def test_one_that_ends_the_kiosk_as_soon_as_it_is_shown_has_failed_to_start(
    kiosk: Kiosk, switch: PackSwitch, services: Services, starts: Starts
) -> None:
    """As if the process had gone after the switch, and twice more at its start."""
    put(services.settings.data, 2)
    look(kiosk, switch)
    tried = [installed.version for _ in range(3) if (installed := starts.begin())]

    assert services.pack.version == 2
    assert tried == [2, 2, 1]


def test_nothing_of_the_old_screens_is_held(kiosk: Kiosk, switch: PackSwitch, services: Services) -> None:
    gone, held = list[weakref.ref[object]](), []
    for version in (2, 3, 4):
        kiosk.app.navigation.start("en")
        kiosk.lay_out()
        kiosk.app.navigation.finish()
        kiosk.lay_out()
        gone += [weakref.ref(screen) for screen in kiosk.app.root._screens.values()]
        gone.append(weakref.ref(services.pack))
        put(services.settings.data, version)
        look(kiosk, switch)
        kiosk.lay_out()
        gc.collect()
        held.append(len(kiosk.app.theme.get_property_observers("unit")))

    assert len(gone) > 6
    assert [ref() for ref in gone if ref() is not None] == []
    assert held[1] == held[2]


class TestSteady:
    """Which starts of a real screen were good, by what the next ones try: version 2, or 1 where that was given up."""

    @pytest.fixture
    def two(self, services: Services) -> Services:
        put(services.settings.data, 2)
        return services

    def tried_next(self, starts: Starts) -> int:
        tried = starts.begin()
        return tried.version if tried else 0

    def test_a_screen_that_stood_has_started(
        self, kiosk: Kiosk, two: Services, starts: Starts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from kiosk.ui import steady

        monkeypatch.setattr(steady, "STANDS", 0.05)
        for _ in range(4):
            stands = steady.Steady(starts)
            stands.begin()
            stands.start()
            kiosk.wait_until(
                lambda: "under_way" not in (two.settings.data / "packs" / OXFORD / "starts.json").read_text()
            )

        assert self.tried_next(starts) == 2

    @pytest.mark.parametrize(("breaks", "then"), [(False, 2), (True, 1)])
    def test_one_that_is_closed_has_not_failed_and_one_that_ends_for_its_faults_has(
        self, kiosk: Kiosk, two: Services, starts: Starts, breaks: bool, then: int
    ) -> None:
        from kiosk.ui.steady import Steady

        for _ in range(3):
            steady = Steady(starts)
            steady.begin()
            steady.start()
            if breaks:
                steady.breaks()
            steady.stop()

        assert self.tried_next(starts) == then
