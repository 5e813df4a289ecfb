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


def ring_contrasts(kiosk) -> list[float]:
    """Return how much the ring stands out on the painted screen, from what it rings and from what is around it, on each side.

    One of its two bands does (WCAG 2.2, 2.4.13): walking outwards through the middle of a side, the colours met are the thing,
    the band next to it, the band around that, and the ground.
    """
    picture = kiosk.paint()
    pixels = numpy.ndarray(
        buffer=picture.write_to_memory(), dtype=numpy.uint8, shape=(picture.height, picture.width, 3)
    )
    spot, unit = kiosk.app.keys.focus.spot, kiosk.app.theme.unit
    left, bottom, width, height = spot.box
    inner, outer = max(2, round(7 * unit)), max(3, round(9 * unit))
    # A third along each side: arrows and letters stand in the middle.
    x, y = round(left + width / 3), round(picture.height - bottom - height / 3)
    top, foot = round(picture.height - bottom - height), round(picture.height - bottom)
    lines = [
        (pixels[:, x], top, -1),
        (pixels[:, x], foot - 1, 1),
        (pixels[y], round(left), -1),
        (pixels[y], round(left + width) - 1, 1),
    ]
    found = []
    for line, edge, out in lines:
        thing, near, far, ground = (
            edge + out * n for n in (-6, inner // 2 + 1, inner + outer // 2 + 1, inner + outer + 3)
        )
        if not 0 <= ground < len(line):
            continue
        levels = luminance(line[[thing, near, far, ground]])
        bands = levels[1:3]
        found += [max(ratio(band, level) for band in bands) for level in (levels[0], levels[3])]
        found.append(ratio(*bands))
    return found


def ratio(one: float, other: float) -> float:
    return float((max(one, other) + 0.05) / (min(one, other) + 0.05))


@pytest.mark.parametrize("theme", ["calm", "contrast"])
def test_the_ring_stands_out_from_what_it_rings_and_from_what_is_around_it(kiosk, few, theme):
    """R14 and R15: at least 3 to 1 on both sides, whatever is ringed, on each of the few screens."""
    faint = {}
    for scene in few:
        next(pages_of(kiosk, scene, Look("en", theme, 0, (1080, 1920))))
        for spot in kiosk.app.root.spots():
            kiosk.app.keys.focus.show(spot)
            found = ring_contrasts(kiosk)
            assert found
            if min(found) < GRAPHICS:
                faint[f"{scene}: {spot.owner} {spot.part}"] = [round(each, 1) for each in found]
        kiosk.app.keys.focus.hide()

    assert faint == {}


def map_labels(kiosk) -> list:
    """Return the signs of the map on the screen that are words: each with its place on the sheet."""
    return [sign for sign in kiosk.app.root.screen("map").ids.flow_map._sheet.signs if sign.texture]


@pytest.mark.parametrize("size", [0, 2])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_words_of_the_map_stay_in_their_places(kiosk, language, size):
    """Each sign of a node lies in its box, and no station's label on a box or beyond the map's edge."""
    from kiosk.ui.visit import Place, Visit

    places = (Place("welcome"), Place("home"), Place("map", "work"))
    kiosk.app.navigation.visit = Visit(places=places, language=language, text_size=size)
    kiosk.settle()
    flow_map = kiosk.app.root.screen("map").ids.flow_map
    kiosk.wait_until(lambda: flow_map._sheet)
    for whole in (False, True):
        flow_map.sees_all = whole
        kiosk.settle()
        shape = flow_map._sheet.shape
        boxes = [shape.box(node_id) for node_id in flow_map._chart.rows]
        *signs, _pin = map_labels(kiosk)
        outside = [sign for sign in signs if not _is_on(sign, shape.size)]
        cut = [sign for sign in signs for box in boxes if _meets(sign, box) and not _lies_in(sign, box)]
        assert (outside, cut) == ([], []), whole
        assert len(signs) > len(boxes)


def _is_on(sign, size) -> bool:
    right, foot = sign.x + sign.texture.width, sign.y + sign.texture.height
    return sign.x >= -1 and sign.y >= -1 and right <= size[0] + 1 and foot <= size[1] + 1


def _meets(sign, box) -> bool:
    across = min(sign.x + sign.texture.width, box.x + box.width) - max(sign.x, box.x)
    along = min(sign.y + sign.texture.height, box.y + box.height) - max(sign.y, box.y)
    return across > 1 and along > 1


def _lies_in(sign, box) -> bool:
    across = box.x - 1 <= sign.x and sign.x + sign.texture.width <= box.x + box.width + 1
    return across and box.y - 1 <= sign.y and sign.y + sign.texture.height <= box.y + box.height + 1


def test_faint_ink_is_noticed():
    """The measuring itself can fail: grey on paper, and black on paper."""
    paper = numpy.full((20, 20, 3), (255, 250, 242), dtype=numpy.uint8)
    for ink, ratio in (((23, 37, 47), 15.1), ((140, 140, 140), 3.2)):
        paper[5:8, 5:15] = ink
        assert contrast(paper) == pytest.approx(ratio, abs=0.1)
