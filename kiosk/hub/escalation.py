"""Requests that nobody handled in time are told of by mail: how many, to the centre. Never about whom (R4)."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, exists, or_, select, update

from kiosk.hub.case import CaseState
from kiosk.hub.case_tables import bookings, mail_turns, reminders
from kiosk.hub.desk_tables import cases
from kiosk.hub.new_rows import insert_new
from kiosk.hub.tables import envelopes, kiosks
from kiosk.london import LONDON
from kiosk.settings import Settings

PATIENCE = 30.0  # seconds that a mail server has for each answer
TURN = timedelta(minutes=10)  # longer than a mail takes; a process that was ended holds up the others for as long
Send = Callable[[EmailMessage], None]
log = logging.getLogger(__name__)


def escalate(engine: Engine, settings: Settings, now: datetime, send: Send | None = None) -> int:
    """Mail each centre that has requests overdue by the hub's clock, and return how many mails went.

    Of several processes one tells, and a case is told of at most once a day: but if a mail cannot go, or the process is
    ended before it is known to have gone, its cases are told of at a later try.
    """
    if not settings.escalate_mail:
        return 0
    send, sent = send or (lambda mail: send_mail(settings.smtp_url, mail)), 0
    for centre, overdue in find_overdue(engine, settings.escalate_days, now).items():
        address = address_of(settings.escalate_mail, centre)
        if address and (turn := _take_turn(engine, centre, now)):
            sent += _tell(engine, turn, overdue, send, partial(_mail, settings, address))
    return sent


def find_overdue(engine: Engine, escalate_days: int, now: datetime) -> dict[str, list[str]]:
    """Return the ids of what came long enough ago, is not closed and not booked for later, by centre."""
    closed = exists().where(cases.c.id == envelopes.c.id, cases.c.state == CaseState.CLOSED.value)
    booked = exists().where(bookings.c.case == envelopes.c.id, bookings.c.at > now)
    late = envelopes.c.received_at <= now - timedelta(days=escalate_days)
    query = select(envelopes.c.id, kiosks.c.centre).join(kiosks, kiosks.c.id == envelopes.c.kiosk)
    found: dict[str, list[str]] = defaultdict(list)
    with engine.connect() as connection:
        for row in connection.execute(query.where(late, ~closed, ~booked).order_by(kiosks.c.centre)):
            found[row.centre].append(row.id)
    return found


def find_reminders(engine: Engine, case: UUID, since: datetime | None = None) -> list[date]:
    """Return the days, in London and from that of `since` on, on which a mail went that counted this case among others."""
    told = select(reminders.c.day).where(reminders.c.case == str(case)).order_by(reminders.c.day)
    first = since.astimezone(LONDON).date() if since else date.min
    with engine.connect() as connection:
        return [day for day in connection.execute(told).scalars() if day >= first]


def address_of(escalate_mail: str, centre: str) -> str:
    """Return a centre's address from "Rose Hill=a@example.org, b@example.org": its own, else the one for all, else ""."""
    pairs = [entry.rpartition("=") for entry in escalate_mail.split(",")]
    addresses = {name.strip(): address.strip() for name, _, address in pairs}
    return addresses.get(centre) or addresses.get("", "")


def send_mail(smtp_url: str, mail: EmailMessage) -> None:
    """Hand `mail` to the server at smtp://user:password@host:port, or smtps://. A password goes over TLS alone.

    Raises OSError or smtplib.SMTPException.
    """
    url, secure = urlsplit(smtp_url), ssl.create_default_context()
    host, wrapped = url.hostname or "", url.scheme == "smtps"
    with (
        smtplib.SMTP_SSL(host, url.port or 465, timeout=PATIENCE, context=secure)
        if wrapped
        else smtplib.SMTP(host, url.port or 25, timeout=PATIENCE)
    ) as server:
        server.ehlo()
        if not wrapped and server.has_extn("starttls"):
            server.starttls(context=secure)
            wrapped = True
        if url.username:
            if not wrapped:
                raise smtplib.SMTPNotSupportedError("The mail server offers no TLS for the password.")
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(mail)


def _mail(settings: Settings, address: str, count: int) -> EmailMessage:
    mail, days = EmailMessage(), settings.escalate_days
    mail["From"], mail["To"] = settings.smtp_from, address
    mail["Subject"] = "1 call is waiting" if count == 1 else f"{count} calls are waiting"
    waits = "1 person has" if count == 1 else f"{count} people have"
    mail.set_content(
        f"{waits} waited {days} {'day' if days == 1 else 'days'} or more for a call.\nThey stand on top of the list.\n"
    )
    return mail


@dataclass(frozen=True)
class _Turn:
    """The right to mail one centre, until it is given back or `until` has passed; `day` is today in London."""

    centre: str
    until: datetime
    day: date


def _take_turn(engine: Engine, centre: str, now: datetime) -> _Turn | None:
    """Return a turn unless another process has one. One that lies far ahead was taken by a clock that was wrong."""
    turn, until = _Turn(centre, now + TURN, now.astimezone(LONDON).date()), mail_turns.c.until
    theirs = update(mail_turns).where(mail_turns.c.centre == centre, or_(until <= now, until > now + 2 * TURN))
    with engine.begin() as connection:
        if insert_new(connection, mail_turns, {"centre": centre, "until": turn.until}):
            return turn
        return turn if connection.execute(theirs.values(until=turn.until)).rowcount else None


def _give_back(connection: Connection, turn: _Turn) -> None:
    mine = delete(mail_turns).where(mail_turns.c.centre == turn.centre, mail_turns.c.until == turn.until)
    connection.execute(mine)


def _tell(engine: Engine, turn: _Turn, overdue: list[str], send: Send, mail: Callable[[int], EmailMessage]) -> int:
    """Send one mail about those not told of today, then note that they are: return how many mails went."""
    told = select(reminders.c.case).where(reminders.c.day == turn.day)
    with engine.connect() as connection:
        untold = sorted(set(overdue) - set(connection.execute(told).scalars()))
    sent = bool(untold) and _goes(lambda: send(mail(len(untold))))
    with engine.begin() as connection:
        for case in untold if sent else ():
            insert_new(connection, reminders, {"case": case, "day": turn.day})
        _give_back(connection, turn)
    return int(sent)


def _goes(send: Callable[[], None]) -> bool:
    try:
        send()
    except Exception as why:
        # Whatever it is, an address that is none among them: the next centre is told all the same.
        log.warning("A mail about overdue requests did not go: %s", type(why).__name__)
        return False
    return True
