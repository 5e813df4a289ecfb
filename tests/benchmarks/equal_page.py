"""Screens of the kiosk as one web page, for Chromium to show what the kiosk shows: every text, ground and icon in its place.

    python -m tests.benchmarks.equal_page DATA PAGE

Read off the laid-out widgets of a kiosk that nobody sees, so that the two stay equal. The page has the kiosk's own fonts for
all its languages, its icons and its road as inline SVG, and does as much as is measured: what is touched looks pressed at
once and shows another screen when the finger lifts.
"""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")

from kiosk.bootstrap import bootstrap
from kiosk.fonts import FALLBACKS, FAMILY, font_folders
from kiosk.settings import load_settings
from kiosk.ui.proof.stage import open_window
from tests.ui.driving import Kiosk

FLOW = "work"
# Screen -> the class of what is touched on it -> the screen that it leads to. A bar's buttons are told by their icons.
WAYS = {
    "welcome": {"": "home", "MainButton": "home"},
    "home": {"phone": "call-name", "house": "home", "Card": "question"},
    "question": {"phone": "call-name", "house": "home", "AnswerCard": "question-2"},
    "question-2": {"phone": "call-name", "house": "home", "arrow-left": "question"},
    "call-name": {"house": "home", "arrow-left": "home"},
}
STYLE = """
body{margin:0;overflow:hidden;user-select:none;cursor:default}
.screen{position:absolute;inset:0;display:none;overflow:hidden}.screen.on{display:block}
.screen *{position:absolute;box-sizing:border-box;pointer-events:none}.screen svg *{position:static}
.screen [data-go]{pointer-events:auto}.down{filter:brightness(.86);transform:translateY(4px)}
p{margin:0;white-space:pre-wrap}b,strong{position:static!important}
"""
SCRIPT = """
let down=null
const shown=()=>document.querySelector('.on')
addEventListener('pointerdown',e=>{down=e.target.closest('[data-go]');down&&down.classList.add('down')})
addEventListener('pointerup',e=>{const up=e.target.closest('[data-go]');const was=down;down=null
 if(was)was.classList.remove('down')
 if(was&&was===up){shown().classList.remove('on');document.getElementById(was.dataset.go).classList.add('on')}})
"""


def faces() -> str:
    """Return the font faces of the kiosk, as it has them: one for each upright file, all weights where it holds them all."""
    wanted = {name: name.replace(" ", "") for name in (FAMILY, *FALLBACKS)}
    found = []
    for file in sorted(file for folder in font_folders() for file in folder.rglob("*.[to]tf")):
        name, is_variable, _axes = file.stem.partition("[")
        bare, _, style = name.partition("-")
        family = next((family for family, stem in wanted.items() if stem == bare), "")
        weight = "100 900" if is_variable else {"": "400", "Regular": "400", "Bold": "700"}.get(style)
        if family and weight and style in ("", "Regular", "Bold"):
            found.append(f"@font-face{{font-family:'{family}';font-weight:{weight};src:url('file://{file}')}}")
    return "\n".join(found)


def rgba(colour) -> str:
    red, green, blue = (round(part * 255) for part in colour[:3])
    return f"rgba({red},{green},{blue},{colour[3]:.3f})"


class Page:
    """Draws the widgets of one window as elements of a page; `height` is the window's, as y runs the other way here."""

    def __init__(self, height: float) -> None:
        self.height = height

    def screen(self, name: str, root) -> str:
        drawn = "".join(self._draw(root, WAYS[name]))
        go = f' data-go="{WAYS[name][""]}"' if "" in WAYS[name] else ""
        return f'<div class="screen" id="{name}"><div style="inset:0"{go}></div>{drawn}</div>'

    def _box(self, widget, x: float, y: float, width: float, height: float) -> str:
        left, bottom = widget.to_window(x, y)
        return f"left:{left:.0f}px;top:{self.height - bottom - height:.0f}px;width:{width:.0f}px;height:{height:.0f}px"

    def _draw(self, widget, ways: dict[str, str]) -> Iterator[str]:
        from kiosk.ui.widgets.disc import Disc
        from kiosk.ui.widgets.icon import Icon
        from kiosk.ui.widgets.panel import Ground
        from kiosk.ui.widgets.road import Road
        from kiosk.ui.widgets.words import Words

        if not widget.opacity:
            return
        if isinstance(widget, Ground):
            yield self._ground(widget, ways)
        elif isinstance(widget, Disc) and (widget.glyph or widget.number):
            yield self._disc(widget)
        elif isinstance(widget, Icon) and widget.name:
            yield self._icon(widget)
        elif isinstance(widget, Road):
            yield self._road(widget)
        elif isinstance(widget, Words) and widget.text:
            yield self._words(widget)
        for child in reversed(widget.children):
            yield from self._draw(child, ways)

    def _ground(self, widget, ways: dict[str, str]) -> str:
        shadow = f";box-shadow:0 {widget.drop:.0f}px 0 {rgba(widget.shadow)}" if widget.drop else ""
        look = f";background:{rgba(widget.ground)};border-radius:{widget.radius:.0f}px{shadow}"
        way = ways.get(type(widget).__name__) or ways.get(getattr(widget, "icon", "") or "-")
        go = f' data-go="{way}"' if way and hasattr(widget, "on_touched") else ""
        return f'<div style="{self._box(widget, *widget.pos, *widget.size)}{look}"{go}></div>'

    def _disc(self, widget) -> str:
        side = round(widget.size_px)
        box = self._box(widget, widget.center_x - side / 2, widget.center_y - side / 2, side, side)
        return f'<div style="{box};border-radius:50%;background:{rgba(widget.ground_color)}"></div>'

    def _icon(self, widget) -> str:
        from kiosk.ui.pictures import icon_svg

        side = round(widget.size_px)
        box = self._box(widget, widget.center_x - side / 2, widget.center_y - side / 2, side, side)
        return f'<div style="{box}">{icon_svg(widget.name, side, widget.stroke, rgba(widget.color))}</div>'

    def _road(self, widget) -> str:
        from kiosk.ui.pictures import icon_svg
        from kiosk.ui.widgets.road import PALETTES
        from kiosk.ui.widgets.road_shape import CALM, draw_land

        parts = [draw_land(widget._shape, CALM, widget.corner)]
        for (x, y), (_label, icon) in zip(widget._shape.stations(), widget.stages, strict=True):
            ground, edge, ink = PALETTES[False]["ahead"]
            radius = round(widget._shape.station_radius)
            side = round(radius * 1.1)
            box = f"left:{x - radius:.0f}px;top:{y - radius:.0f}px;width:{2 * radius}px;height:{2 * radius}px"
            at = f"left:{radius - side / 2:.0f}px;top:{radius - side / 2:.0f}px"
            look = f"{box};background:{ground};border:4px solid {edge};border-radius:50%"
            parts.append(f'<div style="{look}"><div style="{at}">{icon_svg(icon, side, 2.2, ink)}</div></div>')
        return f'<div style="{self._box(widget, *widget.pos, *widget.size)}">{"".join(parts)}</div>'

    def _words(self, widget) -> str:
        size, weight = round(widget.size_px), 700 if widget.bold else 400
        spare = widget.height - widget.paragraph.height
        y = widget.y + spare / 2 if widget.valign == "middle" else widget.y
        box = self._box(widget, widget.x, y, widget.width + (size if widget.hugs else 0), widget.paragraph.height)
        align = {"low": "left", "centre": "center", "high": "right"}["low" if widget.hugs else widget.align]
        look = f"font:{weight} {size}px/1.27 var(--f);text-align:{align};color:{rgba(widget.color)}"
        return f'<p dir="auto" style="{box};{look}">{html.escape(widget.text)}</p>'


def page_of(kiosk: Kiosk) -> str:
    """Return the page, with the screens that WAYS names."""
    from kiosk.ui.visit import Place, Visit

    welcome = Place("welcome")
    flow = kiosk.app.pack.flows[FLOW]
    first = flow.questions[flow.start]
    answer = next(answer for answer in first.answers if answer.go in flow.questions)
    places = {
        "welcome": (),
        "home": (Place("home"),),
        "question": (Place("flow", FLOW),),
        "question-2": (Place("flow", FLOW, answers=((first.id, answer.id),)),),
    }
    page, drawn = Page(kiosk.window.height), []
    for name, rest in places.items():
        kiosk.app.navigation.visit = Visit(places=(welcome, *rest))
        kiosk.settle()
        drawn.append(page.screen(name, kiosk.app.root))
    kiosk.app.navigation.ask_for_call()
    kiosk.settle()
    drawn.append(page.screen("call-name", kiosk.app.root))
    fonts = ",".join(f"'{name}'" for name in (FAMILY, *FALLBACKS))
    paper = rgba(kiosk.app.theme.paper)
    style = f"{faces()}:root{{--f:{fonts}}}{STYLE}body{{background:{paper}}}"
    body = "".join(drawn).replace('class="screen" id="welcome"', 'class="screen on" id="welcome"')
    return f'<!doctype html><meta charset="utf-8"><title>Waymark</title><style>{style}</style>{body}<script>{SCRIPT}</script>'


def main(data: Path, page: Path) -> None:
    open_window(data / "fonts", 1080, 1920)
    kiosk = Kiosk(bootstrap(replace(load_settings(), data=data, fullscreen=False)))
    kiosk.resize(1080, 1920)
    page.write_text(page_of(kiosk), encoding="utf-8")
    kiosk.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
