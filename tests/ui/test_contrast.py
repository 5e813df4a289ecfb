"""Contrast measured from the pixels of the painted screen, in both themes, at rest and under a finger (R14)."""

from __future__ import annotations

import numpy
import pytest

from kiosk.ui.proof.looks import Look
from kiosk.ui.proof.misfits import ink_box, on_top
from kiosk.ui.proof.scenes import fullest
from kiosk.ui.proof.show import pages_of
from tests.ui.test_fits import make_services, scenes  # noqa: F401  fixtures

AT_REST, TEXT, GRAPHICS = 7.0, 4.5, 3.0  # the palette's own promise of texts; R14 for all else
KINDS = ("welcome", "question", "outcome", "call-times")


def luminance(colours) -> numpy.ndarray:
    """Return the relative luminance of 8-bit red, green, blue, as WCAG 2.2 defines it."""
    share = numpy.asarray(colours, dtype=float) / 255
    linear = numpy.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ numpy.array([0.2126, 0.7152, 0.0722])


def contrast(pixels: numpy.ndarray) -> float:
    """Return the ratio between the commonest colour of a piece of the screen and the one furthest from it."""
    packed = pixels.reshape(-1, 3).astype(numpy.uint32) @ numpy.array([65536, 256, 1], dtype=numpy.uint32)
    colours, counts = numpy.unique(packed, return_counts=True)
    levels = luminance(numpy.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1))
    ground = levels[counts.argmax()]
    ratios = (numpy.maximum(levels, ground) + 0.05) / (numpy.minimum(levels, ground) + 0.05)
    # A stray pixel is no letter: some three in a thousand have to be as far from the ground.
    order = numpy.argsort(-ratios)
    enough = numpy.cumsum(counts[order]) >= max(8, 0.003 * counts.sum())
    return float(ratios[order][enough.argmax()])


def box_of(widget) -> tuple[float, float, float, float] | None:
    """Return where the ink of a text or the drawing of an icon is, None for any other thing."""
    from kiosk.ui.widgets.icon import Icon
    from kiosk.ui.widgets.words import Words

    if isinstance(widget, Words) and widget.text and widget.paragraph.ink_width:
        return ink_box(widget)
    if isinstance(widget, Icon) and widget.name and widget.width > 1:
        x, y = widget.to_window(*widget.center)
        half = widget.size_px / 2
        return x - half, y - half, x + half, y + half
    return None


def is_awake(widget) -> bool:
    """What sleeps (a button without use for now) needs no contrast, nor does what cannot be seen."""
    while widget is not None and hasattr(widget, "opacity"):
        if not widget.opacity or (not getattr(widget, "enabled", True) and widget.opacity < 1):
            return False
        widget = widget.parent if widget.parent is not widget else None
    return True


def too_faint(kiosk, text: float) -> list[str]:
    """Return each icon on the painted screen whose contrast is too small, and each text with less than `text`."""
    from kiosk.ui.widgets.words import Words

    picture = kiosk.paint()
    pixels = numpy.ndarray(
        buffer=picture.write_to_memory(), dtype=numpy.uint8, shape=(picture.height, picture.width, 3)
    )
    found = []
    for widget in on_top(kiosk.window).walk():
        box = box_of(widget) if is_awake(widget) else None
        if box is None:
            continue
        left, bottom, right, top = (round(n) for n in box)
        ratio = contrast(pixels[picture.height - top : picture.height - bottom, max(0, left) : right])
        least = text if isinstance(widget, Words) else GRAPHICS
        if ratio < least:
            found.append(f"{getattr(widget, 'text', '') or widget.name}: {ratio:.1f}")
    return found


@pytest.fixture
def few(kiosk, scenes):  # noqa: F811
    return [scene for scene in fullest(kiosk.app.pack, scenes) if scene.kind in KINDS]


@pytest.mark.parametrize("theme", ["calm", "contrast"])
def test_every_text_and_icon_stands_out_from_its_ground(kiosk, few, theme):
    faint = {}
    for scene in few:
        next(pages_of(kiosk, scene, Look("en", theme, 0, (1080, 1920))))
        if found := too_faint(kiosk, AT_REST):
            faint[str(scene)] = found
        for widget in kiosk.app.root.walk():
            if hasattr(widget, "on_touched") and widget.enabled:
                widget.pressed = True
        if found := too_faint(kiosk, TEXT):
            faint[f"{scene}, pressed"] = found
        for widget in kiosk.app.root.walk():
            if hasattr(widget, "on_touched"):
                widget.pressed = False

    assert faint == {}


def test_faint_ink_is_noticed():
    """The measuring itself can fail: grey on paper, and black on paper."""
    paper = numpy.full((20, 20, 3), (255, 250, 242), dtype=numpy.uint8)
    for ink, ratio in (((23, 37, 47), 15.1), ((140, 140, 140), 3.2)):
        paper[5:8, 5:15] = ink
        assert contrast(paper) == pytest.approx(ratio, abs=0.1)
