"""What kind of childcare words speak of: taxonomies, names, the cells of a spreadsheet."""

from __future__ import annotations

import re

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
# Words that speak of plants, skis and training as well.
_NO_CHILDCARE = re.compile(
    r"\b(?:plant|garden|tree|ski|training|course|recruit\w*)\b.*\bnurser|\bnursery (?:rhyme|slope)", re.I
)


def find_kind(text: str) -> Kind | None:
    """Return the kind of childcare that a text speaks of, or None where it speaks of none."""
    if _NO_CHILDCARE.search(text):
        return None
    return next((kind for kind, words in _KINDS if words.search(text)), None)
