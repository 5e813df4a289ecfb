"""An X display of our own, and what a full-screen program shows on it once it stands still."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyvips
from Xlib import X
from Xlib.display import Display

SIZE = "1080x1920x24"
PATIENCE = 30  # seconds until the welcome must be there
STILL_FOR = 1.0  # seconds without a change


@dataclass(frozen=True)
class Picture:
    """`pixels` are four bytes each: blue, green, red and one unused."""

    width: int
    height: int
    pixels: bytes

    @property
    def is_blank(self) -> bool:
        return len(set(self.pixels[:: 4 * 997])) < 2


def find_xvfb() -> str | None:
    return shutil.which("Xvfb")


@contextmanager
def screen() -> Iterator[str]:
    """Run an X server and give the name of its display."""
    reading, writing = os.pipe()
    command = [find_xvfb(), "-screen", "0", SIZE, "-nolisten", "tcp", "-displayfd", str(writing)]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def picture_of(command: list[str], environment: dict[str, str], folder: Path) -> Picture:
    """Return what the program shows, on a display of its own, when it has come to rest. It is ended afterwards."""
    with screen() as name:
        display = Display(name)
        program = subprocess.Popen(command, env={**environment, "DISPLAY": name, "SDL_VIDEODRIVER": "x11"}, cwd=folder)
        try:
            return _wait_until_still(display)
        finally:
            program.terminate()
            program.wait(PATIENCE)
            display.close()


def save_picture(picture: Picture, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    image = pyvips.Image.new_from_memory(picture.pixels, picture.width, picture.height, 4, "uchar")
    image[2].bandjoin([image[1], image[0]]).write_to_file(str(file))


def _wait_until_still(display: Display) -> Picture:
    until, last, since = time.monotonic() + PATIENCE, _grab(display), time.monotonic()
    while last.is_blank or time.monotonic() - since < STILL_FOR:
        if time.monotonic() > until:
            raise SystemExit("Nothing came to rest on the screen.")
        time.sleep(0.1)
        now = _grab(display)
        if now != last:
            last, since = now, time.monotonic()
    return last


def _grab(display: Display) -> Picture:
    root = display.screen().root
    size = root.get_geometry()
    held = root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
    return Picture(size.width, size.height, held.data)
