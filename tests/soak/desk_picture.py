"""python -m tests.soak.desk_picture: take the README's picture of the desk anew."""

from __future__ import annotations

import tempfile
from datetime import time, timedelta
from pathlib import Path

from kiosk.callbacks.model import SafeTime
from kiosk.hub.app import create_app
from kiosk.settings import Settings
from tests.hub.desk.browsing import chromium, served
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, Clock, Kiosk, make_hub, make_kiosk
from tests.soak.pictures import FOLDER

TUESDAY = 1
WINDOW, SCALE = (1280, 800), 0.75


def main() -> None:
    """Write assets/pictures/desk.png. Raises OSError."""
    with tempfile.TemporaryDirectory() as folder:
        settings, clock = Settings(data=Path(folder)), Clock()
        leave_requests(make_kiosk(make_hub(settings), clock))
        with served(create_app(settings, clock, CHEAP)) as url, chromium() as browser:
            size = {"width": WINDOW[0], "height": WINDOW[1]}
            page = browser.new_page(viewport=size, device_scale_factor=SCALE)  # type: ignore[arg-type]
            page.goto(url)
            page.get_by_label("Your name").fill(COLLEAGUE)
            page.get_by_label("Your password", exact=True).fill(COLLEAGUES_PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", name="Requests").wait_for()
            page.screenshot(path=FOLDER / "desk.png")


def leave_requests(kiosk: Kiosk) -> None:
    """Leave what five parents of a week might ask for; one of them cannot be rung on a Saturday."""
    kiosk.leave(
        "Amina",
        timedelta(days=4),
        topic="Paying for childcare",
        language="ar",
        interpreter=True,
        may_leave_message=True,
    )
    kiosk.leave("Leanne", timedelta(days=2, hours=3), topic="Courses")
    kiosk.leave("Marta", timedelta(days=1, hours=5), topic="Learning English", language="pl")
    kiosk.leave("Sophie", timedelta(days=1), topic="My CV")
    on_tuesday = (SafeTime(TUESDAY, time(10), time(11, 30)),)
    kiosk.leave("N.", timedelta(hours=3), topic="A private talk", safe_times=on_tuesday)


if __name__ == "__main__":
    main()
