"""A nursery of kiosks whose disk fails: for each folder on stdin, a forked child saves one request when it is told to.

    python -m tests.callbacks.single_saver

-> FOLDER
<- pid 123
-> go                   now something listens to the child's system calls
<- begin, saved ID SHA256, refused SAYS, error KIND
<- ended                when the child is gone, however it ended
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.callbacks.outbox import open_outbox
from kiosk.errors import OutboxUnavailable
from tests.callbacks.samples import envelope


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def save_once(folder: Path, go: int) -> None:
    outbox = open_outbox(folder)
    outbox.counts()
    each = envelope()
    tell(f"pid {os.getpid()}")
    os.read(go, 1)
    tell("begin")
    try:
        outbox.save(each)
        tell(f"saved {each.id} {each.sha256}")
    except OutboxUnavailable as why:
        tell(f"refused {why}")
    except BaseException as why:
        tell(f"error {type(why).__name__}")
    os._exit(0)


while folder := sys.stdin.readline().strip():
    go, told = os.pipe()
    child = os.fork()
    if not child:
        save_once(Path(folder), go)
    sys.stdin.readline()
    os.write(told, b"!")
    os.waitpid(child, 0)
    os.close(go)
    os.close(told)
    tell("ended")
