"""The staff screen: how this kiosk stands, the stick, and delivery now. Reached by staff_code alone."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.errors import WaymarkError
from kiosk.ui.kv import load_beside
from kiosk.ui.screens import staff_jobs
from kiosk.ui.screens.base import Screen
from kiosk.ui.screens.staff_words import (
    say_copied,
    say_error,
    say_installed,
    say_labels,
    say_report,
    say_returned,
    say_state,
)
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import pages  # noqa: F401  the kv beside this file names it
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.pair import in_columns
from kiosk.ui.widgets.panel import Panel

log = logging.getLogger(__name__)


class StateRow(Panel):
    """One thing and how it stands; `wrong` where it needs somebody. A block for Pages."""

    label = StringProperty("")
    value = StringProperty("")
    wrong = BooleanProperty(False)
    natural_height = NumericProperty(0)
    grows = NumericProperty(0)


class StaffScreen(Screen):
    """`says` is what the last thing that was asked for came to, `failed` whether it did not work."""

    offers_call = BooleanProperty(False)
    says = StringProperty("")
    failed = BooleanProperty(False)
    busy = BooleanProperty(False)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._built_for, self._place = None, None
        self.rows: dict[str, StateRow] = {}
        self.cards: list[Card] = []

    def enter(self, visit: Visit) -> None:
        if visit.place is not self._place:
            self._place, self._built_for = visit.place, None
            self.says, self.failed = "", False
        self._build(visit)

    def forget(self) -> None:
        self._place, self._built_for, self.says = None, None, ""
        self.rows, self.cards = {}, []
        self.ids.pages.blocks = []

    def _build(self, visit: Visit) -> None:
        """Cards, and rows that are filled in once they are known. Anew with each visit, and each way of reading."""
        key = (visit.language, visit.text_size, visit.contrast, self.app.theme.portrait)
        if key == self._built_for:
            return
        self._built_for = key
        columns = 1 if self.app.theme.portrait or visit.text_size else 2
        self.cards, self.rows = self._cards(), {label: StateRow(label=label) for label in say_labels(self.app.words)}
        cards, rows = in_columns(self.cards, columns), in_columns(list(self.rows.values()), columns)
        # Where all of it stands on one high page, what is touched stands low: a seated person reaches it there.
        self.ids.pages.blocks = rows + cards if self.app.theme.portrait and not visit.text_size else cards + rows
        self._look()

    def _cards(self) -> list[Card]:
        words = self.app.words
        cards = [
            self._card(
                "hard-drive-download",
                words("Install content from the stick"),
                words("It is shown from the next visit on."),
                self._install,
            ),
            self._card("power", words("Close the kiosk programme"), "", self._ask_to_close),
        ]
        if self.app.services.identity:
            cards = [
                self._card(
                    "usb", words("Copy requests to the stick"), words("For a hub that no network reaches."), self._copy
                ),
                self._card("download", words("Take the hub’s answers from the stick"), "", self._take),
                self._card(
                    "refresh-cw", words("Deliver now"), words("Without waiting for the next turn."), self._deliver
                ),
                *cards,
            ]
        return cards

    def _card(self, icon: str, title: str, hint: str, act: Callable[[], None]) -> Card:
        card = Card(icon=icon, title=title, hint=hint, tail="", enabled=not self.busy)
        card.bind(on_touched=lambda *_: act())
        return card

    def on_busy(self, _screen, busy: bool) -> None:
        for card in self.cards:
            card.enabled = not busy

    def _copy(self) -> None:
        services, words = self.app.services, self.app.words

        def written(share: float) -> None:
            Clock.schedule_once(lambda _dt: self._tell_share(place, share), 0)
            self.app.waiter.wake()

        place = self._place
        self._run(
            lambda: staff_jobs.copy_requests(services, written),
            lambda copied: say_copied(copied, words),
            words("Copying to the stick. Please leave it in."),
        )

    def _take(self) -> None:
        services, words = self.app.services, self.app.words
        self._run(
            lambda: staff_jobs.take_answers(services),
            lambda came: say_returned(came, words),
            words("Reading the stick…"),
        )

    def _deliver(self) -> None:
        services, words = self.app.services, self.app.words
        self._run(
            lambda: staff_jobs.deliver_now(services), lambda report: say_report(report, words), words("Delivering…")
        )

    def _install(self) -> None:
        services, words = self.app.services, self.app.words
        self._run(
            lambda: staff_jobs.install_from_stick(services),
            lambda version: say_installed(version, words),
            words("Reading the stick…"),
        )

    def _ask_to_close(self) -> None:
        self.navigation.go(Place("staff-close"))

    def _tell_share(self, place: Place, share: float) -> None:
        if self.busy and self._is_on(place):
            self.says = self.app.words("Copying to the stick: {percent}%. Please leave it in.").format(
                percent=round(share * 100)
            )

    def _run(self, job: Callable, say: Callable, meanwhile: str) -> None:
        """Do it elsewhere and tell what came of it, if staff are still here."""
        place = self._place
        self.busy, self.failed, self.says = True, False, meanwhile

        def ended(says: str, failed: bool) -> None:
            self.busy = False
            if self._is_on(place):
                self.failed, self.says = failed, says
                self._look()

        def failed(error: BaseException) -> None:
            log.warning(
                "Asked for by staff, and failed: %s", error if isinstance(error, WaymarkError) else type(error).__name__
            )
            ended(say_error(error, self.app.words), True)

        self.app.background.run(job, lambda result: ended(say(result), bool(getattr(result, "trouble", None))), failed)

    def _look(self) -> None:
        place, services = self._place, self.app.services
        self.app.background.run(lambda: staff_jobs.look(services), lambda state: self._show(place, state), self._blind)

    def _show(self, place: Place, state: staff_jobs.State) -> None:
        if self._is_on(place):
            for label, (value, wrong) in say_state(state, self.app.words).items():
                self.rows[label].value, self.rows[label].wrong = value, wrong

    def _blind(self, error: BaseException) -> None:
        log.error("How the kiosk stands could not be found out: %s", type(error).__name__)

    def _is_on(self, place: Place) -> bool:
        return place is not None and self._place is place and self.navigation.place is place


load_beside(__file__)
