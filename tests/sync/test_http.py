"""What HTTP allows a hub, or what stands before it, to do; and what a kiosk makes of it."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile

import pytest

from kiosk.callbacks.outbox import SqlOutbox
from kiosk.errors import HubNonsense, HubUnreachable
from kiosk.sync import hub_line
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import sync_once
from tests.callbacks.samples import IDENTITY, NOON, ask, envelope
from tests.sync.hubs import honest
from tests.sync.moody_hub import outbox_with
from tests.sync.wires import END_OF_HEAD, Listener

# Says what the hub answers to a body; without an end it says no more on this connection.
Says = Callable[[bytes, int], Iterator[bytes]]
ENDLESS = 64 * 1024 * 1024  # bytes; no buffer on the way holds so many


class RawHub(Listener):
    """Answers each post with what it is told to say, byte by byte; hangs up where that is nothing, or told to."""

    def __init__(self, says: Says, hangs_up: Callable[[int], bool]) -> None:
        self._says, self._hangs_up = says, hangs_up
        self.heads, self.said = list[bytes](), 0
        super().__init__()

    def meet(self, kiosk: socket.socket) -> None:
        with kiosk, kiosk.makefile("rb") as reads:
            while lines := list(takewhile(lambda line: line.strip(), reads)):
                length = next(line for line in lines if line.lower().startswith(b"content-length"))
                body = reads.read(int(length.partition(b":")[2]))
                self.heads.append(b"".join(lines))
                for part in self._says(body, len(self.heads)):
                    kiosk.sendall(part)
                    self.said += len(part)
                if self._hangs_up(len(self.heads)):
                    return


@contextmanager
def raw_hub(says: Says, hangs_up: Callable[[int], bool] = lambda number: False) -> Iterator[tuple[RawHub, HubClient]]:
    """A hub that says just that, and a client of it."""
    hub = RawHub(says, hangs_up)
    client = HubClient(IDENTITY, url=hub.url)
    try:
        yield hub, client
    finally:
        client.close()
        hub.close()


def head(*lines: bytes, status: bytes = b"200 OK") -> bytes:
    return b"\r\n".join((b"HTTP/1.1 " + status, b"Content-Type: application/json", *lines)) + END_OF_HEAD


def plain(body: bytes, _number: int, *more: bytes) -> Iterator[bytes]:
    answer = honest(body).body
    yield head(b"Content-Length: %d" % len(answer), *more) + answer


def in_chunks(body: bytes, _number: int) -> Iterator[bytes]:
    answer = honest(body).body
    yield head(b"Transfer-Encoding: chunked")
    for at in range(0, len(answer), 50):
        yield b"%x\r\n%s\r\n" % (len(answer[at : at + 50]), answer[at : at + 50])
    yield b"0\r\n\r\n"


def zipped(body: bytes, _number: int) -> Iterator[bytes]:
    answer = gzip.compress(honest(body).body)
    yield head(b"Content-Encoding: gzip", b"Content-Length: %d" % len(answer)) + answer


def continued(body: bytes, number: int) -> Iterator[bytes]:
    yield 3 * (b"HTTP/1.1 100 Continue" + END_OF_HEAD)
    yield from plain(body, number)


@pytest.mark.parametrize("says", [plain, in_chunks, zipped, continued])
def test_however_an_answer_is_wrapped_it_is_believed(says: Says) -> None:
    with raw_hub(says) as (hub, client):
        for _ in range(2):
            asked = envelope()
            assert [each.id for each in client.deliver([asked])] == [asked.id]

        assert len(hub.connections) == 1


@pytest.mark.parametrize(
    "location", [b"/caf\xe9", b"http://[::1", b"//", b"", b"http://a b/", b"\xff\xfe", b"http://h:port/"], ids=repr
)
@pytest.mark.promise(12)
def test_wherever_a_redirect_points_it_is_not_a_hub(outbox: SqlOutbox, location: bytes) -> None:
    ask(outbox, IDENTITY)

    def says(_body: bytes, _number: int) -> Iterator[bytes]:
        yield head(b"Location: " + location, b"Content-Length: 0", status=b"302 Found")

    with raw_hub(says) as (_, client):
        with pytest.raises(HubNonsense, match="302"):
            client.deliver([envelope()])
        report = sync_once(outbox, client, NOON)

    assert (report.delivered, report.waiting) == (0, 1)


@pytest.mark.parametrize("status", [b"302 Found", b"500 Internal Server Error", b"200 OK"])
@pytest.mark.promise(12)
def test_an_answer_without_an_end_is_not_read_to_it(status: bytes) -> None:
    def says(_body: bytes, _number: int) -> Iterator[bytes]:
        yield head(b"Location: /elsewhere", b"Content-Length: %d" % ENDLESS, status=status)
        for _ in range(ENDLESS // 65536):
            yield b" " * 65536

    with raw_hub(says) as (hub, client), pytest.raises(HubNonsense):
        client.deliver([envelope()])

    assert hub.said < ENDLESS // 2


def test_an_answer_that_drips_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_line, "ANSWER_SECONDS", 0.1)
    drops = list[bytes]()

    def says(body: bytes, _number: int) -> Iterator[bytes]:
        answer = honest(body).body + b" " * 6000  # drips for a minute and more
        yield head(b"Content-Length: %d" % len(answer))
        for byte in answer:
            drops.append(bytes([byte]))
            yield drops[-1]
            time.sleep(0.01)

    with raw_hub(says) as (_, client):
        with pytest.raises(HubUnreachable, match="too long"):
            client.deliver([envelope()])
        client.close()
        assert len(drops) < 3000


def test_a_cookie_is_not_brought_back() -> None:
    def says(body: bytes, number: int) -> Iterator[bytes]:
        return plain(body, number, b"Set-Cookie: seen=before; Path=/")

    with raw_hub(says) as (hub, client):
        for _ in range(2):
            client.deliver([envelope()])

    assert len(hub.heads) == 2 and not any(b"cookie" in each.lower() for each in hub.heads)


@pytest.mark.parametrize("answers", [True, False], ids=["after an answer", "instead of an answer"])
@pytest.mark.promise(15)
def test_a_hub_that_hangs_up_between_two_batches_costs_nobody_a_wait(answers: bool) -> None:
    outbox, _ = outbox_with(45)

    def says(body: bytes, number: int) -> Iterator[bytes]:
        return plain(body, number) if answers or number % 2 else iter(())

    with raw_hub(says, lambda number: answers or number % 2 == 0) as (_, client):
        report = sync_once(outbox, client, NOON)

    assert (report.delivered, report.waiting, report.fact) == (45, 0, "")


def test_a_hub_that_always_hangs_up_is_tried_twice_at_most() -> None:
    def says(body: bytes, number: int) -> Iterator[bytes]:
        return plain(body, number) if number == 1 else iter(())

    with raw_hub(says, lambda number: number > 1) as (hub, client):
        client.deliver([envelope()])
        for tries in (3, 4):
            with pytest.raises(HubUnreachable):
                client.deliver([envelope()])
            assert len(hub.heads) == tries


@pytest.mark.parametrize(
    "says",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + END_OF_HEAD,
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n",
        b"\x00\xff\r\n\r\n",
        head(b"Content-Length: 5, 6") + b"12345",
        head(b"Transfer-Encoding: chunked") + b"zz\r\n",
        head(b"Content-Encoding: gzip", b"Content-Length: 5") + b"12345",
    ],
    ids=["long header", "many headers", "no HTTP", "two lengths", "no chunk", "not zipped"],
)
@pytest.mark.promise(12)
def test_what_is_no_whole_answer_is_told_as_such(says: bytes) -> None:
    with raw_hub(lambda body, number: iter((says,)), lambda number: True) as (_, client), pytest.raises(HubUnreachable):
        client.deliver([envelope()])
