"""A Pack and its parts, as frozen facts. Texts may hold **bold** and {fact:id}; `facts.fill` makes them words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from kiosk.flow.model import Flow, Opens, Step


class Unit(StrEnum):
    """How a fact's value is shown: 12.71 pounds is £12.71, 85 percent is 85%, the rest as written."""

    POUNDS = "pounds"
    PERCENT = "percent"
    HOURS = "hours"
    WEEKS = "weeks"
    DAYS = "days"
    YEARS = "years"
    AGE = "age"
    DATE = "date"
    PHONE = "phone"
    ADDRESS = "address"
    TEXT = "text"
    SEASON = "season"


@dataclass(frozen=True)
class Season:
    """Words for a part of every year: from the first to the last day, both months and days, perhaps over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    say: str


@dataclass(frozen=True)
class Fact:
    """A dated figure, date or address. After `review_by` it is not shown: `ask` stands in its place (R23).

    One with `seasons` has no value of its own: it says what is true on the day, and together they are the whole year.
    """

    id: str
    value: str
    unit: Unit
    source: str
    checked_on: date
    review_by: date
    ask: str
    example: bool = False
    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True)
class Helper:
    """A professional body or person who helps. `phone` is the id of a fact, or empty."""

    id: str
    title: str
    icon: str
    does: str
    where: str = ""
    when: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Page:
    """A short text that a step opens. `say` is paragraphs."""

    id: str
    title: str
    icon: str
    say: tuple[str, ...]
    next: tuple[Step, ...] = ()
    helpers: tuple[str, ...] = ()
    money: bool = False
    private: bool = False


@dataclass(frozen=True)
class ChecklistItem:
    """One line. `staff` is what staff say or show there; it stands on their training sheet alone."""

    say: str
    more: str = ""
    staff: str = ""


@dataclass(frozen=True)
class ChecklistPart:
    """A titled part of a checklist; items are numbered through the whole checklist."""

    title: str
    icon: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class Checklist:
    """An aide-memoire to tick off and take away."""

    id: str
    title: str
    say: str
    parts: tuple[ChecklistPart, ...]
    next: tuple[Step, ...] = ()
    staff: str = ""


@dataclass(frozen=True)
class HomeCard:
    """One large card of the home screen. `tone` is `path`, `leaf` or empty."""

    title: str
    hint: str
    icon: str
    opens: Opens
    tone: str = ""


@dataclass(frozen=True)
class Home:
    welcome: str
    ask: str
    hint: str
    cards: tuple[HomeCard, ...]


@dataclass(frozen=True)
class Topic:
    """What a call back can be about: `say` on the screen, and on the call sheet."""

    id: str
    say: str
    icon: str


@dataclass(frozen=True)
class DayPart:
    """A span of a working day that a parent can name as safe, local time."""

    id: str
    say: str
    start: time
    end: time


@dataclass(frozen=True)
class CallbackWords:
    """The local pack's side of "please ring me". `expect` says when to expect the call (R3, R10)."""

    topics: dict[str, Topic]
    parts: dict[str, DayPart]
    days: tuple[int, ...]
    languages: tuple[str, ...]
    privacy_short: str
    privacy: tuple[str, ...]
    expect: str
    keep_days: int


class NoticeKind(StrEnum):
    SESSION = "session"
    COURSE = "course"
    VACANCY = "vacancy"
    STORY = "story"


class Board(StrEnum):
    """Where notices hang, soonest or newest first: sessions and courses, vacancies, stories."""

    WHATS_ON = "whats-on"
    VACANCIES = "vacancies"
    GOOD_NEWS = "good-news"


@dataclass(frozen=True)
class Notice:
    """A dated item. It stands on the screen from `shown_from` to `shown_until`, and no longer than it is true.

    Days and times are those of the clock on a wall in London. A session or a course takes place on `first`, or by `rule`
    (RFC 5545, without COUNT and UNTIL) up to `last`, on the days `also`, never on the days `but`. A vacancy closes at the
    end of `last`; a story is of `first`. `helper` is an id, `picture` a file of the pack, `file` where it was written.
    """

    id: str
    file: str
    kind: NoticeKind
    title: str
    first: date
    last: date
    say: str = ""
    where: str = ""
    starts: time | None = None
    ends: time | None = None
    rule: str = ""
    but: tuple[date, ...] = ()
    also: tuple[date, ...] = ()
    shown_from: date = date.min
    shown_until: date = date.max
    helper: str = ""
    creche: bool | None = None
    address: str = ""
    picture: str = ""
    example: bool = False


@dataclass(frozen=True)
class Centre:
    """The place where the kiosk stands. `districts` are ONS codes whose postcodes are loaded."""

    name: str
    postcode: str
    authority: str
    districts: tuple[str, ...]
    reception: str


@dataclass(frozen=True)
class Pack:
    """A local pack with its national pack folded in. `version` is monotonic; `sha256` is of the files it came from.

    Of its `languages`, those are `offered` of which enough may be shown; `shows_unchecked` lets in what no speaker has
    checked.
    """

    id: str
    title: str
    version: int
    extends: str
    centre: Centre
    home: Home
    callback: CallbackWords
    flows: dict[str, Flow]
    pages: dict[str, Page]
    checklists: dict[str, Checklist]
    helpers: dict[str, Helper]
    facts: dict[str, Fact]
    languages: tuple[str, ...] = ("en",)
    offered: tuple[str, ...] = ("en",)
    shows_unchecked: bool = False
    sha256: str = ""
    childcare_examples: str = ""
    local: dict[str, str] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
