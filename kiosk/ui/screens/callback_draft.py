"""A draft of a call-back request: what is still wrong with it, and the request that it makes. Touches nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import Enum, auto

import phonenumbers

from kiosk.callbacks.model import NAME_LIMIT, TOPIC_LIMIT, CallbackRequest, SafeTime
from kiosk.pack.model import CallbackWords, Pack
from kiosk.ui.visit import Draft

REGION = "GB"
UK_DIGITS = 10  # of a number behind the 0 or +44; the few shorter ones that there are count as valid
DIGITS_LIMIT = 18  # 00, and the fifteen digits that E.164 allows, and one to see that it is too many
JOINTS = " -’"  # after these a name goes on with a capital


class Trouble(Enum):
    """What keeps a draft from being sent."""

    NO_NAME = auto()
    NO_PHONE = auto()
    PHONE_TOO_SHORT = auto()
    PHONE_TOO_LONG = auto()
    PHONE_UNKNOWN = auto()
    NO_DAY = auto()
    NO_PART = auto()


def add_to_name(name: str, character: str) -> str:
    """Return the name with a letter, vowel sign, space, hyphen or apostrophe more: its words begin with capitals.

    Nothing but a letter can be first or follow a joint, and nothing goes beyond NAME_LIMIT.
    """
    begins = not name or name[-1] in JOINTS
    if len(name) >= NAME_LIMIT or (begins and not character.isalpha()):
        return name
    return name + (character.upper() if begins else character.lower())


def add_to_phone(phone: str, digit: str) -> str:
    return (phone + digit)[:DIGITS_LIMIT]


def spaced(phone: str) -> str:
    """Return digits grouped as the country writes them, also while they are being typed."""
    formatter = phonenumbers.AsYouTypeFormatter(REGION)
    shown = ""
    for digit in phone:
        shown = formatter.input_digit(digit)
    return shown


def trouble_with_name(draft: Draft) -> Trouble | None:
    return None if draft.name.strip() else Trouble.NO_NAME


def trouble_with_phone(draft: Draft) -> Trouble | None:
    if not draft.phone:
        return Trouble.NO_PHONE
    number = _parse(draft.phone)
    if number is None:
        return Trouble.PHONE_TOO_SHORT if len(draft.phone) < UK_DIGITS else Trouble.PHONE_UNKNOWN
    return None if phonenumbers.is_valid_number(number) else _trouble_with_length(number)


def trouble_with_times(draft: Draft) -> Trouble | None:
    if not draft.days:
        return Trouble.NO_DAY
    return None if draft.parts else Trouble.NO_PART


def troubles(draft: Draft) -> dict[str, Trouble]:
    """Return what is wrong, by the screen where it can be put right. Empty when the draft can be sent."""
    found = {
        "call-name": trouble_with_name(draft),
        "call-phone": trouble_with_phone(draft),
        "call-times": trouble_with_times(draft),
    }
    return {screen: trouble for screen, trouble in found.items() if trouble}


def to_request(draft: Draft, pack: Pack, kiosk: str, asked_at: datetime, language: str) -> CallbackRequest:
    """Return the request of a draft without troubles. `language` is the visit's, for who chose none."""
    topic = pack.callback.topics.get(draft.topic)
    return CallbackRequest(
        id=draft.id,
        kiosk=kiosk,
        centre=pack.centre.name,
        name=draft.name.strip(),
        phone=phonenumbers.format_number(_parse(draft.phone), phonenumbers.PhoneNumberFormat.E164),
        safe_times=safe_times(draft.days, draft.parts, pack.callback),
        asked_at=asked_at,
        may_leave_message=bool(draft.may_leave_message),
        language=draft.language or language,
        interpreter=draft.interpreter,
        topic=topic.say[:TOPIC_LIMIT] if topic else "",
    )


def safe_times(days: Collection[int], parts: Collection[str], words: CallbackWords) -> tuple[SafeTime, ...]:
    """Return every chosen part of every chosen day."""
    spans = [part for id, part in words.parts.items() if id in parts]
    return tuple(SafeTime(day, part.start, part.end) for day in sorted(days) for part in spans)


def _parse(phone: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, REGION)
    except phonenumbers.NumberParseException:
        return None


def _trouble_with_length(number: phonenumbers.PhoneNumber) -> Trouble:
    if number.country_code != phonenumbers.country_code_for_region(REGION):
        return Trouble.PHONE_UNKNOWN
    # Not the library's own judgement of length: it calls seven digits "possible", as they can be dialled from next door.
    more = len(phonenumbers.national_significant_number(number)) - UK_DIGITS
    return Trouble.PHONE_TOO_SHORT if more < 0 else Trouble.PHONE_TOO_LONG if more > 0 else Trouble.PHONE_UNKNOWN
