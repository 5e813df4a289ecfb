"""Which keys stand where: digits, a postcode, and the letters of each language that names are typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from kiosk.reading_order import runs_right_to_left

DELETE, CLEAR = "delete", "clear"
OWN, VOWELS, LETTERS, ACCENTS, FIGURES = "own", "vowels", "letters", "accents", "figures"
"""Boards of letters, and the keys that lead to them: a language's own script and the vowels that stand alone in it, A to Z,
and what names need besides. FIGURES are a postcode's digits where they do not stand beside its letters."""
PASSING = {VOWELS: OWN, ACCENTS: LETTERS}
"""Boards for one letter at a time, and which comes back after it."""

# A key gives a character, or is one of the named keys above, or "" for a gap; its share is its width beside the others'.
Keys = tuple[tuple[str, float], ...]
Layout = tuple[Keys, ...]
WIDEST = 13  # keys of a row that a finger can still tell apart on the narrowest panel (R12)


def keys(characters: str, indent: float = 0.0) -> Keys:
    """Return one row of keys, moved in from both ends by `indent` keys as on a keyboard."""
    gap = (("", indent),) if indent else ()
    return (*gap, *((character, 1.0) for character in characters), *gap)


def from_right(characters: str) -> Keys:
    """Return one row of keys that is read from right to left."""
    return keys(characters)[::-1]


DIGITS: Layout = (keys("123"), keys("456"), keys("789"), ((CLEAR, 1.0), ("0", 1.0), (DELETE, 1.0)))
POSTCODE: Layout = (
    keys("1234567890"),
    keys("QWERTYUIOP"),
    keys("ASDFGHJKL", 0.5),
    ((CLEAR, 1.5), *keys("ZXCVBNM"), (DELETE, 1.5)),
)
_POSTCODE_LABELS = {LETTERS: "ABC", FIGURES: "123"}

_A_TO_Z: Layout = (keys("QWERTYUIOP"), keys("ASDFGHJKL", 0.5), keys("ZXCVBNM-’", 0.5))
# The letters that names in the Latin alphabets of Europe need besides A to Z, in alphabetical order.
_ACCENTED = "ÁÀÂÄÃÅĂĄÆÇĆČÉÈÊËĘĞÍÎÏŁŃÑÓÔÖÕØȘŚŠȚÚÜÝŹŻŽ"
# Those of a language stand first, in a row of their own.
_OWN_ACCENTED = {"pl": "ĄĆĘŁŃÓŚŹŻ", "pt": "ÁÀÂÃÇÉÊÍÓÔÕÚ", "ro": "ĂÂÎȘȚ"}
_OWN_SCRIPT: dict[str, Layout] = {
    # As on every Arabic telephone; the forms of hamza that names need stand openly, not behind a long press.
    "ar": (keys("ضصثقفغعهخحجد"), keys("شسيبلاتنمكطذ"), keys("أإآئءؤرىةوزظ-")),
    # In the order of the alphabet: Urdu keyboards differ, and none shows all its letters at once.
    "ur": (
        from_right("اآبپتٹثجچحخ"),
        from_right("دڈذرڑزژسشصض"),
        from_right("طظعغفقکگلم"),
        from_right("نںوؤہھءئیے-"),
    ),
    # In the order of the alphabet: the signs that vowels are written with behind a consonant, then the consonants.
    "bn": (
        keys("ািীুূৃেৈোৌ্-"),
        keys("কখগঘঙচছজঝঞটঠড"),
        keys("ঢণতথদধনপফবভময"),
        keys("রলশষসহ\u09dc\u09dd\u09dfৎংঃঁ"),
    ),
}
_OWN_VOWELS: dict[str, Layout] = {"bn": (keys("অআইঈউঊ"), keys("ঋএঐওঔ"))}
_LABELS = {
    **{(OWN, "ar"): "ا ب ت", (OWN, "ur"): "ا ب پ", (OWN, "bn"): "ক খ গ"},
    **{(VOWELS, "bn"): "অ আ ই", (ACCENTS, "pl"): "Ą Ć Ę", (ACCENTS, "pt"): "Á Â Ã", (ACCENTS, "ro"): "Ă Î Ș"},
}


def boards_of(language: str) -> Mapping[str, Layout]:
    """Return the boards for names in a language, by their names. The first is where a visit begins."""
    plain, accented = (*_A_TO_Z, _last_row(ACCENTS)), (*_accented(language), _last_row(LETTERS))
    if language not in _OWN_SCRIPT:
        return {LETTERS: plain, ACCENTS: accented}
    boards = {LETTERS: (*_A_TO_Z, _last_row(OWN, ACCENTS)), ACCENTS: accented}
    if language not in _OWN_VOWELS:
        return {OWN: (*_OWN_SCRIPT[language], _last_row(LETTERS)), **boards}
    own, vowels = _OWN_SCRIPT[language], _OWN_VOWELS[language]
    return {OWN: (*own, _last_row(VOWELS, LETTERS)), VOWELS: (*vowels, _last_row(OWN)), **boards}


def postcode_boards(columns: int) -> Mapping[str, Layout]:
    """Return the boards for a postcode on a panel so narrow that only `columns` keys stand side by side: letters, and digits.

    The keys of the letters fill their rows, so that these are as few, and as high, as can be. All that is typed is deleted
    on the other board where its key would take another row.
    """
    letters = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", FIGURES, DELETE]
    if len(letters) % columns:
        letters.insert(-1, CLEAR)
    rows = tuple(keys_of(letters[first : first + columns]) for first in range(0, len(letters), columns))
    figures = (keys("12345"), keys("67890"), keys_of([LETTERS, CLEAR, DELETE]))
    return {LETTERS: rows, FIGURES: figures}


def keys_of(names: Sequence[str]) -> Keys:
    """Return one row of keys of one width, by what each gives."""
    return tuple((name, 1.0) for name in names)


def label_of_postcode(board: str) -> str:
    """Return what stands on the key that leads to a board for postcodes."""
    return _POSTCODE_LABELS[board]


def label_of(board: str, language: str) -> str:
    """Return what stands on the key that leads to a board."""
    return "A B C" if board == LETTERS else _LABELS.get((board, language), "É Ł Ș")


def _last_row(*boards: str) -> Keys:
    share = 2.0 / len(boards) ** 0.5
    return (*((board, share) for board in boards), (" ", 7.0 - share * len(boards)), (CLEAR, 1.4), (DELETE, 2.0))


def _accented(language: str) -> Layout:
    first = _OWN_ACCENTED.get(language, "")
    others = "".join(letter for letter in _ACCENTED if letter not in first)
    rows = ceil(len(others) / WIDEST)
    each = ceil(len(others) / rows)
    rest = tuple(keys(others[row * each : (row + 1) * each]) for row in range(rows))
    return (keys(first), *rest) if first else rest


def widest(layout: Layout) -> float:
    """Return how many keys of the common width the widest row takes up."""
    return max(sum(share for _gives, share in row) for row in layout if all(len(gives) < 2 for gives, _ in row))


def in_columns(layout: Layout, columns: int) -> Layout:
    """Return the layout's characters in so many columns, the named keys in a row below: for a panel whose keys are too small.

    A to Z stand in the order of the alphabet then, all others as they were; what is written from the right stands so.
    """
    named = tuple(key for row in layout for key in row if len(key[0]) > 1 or key[0] == " ")
    rows = ["".join(gives for gives, _ in row if len(gives) == 1 and gives != " ") for row in layout]
    mirrored = any(map(runs_right_to_left, rows))
    characters = "".join(row[::-1] if mirrored else row for row in rows)
    if "A" in characters:
        characters = "".join(sorted(characters, key=lambda each: (not each.isalnum(), each)))
    starts = range(0, len(characters), columns)
    new = [keys(characters[first : first + columns].ljust(columns)) for first in starts]
    gaps = [tuple(("", 1.0) if gives == " " else (gives, share) for gives, share in row) for row in new]
    return (*(row[::-1] if mirrored else row for row in gaps), named)
