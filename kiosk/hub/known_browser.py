"""Whom a browser has let in before: a cookie of its own says so after they have signed out (OWASP, "device cookies").

It opens nothing and names nobody: it holds marks that only this hub can make of a name. What it is worth: whoever has it
is not slowed by what strangers try (`kiosk.hub.tries`).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from kiosk.hub.desk import the_desk

COOKIE = "waymark-known"
KNOWN_FOR = timedelta(days=30)
MARKS_MOST = 12  # colleagues who share one computer


def is_known(name_key: str) -> bool:
    """Tell whether this browser has let the worker of this key in within thirty days."""
    return _mark(name_key) in _marks()


def make_known(answer: Response, name_key: str) -> None:
    """Let `answer` tell the browser that it has let this worker in."""
    now, mark = the_desk().clock().timestamp(), _mark(name_key)
    marks = {mark: now} | {other: at for other, at in _marks().items() if other != mark}
    kept = dict(list(marks.items())[:MARKS_MOST])
    answer.set_cookie(
        COOKIE,
        str(_signer().dumps(kept)),
        max_age=KNOWN_FOR,
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )


def _marks() -> dict[str, float]:
    """Return the marks of the cookie that hold, each with when it was made, the latest first."""
    try:
        said: dict[str, float] = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return {}
    now = the_desk().clock().timestamp()
    return {mark: at for mark, at in said.items() if 0 <= now - at < KNOWN_FOR.total_seconds()}


def _mark(name_key: str) -> str:
    key = hashlib.sha256(_secret()).digest()
    return hashlib.blake2b(name_key.encode(), key=key, digest_size=12, person=b"waymark known").hexdigest()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_secret(), salt="waymark known browser")


def _secret() -> bytes:
    secret = current_app.secret_key
    return secret if isinstance(secret, bytes) else str(secret).encode()
