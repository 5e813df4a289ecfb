"""The staff screen: a door that children do not find, how the kiosk stands, and the stick (promises 21 to 24)."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from kiosk.bootstrap import Services
from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.seal import seal
from kiosk.callbacks.staff_code import FILE_NAME, StaffDoor, save_staff_code, wait_after
from kiosk.errors import AccountFaulty, SignInRefused, TooManyTries
from kiosk.hub.stick import import_stick
from kiosk.pack.install import install, roll_back
from kiosk.pack.shelf import Shelf
from kiosk.pack.slots import Slots
from kiosk.pack.starts import Starts
from kiosk.sync.packs import PackState
from kiosk.sync.stick import requests_file
from kiosk.ui.screens.staff_jobs import look
from kiosk.ui.screens.staff_words import say_state
from kiosk.ui.visit import Draft, Place, Visit
from tests.callbacks.samples import NOON, request
from tests.pack.signed_packs import OXFORD, STRANGER, built, everything_in, trusting
from tests.sync.hubs import RunningHub, running_hub
from tests.sync.sticks import lock, mounted, put_in
from tests.ui.test_callback import touch_keys
from tests.ui.test_fits import WINDOWS, misfits

CODE = "271828"


@pytest.fixture
def media(services: Services, tmp_path: Path) -> Path:
    """The folder where this kiosk's system shows sticks."""
    (tmp_path / "media").mkdir()
    services.settings = replace(services.settings, sticks=tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def coded(services: Services) -> None:
    save_staff_code(CODE, services.settings.data)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    (tmp_path / "hub").mkdir()
    with running_hub(tmp_path / "hub") as running:
        yield running


@pytest.fixture
def joined(services: Services, hub: RunningHub) -> Services:
    """Services of a kiosk that has joined a hub which answers."""
    services.identity = hub.join()
    save_identity(services.identity, services.settings.data)
    return services


@pytest.fixture
def stick(media: Path) -> Iterator[Path]:
    with put_in() as elsewhere:
        (media / "BLUE").symlink_to(elsewhere)
        yield elsewhere


def ask(services: Services, name: str = "Amina") -> None:
    services.outbox.save(seal(request(kiosk=services.identity.kiosk, name=name), services.identity))


def at_staff(kiosk):
    """Stand before the staff screen, all its rows filled."""
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("staff")))
    screen = kiosk.app.root.screen("staff")
    kiosk.wait_until(lambda: screen.rows and all(row.value for row in screen.rows.values()))
    return screen


def asked_for(kiosk, card: str) -> str:
    """Touch a card and return what the screen says once it is done."""
    screen = kiosk.app.root.screen("staff")
    kiosk.touch(card)
    kiosk.wait_until(lambda: not screen.busy)
    kiosk.settle()
    assert screen.says in kiosk.words()
    return screen.says


def hold_the_name(kiosk, seconds: float = 0.05, moved: bool = False) -> None:
    """Rest a finger on the centre's name for longer than `seconds`, which stand for the five."""
    from kiosk.ui.widgets.held import HeldWords

    [name] = (w for w in kiosk.window.children[0].walk() if isinstance(w, HeldWords))
    assert name.seconds == 5
    name.seconds = 0.3 if moved else seconds
    x, y = name.to_window(*name.center)
    top, held = kiosk.window.height - y, []
    name.bind(on_held=lambda *_: held.append(True))
    kiosk.window.dispatch("on_mouse_down", x, top, "left", [])
    kiosk.step()
    if moved:
        kiosk.window.dispatch("on_mouse_move", x, top + 400, [])
        kiosk.step(3)
        assert name._due is None
    elif seconds < 1:
        kiosk.wait_until(lambda: bool(held))
    kiosk.window.dispatch("on_mouse_up", x, top, "left", [])
    kiosk.step(3)


class TestTheDoor:
    def test_a_finger_that_rests_on_the_centres_name_opens_it(self, kiosk, coded):
        kiosk.app.navigation.go(Place("home"))
        kiosk.settle()

        hold_the_name(kiosk)

        assert "Type the staff code." in kiosk.words()

    def test_a_tap_does_not(self, kiosk, coded):
        kiosk.app.navigation.go(Place("home"))
        kiosk.settle()

        hold_the_name(kiosk, seconds=5)

        assert kiosk.app.navigation.screen == "home"

    def test_a_finger_that_slides_off_does_not_open_it(self, kiosk, coded):
        kiosk.app.navigation.go(Place("home"))
        kiosk.settle()

        hold_the_name(kiosk, moved=True)

        assert kiosk.app.navigation.screen == "home"

    def test_without_a_code_there_is_no_door(self, kiosk):
        kiosk.app.navigation.go(Place("home"))
        kiosk.settle()

        hold_the_name(kiosk)

        assert kiosk.app.navigation.screen == "home"

    def test_what_a_parent_had_typed_is_gone_before_it_opens(self, kiosk, coded):
        kiosk.app.navigation.visit = Visit(
            places=(Place("welcome"), Place("home")), draft=Draft(name="Xanthippe"), postcode="OX44UY", text_size=1
        )
        kiosk.settle()

        hold_the_name(kiosk)

        visit = kiosk.app.navigation.visit
        assert (visit.draft, visit.postcode, visit.text_size) == (None, "", 1)
        assert [place.screen for place in visit.places] == ["welcome", "staff-code"]

    def test_the_right_code_opens_and_a_wrong_one_is_told(self, kiosk, coded):
        kiosk.app.navigation.open_staff()
        kiosk.settle()
        touch_keys(kiosk, "314159")
        kiosk.touch("Open")
        kiosk.wait_until(lambda: "That is not the staff code." in kiosk.words())

        touch_keys(kiosk, CODE)
        assert "••••••" in kiosk.words()
        kiosk.touch("Open")
        kiosk.wait_until(lambda: kiosk.app.navigation.screen == "staff")

        kiosk.touch("Back")
        assert kiosk.app.navigation.screen == "welcome"

    def test_the_code_is_nowhere_on_the_screen_and_forgotten_with_the_visit(self, kiosk, coded):
        kiosk.app.navigation.open_staff()
        kiosk.settle()
        touch_keys(kiosk, "27")
        assert not any("27" in words for words in kiosk.words())

        kiosk.app.navigation.finish()
        kiosk.app.navigation.open_staff()
        kiosk.settle()

        assert not any("•" in words for words in kiosk.words())

    def test_after_three_wrong_codes_the_right_one_waits_too(self, tmp_path):
        save_staff_code(CODE, tmp_path)
        seconds = [0.0]
        door = StaffDoor(tmp_path, clock=lambda: seconds[0])
        for _ in range(3):
            with pytest.raises(SignInRefused):
                door.open("314159")

        with pytest.raises(TooManyTries, match="Wait 31 seconds"):
            door.open(CODE)
        seconds[0] = 31
        door.open(CODE)

        with pytest.raises(SignInRefused, match="not the staff code"):
            door.open("314159")

    def test_the_wait_doubles_up_to_a_quarter_of_an_hour(self):
        assert [wait_after(wrong) for wrong in (1, 2, 3, 4, 5, 99)] == [0, 0, 30, 60, 120, 900]

    @pytest.mark.parametrize("weak", ["", "12345", "1" * 13, "111111", "123456", "987654", "12a456", "٢٧١٨٢٨"])
    def test_a_weak_code_is_refused(self, tmp_path, weak):
        with pytest.raises(AccountFaulty):
            save_staff_code(weak, tmp_path)

        assert not StaffDoor(tmp_path).is_there

    def test_only_a_hash_is_kept_and_for_this_user_alone(self, tmp_path):
        save_staff_code(CODE, tmp_path)

        file = tmp_path / FILE_NAME
        assert file.read_bytes().startswith(b"$argon2id$") and CODE.encode() not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_a_damaged_file_opens_to_nobody(self, kiosk, services, coded):
        (services.settings.data / FILE_NAME).write_bytes(b"\xff" * 40)
        kiosk.app.navigation.open_staff()
        kiosk.settle()

        touch_keys(kiosk, CODE)
        kiosk.touch("Open")

        kiosk.wait_until(lambda: any("cannot be read" in words for words in kiosk.words()))


class TestTheState:
    def test_it_says_how_the_kiosk_stands_and_nothing_of_a_person(self, kiosk, services, media):
        ask(services, "Xanthippe")

        rows = at_staff(kiosk).rows

        assert rows["Requests waiting"].value.startswith("1 (oldest from ")
        assert rows["Need a look"].value == "None"
        assert rows["Clock"].value == "21/11/2026 12:00"
        assert rows["Content"].value == "oxfordshire 1"
        assert rows["Kiosk and programme"].value.startswith("kiosk-test, ")
        assert "Xanthippe" not in " ".join(kiosk.words())

    @pytest.mark.promise(7)
    def test_a_queue_that_was_put_aside_stands_out(self, services):
        (services.settings.data / "outbox.sqlite").write_bytes(b"rotten" * 1000)

        says, wrong = say_state(look(services), str)["Requests waiting"]

        assert wrong and says == "0. A damaged queue was put aside: keep its file."

    @pytest.mark.promise(11)
    def test_conflicts_and_stale_figures_stand_out(self, kiosk, services, media):
        ask(services)
        services.outbox.set_aside(services.outbox.pending()[0].envelope.id, "conflict")
        services.now = lambda: NOON.replace(year=2040)

        rows = at_staff(kiosk).rows

        wrong = {label for label, row in rows.items() if row.wrong}
        assert {"Need a look", "Figures out of date"} <= wrong
        assert rows["Need a look"].value == "1: the hub did not take them."

    @pytest.mark.promise(31, 32)
    def test_a_rotten_and_an_expired_pack_stand_out(self, services):
        data, today = trusting(services.settings.data), services.today()
        expires = services.now() - timedelta(days=1)
        install(built(2, expires_at=expires).content, data, OXFORD, services.now())
        install(built(3).content, data, OXFORD, services.now())
        rows = []
        for _ in range(2):
            services.opened = Shelf(data).open(services.settings.pack, today)
            services.pack, services.faults = services.opened.pack, services.opened.faults
            rows.append(say_state(look(services), str)["Content"])
            next(data.glob("packs/oxfordshire/b/content/england/*.yaml")).write_text("rotten", encoding="utf-8")
        roll_back(data, OXFORD)
        services.opened = Shelf(data).open(services.settings.pack, today)
        services.pack, services.faults = services.opened.pack, services.opened.faults
        rows.append(say_state(look(services), str)["Content"])

        assert rows == [
            ("oxfordshire 3", False),
            ("oxfordshire 2. The one installed after it is damaged: install it again.", True),
            ("oxfordshire 2. It has expired: no figures are shown. Install a newer one.", True),
        ]

    @pytest.mark.promise(31)
    def test_a_pack_that_breaks_the_start_stands_out(self, services):
        data, rows = trusting(services.settings.data), []
        for version in (2, 3):
            install(built(version).content, data, OXFORD, services.now())
        for boots in (["monday"] * 4, ["monday", "tuesday", "wednesday", "thursday"]):
            (data / "packs" / OXFORD / "starts.json").unlink(missing_ok=True)
            for boot in boots:
                Starts(Slots(data, OXFORD), boot).begin()
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr("kiosk.pack.starts.this_boot", partial(str, boots[-1]))
                services.opened = Shelf(data).open(services.settings.pack, services.today())
            services.pack, services.faults = services.opened.pack, services.opened.faults
            rows.append(say_state(look(services), str)["Content"])

        assert rows == [
            ("oxfordshire 2. Version 3 failed to start: install a newer one, or that one again.", True),
            ("oxfordshire 2. The machine went off while version 3 started: switch it off and on again.", True),
        ]

    @pytest.mark.promise(25)
    def test_a_pack_that_the_hub_offers_and_that_was_refused_stands_out(self, services):
        before = say_state(look(services), str)["Content"]
        services.syncer.packs.state = PackState("Version 3 from the hub was refused.")

        assert not before[1]
        assert say_state(look(services), str)["Content"] == (
            f"{services.pack.id} {services.pack.version}. The one that the hub offers could not be taken; "
            "the hub’s page of this kiosk says why.",
            True,
        )

    def test_a_kiosk_that_never_joined_offers_neither_stick_nor_delivery(self, kiosk, services):
        services.identity = None
        rows = at_staff(kiosk).rows

        assert "Copy requests to the stick" not in kiosk.words() and "Deliver now" not in kiosk.words()
        assert rows["Kiosk and programme"].wrong

    def test_closing_is_asked_back(self, kiosk, services):
        closed = []
        kiosk.app.stop = lambda: closed.append(True)
        at_staff(kiosk)

        kiosk.touch("Close the kiosk programme")
        assert "Close the kiosk programme?" in kiosk.words() and not closed
        kiosk.touch("Yes, close it")

        assert closed

    def test_untouched_it_goes_back_to_the_welcome(self, kiosk, services, media):
        at_staff(kiosk)

        kiosk.app.idle.dispatch("on_idle")
        kiosk.settle()

        assert kiosk.app.navigation.screen == "welcome"
        assert kiosk.app.root.screen("staff").rows == {}


class TestTheStick:
    @pytest.mark.promise(22)
    def test_there_to_the_hub_and_back_by_touches_alone(self, kiosk, joined, hub, stick):
        for name in ("Amina", "Beata"):
            ask(joined, name)
        screen = at_staff(kiosk)

        assert asked_for(kiosk, "Copy requests to the stick").startswith("2 copied. They also stay here")
        assert joined.outbox.counts().waiting == 2
        import_stick(stick, hub.store, NOON)
        assert asked_for(kiosk, "Take the hub’s answers from the stick").startswith("2 delivered, 0 still wait")

        assert sorted(hub.names()) == ["Amina", "Beata"]
        kiosk.wait_until(lambda: screen.rows["Requests waiting"].value == "0")

    @pytest.mark.promise(20)
    def test_a_new_team_key_comes_with_the_answers(self, kiosk, joined, hub, stick):
        ask(joined)
        at_staff(kiosk)
        asked_for(kiosk, "Copy requests to the stick")
        keys = hub.store.get_keys()
        hub.store.save_keys(replace(keys, team_key=keys.recovery_key))
        import_stick(stick, hub.store, NOON)

        asked_for(kiosk, "Take the hub’s answers from the stick")

        assert (joined.identity.team_key, joined.identity.generation) == (keys.recovery_key, 2)

    def test_delivery_is_asked_for_and_told(self, kiosk, joined, hub):
        ask(joined)
        screen = at_staff(kiosk)

        assert asked_for(kiosk, "Deliver now") == "1 delivered, 0 still wait."

        assert hub.names() == ["Amina"]
        kiosk.wait_until(lambda: screen.rows["Last delivery"].value == "21/11/2026 12:00")

    def test_a_hub_that_is_away_is_told(self, kiosk, services):
        ask(services)
        screen = at_staff(kiosk)

        says = asked_for(kiosk, "Deliver now")

        assert says == "0 delivered, 1 still wait. The hub could not be reached. We keep trying."
        assert screen.failed

    @pytest.mark.promise(24)
    def test_no_stick_is_named(self, kiosk, services, media):
        ask(services)
        assert refused(kiosk, services).startswith("There is no stick.")

    def test_a_folder_of_this_machines_own_disk_is_no_stick(self, kiosk, services, media):
        (media / "cdrom").mkdir()
        ask(services)
        assert refused(kiosk, services).startswith("There is no stick.")

    @pytest.mark.promise(24)
    def test_two_sticks_are_named(self, kiosk, services, media, stick):
        ask(services)
        with put_in() as other:
            (media / "RED").symlink_to(other)
            assert refused(kiosk, services) == "There is more than one stick. Take one out."
            assert list(other.iterdir()) == list(stick.iterdir()) == []

    @pytest.mark.promise(24)
    def test_a_full_stick_is_named(self, kiosk, services, media):
        ask(services)
        with mounted(media / "BLUE", "size=4k") as blue:
            (blue / "photos").write_bytes(b"x" * 4096)
            assert refused(kiosk, services).startswith("The stick is full.")
            assert [file.name for file in blue.iterdir()] == ["photos"]

    @pytest.mark.promise(24)
    def test_a_locked_stick_is_named(self, kiosk, services, media):
        ask(services)
        with mounted(media / "BLUE") as blue:
            lock(blue)
            assert refused(kiosk, services).startswith("The stick may only be read.")

    @pytest.mark.promise(24)
    def test_a_stick_that_fails_while_it_is_written_is_named(self, kiosk, services, media):
        ask(services)
        # Another disk, on which nothing can be made.
        (media / "BLUE").symlink_to("/proc/self")
        assert refused(kiosk, services).startswith("The stick was pulled out, or has failed.")

    def test_a_stick_that_was_not_at_the_hub_is_named(self, kiosk, services, stick):
        ask(services)
        at_staff(kiosk)
        says = asked_for(kiosk, "Take the hub’s answers from the stick")
        assert says.startswith("The hub has left no answers on this stick.")

    @pytest.mark.promise(24)
    def test_nothing_to_copy_is_told_and_nothing_is_written(self, kiosk, services, stick):
        at_staff(kiosk)
        assert asked_for(kiosk, "Copy requests to the stick").startswith("Nothing waits")
        assert list(stick.iterdir()) == []

    def test_how_much_is_copied_is_told_on_the_way(self, kiosk, services, stick):
        ask(services)
        screen, told = at_staff(kiosk), []
        screen.bind(says=lambda _screen, says: told.append(says))

        asked_for(kiosk, "Copy requests to the stick")

        assert told[0] == "Copying to the stick. Please leave it in."
        assert "Copying to the stick: 100%. Please leave it in." in told

    def test_whoever_left_meanwhile_is_told_nothing_and_the_copy_is_whole(self, kiosk, services, stick):
        ask(services)
        screen = at_staff(kiosk)
        kiosk.find("Copy requests to the stick").dispatch("on_touched")
        kiosk.app.navigation.finish()

        kiosk.wait_until(lambda: not screen.busy)

        assert screen.says == ""
        assert (stick / requests_file("kiosk-test")).exists()


def refused(kiosk, services: Services) -> str:
    """Ask for a copy that cannot be made, see that nothing is lost, and return what the screen says."""
    before = services.outbox.counts().waiting
    screen = at_staff(kiosk)
    says = asked_for(kiosk, "Copy requests to the stick")
    assert screen.failed and services.outbox.counts().waiting == before > 0
    return says


@pytest.mark.parametrize(
    ("size", "mirrored"), [*((size, False) for size in WINDOWS), (WINDOWS[0], True), (WINDOWS[-1], True)], ids=str
)
def test_everything_fits_its_place(kiosk, services, media, size, mirrored):
    from kiosk.ui.widgets.pages import Pages

    width, height, text_size = size
    kiosk.app.theme.mirrored = mirrored
    kiosk.resize(width, height)
    ask(services)
    services.outbox.set_aside(services.outbox.pending()[0].envelope.id, "conflict")
    faults = {}
    for name in ("staff-code", "staff", "staff-close"):
        kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place(name)), text_size=text_size)
        screen = kiosk.app.root.screen(name)
        if name == "staff":
            kiosk.wait_until(lambda rows=screen.rows: all(row.value for row in rows.values()))
            screen.says = "The stick was pulled out, or has failed. Put it in again. Nothing is lost."
        if name == "staff-code":
            screen.trouble = "Too many tries. Wait 900 seconds."
        pages = next((w for w in screen.walk() if isinstance(w, Pages)), None)
        kiosk.lay_out()
        for page in range(int(pages.page_count) if pages else 1):
            if pages:
                pages.page = page
            kiosk.lay_out()
            if found := misfits(kiosk):
                faults[name, page] = found
    assert not faults


INSTALL = "Install content from the stick"


class TestContentFromTheStick:
    """Promises 25 to 27, by a touch."""

    @pytest.fixture
    def data(self, services: Services) -> Path:
        return trusting(services.settings.data)

    def test_the_newest_is_installed_by_one_touch(self, kiosk, services, stick, data):
        for version in (2, 3):
            (stick / f"oxfordshire-{version}.pack").write_bytes(built(version).content)
        screen = at_staff(kiosk)

        assert asked_for(kiosk, INSTALL) == "Version 3 is installed. Parents see it from the next visit on."

        assert not screen.failed
        opened = Shelf(data).open(services.settings.pack, services.today())
        assert (opened.pack.version, opened.stands_in) == (3, False)

    def test_a_kiosk_that_never_joined_a_hub_installs_too(self, kiosk, services, stick, data):
        services.identity = None
        (stick / "a.pack").write_bytes(built(2).content)
        at_staff(kiosk)

        assert asked_for(kiosk, INSTALL).startswith("Version 2 is installed.")

    @pytest.mark.promise(25, 26, 27)
    def test_each_refusal_is_said_in_plain_words_and_the_old_one_stays(self, kiosk, services, stick, data):
        install(built(3).content, data, OXFORD, services.now())
        screen, before = at_staff(kiosk), everything_in(data)
        whole = built(4).content
        refused = {
            None: "There is no content on this stick.",
            whole[:-40]: "The content on this stick is damaged. Copy it there again.",
            built(4, key=STRANGER).content: "This kiosk does not know who signed this content.",
            built(2).content: "This content is older than what was installed here.",
            b"": "The content on this stick is damaged.",
        }
        for content, says in refused.items():
            if content is not None:
                (stick / "a.pack").write_bytes(content)
            told = asked_for(kiosk, INSTALL)
            assert told.startswith(says) and told.endswith("What was here before is still shown."), content and len(
                content
            )
            assert screen.failed

        kept = everything_in(data)
        assert {name: kept[name] for name in before if name.startswith("packs/")} == {
            name: each for name, each in before.items() if name.startswith("packs/")
        }

    def test_without_a_stick_it_says_so(self, kiosk, services, media, data):
        at_staff(kiosk)
        assert asked_for(kiosk, INSTALL).startswith("There is no stick.")
