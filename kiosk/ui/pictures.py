"""Icons and shapes as textures, drawn from SVG at the size they are shown: white, to be tinted by the colour in force."""

from __future__ import annotations

import importlib.util
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyvips
from kivy.graphics.texture import Texture

from kiosk.ui.text import TextureCache, to_mask, to_texture

# Not cleared between visits: no more than a visit or two draws, so that it is full soon and grows no more.
_pictures = TextureCache(8 * 2**20)


@cache
def _lucide() -> zipfile.ZipFile:
    spec = importlib.util.find_spec("lucide")
    return zipfile.ZipFile(Path(spec.submodule_search_locations[0]) / "lucide.zip")


@cache
def read_icon(name: str) -> str:
    """Return the drawing inside a Lucide icon's <svg>. Raises KeyError if there is no such icon."""
    svg = _lucide().read(f"{name}.svg").decode()
    return svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]


def render_svg(svg: str) -> pyvips.Image:
    return pyvips.Image.svgload_buffer(svg.encode())


def icon_svg(name: str, size: int, stroke: float = 2.0, colour: str = "#fff") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        f'stroke="{colour}" stroke-width="{stroke}" stroke-linecap="round" stroke-linejoin="round">{read_icon(name)}</svg>'
    )


def icon(name: str, size: int, stroke: float = 2.0) -> Texture:
    """Return the icon as a white square texture of `size` pixels."""
    key = ("icon", name, size, stroke)
    return _pictures.get(key, lambda: (to_mask(render_svg(icon_svg(name, size, stroke))),))[-1]


@dataclass(frozen=True)
class PanelLook:
    """A rounded ground with its shadow and outline; colours are red, green, blue, opacity from 0 to 1, lengths pixels."""

    radius: int
    ground: tuple[float, ...]
    shadow: tuple[float, ...]
    drop: int
    outline: tuple[float, ...]
    stroke: int

    @property
    def is_seen(self) -> bool:
        return bool(self.ground[3] or self.stroke or self.drop)


def panel(look: PanelLook) -> Texture:
    """Return the look as 2 x radius + 2 pixels square, `drop` more below, for a BorderImage."""
    side, half = 2 * look.radius + 2, look.stroke / 2
    shadow = _rectangle(0, look.drop, side, look.radius, _fill("fill", look.shadow)) if look.drop else ""
    outline = f'{_fill("stroke", look.outline)} stroke-width="{look.stroke}"' if look.stroke else ""
    ground = _rectangle(half, half, side - look.stroke, look.radius - half, f"{_fill('fill', look.ground)} {outline}")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side + look.drop}">{shadow}{ground}</svg>'
    return _pictures.get(("panel", look), lambda: (to_texture(render_svg(svg)),))[-1]


def _rectangle(x: float, y: float, side: float, radius: float, paint: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="{radius}" {paint}/>'


def _fill(name: str, colour: tuple[float, ...]) -> str:
    red, green, blue = (round(part * 255) for part in colour[:3])
    return f'{name}="rgb({red},{green},{blue})" {name}-opacity="{colour[3]}"'


def draw(svg: str) -> Texture:
    """Return a whole drawing as a texture that nobody else holds."""
    return to_texture(render_svg(svg))


def scene(key, svg: str) -> Texture:
    """Return a whole drawing as a texture, kept under `key`."""
    return _pictures.get(("scene", key), lambda: (draw(svg),))[-1]


def disc(size: int) -> Texture:
    """Return a white disc of `size` pixels."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<circle cx="{size / 2}" cy="{size / 2}" r="{size / 2}" fill="#fff"/></svg>'
    )
    return _pictures.get(("disc", size), lambda: (to_mask(render_svg(svg)),))[-1]


def qr_code(content: str, side: int) -> Texture:
    """Return a QR code on white with the quiet zone that the standard asks for, `side` pixels square or a little less.

    Text is in UTF-8, which is what phones take it for.
    """
    import segno

    def make() -> tuple[Texture]:
        code = segno.make(content, error="m", micro=False, encoding="utf-8")
        modules = code.symbol_size(border=4)[0]
        scale = max(1, side // modules)
        drawing = code.svg_inline(scale=scale, border=4, dark="#000", light="#fff").replace(
            "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
        )
        return (to_texture(render_svg(drawing)),)

    return _pictures.get(("qr", content, side), make)[-1]
