"""What is not wrong in a pack, yet worth a look: dated figures, hard sentences, questions without a "not sure"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

from kiosk.errors import Fault
from kiosk.flow.model import Flow
from kiosk.flow.paths import find_reachable, longest_path
from kiosk.pack.draft import find_opens
from kiosk.pack.facts import find_facts_in, shown
from kiosk.pack.icons import find_icons
from kiosk.pack.model import Pack, Unit
from kiosk.pack.rules_text import as_shown, as_shown_stale
from kiosk.pack.texts import ShownText, find_shown_texts
from kiosk.pack.tree import Marks, Path, quoted

MOST_QUESTIONS = 8
MOST_WORDS = 20
"""Words in a sentence for a reading age of nine (R21)."""

NEAR = timedelta(days=30)
"""So long before its review a fact is named."""

_NOT_SURE = re.compile(r"not[ -]sure|unsure|don.?t know|do not know", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Severity(StrEnum):
    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend or to look at. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    says: str
    remedy: str = ""
    severity: Severity = Severity.WARNING

    def __str__(self) -> str:
        return f"{self.says} {self.remedy}".strip()


Warnings = Iterator[tuple[Path, str, str]]
"""The place, what is to be said of it, and the remedy."""


def as_finding(fault: Fault) -> Finding:
    """Return a fault in the form in which faults and warnings are listed together."""
    return Finding(**asdict(fault), severity=Severity.FAULT)


def find_warnings(pack: Pack, today: date, marks: Marks | None = None) -> list[Finding]:
    """Return every warning for a pack without fault, sorted by file and line.

    `marks` are those of `read_marked`; without them a finding names the file of the pack and no line.
    """
    known = marks or Marks()
    found = []
    for path, says, remedy in _all(pack, today):
        mark = known.at(path)
        found.append(Finding(mark.file, mark.line, says, remedy))
    return sorted(set(found))


def _all(pack: Pack, today: date) -> Warnings:
    for flow in pack.flows.values():
        yield from _unreachable(flow, pack)
        yield from _questions(flow)
        yield from _long_paths(flow)
        yield from _same_wording(flow)
    texts = list(find_shown_texts(pack))
    yield from _facts(pack, today)
    yield from _money(pack, texts)
    yield from _sentences(pack, texts)
    yield from _long_when_stale(pack, texts)
    if find_icons() is None:
        yield ("pack.yaml",), "Icons were not checked.", 'Install the [ui] extra: pip install "waymark[ui]".'


def _unreachable(flow: Flow, pack: Pack) -> Warnings:
    doors = {opens.at for _, _, opens in find_opens(pack) if opens.target == flow.id and opens.at}
    reached = frozenset().union(*(find_reachable(flow, start) for start in {flow.start, *doors}))
    for group, nodes in (("questions", flow.questions), ("outcomes", flow.outcomes)):
        for node_id in nodes:
            if node_id not in reached:
                yield _at(flow, group, node_id), f'No answer leads to "{node_id}".', "Lead one there, or take it out."


def _questions(flow: Flow) -> Warnings:
    for question in flow.questions.values():
        path = _at(flow, "questions", question.id)
        if not any(_NOT_SURE.search(f"{answer.id} {answer.say}") for answer in question.answers):
            yield path, f'{quoted(question.ask)} has no answer "Not sure".', "Add one where it can honestly be said."
        if len({answer.go for answer in question.answers}) == 1:
            says = f"All answers to {quoted(question.ask)} lead to one place."
            yield path, says, "Leave the question out, or part the ways."


def _long_paths(flow: Flow) -> Warnings:
    most = longest_path(flow)
    if most > MOST_QUESTIONS:
        says = f"The longest path asks {most} questions."
        yield _at(flow, "start"), says, f"Lead to an outcome after at most {MOST_QUESTIONS}."


def _same_wording(flow: Flow) -> Warnings:
    seen: defaultdict[str, list[Path]] = defaultdict(list)
    for question in flow.questions.values():
        seen[question.ask].append(_at(flow, "questions", question.id))
    for outcome in flow.outcomes.values():
        seen[outcome.title].append(_at(flow, "outcomes", outcome.id))
    for words, paths in seen.items():
        for path in paths[1:]:
            yield path, f'{quoted(words)} is also the wording of "{paths[0][-1]}".', "Word one of them differently."


def _facts(pack: Pack, today: date) -> Warnings:
    for fact in pack.facts.values():
        path = ("facts.yaml", fact.id, "review_by")
        if today > fact.review_by:
            says = f"{shown(fact)} was to be reviewed by {fact.review_by}, and is not shown any more."
            yield path, says, f"Look it up again ({fact.source}), then change checked_on and review_by."
        elif fact.review_by - today <= NEAR:
            says = f"{shown(fact)} is to be reviewed by {fact.review_by}."
            yield path, says, f"Look it up again ({fact.source})."


def _money(pack: Pack, texts: Sequence[ShownText]) -> Warnings:
    for text in texts:
        sums = [id for id in find_facts_in(text.words) if pack.facts[id].unit is Unit.POUNDS]
        if sums and not text.money and str(text.path[0]).startswith(("flows/", "pages/")):
            says = f"{quoted(text.words)} names a sum of money."
            yield text.path, says, 'Add money: true, so that "We do not give benefit advice" stands there.'


def _sentences(pack: Pack, texts: Sequence[ShownText]) -> Warnings:
    for text in texts:
        for sentence in _SENTENCE_END.split(as_shown(text.words, pack.facts)):
            count = len(sentence.split())
            if count > MOST_WORDS:
                yield (
                    text.path,
                    f"{quoted(sentence)} has {count} words.",
                    f"Make it two sentences of at most {MOST_WORDS}.",
                )


def _long_when_stale(pack: Pack, texts: Sequence[ShownText]) -> Warnings:
    for text in texts:
        words = as_shown_stale(text.words, pack.facts)
        if text.limit and len(words) > text.limit:
            says = f"{quoted(words)} has {len(words)} characters once the figure is out of date."
            yield text.path, says, f"The {text.place} has room for {text.limit}: shorten it, or the fact's ask:."


def _at(flow: Flow, *deeper: str) -> Path:
    return (f"flows/{flow.id}.yaml", *deeper)
