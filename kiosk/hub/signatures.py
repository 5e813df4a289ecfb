"""The signatures of many envelopes, checked by as many processors as are free.

To check one takes longer than all else that is done with an envelope, and other threads may run meanwhile.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

from kiosk.callbacks.seal import Cover, check_cover
from kiosk.errors import SealBroken

WORTH_HELP = 5  # envelopes; to ask for help with one takes as long as it saves
HELPERS_MOST = 3  # in between each holds up the others for a moment, so that more of them would only wait


class Signed(NamedTuple):
    """An envelope with its outside, as read_cover returns it, and the key of the kiosk that is to have signed it."""

    blob: bytes
    cover: Cover
    verify_key: bytes


def find_signed(brought: Iterable[Signed | None]) -> list[bool]:
    """Return of each, in order, whether that kiosk signed it. The first are checked while the next are `brought`."""
    checks, helpers = _Checks(), _helpers()
    for count, each in enumerate(brought, 1):
        checks.add(each)
        if helpers and count % WORTH_HELP == 0:
            helpers.submit(checks.help)
    return checks.finish()


class _Checks:
    """Checks that several threads do together. Each takes the next that nobody has begun with."""

    def __init__(self) -> None:
        self._all: list[Signed | None] = []
        self._found: dict[int, bool] = {}
        self._to_do: deque[int] = deque()

    def add(self, each: Signed | None) -> None:
        self._all.append(each)
        self._to_do.append(len(self._all) - 1)

    def help(self) -> None:
        """Check for as long as there is something to do."""
        while self._to_do:
            try:
                number = self._to_do.popleft()
            except IndexError:  # another was faster
                return
            self._found[number] = _is_signed(self._all[number])

    def finish(self) -> list[bool]:
        self.help()
        # What a helper has begun with and not ended is checked here too: nobody waits for a thread that may not run now.
        return [
            self._found[number] if number in self._found else _is_signed(each) for number, each in enumerate(self._all)
        ]


def _is_signed(each: Signed | None) -> bool:
    try:
        if each:
            check_cover(*each)
    except SealBroken:
        return False
    return each is not None


@cache
def _helpers() -> ThreadPoolExecutor | None:
    """Made once in a process, as soon as it is needed; None where there is one processor."""
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ThreadPoolExecutor(min(free - 1, HELPERS_MOST), "signatures") if free > 1 else None
