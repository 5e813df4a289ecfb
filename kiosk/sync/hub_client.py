"""Talk to the hub: what a kiosk says and asks, by kiosk.sync.hub_line. It believes nothing that is not signed.

Another's receipt, or one that is forged, is no hub's: HubNonsense.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from queue import PriorityQueue
from secrets import token_hex
from threading import Lock

import msgspec
from nacl.signing import SigningKey

from kiosk import __version__
from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Identity, Link
from kiosk.callbacks.new_keys import hear_days, learn
from kiosk.callbacks.seal import Purpose, batch_bytes, check_items, check_keys, public_key, sign, verify, word_bytes
from kiosk.errors import (
    EnrolmentRefused,
    HubNonsense,
    HubRefused,
    HubSlows,
    HubUnreachable,
    NoTeamKey,
    SealBroken,
)
from kiosk.sync.answers import check_item
from kiosk.sync.hub_line import Line
from kiosk.sync.model import AT_ONCE, Answer, Standing

ENROL_TRIES = 3


class HubClient:
    """The hub, as this kiosk. `url` stands in for the address it joined at. At most AT_ONCE threads may deliver at once.

    `on_new_keys` is called, in a thread that delivers, with who this kiosk is once the hub has changed its keys
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
        self._hearing = Lock()  # two answers may bring the same news
        self._lines = [Line(url or identity.hub_url, ca) for _ in range(AT_ONCE)]
        self._free = PriorityQueue[int]()  # the first of the lines that is free is the one to take
        for number in range(AT_ONCE):
            self._free.put(number)

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        """Post one batch and return the hub's word on each envelope, in order; its signature over them is checked.

        Raises HubUnreachable, HubRefused (401, 403) or HubNonsense; then nothing is known of any of them.
        """
        me = self._identity
        body = wire.encode(_batch(me, envelopes, standing))
        with self._line() as line:
            answer = line.post("/api/v1/envelopes", body, wire.BatchAnswer, _signed(me, "batch", body))
        answers = _checked(answer, envelopes, me.hub_verify_key)
        with self._hearing:
            newer = learn(self._identity, answer.new_keys, self._on_new_keys)
            self._identity = hear_days(newer, answer.keep_days, self._on_new_keys)
        return answers

    def rest(self) -> None:
        """Let go of all connections but one, which the next delivery uses: the hub has so many of them only."""
        for line in self._lines[1:]:
            line.close()

    def ask_pack(self, pack: str, shown: int, says: str, latest: Link | None = None) -> wire.PackWord:
        """Return the hub's word on which version of `pack` to show; its signature over word and question is checked.

        `shown` is the version on the screen, `says` what stood in the way of the last one, `latest` the outbox's latest
        step. Raises HubError, KioskCloned where the hub has answered another step since.
        """
        me = self._identity
        body = wire.encode(wire.PackAsk(1, me.kiosk, __version__, pack, shown, token_hex(16), says, _step(latest)))
        with self._line() as line:
            word = line.post("/api/v1/pack", body, wire.PackWord, _signed(me, "pack-ask", body))
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
        with self._line() as line:
            yield from line.get_from(path, start, _signed(me, "pack-fetch", sha256.encode()))

    def close(self) -> None:
        """Let go of every connection."""
        for line in self._lines:
            line.close()

    @contextmanager
    def _line(self) -> Iterator[Line]:
        number = self._free.get()
        try:
            yield self._lines[number]
        finally:
            self._free.put(number)


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
    return msgspec.structs.replace(
        batch, waiting=standing.waiting, sent_at=standing.at, step=_step(standing.link), after=standing.after
    )


def _step(link: Link | None) -> wire.Step | None:
    return wire.Step(**asdict(link)) if link else None


def enrol(url: str, code: str, ca: Path | None = None) -> Identity:
    """Join the hub at `url` with a one-time code: make a key, have it accepted, and return who this kiosk now is.

    Raises EnrolmentRefused (wrong code, or an address that is not safe), HubUnreachable or HubNonsense.
    """
    seed = bytes(SigningKey.generate())
    signature = sign("enrolment", code.encode(), seed)
    body = wire.encode(wire.EnrolRequest(1, code, public_key(seed), signature))
    line = Line(url, ca)
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


def _ask_to_join(line: Line, body: bytes) -> wire.EnrolAnswer:
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
