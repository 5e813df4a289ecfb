"""Words about packs, for the desk. Pure: the same facts give the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from kiosk.hub.publish_archives import Published
from kiosk.hub.publish_log import Act, What
from kiosk.hub.publish_shown import ShownPack
from kiosk.pack.check import Finding

STATES = {
    "live": ("For all", "green"),
    "stopped": ("Stopped", "yellow"),
    "trial": ("Tried on one kiosk", "blue"),
    "back": ("Taken back", "red"),
    "before": ("Followed by a newer one", "grey"),
    "new": ("Not rolled out", "light-blue"),
}
_ACTS = {
    What.UPLOAD: "Uploaded {what}, signed by {about}",
    What.TRY: "Rolled {what} out to one kiosk, {about}",
    What.ALL: "Rolled {what} out to all",
    What.STOP: "Stopped {what}",
    What.BACK: "Took {what} back, {about}",
    What.TRUST: "Trusted the publisher {about}",
    What.DISTRUST: "Trusted the publisher {about} no more",
    What.FOLLOW: "Followed a change of keys, {about}",
}


def act_words(act: Act) -> str:
    """Return what somebody did: "Rolled oxfordshire 4 out to all"."""
    return _ACTS[act.act].format(what=f"{act.pack} {act.version}", about=act.about)


def size_words(size: int) -> str:
    """Return "1.2 MB", "64 MB", or "12 kB" for a small one."""
    return f"{size / 1e6:.1f}".removesuffix(".0") + " MB" if size >= 1e5 else f"{-(-size // 1000)} kB"


def shown_words(shown: ShownPack | None) -> str:
    """Return which pack a kiosk shows: "oxfordshire 4", "oxfordshire, unsigned" or "Not known"."""
    if shown is None:
        return "Not known"
    return f"{shown.pack} {shown.version}" if shown.version else f"{shown.pack}, unsigned"


def kiosks_words(one: Published, shown: Iterable[ShownPack]) -> str:
    """Return how many kiosks show a version, as they last said: "3 kiosks", "1 kiosk" or "No kiosk"."""
    count = sum((each.pack, each.version) == (one.pack, one.version) for each in shown)
    return "No kiosk" if not count else "1 kiosk" if count == 1 else f"{count} kiosks"


def by_file(found: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Yield each file with what is to be looked at in it."""
    for file, group in groupby(found, key=lambda finding: finding.file):
        yield file, list(group)
