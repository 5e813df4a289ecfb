"""What kiosks ask about packs: which one to show, and its bytes. kiosk.hub.intake serves both beside its own routes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from flask import Response, abort, request
from sqlalchemy import Engine

from kiosk.callbacks import wire
from kiosk.callbacks.seal import sign, word_bytes
from kiosk.hub.api import answer, body_of, refuse
from kiosk.hub.caller import known_caller, the_intake
from kiosk.hub.lines import Forked, has_heard, read_link
from kiosk.hub.publish import Publishing
from kiosk.hub.publish_archives import PIECE, Archives, Published
from kiosk.hub.publish_shown import ShownPack, record_shown
from kiosk.hub.publish_trust import HubPublishers
from kiosk.hub.store import meet, record_seen

ARCHIVE = "application/octet-stream"
_SHA256, _KIOSK = re.compile(r"[0-9a-f]{64}"), re.compile(r"[a-z0-9-]{1,40}")


def tell_pack() -> Response:
    """Say which pack a kiosk is to show, and note which one it shows. A copy of a kiosk is refused, and nothing noted."""
    body, intake = body_of(request, wire.BODY_LIMIT), the_intake()
    ask = wire.decode(body, wire.PackAsk, wire.BODY_LIMIT)
    now = intake.clock()
    with intake.store.engine.begin() as connection:
        met = meet(connection, ask.kiosk)
        kiosk = known_caller(met, "pack-ask", body)
        if ask.step and not has_heard(met.latest, read_link(ask.step)):
            raise Forked
        record_seen(connection, kiosk, now, ask.version)
        record_shown(connection, ShownPack(kiosk.id, ask.pack, ask.shown, ask.says, now))
    word = _word(intake.store.engine, kiosk.id, ask.pack)
    signature = sign("pack-word", word_bytes(body, word), met.keys.signing_key)
    return answer(msgspec.structs.replace(word, signature=signature))


def fetch_pack(kiosk: str, sha256: str) -> Response:
    """Hand out a part of an archive, of one piece at most: a slow kiosk holds no thread, and asks again for the next."""
    engine = the_intake().store.engine
    with engine.connect() as connection:
        met = meet(connection, kiosk if _KIOSK.fullmatch(kiosk) else "")
    known_caller(met, "pack-fetch", sha256.encode(errors="replace"))
    one = Archives(engine).get(sha256) if _SHA256.fullmatch(sha256) else None
    if one is None or not Archives(engine).holds(sha256):
        abort(404)
    asked = _asked_for(one)
    if asked is None:
        refusal = refuse(416, "not-taken", "The pack has no such part.")
        refusal.headers["Content-Range"] = f"bytes */{one.size}"
        return refusal
    return _part(engine, one, *asked)


def _word(engine: Engine, kiosk: str, pack: str) -> wire.PackWord:
    publishing = Publishing(engine)
    offered = publishing.get(pack).offered(kiosk)
    one = Archives(engine).get(offered) if offered else None
    offer = wire.PackOffer(one.version, one.sha256, one.size, one.unpacked) if one else None
    return wire.PackWord(1, offer, tuple(publishing.find_taken_back(pack)), tuple(HubPublishers(engine).find_changes()))


def _asked_for(one: Published) -> tuple[int, int] | None:
    """Return the first byte to hand out and the one after the last, None where there are none such.

    Less than is asked for, which RFC 9110 allows: up to the end of a piece. More than one range at once, and one of
    another file (If-Range), is answered as if none were asked for.
    """
    other = request.if_range.etag not in (None, one.sha256) or request.if_range.date is not None
    ranges = request.range
    if request.method != "GET":
        return 0, one.size
    if other or ranges is None or ranges.units != "bytes" or len(ranges.ranges) != 1:
        return 0, min(one.size, PIECE)
    asked = ranges.range_for_length(one.size)
    return (asked[0], min(asked[1], (asked[0] // PIECE + 1) * PIECE)) if asked else None


def _part(engine: Engine, one: Published, start: int, stop: int) -> Response:
    whole = (start, stop) == (0, one.size)
    content: Iterator[bytes] = iter(()) if request.method == "HEAD" else Archives(engine).bytes(one.sha256, start, stop)
    part = Response(content, 200 if whole else 206, content_type=ARCHIVE)
    part.content_length = stop - start
    part.set_etag(one.sha256)
    part.headers["Accept-Ranges"] = "bytes"
    if not whole:
        part.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{one.size}"
    return part
