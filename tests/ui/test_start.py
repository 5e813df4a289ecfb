"""What a kiosk has read and imported once its welcome is painted: whatever else it had would cost every start and stay."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

START = """
import json, sys
from kiosk.settings import load_settings
from kiosk.ui.start import show
show(load_settings(), check=True)
from kivy.lang import Builder
print(json.dumps([sorted(sys.modules), sorted({str(rule.ctx.filename) for _selector, rule in Builder.rules})]))
"""


@dataclass(frozen=True)
class Started:
    modules: list[str]
    looks: list[str]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Started:
    """A kiosk that has shown its welcome, in a process that did nothing else."""
    environment = {**os.environ, "KIOSK_DATA": str(tmp_path_factory.mktemp("data")), "SDL_VIDEODRIVER": "offscreen"}
    done = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return Started(*json.loads(done.stdout))


def test_it_reads_our_looks_and_not_those_of_kivys_widgets(started: Started):
    assert "frame.kv" in {Path(file).name for file in started.looks}
    assert not [file for file in started.looks if Path(file).parts[-2:] == ("data", "style.kv")]
