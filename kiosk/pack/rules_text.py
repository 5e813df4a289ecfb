"""What the words themselves must hold to: finished, no longer than their place, facts that exist, bold that ends."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kiosk.pack.draft import Draft
from kiosk.pack.facts import FACT, NUMERIC, fill_by, find_facts_in, is_number, shown
from kiosk.pack.model import Fact
from kiosk.pack.texts import QUESTION_WORDS, ShownText, find_shown_texts
from kiosk.pack.tree import did_you_mean, find_texts, quoted

MOST_PARAGRAPHS = 5

_UNFINISHED = re.compile(r"\bTODO\b")


def check_texts(draft: Draft) -> None:
    """Note every text that cannot be shown as it stands."""
    for file in draft.marks.files.values():
        for text in find_texts(file):
            if _UNFINISHED.search(text.words):
                draft.faults.add(text.mark, f"{quoted(text.words)} is not finished.", "Write what is still to be done.")
    for shown_text in find_shown_texts(draft.pack):
        _check_signs(draft, shown_text)
        _check_facts(draft, shown_text)
        _check_length(draft, shown_text)
    for page in draft.pack.pages.values():
        if len(page.say) > MOST_PARAGRAPHS:
            says = f'The page "{page.id}" has {len(page.say)} paragraphs.'
            draft.fault((f"pages/{page.id}.yaml", "say"), says, f"Leave at most {MOST_PARAGRAPHS}.")


def as_shown(words: str, facts: Mapping[str, Fact]) -> str:
    """Return the words as a parent reads them while every fact holds: facts filled in, no signs for bold."""
    return fill_by(words, lambda id: _value(facts.get(id))).replace("**", "")


def as_shown_stale(words: str, facts: Mapping[str, Fact]) -> str:
    """Return the words as a parent reads them when no fact holds any more."""
    return fill_by(words, lambda id: facts[id].ask if id in facts else "").replace("**", "")


def _value(fact: Fact | None) -> str:
    return shown(fact) if fact and (fact.unit not in NUMERIC or is_number(fact.value)) else ""


def _check_signs(draft: Draft, text: ShownText) -> None:
    if text.words.count("**") % 2:
        draft.fault(
            text.path, f"{quoted(text.words)} has a ** without its pair.", "Put ** before and after bold words."
        )
    if re.search(r"[{}]", FACT.sub("", text.words)):
        says = f"{quoted(text.words)} holds a curly bracket that is no fact."
        draft.fault(text.path, says, "Facts are written {fact:id}; nothing else goes in curly brackets.")


def _check_facts(draft: Draft, text: ShownText) -> None:
    for fact_id in find_facts_in(text.words):
        if fact_id not in draft.pack.facts and "facts.yaml" not in draft.unreadable:
            says = f"{quoted(text.words)} names the fact {quoted(fact_id)}, which does not exist."
            draft.fault(text.path, says, did_you_mean(fact_id, draft.pack.facts, "Write it into facts.yaml."))


def _check_length(draft: Draft, text: ShownText) -> None:
    words = as_shown(text.words, draft.pack.facts)
    if text.limit and len(words) > text.limit:
        says = f"{quoted(words)} is {len(words)} characters long. The {text.place} has room for {text.limit}."
        draft.fault(text.path, says, f"Shorten it by {len(words) - text.limit}.")
    elif text.place == "question" and len(words.split()) > QUESTION_WORDS:
        says = f"{quoted(words)} is a question of {len(words.split())} words."
        draft.fault(text.path, says, f"Ask it in at most {QUESTION_WORDS}.")
