"""Keys of a keyboard by name. A switch for who cannot use a screen or a mouse says that it is one of them."""

from __future__ import annotations

BACKSPACE, TAB, ENTER, ESCAPE, SPACE = 8, 9, 13, 27, 32
UP, DOWN, RIGHT, LEFT, KEYPAD_ENTER = 273, 274, 275, 276, 271

# Names that a setting may give, and the window's codes for them.
CODES = {
    "backspace": BACKSPACE,
    "tab": TAB,
    "enter": ENTER,
    "space": SPACE,
    "up": UP,
    "down": DOWN,
    "right": RIGHT,
    "left": LEFT,
    **{f"f{number}": 281 + number for number in range(1, 13)},
    **{character: ord(character) for character in "0123456789abcdefghijklmnopqrstuvwxyz"},
}


def read_keys(words: str) -> tuple[int, ...]:
    """Return the codes of keys named one after another. Raises KeyError for a name that there is not."""
    return tuple(CODES[name] for name in words.lower().split())
