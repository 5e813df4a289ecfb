"""The staff screen's sentences: how the kiosk stands, and what came of what was asked of it. No name, no number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kiosk.callbacks.model import Trouble
from kiosk.errors import (
    ArchiveDamaged,
    ArchiveRefused,
    InstallFailed,
    NoTeamKey,
    NothingToInstall,
    OutboxUnavailable,
    PackFaulty,
    SeveralSticks,
    SignerUnknown,
    StickFull,
    StickLocked,
    StickMissing,
    StickPulled,
    StickUnanswered,
    UsbTrouble,
    VersionRefused,
)
from kiosk.london import LONDON
from kiosk.pack.check import NEAR
from kiosk.pack.due import Due
from kiosk.pack.starts import Leaves
from kiosk.ui.screens.staff_jobs import State

NAMED = 3  # figures, of however many
LITTLE_ROOM = 200 * 1000 * 1000  # bytes

# What a row says, and whether it needs somebody.
Said = tuple[str, bool]


def say_error(error: BaseException, words) -> str:
    """Return what is wrong and what helps."""
    match error:
        case UsbTrouble():
            return _say_stick(error, words)
        case NoTeamKey():
            return words("This kiosk has not joined a hub.")
        case OutboxUnavailable():
            return words("The requests on this kiosk cannot be read. Is its disk full? Nothing was copied.")
        case ArchiveRefused() | InstallFailed() | PackFaulty():
            return say_not_installed(error, words)
    return words("That did not work. Nothing is lost.")


def _say_stick(error: UsbTrouble, words) -> str:
    match error:
        case StickFull():
            return words("The stick is full. Delete something from it, or take another.")
        case StickLocked():
            return words("The stick may only be read. Slide its lock, or take another.")
        case SeveralSticks():
            return words("There is more than one stick. Take one out.")
        case StickPulled():
            return words("The stick was pulled out, or has failed. Put it in again. Nothing is lost.")
        case StickUnanswered():
            return words("The hub has left no answers on this stick. Take it to the hub first.")
        case StickMissing():
            return words("There is no stick. Put one in, wait a moment, and try again.")
    return words("The file on the stick is damaged. Copy the requests again, or take another stick.")


def say_not_installed(error: BaseException, words) -> str:
    """Return why no content was taken; of several packs that were refused, for the one that came nearest to it."""
    kept = words("What was here before is still shown.")
    return f"{_not_installed(_nearest(error), words)} {kept}"


_NEARER = (ArchiveDamaged, SignerUnknown, ArchiveRefused, VersionRefused)  # the last is right but for its number


def _nearest(error: BaseException) -> BaseException:
    reasons = error.reasons if isinstance(error, NothingToInstall) else ()
    return max(reasons, key=lambda each: _NEARER.index(type(each)) if type(each) in _NEARER else 2, default=error)


def _not_installed(error: BaseException, words) -> str:
    match error:
        case NothingToInstall():
            return words("There is no content on this stick. Copy the .pack file to it, into no folder.")
        case ArchiveDamaged():
            return words("The content on this stick is damaged. Copy it there again.")
        case SignerUnknown():
            return words("This kiosk does not know who signed this content. Ask whoever made it.")
        case VersionRefused():
            return words("This content is older than what was installed here. Ask for a newer version.")
        case InstallFailed():
            return words("This kiosk’s disk does not take the content. Is it full?")
    return words("This content is not for this kiosk, or has a fault. Ask whoever made it.")


def say_installed(version: int, words) -> str:
    return words("Version {version} is installed. Parents see it from the next visit on.").format(version=version)


def say_trouble(trouble: Trouble, words) -> str:
    """Return what stood in the way of the last delivery."""
    match trouble:
        case Trouble.UNREACHABLE:
            return words("The hub could not be reached. We keep trying.")
        case Trouble.REFUSED:
            return words("The hub refuses this kiosk. Ask whoever runs the hub.")
        case Trouble.QUARANTINED:
            return words("The hub hears from two machines with this kiosk’s keys. Enrol this one again.")
    return words("The hub did not answer as it should. We keep trying.")


def say_copied(copied, words) -> str:
    """Return what a copy to the stick came to; None if nothing waited."""
    if copied is None:
        return words("Nothing waits: there is nothing to copy.")
    says = words("{count} copied. They also stay here until the hub’s answers are back. You may take the stick out.")
    more = " " + words("{left} more wait for the next copy.") if copied.left else ""
    return (says + more).format(count=copied.count, left=copied.left)


def say_returned(returned, words) -> str:
    """Return what the hub's answers on the stick came to."""
    says = words("{delivered} delivered, {waiting} still wait, {aside} need a look.")
    says = says.format(delivered=returned.delivered, waiting=returned.waiting, aside=returned.set_aside)
    strange = words("{count} answers are not this hub’s. Take the stick to the hub again.")
    return says + (" " + strange.format(count=returned.strange) if returned.strange else "")


def say_report(report, words) -> str:
    """Return what a delivery came to."""
    says = words("{delivered} delivered, {waiting} still wait.")
    says = says.format(delivered=report.delivered, waiting=report.waiting)
    return says + (" " + say_trouble(report.trouble, words) if report.trouble else "")


def say_labels(words) -> list[str]:
    """Return what the rows are about, from top to bottom."""
    return [
        words("Requests waiting"),
        words("Last delivery"),
        words("Need a look"),
        words("Room on the disk"),
        words("Figures out of date"),
        words("Figures to look up next"),
        words("Content"),
        words("Clock"),
        words("Kiosk and programme"),
    ]


def say_state(state: State, words) -> dict[str, Said]:
    """Return what stands in each row, by its label."""
    facts = (_queue, _delivery, _aside, _room, _stale, _due, _content, _clock, _kiosk)
    return {label: says(state, words) for label, says in zip(say_labels(words), facts, strict=True)}


def say_time(at: datetime) -> str:
    """Return a moment as the wall clock shows it, such as 21/11/2026 12:00."""
    return at.astimezone(LONDON).strftime("%d/%m/%Y %H:%M")


def _queue(state: State, words) -> Said:
    if state.counts is None:
        return words("The queue cannot be read."), True
    says = str(state.counts.waiting)
    if state.counts.oldest_saved_at:
        says += " " + words("(oldest from {at})").format(at=say_time(state.counts.oldest_saved_at))
    return (
        (f"{says}. {words('A damaged queue was put aside: keep its file.')}", True)
        if state.counts.notice
        else (says, False)
    )


def _delivery(state: State, words) -> Said:
    last = say_time(state.last_success_at) if state.last_success_at else words("None since the start")
    trouble = state.counts.trouble if state.counts and state.counts.waiting else None
    if trouble:
        return f"{last}. {say_trouble(trouble, words)}", True
    return (f"{last}. {words('The last try failed.')}", True) if state.last_error else (last, False)


def _aside(state: State, words) -> Said:
    aside = state.counts.set_aside if state.counts else 0
    return (words("{count}: the hub did not take them.").format(count=aside), True) if aside else (words("None"), False)


def _room(state: State, words) -> Said:
    if state.free is None:
        return words("The disk cannot be read."), True
    room = f"{state.free / 1e9:.1f} GB"
    return (words("{room}: make room").format(room=room), True) if state.free < LITTLE_ROOM else (room, False)


def _stale(state: State, words) -> Said:
    stale = [due for due in state.due if due.stale]
    return (f"{len(stale)}: {_named(stale)}", True) if stale else (words("None"), False)


def _due(state: State, words) -> Said:
    """The day on which the next figures come due, and which they are; a need where that is near."""
    waiting = [due for due in state.due if not due.stale]
    if not waiting:
        return words("None"), False
    soonest = [due for due in waiting if due.review_by == waiting[0].review_by]
    says = words("{day}: {figures}").format(day=waiting[0].review_by.strftime("%d/%m/%Y"), figures=_named(soonest))
    return says, waiting[0].days_left <= NEAR.days


def _named(due: Sequence[Due]) -> str:
    """Return the first of the figures by the names that facts.yaml gives them."""
    return ", ".join(each.id for each in due[:NAMED]) + ("…" if len(due) > NAMED else "")


def _content(state: State, words) -> Said:
    if state.pack_left:
        says = _say_left(state.pack_left.why, words)
    elif state.pack_rotted:
        says = words("{pack}. The one installed after it is damaged: install it again.")
    elif state.faults:
        says = words("{pack}. It has faults: the last good one is shown.")
    elif state.pack_expired:
        says = words("{pack}. It has expired: no figures are shown. Install a newer one.")
    elif state.pack_refused:
        says = words("{pack}. The one that the hub offers could not be taken; the hub’s page of this kiosk says why.")
    else:
        return state.pack, False
    return says.format(pack=state.pack, version=state.pack_left.version if state.pack_left else ""), True


def _say_left(why: Leaves, words) -> str:
    match why:
        case Leaves.GIVEN_UP:
            return words("{pack}. Version {version} failed to start: install a newer one, or that one again.")
        case Leaves.ASIDE:
            return words("{pack}. The machine went off while version {version} started: switch it off and on again.")
    return words("{pack}. Version {version} could not be shown: ask for a newer one.")


def _clock(state: State, words) -> Said:
    return say_time(state.now), state.clock_is_behind


def _kiosk(state: State, words) -> Said:
    return f"{state.kiosk or words('not joined to a hub')}, {state.program}", not state.kiosk
