"""What a worker reads on a page, a colleague who reads it too, and what neither of them can open."""

from __future__ import annotations

import re
from datetime import time
from uuid import UUID, uuid4

from flask import Flask

from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.callbacks.seal import seal
from kiosk.hub.keys import make_secrets
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, COLLEAGUES_PASSWORD, NOW, SATURDAY, Kiosk


def names(page: str) -> list[str]:
    return re.findall(r"<bdi>([^<]+)</bdi>", page)


def words(page: str) -> str:
    """The page as it is read: without tags, spaces run together."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def once(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def colleague(app: Flask) -> Worker:
    other = Worker(app.test_client())
    other.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)
    return other


def sealed_for_another_team(kiosk: Kiosk) -> UUID:
    """Something that came signed by this kiosk, and that this team cannot open."""
    identity = kiosk.identity
    stranger = type(identity)(**(vars(identity) | {"team_key": make_secrets().public.team_key}))
    safe = (SafeTime(SATURDAY, time(9), time(10)),)
    request = CallbackRequest(uuid4(), identity.kiosk, "Rose Hill", "Canary", "+447700900000", safe, NOW)
    kiosk.hand_in(seal(request, stranger))
    return request.id
