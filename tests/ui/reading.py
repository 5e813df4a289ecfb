"""An independent reader: tesseract reads pictures of the screen, and is asked for the words that the pack has for them."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kiosk.pack.facts import fill
from kiosk.pack.texts import ShownText, find_shown_texts
from kiosk.pack.translate import translate
from kiosk.ui.proof.looks import Look
from kiosk.ui.proof.scenes import Scene
from kiosk.ui.proof.show import show_all

SHARE = 0.97  # of the pack's words, at least
IN_TESSERACT = {"en": "eng", "pl": "pol"}
KINDS = ("question", "outcome", "stage", "page", "checklist")  # screens that show all that is written for them


def share_read(make_services, scenes: Iterable[Scene], look: Look, folder: Path) -> tuple[int, int]:
    """Return how many of the words that the pack has for these scenes are found in their pictures, and of how many."""
    chosen = [scene for scene in scenes if scene.kind in KINDS]
    pictures: dict[Scene, list[Path]] = {}
    for number, (stage, sight) in enumerate(show_all(make_services, chosen, [look])):
        file = folder / f"{number}.png"
        stage.paint().write_to_file(str(file), compression=1)
        pictures.setdefault(sight.scene, []).append(file)
        services = stage.app.services
    wanted = words_of(services, look.language, pictures)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        read = pool.map(
            lambda files: sum((read_words(file, look.language) for file in files), Counter()), pictures.values()
        )
        found = [(wanted[scene] & words).total() for scene, words in zip(pictures, read, strict=True)]
    return sum(found), sum(each.total() for each in wanted.values())


def words_of(services, language: str, scenes: Iterable[Scene]) -> dict[Scene, Counter[str]]:
    """Return the words that the pack has for each scene, in a language, with today's facts in them."""
    pack = translate(services.pack, services.translation(language))
    facts, today = services.facts_of(pack), services.today()
    texts = list(find_shown_texts(pack))
    return {
        scene: in_words(
            fill(text.words, facts, today)
            for text in texts
            if text.path[: len(scene.source)] == scene.source and _is_on_screen(text)
        )
        for scene in scenes
    }


def _is_on_screen(text: ShownText) -> bool:
    """A stage's label stands on the road alone, and what staff say to a checklist on their training sheet."""
    return text.place != "label of a stage" and text.path[-1] != "staff"


def in_words(texts: Iterable[str]) -> Counter[str]:
    """Return the words of two letters and more, without what may stand around them."""
    return Counter(word for text in texts for word in re.findall(r"[^\W\d_]{2,}", text.casefold()))


def read_words(picture: Path, language: str) -> Counter[str]:
    """Return the words that tesseract reads, lines that were broken at a hyphen joined."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = ["tesseract", str(picture), "-", "-l", IN_TESSERACT[language], "--psm", "11"]
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=120).stdout
    return in_words([said])
