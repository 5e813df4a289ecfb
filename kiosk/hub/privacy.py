"""What a hub tells people about what it keeps of them: the same settings say it and do it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.hub.disclosure import LEAST
from kiosk.settings import Settings


@dataclass(frozen=True)
class Section:
    """A question that somebody may have, and its answer in short paragraphs."""

    asks: str
    says: tuple[str, ...]


def privacy_notice(settings: Settings) -> tuple[Section, ...]:
    """Return the notice of a hub with these settings, as UK GDPR Articles 13 and 15 to 17 ask for it."""
    return (
        Section("Who looks after it?", _who(settings)),
        Section(
            "What do we keep?",
            (
                "What you told the screen when you asked for a call: a name or nickname, a phone number, and when it is "
                "safe to ring. Also if we may leave a message, your language, and a topic if you chose one.",
                "What the team adds: when we rang, what came of it, and short notes. Nothing else that you touched on "
                "the screen is kept.",
            ),
        ),
        Section("Why?", ("To ring you back, because you asked us to. We use it for nothing else.",)),
        Section(
            "Who sees it?",
            (
                "Only the workers who ring for your centre, and those who lead their team. It is locked on the screen "
                "the moment you send it, and only their passwords open it.",
                "Each look is written down, with who looked and when. You can ask to see that.",
                f"A desk that nobody has touched for {_count(settings.idle_lock_minutes, 'minute')} locks by itself.",
            ),
        ),
        Section("How long?", _how_long(settings)),
        Section(
            "Your rights",
            (
                "You can ask for a copy of all that we hold about you. You can have it put right, or deleted at once. "
                "You can change your mind about the call at any time.",
                f"{_ask(settings)} We do it without asking why.",
                "If you are not happy with us, you can tell the Information Commissioner’s Office.",
            ),
        ),
    )


def plain_text(notice: tuple[Section, ...]) -> str:
    """Return the notice as it is printed: each question on a line of its own, and a line between paragraphs."""
    return "\n\n".join("\n\n".join((section.asks.upper(), *section.says)) for section in notice) + "\n"


def _who(settings: Settings) -> tuple[str, ...]:
    whose = settings.controller or "The family support team of your children’s centre"
    return (f"{whose.rstrip('.')}. {_ask(settings)}",)


def _ask(settings: Settings) -> str:
    return (
        f"Ask us: {settings.controller_contact}." if settings.controller_contact else "Ask at the desk of your centre."
    )


def _how_long(settings: Settings) -> tuple[str, ...]:
    mailed = " The centre is told by mail how many wait, without a name." if settings.escalate_mail else ""
    return (
        f"We delete it {_count(settings.handled_days, 'day')} after we are done, with the notes and with who looked.",
        f"A copy that is kept in case our computer fails may hold it, locked, for {_count(settings.handled_days, 'day')} more.",
        f"If nobody has rung you after {_count(settings.escalate_days, 'day')}, you stand at the top of our list."
        f"{mailed} Nothing is deleted before somebody has dealt with it.",
        "What stays is a count: that somebody asked at that centre in that month, and what came of it. "
        f"It has no name and no number, and a count under {LEAST} is not shown.",
    )


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
