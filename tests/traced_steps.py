"""A nursery whose children take one step under a tracer that breaks it: for each line on stdin a forked child takes it.

    python -m tests.traced_steps

-> save DATA            or: copy DATA STICK, import HUB STICK, receipts DATA STICK, install DATA FILE, begin DATA; quoted
                        as a shell's words are
<- pid 123              or why it could not get ready
-> go                   now something listens to the child's system calls
<- begin, then done WORDS, refused SAYS or error KIND
<- ended                when the child is gone, however it ended
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from kiosk.callbacks.identity import load_identity, renew_identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.database import open_url
from kiosk.errors import WaymarkError
from kiosk.hub.stick import import_stick
from kiosk.hub.store import HubStore
from kiosk.pack.install import install
from kiosk.pack.slots import Slots
from kiosk.pack.starts import Starts
from kiosk.sync.usb import read_receipts, write_stick
from tests.callbacks.samples import NOON, envelope
from tests.pack.signed_packs import OXFORD

Step = Callable[[], str]


def save(data: Path) -> Step:
    outbox, each = open_outbox(data), envelope()
    outbox.counts()

    def step() -> str:
        outbox.save(each)
        return each.sha256

    return step


def copy(data: Path, stick: Path) -> Step:
    outbox, identity = open_outbox(data), load_identity(data)
    outbox.counts()
    assert identity
    return lambda: str(write_stick(outbox, stick, identity))


def take_in(data: Path, stick: Path) -> Step:
    store = HubStore(open_url(f"sqlite:///{data / 'hub.sqlite'}"))
    store.find_open_envelopes()

    def step() -> str:
        trouble = "".join(each.trouble for each in import_stick(stick, store, NOON))
        if trouble:
            raise WaymarkError(trouble)
        return "all"

    return step


def receipts(data: Path, stick: Path) -> Step:
    outbox, identity = open_outbox(data), load_identity(data)
    outbox.counts()
    assert identity
    return lambda: str(read_receipts(stick, outbox, identity, lambda newer: renew_identity(newer, data)))


def install_pack(data: Path, file: Path) -> Step:
    content = file.read_bytes()
    return lambda: str(install(content, data, OXFORD, NOON).version)


def begin(data: Path) -> Step:
    starts = Starts(Slots(data, OXFORD))
    return lambda: str(tried.version) if (tried := starts.begin()) else "none"


STEPS: dict[str, Callable[..., Step]] = {
    **{"save": save, "copy": copy, "import": take_in, "receipts": receipts},
    **{"install": install_pack, "begin": begin},
}


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def take(step: Step) -> None:
    try:
        tell(f"done {step()}")
    except WaymarkError as why:
        tell(f"refused {why}")
    except Exception as why:
        tell(f"error {type(why).__name__}")


def get_ready(step: str, *files: str) -> Step:
    try:
        return STEPS[step](*map(Path, files))
    except Exception as why:
        tell(repr(why))
        os._exit(1)


while words := shlex.split(sys.stdin.readline()):
    go, told = os.pipe()
    child = os.fork()
    if not child:
        ready = get_ready(*words)
        tell(f"pid {os.getpid()}")
        os.read(go, 1)
        tell("begin")
        take(ready)
        os._exit(0)
    sys.stdin.readline()
    os.write(told, b"!")
    os.waitpid(child, 0)
    os.close(go)
    os.close(told)
    tell("ended")
