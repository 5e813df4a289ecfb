"""Who may send a body as long as a pack: a browser with a cookie that this hub signed, not long ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from waitress.adjustments import Adjustments

from kiosk.hub.door import SIGN_IN_MOST
from kiosk.hub.uploads import UPLOAD_MOST, parser_for

ROOM = 1024


@pytest.fixture
def app() -> Flask:
    app = Flask("hub")
    app.config.update(SECRET_KEY="s", SESSION_COOKIE_NAME="waymark")
    return app


def cookie(app: Flask, **session: str) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps(session))


def is_let_in(app: Flask, cookie: str, length: int = 5000, path: str = "/packs") -> bool:
    parser = parser_for(app)(Adjustments(max_request_body_size=ROOM))
    head = f"POST {path} HTTP/1.1\r\nContent-Length: {length}\r\nCookie: waymark={cookie}\r\n\r\n"
    parser.received(head.encode())
    return parser.error is None


def test_a_browser_that_is_signed_in_is_let_in_for_a_pack_and_nothing_else(app: Flask) -> None:
    mine = cookie(app, token="x")

    assert is_let_in(app, mine) and is_let_in(app, mine, UPLOAD_MOST - 1)
    assert not is_let_in(app, mine, UPLOAD_MOST)
    assert not is_let_in(app, mine, path="/sign-in")


@pytest.mark.parametrize("session", [{}, {"csrf_token": "x"}], ids=["empty", "a visitor's"])
def test_a_visitor_is_not(app: Flask, session: dict[str, str]) -> None:
    assert not is_let_in(app, cookie(app, **session))
    assert not is_let_in(app, "eyJ0b2tlbiI6IngifQ.forged.signature")


def test_a_cookie_that_was_kept_since_another_day_is_worth_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = TimestampSigner("s").get_timestamp()
    ages = (SIGN_IN_MOST - timedelta(minutes=1), SIGN_IN_MOST + timedelta(minutes=1))
    found = []
    for then_at in (now - int(age.total_seconds()) for age in ages):
        with monkeypatch.context() as then:
            then.setattr(TimestampSigner, "get_timestamp", lambda _self, at=then_at: at)
            old = cookie(app, token="x")
        found.append(is_let_in(app, old))

    assert found == [True, False]
