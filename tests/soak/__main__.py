"""python -m tests.soak: the figures of loss and doubling, and exit status 1 unless both are 0 and the API is as described."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from tests.soak.api import try_api
from tests.soak.cut_pairs import cut_pairs
from tests.soak.cuts import cut_many
from tests.soak.figures import Figures
from tests.soak.histories import live_through
from tests.soak.kills import kill_many


@click.command()
@click.option("--kills", default=1000, show_default=True, help="How often a kiosk is killed.")
@click.option("--stride", default=1, show_default=True, help="Cut at every byte (1), every second byte (2), and so on.")
@click.option("--pairs", default=500, show_default=True, help="How often two batches under way are cut together.")
@click.option("--examples", default=400, show_default=True, help="How often schemathesis tries each path of the API.")
@click.option("--histories", default=300, show_default=True, help="How many are made up and lived through.")
def soak(kills: int, stride: int, pairs: int, examples: int, histories: int) -> None:
    """Kill kiosks and cut connections, count what is lost or doubled, and try the API with whatever may come."""
    with tempfile.TemporaryDirectory() as folder:
        answered = try_api(Path(folder), examples)
    with tempfile.TemporaryDirectory() as folder, click.progressbar(length=kills, label="Kills") as bar:
        killed = kill_many(Path(folder), kills, bar.update)
    with tempfile.TemporaryDirectory() as folder, click.progressbar(length=1, label="Cuts ") as bar:

        def advance(done: int, of: int) -> None:
            bar.length = of
            bar.update(done)

        cut = cut_many(Path(folder), stride, advance)
    with tempfile.TemporaryDirectory() as folder, click.progressbar(length=pairs, label="Pairs") as bar:
        paired = cut_pairs(Path(folder), pairs, bar.update)
    whole = answered.clean and killed.clean and cut.clean and paired.clean
    _tell("kiosks killed", killed)
    _tell("connections cut", cut)
    _tell("cut in pairs", paired)
    live_through(histories)
    says = "kiosks, network, sticks and hub; the key is changed in each"
    click.echo(f"{histories:>7,} {'histories':<16} {says:<60} {0:>5} lost {0:>3} doubled")
    click.echo(answered.complaint + str(answered))
    click.echo("SOAK PASSED" if whole else "SOAK FAILED")
    sys.exit(0 if whole else 1)


def _tell(faults: str, figures: Figures) -> None:
    told = f"{figures.told:,} requests that a parent was told we have"
    click.echo(f"{figures.faults:>7,} {faults:<16} {told:<60} {figures.lost:>5} lost {figures.doubled:>3} doubled")


soak()
