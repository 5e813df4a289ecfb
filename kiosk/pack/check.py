"""What is not wrong in a pack, yet worth a look: dated figures, hard sentences, questions without a "not sure"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path as FilePath

from kiosk.errors import Fault
from kiosk.flow.model import Flow
from kiosk.flow.paths import find_reachable, longest_path
from kiosk.pack.draft import find_opens
from kiosk.pack.facts import find_facts_in, shown
from kiosk.pack.icons import find_icons
from kiosk.pack.model import Pack, Unit
from kiosk.pack.rules_notices import find_forgotten
from kiosk.pack.rules_reading import can_grade, hard_words
from kiosk.pack.rules_text import as_shown, as_shown_stale
from kiosk.pack.rules_unused import find_unused, find_unused_pictures
from kiosk.pack.sources import shown_name
from kiosk.pack.texts import Measure, ShownText, find_seasonal, find_shown_texts, is_wide
from kiosk.pack.tree import Marks, Path, Remarks, quoted

MOST_QUESTIONS = 8
NEAR = timedelta(days=30)
"""So long before its review a fact is named."""

_NOT_SURE = re.compile(r"not[ -]sure|unsure|don.?t know|do not know", re.IGNORECASE)


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


def as_finding(fault: Fault) -> Finding:
    """Return a fault in the form in which faults and warnings are listed together."""
    return Finding(**asdict(fault), severity=Severity.FAULT)


def find_warnings(pack: Pack, today: date, marks: Marks | None = None, measure: Measure | None = None) -> list[Finding]:
    """Return every warning for a pack without fault, sorted by file and line.

    `marks` are those of `read_marked`; without them a finding names the file of the pack and no line. `measure` is the
    screen's own; without it a text is taken to be as wide as it has characters.
    """
    known = marks or Marks()
    own = known.at(("pack.yaml",)).file.removesuffix("pack.yaml")
    # A local pack may do without what its national one has: that lies there for others.
    unused = (each for each in find_unused(pack) if known.at(each[0]).file.startswith(own))
    found = []
    for path, says, remedy in (*_all(pack, today, measure), *unused):
        mark = known.at(path)
        found.append(Finding(mark.file, mark.line, says, remedy))
    return sorted(set(found))


def find_picture_warnings(folder: FilePath, pack: Pack) -> list[Finding]:
    """Return the picture files of a pack's folder that no screen shows."""
    says, remedy = "No screen shows this picture.", "Name it in a notice, or delete it."
    return [Finding(shown_name(file), 0, says, remedy) for file in find_unused_pictures(pack, folder)]


def _all(pack: Pack, today: date, measure: Measure | None) -> Remarks:
    for flow in pack.flows.values():
        yield from _unreachable(flow, pack)
        yield from _questions(flow)
        yield from _long_paths(flow)
        yield from _same_wording(flow)
    texts = list(find_shown_texts(pack))
    yield from _facts(pack, today)
    yield from _money(pack, texts)
    yield from find_forgotten(pack, today)
    for text in [*texts, *find_seasonal(pack)]:
        yield from hard_words(text, pack.facts)
    yield from _long_when_stale(pack, texts)
    if measure:
        yield from _wide(pack, texts, measure)
    if not can_grade():
        yield ("pack.yaml",), "Reading age was not checked.", 'Install the [check] extra: pip install "waymark[check]".'
    if find_icons() is None:
        yield ("pack.yaml",), "Icons were not checked.", 'Install the [ui] extra: pip install "waymark[ui]".'


def _unreachable(flow: Flow, pack: Pack) -> Remarks:
    doors = {opens.at for _, _, opens in find_opens(pack) if opens.target == flow.id and opens.at}
    reached = frozenset().union(*(find_reachable(flow, start) for start in {flow.start, *doors}))
    for group, nodes in (("questions", flow.questions), ("outcomes", flow.outcomes)):
        for node_id in nodes:
            if node_id not in reached:
                yield _at(flow, group, node_id), f'No answer leads to "{node_id}".', "Lead one there, or take it out."


def _questions(flow: Flow) -> Remarks:
    for question in flow.questions.values():
        path = _at(flow, "questions", question.id)
        if not any(_NOT_SURE.search(f"{answer.id} {answer.say}") for answer in question.answers):
            yield path, f'{quoted(question.ask)} has no answer "Not sure".', "Add one where it can honestly be said."
        if len({answer.go for answer in question.answers}) == 1:
            says = f"All answers to {quoted(question.ask)} lead to one place."
            yield path, says, "Leave the question out, or part the ways."


def _long_paths(flow: Flow) -> Remarks:
    most = longest_path(flow)
    if most > MOST_QUESTIONS:
        says = f"The longest path asks {most} questions."
        yield _at(flow, "start"), says, f"Lead to an outcome after at most {MOST_QUESTIONS}."


def _same_wording(flow: Flow) -> Remarks:
    seen: defaultdict[str, list[Path]] = defaultdict(list)
    for question in flow.questions.values():
        seen[question.ask].append(_at(flow, "questions", question.id))
    for outcome in flow.outcomes.values():
        seen[outcome.title].append(_at(flow, "outcomes", outcome.id))
    for words, paths in seen.items():
        for path in paths[1:]:
            yield path, f'{quoted(words)} is also the wording of "{paths[0][-1]}".', "Word one of them differently."


def _facts(pack: Pack, today: date) -> Remarks:
    for fact in pack.facts.values():
        path = ("facts.yaml", fact.id, "review_by")
        if today > fact.review_by:
            says = f"{shown(fact)} was to be reviewed by {fact.review_by}, and is not shown any more."
            yield path, says, f"Look it up again ({fact.source}), then change checked_on and review_by."
        elif fact.review_by - today <= NEAR:
            says = f"{shown(fact)} is to be reviewed by {fact.review_by}."
            yield path, says, f"Look it up again ({fact.source})."


def _money(pack: Pack, texts: Sequence[ShownText]) -> Remarks:
    for text in texts:
        sums = [id for id in find_facts_in(text.words) if pack.facts[id].unit is Unit.POUNDS]
        if sums and not text.money and str(text.path[0]).startswith(("flows/", "pages/")):
            says = f"{quoted(text.words)} names a sum of money."
            yield text.path, says, 'Add money: true, so that "We do not give benefit advice" stands there.'


def _long_when_stale(pack: Pack, texts: Sequence[ShownText]) -> Remarks:
    for text in texts:
        words = as_shown_stale(text.words, pack.facts)
        if text.limit and len(words) > text.limit:
            says = f"{quoted(words)} has {len(words)} characters once the figure is out of date."
            yield text.path, says, f"The {text.place} has room for {text.limit}: shorten it, or the fact's ask:."


def _wide(pack: Pack, texts: Sequence[ShownText], measure: Measure) -> Remarks:
    for text in texts:
        words = as_shown(text.words, pack.facts)
        if text.limit and is_wide(words, text.limit, measure):
            says = f"{quoted(words)} is as wide as {measure(words):.0f} letters."
            yield text.path, says, f"The {text.place} has room for {text.limit}: shorten it."


def _at(flow: Flow, *deeper: str) -> Path:
    return (f"flows/{flow.id}.yaml", *deeper)
