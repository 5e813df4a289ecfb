"""The map of a flow as SVG: bands of the stations, lines, cards, and every word as text that can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kiosk.fonts import FALLBACKS, FAMILY
from kiosk.pack.rules_text import as_shown
from kiosk.pack.wall_map import EDGE, GAP, LETTER, LINE, PAD, STATIONS, Card, Point, WallMap, answers_of

BANDS = ("#F3EFE2", "#DCE8DD")
COLOURS = ("#0A4F5C", "#8A4B12", "#4A5B8C", "#7A2E55", "#3F6B2A")
INK, QUESTION, OUTCOME = "#17252F", "#FFFFFF", "#FFF4D6"
RADIUS = 6.0


def draw_svg(drawn: WallMap, paper: Point) -> str:
    """Return the map on its paper, whose sides are given in millimetres."""
    width, height = drawn.size
    fonts = ", ".join(f"'{family}'" for family in (FAMILY, *FALLBACKS))
    parts = "\n".join([*_bands(drawn), *_ways(drawn), *_cards(drawn), _title(drawn)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{paper[0]:g}mm" height="{paper[1]:g}mm" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{fonts}, sans-serif" font-size="{LETTER:g}" fill="{INK}">\n'
        f"<title>{escape(as_shown(drawn.flow.title, drawn.pack.facts))}</title>\n"
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#FFFFFF"/>\n{parts}\n</svg>\n'
    )


def _title(drawn: WallMap) -> str:
    words = as_shown(drawn.flow.title, drawn.pack.facts)
    below = f"{drawn.pack.title}, version {drawn.pack.version}"
    return _text(words, (EDGE, 32), 'font-size="24" font-weight="bold"') + _text(below, (EDGE, 52), "")


def _bands(drawn: WallMap) -> Iterator[str]:
    for number, (stage_id, band) in enumerate(drawn.chart.bands.items()):
        top, bottom = drawn.row_tops[band.start], drawn.row_tops[band.stop]
        yield (
            f'<rect x="0" y="{top:.1f}" width="{drawn.size[0]:.1f}" height="{bottom - top:.1f}" fill="{BANDS[number % 2]}"/>'
        )
        stage = drawn.flow.stages[stage_id]
        for line, words in enumerate(drawn.lines_of(stage.title, STATIONS - PAD, bold=True)):
            yield _text(words, (EDGE, top + GAP / 2 + PAD + LETTER + line * LINE), 'font-weight="bold"')


def _ways(drawn: WallMap) -> Iterator[str]:
    """Each track has a colour other than its neighbours', so that the eye can follow a line where others cross."""
    for question, number, answer in answers_of(drawn.flow):
        colour = COLOURS[drawn.line(question, answer).track % len(COLOURS)]
        corners = drawn.way(question, number)
        path = f"M{_at(corners[0])}" + "".join(f" L{_at(corner)}" for corner in corners[1:])
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>'
        yield f'<circle cx="{corners[0][0]:.1f}" cy="{corners[0][1]:.1f}" r="3" fill="{colour}"/>'
        yield _arrow(corners[-1], corners[-2], colour)


def _arrow(tip: Point, before: Point, colour: str) -> str:
    x, y = tip
    back = x + (-8 if before[0] < x else 8)
    return f'<path d="M{_at(tip)} L{back:.1f},{y - 4:.1f} L{back:.1f},{y + 4:.1f} Z" fill="{colour}"/>'


def _cards(drawn: WallMap) -> Iterator[str]:
    for node_id, card in drawn.cards.items():
        is_outcome = node_id in drawn.flow.outcomes
        yield from _card(drawn, drawn.top_left(node_id), card, OUTCOME if is_outcome else QUESTION, is_outcome)


def _card(drawn: WallMap, at: Point, card: Card, ground: str, is_outcome: bool) -> Iterator[str]:
    x, y = at
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{drawn.width:.1f}" height="{card.height:.1f}" rx="{RADIUS:g}" '
        f'fill="{ground}" stroke="{INK}" stroke-width="{2 if is_outcome else 1}"/>'
    )
    base = y + PAD + LETTER
    for number, words in enumerate(card.head):
        yield _text(words, (x + PAD, base + number * LINE), 'font-weight="bold"')
    for number, row in enumerate(card.rows):
        middle = y + card.row_middle(number)
        first = middle - LINE * len(row) / 2 + LETTER
        if not is_outcome:
            rule = middle - LINE * len(row) / 2 - 3
            yield f'<path d="M{x:.1f},{rule:.1f} h{drawn.width:.1f}" stroke="#B9CBCD" stroke-width="0.8"/>'
        for line, words in enumerate(row):
            yield _text(words, (x + PAD + (0 if is_outcome else 8), first + line * LINE), "")


def _text(words: str, at: Point, more: str) -> str:
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" {more}>{escape(words)}</text>'


def _at(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
