"""What makes a flow one that a parent can walk: targets, shape, and the examples that staff wrote for it."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from kiosk.flow.model import Example, Flow, Question
from kiosk.flow.paths import find_reachable
from kiosk.pack.draft import Draft
from kiosk.pack.tree import Path, did_you_mean, quoted

FEWEST_ANSWERS, MOST_ANSWERS = 2, 5
MOST_STEPS = 4


def check_flows(draft: Draft) -> None:
    """Note what is wrong in the shape of each flow. Examples are run only on a flow whose targets all stand."""
    for flow in draft.pack.flows.values():
        file = f"flows/{flow.id}.yaml"
        _check_ids(draft, flow, file)
        _check_answers(draft, flow, file)
        _check_outcomes(draft, flow, file)
        if _check_targets(draft, flow, file) and _check_cycles(draft, flow, file):
            for number, example in enumerate(flow.examples):
                _check_example(draft, flow, (file, "examples", number), example)


def _check_ids(draft: Draft, flow: Flow, file: str) -> None:
    for node_id in flow.questions.keys() & flow.outcomes.keys():
        first = draft.marks.at((file, "questions", node_id)).line
        remedy = f"Rename it, or the question on line {first}."
        draft.fault((file, "outcomes", node_id), f'"{node_id}" is a question and an outcome.', remedy)
    places = [("questions", id, node.stage) for id, node in flow.questions.items()]
    places += [("outcomes", id, node.stage) for id, node in flow.outcomes.items()]
    for group, node_id, stage in places:
        if stage and stage not in flow.stages:
            says = f'"{node_id}" stands at the stage {quoted(stage)}, which does not exist.'
            remedy = did_you_mean(stage, flow.stages, f"The stages are: {', '.join(flow.stages)}.")
            draft.fault((file, group, node_id, "stage"), says, remedy)


def _check_answers(draft: Draft, flow: Flow, file: str) -> None:
    for question in flow.questions.values():
        path = (file, "questions", question.id)
        count = len(question.answers)
        if 0 < count < FEWEST_ANSWERS:
            remedy = f"Give it at least {FEWEST_ANSWERS}."
            draft.fault((*path, "answers"), f"{quoted(question.ask)} has only {count} answer.", remedy)
        if count > MOST_ANSWERS:
            remedy = f"Leave at most {MOST_ANSWERS}, or ask in two steps."
            draft.fault((*path, "answers"), f"{quoted(question.ask)} has {count} answers.", remedy)
        _check_same_words(draft, question, path)


def _check_same_words(draft: Draft, question: Question, path: Path) -> None:
    seen: dict[str, str] = {}
    for answer in question.answers:
        words = answer.say.casefold().strip(" .*")
        if words and words in seen:
            says = f'{quoted(answer.say)} is the text of two answers, "{seen[words]}" and "{answer.id}".'
            draft.fault((*path, "answers", answer.id, "say"), says, "Word one of them differently.")
        seen.setdefault(words, answer.id)


def _check_outcomes(draft: Draft, flow: Flow, file: str) -> None:
    for outcome in flow.outcomes.values():
        path = (file, "outcomes", outcome.id)
        if not outcome.next:
            draft.fault(path, f'"{outcome.id}" is an outcome without a next step.', "Add at least one under next:")
        if len(outcome.next) > MOST_STEPS:
            says = f'"{outcome.id}" has {len(outcome.next)} next steps.'
            draft.fault((*path, "next"), says, f"Leave the {MOST_STEPS} that matter most.")


def _check_targets(draft: Draft, flow: Flow, file: str) -> bool:
    """Note targets that do not exist; return whether the flow can be walked."""
    nodes = [*flow.questions, *flow.outcomes]
    if flow.start and flow.start not in flow.questions:
        says = f"The flow starts at {quoted(flow.start)}, which is not one of its questions."
        draft.fault((file, "start"), says, did_you_mean(flow.start, flow.questions, "Name its first question."))
    gone = [(path, say, go) for path, say, go in _answers(flow, file) if go and go not in nodes]
    for path, say, go in gone:
        says = f"{quoted(say)} goes to {quoted(go)}, which does not exist."
        draft.fault((*path, "go"), says, did_you_mean(go, nodes, "Name a question or an outcome of this flow."))
    return not gone and flow.start in flow.questions and all(go for _, _, go in _answers(flow, file))


def _answers(flow: Flow, file: str) -> Iterator[tuple[Path, str, str]]:
    for question in flow.questions.values():
        for answer in question.answers:
            yield (file, "questions", question.id, "answers", answer.id), answer.say, answer.go


def _check_cycles(draft: Draft, flow: Flow, file: str) -> bool:
    """Note each way that leads back to itself; return whether there is none."""
    cycles = list(find_cycles(flow))
    for cycle in cycles:
        last, first = cycle[-2], cycle[-1]
        answer = next(answer for answer in flow.questions[last].answers if answer.go == first)
        says = f"{quoted(answer.say)} leads round in a circle: {' → '.join(cycle)}."
        remedy = "Send it on to another question, or to an outcome."
        draft.fault((file, "questions", last, "answers", answer.id, "go"), says, remedy)
    if not find_reachable(flow, flow.start) & flow.outcomes.keys():
        says = f'From "{flow.start}" no outcome can be reached.'
        draft.fault((file, "start"), says, "Lead at least one answer on to an outcome.")
    return not cycles


def find_cycles(flow: Flow) -> Iterator[tuple[str, ...]]:
    """Yield circles as the ids along them, the one written first at both ends, until none is left uncut."""
    onward = {id: {answer.go for answer in node.answers} for id, node in flow.questions.items()}
    order = list(flow.questions)
    while True:
        try:
            TopologicalSorter(onward).prepare()
        except CycleError as why:
            ring = why.args[1][:0:-1]  # graphlib names each after the one it leads to
            first = min(range(len(ring)), key=lambda at: order.index(ring[at]))
            cycle = (*ring[first:], *ring[: first + 1])
            onward[cycle[-2]].discard(cycle[-1])
            yield cycle
        else:
            return


def _check_example(draft: Draft, flow: Flow, path: Path, example: Example) -> None:
    if example.outcome and example.outcome not in flow.outcomes:
        says = f"An example expects the outcome {quoted(example.outcome)}, which does not exist."
        draft.fault((*path, "outcome"), says, did_you_mean(example.outcome, flow.outcomes))
        return
    unknown = dict(_unknown_answers(flow, example))
    for question_id, remedy in unknown.items():
        says = f"An example answers {quoted(question_id)} with {quoted(example.answers[question_id])}: there is no such answer."
        draft.fault((*path, "answers", question_id), says, remedy)
    if example.outcome and not unknown:
        _check_end(draft, flow, path, example)


def _unknown_answers(flow: Flow, example: Example) -> Iterator[tuple[str, str]]:
    for question_id, answer_id in example.answers.items():
        question = flow.questions.get(question_id)
        if question is None:
            yield question_id, did_you_mean(question_id, flow.questions, "Name a question of this flow.")
        elif answer_id not in (ids := [answer.id for answer in question.answers]):
            yield question_id, did_you_mean(answer_id, ids, f"Its answers are: {', '.join(ids)}.")


def _check_end(draft: Draft, flow: Flow, path: Path, example: Example) -> None:
    *asked, end = _walk(flow, example)
    if end in flow.questions:
        says = f'The example for "{example.outcome}" stops at the question "{end}".'
        draft.fault(path, says, "Add its answer to the example.")
    elif end != example.outcome:
        says = f'The example expects "{example.outcome}", but its answers lead to "{end}".'
        draft.fault(path, says, "Mend the answers' targets, or the example.")
    else:
        for question_id in example.answers.keys() - set(asked):
            says = f'The example for "{example.outcome}" answers "{question_id}", which is not asked on this path.'
            draft.fault((*path, "answers", question_id), says, "Take that answer out of the example.")


def _walk(flow: Flow, example: Example) -> list[str]:
    """Return the ids that the example goes through, as far as its answers reach."""
    path = [flow.start]
    while path[-1] in flow.questions and path[-1] in example.answers:
        chosen = example.answers[path[-1]]
        path.append(next(answer.go for answer in flow.questions[path[-1]].answers if answer.id == chosen))
    return path
