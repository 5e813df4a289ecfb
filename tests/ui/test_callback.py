"""A whole call back by touches, and all that can go wrong with it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import time

import pytest
from nacl.public import PrivateKey

from kiosk.bootstrap import Services
from kiosk.callbacks.identity import load_identity, save_identity
from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.callbacks.seal import open_envelope, public_key
from kiosk.ui.visit import Draft, Place, Visit

CANARY, NUMBER = "Xanthippe", "07911123456"
WHOLE = {
    "name": CANARY,
    "phone": NUMBER,
    "days": frozenset({0}),
    "parts": frozenset({"morning"}),
}


@pytest.fixture
def team_key(services: Services) -> PrivateKey:
    """The team's private key: the kiosk under test seals for it."""
    key = PrivateKey.generate()
    save_identity(
        replace(load_identity(services.settings.data), team_key=bytes(key.public_key)), services.settings.data
    )
    services.identity = load_identity(services.settings.data)
    return key


def at_review(kiosk, **draft) -> Draft:
    """Stand before Send with everything given."""
    begun = Draft(**{**WHOLE, **draft})
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), Place("call-review")), draft=begun)
    kiosk.settle()
    return begun


def touch_keys(kiosk, characters: str) -> None:
    for character in characters:
        kiosk.tap_widget(next(w for w in kiosk.window.children[0].walk() if getattr(w, "gives", None) == character))


def saved(services: Services, team_key: PrivateKey) -> list[CallbackRequest]:
    """What the outbox holds, opened as the team would."""
    verify_key = public_key(services.identity.signing_key)
    return [open_envelope(held.envelope.blob, bytes(team_key), verify_key) for held in services.outbox.pending()]


def fill_the_disk(services: Services) -> None:
    """From now on the outbox's database refuses a new envelope, as it does on a full disk."""
    services.outbox.counts()
    _change(
        services, "CREATE TRIGGER no_room BEFORE INSERT ON envelopes BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    )


def make_room(services: Services) -> None:
    _change(services, "DROP TRIGGER no_room")


def _change(services: Services, statement: str) -> None:
    connection = sqlite3.connect(services.settings.data / "outbox.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()


def on(kiosk, screen: str) -> bool:
    return kiosk.app.navigation.screen == screen


def test_what_is_typed_by_touches_is_what_the_team_reads(kiosk, services, team_key):
    kiosk.app.navigation.go(Place("home"))
    kiosk.app.navigation.ask_for_call("cv")
    kiosk.settle()
    touch_keys(kiosk, "ANA-LU")
    kiosk.touch("Next")
    touch_keys(kiosk, NUMBER)
    kiosk.touch("Next")
    for words in ("Tuesday", "Thursday", "Afternoon, 3 to 5", "Next"):
        kiosk.touch(words)
    for words in ("Yes, you may leave a message", "Next", "Polski", "I would like an interpreter", "Next", "Next"):
        kiosk.touch(words)
    assert on(kiosk, "call-review")
    kiosk.touch("Send")
    kiosk.wait_until(lambda: on(kiosk, "sent"))

    [request] = saved(services, team_key)
    assert (request.name, request.phone) == ("Ana-Lu", "+447911123456")
    assert request.safe_times == tuple(SafeTime(day, time(15), time(17)) for day in (1, 3))
    assert (request.may_leave_message, request.language, request.interpreter) == (True, "pl", True)
    assert request.topic == kiosk.app.pack.callback.topics["cv"].say
    assert (request.centre, request.kiosk) == ("Rose Hill Children’s Centre", "kiosk-test")
    assert "We have your request" in kiosk.words()


@pytest.mark.parametrize("name", ["آمنة عبد الله", "ڈاکٹر گل", "ক্ষৌণী ব\u09dc", "Łucja"])
def test_a_name_is_read_by_the_team_in_the_letters_it_was_typed_in(kiosk, services, team_key, name):
    at_review(kiosk, name=name)
    assert name in kiosk.words()

    kiosk.touch("Send")
    kiosk.wait_until(lambda: on(kiosk, "sent"))

    assert [request.name for request in saved(services, team_key)] == [name]


def test_unless_asked_otherwise_no_message_is_left(kiosk, services, team_key):
    at_review(kiosk)

    assert "Leave no message" in kiosk.words()
    kiosk.touch("Send")
    kiosk.wait_until(lambda: on(kiosk, "sent"))
    assert saved(services, team_key)[0].may_leave_message is False


@pytest.mark.promise(3)
def test_two_touches_on_send_are_one_record(kiosk, services, team_key):
    at_review(kiosk)
    send = kiosk.find("Send")

    send.dispatch("on_touched")
    send.dispatch("on_touched")
    kiosk.wait_until(lambda: on(kiosk, "sent"))

    assert len(saved(services, team_key)) == 1


@pytest.mark.promise(3)
def test_while_it_is_sent_the_button_says_so_and_sleeps(kiosk, services, team_key):
    at_review(kiosk)
    send = kiosk.find("Send")

    send.dispatch("on_touched")

    assert (send.text, send.enabled) == ("Sending…", False)


@pytest.mark.promise(4)
def test_a_full_disk_is_told_calmly_and_nothing_typed_is_lost(kiosk, services, team_key):
    draft = at_review(kiosk)
    fill_the_disk(services)

    kiosk.touch("Send")
    kiosk.wait_until(lambda: "We could not save this. Please speak to reception." in kiosk.words())

    assert kiosk.app.navigation.visit.draft == replace(draft, sent=True)
    assert CANARY in kiosk.words()
    make_room(services)
    kiosk.touch("Try again")
    kiosk.wait_until(lambda: on(kiosk, "sent"))
    assert [request.name for request in saved(services, team_key)] == [CANARY]


@pytest.mark.promise(4)
def test_after_a_save_that_failed_the_information_screens_go_on(kiosk, services, team_key):
    at_review(kiosk)
    fill_the_disk(services)
    kiosk.touch("Send")
    kiosk.wait_until(lambda: "We could not save this. Please speak to reception." in kiosk.words())

    kiosk.app.navigation.home()
    kiosk.settle()
    kiosk.touch("My path to work")
    kiosk.touch("I am looking for work")
    assert on(kiosk, "question")
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("childcare", "OX4 4UY")), postcode="OX44UY")
    kiosk.wait_until(lambda: any(words.startswith("Showing 1 to ") for words in kiosk.words()))


def test_a_visit_that_ended_meanwhile_sees_nothing_of_the_answer(kiosk, services, team_key):
    at_review(kiosk)

    kiosk.find("Send").dispatch("on_touched")
    kiosk.app.navigation.finish()
    kiosk.wait_until(lambda: len(saved(services, team_key)) == 1)
    kiosk.settle()

    assert on(kiosk, "welcome")


def test_a_number_too_short_is_told_beside_the_field(kiosk):
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("call-phone")), draft=Draft(phone="07911"))
    kiosk.settle()

    kiosk.touch("Next")

    assert on(kiosk, "call-phone")
    assert "That number is too short. A mobile has 11 digits." in kiosk.words()
    assert kiosk.app.navigation.visit.draft.phone == "07911"
    touch_keys(kiosk, "1")
    assert "That number is too short. A mobile has 11 digits." not in kiosk.words()


def test_without_a_day_one_cannot_go_on(kiosk):
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("call-times")), draft=Draft())
    kiosk.settle()

    kiosk.touch("Next")

    assert "Please choose at least one day." in kiosk.words()


def test_any_time_chooses_every_day_and_every_part(kiosk):
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("call-times")), draft=Draft())
    kiosk.settle()

    kiosk.touch("Any time in these hours")

    callback, draft = kiosk.app.pack.callback, kiosk.app.navigation.visit.draft
    assert (draft.days, draft.parts) == (frozenset(callback.days), frozenset(callback.parts))


def test_a_change_from_the_review_comes_back_to_the_review(kiosk):
    at_review(kiosk)
    row = next(w for w in kiosk.window.children[0].walk() if getattr(w, "label", "") == "We ring")

    kiosk.tap_widget(row.ids.change)
    assert on(kiosk, "call-phone")
    touch_keys(kiosk, ("delete",))
    touch_keys(kiosk, "7")
    kiosk.touch("Done")

    assert on(kiosk, "call-review")
    assert "07911 123457" in kiosk.words()


def test_a_change_left_half_done_cannot_be_sent(kiosk):
    at_review(kiosk, phone="0791")

    assert not kiosk.find("Send").enabled
    assert "That number is too short. A mobile has 11 digits." in kiosk.words()


def test_the_whole_privacy_notice_is_one_touch_away(kiosk):
    at_review(kiosk)

    kiosk.touch("More about your privacy")

    assert on(kiosk, "privacy")
    assert kiosk.app.filled(kiosk.app.pack.callback.privacy[0]) in kiosk.words()


def test_the_days_that_the_hub_says_are_promised_from_the_next_look_on(kiosk, services: Services):
    at_review(kiosk)
    before = [words for words in kiosk.words() if "deleted 14 days after we are done" in words]
    kiosk.touch("More about your privacy")
    services.renew(replace(services.identity, keep_days=30))
    kiosk.touch("Back")

    assert before
    assert [words for words in kiosk.words() if "deleted 30 days after we are done" in words]
    kiosk.touch("More about your privacy")
    assert [words for words in kiosk.words() if "We delete it 30 days after we are done" in words]


def test_every_step_can_be_left_at_once(kiosk):
    for screen in ("call-name", "call-phone", "call-times", "call-message", "call-language", "call-topic", "privacy"):
        kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place(screen)), draft=Draft())
        kiosk.settle()
        assert "Leave this page" in kiosk.words()


@pytest.mark.parametrize("end", ["finish", "leave", "home"])
@pytest.mark.promise(6, 38)
def test_when_a_visit_ends_no_widget_holds_what_was_typed(kiosk, end):
    for screen in ("call-name", "call-phone", "call-review"):
        kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place(screen)), draft=Draft(**WHOLE))
        kiosk.settle()
    assert traces(kiosk, CANARY) and traces(kiosk, "07911")

    getattr(kiosk.app.navigation, end)()
    kiosk.settle()

    assert traces(kiosk, CANARY) == traces(kiosk, "07911") == []


def traces(kiosk, canary: str) -> list[str]:
    """Every property of every widget of every screen, shown or not, in which the canary can be read."""
    screens = [screen for screen in kiosk.app.root._screens.values()]
    widgets = {id(w): w for root in (kiosk.app.root, *screens) for w in root.walk()}
    return [
        f"{type(widget).__name__}.{name}"
        for widget in widgets.values()
        for name in widget.properties()
        if canary in str(widget.property(name).get(widget))
    ]
