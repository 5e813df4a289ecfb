"""Archives made up by chance, one after the other for a minute: each is taken whole or refused, and nothing else happens.

    python -m tests.soak.packs --seconds 60

Ends with exit status 1 if anything was found. A finding names its seed: made_up(SEED, built(3)) makes it again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click

from kiosk.pack.install import install
from tests.pack.bytes_made_up import made_up
from tests.pack.signed_packs import NOON, OXFORD, built, trusting
from tests.pack.test_any_archive import taken_or_refused


@dataclass
class Tries:
    """What came of them. `taken` were signed by a trusted key and right in all that matters."""

    refused: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    says: set[str] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        tried = self.refused + self.taken
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(tried.items()))
        return "\n".join(
            [
                f"{sum(tried.values()):,} archives ({kinds}): {sum(self.refused.values()):,} refused in "
                f"{len(self.says):,} different sentences, {sum(self.taken.values()):,} taken, {len(self.findings)} findings.",
                *(f"  FINDING: {each}" for each in self.findings),
            ]
        )


def try_one(seed: int, data: Path, tries: Tries) -> None:
    """Make an archive up, try to install it, and note what came of it."""
    kind, content = made_up(seed, built(3))
    try:
        says = taken_or_refused(data, content)
    except Exception as why:
        tries.findings.append(f"seed {seed}, {kind}: {type(why).__name__}: {why}")
        return
    if says:
        tries.refused[kind] += 1
        tries.says.add(says)
    else:
        tries.taken[kind] += 1
        if not kind.startswith("signed") and content != built(3).content:
            tries.findings.append(f"seed {seed}, {kind}: taken, although it is not as it was built")


@click.command()
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Of the first archive; the next has the next.")
def soak(seconds: float, seed: int) -> None:
    """Try archives for so long."""
    tries, ends = Tries(), time.monotonic() + seconds
    while time.monotonic() < ends:
        with tempfile.TemporaryDirectory() as folder:
            data = trusting(Path(folder) / "data")
            install(built(2).content, data, OXFORD, NOON)
            taken, last = sum(tries.taken.values()), seed + 100
            while seed < last and sum(tries.taken.values()) == taken:  # once one is taken the kiosk is another
                try_one(seed, data, tries)
                seed += 1
    click.echo(tries)
    sys.exit(1 if tries.findings else 0)


if __name__ == "__main__":
    soak()
