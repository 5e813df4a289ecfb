"""`kiosk run`: the kiosk's window; with --try-out a whole Waymark on this machine, made for this run."""

from __future__ import annotations

import click

from kiosk.cli.supervise import keep_running, program
from kiosk.settings import load_settings


@click.command(epilog="Example: kiosk run --try-out")
@click.option("--try-out", is_flag=True, help="Start a hub beside it, join it, and print a sign-in for its desk.")
@click.option("--check", is_flag=True, help="Close again as soon as the welcome is on the screen.")
@click.option("--window", is_flag=True, help="A window instead of the full screen.")
@click.option("--supervised", is_flag=True, help="Start it again when it fails or stands still, as systemd would.")
def run(try_out: bool, check: bool, window: bool, supervised: bool) -> None:
    """Show the kiosk on this machine's screen."""
    if supervised:
        if try_out or check:
            raise click.UsageError("--supervised is for a kiosk that stays: neither for --try-out nor for --check.")
        load_settings()  # what cannot be understood now is not understood at the next start either
        keep_running([*program(), "run", *(["--window"] if window else [])])
        return
    from dataclasses import replace

    from kiosk.ui.start import show
    from kiosk.ui.window import require_display

    settings = load_settings()
    settings = replace(settings, fullscreen=settings.fullscreen and not window)
    require_display()
    if not try_out:
        show(settings, check=check)
        return
    from kiosk.cli.try_out import open_try_out

    with open_try_out(settings) as made:
        show(made, check=check, closable=True)
