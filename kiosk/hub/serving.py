"""Serve the hub with waitress, and look after what is due while it runs."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import waitress
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import BaseWSGIServer

from kiosk.errors import PortTaken
from kiosk.hub.escalation import escalate
from kiosk.hub.retention import purge
from kiosk.settings import Settings

UPKEEP_EVERY = 3600.0  # seconds
log = logging.getLogger(__name__)


def make_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """Return a server that listens but does not yet answer; port 0 is any free one. Raises PortTaken."""
    # Only a proxy on this machine may say who asked, and that it was over https.
    return waitress.create_server(
        app,
        sockets=[_listen(host, port)],
        trusted_proxy="127.0.0.1",
        trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        clear_untrusted_proxy_headers=True,
        ident="",
    )


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
    while True:
        try:
            purge(engine, settings.handled_days, datetime.now(UTC))
            escalate(engine, settings, datetime.now(UTC))
        except SQLAlchemyError as why:
            # A busy or absent database is no reason to stop serving; the next hour tries again.
            log.warning("The purge did not run: %s", type(why).__name__)
        if done.wait(UPKEEP_EVERY):
            return
