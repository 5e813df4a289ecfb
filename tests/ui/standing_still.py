"""A kiosk whose screen stands still once a name has been typed. Started again, it writes down what it shows, and ends.

    python -m tests.ui.standing_still FOLDER

FOLDER/typed is made at the moment when the screen is blocked, FOLDER/shown by the life after that.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from kiosk.settings import load_settings
from kiosk.ui.start import show

NAME = "Xanthippe"


def follow(folder: Path) -> None:
    """Wait until the welcome is there, as whoever stands before it does."""
    while "kiosk.ui.app" not in sys.modules:
        time.sleep(0.02)
    from kivy.app import App
    from kivy.clock import Clock

    while App.get_running_app() is None or App.get_running_app().root is None:
        time.sleep(0.02)
    app = App.get_running_app()
    act = tell if (folder / "typed").exists() else type_and_stand_still
    Clock.schedule_once(lambda _dt: act(app, folder), 1)


def type_and_stand_still(app, folder: Path) -> None:
    from kiosk.ui.visit import Draft, Place, Visit

    places = (Place("welcome"), Place("home"), Place("call-name"))
    app.navigation.visit = Visit(places=places, draft=replace(Draft(), name=NAME))
    (folder / "typed").touch()
    time.sleep(3600)


def tell(app, folder: Path) -> None:
    from kiosk.ui.widgets.words import Words

    words = [each.text for each in app.root.walk() if isinstance(each, Words)]
    made = folder / "made"
    made.write_text("\n".join([app.navigation.screen, repr(app.navigation.visit.draft), *words]), encoding="utf-8")
    made.rename(folder / "shown")
    app.stop()


if __name__ == "__main__":
    threading.Thread(target=follow, args=(Path(sys.argv[1]),), daemon=True).start()
    show(load_settings())
