"""Printing through CUPS with its own commands: lp takes the slip, lpstat says what becomes of it, cancel takes it back.

CUPS itself keeps what it printed for a day. `PreserveJobFiles No` in its cupsd.conf ends that.
"""

from __future__ import annotations

import os
import re
import subprocess
from math import ceil

from kiosk.errors import PrinterStuck
from kiosk.takeaway.model import Paper
from kiosk.takeaway.printer import Pause

LOOK_EVERY = 0.5  # seconds
ANSWER_WITHIN = 20  # seconds that a command of CUPS may take; it asks a server that may be elsewhere
MEDIA = {Paper.A4: ("media=A4",), Paper.A6: ("media=A6",), Paper.ROLL: ()}
"""A receipt printer knows its own roll."""

_TAKEN = re.compile(r"request id is (\S+-\d+)")
# What CUPS says of a job that ended otherwise than on paper (IPP job-state-reasons, RFC 8011, 5.3.8).
_GIVEN_UP = re.compile(r"aborted|canceled|with-errors|unsupported|document-format-error")


def print_pdf(pdf: bytes, queue: str, paper: Paper, title: str, pause: Pause, patience: float) -> None:
    """Print a PDF and wait until it is out. Raises PrinterStuck; then the queue has been told to forget it."""
    options = [part for option in MEDIA[paper] for part in ("-o", option)]
    said = _ask("lp", "-d", queue, "-t", title, *options, "-", given=pdf)
    taken = _TAKEN.search(said)
    if taken is None:
        raise PrinterStuck("lp did not say that it took the slip.", "Try it by hand: lp -d QUEUE FILE")
    job = taken[1]
    try:
        _wait_for(job, queue, pause, patience)
    except PrinterStuck:
        # Nobody waits for it any more, and the next parent is not to find it in the tray.
        _ask("cancel", "-x", job, heeds=False)
        raise


def _wait_for(job: str, queue: str, pause: Pause, patience: float) -> None:
    for _look in range(ceil(patience / LOOK_EVERY)):
        if job not in _jobs(queue, "not-completed"):
            break
        if pause(LOOK_EVERY):
            raise PrinterStuck("The kiosk was closed while a slip was printed.")
    else:
        raise PrinterStuck("The slip is not out.", "See that the printer is on, and has paper.")
    # A queue that keeps no history has forgotten the job by now: then nothing is known against it.
    if _GIVEN_UP.search(_jobs(queue, "completed").get(job, "")):
        raise PrinterStuck("The printer gave the slip up.", "Look at what CUPS says of it: lpstat -l -W completed")


def _jobs(queue: str, which: str) -> dict[str, str]:
    """Return the queue's jobs and what CUPS says about each: a line that begins with the job's id, and lines moved in."""
    blocks: dict[str, str] = {}
    job = ""
    for line in _ask("lpstat", "-l", "-W", which, "-o", queue).splitlines():
        if line[:1].isspace():
            blocks[job] = blocks.get(job, "") + line
        elif line:
            job = line.split()[0]
            blocks[job] = line
    return blocks


def _ask(command: str, *parts: str, given: bytes = b"", heeds: bool = True) -> str:
    """Run a command of CUPS and return what it says, in English. Raises PrinterStuck if it fails and one `heeds` that."""
    try:
        answer = subprocess.run(
            (command, *parts),
            input=given,
            capture_output=True,
            timeout=ANSWER_WITHIN,
            check=heeds,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError as why:
        raise PrinterStuck(f"There is no {command} here.", "Install CUPS: apt install cups") from why
    except subprocess.TimeoutExpired as why:
        raise PrinterStuck(f"CUPS did not answer {command}.", "See that cupsd runs.") from why
    except subprocess.CalledProcessError as why:
        said = why.stderr.decode(errors="replace").strip()
        raise PrinterStuck(
            f"{command} says: {said}", "See that the setting printer names a queue of: lpstat -p"
        ) from why
    return answer.stdout.decode(errors="replace")
