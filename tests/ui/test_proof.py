"""`kiosk pack proof`: pictures of the screens, one page that shows them all, and what does not fit in sentences."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pyvips
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.errors import Fault
from kiosk.pack.tree import Mark
from kiosk.ui.proof.looks import Look
from kiosk.ui.proof.misfits import Misfit
from kiosk.ui.proof.report import find_faults, in_words
from kiosk.ui.proof.scenes import Scene
from kiosk.ui.proof.show import Sight
from tests.ui.conftest import ROOT

PACK = ROOT / "content" / "oxfordshire"
CHOICE = ("--screen", "home", "--language", "pl", "--theme", "contrast", "--size", "largest", "--window", "1280x800")


def test_it_draws_what_was_asked_for_where_there_is_no_display(tmp_path: Path):
    without_display = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "SDL_VIDEODRIVER")}
    command = [sys.executable, "-m", "kiosk", "pack", "proof", str(PACK), *CHOICE, "--out", str(tmp_path / "proof")]

    done = subprocess.run(command, env=without_display, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Every text fits its place." in done.stdout
    page = (tmp_path / "proof" / "index.html").read_text(encoding="utf-8")
    linked = [tmp_path / "proof" / name for name in re.findall(r'(?:href|src)="([^"]+)"', page)]
    assert linked and all(file.is_file() for file in linked)
    pictures = [pyvips.Image.new_from_file(str(file)) for file in linked if file.suffix == ".png"]
    assert {(picture.width, picture.height) for picture in pictures} == {(1280, 800)}
    assert "Polski, contrast, largest letters, 1280×800" in page


def test_a_screen_that_there_is_none_of_is_said_with_the_one_meant(tmp_path: Path):
    command = [sys.executable, "-m", "kiosk", "pack", "proof", str(PACK), "--screen", "outcom", "--out", str(tmp_path)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 2
    assert 'There is no screen "outcom". Did you mean "outcome"?' in done.stderr


def test_a_pack_with_faults_is_not_drawn(tmp_path: Path):
    done = CliRunner().invoke(kiosk, ["pack", "proof", str(tmp_path)])

    assert done.exit_code != 0
    assert not (tmp_path / "proof").exists()


class FewOrigins:
    def find(self, text: str, language: str) -> Mark:
        return {"Dokąd?": Mark("words/pl.po", 12)}.get(text, Mark(""))


def test_a_misfit_is_said_once_with_file_and_line_and_where_to_look():
    misfit = Misfit("Dokąd?", "leaves the screen.")
    scene = Scene("page", "free-hours")
    looks = [Look("pl", theme, 2, (1280, 800)) for theme in ("calm", "contrast")]
    sights = [Sight(scene, look, 1, (misfit,)) for look in looks]

    [fault] = find_faults(sights, FewOrigins())

    seen = "See page free-hours, page 1, in Polski, calm, largest letters, 1280×800, and 1 more."
    assert fault == Fault("words/pl.po", 12, '"Dokąd?" leaves the screen.', seen)
    assert list(in_words([fault])) == ["words/pl.po", f"  line 12   {fault}"]
