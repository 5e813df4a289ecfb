"""What a parent meets first and last, from the tree: the home screen, and the call back."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.flow.model import Opens, OpensKind
from kiosk.pack.build_flow import read_opens
from kiosk.pack.model import CallbackWords, DayPart, Home, HomeCard, Topic
from kiosk.pack.record import Record
from kiosk.pack.tree import did_you_mean, quoted

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TONES = ("path", "leaf")
_NOWHERE = Opens(OpensKind.HELPERS)


def build_home(record: Record) -> Home:
    """Return the welcome and home screens' words."""
    home = Home(
        welcome=record.text("welcome"),
        ask=record.text("ask"),
        hint=record.text("hint", ""),
        cards=tuple(_card(card) for card in record.records("cards", "A card of the home screen", needed=True)),
    )
    record.done()
    return home


def _card(record: Record) -> HomeCard:
    card = HomeCard(
        title=record.text("title"),
        hint=record.text("hint", ""),
        icon=record.text("icon"),
        opens=read_opens(record, needed=True) or _NOWHERE,
        tone=record.parsed("tone", _tone, f"one of: {', '.join(TONES)}", "", needed=False),
    )
    record.done()
    return card


def build_callback(record: Record) -> CallbackWords:
    """Return the words of "please ring me"."""
    words = CallbackWords(
        topics=dict(_topics(record)),
        parts=dict(_parts(record)),
        days=tuple(_days(record)),
        languages=record.texts("languages", needed=True),
        privacy_short=record.text("privacy_short"),
        privacy=record.texts("privacy", needed=True),
        expect=record.text("expect"),
        keep_days=record.whole("keep_days"),
    )
    record.done()
    return words


def _topics(record: Record) -> Iterator[tuple[str, Topic]]:
    for topic_id, topic in record.entries("topics", "The topic"):
        yield topic_id, Topic(topic_id, topic.text("say"), topic.text("icon"))
        topic.done()


def _parts(record: Record) -> Iterator[tuple[str, DayPart]]:
    for part_id, part in record.entries("parts", "The part of the day", needed=True):
        start, end = part.clock("start"), part.clock("end")
        if start >= end and start != end:
            part.fault("end", f"{part.called} ends before it starts.", "Write the later time under end:.")
        yield part_id, DayPart(part_id, part.text("say"), start, end)
        part.done()


def _days(record: Record) -> Iterator[int]:
    for day in record.texts("days", needed=True):
        if day in DAYS:
            yield DAYS.index(day)
        else:
            record.fault("days", f"{quoted(day)} is not a day.", f"The days are: {', '.join(DAYS)}.")


def _tone(words: str) -> str:
    if words not in TONES:
        raise ValueError(did_you_mean(words, TONES))
    return words
