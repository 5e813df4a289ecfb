"""Goes through scenes and looks, and says of each page what has no room on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from kiosk.bootstrap import Services
from kiosk.ui.proof.looks import Look
from kiosk.ui.proof.misfits import Misfit, find_misfits
from kiosk.ui.proof.scenes import Scene
from kiosk.ui.proof.stage import Stage


@dataclass(frozen=True)
class Sight:
    """One page (from 1) of a scene in one look, and what does not fit on it."""

    scene: Scene
    look: Look
    page: int
    misfits: tuple[Misfit, ...] = ()

    def __str__(self) -> str:
        return f"{self.scene}, page {self.page}, in {self.look}"


def show_all(
    make_services: Callable[[], Services], scenes: Sequence[Scene], looks: Iterable[Look]
) -> Iterator[tuple[Stage, Sight]]:
    """Yield the stage with one page after another laid out on it, and what was measured there.

    A kiosk's window keeps its size from start to end, so each size has a kiosk and services of its own.
    """
    for window, here in groupby(looks, key=lambda look: look.window):
        with stage_of(make_services(), window) as stage:
            for look in here:
                for scene in scenes:
                    for page in pages_of(stage, scene, look):
                        yield stage, Sight(scene, look, page, tuple(find_misfits(stage.window)))


@contextmanager
def stage_of(services: Services, window: tuple[int, int]) -> Iterator[Stage]:
    """A kiosk in a window of this size that delivers nothing; its services end with it."""
    stage = Stage(services, starts=False)
    try:
        stage.resize(*window)
        yield stage
    finally:
        stage.stop()


def pages_of(stage: Stage, scene: Scene, look: Look) -> Iterator[int]:
    """Bring a scene to the stage, page after page; yield each page's number, from 1, when it is laid out."""
    from kiosk.ui.widgets.pages import Pages

    # A warning that the scene before brought about, or that a slow machine's own clock did, would hide this one.
    stage.app.idle.touched()
    stage.app.navigation.visit = look.of(scene.visit)
    stage.rest()
    if scene.act:
        scene.act(stage.app)
        stage.rest()
    pages = next((widget for widget in stage.window.children[0].walk() if isinstance(widget, Pages)), None)
    if pages and pages.page:
        # Where the scene before left it.
        pages.page = 0
        stage.rest()
    yield 1
    for number in range(1, int(pages.page_count) if pages else 1):
        pages.page = number
        stage.rest()
        yield number + 1
