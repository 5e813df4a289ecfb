"""Paragraphs by Pango: shaping, direction and font fallback for every language, as textures.

Kivy's own text joins no Arabic and knows no bidirectional order, so every string on the screen comes through here.
"""

from __future__ import annotations

import html
import logging
import math
import re
from collections import OrderedDict
from dataclasses import dataclass, replace

import pyvips
from kivy.graphics.texture import Texture

from kiosk.fonts import FALLBACKS, FAMILY
from kiosk.pack.translate import IN_ENGLISH
from kiosk.reading_order import hold_together, in_order, runs_right_to_left

logging.getLogger("pyvips").setLevel(logging.WARNING)
pyvips.cache_set_max(0)

LINE = 1.27  # line pitch of Atkinson Hyperlegible in font sizes, as Pango lays it
ARABIC_LINE = 1.2 * LINE  # its font asks for 2.1, as if every line had marks above and below at their highest
CACHE_BYTES = 16 * 2**20
OVERHEAD = 4096  # bytes that a driver takes for a texture besides its pixels, about; an icon is no larger
IN_ENGLISH_MARK = '\u00a0<span size="58%" weight="bold">EN</span>'
BOLD = re.compile(r"\*\*(.+?)\*\*")


def to_markup(text: str, mirrored: bool = False) -> str:
    """Turn the pack's **bold** into Pango markup, and the mark of what is in English; everything else is literal.

    Each line runs as its page does, `mirrored` from right to left, whatever script it begins with.
    """
    safe = html.escape(text, quote=False)
    ordered = "\n".join(in_order(hold_together(line), mirrored) for line in safe.split("\n"))
    return BOLD.sub(r"<b>\1</b>", ordered).replace(IN_ENGLISH, IN_ENGLISH_MARK)


@dataclass(frozen=True)
class Paragraph:
    """A laid-out text. All lengths are pixels; `ink_x`, `ink_y` count from the top left of the layout box.

    `height` is whole lines; `fits` is False when a word is wider than the box.
    """

    image: pyvips.Image | None
    width: int
    height: int
    ink_x: int
    ink_y: int
    ink_width: int
    ink_height: int
    fits: bool


def lay_out(
    text: str, size: int, width: int, bold: bool = False, align: str = "low", mirrored: bool = False
) -> Paragraph:
    """Lay `text` out in `width` pixels at `size` pixels. `align` is low, centre or high, in the page's reading direction."""
    is_arabic = runs_right_to_left(text)
    pitch = size * (ARABIC_LINE if is_arabic else LINE)
    if not text.strip() or width < 1:
        return Paragraph(None, width, math.ceil(pitch), 0, 0, 0, 0, fits=True)
    weight = ' weight="bold"' if bold else ""
    # More than 1024 is an absolute height, in Pango's 1024ths of a pixel.
    line = f' line_height="{pitch * 1024:.0f}"' if is_arabic else ""
    image = pyvips.Image.text(
        f'<span foreground="#ffffff"{weight}{line}>{to_markup(text, mirrored)}</span>',
        font=f"{', '.join((FAMILY, *FALLBACKS))} {size}",
        width=width,
        dpi=72,
        rgba=True,
        align=align,
    )
    ink_x, ink_y = image.get("xoffset"), image.get("yoffset")
    bottom = ink_y + image.height
    # Arabic and Bengali reach a little below a Latin line: that is not one line more.
    lines = max(1, math.ceil(bottom / pitch - 0.4))
    height = max(math.ceil(lines * pitch), bottom)
    # A slanted stroke or an alef may lean out of its box a little; a word that does not fit leans out a lot.
    slack = max(2, size * 0.2)
    fits = ink_x >= -slack and ink_x + image.width <= width + slack
    return Paragraph(image, width, height, ink_x, ink_y, image.width, image.height, fits)


def to_texture(image: pyvips.Image) -> Texture:
    """Upload an RGBA picture. The window must exist: a texture before it crashes the process."""
    return _upload(image.width, image.height, "rgba", image.write_to_memory())


def to_mask(image: pyvips.Image) -> Texture:
    """Upload the opacity of an RGBA picture, to be tinted: half the memory, and no colour of its own."""
    pixels = bytes(image.write_to_memory())
    # By slices, which take a fifth of the time that a pipeline of libvips and its threads do.
    mask = bytearray(b"\xff") * (len(pixels) // 2)
    mask[1::2] = pixels[3::4]
    return _upload(image.width, image.height, "luminance_alpha", mask)


def _upload(width: int, height: int, form: str, pixels: bytes | bytearray) -> Texture:
    texture = Texture.create(size=(width, height), colorfmt=form)
    texture.blit_buffer(pixels, colorfmt=form, bufferfmt="ubyte")
    texture.flip_vertical()
    # Everything is drawn at its own size on whole pixels: blending neighbours would only cost time.
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


class TextureCache:
    """Least recently used textures up to CACHE_BYTES, keyed by whatever made them."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self.limit = limit
        self.bytes = 0
        self._held: OrderedDict = OrderedDict()

    def get(self, key, make):
        """Return what `make()` returned for this key, a pair whose last part is a texture or None."""
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        made = self._held[key] = make()
        self.bytes += _bytes(made[-1])
        while self.bytes > self.limit and len(self._held) > 1:
            self.bytes -= _bytes(self._held.popitem(last=False)[1][-1])
        return made

    def clear(self) -> None:
        """Forget everything: what was typed in a visit must not stay as a picture of itself."""
        self._held.clear()
        self.bytes = 0


def _bytes(texture: Texture | None) -> int:
    if not texture:
        return 0
    return OVERHEAD + texture.width * texture.height * (2 if texture.colorfmt == "luminance_alpha" else 4)


_paragraphs = TextureCache()


def draw(
    text: str, size: int, width: int, bold: bool, align: str, mirrored: bool = False
) -> tuple[Paragraph, Texture | None]:
    """Return the laid-out paragraph and its white texture, to be tinted by the colour in force."""

    def make():
        paragraph = lay_out(text, size, width, bold, align, mirrored)
        texture = to_mask(paragraph.image) if paragraph.image else None
        # The picture lives on as the texture; keeping both would double the memory.
        return replace(paragraph, image=None), texture

    return _paragraphs.get((text, size, width, bold, align, mirrored), make)


def forget_all() -> None:
    """Drop every cached paragraph (R6: nothing typed outlives the visit)."""
    _paragraphs.clear()
