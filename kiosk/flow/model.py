"""A flow as staff write it: stages along a road, questions that part the way, outcomes that say what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class OpensKind(StrEnum):
    PAGE = "page"
    CHECKLIST = "checklist"
    CHILDCARE = "childcare"
    FLOW = "flow"
    CALLBACK = "callback"
    WEB = "web"
    HELPERS = "helpers"
    NOTICES = "notices"


@dataclass(frozen=True)
class Opens:
    """What touching a step or a home card leads to.

    Written `page/stay-and-play`, `checklist/job-search`, `childcare`, `flow/training`, `flow/work@cv` (at a question),
    `callback`, `callback/childcare` (that topic filled in), `web/find-a-job` (a fact whose unit is `address`), `helpers`,
    `notices/whats-on`, `notices/vacancies`, `notices/good-news`.
    """

    kind: OpensKind
    target: str = ""
    at: str = ""


@dataclass(frozen=True)
class Step:
    """One thing a parent can do next. Without `opens` it is advice only."""

    say: str
    hint: str = ""
    opens: Opens | None = None


@dataclass(frozen=True)
class Stage:
    """A station of the road. `label` is the word beside it there, at most 12 characters."""

    id: str
    title: str
    label: str
    icon: str
    say: str
    next: tuple[Step, ...] = ()
    helpers: tuple[str, ...] = ()
    money: bool = False
    private: bool = False


@dataclass(frozen=True)
class Answer:
    """What a parent may say. `go` is the id of a question or an outcome; `icon` a Lucide name."""

    id: str
    say: str
    go: str
    icon: str = ""


@dataclass(frozen=True)
class Question:
    """`money` and `private` mark screens that need "Leave this page" (R9)."""

    id: str
    stage: str
    ask: str
    answers: tuple[Answer, ...]
    hint: str = ""
    money: bool = False
    private: bool = False


@dataclass(frozen=True)
class Outcome:
    """Where a path ends: a place on the road, one to four steps, and who helps.

    `money` adds "We do not give benefit advice" (R23); `topic` is the call-back topic that goes along from here.
    """

    id: str
    stage: str
    title: str
    say: str
    next: tuple[Step, ...]
    helpers: tuple[str, ...]
    topic: str = ""
    money: bool = False
    private: bool = False


@dataclass(frozen=True)
class Example:
    """Staff's own test case: these answers, question id to answer id, end at this outcome."""

    answers: dict[str, str]
    outcome: str


@dataclass(frozen=True)
class Flow:
    """An acyclic graph. Dicts keep the file's reading order; order never routes."""

    id: str
    title: str
    start: str
    icon: str
    stages: dict[str, Stage]
    questions: dict[str, Question]
    outcomes: dict[str, Outcome]
    examples: tuple[Example, ...] = field(default=())
