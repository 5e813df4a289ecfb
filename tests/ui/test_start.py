"""What a kiosk has read and imported once its welcome is painted: whatever else it had would cost every start and stay."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.bootstrap import Services
from tests.ui.driving import Kiosk

START = """
import json, sys
from kiosk.settings import load_settings
from kiosk.ui import start
depths, accompany = [], start._accompany

def closing(*_):
    from kivy.graphics.opengl import glGetIntegerv
    depths.append(glGetIntegerv(0x0D56)[0])  # GL_DEPTH_BITS

def accompanied(app, *rest):
    app.bind(on_stop=closing)
    accompany(app, *rest)

start._accompany = accompanied
start.show(load_settings(), check=True)
from kivy.lang import Builder
looks = sorted({str(rule.ctx.filename) for _selector, rule in Builder.rules})
print(json.dumps([sorted(sys.modules), looks, depths[0]]))
"""
XVFB = shutil.which("xvfb-run")


@dataclass(frozen=True)
class Started:
    modules: list[str]
    looks: list[str]
    depth_bits: int


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Started:
    """A kiosk that has shown its welcome, under X where there is one, in a process that did nothing else."""
    environment = {**os.environ, "KIOSK_DATA": str(tmp_path_factory.mktemp("data")), "SDL_VIDEODRIVER": "offscreen"}
    command = [sys.executable, "-c", START]
    if XVFB:
        environment["SDL_VIDEODRIVER"] = "x11"
        command = [XVFB, "-a", "-s", "-screen 0 540x960x24", *command]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return Started(*json.loads(done.stdout))


def test_it_reads_our_looks_and_not_those_of_kivys_widgets(started: Started):
    assert "frame.kv" in {Path(file).name for file in started.looks}
    assert not [file for file in started.looks if Path(file).parts[-2:] == ("data", "style.kv")]


def test_what_only_some_visits_need_is_not_imported_yet(started: Started):
    later = {"sqlalchemy", "polib", "phonenumbers", "requests", "segno", "yaml", "kivy.core.text", "kivy.uix.label"}

    assert "kiosk.ui.screens.welcome" in started.modules
    assert not later & set(started.modules)


@pytest.mark.skipif(not XVFB, reason="without Xvfb there is no X to open a window under")
def test_its_window_has_no_depth_buffer(started: Started):
    assert started.depth_bits == 0


def test_one_that_is_closed_as_soon_as_it_is_there_delivers_nothing_after_that(window: None, services: Services):
    kiosk = Kiosk(services)
    kiosk.app.on_start()
    assert kiosk.app.painting.is_triggered
    kiosk.stop()

    assert not kiosk.app.painting.is_triggered
