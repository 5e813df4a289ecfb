"""Say as JSON what kiosk.spec hands to PyInstaller: `python -m tests.bundle.collected`. Nothing is built.

The spec runs as it is; only PyInstaller's own steps are stood in for. In a process of its own, because it sets up Kivy.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Analysis:
    """Takes what the real one takes, and notes it."""

    noted: dict[str, list[object]]

    def __init__(self, scripts: list[str], **given: object) -> None:
        Analysis.noted = {name: list(given[name]) for name in ("datas", "hiddenimports", "excludes")}
        self.scripts, self.pure, self.binaries, self.datas = [], [], [], []


def no_step(*_parts: object, **_options: object) -> None:
    """Stands in for the steps that write files."""


def main() -> None:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    steps = dict.fromkeys(("PYZ", "EXE", "COLLECT", "Tree"), no_step)
    runpy.run_path("kiosk.spec", init_globals={"Analysis": Analysis, **steps})
    json.dump(Analysis.noted, sys.stdout)


if __name__ == "__main__":
    main()
