"""Fetches JSON from one host as a guest should: named, slowly, one request at a time, and gone when asked to wait.

The only other user of requests beside the hub client.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import requests

from kiosk import __version__
from kiosk.childcare.sources.feed import FeedGone
from kiosk.errors import FeedUnreachable

USER_AGENT = f"Waymark/{__version__} (children's centre guide; reads a childcare list now and then)"
PAUSE = 1.0  # seconds between requests, if the host asks for no more
CONNECT_SECONDS, READ_SECONDS, ANSWER_SECONDS = 5, 20, 60
BYTES_AT_MOST = 20 << 20
REDIRECTS_AT_MOST = 3
TRIES = 4
LONGEST_WAIT = 300  # seconds; asked to wait longer, we come back another day
_KEPT = "What was read is kept: run the same command again and it goes on from there."


class PoliteHost:
    """Fetches from the host of `url` only. `wait` sleeps so many seconds; a test passes its own."""

    def __init__(self, url: str, pause: float = PAUSE, wait: Callable[[float], object] = time.sleep) -> None:
        self._host, self._pause, self._wait = urlsplit(url).netloc, pause, wait
        _check_safe(url)
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
        # A proxy that the machine is set up for must not be asked for this very machine.
        self._session.trust_env = not _is_loopback(url)
        self._has_asked = False

    def close(self) -> None:
        self._session.close()

    def fetch(self, url: str) -> Any:
        """Return the JSON at `url`. Raises FeedGone for 404 and 410, FeedUnreachable for whatever else does not work."""
        for tries_left in reversed(range(TRIES)):
            if self._has_asked:
                self._wait(self._pause)
            self._has_asked = True
            try:
                return self._follow(url)
            except _Later as why:
                if not tries_left or why.seconds > LONGEST_WAIT:
                    raise FeedUnreachable(f"{self._host} asks us to come back later.", _KEPT) from why
                self._wait(why.seconds)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as why:
                if not tries_left or isinstance(why, requests.exceptions.SSLError):
                    raise FeedUnreachable(f"{self._host} does not answer.", _KEPT) from why
                self._wait(self._pause * 2 ** (TRIES - tries_left))
            except requests.RequestException as why:
                raise FeedUnreachable(f"{self._host} does not answer as a web server does.", _KEPT) from why
        raise FeedUnreachable(f"{self._host} does not answer.", _KEPT)

    def _follow(self, url: str) -> Any:
        """A host may move a page about on itself, never to another host."""
        for _ in range(REDIRECTS_AT_MOST + 1):
            with self._session.get(
                url, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, stream=True
            ) as answer:
                if not answer.is_redirect:
                    return self._read(answer)
                url = urljoin(url, answer.headers["Location"])
            if urlsplit(url).netloc != self._host:
                raise FeedUnreachable(f"{self._host} sends us to another host.", f"Give that address itself. {_KEPT}")
            _check_safe(url)
        raise FeedUnreachable(f"{self._host} sends us round in circles.", _KEPT)

    def _read(self, answer: requests.Response) -> Any:
        if answer.status_code in (404, 410):
            raise FeedGone(f"{self._host} has no such page.", "Check the address. The list that is loaded stays.")
        if answer.status_code in (429, 503):
            raise _Later(_retry_after(answer.headers.get("Retry-After", "")))
        if answer.status_code >= 500:
            raise _Later(self._pause * 4)
        if answer.status_code != 200:
            raise FeedUnreachable(f"{self._host} answers with status {answer.status_code}.", _KEPT)
        try:
            return msgspec.json.decode(self._body(answer))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as why:
            raise FeedUnreachable(f"{self._host} does not answer in JSON.", f"Check the address. {_KEPT}") from why

    def _body(self, answer: requests.Response) -> bytes:
        body, began = bytearray(), time.monotonic()
        for chunk in answer.iter_content(1 << 16):
            body += chunk
            if len(body) > BYTES_AT_MOST:
                raise FeedUnreachable(f"An answer of {self._host} does not end.", _KEPT)
            if time.monotonic() - began > ANSWER_SECONDS:
                raise requests.Timeout
        return bytes(body)


class _Later(Exception):
    """The host asks to be left alone for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def _retry_after(said: str) -> float:
    """Return seconds from a number or a date (RFC 9110, 10.2.3); 10 where it says neither."""
    if said.isdecimal() and len(said) < 9:
        return float(said)
    try:
        at = parsedate_to_datetime(said)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return 10.0


def _check_safe(url: str) -> None:
    if urlsplit(url).scheme != "https" and not _is_loopback(url):
        raise FeedUnreachable(
            "This address is not safe: anyone on the way could change what it says.", "Use its https:// address."
        )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
