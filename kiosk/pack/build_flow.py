"""Flows and the steps that lead on, from the tree. Whether their targets exist is asked later, in the rules."""

from __future__ import annotations

from kiosk.flow.model import Answer, Example, Flow, Opens, OpensKind, Outcome, Question, Stage, Step
from kiosk.pack.record import Record
from kiosk.pack.tree import did_you_mean

_BARE = frozenset({OpensKind.CHILDCARE, OpensKind.HELPERS})
_NAMED = frozenset({OpensKind.PAGE, OpensKind.CHECKLIST, OpensKind.FLOW, OpensKind.WEB, OpensKind.NOTICES})

OPENS_PATTERN = (
    rf"^({'|'.join(sorted(_BARE))}|callback(/.+)?"
    rf"|({'|'.join(sorted(_NAMED - {OpensKind.FLOW}))})/.+|flow/[^@]+(@.+)?)$"
)
"""What `parse_opens` takes, for a schema to say."""


def build_flow(flow_id: str, file: Record) -> Flow:
    """Return the flow that a file of flows/ describes."""
    flow = Flow(
        id=flow_id,
        title=file.text("title"),
        start=file.text("start"),
        icon=file.text("icon"),
        stages={id: _stage(id, record) for id, record in file.entries("stages", "The stage", needed=True)},
        questions={id: _question(id, record) for id, record in file.entries("questions", "The question", needed=True)},
        outcomes={id: _outcome(id, record) for id, record in file.entries("outcomes", "The outcome", needed=True)},
        examples=tuple(_example(record) for record in file.records("examples", "An example")),
    )
    file.done()
    return flow


def build_steps(record: Record, needed: bool = False) -> tuple[Step, ...]:
    """Return the steps under `next:`."""
    return tuple(_step(step) for step in record.records("next", f"A step of {_within(record.called)}", needed))


def parse_opens(words: str) -> Opens:
    """Return what `page/ID`, `flow/ID@QUESTION`, `childcare` and the like open. Raises ValueError with a hint."""
    head, slash, rest = words.partition("/")
    if head not in list(OpensKind):
        raise ValueError(did_you_mean(head, list(OpensKind)))
    kind = OpensKind(head)
    target, sign, at = rest.partition("@") if kind is OpensKind.FLOW else (rest, "", "")
    if bool(slash) != bool(target) or bool(sign) != bool(at):
        raise ValueError
    if (kind in _NAMED and not target) or (kind in _BARE and target):
        raise ValueError
    return Opens(kind, target, at)


def read_opens(record: Record, needed: bool = False) -> Opens | None:
    """Return what the record's `open:` leads to."""
    kind = "something that can be opened, such as page/ID, flow/ID, childcare or callback"
    return record.parsed("open", parse_opens, kind, None, needed)


def _stage(stage_id: str, record: Record) -> Stage:
    stage = Stage(
        id=stage_id,
        title=record.text("title"),
        label=record.text("label"),
        icon=record.text("icon"),
        say=record.text("say"),
        next=build_steps(record),
        helpers=record.texts("helpers"),
        money=record.flag("money"),
        private=record.flag("private"),
    )
    record.done()
    return stage


def _question(question_id: str, record: Record) -> Question:
    question = Question(
        id=question_id,
        stage=record.text("stage"),
        ask=record.text("ask"),
        hint=record.text("hint", ""),
        answers=tuple(_answer(id, answer) for id, answer in record.entries("answers", "The answer", needed=True)),
        money=record.flag("money"),
        private=record.flag("private"),
    )
    record.done()
    return question


def _answer(answer_id: str, record: Record) -> Answer:
    answer = Answer(answer_id, record.text("say"), record.text("go"), record.text("icon", ""))
    record.done()
    return answer


def _outcome(outcome_id: str, record: Record) -> Outcome:
    outcome = Outcome(
        id=outcome_id,
        stage=record.text("stage"),
        title=record.text("title"),
        say=record.text("say"),
        next=build_steps(record),
        helpers=record.texts("helpers"),
        topic=record.text("topic", ""),
        money=record.flag("money"),
        private=record.flag("private"),
    )
    record.done()
    return outcome


def _example(record: Record) -> Example:
    example = Example(record.words_by_name("answers"), record.text("outcome"))
    record.done()
    return example


def _step(record: Record) -> Step:
    step = Step(record.text("say"), record.text("hint", ""), read_opens(record))
    record.done()
    return step


def _within(called: str) -> str:
    return called[:1].lower() + called[1:]
