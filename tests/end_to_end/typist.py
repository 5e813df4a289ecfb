"""A kiosk's process at which a name and a number stand on the screen, and which then ends.

    python -m tests.end_to_end.typist ENDING

ENDING is visits (left, finished, untouched and gone home, one after the other, then closed), or crash.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import threading
import time

from kiosk.settings import load_settings
from kiosk.ui.start import show

NAME, PHONE = sys.argv[2:4]
PR_GET_DUMPABLE = 3
VISITS = ("leave", "finish", "home")


def type_and_end(ending: str) -> None:
    while "kiosk.ui.app" not in sys.modules:
        time.sleep(0.02)
    from kivy.app import App
    from kivy.clock import Clock

    while App.get_running_app() is None or App.get_running_app().root is None:
        time.sleep(0.02)
    app = App.get_running_app()
    endings = {"visits": [*VISITS, "idle", "stop"], "crash": ["crash"]}[ending]

    def step(_dt: float) -> None:
        type_here(app)
        Clock.schedule_once(end, 0.2)

    def end(_dt: float) -> None:
        act(app, endings.pop(0))
        if endings:
            Clock.schedule_once(step, 0.1)

    Clock.schedule_once(step, 0.5)


def type_here(app) -> None:
    from kiosk.ui.visit import Draft, Place, Visit

    draft = Draft(name=NAME, phone=PHONE, days=frozenset({0}), parts=frozenset({"morning"}))
    for screen in ("call-name", "call-phone", "call-review"):
        app.navigation.visit = Visit(places=(Place("welcome"), Place(screen)), draft=draft)


def act(app, ending: str) -> None:
    if ending in VISITS:
        getattr(app.navigation, ending)()
    elif ending == "idle":
        app.idle.dispatch("on_idle")
    elif ending == "stop":
        print("clipboard" if any("clipboard" in name for name in sys.modules) else "no clipboard", flush=True)
        app.stop()
    else:
        dumpable = ctypes.CDLL(None).prctl(PR_GET_DUMPABLE)
        print("core", resource.getrlimit(resource.RLIMIT_CORE), dumpable, flush=True)
        os.abort()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
    threading.Thread(target=type_and_end, args=(sys.argv[1],), daemon=True).start()
    show(load_settings())
