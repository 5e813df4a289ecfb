"""Which spot a key would press, and the ring around it. There is none until a key was used, nor after a touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.ui.spots import Spot, beside, first_of, nearest


class Focus:
    """`spots` tells what can be pressed now; `accepts` whether a press with some patience may act."""

    def __init__(self, spots: Callable[[], list[Spot]], ring, accepts: Callable[[float], bool]) -> None:
        self._spots, self.ring, self._accepts = spots, ring, accepts
        self.spot: Spot | None = None

    def hide(self) -> None:
        self.spot = None
        self.ring.hide()

    def show(self, spot: Spot | None) -> None:
        if spot is None:
            self.hide()
        else:
            self.spot = spot
            self.ring.show(spot.box)

    def begin(self) -> None:
        """Stand where the screen begins."""
        self.show(first_of(self._spots()))

    def follow(self) -> None:
        """Keep to what is focused, wherever it moves; when it is gone, go to what stands in its place."""
        if self.spot is not None:
            spots = self._spots()
            self.show(find(spots, self.spot) or nearest(spots, self.spot.box))

    def step(self, by: int) -> None:
        """Go on in reading order, or back, round and round: there is no trap (R15)."""
        spots = self._spots()
        at = index_of(spots, self.spot)
        if self.spot is None or at is None:
            self.show(first_of(spots) if by > 0 else spots[-1] if spots else None)
        else:
            self.show(spots[(at + by) % len(spots)])

    def turn(self, right: int, up: int) -> None:
        """Go to what lies to a side."""
        spots = self._spots()
        here = find(spots, self.spot)
        self.show(beside(spots, here, right, up) if here else first_of(spots))

    def press(self) -> None:
        """Press what is focused; where nothing is yet, only show where one is."""
        here = find(self._spots(), self.spot)
        if here is None:
            self.begin()
        else:
            self.act(here)

    def act(self, spot: Spot) -> None:
        if self._accepts(spot.patience):
            spot.press()


def find(spots: Sequence[Spot], spot: Spot | None) -> Spot | None:
    """Return the spot as it is now."""
    return next((each for each in spots if spot is not None and each.is_same(spot)), None)


def index_of(spots: Sequence[Spot], spot: Spot | None) -> int | None:
    return next((at for at, each in enumerate(spots) if spot is not None and each.is_same(spot)), None)
