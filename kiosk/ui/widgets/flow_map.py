"""The map of a flow on the screen: moved by buttons or by a finger, seen whole or readable, each node to be touched."""

from __future__ import annotations

from kivy.app import App
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget

from kiosk.flow.chart import Route, draw_chart, route_of
from kiosk.flow.model import Flow
from kiosk.flow.walk import Answers
from kiosk.ui import pictures
from kiosk.ui.widgets.map_picture import cut_out
from kiosk.ui.widgets.map_sheet import Look, Sheet, readable, said_in, whole

TILE = 512  # pixels; well within what the smallest graphics card takes
STRIDE = 0.6  # of what is seen: a press of a button leaves enough to know where one was
TREMOR = 28  # design pixels that a finger may slip and still have touched what it meant


class FlowMap(Widget):
    """Dispatches on_node(id) and on_station(stage id) when one of them is touched, on_moved when another part is seen.

    Seen whole, its places may be too small for a finger (R12): then a touch asks with on_nearer(id) to see the nearest large.
    """

    __events__ = ("on_node", "on_station", "on_nearer", "on_moved")
    sees_all = BooleanProperty(False)

    def __init__(self, **kwargs) -> None:
        self._flow: Flow | None = None
        self._route: Route | None = None
        self._sheet: Sheet | None = None
        self._tiles: dict[tuple[int, int], object] = {}
        self._left = self._top = 0.0
        self._centre = ""
        self._made_for = None
        # Dozens of paragraphs and a large drawing: the screen is painted first, and the map on it a frame later.
        self._renewed = Clock.create_trigger(self._renew, 0)
        super().__init__(**kwargs)
        for name in ("size", "sees_all"):
            self.fbind(name, self._renewed)
        self.fbind("pos", self._draw)

    def show(self, flow: Flow, answers: Answers, start: str) -> None:
        """Show this flow with the way that the answers took, the place come to in the middle."""
        route = route_of(flow, answers, start or None)
        if (flow, route) != (self._flow, self._route):
            self.forget()
        self._flow, self._route = flow, route
        self._chart = draw_chart(flow)
        self._centre = self._route.here
        self._renewed()

    def forget(self) -> None:
        """Drop the picture: it shows what a parent answered."""
        self._flow, self._route, self._centre = None, None, ""
        self._sheet, self._made_for, self._tiles = None, None, {}
        self.canvas.clear()

    def go_to(self, node_id: str) -> None:
        """Bring a node to the middle."""
        self._centre = node_id
        if not self._sheet:
            return
        x, y = self._sheet.shape.box(node_id).middle
        self._move_to(x - self.width / 2, y - self.height / 2)

    def pan(self, right: int, down: int) -> None:
        """Look further by a stride: 1 or -1 to the right, 1 or -1 downwards."""
        self._centre = ""
        self._move_to(self._left + right * STRIDE * self.width, self._top + down * STRIDE * self.height)

    def has_more(self, right: int, down: int) -> bool:
        """Say whether there is more of the map to that side."""
        if not self._sheet:
            return False
        left, top = self._kept_inside(self._left + right * 9, self._top + down * 9)
        return abs(left - self._left) > 1 or abs(top - self._top) > 1

    @property
    def is_overview(self) -> bool:
        """All of it is seen, but a finger cannot tell its places apart."""
        if not (self.sees_all and self._sheet):
            return False
        theme, shape = App.get_running_app().theme, self._sheet.shape
        sides = [side for id in self._chart.rows for side in (shape.box(id).width, shape.box(id).height)]
        return min(*sides, 2 * shape.reach) < theme.finger or shape.gap < theme.apart

    def node_at(self, x: float, y: float) -> str | None:
        """Return the question or outcome at a place in window pixels."""
        across, down = self._on_sheet(x, y)
        shape = self._sheet.shape
        return next((node_id for node_id in self._chart.rows if shape.box(node_id).holds(across, down)), None)

    def place_of(self, node_id: str) -> tuple[float, float]:
        """Return where in the window the middle of a node is."""
        x, y = self._sheet.shape.box(node_id).middle
        return self.x + x - self._left, self.y + self.height - (y - self._top)

    def spots(self) -> list[tuple]:
        """What of the map is in sight and can be pressed: id, box in window pixels, press."""
        if not self._sheet:
            return []
        shape, reach = self._sheet.shape, self._sheet.shape.reach
        if self.is_overview:
            here = self._route.here
            return [("overview", (*self.to_window(*self.pos), *self.size), lambda: self.dispatch("on_nearer", here))]
        stations = [
            (
                ("station", id),
                (x - reach, y - reach, 2 * reach, 2 * reach),
                lambda id=id: self.dispatch("on_station", id),
            )
            for id, (x, y) in ((id, shape.station(id)) for id in self._chart.bands)
        ]
        nodes = [
            (id, (box.x, box.y, box.width, box.height), lambda id=id: self.dispatch("on_node", id))
            for id, box in ((id, shape.box(id)) for id in self._chart.rows)
        ]
        placed = ((part, self._in_window(box), press) for part, box, press in (*stations, *nodes))
        return [spot for spot in placed if self._is_in_sight(spot[1])]

    def _in_window(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        x, y, width, height = box
        return self.x + x - self._left, self.y + self.height - (y + height - self._top), width, height

    def _is_in_sight(self, box: tuple[float, float, float, float]) -> bool:
        """All of it: what is cut by the edge comes into sight with the next move of the map."""
        x, y, width, height = box
        return self.x <= x and self.y <= y and x + width <= self.x + self.width and y + height <= self.y + self.height

    def on_node(self, node_id: str) -> None: ...

    def on_station(self, stage_id: str) -> None: ...

    def on_nearer(self, node_id: str) -> None: ...

    def on_moved(self) -> None: ...

    def on_touch_down(self, touch) -> bool:
        if not self._sheet or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        touch.ud["map"] = (self._left, self._top, False)
        return True

    def on_touch_move(self, touch) -> bool:
        if touch.grab_current is not self:
            return False
        left, top, dragged = touch.ud["map"]
        dx, dy = touch.ox - touch.x, touch.y - touch.oy
        if dragged or max(abs(dx), abs(dy)) > TREMOR * App.get_running_app().theme.unit:
            touch.ud["map"] = (left, top, True)
            self._centre = ""
            self._move_to(left + dx, top + dy)
        return True

    def on_touch_up(self, touch) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        if not touch.ud["map"][2] and App.get_running_app().attention.accepts(0.4):
            self._touched(*touch.pos)
        return True

    def _touched(self, x: float, y: float) -> None:
        if self.is_overview:
            self.dispatch("on_nearer", self._nearest(x, y))
        elif node_id := self.node_at(x, y):
            self.dispatch("on_node", node_id)
        elif stage_id := self._station_at(x, y):
            self.dispatch("on_station", stage_id)

    def _nearest(self, x: float, y: float) -> str:
        across, down = self._on_sheet(x, y)
        boxes = {node_id: self._sheet.shape.box(node_id).middle for node_id in self._chart.rows}
        return min(boxes, key=lambda node_id: abs(boxes[node_id][0] - across) + abs(boxes[node_id][1] - down))

    def _station_at(self, x: float, y: float) -> str | None:
        across, down = self._on_sheet(x, y)
        shape, reach = self._sheet.shape, self._sheet.shape.reach
        for stage_id in self._chart.bands:
            sx, sy = shape.station(stage_id)
            if abs(across - sx) <= reach and abs(down - sy) <= reach:
                return stage_id
        return None

    def _on_sheet(self, x: float, y: float) -> tuple[float, float]:
        return x - self.x + self._left, self.y + self.height - y + self._top

    def _renew(self, *_) -> None:
        """Lay the map out for this size, zoom and reading, unless it stands already."""
        if self._flow is None or self.width < 50 or self.height < 50:
            return
        app = App.get_running_app()
        theme = app.theme
        zoom = self.sees_all
        reading = (theme.unit, theme.text, theme.portrait, theme.mirrored, theme.contrast)
        look = Look(*reading, theme.finger, theme.apart)
        made_for = (look, self.width, self.height if zoom else 0, zoom, self._flow, self._route)
        if made_for != self._made_for:
            said = said_in(self._flow, self._route, app.filled)
            parts = (self._flow, self._chart, self._route, said, look)
            self._sheet = whole(*parts, tuple(self.size)) if zoom else readable(*parts, self.width)
            self._tiles, self._made_for = {}, made_for
        if self._centre:
            self.go_to(self._centre)
        else:
            self._move_to(self._left, self._top)

    def _kept_inside(self, left: float, top: float) -> tuple[float, float]:
        """The map's edges stay at the edges of the widget; a smaller map stands in the middle."""
        return tuple(
            min(max(0.0, wanted), length - room) if length > room else (length - room) / 2
            for wanted, length, room in zip((left, top), self._sheet.shape.size, self.size, strict=True)
        )

    def _move_to(self, left: float, top: float) -> None:
        left, top = self._kept_inside(left, top)
        self._left, self._top = round(left), round(top)
        self._draw()
        self.dispatch("on_moved")

    def _draw(self, *_) -> None:
        self.canvas.clear()
        if not self._sheet:
            return
        with self.canvas:
            Color(1, 1, 1, 1)
            self._draw_tiles()
            for sign in self._sheet.signs:
                if sign.texture:
                    Color(*sign.colour)
                    self._lay(sign.texture, round(sign.x), round(sign.y))

    def _draw_tiles(self) -> None:
        """Only what is seen is drawn, and kept until it is no longer."""
        width, height = (int(n) for n in self._sheet.shape.size)
        columns = range(max(0, self._left // TILE), int(min(width - 1, self._left + self.width - 1)) // TILE + 1)
        rows = range(max(0, self._top // TILE), int(min(height - 1, self._top + self.height - 1)) // TILE + 1)
        seen = {(column, row) for column in columns for row in rows}
        self._tiles = {
            at: self._tiles.get(at)
            or self._tile(*at, min(TILE, width - at[0] * TILE), min(TILE, height - at[1] * TILE))
            for at in seen
        }
        for (column, row), tile in self._tiles.items():
            self._lay(tile, column * TILE, row * TILE)

    def _tile(self, column: int, row: int, width: int, height: int):
        return pictures.draw(cut_out(self._sheet.drawing, column * TILE, row * TILE, width, height))

    def _lay(self, texture, x: int, y: int) -> None:
        """Draw the part of a picture that lies inside the widget: nothing is painted over its neighbours."""
        x, y = x - self._left, y - self._top
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + texture.width, self.width), min(y + texture.height, self.height)
        if left >= right or top >= bottom:
            return
        width, height = right - left, bottom - top
        if (width, height) != tuple(texture.size):
            texture = texture.get_region(left - x, y + texture.height - bottom, width, height)
        Rectangle(
            texture=texture, pos=(round(self.x + left), round(self.y + self.height - bottom)), size=(width, height)
        )
