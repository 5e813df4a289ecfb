"""Random visits at a real kiosk: no exception, nothing left of a visit, nothing that grows, every screen come to.

    xvfb-run -a -s "-screen 0 540x960x24" python -m tests.soak.visits

Under Xvfb: a driver that draws into memory is never told to let go of what it drew.
"""

from __future__ import annotations

import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from kiosk.ui.memory import tidy
from kiosk.ui.navigation import SCREENS
from tests.soak import gauges, leftovers
from tests.soak.visitor import CODE, Typed, Visitor

LOOKS = 100
LONGEST = 180 * 60.0  # seconds
CALM_AFTER_EVERY = 5  # visits: the others follow one another too closely for the kiosk to tidy up between them


@dataclass(frozen=True)
class Report:
    """What came of the `wanted` visits; `complaints` must be empty."""

    wanted: int
    visitor: Visitor
    readings: list[gauges.Gauges]
    complaints: list[str]
    seconds: float

    def __str__(self) -> str:
        done = self.visitor.done
        return "\n".join(
            [
                f"{done['visits']:,} visits, {done['touches']:,} touches in {self.seconds:.0f} s "
                f"({done['visits'] / self.seconds:.1f} visits a second): {done['finished']:,} finished, "
                f"{done['wiped untouched']:,} wiped untouched, {done['stayed']:,} stayed on.",
                *(f"  quarter {n}  {each}" for n, each in enumerate(self._quarters, 1)),
                f"  at the end {self.readings[-1]}",
                *(f"  NOT FLAT: {name} grew by {more:.1f}" for name, more in self.grown.items()),
                *(f"  screen {name}: come to {self.visitor.screens[name]:,} times" for name in SCREENS),
                *(f"  COMPLAINT: {each}" for each in self.complaints),
            ]
        )

    @property
    def _quarters(self) -> list[gauges.Gauges]:
        return gauges.quarters(self.readings) if len(self.readings) >= gauges.QUARTERS else []

    @property
    def grown(self) -> dict[str, float]:
        return gauges.grown(self.readings)

    @property
    def holds(self) -> bool:
        """All the visits took place, every screen was come to, and nothing broke, stayed or grew."""
        return not (self.complaints or self.missed or self.grown or self.visitor.done["visits"] < self.wanted)

    @property
    def missed(self) -> list[str]:
        return [name for name in SCREENS if not self.visitor.screens[name]]


class Complaints(logging.Handler):
    """Hears whatever the program logs as an error, and what breaks in the background."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(f"{record.name}: {record.getMessage()}")


def run(
    kiosk, visits: int, seed: int, longest: float = LONGEST, looks: int = LOOKS, on_visit: Callable = lambda: None
) -> Report:
    """Let so many visits happen, or as many as there is time for; an exception of the program is raised to here.

    So many times the whole memory is looked through, and the gauges are read.
    """
    from kivy.clock import Clock
    from kivy.lang import Builder

    def turn() -> None:
        kiosk.app.waiter.wake()
        Clock.tick()
        kiosk.loop.dispatch_input()
        Builder.sync()
        Clock.tick_draw()
        Builder.sync()

    kiosk.turn = turn
    kiosk.app.stop = lambda *_: None  # a staff member may close the kiosk: these visits go on
    visitor, complaints = Visitor(kiosk, random.Random(seed)), Complaints()
    logging.getLogger("kiosk").addHandler(complaints)
    readings, began, every = [], time.monotonic(), max(1, visits // looks)
    for number in range(visits):
        typed = visitor.visit()
        if number % CALM_AFTER_EVERY == 0:
            # As three seconds later.
            tidy()
        left = _left(kiosk, typed, thoroughly=number % every == 0)
        complaints.found += [f"visit {number}: {each}, after {', '.join(visitor.lately)}" for each in left]
        if number % every == 0:
            readings.append(gauges.read())
        on_visit()
        if time.monotonic() - began > longest:
            complaints.found.append(
                f"only {number + 1:,} of {visits:,} visits took place within {longest / 60:.0f} minutes"
            )
            break
    logging.getLogger("kiosk").removeHandler(complaints)
    return Report(visits, visitor, readings, complaints.found, time.monotonic() - began)


def _left(kiosk, typed: Typed, thoroughly: bool) -> list[str]:
    from kiosk.ui.visit import Place

    found = []
    if kiosk.app.navigation.visit.place not in (Place("welcome"), Place("neutral")):
        found.append(f"the visit goes on at {kiosk.app.navigation.screen}")
    found += leftovers.in_widgets(kiosk, typed.beginnings)
    if thoroughly:
        kiosk.rest()
        found += leftovers.anywhere(typed.beginnings, but=(typed,))
    return found


def open_kiosk(data: Path, width: int, height: int):
    """Return a started kiosk that has joined a hub which never answers, with a staff code and childcare."""
    from nacl.public import PrivateKey
    from nacl.signing import SigningKey

    from kiosk.bootstrap import bootstrap
    from kiosk.callbacks.identity import save_identity
    from kiosk.callbacks.model import Identity
    from kiosk.callbacks.staff_code import save_staff_code
    from kiosk.settings import load_settings
    from kiosk.ui.proof.stage import open_window
    from tests.ui.driving import Kiosk

    keys = [bytes(SigningKey.generate()), bytes(SigningKey.generate().verify_key)]
    keys += [bytes(PrivateKey.generate().public_key) for _ in range(2)]
    save_identity(Identity("kiosk-soak", keys[0], "http://127.0.0.1:9", *keys[1:]), data)
    save_staff_code(CODE, data)
    (data / "sticks").mkdir()
    settings = replace(load_settings(), data=data, sticks=data / "sticks", fullscreen=False)
    services = bootstrap(settings)
    services.load_first_childcare()
    (data / "fonts").mkdir()
    open_window(data / "fonts", width, height)
    return Kiosk(services)


@click.command()
@click.option("--visits", default=10_000, show_default=True, help="How many parents come.")
@click.option("--minutes", default=LONGEST / 60, show_default=True, help="How long that may take.")
@click.option("--seed", default=1, show_default=True, help="What they do follows from it.")
def soak(visits: int, minutes: float, seed: int) -> None:
    """Let parents come and go at random, and see that nothing breaks, stays or grows."""
    with tempfile.TemporaryDirectory() as folder:
        kiosk = open_kiosk(Path(folder), 540, 960)
        with click.progressbar(length=visits, label="Visits") as bar:
            report = run(kiosk, visits, seed, longest=60 * minutes, on_visit=lambda: bar.update(1))
        click.echo(str(report))
        kiosk.stop()
    sys.exit(0 if report.holds else 1)


if __name__ == "__main__":
    soak()
