"""A hub process, a kiosk that joined it by the real command, and what a parent and a support worker do with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from playwright.sync_api import Page

from kiosk.bootstrap import Services, bootstrap
from kiosk.hub.setup import hub_engine, init_hub
from kiosk.hub.store import HeldEnvelope, HubStore
from kiosk.london import LONDON
from kiosk.settings import Settings, load_settings
from tests.hub.desk.people import CHEAP
from tests.processes import ROOT, Machine, Running, wait_until
from tests.ui.driving import Kiosk

WORKER, PASSWORD = "J. Okafor", "heron basket sunday"
NAME, DIGITS = "Zuleikha Quill-Okoye", "07911123456"
CANARIES = ("Zuleikha", "Quill-Okoye", DIGITS, "07911 123456", "7911123456", "7911 123456", "+447911123456")
# A centre with hours of its own: somebody rings at any time of any day, so that these tests may run at any time.
ALL_HOURS = """
days: [mon, tue, wed, thu, fri, sat, sun]
parts:
  morning: {say: "Morning, 0 to 12", start: "00:00", end: "12:00"}
  midday: {say: "Midday, 12 to 3", start: "12:00", end: "15:00"}
  afternoon: {say: "After that, 3 to 12", start: "15:00", end: "23:59"}
"""


@dataclass
class Clock:
    """The kiosk's own clock, which a test may put forward."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Whole:
    """Everything, in one folder: `kiosk/` and `hub/` are two machines' data."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    port: str = "0"
    hub: Running | None = None

    @property
    def kiosk_machine(self) -> Machine:
        pack = self.folder / "content" / "oxfordshire"
        return Machine(self.folder, {"KIOSK_DATA": str(self.kiosk_data), "KIOSK_PACK": str(pack)})

    @property
    def hub_machine(self) -> Machine:
        return Machine(self.folder, {"KIOSK_DATA": str(self.hub_data)})

    @property
    def kiosk_data(self) -> Path:
        return self.folder / "kiosk"

    @property
    def hub_data(self) -> Path:
        return self.folder / "hub"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make(self) -> None:
        """Make the hub, serve it, and let the kiosk join with a one-time code, all but the keys by commands."""
        write_content(self.folder / "content")
        init_hub(Settings(data=self.hub_data), WORKER, PASSWORD, CHEAP)
        self.start_hub()
        code = self.hub_machine.run("hub", "code", "--centre", "Rose Hill").out.strip()
        joined = self.kiosk_machine.run("device", "enrol", self.url, code)
        assert "Parents can now ask for a call." in joined.out, joined.err

    def start_hub(self) -> None:
        """Serve the hub at the address that it had before, if it had one."""
        self.hub = self.hub_machine.start("hub", "serve", "--port", self.port)
        self.port = self.hub.says(r"The desk is at http://127\.0\.0\.1:(\d+)")

    def services(self) -> Services:
        settings = load_settings(environ={**self.kiosk_machine.settings, "KIOSK_SYNC_SECONDS": "1"})
        return bootstrap(settings, self.clock)

    def held(self) -> list[HeldEnvelope]:
        """Return what the hub's database holds."""
        engine = hub_engine(Settings(data=self.hub_data))
        try:
            return HubStore(engine).find_open_envelopes()
        finally:
            engine.dispose()


def write_content(content: Path) -> None:
    """Copy the packs that are shipped, and give the local one hours of its own."""
    for file in (file for pack in ("england", "oxfordshire") for file in (ROOT / "content" / pack).rglob("*")):
        if file.is_file():
            copy = content / file.relative_to(ROOT / "content")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    (content / "oxfordshire" / "callback.yaml").write_text(ALL_HOURS, encoding="utf-8")


def ask_for_a_call(kiosk: Kiosk) -> Iterator[str]:
    """Walk from the welcome to Send by touches alone; yield the name of each screen that comes."""
    kiosk.tap(kiosk.window.width / 2, kiosk.window.height / 2)
    yield kiosk.app.navigation.screen
    for words in ("My path to work", "I am looking for work", "No, not yet", "The cost", "Ask for a call"):
        kiosk.touch(words)
        yield kiosk.app.navigation.screen
    type_by_keys(kiosk, NAME.upper())
    kiosk.touch("Next")
    yield kiosk.app.navigation.screen
    type_by_keys(kiosk, DIGITS)
    for words in (
        "Next",
        "Any time in these hours",
        "Next",
        "No, please do not leave a message",
        "Next",
        "Next",
        "Next",
    ):
        kiosk.touch(words)
        yield kiosk.app.navigation.screen


def type_by_keys(kiosk: Kiosk, characters: str) -> None:
    for character in characters:
        keys = kiosk.window.children[0].walk()
        kiosk.tap_widget(next(key for key in keys if getattr(key, "gives", None) == character))


def send(kiosk: Kiosk) -> None:
    """Touch Send and wait for the screen that promises."""
    kiosk.touch("Send")
    kiosk.wait_until(lambda: "We have your request" in kiosk.words())


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("Your name").fill(WORKER)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def stand_clear_of_midnight() -> None:
    """The hours of ALL_HOURS end a minute before midnight: a pack cannot say 24:00. What follows may take four minutes."""
    wait_until(lambda: datetime.now(LONDON).time() < time(23, 55), 310)
