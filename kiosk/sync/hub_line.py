"""The line to a hub. The only place of the kiosk's that uses the network for it.

Whatever answers with a redirect, a login page or half an answer is not a hub: HubNonsense.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import requests
import urllib3

from kiosk.callbacks import wire
from kiosk.errors import EnrolmentRefused, HubNonsense, HubRefused, HubSlows, HubUnreachable, KioskCloned, SealBroken

CONNECT_SECONDS = 5
READ_SECONDS = 20
ANSWER_SECONDS = 60  # for a whole answer, however slowly it drips
PIECE = 4 * 1024  # bytes of an archive at most: after each one a request may come first, and a cut loses one
PATIENT_SECONDS, SLOWEST = 60, 500  # how many bytes a second of an archive must come, over so long
LONGEST_SLOWED = 60  # seconds; where a hub, or what stands before it, slows us without saying for how long
# What stands before a hub says so while the hub is away, and a hub while its database is: nothing is wrong with what it was sent.
AWAY = (502, 503, 504)

Message = TypeVar("Message")


class _Session(requests.Session):
    """Takes no cookies, and no notice of where a redirect points: requests would read its whole body, and stumble over an
    address that is none, even where it is told not to follow.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

    def get_redirect_target(self, _resp: requests.Response) -> None:
        return None


class Line:
    """Posts to one hub: no redirects, no cookies, limits on time and size."""

    def __init__(self, url: str, ca: Path | None) -> None:
        self._url = _checked_url(url)
        self._session = _Session()
        # A proxy that the machine is set up for must not be asked for this very machine.
        self._session.trust_env = not _is_loopback(self._url)
        # Said with each post: what is only the session's gives way to a variable of the machine's, such as CURL_CA_BUNDLE.
        self._ca = str(ca) if ca else None
        self._is_open = False  # a connection may be kept from an earlier answer

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()
        self._is_open = False

    def get_from(self, path: str, start: int, headers: dict[str, str]) -> Iterator[bytes]:
        """Yield what lies at `path` from byte `start` on, in pieces as they come. Raises HubError."""
        asked = {"Range": f"bytes={start}-", "Accept-Encoding": "identity", **headers}
        with (
            self._reached(),
            self._session.get(
                self._url + path,
                headers=asked,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
                verify=self._ca,
            ) as response,
        ):
            _check_part(response, start)
            length, came = _length(response), 0
            for piece in _as_it_comes(response):
                came += len(piece)
                yield piece
        if came < length:
            raise HubUnreachable("The connection to the hub was cut.")

    def post(self, path: str, body: bytes, kind: type[Message], headers: dict[str, str] | None = None) -> Message:
        """Return the answer to a body, whose signature is for the caller to check. Raises HubError."""
        kinds = {"Content-Type": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        with self._reached(), self._carry(path, kinds, body) as response:
            answer = _read(response, kind)
            self._is_open = True
            return answer

    def _carry(self, path: str, headers: dict[str, str], body: bytes) -> requests.Response:
        """Carry a post there, anew if the hub hung up on a connection that was kept, as one does that is started again. What
        it has had of the post it takes in once: whatever is posted may come twice.
        """
        was_open, self._is_open = self._is_open, False
        carry = partial(
            self._session.post,
            self._url + path,
            data=body,
            headers=headers,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
            verify=self._ca,
        )
        try:
            return carry()
        except requests.ConnectionError as why:
            if not was_open or isinstance(why, requests.Timeout):
                raise
            return carry()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Say it in our own words where there is no hub to be reached."""
        try:
            yield
        except requests.exceptions.SSLError as why:
            raise HubUnreachable(
                "The hub's certificate is not trusted.", "If the hub has a CA of its own, set hub_ca to its PEM file."
            ) from why
        except (requests.RequestException, urllib3.exceptions.HTTPError) as why:
            raise HubUnreachable("The hub could not be reached.", "Is the hub running, and is the network up?") from why
        except OSError as why:
            raise HubUnreachable(
                "The file that hub_ca names cannot be read.", "Set hub_ca to the CA's PEM file."
            ) from why


def _check_part(response: requests.Response, start: int) -> None:
    """Raise HubRefused or HubNonsense unless this is the part of an archive that begins at `start`."""
    if response.status_code in (401, 403):
        raise _refused(response)
    begins = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
    right = begins if response.status_code == 206 else response.status_code == 200 and start == 0
    if not right or response.headers.get("Content-Type", "").partition(";")[0].strip() != "application/octet-stream":
        raise HubNonsense(f"The hub does not hand out the pack it offers (status {response.status_code}).")


def _as_it_comes(response: requests.Response) -> Iterator[bytes]:
    """Yield what is there, be it a byte: who takes it may stop then. Raises HubUnreachable where it comes too slowly."""
    began, came = time.monotonic(), 0
    while piece := response.raw.read1(PIECE):
        yield piece
        came += len(piece)
        seconds = time.monotonic() - began
        if seconds > PATIENT_SECONDS:
            if came < seconds * SLOWEST:
                raise HubUnreachable("The hub hands out the pack too slowly.", "It is gone on with later.")
            began, came = time.monotonic(), 0


def _length(response: requests.Response) -> int:
    """Return how many bytes are to come, 0 where the hub does not say. Raises HubNonsense where it is no number."""
    said = response.headers.get("Content-Length", "0")
    # What stands between may write the header twice, which reads "64, 64".
    if not (said.isascii() and said.isdecimal()):
        raise HubNonsense("The hub does not say how long the pack is that it hands out.")
    return int(said)


def _read(response: requests.Response, kind: type[Message]) -> Message:
    if response.status_code in (401, 403):
        raise _refused(response)
    if response.status_code == 429:
        wait = response.headers.get("Retry-After", "")
        raise HubSlows(int(wait) if wait.isdecimal() and len(wait) < 6 else LONGEST_SLOWED)
    if response.status_code in AWAY:
        raise HubUnreachable(f"The hub is away (status {response.status_code}).", "Look at the hub's own log.")
    if response.status_code not in (200, 409):
        raise HubNonsense(f"The hub answered with status {response.status_code}.", "Look at the hub's own log.")
    if response.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        raise HubNonsense("What answers is not a Waymark hub.", "Is there a login page between the kiosk and the hub?")
    try:
        return wire.decode(_body(response), kind, wire.ANSWER_LIMIT)
    except SealBroken as why:
        raise HubNonsense("The hub's answer cannot be understood.", "Are kiosk and hub of the same version?") from why


def _refused(response: requests.Response) -> HubRefused:
    """Return the refusal that staff are told of. Its word is not signed, so it chooses between our own sentences only."""
    try:
        word = wire.decode(_body(response), wire.Refusal, wire.ANSWER_LIMIT).error
    except SealBroken:
        word = ""
    if word == wire.QUARANTINED:
        says = "The hub hears from two machines with the keys of this kiosk, and takes nothing from this one (403)."
        return KioskCloned(says, "If it should be a kiosk, enrol it again.")
    return HubRefused(f"The hub refuses this kiosk ({response.status_code}).", "Enrol the kiosk again.")


def _body(response: requests.Response) -> bytes:
    body, began = bytearray(), time.monotonic()
    # What is there, be it a byte: nobody waits for a piece to be full.
    while chunk := response.raw.read1(8192, decode_content=True):
        body += chunk
        if len(body) > wire.ANSWER_LIMIT:
            raise HubNonsense("The hub's answer does not end.")
        if time.monotonic() - began > ANSWER_SECONDS:
            raise HubUnreachable("The hub's answer takes too long.")
    return bytes(body)


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_good = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_good or parts.query or parts.fragment:
        raise EnrolmentRefused("This is not the address of a hub.", "It looks like https://hub.example.org")
    if parts.scheme == "http" and not _is_loopback(url):
        raise EnrolmentRefused(
            "This address is not safe: anyone on the way could put their own key in the hub's place.",
            "Use the hub's https:// address.",
        )
    return url.rstrip("/")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
