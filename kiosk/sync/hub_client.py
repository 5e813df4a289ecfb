"""Talk to the hub: what a kiosk says and asks, by kiosk.sync.hub_line. It believes nothing that is not signed.

Another's receipt, or one that is forged, is no hub's: HubNonsense.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

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
from kiosk.sync.hub_line import Line, Post
from kiosk.sync.model import Answer, Standing

ENROL_TRIES = 3


@dataclass(frozen=True)
class _Written:
    """A batch as it is posted, and of what it was made."""

    says: tuple[Identity, tuple[Envelope, ...], Standing | None]
    post: Post


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
        self._line = Line(url or identity.hub_url, ca)
        self._ready: _Written | None = None

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        """Post one batch and return the hub's word on each envelope, in order; its signature over them is checked.

        Raises HubUnreachable, HubRefused (401, 403) or HubNonsense; then nothing is known of any of them.
        """
        me = self._identity
        ready, self._ready = self._ready, None
        # What was got ready may say what does not hold any more: that one was not receipted, or a key has changed.
        if ready is None or ready.says != (me, tuple(envelopes), standing):
            ready = self._write(me, envelopes, standing)
        answer = self._line.send(ready.post, wire.BatchAnswer)
        answers = _checked(answer, envelopes, me.hub_verify_key)
        newer = learn(me, answer.new_keys, self._on_new_keys)
        self._identity = hear_days(newer, answer.keep_days, self._on_new_keys)
        return answers

    def get_ready(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> None:
        """Spell and sign a batch beforehand, in any thread, as while another is under way. `deliver` uses it if it is then
        given the same. Raises HubError, as deliver does again.
        """
        self._ready = self._write(self._identity, envelopes, standing)

    def _write(self, me: Identity, envelopes: Sequence[Envelope], standing: Standing | None) -> _Written:
        body = wire.encode(_batch(me, envelopes, standing))
        post = self._line.write("/api/v1/envelopes", body, _signed(me, "batch", body))
        return _Written((me, tuple(envelopes), standing), post)

    def ask_pack(self, pack: str, shown: int, says: str, latest: Link | None = None) -> wire.PackWord:
        """Return the hub's word on which version of `pack` to show; its signature over word and question is checked.

        `shown` is the version on the screen, `says` what stood in the way of the last one, `latest` the outbox's latest
        step. Raises HubError, KioskCloned where the hub has answered another step since.
        """
        me = self._identity
        body = wire.encode(wire.PackAsk(1, me.kiosk, __version__, pack, shown, token_hex(16), says, _step(latest)))
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
    return msgspec.structs.replace(batch, waiting=standing.waiting, sent_at=standing.at, step=_step(standing.link))


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
