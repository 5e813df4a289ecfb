"""Opens the kiosk's window and stays until it is closed."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path

from kiosk.callbacks.lock import lock_data_folder
from kiosk.core_dumps import leave_no_core
from kiosk.errors import OutboxUnavailable, PackFaulty, ScreenBroken
from kiosk.pack.slots import Slots
from kiosk.pack.sources import folder_name
from kiosk.pack.starts import Starts
from kiosk.settings import Settings
from kiosk.ui.fonts import use_our_fonts, warm_up
from kiosk.ui.memory import give_back_what_is_freed, settle
from kiosk.ui.visual import choose_visual
from kiosk.ui.window import configure


def show(settings: Settings, check: bool = False, closable: bool = False) -> None:
    """Run the kiosk. `check` closes it once the welcome is painted; `closable` lets Ctrl+Q close it (a try-out).

    Where there is no pack that could be shown, a page says so until there is one; a `check` raises PackFaulty instead.
    Raises NoDisplay, AlreadyRunning, OutboxUnavailable where the first start finds no room, or ScreenBroken, so that
    whoever watches over the kiosk starts it anew.
    """
    leave_no_core()
    give_back_what_is_freed()
    configure(settings)
    with lock_data_folder(settings.data):
        _use_our_fonts(settings.data)
        # Each waits for libraries and files of its own, so they do it at the same time.
        warm_up()
        choose_visual()
        # Imported only now: the window opens with the import, and must find its settings made.
        from kiosk.bootstrap import bootstrap
        from kiosk.ui.app import KioskApp
        from kiosk.ui.steady import Steady

        steady = Steady(Starts(Slots(settings.data, folder_name(settings.pack))))
        steady.begin()
        try:
            services = bootstrap(settings)
        except PackFaulty as broken:
            steady.stop()
            if check:
                raise
            rest(settings, broken, closable)
            return
        if services.faults:
            says = "%s\nThe last good pack is shown until this is mended."
            logging.getLogger(__name__).warning(says, PackFaulty(services.faults))
        steady.opened(services.opened)
        _run(KioskApp(services, closable=closable), steady, check)


def _run(app, steady, check: bool) -> None:
    """Show the kiosk until it is closed. Raises ScreenBroken."""
    from kiosk.ui.watchdog import Faults

    def give_up() -> None:
        steady.breaks()
        app.stop()

    _accompany(app, steady)
    if check:
        app.bind(on_painted=lambda *_: app.stop() or True)
    faults = Faults(wipe=app.navigation.finish, give_up=give_up)
    faults.install()
    app.run()
    if faults.too_many:
        raise ScreenBroken("The screen failed three times within a minute.", "Start the kiosk again.")


def _accompany(app, steady) -> None:
    """Start, once the welcome is painted, what goes along with the screen until it closes; let signals close it."""
    from kivy.clock import Clock

    from kiosk.ui.switch_pack import PackSwitch
    from kiosk.ui.watchdog import Watchdog, find_listeners

    for number in (signal.SIGTERM, signal.SIGINT):
        # Between two frames: in the middle of one, what is being laid out would lose its app.
        signal.signal(number, lambda *_: Clock.schedule_del_safe(app.stop))
    for companion in (Watchdog(find_listeners(os.environ), lost=app.stop), PackSwitch(app, steady), steady):
        app.bind(
            on_painted=lambda *_, starts=companion: starts.start(), on_stop=lambda *_, stops=companion: stops.stop()
        )
    app.bind(on_painted=lambda *_: settle())


def rest(settings: Settings, broken: PackFaulty, closable: bool) -> None:
    """Show that this screen is out of service. Raises ScreenBroken as soon as the pack can be read."""
    from kivy.clock import Clock

    from kiosk.bootstrap import bootstrap
    from kiosk.ui.screens.out_of_service import OutOfService
    from kiosk.ui.watchdog import Watchdog, find_listeners

    logging.getLogger(__name__).error("%s\nThe screen is out of service until this is mended.", broken)
    app = OutOfService(broken, lambda: bootstrap(settings), closable)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: Clock.schedule_del_safe(app.stop))
    watchdog = Watchdog(find_listeners(os.environ), lost=app.stop)
    app.bind(on_painted=lambda *_: watchdog.start(), on_stop=lambda *_: watchdog.stop())
    app.run()
    if app.mended:
        raise ScreenBroken("The pack can be read again.", "Start the kiosk again.")


def _use_our_fonts(data: Path) -> None:
    try:
        use_our_fonts(data / "fonts")
    except OSError as why:
        raise OutboxUnavailable(f"{data} cannot be written: {why.strerror}.", "Make room, then start again.") from why
