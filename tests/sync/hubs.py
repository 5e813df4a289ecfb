"""Real hubs on loopback, and everything that may stand in their place."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from flask import Flask
from waitress.server import TcpWSGIServer, create_server

from kiosk.callbacks.model import CallbackRequest, Identity
from kiosk.callbacks.seal import open_envelope
from kiosk.database import open_url
from kiosk.hub.intake import register_intake
from kiosk.hub.schema import upgrade
from kiosk.hub.store import HubKeys, HubStore
from kiosk.sync.hub_client import enrol
from tests.callbacks.samples import HUB_KEY, RECOVERY, TEAM


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


END_OF_HEAD = b"\r\n\r\n"


class CuttingProxy:
    """Carries one connection to a hub and cuts it dead after so many bytes of the request or of the answer."""

    def __init__(self, hub_url: str) -> None:
        self._hub = ("127.0.0.1", int(hub_url.rpartition(":")[2]))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(20)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.carried, self.heads = {"request": 0, "answer": 0}, {"request": b"", "answer": b""}

    @contextmanager
    def cutting(self, direction: str = "", after: int = 0) -> Iterator[None]:
        """Carry the next connection. With no direction it is carried whole; `carried` says how long each way was, and
        `heads` what came before the body.
        """
        self.carried, self.heads = {"request": 0, "answer": 0}, {"request": b"", "answer": b""}
        carrier = threading.Thread(target=self._carry, args=({direction: after},))
        carrier.start()
        try:
            yield
        finally:
            carrier.join()

    def close(self) -> None:
        self._listener.close()

    def _carry(self, limits: dict[str, int]) -> None:
        kiosk, _ = self._listener.accept()
        with kiosk, socket.create_connection(self._hub) as hub:
            ways = (("request", kiosk, hub), ("answer", hub, kiosk))
            pumps = [threading.Thread(target=self._pump, args=(*way, limits.get(way[0]), (kiosk, hub))) for way in ways]
            for pump in pumps:
                pump.start()
            for pump in pumps:
                pump.join()

    def _pump(
        self,
        way: str,
        source: socket.socket,
        sink: socket.socket,
        limit: int | None,
        both: tuple[socket.socket, socket.socket],
    ) -> None:
        with suppress(OSError):  # the other pump has cut the connection
            while limit is None or self.carried[way] < limit:
                room = 65536 if limit is None else limit - self.carried[way]
                if not (chunk := source.recv(room)):
                    break
                sink.sendall(chunk)
                self.carried[way] += len(chunk)
                if not self.heads[way].endswith(END_OF_HEAD):
                    self.heads[way] = b"".join((self.heads[way] + chunk).partition(END_OF_HEAD)[:2])
        for end in both:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class DrippingProxy:
    """Carries connections to a hub: what is posted and its answer at once, but what is got a byte at a time."""

    def __init__(self, hub_url: str, seconds: float) -> None:
        self._hub, self._seconds = ("127.0.0.1", int(hub_url.rpartition(":")[2])), seconds
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.dripped = 0
        self._open: list[socket.socket] = []
        self._pumps = [threading.Thread(target=self._accept)]
        self._pumps[0].start()

    def cut(self) -> None:
        """Cut the connections that there are; the next ones are carried."""
        cut, self._open = self._open, []
        for each in cut:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        """Cut all connections, and carry no other."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._pumps[0].join()
        self.cut()
        for pump in self._pumps:
            pump.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                kiosk, _ = self._listener.accept()
                hub = socket.create_connection(self._hub)
                self._open += [kiosk, hub]
                got = threading.Event()
                for way in ((kiosk, hub, got, False), (hub, kiosk, got, True)):
                    self._pumps.append(threading.Thread(target=self._pump, args=way))
                    self._pumps[-1].start()

    def _pump(self, source: socket.socket, sink: socket.socket, got: threading.Event, answers: bool) -> None:
        begun = b""  # of an answer that drips
        with suppress(OSError):
            while chunk := source.recv(65536):
                if not answers:
                    (got.set if chunk.startswith(b"GET ") else got.clear)()
                if not (answers and got.is_set()):
                    begun = b""
                    sink.sendall(chunk)
                    continue
                rest = 0 if END_OF_HEAD in begun else len(chunk) - len((begun + chunk).partition(END_OF_HEAD)[2])
                begun += chunk
                sink.sendall(chunk[:rest])
                for byte in chunk[rest:]:
                    sink.sendall(bytes([byte]))
                    self.dripped += 1
                    time.sleep(self._seconds)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
