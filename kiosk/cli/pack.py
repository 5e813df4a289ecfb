"""`kiosk pack`: look after the content; one file per verb, and the paths through its flowcharts here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from kiosk.cli import pack_archive, pack_key
from kiosk.cli.pack_check import check
from kiosk.cli.pack_clips import clips
from kiosk.cli.pack_diff import diff
from kiosk.cli.pack_due import due
from kiosk.cli.pack_map import map_
from kiosk.cli.pack_new import new
from kiosk.cli.pack_preview import preview
from kiosk.cli.pack_print import print_
from kiosk.cli.pack_proof import proof
from kiosk.cli.pack_schema import schema
from kiosk.cli.pack_words import words
from kiosk.cli.verbs import Verbs
from kiosk.flow.model import Flow
from kiosk.flow.paths import find_paths, nodes_of
from kiosk.flow.walk import Answers
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.rules_text import as_shown
from kiosk.pack.tree import did_you_mean, quoted


@click.group(cls=Verbs, epilog="Example: kiosk pack check content/oxfordshire")
def pack() -> None:
    """Look after the content: make it, check it, see it, compare it, translate its words."""


pack.add_command(check)
pack.add_command(diff)
pack.add_command(due)
pack.add_command(map_)
pack.add_command(preview)
pack.add_command(new)
pack.add_command(schema)
pack.add_command(words)
pack.add_command(proof)
pack.add_command(print_)
pack.add_command(clips)
for command in (*pack_archive.COMMANDS, *pack_key.COMMANDS):
    pack.add_command(command)


@pack.command(epilog="Example: kiosk pack paths content/oxfordshire work")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("flow", metavar="FLOW")
def paths(folder: Path, flow: str) -> None:
    """List every path through the flowchart FLOW of the folder DIR, in the words a parent reads."""
    read = read_pack(folder)
    if flow not in read.flows:
        hint = did_you_mean(flow, read.flows, f"There are: {', '.join(read.flows)}.")
        raise click.UsageError(f"The pack has no flow {quoted(flow)}. {hint}")
    for number, path in enumerate(find_paths(read.flows[flow]), 1):
        click.echo("\n".join(_path_in_words(read, read.flows[flow], path, number)))


def _path_in_words(read: Pack, flow: Flow, path: Answers, number: int) -> Iterator[str]:
    yield f"{number}."
    for question_id, answer_id in path:
        question = flow.questions[question_id]
        said = next(answer.say for answer in question.answers if answer.id == answer_id)
        yield f"   {as_shown(question.ask, read.facts)} {as_shown(said, read.facts)}"
    yield f"   → {as_shown(flow.outcomes[nodes_of(flow, path)[-1]].title, read.facts)}"
