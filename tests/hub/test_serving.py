"""What the server keeps of pages and forms while they are on their way: in memory, never in a file."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, request

from tests.hub.desk.browsing import served
from tests.processes import PATIENCE

PAGE = b"Amina " * 500_000  # more than fits the sockets between a server and a browser that does not read
OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture
def files() -> set[str]:
    """The files without a name that this process has open already."""
    if not OPEN_FILES.is_dir():
        pytest.skip("only Linux tells which files a process has open")
    return without_a_name()


def without_a_name() -> set[str]:
    links = (each.readlink() for each in OPEN_FILES.iterdir() if each.is_symlink())
    return {str(link) for link in links if str(link).endswith("(deleted)")}


@pytest.mark.promise(6)
def test_a_long_page_for_a_slow_browser_and_a_long_form_wait_in_memory(files: set[str]) -> None:
    app, seen, handed_over = Flask("hub"), list[set[str]](), threading.Event()

    @app.post("/")
    def page() -> Response:
        seen.append(without_a_name() - files)
        assert len(request.get_data()) == 900_000
        answer = Response(PAGE)
        answer.call_on_close(handed_over.set)
        return answer

    with served(app) as url, socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as browser:
        browser.sendall(b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 900000\r\n\r\n" + b"n" * 900_000)
        assert handed_over.wait(PATIENCE)
        seen.append(without_a_name() - files)

    assert seen == [set(), set()]
