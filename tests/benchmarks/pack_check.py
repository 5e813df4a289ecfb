"""`kiosk pack check` against its floor: the same YAML files read by ruamel and nothing done with them.

    python -m tests.benchmarks.pack_check

The two take turns in one process that is warm, so that a busy machine slows both; the fastest of each counts. Beside the floor's work a check builds
the pack, follows every path, grades every sentence, measures every word on screen and reads every translation; the last
three are most of it, and are printed by themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from ruamel.yaml import YAML

from kiosk.cli.pack_check import look, measuring
from kiosk.pack.check import find_warnings
from kiosk.pack.read import read_marked
from kiosk.pack.words_check import find_translation_warnings
from kiosk.settings import content_folder

ROUNDS = 5
WANTED = 5.0
FOLDERS = tuple(content_folder() / name for name in ("england", "oxfordshire"))
TODAY = date(2026, 11, 21)


def read_bare() -> None:
    """The floor: each YAML file of the pack and of the one it extends, by the reader that ours is made of."""
    for folder in FOLDERS:
        for file in sorted(folder.rglob("*.yaml")):
            YAML(typ="safe", pure=True).load(file.read_bytes())


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    folder, rounds = FOLDERS[-1], []
    with measuring() as measure:
        look(folder, TODAY, measure)  # textstat's dictionary and the fonts are read once
        for _ in range(ROUNDS):
            reading = read_marked(folder)
            rounds.append(
                (
                    milliseconds(lambda: look(folder, TODAY, measure)),
                    milliseconds(read_bare),
                    milliseconds(lambda: read_marked(folder)),
                    milliseconds(lambda: find_warnings(reading.pack, TODAY, reading.marks, measure)),  # noqa: B023
                    milliseconds(lambda: find_translation_warnings(folder, reading.pack, measure, reading.marks)),  # noqa: B023
                )
            )
    checked, bare, read, warned, translated = map(min, zip(*rounds, strict=True))
    print(f"check of {folder.name}, fastest {checked:6.0f} ms, of it {read:.0f} to read and build, ", end="")
    print(f"{warned:.0f} for words and rules, {translated:.0f} for translations   bare YAML {bare:6.0f} ms   ", end="")
    ratio = checked / bare
    print(f"ratio {ratio:.2f}   wanted at most {WANTED}   {'met' if ratio <= WANTED else 'MISSED'}")


if __name__ == "__main__":
    main()
