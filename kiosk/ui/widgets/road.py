"""The road with its stations, and the walker who says "you are here"."""

from __future__ import annotations

from kivy.animation import Animation
from kivy.app import App
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, ObjectProperty
from kivy.uix.widget import Widget

from kiosk.ui import pictures
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.road_shape import CALM, HIGH_CONTRAST, Land, Shape, draw_land
from kiosk.ui.widgets.words import Words

WALK = 0.25  # seconds, LOOK.md "Motion"
PALETTES = {
    False: {
        "done": ("#265C32", "#fff", "#fff"),
        "here": ("#0A4F5C", "#F4B23C", "#fff"),
        "ahead": ("#fff", "#0A4F5C", "#0A4F5C"),
    },
    True: {"done": ("#000", "#fff", "#fff"), "here": ("#FFE14D", "#fff", "#000"), "ahead": ("#000", "#fff", "#fff")},
}
PIN = {False: ("#992B10", "#fff"), True: ("#FFE14D", "#000")}


class Road(Widget):
    """`stages` are (label, icon) pairs; `here` is the station one stands at, -1 for nowhere. `large` is for a road to choose from.

    The picture of a road that is not `kept` is held by nobody else, so that `rest` frees it.

    Dispatches on_station(index) when a station is pressed and `opens` is True.
    """

    __events__ = ("on_station",)
    stages = ListProperty([])
    here = NumericProperty(-1)
    along = NumericProperty(0)
    corner = NumericProperty(0)
    labelled = BooleanProperty(True)
    large = BooleanProperty(False)
    opens = BooleanProperty(False)
    kept = BooleanProperty(True)
    headroom = NumericProperty(0)
    footroom = NumericProperty(0)
    # By a rule: what a widget binds at the theme by itself stays there when the widget has long gone.
    look = ObjectProperty()

    def __init__(self, **kwargs) -> None:
        self._drawn = Clock.create_trigger(self._draw, -1)
        self._restated = Clock.create_trigger(self._restate, -1)
        self._discs: list[Rectangle] = []
        self._labels: list[Words] = []
        self._shape = None
        self._walker = None
        self.theme = App.get_running_app().theme
        super().__init__(**kwargs)
        for name in ("pos", "size", "stages", "corner", "labelled", "headroom", "footroom", "look"):
            self.fbind(name, self._drawn)
        self.fbind("here", self._restated)
        self.fbind("along", self._place_walker)

    def walk_to(self, station: int) -> None:
        """Move the walker along the road to a station; at once with reduced motion or on the first showing."""
        Animation.cancel_all(self, "along")
        still = self.theme.still or self.here < 0 or not self.get_root_window()
        self.here = station
        if still or abs(self.along - station) > 3:
            self.along = station
        else:
            Animation(along=station, d=WALK, t="in_out_quad").start(self)

    def on_station(self, index: int) -> None: ...

    def rest(self) -> None:
        """Give the picture up until `wake`: a whole screen of it is eight megabytes."""
        self.canvas.clear()
        self._shape, self._discs = None, []

    def wake(self) -> None:
        """Draw again what `rest` gave up."""
        self._drawn()

    def on_touch_up(self, touch) -> bool:
        index = self._station_at(touch.pos)
        if self.opens and index is not None and App.get_running_app().attention.accepts(0.4):
            self.dispatch("on_station", index)
            return True
        return super().on_touch_up(touch)

    def spots(self) -> list[tuple]:
        """The stations to press: number, box in window pixels, press."""
        if not self._shape or not self.opens:
            return []
        reach = self._reach()
        places = enumerate(self._shape.stations())
        return [
            (
                index,
                (self.x + x - reach, self.y + self.height - y - reach, 2 * reach, 2 * reach),
                lambda index=index: self.dispatch("on_station", index),
            )
            for index, (x, y) in places
        ]

    def _reach(self) -> float:
        """Return how far from its middle a station is still touched."""
        return max(self._shape.station_radius * 1.4, 54 * self.theme.unit, self.theme.finger / 2)

    def _station_at(self, pos) -> int | None:
        if not self._shape or not self.collide_point(*pos):
            return None
        reach = self._reach()
        for index, (x, y) in enumerate(self._shape.stations()):
            if abs(pos[0] - self.x - x) <= reach and abs(self.y + self.height - pos[1] - y) <= reach:
                return index
        return None

    def _draw(self, *_) -> None:
        self.canvas.clear()
        self.canvas.after.clear()
        self.clear_widgets()
        if not self.stages or self.width < 10 or self.height < 10:
            self._shape = None
            return
        self._shape = self._shape_now()
        land = HIGH_CONTRAST if self.theme.contrast else CALM
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(texture=self._land(land), pos=self.pos, size=self.size)
            self._discs = [Rectangle() for _ in self.stages]
        self._labels = [self._new_label(label) for label, _icon in self.stages] if self.labelled else []
        self._draw_walker()
        self._restate()

    def _restate(self, *_) -> None:
        """Show which stations lie behind and where the parent is. All else stays as it was drawn."""
        if not self._shape:
            return
        for index, disc in enumerate(self._discs):
            self._place_disc(index, disc)
        for index, label in enumerate(self._labels):
            self._place_label(index, label)
        self._place_walker()

    def _shape_now(self) -> Shape:
        unit = self.theme.unit
        # A climbing road has its words beside the stations, a waving one below them.
        climbs = self.large or self.height > self.width * 0.8
        labels = 0 if not self.labelled or climbs else 44 * unit * min(self.theme.text_scale, 1.6)
        return Shape(
            round(self.width),
            round(self.height),
            len(self.stages),
            unit,
            self.theme.mirrored,
            top=self.headroom or 96 * unit,
            foot=self.footroom or labels + 24 * unit,
            swing=0.16 if self.labelled else 0.3,
            radius=56 * unit if self.large else 0,
            upright=self.large,
        )

    def _land(self, land: Land):
        drawing = draw_land(self._shape, land, self.corner)
        return pictures.scene((self._shape, land, self.corner), drawing) if self.kept else pictures.draw(drawing)

    def _state(self, index: int) -> str:
        return "here" if index == self.here else "done" if index < self.here else "ahead"

    def _place_disc(self, index: int, disc: Rectangle) -> None:
        state = self._state(index)
        radius = round(self._shape.station_radius * (1.28 if state == "here" else 1))
        x, y = self._shape.stations()[index]
        disc.texture = station(self.stages[index][1], state, radius, self.theme.contrast, self.theme.unit)
        disc.size = disc.texture.size
        disc.pos = (round(self.x + x - radius), round(self.y + self.height - y - radius))

    def _new_label(self, label: str) -> Words:
        size = (
            (38 if self.large else 26)
            * self.theme.unit
            * min(self.theme.text_scale, 1.5 if self.theme.portrait else 1.3)
        )
        words = Words(text=label, hugs=True, bold=self.large, size_px=size, color=self.theme.ink)
        self.add_widget(words)
        return words

    def _place_label(self, index: int, words: Words) -> None:
        """Beside the station of a climbing road, below that of a waving one."""
        here, unit = index == self.here, self.theme.unit
        x, y = self._shape.stations()[index]
        gap = self._shape.station_radius * (1.28 if here else 1) + 4 * unit
        words.bold = here or self.large
        # Large words would run into each other: then the one where you are beats seven.
        words.opacity = 1 if here or self.large or self.theme.text_scale == 1 else 0
        # A station's whole title may be longer than the land beside it is wide.
        words.widest = (x if x < self.width / 2 else self.width - x) - gap - 20 * unit if self.large else 0
        x, y = self.x + x, self.y + self.height - y
        if not self._shape.climbs:
            left, bottom = x - words.width / 2, y - gap - words.height
        else:
            before = x < self.x + self.width / 2
            left = x - gap - words.width - 8 * unit if before else x + gap + 8 * unit
            bottom = y - words.height / 2
        words.x = min(max(left, self.x + 6), self.x + self.width - words.width - 6)
        words.y = bottom

    def _draw_walker(self) -> None:
        with self.canvas.after:
            Color(1, 1, 1, 1)
            texture = pin(
                round((64 if self._shape.climbs and self.labelled else 84) * self.theme.unit), self.theme.contrast
            )
            self._walker = Rectangle(texture=texture, size=(0, 0))

    def _place_walker(self, *_) -> None:
        if not self._shape or not self._walker:
            return
        # Nobody stands on a road that is there to choose from.
        self._walker.size = self._walker.texture.size if self.here >= 0 else (0, 0)
        x, y = self._shape.point_at(self.along)
        lift = self._shape.station_radius * 1.28 + 2 * self.theme.unit
        self._walker.pos = (round(self.x + x - self._walker.size[0] / 2), round(self.y + self.height - y + lift))


def station(icon: str, state: str, radius: int, contrast: bool, unit: float):
    """Return a station's picture: a disc, its ring, and its icon, or a tick where the road is behind."""
    ground, edge, ink = PALETTES[contrast][state]
    stroke = (8 if state == "here" else 4) * unit
    side = int(radius * 1.1)
    glyph = pictures.icon_svg("check" if state == "done" else icon, side, 2.2, ink).replace(
        "<svg ", f'<svg x="{radius - side / 2}" y="{radius - side / 2}" ', 1
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * radius}" height="{2 * radius}"><circle cx="{radius}" cy="{radius}" '
        f'r="{radius - stroke / 2}" fill="{ground}" stroke="{edge}" stroke-width="{stroke}"/>{glyph}</svg>'
    )
    return pictures.scene(("station", icon, state, radius, contrast), svg)


def pin(width: int, contrast: bool):
    """Return the walker's pin, its point at the foot of the picture."""
    ground, ink = PIN[contrast]
    glyph = pictures.icon_svg("user-round", 44, 2.4, ink).replace("<svg ", '<svg x="20" y="16" ', 1)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width * 104 / 84:.0f}" viewBox="0 0 84 104">'
        f'<path d="M42,102 L19,70 A38,38 0 1 1 65,70 Z" fill="{ground}"/>{glyph}</svg>'
    )
    return pictures.scene(("pin", width, contrast), svg)


load_beside(__file__)
