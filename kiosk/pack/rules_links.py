"""Everything that a pack names must be there: pages, flows, helpers, topics, facts, icons, files."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kiosk.flow.model import Opens, OpensKind
from kiosk.pack.draft import Draft, find_opens
from kiosk.pack.icons import find_icons
from kiosk.pack.model import Board, Pack, Unit
from kiosk.pack.tree import Path, did_you_mean, quoted

_FOLDERS = {OpensKind.PAGE: "pages", OpensKind.CHECKLIST: "checklists", OpensKind.FLOW: "flows"}


def check_links(draft: Draft) -> None:
    """Note every name that leads nowhere."""
    for path, words, opens in find_opens(draft.pack):
        _check_opens(draft, path, words, opens)
    for path, name in _helpers_named(draft.pack):
        if "helpers.yaml" not in draft.unreadable:
            _check_name(draft, path, name, draft.pack.helpers, "a helper")
    for path, topic in _topics_named(draft.pack):
        if "callback.yaml" not in draft.unreadable:
            _check_name(draft, path, topic, draft.pack.callback.topics, "a topic of the call back")
    for helper in draft.pack.helpers.values():
        if helper.phone:
            _check_fact(draft, ("helpers.yaml", helper.id, "phone"), helper.phone, Unit.PHONE)


def check_icons(draft: Draft) -> None:
    """Note every icon that there is none of. Where nobody can tell, nothing is noted: `find_warnings` says so."""
    known = find_icons()
    if known is None:
        return
    for path, icon in _icons_named(draft.pack):
        if icon and icon not in known:
            remedy = did_you_mean(icon, known, "Choose a name from lucide.dev/icons.")
            draft.fault(path, f"There is no icon {quoted(icon)}.", remedy)


def _check_opens(draft: Draft, path: Path, words: str, opens: Opens) -> None:
    pack = draft.pack
    match opens.kind:
        case OpensKind.PAGE | OpensKind.CHECKLIST | OpensKind.FLOW:
            _check_file(draft, path, words, opens)
        case OpensKind.CALLBACK if opens.target and "callback.yaml" not in draft.unreadable:
            _check_name(draft, path, opens.target, pack.callback.topics, "a topic of the call back")
        case OpensKind.WEB:
            _check_fact(draft, path, opens.target, Unit.ADDRESS)
        case OpensKind.NOTICES:
            _check_name(draft, path, opens.target, list(Board), "a board of notices")


def _check_file(draft: Draft, path: Path, words: str, opens: Opens) -> None:
    pack, folder = draft.pack, _FOLDERS[opens.kind]
    known = {"pages": list(pack.pages), "checklists": list(pack.checklists), "flows": list(pack.flows)}[folder]
    if f"{folder}/{opens.target}.yaml" in draft.unreadable:
        return
    if opens.target not in known:
        says = f'{quoted(words)} opens "{opens.kind}/{opens.target}", which does not exist.'
        remedy = did_you_mean(opens.target, known, f"Write {folder}/{opens.target}.yaml, or open something else.")
        draft.fault(path, says, remedy)
    elif opens.at and opens.at not in pack.flows[opens.target].questions:
        says = f'{quoted(words)} opens the flow "{opens.target}" at "{opens.at}", which is not a question of it.'
        asked = pack.flows[opens.target].questions
        draft.fault(path, says, did_you_mean(opens.at, asked, f"Its questions are: {', '.join(asked)}."))


def _check_name(draft: Draft, path: Path, name: str, known: Collection[str], kind: str) -> None:
    if name not in known:
        remedy = did_you_mean(name, known, f"There are: {', '.join(known)}." if known else "There are none yet.")
        draft.fault(path, f"{quoted(name)} is not {kind}.", remedy)


def _check_fact(draft: Draft, path: Path, name: str, unit: Unit) -> None:
    facts = {fact.id: fact for fact in draft.pack.facts.values() if fact.unit is unit}
    if "facts.yaml" not in draft.unreadable:
        _check_name(draft, path, name, facts, f"a fact whose unit is {unit}")


def _helpers_named(pack: Pack) -> Iterator[tuple[Path, str]]:
    for flow in pack.flows.values():
        for group, nodes in (("stages", flow.stages), ("outcomes", flow.outcomes)):
            for node in nodes.values():
                for number, helper in enumerate(node.helpers):
                    yield (f"flows/{flow.id}.yaml", group, node.id, "helpers", number), helper
    for page in pack.pages.values():
        for number, helper in enumerate(page.helpers):
            yield (f"pages/{page.id}.yaml", "helpers", number), helper


def _topics_named(pack: Pack) -> Iterator[tuple[Path, str]]:
    for flow in pack.flows.values():
        for outcome in flow.outcomes.values():
            if outcome.topic:
                yield (f"flows/{flow.id}.yaml", "outcomes", outcome.id, "topic"), outcome.topic


def _icons_named(pack: Pack) -> Iterator[tuple[Path, str]]:
    for flow in pack.flows.values():
        file = f"flows/{flow.id}.yaml"
        yield (file, "icon"), flow.icon
        for stage in flow.stages.values():
            yield (file, "stages", stage.id, "icon"), stage.icon
        for question in flow.questions.values():
            for answer in question.answers:
                yield (file, "questions", question.id, "answers", answer.id, "icon"), answer.icon
    yield from ((("helpers.yaml", helper.id, "icon"), helper.icon) for helper in pack.helpers.values())
    yield from ((("callback.yaml", "topics", topic.id, "icon"), topic.icon) for topic in pack.callback.topics.values())
    yield from ((("home.yaml", "cards", number, "icon"), card.icon) for number, card in enumerate(pack.home.cards))
    yield from (((f"pages/{page.id}.yaml", "icon"), page.icon) for page in pack.pages.values())
    for checklist in pack.checklists.values():
        for number, part in enumerate(checklist.parts):
            yield (f"checklists/{checklist.id}.yaml", "parts", number, "icon"), part.icon
