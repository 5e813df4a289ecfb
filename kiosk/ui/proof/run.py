"""Draws the proof of a pack into a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from kiosk.bootstrap import Services
from kiosk.errors import Fault
from kiosk.pack.model import Pack
from kiosk.pack.read import read_marked
from kiosk.ui.proof.looks import Look
from kiosk.ui.proof.origins import Origins
from kiosk.ui.proof.pictures import Album
from kiosk.ui.proof.report import find_faults
from kiosk.ui.proof.scenes import Scene, find_scenes
from kiosk.ui.proof.services import fullest_provider, proof_services
from kiosk.ui.proof.sheet import contact_sheet
from kiosk.ui.proof.show import Sight, show_all

SHEET = "index.html"
LARGEST = 1920  # pixels: a window is made smaller, never larger


@dataclass(frozen=True)
class Proof:
    """`pictures` were drawn, `faults` found; `sheet` is the page to open."""

    sheet: Path
    pictures: int
    faults: tuple[Fault, ...]


class Printer:
    """Has a pack's screens ready to be proved. Use as a context: what it needs on disk goes with it.

    Raises PackFaulty, or NoDisplay where no window can be made even for nobody to see.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reading = read_marked(folder)
        self._ends = ExitStack()
        self._data = Path(self._ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        self._open_window()
        services = self.services()
        self.scenes = find_scenes(services.pack, fullest_provider(services))
        self.origins = Origins(folder, self.reading, services, services.today())
        services.stop()

    def __enter__(self) -> Printer:
        return self

    def __exit__(self, *_) -> None:
        self._ends.close()

    @property
    def pack(self) -> Pack:
        return self.reading.pack

    def services(self) -> Services:
        return proof_services(self.folder, self._data)

    def print(
        self,
        scenes: Sequence[Scene],
        looks: Sequence[Look],
        out: Path,
        on_scene: Callable[[], object] = lambda: None,
    ) -> Proof:
        """Draw the scenes in each look into the folder `out`. `on_scene` is called as each is done."""
        sights: list[Sight] = []
        with Album(out) as album:
            for stage, sight in show_all(self.services, scenes, looks):
                album.add(sight, stage.paint())
                sights.append(sight)
                if sight.page == 1:
                    on_scene()
        faults = find_faults(sights, self.origins)
        says = [f"{fault.file}, line {fault.line}: {fault}" if fault.line else str(fault) for fault in faults]
        sheet = out / SHEET
        sheet.write_text(contact_sheet(self.folder.name, album.shots, says), encoding="utf-8", newline="\n")
        return Proof(sheet, len(album.shots), tuple(faults))

    def _open_window(self) -> None:
        from kiosk.ui.proof.stage import draw_unseen, open_window

        draw_unseen()
        open_window(self._data / "fonts", LARGEST, LARGEST)
