"""The desk's page about the hub's clock, for leads: what it says, and whether it may be deleted by."""

from __future__ import annotations

from flask import redirect, render_template, url_for

from kiosk.hub.clock import HubClock
from kiosk.hub.desk import Page, the_desk


def show_clock() -> Page:
    """Say what the clock says, and ask whether it is right where it has leapt."""
    return render_template("clock.html", seen=_clock().find(), now=the_desk().clock())


def trust_clock() -> Page:
    """Go by the clock again: whoever leads the team says that it is right."""
    _clock().trust(the_desk().clock())
    return redirect(url_for("clock"), 303)


def _clock() -> HubClock:
    return HubClock(the_desk().store.engine)
