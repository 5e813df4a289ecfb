"""Two processes of one hub, on one database of each kind: none holds anything that the other needs."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import requests
from sqlalchemy import select, update

from kiosk.callbacks.model import Envelope, Identity, Receipt, ReceiptState
from kiosk.database import open_url
from kiosk.hub.desk_tables import place_tries
from kiosk.hub.store import HubStore
from kiosk.sync.hub_client import HubClient, enrol
from tests.callbacks.samples import envelope
from tests.hub.conftest import BOTH
from tests.hub.databases import clear
from tests.hub.desk.people import COLLEAGUE, COLLEAGUES_PASSWORD, PASSWORD, WORKER, make_team
from tests.processes import PATIENCE, Machine

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Hub:
    """One hub: where each of its processes listens, and its database."""

    urls: tuple[str, ...]
    store: HubStore

    def join(self, centre: str, process: int) -> Identity:
        """Let a kiosk join at one of the processes."""
        return enrol(self.urls[process], self.store.create_code(centre, datetime.now(UTC)))

    def ids(self) -> list[UUID]:
        return [each.id for each in self.store.find_open_envelopes()]


@pytest.fixture(scope="module", params=BOTH)
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('made_sqlite'), folder / 'hub.sqlite')}"
    else:
        url = request.getfixturevalue("postgresql_url")
        clear(url)
    engine = open_url(url)
    make_team(engine)
    machine = Machine(folder, {"KIOSK_DATA": str(folder), "KIOSK_HUB_DATABASE": url})
    with ExitStack() as stack:
        running = [machine.start("hub", "serve", "--port", "0") for _ in range(2)]
        for each in running:
            stack.callback(each.kill)
        urls = tuple(each.says(r"The desk is at (http://\S+)") for each in running)
        yield Hub(urls, HubStore(engine))
    engine.dispose()


@dataclass
class Visitor:
    """A browser without a screen, which asks one process or the other."""

    hub: Hub
    line: requests.Session = field(default_factory=requests.Session)

    def get(self, process: int, path: str) -> str:
        return self.line.get(self.hub.urls[process] + path, timeout=PATIENCE).text

    def post(self, process: int, path: str, page: str = "/", **fields: str) -> int:
        """Send the form that the other process showed; return the status."""
        found = TOKEN.search(self.get(1 - process, page))
        assert found, f"{page} has no form"
        data = {"csrf_token": found[1], **fields}
        url = self.hub.urls[process] + path
        return self.line.post(url, data=data, timeout=PATIENCE, allow_redirects=False).status_code

    def sign_in(self, process: int, name: str, password: str) -> int:
        return self.post(process, "/sign-in", "/sign-in", name=name, password=password)


@pytest.fixture
def visitor(hub: Hub) -> Iterator[Visitor]:
    with requests.Session() as line:
        yield Visitor(hub, line)


@pytest.fixture
def worker(visitor: Visitor) -> Visitor:
    assert visitor.sign_in(0, WORKER, PASSWORD) == 303
    return visitor


@pytest.fixture
def colleague(hub: Hub) -> Iterator[Visitor]:
    with requests.Session() as line:
        colleague = Visitor(hub, line)
        assert colleague.sign_in(1, COLLEAGUE, COLLEAGUES_PASSWORD) == 303
        yield colleague


def together(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Make the calls at once, each in a thread of its own, and return what each gave."""
    ready = threading.Barrier(len(calls))

    def wait_and(call: Callable[[], object]) -> object:
        ready.wait(PATIENCE)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and, calls))


def deliver(identity: Identity, url: str, batch: Sequence[Envelope]) -> list[ReceiptState]:
    client = HubClient(identity, url=url)
    try:
        return [answer.state for answer in client.deliver(batch) if isinstance(answer, Receipt)]
    finally:
        client.close()


def test_kiosks_deliver_through_both_and_the_same_batch_twice_at_once_is_there_once(hub: Hub) -> None:
    kiosks = [hub.join(centre, n % 2) for n, centre in enumerate(("Rose Hill", "Barton", "Littlemore"))]
    batches = {each.kiosk: [envelope(identity=each) for _ in range(4)] for each in kiosks}
    before = hub.ids()

    told = together(
        [lambda k=each, u=url: deliver(k, u, batches[k.kiosk]) for each in kiosks for url in hub.urls]  # type: ignore[misc]
    )

    assert told == [[ReceiptState.HELD] * 4] * 6
    new = [id for id in hub.ids() if id not in before]
    assert sorted(new) == sorted(one.id for batch in batches.values() for one in batch)


def test_who_signed_in_at_one_reads_at_the_other_and_is_locked_out_of_both(hub: Hub, worker: Visitor) -> None:
    kiosk = hub.join("Cowley", 1)
    deliver(kiosk, hub.urls[0], [envelope(identity=kiosk)])

    for process in (0, 1):
        assert "Amina" in worker.get(process, "/")
    assert worker.post(1, "/lock") == 303

    for process in (0, 1):
        assert "Amina" not in worker.get(process, "/") and "Sign in" in worker.get(process, "/")


def test_of_two_who_claim_at_once_at_two_processes_one_rings(hub: Hub, worker: Visitor, colleague: Visitor) -> None:
    kiosk = hub.join("Cowley", 0)
    batch = [envelope(identity=kiosk) for _ in range(3)]
    deliver(kiosk, hub.urls[0], batch)

    for one in batch:
        path = f"/requests/{one.id}/claim"
        told = together([lambda p=path: worker.post(0, p), lambda p=path: colleague.post(1, p)])  # type: ignore[misc]
        assert sorted(told) == [303, 409]


def test_tries_to_sign_in_are_counted_over_both(hub: Hub, visitor: Visitor) -> None:
    wrong = [visitor.sign_in(process, "j. okafor", "not the password") for process in (0, 1, 0)]

    assert wrong == [403, 403, 403]
    with hub.store.engine.begin() as connection:
        assert connection.execute(select(place_tries.c.tries)).scalars().all() == [3]
        # The third costs two seconds, which a busy machine may need for the next try.
        connection.execute(update(place_tries).values(next_at=datetime.now(UTC) + timedelta(minutes=4)))
    assert [visitor.sign_in(process, WORKER, PASSWORD) for process in (1, 0)] == [429, 429]
