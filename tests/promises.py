"""What Waymark promises, by number, and which tests keep each: `@pytest.mark.promise(9, 13)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

PROMISES = {
    1: "kill -9 around Save: the whole record or none; what was shown as safe is there",
    2: "power cut after “We have your request”: it is there",
    3: "a doubled touch is one record",
    4: "disk full, read-only or failing: told, nothing half-written, information goes on",
    5: "no or bad team key: no form is offered",
    6: "what was typed is in no file, log, core or clipboard",
    7: "a malformed database is set aside untouched, and staff told",
    8: "a second copy of the program refuses to start",
    9: "answer lost after the commit: one row, retry accepted",
    10: "the same batch twice in parallel: one row each",
    11: "same id, other bytes: 409, both kept, staff told",
    12: "login page, redirect, wrong digest, forged or cut receipt: nothing marked delivered",
    13: "connection cut at every byte: nothing lost or doubled",
    14: "one poisoned record waits for staff, the rest is delivered",
    15: "hub away for three days: back-off, screen never blocks, order kept, no last try",
    16: "401 and 403: stop, keep all, staff told",
    17: "clock at 1970, 2099, jumping, summer time: no loss, no purge, order kept",
    18: "a purged record that comes again is already handled",
    19: "a cloned disk is quarantined",
    20: "key rotated with a full queue: every request opens",
    21: "stick pulled at any moment: kiosk holds all, no file or a whole one",
    22: "imported twice or after the network: one row each",
    23: "stick lost: unreadable, and copied again",
    24: "stick full, locked, two of them: each named",
    25: "one flipped byte in a pack: refused, old pack stays",
    26: "pack under a wrong key: refused",
    27: "older or changed pack of a version: refused",
    28: "paths that leave the pack's folder: refused before any write",
    29: "zip bombs and lying sizes: stopped at the cap",
    30: "power cut at each step of an install: old or new pack, whole",
    31: "a bit rots in the installed pack: previous pack shown",
    32: "expired pack or wrong clock: shown, staff warned",
    33: "wrong password twenty times: slowed, no 500, same answer for a wrong name",
    34: "purge: row, notes, index, free pages gone; tombstone and count stay",
    35: "inner id or kiosk differs from the outer: quarantined",
    36: "a cell that starts with = + - @ is harmless",
    37: "no page without signing in, no change without a token, roles hold",
    38: "idle on every screen: warning, extendable, full wipe",
    39: "screen blocked for 30 s: restarted, visit not restored",
    40: "no network or clock at boot: usable",
    41: "a keyboard does nothing",
    42: "10,000 random visits: no exception, memory flat",
}


def numbers_of(item: pytest.Item) -> set[int]:
    """Return the promises that a test is marked with."""
    return {number for marker in item.iter_markers("promise") for number in marker.args}


@dataclass
class Kept:
    """What came of the marked tests: outcome by test by promise, a test's worst among its parameters."""

    outcomes: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, report: pytest.TestReport) -> None:
        """Count one report: of the call, or of a set-up that did not come to it."""
        if report.when != "call" and report.passed:
            return
        test = report.nodeid.partition("[")[0]
        for name, number in report.user_properties:
            if name == "promise":
                worst = max(report.outcome, self.outcomes[int(number)].get(test, "passed"), key=_BAD.index)
                self.outcomes[int(number)][test] = worst


_BAD = ("passed", "skipped", "failed")


def lines(kept: Kept, all_tests: bool, whole_run: bool = True, elsewhere: str = "") -> Iterator[str]:
    """Yield the table: number, promise, how many tests and what came of them; then their names, all or the first.

    After a `whole_run` a promise that had no test is named as well; where that was the half of one, with the command that
    runs the other half.
    """
    for number, says in PROMISES.items():
        tests = kept.outcomes.get(number, {})
        if not tests and not whole_run:
            continue
        yield f"{number:2}  {says} – {_verdict(list(tests.values()), elsewhere)}"
        shown = sorted(tests) if all_tests else sorted(tests)[:1]
        more = f" and {len(tests) - len(shown)} more" if len(tests) > len(shown) else ""
        yield from (f"      {test}{more}" for test in shown)


def _verdict(outcomes: list[str], elsewhere: str) -> str:
    if not outcomes:
        return f"see {elsewhere}" if elsewhere else "NO TEST RAN"
    counted = [f"{outcomes.count(each)} {each}" for each in _BAD if each in outcomes]
    return ", ".join(counted)
