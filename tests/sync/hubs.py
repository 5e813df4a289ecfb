"""Real hubs on loopback, and everything that may stand in their place."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
from flask import Flask
from waitress.server import TcpWSGIServer, create_server

from kiosk.callbacks import wire
from kiosk.callbacks.model import CallbackRequest, Identity
from kiosk.callbacks.seal import digest, open_envelope, read_cover, sign_items
from kiosk.database import open_url
from kiosk.hub.intake import register_intake
from kiosk.hub.schema import upgrade
from kiosk.hub.store import HubKeys, HubStore
from kiosk.sync.hub_client import enrol
from tests.callbacks.samples import HUB_KEY, NOON, RECOVERY, TEAM


@dataclass(frozen=True)
class RunningHub:
    """A hub that answers on `url`, and the database behind it."""

    url: str
    store: HubStore

    def join(self) -> Identity:
        return enrol(self.url, self.store.create_code("rose-hill", datetime.now(UTC)))

    def opened(self) -> list[CallbackRequest]:
        """What the team would read, in the order of arrival."""
        held = self.store.find_open_envelopes()
        return [open_envelope(each.blob, bytes(TEAM), each.verify_key) for each in held]

    def names(self) -> list[str]:
        return [each.name for each in self.opened()]


@contextmanager
def running_hub(folder: Path, port: int = 0) -> Iterator[RunningHub]:
    """Serve a hub on SQLite in `folder` by waitress, over real sockets. A second time finds what the first one kept."""
    store = HubStore(open_url(f"sqlite:///{folder / 'hub.sqlite'}"))
    if not (folder / "hub.sqlite").exists():
        upgrade(store.engine)
        store.save_keys(HubKeys(HUB_KEY, bytes(TEAM.public_key), bytes(RECOVERY.public_key)))
    app = Flask("hub")
    register_intake(app, store)
    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield RunningHub(f"http://127.0.0.1:{server.effective_port}", store)
    finally:
        # An answer that just ended may have woken the loop first: then it has hung up before it is woken.
        with suppress(OSError):
            server.trigger.pull_trigger(lambda: _hang_up(server))
        thread.join()
        server.task_dispatcher.shutdown()
        store.engine.dispose()


def _hang_up(server: TcpWSGIServer) -> None:
    """End the server's loop, from within: it goes on as long as anything is open."""
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()


@dataclass(frozen=True)
class Reply:
    """What an impostor answers. `length` lies about the body, if given."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    location: str = ""
    wait: str = ""
    length: int | str | None = None


@contextmanager
def impostor(
    answer: Callable[[bytes], Reply], tls: ssl.SSLContext | None = None, hands_out: Reply | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Serve whatever `answer` makes of a body; give the URL and a list of the paths that were asked for.

    `hands_out` is the answer to a GET, which fails without it.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            reply = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send(reply)

        def send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            if reply.location:
                self.send_header("Location", reply.location)
            if reply.wait:
                self.send_header("Retry-After", reply.wait)
            self.end_headers()
            self.wfile.write(reply.body)

        def do_GET(self) -> None:
            asked.append(self.path)
            if hands_out:
                self.send(hands_out)
            else:
                self.send_error(500)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A kiosk that hangs up is what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def honest(body: bytes, signs: bool = False, signature: bytes | None = None, **changes: object) -> Reply:
    """What the hub would have answered, but for `changes` to each item, which it `signs` or does not."""
    blobs = wire.decode(body, wire.Batch, wire.BODY_LIMIT).envelopes
    items = tuple(wire.Item(digest(blob), "held", read_cover(blob).id, NOON) for blob in blobs)
    changed = tuple(msgspec.structs.replace(item, **changes) for item in items)
    signature = signature or sign_items(changed if signs else items, HUB_KEY)
    return Reply(body=wire.encode(wire.BatchAnswer(1, changed, signature)))
