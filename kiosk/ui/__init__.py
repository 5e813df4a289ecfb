"""The screen: the only room that imports Kivy. Its environment is set here, before anything can import it."""

import os

ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    # A line of text is drawn sooner than a second thread has woken to help with it.
    "VIPS_CONCURRENCY": "1",
    # Without it SDL swallows SIGTERM and the service manager has to kill.
    "SDL_NO_SIGNAL_HANDLERS": "1",
    # The wheel's other providers each cost time at start, and a clipboard would outlive the visit.
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_AUDIO": "sdl2",
    "KIVY_IMAGE": "sdl2",
}

os.environ.update(ENVIRONMENT)
