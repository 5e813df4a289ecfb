"""A nursery of kiosks to be killed: for each stick on stdin, a forked child copies its outbox there without end.

    python -m tests.sync.copier DATA

-> STICK
<- pid 123
<- ended                when the child is gone, however it ended
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.callbacks.identity import load_identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.sync.usb import write_stick


def copy_without_end(stick: Path) -> None:
    data = Path(sys.argv[1])
    identity, outbox = load_identity(data), open_outbox(data)
    assert identity
    while True:
        write_stick(outbox, stick, identity)


for line in sys.stdin:
    child = os.fork()
    if not child:
        copy_without_end(Path(line.strip()))
    os.write(1, f"pid {child}\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"ended\n")
