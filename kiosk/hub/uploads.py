"""A pack is longer than any other body: it is let through the door for its own path, from who is signed in."""

from __future__ import annotations

import copy

from flask import Flask
from itsdangerous import BadData, URLSafeTimedSerializer
from waitress.parser import HTTPRequestParser
from werkzeug.http import parse_cookie

from kiosk.hub.door import SIGN_IN_MOST, TOKEN

UPLOAD_PATH = "/packs"
UPLOAD_MOST = 64_000_000  # bytes: a thousand clips of recorded speech; longer ones come on a stick


def parser_for(app: Flask) -> type[HTTPRequestParser]:
    """Return waitress's parser for `app`, which lets UPLOAD_MOST through from a browser that holds our cookie.

    Whether that sign-in still stands is for the app to say; a stranger's bytes are not even kept on the way there.
    """

    class Parser(HTTPRequestParser):  # type: ignore[misc]
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.command == "POST" and self.path == UPLOAD_PATH and not self.chunked and self._holds_our_cookie():
                roomy = copy.copy(self.adj)  # type: ignore[has-type]
                roomy.max_request_body_size = UPLOAD_MOST
                self.adj = roomy

        def _holds_our_cookie(self) -> bool:
            cookie = parse_cookie(self.headers.get("COOKIE", "")).get(app.config["SESSION_COOKIE_NAME"], "")
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            if not isinstance(serializer, URLSafeTimedSerializer):
                return False
            try:
                return TOKEN in serializer.loads(cookie, max_age=int(SIGN_IN_MOST.total_seconds()))
            except BadData:
                return False

    return Parser
