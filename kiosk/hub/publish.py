"""Packs out to kiosks: to one first, then to all, stopped, taken back.

| the act  | may be done where                                             | what kiosks are told then                      |
|----------|---------------------------------------------------------------|------------------------------------------------|
| try      | it is newer than the one for all, nothing else is tried        | that one kiosk gets it, the others what is for all |
| all      | it is newer than the one for all, or that one was stopped      | all get it; the one before is remembered       |
| stop     | it is tried                                                    | that kiosk goes back; the version is taken back |
|          | it is for all, and nothing is tried                            | nobody else fetches it; who has it keeps it    |
| back     | it is for all, and one was before                              | who shows it goes back; it is taken back       |

Each act is about one version: where a colleague was faster, and that one is no longer what it was, the act is refused.
A version that was taken back is not rolled out again: kiosks do not fetch one that they have left. The way forward is a
higher version. To go back is to what a kiosk still has beside the one it shows; it never fetches an older one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from kiosk.callbacks import wire
from kiosk.errors import RolloutRefused
from kiosk.hub.new_rows import insert_new
from kiosk.hub.publish_archives import Published, archives_of
from kiosk.hub.publish_log import Act, What, note
from kiosk.hub.publish_tables import archives, rollouts
from kiosk.hub.row_locks import lock_rows


@dataclass(frozen=True)
class Rollout:
    """Where a pack stands. `live` is the archive for all, `before` the one to go back to, `trial` the one tried."""

    pack: str
    live: str | None = None
    before: str | None = None
    trial: str | None = None
    trial_kiosk: str | None = None
    stopped: bool = False

    def offered(self, kiosk: str) -> str | None:
        """Return which archive a kiosk is to show, None for no word about it."""
        if self.trial and self.trial_kiosk == kiosk:
            return self.trial
        return None if self.stopped else self.live


@dataclass(frozen=True)
class _Change:
    """A rollout as it is then, the archive that the act is about, whether that is taken back, and what to log."""

    rollout: Rollout
    about: Published
    taken_back: bool = False
    note: str = ""


_Decide = Callable[[Rollout, dict[str, Published]], _Change]


class Publishing:
    """The rollouts of one hub. Each act is one transaction, with its line in the log; two at once come one by one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self) -> dict[str, Rollout]:
        """Return where each pack stands that was ever rolled out."""
        with self._engine.connect() as connection:
            return {row.pack: Rollout(**row._mapping) for row in connection.execute(select(rollouts))}

    def get(self, pack: str) -> Rollout:
        """Return where a pack stands."""
        return self.find().get(pack, Rollout(pack))

    def find_taken_back(self, pack: str) -> list[str]:
        """Return the contents of the versions that were taken back, the newest first: as many as a kiosk is told of."""
        query = (
            select(archives.c.content)
            .where(archives.c.pack == pack, archives.c.taken_back_at.is_not(None))
            .order_by(archives.c.version.desc())
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query.limit(wire.TAKEN_BACK_LIMIT)).scalars())

    def try_on(self, one: Published, kiosk: str, by: str, now: datetime) -> None:
        """Roll out to one kiosk. Raises RolloutRefused."""
        self._act(one.pack, What.TRY, by, now, lambda rollout, known: _try_on(rollout, known, one, kiosk))

    def roll_out(self, one: Published, by: str, now: datetime) -> None:
        """Roll out to every kiosk of this pack. Raises RolloutRefused."""
        self._act(one.pack, What.ALL, by, now, lambda rollout, known: _roll_out(rollout, known, one))

    def stop(self, one: Published, by: str, now: datetime) -> None:
        """End its trial or, where it is for all, let no other kiosk fetch it. Raises RolloutRefused."""
        self._act(one.pack, What.STOP, by, now, lambda rollout, known: _stop(rollout, known, one))

    def roll_back(self, one: Published, by: str, now: datetime) -> None:
        """Put the version before in the place of this one, which is for all. Raises RolloutRefused."""
        self._act(one.pack, What.BACK, by, now, lambda rollout, known: _roll_back(rollout, known, one))

    def _act(self, pack: str, what: What, by: str, now: datetime, decide: _Decide) -> None:
        with self._engine.begin() as connection:
            rollout = _alone(connection, pack)
            # Only now: who waited for another act sees what that one took back, and what was uploaded meanwhile.
            change = decide(rollout, archives_of(connection, pack))
            connection.execute(update(rollouts).where(rollouts.c.pack == pack).values(vars(change.rollout)))
            if change.taken_back:
                mine = update(archives).where(archives.c.sha256 == change.about.sha256)
                connection.execute(mine.values(taken_back_at=now))
            note(connection, Act(now, by, what, pack, change.about.version, change.note))


def _alone(connection: Connection, pack: str) -> Rollout:
    """Return where a pack stands once nobody else changes it."""
    insert_new(connection, rollouts, {"pack": pack, "stopped": False})
    lock_rows(connection, rollouts, rollouts.c.pack == pack)
    return Rollout(**connection.execute(select(rollouts).where(rollouts.c.pack == pack)).one()._mapping)


def _try_on(rollout: Rollout, known: dict[str, Published], one: Published, kiosk: str) -> _Change:
    _check_newer(rollout, known, one)
    if rollout.trial and (rollout.trial, rollout.trial_kiosk) != (one.sha256, kiosk):
        raise RolloutRefused(
            f"Version {known[rollout.trial].version} is tried on {rollout.trial_kiosk}.",
            "Roll that one out to all, or stop it first.",
        )
    return _Change(replace(rollout, trial=one.sha256, trial_kiosk=kiosk), one, note=kiosk)


def _roll_out(rollout: Rollout, known: dict[str, Published], one: Published) -> _Change:
    if rollout.stopped and rollout.live == one.sha256:
        return _Change(replace(rollout, stopped=False), one)
    _check_newer(rollout, known, one)
    if rollout.trial not in (None, one.sha256):
        raise RolloutRefused(
            f"Version {known[rollout.trial or ''].version} is tried on {rollout.trial_kiosk}.", "Stop that one first."
        )
    return _Change(Rollout(one.pack, live=one.sha256, before=rollout.live), one)


def _stop(rollout: Rollout, known: dict[str, Published], one: Published) -> _Change:
    if rollout.trial == one.sha256:
        after = replace(rollout, trial=None, trial_kiosk=None)
        return _Change(after, one, taken_back=True, note=rollout.trial_kiosk or "")
    if rollout.live != one.sha256 or rollout.stopped:
        raise RolloutRefused(f"Version {one.version} is not being rolled out any more.", "Look at the list of packs.")
    _check_nothing_tried(rollout, known)
    return _Change(replace(rollout, stopped=True), one)


def _roll_back(rollout: Rollout, known: dict[str, Published], one: Published) -> _Change:
    if rollout.live != one.sha256:
        raise RolloutRefused(f"Version {one.version} is not for all kiosks now.", "Look at the list of packs.")
    _check_nothing_tried(rollout, known)
    if rollout.before is None:
        raise RolloutRefused("There is no version before this one to go back to.", "Upload a higher version instead.")
    after = Rollout(rollout.pack, live=rollout.before)
    return _Change(after, one, taken_back=True, note=f"to version {known[rollout.before].version}")


def _check_nothing_tried(rollout: Rollout, known: dict[str, Published]) -> None:
    if rollout.trial:
        raise RolloutRefused(f"Version {known[rollout.trial].version} is tried.", "Stop that one first.")


def _check_newer(rollout: Rollout, known: dict[str, Published], one: Published) -> None:
    if known[one.sha256].taken_back_at:
        raise RolloutRefused(
            f"Version {one.version} was taken back, and kiosks do not fetch it again.",
            "Raise version: in pack.yaml, build it again, and upload that.",
        )
    live = known[rollout.live].version if rollout.live else 0
    if one.version <= live:
        raise RolloutRefused(f"Version {live} is for all kiosks already.", "Only a higher version can follow it.")


def kinds_of(rollout: Rollout, all_of_pack: Sequence[Published]) -> dict[str, str]:
    """Return in a word how each archive stands: `live`, `stopped`, `trial`, `back`, `before` or `new`."""
    live = next((each.version for each in all_of_pack if each.sha256 == rollout.live), 0)

    def kind(one: Published) -> str:
        if one.taken_back_at:
            return "back"
        if one.sha256 == rollout.live:
            return "stopped" if rollout.stopped else "live"
        if one.sha256 == rollout.trial:
            return "trial"
        return "new" if one.version > live else "before"

    return {one.sha256: kind(one) for one in all_of_pack}
