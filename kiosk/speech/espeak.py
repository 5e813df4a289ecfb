"""espeak-ng by ctypes: text into sound in memory. Its library and data come with the package `espeakng-loader`."""

from __future__ import annotations

import ctypes
import importlib.util
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock

from kiosk.errors import NoSpeech
from kiosk.speech.voices import Voice

# From espeak-ng's speak_lib.h.
SYNCHRONOUS = 2
DO_NOT_EXIT = 0x8000
CHARACTERS_UTF8 = 1
PARAMETER_RATE = 1
BY_CHARACTER = 1
BUFFER = 200  # milliseconds

RATE = 22_050  # samples a second, of 16 bits, one channel: what all of its own voices give
PACE = 150  # words a minute; 175 is the usual
PACKAGE = "espeakng_loader"

log = logging.getLogger(__name__)


class _Voice(ctypes.Structure):
    """espeak_VOICE. `languages` is a row of a byte of rank and a code that ends with 0, until a rank of 0."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.POINTER(ctypes.c_char)),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("padding", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Synthesiser:
    """One at a time: the library has one voice set and one place to put sound."""

    def __init__(self, library: ctypes.CDLL, data: Path) -> None:
        self._library = library
        self._lock = Lock()
        self._sound: list[bytes] = []
        if library.espeak_Initialize(SYNCHRONOUS, BUFFER, str(data).encode(), DO_NOT_EXIT) != RATE:
            raise NoSpeech("The synthesiser does not start.", "Install espeakng-loader anew.")
        # Kept: the library calls it as long as it lives.
        self._callback = _Callback(self._take)
        library.espeak_SetSynthCallback(self._callback)
        library.espeak_SetParameter(PARAMETER_RATE, PACE, 0)
        self.voices = tuple(self._list_voices())

    def say(self, words: str, voice: Voice) -> bytes:
        """Return the words as samples, RATE a second, 16 bits in this machine's order, one channel. May take its time."""
        text = words.encode() + b"\0"
        with self._lock:
            self._sound = []
            self._library.espeak_SetVoiceByName(voice.name.encode())
            self._library.espeak_Synth(text, len(text), 0, BY_CHARACTER, 0, CHARACTERS_UTF8, None, None)
            said, self._sound = b"".join(self._sound), []
        return said

    def _take(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count:
            self._sound.append(ctypes.string_at(samples, count * 2))
        return 0

    def _list_voices(self) -> Iterator[Voice]:
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        listed = self._library.espeak_ListVoices(None)
        at = 0
        while listed[at]:
            voice = listed[at].contents
            yield Voice(voice.identifier.decode(), tuple(_languages(voice.languages)))
            at += 1


def _languages(row: ctypes._Pointer[ctypes.c_char]) -> Iterator[tuple[int, str]]:
    at = 0
    while row[at] != b"\0":
        rank, code = row[at][0], b""
        at += 1
        while row[at] != b"\0":
            code += row[at]
            at += 1
        at += 1
        yield rank, code.decode()


@cache  # the library's state is the process's: a second start would take its voice from the first
def load_synthesiser() -> Synthesiser:
    """Return the synthesiser of this process. Raises NoSpeech where it is not installed or does not start."""
    if importlib.util.find_spec(PACKAGE) is None:
        raise NoSpeech("There is no synthesiser.", 'Install it: pip install "waymark[speech]"')
    from espeakng_loader import get_data_path, get_library_path

    try:
        return Synthesiser(ctypes.CDLL(get_library_path()), Path(get_data_path()))
    except (OSError, RuntimeError) as why:
        raise NoSpeech(f"The synthesiser cannot be loaded: {why}.", "Install espeakng-loader anew.") from why


def find_synthesiser() -> Synthesiser | None:
    """Return the synthesiser, or None where there is none: then clips alone are read out."""
    try:
        return load_synthesiser()
    except NoSpeech as why:
        log.info("%s", why)
        return None
