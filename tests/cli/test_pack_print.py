"""`kiosk pack print`: which files it makes, and what it says to a name that it does not know."""

from __future__ import annotations

from click.testing import CliRunner

from kiosk.cli import kiosk
from tests.content.packs import CONTENT


def run(*words: str):
    return CliRunner().invoke(kiosk, ["pack", "print", str(CONTENT / "oxfordshire"), *words])


def test_each_kind_paper_and_language_is_a_file_of_its_own(tmp_path):
    result = run("aide-memoire", "--language", "en", "--language", "ur", "--out", str(tmp_path))

    assert result.exit_code == 0, result.output
    assert "4 sheets in" in result.output
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "aide-memoire-job-search-a4-en.pdf",
        "aide-memoire-job-search-a4-ur.pdf",
        "aide-memoire-job-search-a5-en.pdf",
        "aide-memoire-job-search-a5-ur.pdf",
    ]
    assert all(file.read_bytes().startswith(b"%PDF-") for file in tmp_path.iterdir())


def test_a_name_that_is_nearly_right_is_offered(tmp_path):
    assert "leaflet" in run("leafet", "--out", str(tmp_path)).output
    assert "There is no language" in run("--language", "xx", "--out", str(tmp_path)).output


def test_a_paper_that_a_kind_is_not_made_for_says_which_it_is(tmp_path):
    result = run("poster", "--paper", "A5", "--out", str(tmp_path / "none"))

    assert result.exit_code == 2
    assert "poster on A3" in result.output
    assert not (tmp_path / "none").exists()
