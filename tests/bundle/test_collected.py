"""What the program finds only when it runs is named in kiosk.spec: PyInstaller sees neither files nor late imports."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from kiosk.childcare.sources.postcodes import postcode_files
from kiosk.cli import NOUNS
from kiosk.fonts import font_folders
from kiosk.ui.navigation import SCREENS
from tests.bundle.collected import ROOT

CODE = {".py", ".pyc"}


@pytest.fixture(scope="module")
def collected() -> dict[str, list]:
    command = [sys.executable, "-m", "tests.bundle.collected"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def carried(collected: dict[str, list]) -> set[Path]:
    """Every file that is carried, folders opened up."""
    named = [ROOT / source for source, _place in collected["datas"]]
    return {file for path in named for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()}


def test_every_kv_template_and_static_file_is_carried(carried: set[Path]) -> None:
    beside_code = {file for file in (ROOT / "kiosk").rglob("*") if file.is_file() and file.suffix not in CODE}

    assert {".kv", ".html", ".css", ".js", ".svg"} <= {file.suffix for file in beside_code}
    assert not beside_code - carried


def test_every_file_lands_where_the_program_looks_for_it(collected: dict[str, list]) -> None:
    ours = {source: place for source, place in collected["datas"] if Path(source).is_relative_to(ROOT / "kiosk")}

    assert ours == {source: str(Path(source).parent.relative_to(ROOT)) for source in ours}


def test_all_content_is_carried(carried: set[Path]) -> None:
    assert not {file for file in (ROOT / "content").rglob("*") if file.is_file()} - carried


def test_the_fonts_icons_and_postcodes_are_carried(carried: set[Path]) -> None:
    fonts = {file for folder in font_folders() for file in folder.rglob("*.ttf")}
    icons = Path(find_spec("lucide").origin).with_name("lucide.zip")

    assert len(fonts) >= 4
    assert not {*fonts, icons, *postcode_files()} - carried


def test_every_screen_and_command_is_named(collected: dict[str, list]) -> None:
    screens = {f"kiosk.ui.screens.{place.split('.')[0]}" for place in SCREENS.values()}
    commands = {f"kiosk.cli.{noun}" for noun in NOUNS}

    assert not (screens | commands) - set(collected["hiddenimports"])


def test_every_module_of_ours_is_named(collected: dict[str, list]) -> None:
    files = [file.relative_to(ROOT).with_suffix("") for file in (ROOT / "kiosk").rglob("*.py")]
    modules = {".".join(file.parts).removesuffix(".__init__") for file in files}

    assert not modules - set(collected["hiddenimports"])


def test_what_only_tests_need_is_left_out(collected: dict[str, list]) -> None:
    assert {"numpy", "PIL", "tkinter", "pytest", "playwright", "psycopg"} <= set(collected["excludes"])
