"""The loudspeaker: SDL's mixer, for samples in memory and recorded clips, stopped and turned down at once.

Kivy's own SoundLoader plays files only, and nothing that is read aloud may be in one.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from kiosk.errors import NoSound
from kiosk.ui.sdl import load_sdl, load_sdl_mixer

SDL_INIT_AUDIO = 0x10
MIX_INIT_OGG = 0x10
SIXTEEN_BITS = 0x8010 if sys.byteorder == "little" else 0x9010
BUFFER = 1024  # samples: a twentieth of a second at speech's rate
CHANNEL = 0
LOUDEST = 128
PLAYS_TO_NOBODY = b"dummy"


class _Chunk(ctypes.Structure):
    """Mix_Chunk."""

    _fields_ = [
        ("allocated", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_uint8)),
        ("length", ctypes.c_uint32),
        ("volume", ctypes.c_uint8),
    ]


class Loudspeaker:
    """Samples are 16 bits in this machine's order, one channel, `rate` a second. The device is held only while `open`.

    `open`, `decode` and `close` take their time and belong on another thread; the rest returns at once.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._sdl, self._mixer = load_sdl(), load_sdl_mixer()
        self._sdl.SDL_GetCurrentAudioDriver.restype = ctypes.c_char_p
        self._sdl.SDL_RWFromFile.restype = ctypes.c_void_p
        self._mixer.Mix_LoadWAV_RW.restype = ctypes.POINTER(_Chunk)
        self._mixer.Mix_LoadWAV_RW.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self._mixer.Mix_FreeChunk.argtypes = [ctypes.POINTER(_Chunk)]
        self._mixer.Mix_PlayChannelTimed.argtypes = [ctypes.c_int, ctypes.POINTER(_Chunk), ctypes.c_int, ctypes.c_int]
        self._device, self._closing = Lock(), Lock()
        self._is_open = False
        self._volume = LOUDEST
        self._playing: tuple[_Chunk, ctypes.Array] | None = None

    def open(self) -> None:
        """Take the sound device, unless it is held already. Raises NoSound where nobody would hear anything."""
        with self._device:
            if self._is_open:
                return
            if self._sdl.SDL_InitSubSystem(SDL_INIT_AUDIO):
                raise NoSound("There is no sound system.")
            if not self._is_heard() or self._mixer.Mix_OpenAudioDevice(self._rate, SIXTEEN_BITS, 1, BUFFER, None, 0):
                self._sdl.SDL_QuitSubSystem(SDL_INIT_AUDIO)
                raise NoSound("There is no sound device.", "Plug a loudspeaker in, then start the kiosk again.")
            self._mixer.Mix_Init(MIX_INIT_OGG)
            self._is_open = True

    def _is_heard(self) -> bool:
        # Asked before the device is opened: ALSA complains at length about one that is not there.
        return self._sdl.SDL_GetCurrentAudioDriver() != PLAYS_TO_NOBODY and self._sdl.SDL_GetNumAudioDevices(0) > 0

    def close(self) -> None:
        """Let go of the device: its thread would wake twenty times a second to play silence."""
        with self._device, self._closing:
            if self._is_open:
                self._is_open = False
                self._mixer.Mix_CloseAudio()
                self._sdl.SDL_QuitSubSystem(SDL_INIT_AUDIO)
                self._playing = None

    def decode(self, clip: Path) -> bytes:
        """Return the samples of a recorded clip, of none that cannot be read. The device must be open."""
        with self._device:
            file = self._sdl.SDL_RWFromFile(str(clip).encode(), b"rb") if self._is_open else None
            chunk = self._mixer.Mix_LoadWAV_RW(file, 1) if file else None
            if not chunk:
                return b""
            samples = ctypes.string_at(chunk.contents.samples, chunk.contents.length)
            self._mixer.Mix_FreeChunk(chunk)
            return samples

    def play(self, samples: bytes) -> None:
        """Begin to play, in the place of what is being played."""
        self.stop()
        buffer = (ctypes.c_uint8 * len(samples)).from_buffer_copy(samples)
        chunk = _Chunk(0, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_uint8)), len(samples), LOUDEST)
        with self._while_open() as is_open:
            if is_open:
                self._mixer.Mix_Volume(CHANNEL, self._volume)
                self._mixer.Mix_PlayChannelTimed(CHANNEL, ctypes.byref(chunk), 0, -1)
                # Held as long as the mixer reads from it.
                self._playing = chunk, buffer

    def stop(self) -> None:
        """Be silent from the next buffer on, and forget what was played."""
        with self._while_open() as is_open:
            if is_open and self._playing:
                self._mixer.Mix_HaltChannel(CHANNEL)
                self._playing = None

    @property
    def is_playing(self) -> bool:
        with self._while_open() as is_open:
            return bool(is_open and self._playing and self._mixer.Mix_Playing(CHANNEL))

    def set_volume(self, share: float) -> None:
        """From 0, silent, to 1; heard at once. The machine's own volume is left alone."""
        self._volume = round(share * LOUDEST)
        with self._while_open() as is_open:
            if is_open:
                self._mixer.Mix_Volume(CHANNEL, self._volume)

    @contextmanager
    def _while_open(self) -> Iterator[bool]:
        """Whether the mixer is there, and stays so. It ends the program when it is asked for anything while it is not.

        Never waits: a device that is being closed is as good as closed.
        """
        free = self._closing.acquire(blocking=False)
        try:
            yield free and self._is_open
        finally:
            if free:
                self._closing.release()
