"""A kiosk that a pack breaks: it kills itself (SIGKILL) or ends while it builds its screens, before its first frame.

    python -m tests.ui.breaking_starts kill|raise VERSION

VERSION is the pack's that does so. Any other is written to the file `shown`, and the kiosk closes once its welcome is
painted.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from kiosk.settings import load_settings
from kiosk.ui import start


def break_at(version: int, how: str) -> None:
    """Have the frame of this version's pack break when it is made."""
    configure = start.configure

    def then_break(settings) -> None:
        configure(settings)
        from kiosk.ui.app import KioskApp

        build = KioskApp.build

        def breaks(app):
            if app.services.pack.version == version:
                if how == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                raise KeyError("no such picture")
            Path("shown").write_text(f"{app.services.pack.version} {app.services.opened.left}", encoding="utf-8")
            return build(app)

        KioskApp.build = breaks

    start.configure = then_break


if __name__ == "__main__":
    break_at(int(sys.argv[2]), sys.argv[1])
    start.show(load_settings(), check=True)
