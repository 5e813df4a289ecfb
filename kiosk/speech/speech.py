"""The sounds of a text: its clip where one was recorded, else what the synthesiser makes of it, else none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kiosk.speech.clips import as_known
from kiosk.speech.espeak import Synthesiser
from kiosk.speech.parts import Part, find_parts
from kiosk.speech.spoken import as_spoken
from kiosk.speech.voices import Voice, find_voice

Sound = Path | bytes
"""A clip's file, or samples as `Synthesiser.say` returns them."""


class Speech:
    """`find_clips` returns the clips of a language by their words. Nothing that is said is kept."""

    def __init__(self, synthesiser: Synthesiser | None, find_clips: Callable[[str], Mapping[str, Path]]) -> None:
        self._synthesiser = synthesiser
        self._find_clips = find_clips
        self._clips: dict[str, Mapping[str, Path]] = {}

    def speaks(self, language: str) -> bool:
        """Return whether a page in this language can be read out, in whole or in part."""
        return self._voice(language) is not None or bool(self._clips_in(language))

    def sounds_of(self, words: str, language: str) -> list[Sound]:
        """Return the sounds of a text as shown, in order. What nobody can say is left out. Not for the UI thread."""
        return [sound for part in find_parts(words, language) for sound in self._sounds(part)]

    def _sounds(self, part: Part) -> Iterator[Sound]:
        if clip := self._clips_in(part.language).get(as_known(part.words)):
            yield clip
        elif (voice := self._voice(part.language)) and self._synthesiser:
            yield self._synthesiser.say(as_spoken(part.words, part.language), voice)

    def _voice(self, language: str) -> Voice | None:
        return find_voice(self._synthesiser.voices, language) if self._synthesiser else None

    def _clips_in(self, language: str) -> Mapping[str, Path]:
        if language not in self._clips:
            self._clips[language] = self._find_clips(language)
        return self._clips[language]
