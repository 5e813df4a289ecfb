"""What nobody handled in time is told of by mail, through a real mail server, once a day and without a name."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine, text

from kiosk.hub.booking import Bookings
from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.escalation import address_of, escalate
from kiosk.hub.serving import upkeep
from kiosk.settings import Settings
from tests.hub.desk.people import NOW, WORKER, Clock, Kiosk, make_kiosk
from tests.processes import PATIENCE

DAY = timedelta(days=1)


@pytest.fixture
def settings(on_both: Settings) -> Settings:
    return on_both


@dataclass
class Postbox:
    """A mail server's memory; while `full` it takes nothing."""

    mails: list[Message] = field(default_factory=list)
    full: bool = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        if self.full:
            return "452 Insufficient system storage"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mailing(settings: Settings, postbox: Postbox) -> Iterator[Settings]:
    """The hub's settings with a mail server of this test's own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(postbox, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE)
    server.start()
    url = f"smtp://127.0.0.1:{port}"
    yield replace(settings, escalate_mail="lead@example.org", smtp_url=url, smtp_from="desk@example.org")
    server.stop()


def test_after_three_days_the_centre_is_told_how_many_and_not_whom(
    hub: Engine, kiosk: Kiosk, mailing: Settings, postbox: Postbox
) -> None:
    kiosk.leave("Canary", topic="Canary topic")
    kiosk.leave("Canary")
    assert escalate(hub, mailing, NOW + 3 * DAY - timedelta(seconds=1)) == 0
    assert escalate(hub, mailing, NOW + 3 * DAY) == 1

    mail = postbox.mails[0]
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "lead@example.org",
        "desk@example.org",
        "2 calls are waiting",
    )
    for word in (b"Canary", b"900123", b"Rose Hill", b"childcare"):
        assert word not in mail.as_bytes()


def test_a_case_is_told_of_once_a_day_and_a_new_one_on_its_own(
    hub: Engine, kiosk: Kiosk, mailing: Settings, clock: Clock, postbox: Postbox
) -> None:
    kiosk.leave()
    clock.forward(timedelta(hours=2))
    kiosk.leave()
    for hours in (0, 1, 2, 3, 24):
        escalate(hub, mailing, NOW + 3 * DAY + timedelta(hours=hours))

    assert [mail["Subject"] for mail in postbox.mails] == ["1 call is waiting"] * 2 + ["2 calls are waiting"]


def test_what_is_closed_or_booked_for_later_is_not_told_of(
    hub: Engine, kiosk: Kiosk, mailing: Settings, cases: Cases
) -> None:
    closed, booked = kiosk.leave(), kiosk.leave()
    for id in (closed, booked):
        cases.claim(id, WORKER, NOW)
    cases.close(closed, WORKER, [ResultKind.COLLEGE], NOW)
    Bookings(hub).book(booked, NOW + 5 * DAY, WORKER)

    assert escalate(hub, mailing, NOW + 4 * DAY) == 0
    assert escalate(hub, mailing, NOW + 5 * DAY) == 1


def test_a_claimed_one_that_nobody_closes_is_told_of(
    hub: Engine, kiosk: Kiosk, mailing: Settings, cases: Cases
) -> None:
    cases.claim(kiosk.leave(), WORKER, NOW)

    assert escalate(hub, mailing, NOW + 3 * DAY) == 1


def test_a_mail_that_was_not_taken_goes_at_the_next_try(
    hub: Engine, kiosk: Kiosk, mailing: Settings, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk.leave("Canary")
    postbox.full = True
    with caplog.at_level(logging.WARNING):
        assert escalate(hub, mailing, NOW + 3 * DAY) == 0
    postbox.full = False

    assert caplog.messages == ["A mail about overdue requests did not go: SMTPDataError"]
    assert escalate(hub, mailing, NOW + 3 * DAY) == 1


def test_what_is_no_address_at_one_centre_keeps_no_other_from_being_told(
    hub: Engine, kiosk: Kiosk, clock: Clock, mailing: Settings, postbox: Postbox
) -> None:
    make_kiosk(hub, clock, "Barton").leave(centre="Barton")
    kiosk.leave()
    for wrong in ("lead@", "lead@["):
        mixed = replace(mailing, escalate_mail=f"Barton={wrong}, lead@example.org")
        escalate(hub, mixed, NOW + 3 * DAY)

    assert [mail["To"] for mail in postbox.mails] == ["lead@example.org"]
    assert escalate(hub, mailing, NOW + 3 * DAY) == 1  # and Barton, as soon as its address is right


class Killed(BaseException):
    """What ends a process is no error that anybody catches."""


def test_a_process_that_is_ended_while_it_mails_does_not_keep_the_mail_from_going(
    hub: Engine, kiosk: Kiosk, mailing: Settings, postbox: Postbox
) -> None:
    def killed(_mail: EmailMessage) -> None:
        raise Killed

    kiosk.leave()
    with pytest.raises(Killed):
        escalate(hub, mailing, NOW + 3 * DAY, killed)

    assert [escalate(hub, mailing, NOW + 3 * DAY + timedelta(minutes=late)) for late in (0, 9, 10, 11)] == [0, 0, 1, 0]
    assert len(postbox.mails) == 1


def test_of_two_processes_at_once_one_tells(hub: Engine, kiosk: Kiosk, mailing: Settings) -> None:
    meanwhile: list[int] = []
    kiosk.leave()

    assert escalate(hub, mailing, NOW + 3 * DAY, lambda _: meanwhile.append(escalate(hub, mailing, NOW + 3 * DAY))) == 1
    assert meanwhile == [0]


def test_a_turn_that_was_taken_by_a_clock_of_2099_is_not_waited_for(
    hub: Engine, kiosk: Kiosk, mailing: Settings
) -> None:
    def killed(_mail: EmailMessage) -> None:
        raise Killed

    kiosk.leave()
    with pytest.raises(Killed):
        escalate(hub, mailing, NOW + 73 * 365 * DAY, killed)

    assert escalate(hub, mailing, NOW + 3 * DAY) == 1


def test_a_password_does_not_go_to_a_server_without_tls(
    hub: Engine, kiosk: Kiosk, mailing: Settings, postbox: Postbox
) -> None:
    kiosk.leave()
    secret = replace(mailing, smtp_url=mailing.smtp_url.replace("//", "//desk:secret@"))

    assert escalate(hub, secret, NOW + 3 * DAY) == 0
    assert postbox.mails == []


def test_a_server_that_is_away_and_a_hub_without_mail_are_no_error(
    hub: Engine, kiosk: Kiosk, settings: Settings
) -> None:
    kiosk.leave()
    away = replace(settings, escalate_mail="a@example.org", smtp_url="smtp://127.0.0.1:1", smtp_from="b@example.org")

    assert escalate(hub, settings, NOW + 3 * DAY) == 0
    assert escalate(hub, away, NOW + 3 * DAY) == 0


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("a@example.org", "a@example.org"),
        ("Rose Hill=r@example.org, a@example.org", "r@example.org"),
        ("Barton=b@example.org, a@example.org", "a@example.org"),
        ("Barton=b@example.org", ""),
    ],
)
def test_each_centre_may_have_its_own_address(written: str, address: str) -> None:
    assert address_of(written, "Rose Hill") == address


def test_the_hub_tells_while_it_serves(
    hub: Engine, kiosk: Kiosk, mailing: Settings, clock: Clock, postbox: Postbox
) -> None:
    clock.forward(-1000 * DAY)
    kiosk.leave()
    with upkeep(hub, mailing):
        pass

    assert [mail["Subject"] for mail in postbox.mails] == ["1 call is waiting"]


def test_a_purge_that_fails_keeps_nobody_from_being_told(
    hub: Engine, kiosk: Kiosk, cases: Cases, mailing: Settings, clock: Clock, postbox: Postbox
) -> None:
    clock.forward(-1000 * DAY)
    kiosk.leave()
    handled = kiosk.leave("Sophie")
    cases.claim(handled, WORKER, clock())
    cases.close(handled, WORKER, [ResultKind.COLLEGE], clock())
    with hub.begin() as connection:
        connection.execute(text("ALTER TABLE notes RENAME TO lost"))
    try:
        with upkeep(hub, mailing):
            pass
    finally:
        with hub.begin() as connection:
            connection.execute(text("ALTER TABLE lost RENAME TO notes"))

    assert [mail["Subject"] for mail in postbox.mails] == ["1 call is waiting"]
