"""Serve the hub with waitress, and look after what is due while it runs."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import waitress
from flask import Flask
from sqlalchemy import Engine
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from kiosk.errors import PortTaken
from kiosk.hub.escalation import escalate
from kiosk.hub.free_pages import clear_keys
from kiosk.hub.retention import purge_on_time
from kiosk.hub.sessions import end_idle
from kiosk.hub.tries import forget_tries
from kiosk.hub.uploads import parser_for
from kiosk.settings import Settings

UPKEEP_EVERY = 3600.0  # seconds
# Whatever a path takes itself, which is less: waitress would keep a gigabyte in a file before the path is asked.
BODY_MOST = 1024 * 1024  # bytes
# What is not sent yet waits in memory. Beyond this, which is more than waitress lets pile up, it would be written to a
# file as it is: a page full of names.
ANSWER_MOST = 64 * 1024 * 1024  # bytes
# A kiosk keeps its connection open, and a second one while its queue is long: this is how many of them, and of desks, one
# process serves. Under the 1,024 files that a process may usually have open.
CONNECTIONS = 900
log = logging.getLogger(__name__)


def make_server(app: Flask, host: str, port: int, proxy: str = "") -> BaseWSGIServer:
    """Return a server that listens but does not yet answer; port 0 is any free one. Raises PortTaken.

    Only `proxy`, an address, may say in X-Forwarded-For and -Proto who asked and how; from all others they are ignored.
    """
    # Waitress warns of every single request that waits for a thread: a log full of that hides what matters.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    trusted = {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}
    server = waitress.create_server(
        app,
        sockets=[_listen(host, port)],
        **(trusted if proxy else {}),
        clear_untrusted_proxy_headers=True,
        max_request_body_size=BODY_MOST,
        inbuf_overflow=2 * BODY_MOST,  # the same of what comes in: a note, a password
        outbuf_overflow=ANSWER_MOST,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select() ends at file 1,024
        ident="",
    )

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = parser_for(app)

    server.channel_class = Channel
    return server


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as why:
        raise PortTaken(
            f"The hub cannot listen at {host}, port {port}: {why.strerror}.",
            "Choose another: kiosk hub serve --port 8766",
        ) from why


@contextlib.contextmanager
def upkeep(engine: Engine, settings: Settings) -> Iterator[None]:
    """Purge what is due and tell of what is overdue, at once and every hour for as long as the block runs.

    Several processes may do so on one database.
    """
    done = threading.Event()
    thread = threading.Thread(target=_keep_up_until, args=(done, engine, settings), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _keep_up_until(done: threading.Event, engine: Engine, settings: Settings) -> None:
    jobs: dict[str, Callable[[datetime], object]] = {
        "purge": lambda now: _purge(engine, settings, now),
        "end of idle sign-ins": lambda now: end_idle(engine, timedelta(minutes=settings.idle_lock_minutes), now),
        "clearing of old keys": lambda _now: clear_keys(engine),
        "count of tries": lambda now: forget_tries(engine, now),
        "mail about what is overdue": lambda now: escalate(engine, settings, now),
    }
    while True:
        for name, job in jobs.items():
            try:
                job(datetime.now(UTC))
            except Exception as why:
                # Whatever it is, it must neither end this thread nor keep the others from their turn.
                log.warning("The %s did not run: %s", name, type(why).__name__)
        if done.wait(UPKEEP_EVERY):
            return


def _purge(engine: Engine, settings: Settings, now: datetime) -> None:
    if purge_on_time(engine, settings.handled_days, now) is None:
        log.warning("Nothing is purged: the clock has leapt, or the hub was off for days. See: kiosk hub clock")
