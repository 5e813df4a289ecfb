"""The printer that is set up: a queue of CUPS, or of the Windows spooler. A slip is handed over in memory and waited for.

No file is written here, and a slip that does not come out is taken out of the queue.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.takeaway.model import Paper, Slip

# Seconds after which a slip that lies in the queue is taken back: whoever wanted it has gone by then.
PATIENCE = 60.0
TITLE = "notes"
"""What the queue calls a slip: its list is seen by staff, and names nothing (R11)."""

Pause = Callable[[float], bool]
"""Wait so many seconds; True as soon as the program ends."""


@dataclass(frozen=True)
class Printer:
    """A queue by the name that the system knows it by, and what it prints on."""

    name: str
    paper: Paper

    def print(self, slip: Slip, pause: Pause, patience: float = PATIENCE) -> None:
        """Print the slip and return when it is out. Raises PrinterStuck if it is not, after `patience` seconds at most."""
        if sys.platform == "win32":
            from kiosk.takeaway.spooler import print_pictures
            from kiosk.takeaway.typeset import DOTS_PER_INCH, to_pictures

            print_pictures(to_pictures(slip, self.paper), DOTS_PER_INCH, self.name, self.paper, TITLE, patience)
        else:
            from kiosk.takeaway.cups import print_pdf
            from kiosk.takeaway.typeset import to_pdf

            print_pdf(to_pdf(slip, self.paper), self.name, self.paper, TITLE, pause, patience)
