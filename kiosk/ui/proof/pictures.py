"""Pictures of what is on the stage, written beside one another while the next one is painted."""

from __future__ import annotations

import os
import re
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kiosk.ui.proof.sheet import Shot
from kiosk.ui.proof.show import Sight

THUMB = 200, 240  # most pixels across and along
WRITERS = min(4, os.cpu_count() or 1)
FOLDER = "pictures"


class Album:
    """Writes pictures and their thumbs into a folder. Use as a context: at its end all are on disk. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shots: list[Shot] = []
        self._pool = ThreadPoolExecutor(WRITERS)
        self._writing: deque[Future] = deque()
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Album:
        return self

    def __exit__(self, *_) -> None:
        try:
            self._finish(0)
        finally:
            self._pool.shutdown(cancel_futures=True)

    def add(self, sight: Sight, picture) -> None:
        """Take a picture in. No more wait to be written than there are writers: each holds megabytes."""
        name = f"{FOLDER}/{file_name(sight)}"
        share = min(THUMB[0] / picture.width, THUMB[1] / picture.height)
        width, height = round(picture.width * share), round(picture.height * share)
        self.shots.append(Shot(sight, f"{name}.png", f"{name}.jpg", width, height))
        self._writing.append(self._pool.submit(self._write, picture, name, width))
        self._finish(2 * WRITERS)

    def _finish(self, left: int) -> None:
        while len(self._writing) > left:
            self._writing.popleft().result()

    def _write(self, picture, name: str, width: int) -> None:
        picture.write_to_file(str(self.folder / f"{name}.png"), compression=4)
        picture.thumbnail_image(width).write_to_file(str(self.folder / f"{name}.jpg"), Q=75)


def file_name(sight: Sight) -> str:
    """Return a name of letters, digits and joints that no other sight has."""
    scene = re.sub(r"[^\w-]+", "-", str(sight.scene)).strip("-")
    return f"{scene}-{sight.page}-{sight.look.file_name}"
