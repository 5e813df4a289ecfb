"""What answers in the hub's place: a login page, half an answer, somebody else's receipt. Nothing counts as delivered."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kiosk.callbacks import wire
from kiosk.callbacks.model import Identity, Receipt, Trouble
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.callbacks.seal import digest, sign
from kiosk.errors import HubNonsense, HubRefused, HubUnreachable
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from tests.callbacks.samples import HUB_KEY, NOON, ask
from tests.sync.hubs import Reply, honest, impostor


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": digest(b"other bytes")},
        {"sha256": digest(b"other bytes"), "signs": True},
        {"id": UUID(int=1), "signs": True},
        {"signature": b"s" * 64},
        {"signature": sign("batch", b"anything", HUB_KEY)},
        {"received_at": NOON + timedelta(days=1)},
        {"received_at": None},
        {"received_at": None, "signs": True},
        {"state": "already-handled"},
        {"state": "conflict"},
        {"state": "rejected", "reason": "unknown-signature"},
    ],
    ids=str,
)
@pytest.mark.promise(12)
def test_a_receipt_that_is_not_right_in_every_field_delivers_nothing(
    outbox: SqlOutbox, identity: Identity, change: dict[str, object]
) -> None:
    ask(outbox, identity)
    with impostor(honest) as (url, _):
        client = HubClient(identity, url=url)
        [answer] = client.deliver([outbox.pending()[0].envelope])
        client.close()
    assert isinstance(answer, Receipt)

    with impostor(lambda body: honest(body, **change)) as (url, _):
        client = HubClient(identity, url=url)
        report = sync_once(outbox, client, NOON)
        client.close()

    assert (report.delivered, report.waiting, report.trouble) == (0, 1, Trouble.NONSENSE)


LOGIN_PAGE = b"<html><form>Welcome to Guest WiFi</form></html>"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(body=LOGIN_PAGE, kind="text/html"), HubNonsense),
        (Reply(body=LOGIN_PAGE), HubNonsense),
        (Reply(body=b'{"spec":1,"items":[]}'), HubNonsense),
        (Reply(body=b'{"spec":2,"items":[]}'), HubNonsense),
        (Reply(body=b"[" * 60_000), HubNonsense),
        (Reply(body=b" " * (wire.ANSWER_LIMIT + 1)), HubNonsense),
        (Reply(body=b""), HubNonsense),
        (Reply(status=500, body=b"{}"), HubNonsense),
        (Reply(status=204), HubNonsense),
        (Reply(status=502, body=b"<html>Bad Gateway</html>", kind="text/html"), HubUnreachable),
        (Reply(status=503, body=b"{}"), HubUnreachable),
        (Reply(status=504), HubUnreachable),
        (Reply(status=401, body=LOGIN_PAGE, kind="text/html"), HubRefused),
        (Reply(status=403), HubRefused),
        (Reply(body=b'{"spec":1', length=500), HubUnreachable),
    ],
    ids=[
        "login page", "login page as json", "too few items", "another spec", "deep", "long", "empty",
        "500", "204", "502", "503", "504", "401", "403", "cut short",
    ],
)  # fmt: skip
@pytest.mark.promise(12)
def test_whatever_else_answers_delivers_nothing(
    outbox: SqlOutbox, identity: Identity, reply: Reply, error: type[Exception]
) -> None:
    asked = ask(outbox, identity)

    with impostor(lambda body: reply) as (url, _):
        client = HubClient(identity, url=url)
        with pytest.raises(error):
            client.deliver([asked])
        report = sync_once(outbox, client, NOON)
        client.close()

    assert (report.delivered, report.waiting) == (0, 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.promise(12)
def test_a_redirect_is_not_followed(outbox: SqlOutbox, identity: Identity, status: int) -> None:
    asked = ask(outbox, identity)
    with impostor(honest) as (elsewhere, asked_elsewhere):
        away = Reply(status=status, location=f"{elsewhere}/api/v1/envelopes")
        with impostor(lambda body: away) as (url, _):
            client = HubClient(identity, url=url)
            with pytest.raises(HubNonsense):
                client.deliver([asked])
            client.close()

    assert asked_elsewhere == []
