"""A nursery of kiosks to be killed: for each folder on stdin, a forked child saves without end and says what it saved.

-> FOLDER
<- pid 123
<- saved ID SHA256      once `save` has returned, and only then
<- ended                when the child is gone, however it ended
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.callbacks.outbox import open_outbox
from tests.callbacks.samples import envelope


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def save_without_end(folder: Path) -> None:
    outbox = open_outbox(folder)
    while True:
        each = envelope()
        outbox.save(each)
        tell(f"saved {each.id} {each.sha256}")


for line in sys.stdin:
    child = os.fork()
    if not child:
        save_without_end(Path(line.strip()))
    tell(f"pid {child}")
    os.waitpid(child, 0)
    tell("ended")
