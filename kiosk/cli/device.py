"""kiosk device: which hub this kiosk belongs to, and who may open its staff screen."""

from __future__ import annotations

import click

from kiosk.callbacks.identity import check_can_be_kept, load_identity, save_identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import key_id, public_key
from kiosk.callbacks.staff_code import forget_staff_code, save_staff_code
from kiosk.cli.verbs import Verbs
from kiosk.errors import EnrolmentRefused, NoTeamKey, OutboxUnavailable
from kiosk.settings import Settings, load_settings
from kiosk.sync import hub_client


@click.group(cls=Verbs, epilog="Example: kiosk device show")
def device() -> None:
    """This kiosk, and the hub that it delivers to."""


@device.command(epilog="Example: kiosk device enrol https://hub.example.org K7QF-2MWX")
@click.argument("url")
@click.argument("code")
@click.option("--anyway", is_flag=True, help="Also while requests wait here for a hub at another address.")
def enrol(url: str, code: str, anyway: bool) -> None:
    """Join the hub at URL with the one-time CODE that was made there."""
    settings = load_settings()
    check_can_be_kept(settings.data)
    if not anyway:
        _check_none_waits_for_another(url, settings)
    identity = hub_client.enrol(url, code, settings.hub_ca)
    save_identity(identity, settings.data)
    click.echo(f"This kiosk is {identity.kiosk}. Parents can now ask for a call.")


def _check_none_waits_for_another(url: str, settings: Settings) -> None:
    """Raise EnrolmentRefused if requests wait here for a hub at another address than `url`, before the code is spent.

    They would stay here, as no other hub can read them. Where keys or outbox cannot be read, nothing is known of that.
    """
    try:
        identity = load_identity(settings.data)
        if identity is None:
            return
        counts = open_outbox(settings.data, put_damaged_aside=False).counts()
    except (NoTeamKey, OutboxUnavailable):
        return
    before, waiting = settings.hub_url or identity.hub_url, counts.waiting + counts.set_aside
    if waiting and before.rstrip("/") != url.rstrip("/"):
        raise EnrolmentRefused(
            f"{waiting} {'request waits' if waiting == 1 else 'requests wait'} here for the hub at {before}, and no other "
            "hub can read what was sealed for it.",
            "Deliver first: kiosk callbacks sync. If that hub has moved to the new address, add --anyway.",
        )


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
