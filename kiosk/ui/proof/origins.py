"""Where a text on the screen is written: the file and the line that staff would change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kiosk.bootstrap import Services
from kiosk.pack.facts import fill
from kiosk.pack.read import Reading
from kiosk.pack.sources import PROGRAMME, national_folder, shown_name, words_file
from kiosk.pack.texts import find_shown_texts
from kiosk.pack.translate import translate
from kiosk.pack.tree import Mark

NOWHERE = Mark("")


class Origins:
    """Knows every text of a pack in every language it offers, as it is on the screen on `today`."""

    def __init__(self, folder: Path, reading: Reading, services: Services, today: date) -> None:
        self.folder, self.reading, self.services, self.today = folder, reading, services, today
        self._marks: dict[str, dict[str, Mark]] = {}

    def find(self, text: str, language: str) -> Mark:
        """Return where the text is written, or NOWHERE: a figure, a name, words of the programme with one of those in it."""
        if language not in self._marks:
            self._marks[language] = dict(self._in_pack() if language == "en" else self._in_catalogues(language))
        return self._marks[language].get(text) or (self.find(text, "en") if language != "en" else NOWHERE)

    def _in_pack(self) -> Iterator[tuple[str, Mark]]:
        facts = self.services.facts_of(self.services.pack)
        for text in find_shown_texts(self.services.pack):
            yield fill(text.words, facts, self.today), self.reading.marks.at(text.path)

    def _in_catalogues(self, language: str) -> Iterator[tuple[str, Mark]]:
        from kiosk.pack.catalogue import line_of, load_catalogue

        extends = self.services.pack.extends
        national = [national_folder(self.folder, extends)] if extends else []
        facts = self.services.facts_of(translate(self.services.pack, self.services.translation(language)))
        for file in (words_file(each, language) for each in (PROGRAMME, *national, self.folder)):
            if file.exists():
                for entry in load_catalogue(file):
                    if entry.msgstr and not entry.obsolete:
                        yield fill(entry.msgstr, facts, self.today), Mark(shown_name(file), line_of(entry))
