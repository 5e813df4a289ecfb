"""What does not fit, said to staff: the file and line of the text, what is wrong, and where it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kiosk.errors import Fault
from kiosk.pack.tree import quoted
from kiosk.ui.proof.misfits import Misfit
from kiosk.ui.proof.origins import Origins
from kiosk.ui.proof.show import Sight

PROGRAMME = "Words of the programme"


def find_faults(sights: Iterable[Sight], origins: Origins) -> list[Fault]:
    """Return each text once for each thing that is wrong with it, in the order of files and lines."""
    seen: dict[tuple[str, Misfit], list[Sight]] = {}
    for sight in sights:
        for misfit in sight.misfits:
            seen.setdefault((sight.look.language, misfit), []).append(sight)
    faults = []
    for (language, misfit), where in seen.items():
        mark = origins.find(misfit.text, language)
        says = f"{quoted(misfit.text)} {misfit.says}"
        faults.append(Fault(mark.file or PROGRAMME, mark.line, says, _seen_on(where)))
    return sorted(faults)


def in_words(faults: Iterable[Fault]) -> Iterator[str]:
    """Say the faults file by file."""
    for file, group in groupby(faults, key=lambda fault: fault.file):
        yield file
        yield from (f"  line {fault.line:<4} {fault}" if fault.line else f"  {fault}" for fault in group)


def _seen_on(sights: list[Sight]) -> str:
    more = f", and {len(sights) - 1:,} more" if len(sights) > 1 else ""
    return f"See {sights[0]}{more}."
