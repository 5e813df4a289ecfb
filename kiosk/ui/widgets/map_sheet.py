"""A flow's map at one zoom: the drawing, and every word and sign with its place on it. Pixels; y grows downwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kivy.utils import get_color_from_hex

from kiosk.flow.chart import Chart, Route
from kiosk.flow.model import Flow
from kiosk.ui import pictures
from kiosk.ui import text as typesetting
from kiosk.ui.widgets.map_picture import CALM, HIGH_CONTRAST, draw_map, node_paint
from kiosk.ui.widgets.map_shape import Box, MapShape, room_for_words
from kiosk.ui.widgets.road import pin, station

# Design pixels
WORDS, SAID, LABEL = 27, 24, 24  # letters of a question, of what was answered, of a station
INSIDE = 16  # from a node's edge to its words
NARROWEST = 266  # what a node's words need at the normal size
NARROW_WIDE = 216  # the same where all of a wide map is to be seen
DISC, DISC_HERE = 36, 44  # a station's radius
PIN = 62
PLATE = 5  # from a station's word to the edge of its plate


@dataclass(frozen=True)
class Look:
    """How the map is to be seen. `unit` pixels make a design pixel, `letters` one of the words.

    A place of the readable map is at least `finger` pixels high, and `apart` from the next.
    """

    unit: float
    letters: float
    tall: bool
    mirrored: bool
    contrast: bool
    finger: float = 0
    apart: float = 0


@dataclass(frozen=True)
class Sign:
    """A texture, the place of its top left corner, and the colour that tints it."""

    texture: object
    x: float
    y: float
    colour: tuple[float, ...] = (1, 1, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """`signs` are drawn over the drawing in their order."""

    shape: MapShape
    drawing: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Said:
    """The words of a node: what it asks or says, and what was answered there."""

    words: str
    answer: str = ""


def said_in(flow: Flow, route: Route, filled: Callable[[str], str]) -> dict[str, Said]:
    """Return the words of every node, with today's facts in them."""
    said = {outcome.id: Said(filled(outcome.title)) for outcome in flow.outcomes.values()}
    for question in flow.questions.values():
        given = route.answers.get(question.id)
        answer = next((answer.say for answer in question.answers if answer.id == given), "")
        said[question.id] = Said(filled(question.ask), filled(answer))
    return said


def readable(flow: Flow, chart: Chart, route: Route, said: dict[str, Said], look: Look, width: float) -> Sheet:
    """Return the map with letters of the usual size. A tall one fills `width` where its words leave that choice."""
    large = look.letters / look.unit
    room = NARROWEST * look.unit * (1 + (large - 1) * 0.7)
    if look.tall:
        room = max(room, room_for_words(chart, width, look.unit))
    return _sheet(flow, chart, route, said, look, room)


def whole(
    flow: Flow, chart: Chart, route: Route, said: dict[str, Said], look: Look, room: tuple[float, float]
) -> Sheet:
    """Return the map small enough for all of it to be seen in `room`, width and height."""
    unit = look.unit * 0.6
    for _ in range(5):
        small = Look(unit, unit * (1.45 if look.tall else 1.2), look.tall, look.mirrored, look.contrast)
        box = max(NARROWEST * unit, room_for_words(chart, room[0], unit)) if look.tall else NARROW_WIDE * unit
        shape = _shape(chart, said, small, box)
        share = min(room[0] / shape.size[0], room[1] / shape.size[1])
        if 1 <= share < 1.06:
            break
        unit *= share * 0.985  # not all the way: smaller letters break their lines elsewhere
    return _sheet(flow, chart, route, said, small, box)


def _sheet(flow: Flow, chart: Chart, route: Route, said: dict[str, Said], look: Look, box_width: float) -> Sheet:
    paint = HIGH_CONTRAST if look.contrast else CALM
    shape = _shape(chart, said, look, box_width)
    signs = []
    for node_id in chart.rows:
        colour = get_color_from_hex(node_paint(paint, node_id, node_id in flow.outcomes, route)[2])
        signs += _node_signs(said[node_id], shape.box(node_id), look, tuple(colour))
    signs += _stations(flow, shape, route, look)
    return Sheet(shape, draw_map(shape, flow.outcomes, route, paint), (*signs, _pin(shape, route, look)))


def _shape(chart: Chart, said: dict[str, Said], look: Look, box_width: float) -> MapShape:
    needs = _needs(chart, said, look, box_width)
    return MapShape(chart, needs, box_width, look.unit, look.tall, look.mirrored, look.finger, look.apart)


def _needs(chart: Chart, said: dict[str, Said], look: Look, box_width: float) -> dict[str, float]:
    def height(node: Said) -> float:
        return sum(paragraph.height for paragraph, _ in _paragraphs(node, look, box_width))

    return {node_id: max(look.finger, height(said[node_id]) + 2 * INSIDE * look.unit) for node_id in chart.rows}


def _paragraphs(said: Said, look: Look, box_width: float) -> list:
    """Return the laid-out words of a node with their textures: at most two."""
    width = int(box_width - 2 * INSIDE * look.unit)
    sized = [(said.words, WORDS, not said.answer), (f"“{said.answer}”" if said.answer else "", SAID, True)]
    return [
        typesetting.draw(words, max(1, round(size * look.letters)), width, bold, "low", look.mirrored)
        for words, size, bold in sized
        if words
    ]


def _node_signs(said: Said, box: Box, look: Look, colour: tuple[float, ...]) -> list[Sign]:
    paragraphs = _paragraphs(said, look, box.width)
    x = box.x + INSIDE * look.unit
    y = box.y + (box.height - sum(paragraph.height for paragraph, _ in paragraphs)) / 2
    signs = []
    for paragraph, texture in paragraphs:
        if texture:
            signs.append(Sign(texture, x + paragraph.ink_x, y + paragraph.ink_y, colour))
        y += paragraph.height
    return signs


def _stations(flow: Flow, shape: MapShape, route: Route, look: Look) -> list[Sign]:
    here = _stage_of(flow, route.here)
    passed = {_stage_of(flow, node_id) for node_id in route.answers}
    signs = []
    for stage in flow.stages.values():
        state = "here" if stage.id == here else "done" if stage.id in passed else "ahead"
        radius = max(3, round((DISC_HERE if stage.id == here else DISC) * look.unit))
        x, y = shape.station(stage.id)
        disc = station(stage.icon, state, radius, look.contrast, look.unit)
        signs.append(Sign(disc, x - radius, y - radius))
        signs += _label(stage.label, x, y + radius, shape, look)
    return signs


def _label(label: str, x: float, y: float, shape: MapShape, look: Look) -> list[Sign]:
    """The station's word below its disc, on a plate of its own: the road runs behind it. Not beyond the map's edge."""
    size = max(1, round(LABEL * min(look.letters, look.unit * 1.3)))
    paragraph, texture = typesetting.draw(label, size, 10_000, True, "low", look.mirrored)
    if not texture:
        return []
    rim = round(PLATE * look.unit)
    low, high = 4.0 + rim, shape.size[0] - paragraph.ink_width - 4.0 - rim
    left = min(max(x - paragraph.ink_width / 2, low), high)
    top = min(y + paragraph.ink_y + 2 * look.unit, shape.size[1] - paragraph.ink_height - rim)
    plate = _plate(paragraph.ink_width + 2 * rim, paragraph.ink_height + 2 * rim, look.contrast)
    colour = get_color_from_hex("#FFFFFF" if look.contrast else "#17252F")
    return [Sign(plate, left - rim, top - rim), Sign(texture, left, top, tuple(colour))]


def _plate(width: int, height: int, contrast: bool):
    ground = "#000000" if contrast else "#FFFAF2"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" rx="{height / 4}" fill="{ground}"/></svg>'
    )
    return pictures.scene(("plate", width, height, contrast), svg)


def _pin(shape: MapShape, route: Route, look: Look) -> Sign:
    """The walker, its point on the corner of the node where the parent stands, by the side that one reads first."""
    box = shape.box(route.here)
    picture = pin(max(8, round(PIN * look.unit)), look.contrast)
    x = box.x + (box.width - 0.3 * picture.width if not look.mirrored else -0.7 * picture.width)
    return Sign(picture, min(max(x, 0), shape.size[0] - picture.width), max(0, box.y - picture.height * 0.72))


def _stage_of(flow: Flow, node_id: str) -> str:
    return (flow.questions.get(node_id) or flow.outcomes[node_id]).stage
