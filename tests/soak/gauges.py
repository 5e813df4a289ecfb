"""What must stay flat while visits come and go, read from the process and from the graphics library itself."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import median

import psutil

from kiosk.ui.memory import tidy

# What the medians differ by, with the screens that happen to be kept. Half of 10,000 visits lie between the two that are
# compared: were a widget or a texture left by every tenth, or a kilobyte and a half by each, it would be more.
SLACK = {"memory": 2.0, "textures": 150, "buffers": 300, "handles": 3, "threads": 2, "widgets": 300}
SHARE = 0.02
QUARTERS = 4


@dataclass(frozen=True)
class Gauges:
    """`memory` in MiB that is resident; the others are counts of what is alive."""

    memory: float
    textures: int
    buffers: int
    handles: int
    threads: int
    widgets: int

    def __str__(self) -> str:
        return (
            f"{self.memory:.1f} MiB, {self.textures} textures, {self.buffers} buffers, {self.handles} handles, "
            f"{self.threads} threads, {self.widgets} widgets"
        )


def read() -> Gauges:
    """Read all of them between two visits."""
    from kivy.graphics import opengl as gl
    from kivy.uix.widget import Widget

    tidy()
    process = psutil.Process()
    return Gauges(
        memory=process.memory_info().rss / 2**20,
        textures=_count(gl.glIsTexture, gl.glGenTextures, gl.glDeleteTextures),
        buffers=_count(gl.glIsBuffer, gl.glGenBuffers, gl.glDeleteBuffers),
        handles=process.num_handles() if hasattr(process, "num_handles") else process.num_fds(),
        threads=process.num_threads(),
        # Not isinstance: a weak proxy would be asked, and what it stood for may be gone.
        widgets=sum(issubclass(type(each), Widget) for each in gc.get_objects()),
    )


def _count(exists, make, delete, gap: int = 4096) -> int:
    """Names are given out from 1 on, by some drivers the lowest free one, by others always a new one.

    So all are asked up to one that is made now, and after that until so many are free one after another.
    """
    newest = int(make(1)[0])
    delete(1, newest.to_bytes(4, sys.byteorder))
    count, name, last = 0, 1, newest
    while name - last < gap:
        if exists(name):
            count, last = count + 1, max(last, name)
        name += 1
    return count


def quarters(readings: Sequence[Gauges]) -> list[Gauges]:
    """Return the medians of the four quarters of the readings, of which there must be as many at least.

    Medians, as the screens that happen to be kept, and so all of the gauges, differ from one visit to the next.
    """
    size = len(readings) / QUARTERS
    parts = [readings[round(n * size) : round((n + 1) * size)] for n in range(QUARTERS)]
    return [
        Gauges(**{each.name: median(getattr(one, each.name) for one in part) for each in fields(Gauges)})
        for part in parts
    ]


def grown(readings: Sequence[Gauges]) -> dict[str, float]:
    """Return what is more in the last quarter of the readings than in the second, beyond its slack; the first warms up."""
    if len(readings) < QUARTERS:
        return {}
    _warming, before, _between, after = quarters(readings)
    return {
        name: getattr(after, name) - getattr(before, name)
        for name in SLACK
        if getattr(after, name) > getattr(before, name) * (1 + SHARE) + SLACK[name]
    }
