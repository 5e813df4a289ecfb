"""A hub in a folder, its app, and a client that can sign in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from kiosk.hub.app import create_app
from kiosk.hub.cases import Cases
from kiosk.hub.publish_trust import HubPublishers
from kiosk.hub.roles import Role
from kiosk.settings import Settings
from tests.hub.desk.people import CHEAP, NOW, PASSWORD, WORKER, Clock, Kiosk, add_worker, make_hub, make_kiosk
from tests.pack.signed_packs import KEY


class Worker:
    """Somebody at the desk: a browser without a screen that fills in the forms it is shown."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, page: str = "/", **fields: object) -> TestResponse:
        """Send a form with the token that `page` carries."""
        return self.client.post(path, data={"csrf_token": self.token(page)} | fields, follow_redirects=True)

    def ring(self, id: UUID) -> str:
        """Claim a request and return the call sheet that comes."""
        return self.post(f"/requests/{id}/claim", "/").text

    def sheet(self, id: UUID) -> str:
        return self.get(f"/requests/{id}").text

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def sign_in(self, name: str = WORKER, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", "/sign-in", name=name, password=password)


NAMES = {Role.WORKER: "W. Hart", Role.LEAD: "L. Stone", Role.PUBLISHER: "P. Reed"}
SignIn = Callable[[Role], Worker]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "hub")


@pytest.fixture
def on_both(url: str, tmp_path: Path) -> Settings:
    """The settings of a hub on each kind of database. A module whose facts are about what is kept puts it for `settings`."""
    return Settings(data=tmp_path, hub_database=url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(settings: Settings) -> Iterator[Engine]:
    engine = make_hub(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def kiosk(hub: Engine, clock: Clock) -> Kiosk:
    return make_kiosk(hub, clock)


@pytest.fixture
def cases(hub: Engine) -> Cases:
    return Cases(hub)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Every test has an app of its own; the templates need compiling once."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, hub: Engine, clock: Clock, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    app = create_app(settings, clock, CHEAP)
    app.jinja_env.bytecode_cache = compiled
    yield app
    app.extensions["waymark-desk"].store.engine.dispose()


@pytest.fixture
def visitor(app: Flask) -> Worker:
    return Worker(app.test_client())


@pytest.fixture
def worker(visitor: Worker) -> Worker:
    visitor.sign_in()
    return visitor


@pytest.fixture
def sign_in(app: Flask, hub: Engine) -> SignIn:
    """Somebody of a role, signed in."""

    def sign_in(role: Role) -> Worker:
        add_worker(hub, NAMES[role], role=role)
        somebody = Worker(app.test_client())
        somebody.sign_in(NAMES[role])
        return somebody

    return sign_in


@pytest.fixture
def publisher(app: Flask, hub: Engine) -> Worker:
    HubPublishers(hub).trust(KEY.public, WORKER, NOW)
    add_worker(hub, "P. Reed", role=Role.PUBLISHER)
    somebody = Worker(app.test_client())
    somebody.sign_in("P. Reed")
    return somebody


def upload(somebody: Worker, content: bytes) -> TestResponse:
    return somebody.post("/packs", "/packs", pack=(BytesIO(content), "some.pack"))
