"""What the call-back form says about a draft, in the parent's language. `words` translates the programme's own words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import groupby

from kiosk.ui.screens.callback_draft import Trouble

Translate = Callable[[str], str]
RUN = 3  # from so many days in a row it is "Monday to Wednesday"


def say_trouble(trouble: Trouble, words: Translate) -> str:
    match trouble:
        case Trouble.NO_NAME:
            return words("Please type a name. A nickname is fine.")
        case Trouble.NO_PHONE:
            return words("Please type a phone number.")
        case Trouble.PHONE_TOO_SHORT:
            return words("That number is too short. A mobile has 11 digits.")
        case Trouble.PHONE_TOO_LONG:
            return words("That number is too long. A mobile has 11 digits.")
        case Trouble.PHONE_UNKNOWN:
            return words("That is not a number we know. Please check each digit.")
        case Trouble.NO_DAY:
            return words("Please choose at least one day.")
        case Trouble.NO_PART:
            return words("Please choose at least one time of day.")


def day_names(words: Translate) -> tuple[str, ...]:
    """Monday first."""
    return (
        *(words("Monday"), words("Tuesday"), words("Wednesday"), words("Thursday"), words("Friday")),
        *(words("Saturday"), words("Sunday")),
    )


def say_days(days: Collection[int], words: Translate) -> str:
    """Return "Monday to Wednesday, Friday"."""
    names = day_names(words)
    said: list[str] = []
    for run in _runs(sorted(days)):
        if len(run) >= RUN:
            said.append(words("{first} to {last}").format(first=names[run[0]], last=names[run[-1]]))
        else:
            said.extend(names[day] for day in run)
    return ", ".join(said)


def _runs(days: Iterable[int]) -> list[list[int]]:
    """Days that follow on one another have the same distance from their place in the list."""
    return [[day for _, day in run] for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0])]
