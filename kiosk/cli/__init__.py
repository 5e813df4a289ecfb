"""The `kiosk` command: one file per noun. Errors become a sentence on stderr and exit status 1 here, nowhere else."""

from __future__ import annotations

import importlib
import sys

import click

from kiosk import __version__
from kiosk.cli.verbs import Verbs
from kiosk.errors import WaymarkError

# Imported only when asked for, so that `kiosk pack check` needs neither Kivy nor Flask.
NOUNS = ("pack", "childcare", "callbacks", "device", "hub", "run")

INSTALL = "In the folder of the clone: pip install -c constraints.txt -e '.[ui,hub,print]'"


class Nouns(Verbs):
    """Finds a command in the module of its name: `kiosk pack` is `kiosk.cli.pack.pack`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        module = importlib.import_module(f"kiosk.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.command(cls=Nouns, epilog="Example: kiosk pack check content/oxfordshire")
@click.version_option(__version__, prog_name="kiosk")
def kiosk() -> None:
    """Waymark: a touch guide for children's centres, and its desk."""


def main() -> None:
    """Run the command line and exit: 0 done, 1 a fact stands in the way, 2 the command was not understood."""
    try:
        kiosk.main(standalone_mode=True)
    except WaymarkError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except ModuleNotFoundError as missing:
        if str(missing.name).startswith("kiosk"):
            raise
        click.echo(f"This needs {missing.name}, which is not installed here. {INSTALL}", err=True)
        sys.exit(1)
