"""Printing through the Windows spooler, with the PowerShell and .NET that every Windows brings along.

In a program of its own: a driver that fails takes nothing else with it. The pages go in by its standard input.
"""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from kiosk.errors import PrinterStuck
from kiosk.takeaway.model import Paper

SCRIPT = Path(__file__).with_name("spooler.ps1")
SHEETS_MM = {Paper.A4: (210.0, 297.0), Paper.A6: (105.0, 148.0)}
ROLL_MM = 80.0
STARTS_WITHIN = 30  # seconds that PowerShell may take besides the printing itself
SAYS = {
    3: ("Windows knows no such printer.", "See that the setting printer names one of: Get-Printer"),
    4: ("The printer is off or away.", "Switch it on, and see that its cable is in."),
    5: ("The slip is not out.", "See that the printer is on, and has paper."),
}


def print_pictures(
    pages: Sequence[bytes], dots_per_inch: int, printer: str, paper: Paper, title: str, patience: float
) -> None:
    """Print PNG pages and wait until they are out. Raises PrinterStuck; then the spooler has been told to forget them."""
    width, height = SHEETS_MM.get(paper) or (ROLL_MM, _height(pages[0]) / dots_per_inch * 25.4)
    wanted = {
        "WAYMARK_PRINTER": printer,
        "WAYMARK_TITLE": title,
        "WAYMARK_DPI": str(dots_per_inch),
        "WAYMARK_WIDTH_MM": f"{width:.1f}",
        "WAYMARK_HEIGHT_MM": f"{height:.1f}",
        "WAYMARK_SECONDS": str(round(patience)),
    }
    command = ("powershell", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", str(SCRIPT))
    try:
        ended = subprocess.run(
            command,
            input=b"\n".join(map(b64encode, pages)),
            capture_output=True,
            timeout=patience + STARTS_WITHIN,
            env={**os.environ, **wanted},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as why:
        raise PrinterStuck("Windows did not print the slip.", "Print a test page from its settings.") from why
    if ended.returncode:
        fact, remedy = SAYS.get(
            ended.returncode, ("Windows did not print the slip.", "Print a test page from its settings.")
        )
        raise PrinterStuck(fact, remedy)


def _height(png: bytes) -> int:
    """Return the height of a picture in pixels, from its header (PNG specification, 11.2.2)."""
    return int.from_bytes(png[20:24])
