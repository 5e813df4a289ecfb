"""Joins settings, stores and services. The only place that builds them; everything else is handed what it needs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event, RLock
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.callbacks.identity import load_identity, renew_identity
from kiosk.callbacks.model import CallbackRequest, Identity
from kiosk.clock import Clock, utc_now
from kiosk.errors import EnvelopeChanged, NoTeamKey, PackFaulty, WaymarkError
from kiosk.london import LONDON
from kiosk.pack.facts import KEEP_DAYS
from kiosk.pack.model import Board, Fact, Pack
from kiosk.pack.shelf import Opened, Shelf
from kiosk.pack.sources import PROGRAMME, folder_name, national_folder, words_file
from kiosk.pack.translate import ENGLISH, Translation, load_translation, translate
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.callbacks.outbox import SqlOutbox
    from kiosk.callbacks.staff_code import StaffDoor
    from kiosk.childcare.store import ChildcareStore
    from kiosk.speech.speech import Speech
    from kiosk.sync.packs import OnScreen
    from kiosk.sync.syncer import Syncer
    from kiosk.takeaway.model import Slip

log = logging.getLogger(__name__)

Made = TypeVar("Made")


class _Stopping(Exception):
    """The kiosk is being closed while its childcare loads."""


class Services:
    """What the screen may ask for. The stores open on first use: the welcome is painted before SQLAlchemy is imported."""

    def __init__(self, settings: Settings, opened: Opened, identity: Identity | None, clock: Clock) -> None:
        self.settings = settings
        self.opened = opened
        self.pack = opened.pack
        self.faults = opened.faults
        self.identity = identity
        self.now = clock
        self._making = RLock()
        self._made: dict[str, Any] = {}
        self._translations: dict[str, Translation] = {}
        self._stopping = Event()

    @property
    def can_take_requests(self) -> bool:
        """Without a key to seal for, no form is offered (promise 5)."""
        return self.identity is not None

    @property
    def keep_days(self) -> int:
        """After how many days a handled request is deleted: as the hub last said, or as the pack says."""
        heard = self.identity.keep_days if self.identity else 0
        return heard or self.pack.callback.keep_days

    @property
    def facts(self) -> Mapping[str, Fact]:
        return self.facts_of(self.pack)

    def facts_of(self, pack: Pack) -> Mapping[str, Fact]:
        """The facts of the pack in any language, but the days that requests are kept as the hub deletes them.

        No other days may be promised.
        """
        kept = {id: fact for id, fact in pack.facts.items() if fact.id == KEEP_DAYS}
        return {**pack.facts, **{id: replace(fact, value=str(self.keep_days)) for id, fact in kept.items()}}

    def today(self) -> date:
        return self.now().astimezone(LONDON).date()

    @property
    def outbox(self) -> SqlOutbox:
        from kiosk.callbacks.outbox import open_outbox

        return self._once("outbox", lambda: open_outbox(self.settings.data))

    @property
    def childcare(self) -> ChildcareStore:
        from kiosk.childcare.store import open_childcare

        return self._once("childcare", lambda: open_childcare(self.settings.data))

    @property
    def staff_door(self) -> StaffDoor:
        from kiosk.callbacks.staff_code import StaffDoor

        return self._once("staff_door", lambda: StaffDoor(self.settings.data))

    @property
    def speech(self) -> Speech:
        """What can be read aloud, and in which languages. Not for the UI thread: the voices are read from disk."""
        return self._once("speech", self._make_speech)

    def _make_speech(self) -> Speech:
        from kiosk.speech.clips import find_clips
        from kiosk.speech.espeak import find_synthesiser
        from kiosk.speech.speech import Speech

        def clips(language: str) -> Mapping[str, Path]:
            return find_clips(translate(self.pack, self.translation(language)), language, self._folders())

        return Speech(find_synthesiser(), clips)

    @property
    def syncer(self) -> Syncer | None:
        return self._once("syncer", self._make_syncer)

    def _make_syncer(self) -> Syncer | None:
        if self.identity is None:
            return None
        from kiosk.sync.late_hub import LateHub
        from kiosk.sync.packs import PackPuller
        from kiosk.sync.syncer import Syncer

        line = (self.identity, self.settings.hub_ca, self.settings.hub_url, self.renew)
        packs = PackPuller(LateHub(*line), self.settings.data, folder_name(self.settings.pack), self._on_screen)
        # A line of its own: a pack that drips in holds no request up.
        return Syncer(self.outbox, LateHub(*line), self.settings.sync_seconds, self.now, packs)

    def _on_screen(self) -> OnScreen:
        from kiosk.sync.packs import OnScreen

        opened = self.opened
        version = opened.installed.version if opened.installed else 0
        return OnScreen(version, opened.active, opened.stands_in, opened.left)

    def renew(self, newer: Identity) -> None:
        """Go by the hub's new keys and days once they are on disk, so that the next start does so as well."""
        renew_identity(newer, self.settings.data)
        self.identity = newer

    def find_other_pack(self) -> Opened | None:
        """Return the pack that was installed or taken back since the one shown was opened, None where there is none.

        Cheap as long as there is none. Where the other cannot be shown the one that is stays, and its faults are told.
        Not for the UI thread. May be called again; `switch` goes on with what it returns.
        """
        shelf, folder = Shelf(self.settings.data), self.settings.pack
        active = shelf.active_version(folder)
        if active is None or active == self.opened.active:
            return None
        try:
            return shelf.open(folder, self.today())
        except PackFaulty as broken:
            log.error("%s\nThe pack that is shown stays until this is mended.", broken)
            return replace(self.opened, active=active, faults=broken.faults)

    def switch(self, opened: Opened) -> None:
        """Go on with another pack: what was read of the old one is read anew. Between two visits only."""
        self.opened, self.pack, self.faults = opened, opened.pack, opened.faults
        self._translations = {}
        with self._making:
            self._made.pop("speech", None)

    def settle_in(self) -> None:
        """Have what the first touch needs of the pack at hand, and see that there is childcare to search."""
        self._look_at_notices()
        from kiosk.childcare.sources.postcodes import postcode_files

        with suppress(_Stopping):
            self.load_first_childcare(self._until_stopping(postcode_files()))
            self._read_translations()

    def translation(self, language: str) -> Translation:
        """Return what may be said in a language: the programme's words and the pack's. Read when first asked for."""
        # No lock: that two threads read the same files at once does no harm, that a touch waits for them would.
        translations = self._translations  # `switch` may put others in their place meanwhile
        if language not in translations:
            translations[language] = self._read_translation(language)
        return translations[language]

    def _read_translations(self) -> None:
        """Read every language on offer, so that the first touch on its name is answered as quickly as the next."""
        for language in self.pack.offered:
            if not self._stopping.is_set():
                self.translation(language)

    def _read_translation(self, language: str) -> Translation:
        if language == "en":
            return ENGLISH
        files = [words_file(each, language) for each in (PROGRAMME, *self._folders())]
        return load_translation(language, files, self.pack.shows_unchecked)

    def _folders(self) -> list[Path]:
        """The pack's own folder, after that of the pack which it extends."""
        folder, extends = self.opened.folder, self.pack.extends
        return [national_folder(folder, extends), folder] if extends else [folder]

    def find_file(self, name: str) -> Path | None:
        """Return where a file that the pack names lies: in its own folder, else in that of the pack which it extends."""
        return next((folder / name for folder in reversed(self._folders()) if (folder / name).is_file()), None)

    def _once(self, name: str, make: Callable[[], Made]) -> Made:
        """Make a part when it is first asked for, once: the thread that delivers and a parent's Send may both be first."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            made: Made = self._made[name]
            return made

    def send(self, request: CallbackRequest) -> None:
        """Seal the request and commit it to the outbox. When this returns, the request is safe.

        Raises NoTeamKey where there is nobody to seal for, OutboxUnavailable where it cannot be kept.
        """
        if self.identity is None:
            raise NoTeamKey("This kiosk has not joined a hub.", "Please speak to reception.")
        from kiosk.callbacks.seal import seal

        with suppress(EnvelopeChanged):
            # Sealing twice gives other bytes: an id that is already kept was saved by the touch before this one.
            self.outbox.save(seal(request, self.identity))
        if self.syncer:
            self.syncer.wake()

    @property
    def can_print(self) -> bool:
        """Where a printer is set up, and what sets a slip is installed."""
        from kiosk.takeaway.typeset import can_typeset

        return bool(self.settings.printer) and can_typeset()

    def print_slip(self, slip: Slip) -> None:
        """Print the slip and return when it is out. Not for the UI thread. Raises PrinterStuck."""
        from kiosk.takeaway.model import Paper
        from kiosk.takeaway.printer import Printer

        Printer(self.settings.printer, Paper(self.settings.printer_paper)).print(slip, self._stopping.wait)

    def start(self) -> None:
        """Begin to deliver what waits in the outbox, and see that there is childcare to search. Not for the UI thread."""
        if self.syncer:
            self.syncer.start()
        self.settle_in()

    def _look_at_notices(self) -> None:
        """Find each notice's next day once, so that the first touch does not wait for what reads calendars' rules."""
        from kiosk.pack.notice_board import find_hung

        for board in Board:
            find_hung(self.pack, board, self.now())

    def load_first_childcare(self, files: Iterable[Path] | None = None) -> bool:
        """Load the centre's postcodes and the pack's examples where there are none yet. Raises ChildcareFileFaulty."""
        from kiosk.childcare.first_load import load_first

        examples = self.opened.folder / self.pack.childcare_examples if self.pack.childcare_examples else None
        centre = self.pack.centre
        return load_first(self.childcare, centre.postcode, centre.districts, examples, files)

    def stop(self) -> None:
        """End what `start` began, and let go of the files, as far as they were ever opened."""
        self._stopping.set()
        if self._made.get("syncer"):
            self._made["syncer"].stop()
        for store in ("outbox", "childcare"):
            if store in self._made:
                self._made[store].close()

    def _until_stopping(self, files: Iterable[Path]) -> Iterator[Path]:
        """Break off between two files: the store takes back what it has of them, and the next start begins anew."""
        for file in files:
            if self._stopping.is_set():
                raise _Stopping
            yield file


def bootstrap(settings: Settings, clock: Clock = utc_now) -> Services:
    """Build the services. Raises PackFaulty where neither the pack nor a last good one can be read.

    A damaged identity fails closed: the information screens go on, no form is offered.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    opened = Shelf(settings.data).open(settings.pack, clock().astimezone(LONDON).date())
    try:
        identity = load_identity(settings.data)
    except WaymarkError as damaged:
        log.warning("%s No call can be asked for until this is mended.", damaged)
        identity = None
    return Services(settings, opened, identity, clock)
