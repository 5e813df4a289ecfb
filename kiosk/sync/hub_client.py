"""Talk to the hub. The only place of the kiosk's that uses the network, and it believes nothing that is not signed.

Whatever answers with a redirect, a login page, half an answer or another's receipt is not a hub: HubNonsense.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
from nacl.signing import SigningKey

from kiosk import __version__
from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Identity
from kiosk.callbacks.new_keys import hear_days, learn
from kiosk.callbacks.seal import Purpose, batch_bytes, check_items, check_keys, public_key, sign, verify, word_bytes
from kiosk.errors import (
    EnrolmentRefused,
    HubNonsense,
    HubRefused,
    HubSlows,
    HubUnreachable,
    KioskCloned,
    NoTeamKey,
    SealBroken,
)
from kiosk.sync.answers import check_item
from kiosk.sync.model import Answer, Standing

CONNECT_SECONDS = 5
READ_SECONDS = 20
ANSWER_SECONDS = 60  # for a whole answer, however slowly it drips
ENROL_TRIES = 3
PIECE = 4 * 1024  # bytes of an archive: after each one a request may come first, and a cut loses one at most
LONGEST_SLOWED = 60  # seconds; where a hub, or what stands before it, slows us without saying for how long

Message = TypeVar("Message")


class HubClient:
    """One connection to the hub, as this kiosk, for one thread. `url` stands in for the address it joined at.

    `on_new_keys` is called, in the thread that delivers, with who this kiosk is once the hub has changed its keys
    or its days.
    """

    def __init__(
        self,
        identity: Identity,
        ca: Path | None = None,
        url: str = "",
        on_new_keys: Callable[[Identity], None] = lambda newer: None,
    ) -> None:
        self._identity, self._on_new_keys = identity, on_new_keys
        self._line = _Line(url or identity.hub_url, ca)

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        """Post one batch and return the hub's word on each envelope, in order; its signature over them is checked.

        Raises HubUnreachable, HubRefused (401, 403) or HubNonsense; then nothing is known of any of them.
        """
        me = self._identity
        body = wire.encode(_batch(me, envelopes, standing))
        answer = self._line.post("/api/v1/envelopes", body, wire.BatchAnswer, _signed(me, "batch", body))
        answers = _checked(answer, envelopes, me.hub_verify_key)
        newer = learn(me, answer.new_keys, self._on_new_keys)
        self._identity = hear_days(newer, answer.keep_days, self._on_new_keys)
        return answers

    def ask_pack(self, pack: str, shown: int, says: str) -> wire.PackWord:
        """Return the hub's word on which version of `pack` to show; its signature over word and question is checked.

        `shown` is the version on the screen, `says` what stood in the way of the last one. Raises HubError.
        """
        me = self._identity
        body = wire.encode(wire.PackAsk(1, me.kiosk, __version__, pack, shown, token_hex(16), says))
        word = self._line.post("/api/v1/pack", body, wire.PackWord, _signed(me, "pack-ask", body))
        try:
            verify("pack-word", word_bytes(body, word), word.signature or b"", me.hub_verify_key)
        except SealBroken as why:
            raise HubNonsense("The word on packs is not signed by the hub that this kiosk joined.") from why
        return word

    def fetch_pack(self, sha256: str, start: int) -> Iterator[bytes]:
        """Yield the bytes of an archive from `start` on; what they are worth its hash and its publisher say.

        Raises HubUnreachable as soon as the connection is cut: what was yielded before is right as far as it goes.
        """
        me = self._identity
        path = f"/api/v1/kiosks/{me.kiosk}/packs/{sha256}"
        return self._line.get_from(path, start, _signed(me, "pack-fetch", sha256.encode()))

    def close(self) -> None:
        """Let go of the connection."""
        self._line.close()


def _checked(answer: wire.BatchAnswer, envelopes: Sequence[Envelope], hub_verify_key: bytes) -> list[Answer]:
    try:
        check_items(answer.items, answer.signature, hub_verify_key)
    except SealBroken as why:
        raise HubNonsense("The receipts are not signed by the hub that this kiosk joined.") from why
    if len(answer.items) != len(envelopes):
        raise HubNonsense("The hub's answer is not about the requests it was sent.")
    return [check_item(item, each) for item, each in zip(answer.items, envelopes, strict=True)]


def _signed(me: Identity, purpose: Purpose, covered: bytes) -> dict[str, str]:
    signature = sign(purpose, batch_bytes(covered, me.hub_verify_key), me.signing_key)
    return {wire.SIGNATURE_HEADER: b64encode(signature).decode()}


def _batch(me: Identity, envelopes: Sequence[Envelope], standing: Standing | None) -> wire.Batch:
    blobs = tuple(each.blob for each in envelopes)
    batch = wire.Batch(1, me.kiosk, __version__, blobs, generation=me.generation)
    if standing is None:
        return batch
    step = wire.Step(**asdict(standing.link)) if standing.link else None
    return msgspec.structs.replace(batch, waiting=standing.waiting, sent_at=standing.at, step=step)


def enrol(url: str, code: str, ca: Path | None = None) -> Identity:
    """Join the hub at `url` with a one-time code: make a key, have it accepted, and return who this kiosk now is.

    Raises EnrolmentRefused (wrong code, or an address that is not safe), HubUnreachable or HubNonsense.
    """
    seed = bytes(SigningKey.generate())
    signature = sign("enrolment", code.encode(), seed)
    body = wire.encode(wire.EnrolRequest(1, code, public_key(seed), signature))
    line = _Line(url, ca)
    try:
        answer = _ask_to_join(line, body)
    finally:
        line.close()
    keys = (answer.hub_verify_key, answer.team_key, answer.recovery_key)
    identity = Identity(answer.kiosk, seed, url, *keys, answer.generation, answer.keep_days or 0)
    try:
        check_keys(identity)
    except NoTeamKey as why:
        raise HubNonsense("The hub's keys cannot be sealed for.", "Look at the hub: kiosk hub init") from why
    return identity


def _ask_to_join(line: _Line, body: bytes) -> wire.EnrolAnswer:
    """The code may be spent while its answer is lost: the hub gives the same key the same answer again."""
    for tries_left in reversed(range(ENROL_TRIES)):
        try:
            return line.post("/api/v1/enrol", body, wire.EnrolAnswer, {"Connection": "close"})
        except HubUnreachable as why:
            if not tries_left or isinstance(why, HubSlows):
                raise
        except HubRefused as why:
            raise EnrolmentRefused(
                "The hub does not take this code: it is wrong, used or expired.",
                "Ask whoever runs the hub for a new one.",
            ) from why
    raise HubUnreachable("The hub could not be reached.")


class _Line:
    """Posts to one hub: no redirects, no cookies, limits on time and size."""

    def __init__(self, url: str, ca: Path | None) -> None:
        self._url = _checked_url(url)
        self._session = requests.Session()
        # A proxy that the machine is set up for must not be asked for this very machine.
        self._session.trust_env = not _is_loopback(self._url)
        self._session.verify = str(ca) if ca else True

    def close(self) -> None:
        self._session.close()

    def get_from(self, path: str, start: int, headers: dict[str, str]) -> Iterator[bytes]:
        asked = {"Range": f"bytes={start}-", "Accept-Encoding": "identity", **headers}
        with (
            self._reached(),
            self._session.get(
                self._url + path,
                headers=asked,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            _check_part(response, start)
            length, came = _length(response), 0
            for piece in response.iter_content(PIECE):
                came += len(piece)
                yield piece
        if came < length:
            raise HubUnreachable("The connection to the hub was cut.")

    def post(self, path: str, body: bytes, kind: type[Message], headers: dict[str, str] | None = None) -> Message:
        with (
            self._reached(),
            self._session.post(
                self._url + path,
                data=body,
                headers={"Content-Type": "application/json", "Accept-Encoding": "identity", **(headers or {})},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            return _read(response, kind)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Say it in our own words where there is no hub to be reached."""
        try:
            yield
        except requests.exceptions.SSLError as why:
            raise HubUnreachable(
                "The hub's certificate is not trusted.", "If the hub has a CA of its own, set hub_ca to its PEM file."
            ) from why
        except requests.RequestException as why:
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
    for chunk in response.iter_content(8192):
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
