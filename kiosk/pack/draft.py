"""A pack as far as it could be read, with what the rules need to blame the right line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.flow.model import Opens, Step
from kiosk.pack.model import Pack
from kiosk.pack.tree import Faults, Marks, Path


@dataclass(frozen=True)
class Draft:
    """`unreadable` names files that were blamed as a whole, for what they hold or for not being there: nothing is said about what would have stood in them."""

    pack: Pack
    marks: Marks
    unreadable: frozenset[str]
    faults: Faults

    def fault(self, path: Path, says: str, remedy: str = "") -> None:
        self.faults.add(self.marks.at(path), says, remedy)


def find_steps(pack: Pack) -> Iterator[tuple[Path, Step, bool]]:
    """Yield every step of a pack with the place it was written at, and whether its screen is flagged `money`."""
    for flow in pack.flows.values():
        for group, nodes in (("stages", flow.stages), ("outcomes", flow.outcomes)):
            for node in nodes.values():
                yield from _numbered((f"flows/{flow.id}.yaml", group, node.id, "next"), node.next, node.money)
    for page in pack.pages.values():
        yield from _numbered((f"pages/{page.id}.yaml", "next"), page.next, page.money)
    for checklist in pack.checklists.values():
        yield from _numbered((f"checklists/{checklist.id}.yaml", "next"), checklist.next, False)


def find_opens(pack: Pack) -> Iterator[tuple[Path, str, Opens]]:
    """Yield everything that can be opened, with its place and the words that are touched."""
    for path, step, _ in find_steps(pack):
        if step.opens:
            yield (*path, "open"), step.say, step.opens
    for number, card in enumerate(pack.home.cards):
        yield ("home.yaml", "cards", number, "open"), card.title, card.opens


def _numbered(path: Path, steps: tuple[Step, ...], money: bool) -> Iterator[tuple[Path, Step, bool]]:
    for number, step in enumerate(steps):
        yield (*path, number), step, money
