"""Schemathesis at a real hub for minutes: right and wrong messages, signed and not, from a seed of its own each time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.hub.schemathesis_runs import run_schemathesis, served_hub

LONGEST = 3600  # seconds


@dataclass(frozen=True)
class Answered:
    """How often the hub answered what, and what schemathesis has to say if that was not as described."""

    counts: Counter[str]
    complaint: str

    @property
    def clean(self) -> bool:
        return not self.complaint and bool(self.counts)

    def __str__(self) -> str:
        statuses = ", ".join(f"{count:,} x {status}" for status, count in sorted(self.counts.items()))
        return (
            f"{self.counts.total():,} answers of the API ({statuses}): {'not ' if self.complaint else ''}as described."
        )


def try_api(folder: Path, examples: int) -> Answered:
    """Try each operation with up to so many examples; a traceback in the hub's log is a complaint as well."""
    with served_hub(folder) as hub:
        ended = run_schemathesis(hub, examples, LONGEST)
        lines = hub.answered.read_text(encoding="utf-8").splitlines()
        complaint = (ended.out + ended.err) if ended.status else ""
        if "Traceback" in hub.running.text():
            complaint += hub.running.text()
    # "POST /api/v1/enrol 403", and after a delivery the states of its items
    return Answered(Counter(line.split()[2] for line in lines), complaint)
