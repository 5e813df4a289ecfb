"""The worked example of kiosk/hub/README.md, run as it stands there: certificates, nginx, two hubs, a kiosk and a desk."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import psutil
import pytest
import requests
from flask import Flask
from requests.adapters import HTTPAdapter

from kiosk.callbacks.model import ReceiptState
from kiosk.cli import kiosk
from kiosk.database import open_url
from kiosk.errors import HubUnreachable
from kiosk.hub.app import create_app
from kiosk.hub.store import HubStore
from kiosk.settings import Settings, load_settings
from kiosk.sync.hub_client import HubClient, enrol
from tests.callbacks.samples import envelope
from tests.hub.desk.browsing import served
from tests.hub.desk.people import CHEAP, PASSWORD, WORKER, make_hub
from tests.processes import PATIENCE, ROOT, wait_until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

README = (ROOT / "kiosk" / "hub" / "README.md").read_text(encoding="utf-8")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NAME = "localhost"
# What nginx needs to run as anybody, in a folder of its own.
AROUND = """
daemon off; pid "{folder}/nginx.pid"; worker_processes 1; {user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path "{folder}/a"; proxy_temp_path "{folder}/b"; fastcgi_temp_path "{folder}/c";
    uwsgi_temp_path "{folder}/d"; scgi_temp_path "{folder}/e";
    include "{folder}/site";
}}
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.S | re.M)


def changed(words: str, **instead: str) -> str:
    """Return the words with each of these in place of another; all must be there."""
    for old, new in instead.items():
        assert old in words, f"the example has no {old!r} any more"
        words = words.replace(old, new)
    return words


@dataclass(frozen=True)
class Place:
    """Where nginx listens, the authority that it is trusted by, the hub's own database, and nginx's process."""

    url: str
    plain_url: str
    ca: Path
    store: HubStore
    nginx: int


@pytest.fixture(scope="module")
def nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        says = "NO NGINX HERE: the hub's worked example was not run. Install: apt install nginx-light"
        pytest.skip(says)
    return found


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the example's commands made an authority and a certificate."""
    folder = tmp_path_factory.mktemp("certificates")
    [commands] = [block for block in blocks("sh") if "openssl" in block]
    script = changed(commands, **{"hub.example.org": NAME})
    subprocess.run(["sh", "-e", "-c", script], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="class")
def place(nginx: str, certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two hubs on one database, behind nginx with the example's file."""
    folder = tmp_path_factory.mktemp("nginx")
    settings = Settings(data=folder / "hub")
    make_hub(settings).dispose()
    apps = [create_app(settings, cost=CHEAP) for _ in range(2)]
    with ExitStack() as stack:
        for app in apps:
            app.wsgi_app = WhoAsks(app.wsgi_app)  # type: ignore[method-assign]
            stack.callback(app.extensions["waymark-desk"].store.engine.dispose)
        hubs = [stack.enter_context(served(app, proxy="127.0.0.1")).removeprefix("http://") for app in apps]
        # nginx takes over sockets that listen already: nobody else can get its ports meanwhile.
        doors = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        plain, secure = (f"127.0.0.1:{door.getsockname()[1]}" for door in doors)
        write_site(folder, certificates, hubs, plain, secure)
        process = start(nginx, folder, doors)
        stack.callback(end, process)
        port = secure.rpartition(":")[2]
        engine = open_url(f"sqlite:///{settings.data / 'hub.sqlite'}")
        stack.callback(engine.dispose)
        yield Place(f"https://{NAME}:{port}", f"http://{plain}", certificates / "ca.pem", HubStore(engine), process.pid)


@dataclass(frozen=True)
class WhoAsks:
    """A page /who before the app: who asked, and how, as the server understood it."""

    app: WSGIApplication

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/who":
            return self.app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']} {environ['HTTP_HOST']}".encode()]


def write_site(folder: Path, certificates: Path, hubs: list[str], plain: str, secure: str) -> None:
    [site] = blocks("nginx")
    places = {"127.0.0.1:8765": hubs[0], "127.0.0.1:8766": hubs[1]}
    places |= {f"/etc/waymark/{name}": f'"{certificates / name}"' for name in ("hub.pem", "hub.key")}
    listens = {"listen 80;": f"listen {plain};", "listen 443 ssl;": f"listen {secure} ssl;"}
    names = {"hub.example.org": NAME}
    (folder / "site").write_text(changed(site, **places, **listens, **names), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")


def start(nginx: str, folder: Path, doors: list[socket.socket]) -> subprocess.Popen[bytes]:
    numbers = [door.fileno() for door in doors]
    process = subprocess.Popen(
        [nginx, "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"],
        env={**os.environ, "NGINX": "".join(f"{number};" for number in numbers)},
        pass_fds=numbers,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: (folder / "nginx.pid").exists() or process.poll() is not None)
    assert process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(PATIENCE)


@pytest.fixture
def browser(place: Place) -> Iterator[requests.Session]:
    with requests.Session() as line:
        line.verify = str(place.ca)
        line.trust_env = False
        yield line


def ask(browser: requests.Session, place: Place, path: str, **headers: str) -> requests.Response:
    return browser.get(place.url + path, headers=headers, timeout=PATIENCE, allow_redirects=False)


def sign_in(browser: requests.Session, place: Place) -> tuple[requests.Response, requests.Response]:
    """Return the page on which a worker signs in, and what came of it."""
    page = ask(browser, place, "/sign-in")
    token = TOKEN.search(page.text)
    assert token
    return page, browser.post(
        f"{place.url}/sign-in",
        data={"csrf_token": token[1], "name": WORKER, "password": PASSWORD},
        headers={"Referer": f"{place.url}/sign-in"},
        timeout=PATIENCE,
    )


class Pouring:
    """A body of so many bytes; `found` are the files of bodies that nginx had open while it was sent."""

    def __init__(self, size: int, nginx: int) -> None:
        self._size, self._nginx, self._sent = size, nginx, 0
        self.found: set[str] = set()

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(65536), b"")

    def read(self, most: int) -> bytes:
        # Their names are gone as soon as they are made; what the process holds tells of them.
        for each in psutil.Process(self._nginx).children():
            held = [link.readlink() for link in Path(f"/proc/{each.pid}/fd").iterdir() if link.is_symlink()]
            self.found |= {str(file) for file in held if "/a/" in str(file)}
        piece = bytes(min(most, self._size - self._sent))
        self._sent += len(piece)
        return piece


class From(HTTPAdapter):
    """Comes from this address of the machine's own."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, source_address=(self._address, 0))


@pytest.mark.nginx
class TestBehindNginx:
    def test_a_kiosk_joins_and_delivers_with_the_authority_that_it_was_given(self, place: Place) -> None:
        identity = enrol(place.url, place.store.create_code("Rose Hill", datetime.now(UTC)), place.ca)
        client, batch = HubClient(identity, place.ca), [envelope(identity=identity) for _ in range(3)]

        answers = client.deliver(batch)
        client.close()

        assert [getattr(answer, "state", None) for answer in answers] == [ReceiptState.HELD] * 3
        assert [held.id for held in place.store.find_open_envelopes()] == [one.id for one in batch]

    def test_a_kiosk_without_it_tells_the_hub_nothing(self, place: Place) -> None:
        with pytest.raises(HubUnreachable, match="certificate is not trusted"):
            enrol(place.url, "K7QF-2MWX")

    def test_a_worker_signs_in_and_every_cookie_is_secure(self, place: Place, browser: requests.Session) -> None:
        page, came = sign_in(browser, place)

        assert (came.status_code, came.url) == (200, f"{place.url}/")
        for answer in (page, *came.history):
            assert {"Secure", "HttpOnly", "SameSite=Strict"} <= set(answer.headers["Set-Cookie"].split("; "))
        assert came.headers["Strict-Transport-Security"] == "max-age=31536000"

    def test_what_a_visitor_claims_of_itself_ends_at_nginx(self, place: Place, browser: requests.Session) -> None:
        claims = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}

        who = ask(browser, place, "/who", **claims).text

        assert who == f"127.0.0.1 https {place.url.removeprefix('https://')}"

    def test_what_is_too_long_is_turned_away_before_the_hub(self, place: Place, browser: requests.Session) -> None:
        sent = browser.post(f"{place.url}/api/v1/envelopes", data=b"x" * 600_000, timeout=PATIENCE)

        assert (sent.status_code, "nginx" in sent.text) == (413, True)

    def test_a_strangers_pack_is_turned_away_and_fills_no_disk_on_the_way(
        self, place: Place, browser: requests.Session
    ) -> None:
        pack = Pouring(20_000_000, place.nginx)
        try:
            status = browser.post(f"{place.url}/packs", data=pack, timeout=PATIENCE).status_code
        except requests.ConnectionError:  # the hub hung up before it was all sent
            status = 0

        assert status in (0, 413, 502)
        assert pack.found == set()

    def test_a_pack_longer_than_any_other_body_comes_through_from_who_is_signed_in(
        self, place: Place, browser: requests.Session
    ) -> None:
        sign_in(browser, place)
        token = TOKEN.search(ask(browser, place, "/packs").text)
        assert token
        came = browser.post(
            f"{place.url}/packs",
            data={"csrf_token": token[1]},
            files={"pack": ("a.pack", b"x" * 2_000_000)},
            headers={"Referer": f"{place.url}/packs"},
            timeout=PATIENCE,
        )

        assert (came.status_code, "This is not a pack" in came.text) == (400, True)

    def test_who_comes_by_http_is_sent_to_https(self, place: Place) -> None:
        sent = requests.get(f"{place.plain_url}/team", headers={"Host": NAME}, timeout=PATIENCE, allow_redirects=False)

        assert (sent.status_code, sent.headers["Location"]) == (301, f"https://{NAME}/team")


@pytest.mark.nginx
class TestTheLimitOfSignIn:
    def test_guesses_are_turned_away_before_the_hub_and_neither_a_team_nor_a_kiosk_feels_it(
        self, place: Place, browser: requests.Session
    ) -> None:
        for _ in range(10):  # colleagues behind one router, each in a browser of their own
            browser.cookies.clear()
            answers = [ask(browser, place, "/sign-in"), ask(browser, place, "/sign-in"), *sign_in(browser, place)]
            assert [answer.status_code for answer in answers] == [200] * 4
        identity = enrol(place.url, place.store.create_code("Rose Hill", datetime.now(UTC)), place.ca)
        client, batch = HubClient(identity, place.ca), [envelope(identity=identity)]

        burst = (ask(browser, place, "/sign-in") for _ in range(100))
        refused = next(answer for answer in burst if answer.status_code != 200)
        told = [client.deliver(batch) for _ in range(20)]
        client.close()
        other = ask(browser, place, "/who").status_code
        browser.mount("https://", From("127.0.0.2"))
        elsewhere = sign_in(browser, place)[1]

        assert (refused.status_code, "nginx" in refused.text) == (429, True)
        assert [getattr(answer, "state", None) for [answer] in told] == [ReceiptState.HELD] * 20
        assert (other, elsewhere.status_code, elsewhere.url) == (200, 200, f"{place.url}/")


def test_nobody_else_may_say_who_asks_or_that_it_was_by_https() -> None:
    app = Flask("hub")
    app.wsgi_app = WhoAsks(app.wsgi_app)  # type: ignore[method-assign]
    claims = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "Host": "hub.example.org"}
    told = []
    for proxy in ("", "192.0.2.1", "127.0.0.1"):
        with served(app, proxy) as url:
            told.append(requests.get(f"{url}/who", headers=claims, timeout=PATIENCE).text)

    assert told[:2] == ["127.0.0.1 http hub.example.org"] * 2
    assert told[2] == "203.0.113.7 https hub.example.org"


def test_every_setting_of_the_example_is_one(tmp_path: Path) -> None:
    for number, block in enumerate(blocks("toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, encoding="utf-8")

        settings = load_settings(file, {})

        for name, value in tomllib.loads(block).items():
            assert str(getattr(settings, name)) == value


def test_every_command_of_the_example_is_one() -> None:
    lines = [line for block in (*blocks("sh"), *blocks("console"), *blocks("ini")) for line in block.splitlines()]
    found = [said for line in lines if (said := re.search(r"(?:^\$ |[ /])kiosk ((?:hub|device) .*)", line))]

    assert len(found) >= 5
    for said in found:
        command: click.Command = kiosk
        words = shlex.split(said[1].split("  #")[0].replace("%i", "8765"))
        while isinstance(command, click.Group):
            below = command.get_command(click.Context(command), words[0])
            assert below is not None, said[0]
            command, words = below, words[1:]
        command.make_context(None, words)
