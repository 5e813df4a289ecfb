"""What kind of childcare words speak of: taxonomies, names, the cells of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kiosk.childcare.model import Kind

# In this order: a nursery's holiday club is a holiday club, a pre-school nursery is a pre-school.
_WORDS = (
    (Kind.CHILDMINDER, r"child ?-?minders?|child ?-?minding"),
    (Kind.HOLIDAY_CLUB, r"holiday (?:club|scheme|play ?scheme|camp|childcare|care|provision)s?|play ?schemes?"),
    (
        Kind.OUT_OF_SCHOOL_CLUB,
        r"(?:out|after|before)[ -]?(?:of )?-?(?:and after )?-?school|breakfast clubs?|wrap ?-?around|kids club",
    ),
    (Kind.CRECHE, r"cr[eè]ches?"),
    (Kind.PRE_SCHOOL, r"pre ?-?schools?|play ?-?groups?|sessional (?:day ?)?care"),
    (Kind.NURSERY, r"(?:day )?nurser(?:y|ies)|full day ?care|nursery school|kindergartens?|montessori"),
    (
        Kind.OTHER,
        r"(?:registered )?child ?care(?: providers?)?|day ?care|nann(?:y|ies)|home child ?carers?|early years",
    ),
)
_KINDS = [(kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _WORDS]
# Words that speak of skis and training as well.
_NO_CHILDCARE = re.compile(r"\b(?:ski|training|course|recruit\w*)\b.*\bnurser|\bnursery (?:rhyme|slope)", re.I)
# A garden or a tree alone does not make it plants: some two hundred nurseries of the register have one in their name.
_PLANTS = re.compile(
    r"\bgarden cent(?:re|er)s?\b|\bplants?(?: and (?:tree|shrub)s?)? nurser|^(?:the )?trees?(?: and shrubs?)? nurser"
    r"|\bhorticultur|\bnursery (?:stock|plants)\b",
    re.I,
)
_CHILDREN = re.compile(
    r"\b(?:day nurser|nursery school|child|kids?\b|bab(?:y|ies)|toddler|montessori|pre ?-?school|early years)", re.I
)

# Work in somebody's home, whatever else is said of it; "non-domestic premises" are a nursery's.
_HOME = re.compile(
    r"\b(?:child ?-?minders?|child ?-?minding|nann(?:y|ies)|home[ -]?child ?-?car(?:e|ers?)|home[ -]based)\b"
    r"|(?<!\bnon)(?<!\bnon[ -])\bdomestic premises\b",
    re.IGNORECASE,
)


def find_kind(text: str) -> Kind | None:
    """Return the kind of childcare that a text speaks of, or None where it speaks of none."""
    if _NO_CHILDCARE.search(text) or (_PLANTS.search(text) and not _CHILDREN.search(text)):
        return None
    return next((kind for kind, words in _KINDS if words.search(text)), None)


def find_kind_of(texts: Iterable[str]) -> Kind | None:
    """Return the kind that several texts speak of together: the first that is told; "childcare" tells least, so it is last."""
    kinds = [kind for kind in map(find_kind, texts) if kind]
    return next((kind for kind in kinds if kind is not Kind.OTHER), next(iter(kinds), None))


def is_home(texts: Iterable[str]) -> bool:
    """Tell whether any text says that the work is done in a home, whose street and full postcode are never shown (R24)."""
    return any(_HOME.search(each) for each in texts)
