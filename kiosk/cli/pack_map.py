"""`kiosk pack map`: each flowchart on one sheet, every answer with a line to where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kiosk.cli.pack_check import our_fonts
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.rules_text import as_shown
from kiosk.pack.tree import did_you_mean, quoted
from kiosk.pack.wall_map import Measure, WallMap, answers_of, fitted, rough_width
from kiosk.pack.wall_picture import draw_svg

FORMATS = ("svg", "pdf")


@click.command("map", epilog="Example: kiosk pack map content/oxfordshire --flow work --format pdf")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--flow", "flows", multiple=True, help="Only this flowchart, such as work. May be given again.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="svg", show_default=True, help="For screens, or for paper."
)
@click.option(
    "--out", default=Path("map"), show_default=True, type=click.Path(path_type=Path), help="The folder to write to."
)
def map_(folder: Path, flows: tuple[str, ...], form: str, out: Path) -> None:
    """Draw each flowchart of the folder DIR on one A3 sheet, with all its answers: work.svg, or work.pdf."""
    read = read_pack(folder)
    for flow in flows:
        if flow not in read.flows:
            hint = did_you_mean(flow, read.flows, f"There are: {', '.join(read.flows)}.")
            raise click.UsageError(f"The pack has no flow {quoted(flow)}. {hint}")
    with _measuring() as measure:
        for flow in flows or read.flows:
            made = _draw(read, flow, form, measure)
            try:
                out.mkdir(parents=True, exist_ok=True)
                (out / f"{flow}.{form}").write_bytes(made)
            except OSError as why:
                raise click.ClickException(f"{out} cannot be written: {why.strerror}.") from why
            click.echo(out / f"{flow}.{form}")


def _draw(read: Pack, flow: str, form: str, measure: Measure) -> bytes:
    drawn, paper = fitted(read.flows[flow], read, measure)
    svg = draw_svg(drawn, paper)
    if form == "svg":
        return svg.encode()
    # Only now: a drawing for the screen needs no typesetter.
    from kiosk.takeaway import typeset

    if not typeset.can_typeset():
        raise click.ClickException(
            'A PDF needs the [print] extra: pip install "waymark[print]". --format svg needs none.'
        )
    inputs = {
        "svg": svg,
        "title": as_shown(read.flows[flow].title, read.facts),
        "words": in_words(drawn),
        "width": f"{paper[0]:g}",
        "height": f"{paper[1]:g}",
    }
    return typeset.set_in_type(Path(typeset.__file__).with_name("map.typ"), inputs, "pdf")[0]


def in_words(drawn: WallMap) -> str:
    """Return what the map shows, for who cannot see it."""
    flow, facts = drawn.flow, drawn.pack.facts
    said = []
    for question, _, answer in answers_of(flow):
        target = flow.questions[answer.go].ask if answer.go in flow.questions else flow.outcomes[answer.go].title
        said.append(f"{question.ask} {answer.say}: {target}.")
    return as_shown(" ".join(said), facts)


@contextmanager
def _measuring() -> Iterator[Measure]:
    """Give the measure of our fonts, or a rough one where the [ui] extra is not installed."""
    with our_fonts() as have_them:
        if not have_them:
            yield rough_width
            return
        from kiosk.ui.measure import width_in_ems

        yield width_in_ems
