"""What is on the screen can be read by somebody who did not write it: tesseract finds the pack's words in the pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.ui.proof.looks import Look
from tests.ui.reading import SHARE, share_read
from tests.ui.test_fits import make_services, scenes  # noqa: F401  fixtures

FEW = ("question work/today", "outcome work/not-now", "page free-hours", "checklist job-search")


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_reader_finds_the_words_of_the_pack(window, make_services, scenes, tmp_path: Path, language: str):  # noqa: F811
    few = [scene for scene in scenes if str(scene) in FEW]
    assert len(few) == len(FEW)

    found, of = share_read(make_services, few, Look(language, "calm", 0, (1080, 1920)), tmp_path)

    assert of > 60
    assert found / of >= SHARE, f"{found} of {of} words"
