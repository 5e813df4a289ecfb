"""Bare sockets in a hub's place, or on the way to it: lines that are cut, that drip, or that say what they are told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

END_OF_HEAD = b"\r\n\r\n"


class Listener:
    """Listens on loopback from the start, and leaves each connection to `meet`, in a thread of its own."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def meet(self, kiosk: socket.socket) -> None:
        raise NotImplementedError

    def cut(self) -> None:
        """Cut the connections that there are; the next ones are met."""
        cut, self.connections = self.connections, []
        for each in cut:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        """Cut all connections, and meet no other."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        self.cut()
        for each in self._threads:
            each.join()

    def _begin(self, work: Callable[..., None], *args: object) -> None:
        self._threads.append(threading.Thread(target=work, args=args))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                kiosk, _ = self._listener.accept()
                self.connections.append(kiosk)
                self._begin(self._meet, kiosk)

    def _meet(self, kiosk: socket.socket) -> None:
        with suppress(OSError):  # it was cut
            self.meet(kiosk)


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


class DrippingProxy(Listener):
    """Carries connections to a hub: what is posted and its answer at once, but what is got a byte at a time."""

    def __init__(self, hub_url: str, seconds: float) -> None:
        self._hub, self._seconds = ("127.0.0.1", int(hub_url.rpartition(":")[2])), seconds
        self.dripped = 0
        super().__init__()

    def meet(self, kiosk: socket.socket) -> None:
        hub = socket.create_connection(self._hub)
        self.connections.append(hub)
        got = threading.Event()
        self._begin(self._pump, kiosk, hub, got, False)
        self._pump(hub, kiosk, got, True)

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
