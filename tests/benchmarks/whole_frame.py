"""From the lifting finger until the next screen is there, whole: the kiosk, and Chromium showing the same screens.

    xvfb-run -a -s "-screen 0 1080x1920x24" python -m tests.benchmarks.whole_frame DATA

Seen from outside, on the X display: two strips far from what was touched, near the top and the foot of what changes, have
both to look otherwise. The two programs take turns, as the machine may be busy with something else for a while.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from Xlib import X, display
from Xlib.ext import xtest

from tests.benchmarks.screen import show_page

ROUNDS, TAPS = 3, 20
PATIENCE = 30.0  # seconds
HOME, BACK, START = (272, 1820), (120, 1820), (540, 1830)
MOST = {"p50": 1.3, "p95": 1.5}

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Way:
    """What is touched, which strips (x, y, width, height) have to change, and what brings the screen back."""

    name: str
    press: tuple[int, int]
    strips: tuple[Box, Box]
    back: tuple[int, int]


WAYS = (
    Way("home to question", (700, 636), ((100, 230, 300, 16), (150, 1690, 400, 16)), HOME),
    Way("question to question", (700, 1100), ((100, 580, 500, 16), (150, 1665, 400, 12)), BACK),
)


class Glass:
    """The X display as a finger and an eye have it."""

    def __init__(self) -> None:
        self.display = display.Display()
        self.root = self.display.screen().root

    def see(self, box: Box) -> int:
        return zlib.crc32(self.root.get_image(*box, X.ZPixmap, 0xFFFFFFFF).data)

    def finger(self, down: bool, at: tuple[int, int] | None = None) -> None:
        if at:
            xtest.fake_input(self.display, X.MotionNotify, x=at[0], y=at[1])
        xtest.fake_input(self.display, X.ButtonPress if down else X.ButtonRelease, 1)
        self.display.sync()

    def tap(self, at: tuple[int, int]) -> None:
        self.finger(down=True, at=at)
        time.sleep(0.08)
        self.finger(down=False)

    def settle(self, still: float = 0.6) -> None:
        """Wait until the whole screen has not changed for `still` seconds. Raises SystemExit where it never stops."""
        last, since, began = None, time.perf_counter(), time.perf_counter()
        while time.perf_counter() - since < still:
            now = self.see((0, 0, 1080, 1920))
            if now != last:
                last, since = now, time.perf_counter()
            if time.perf_counter() - began > PATIENCE:
                raise SystemExit("the screen does not stop changing")
            time.sleep(0.02)

    def change(self, way: Way) -> float:
        """Touch; return how many milliseconds after the finger lifted both strips look otherwise."""
        before = [self.see(strip) for strip in way.strips]
        self.finger(down=True, at=way.press)
        time.sleep(0.12)
        self.finger(down=False)
        began = time.perf_counter()
        for strip, was in zip(way.strips, before, strict=True):
            while self.see(strip) == was:
                if time.perf_counter() - began > 3:
                    raise SystemExit(f"{way.name}: nothing changed within 3 s")
        return (time.perf_counter() - began) * 1000


def measure(glass: Glass, command: list[str]) -> dict[str, list[float]]:
    """Start a program and walk its ways; the first walk of each, which builds the screen, is not counted."""
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found: dict[str, list[float]] = {}
    try:
        blank = glass.see((0, 0, 1080, 1920))
        until = time.perf_counter() + PATIENCE
        while glass.see((0, 0, 1080, 1920)) == blank and time.perf_counter() < until:
            time.sleep(0.05)
        # A browser shows an empty window first, and may take its time over the page.
        glass.settle(still=3.0)
        glass.tap(START)
        glass.settle()
        for way in WAYS:
            for _ in range(1 + TAPS):
                found.setdefault(way.name, []).append(glass.change(way))
                glass.settle()
                glass.tap(way.back)
                glass.settle()
            found[way.name].pop(0)
            # On to the screen where the next way begins.
            glass.tap(way.press)
            glass.settle()
    finally:
        end(program)
    return found


def end(program: subprocess.Popen) -> None:
    for each in reversed([psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]):
        with suppress(psutil.Error):
            each.terminate()
    program.wait(20)
    time.sleep(1)


def main(data: Path) -> None:
    glass = Glass()
    programs = {"chromium": show_page(data), "waymark": [sys.executable, "-m", "kiosk", "run"]}
    times: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for name, command in programs.items():
            for way, taken in measure(glass, command).items():
                times.setdefault((way, name), []).extend(taken)
    for way in WAYS:
        theirs, ours = (_figures(times[way.name, name]) for name in programs)
        for figure, most in MOST.items():
            ratio = ours[figure] / theirs[figure]
            print(
                f"  {way.name}, whole, {figure}: chromium {theirs[figure]:.1f} ms, waymark {ours[figure]:.1f} ms, "
                f"{ratio:.2f} times, wanted at most {most}: {'met' if ratio <= most else 'MISSED'}"
            )


def _figures(times: list[float]) -> dict[str, float]:
    return {"p50": statistics.median(times), "p95": statistics.quantiles(times, n=20)[-1]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
