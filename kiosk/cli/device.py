"""kiosk device: which hub this kiosk belongs to, and who may open its staff screen."""

from __future__ import annotations

import click

from kiosk.callbacks.identity import check_can_be_kept, load_identity, save_identity
from kiosk.callbacks.seal import key_id, public_key
from kiosk.callbacks.staff_code import forget_staff_code, save_staff_code
from kiosk.cli.verbs import Verbs
from kiosk.settings import load_settings
from kiosk.sync import hub_client


@click.group(cls=Verbs, epilog="Example: kiosk device show")
def device() -> None:
    """This kiosk, and the hub that it delivers to."""


@device.command(epilog="Example: kiosk device enrol https://hub.example.org K7QF-2MWX")
@click.argument("url")
@click.argument("code")
def enrol(url: str, code: str) -> None:
    """Join the hub at URL with the one-time CODE that was made there."""
    settings = load_settings()
    check_can_be_kept(settings.data)
    identity = hub_client.enrol(url, code, settings.hub_ca)
    save_identity(identity, settings.data)
    click.echo(f"This kiosk is {identity.kiosk}. Parents can now ask for a call.")


@device.command(epilog="Example: kiosk device show")
def show() -> None:
    """Say who this kiosk is and whom it seals for; no secret is shown."""
    settings = load_settings()
    identity = load_identity(settings.data)
    if identity is None:
        click.echo("This kiosk has not joined a hub. Run: kiosk device enrol URL CODE")
        return
    click.echo(f"Kiosk         {identity.kiosk}")
    click.echo(f"Hub           {settings.hub_url or identity.hub_url}")
    click.echo(f"Kiosk's key   {key_id(public_key(identity.signing_key))}")
    click.echo(f"Hub's key     {key_id(identity.hub_verify_key)}")
    click.echo(f"Team key      {key_id(identity.team_key)}")
    click.echo(f"Recovery key  {key_id(identity.recovery_key)}")


@device.command("staff-code", epilog="Example: kiosk device staff-code")
@click.option("--remove", is_flag=True, help="Take the code away; the staff screen is then not offered.")
def staff_code(remove: bool) -> None:
    """Set the digits that open the staff screen.

    At the kiosk, touch to start; then hold the centre's name, at the top, for five seconds.
    """
    data = load_settings().data
    if remove:
        forget_staff_code(data)
        click.echo("The staff screen is not offered any more.")
        return
    code = click.prompt("Staff code, 6 to 12 digits", hide_input=True, confirmation_prompt="The same again")
    save_staff_code(code, data)
    click.echo("It is set. At the kiosk, touch to start; then hold the centre's name, at the top, for five seconds.")
