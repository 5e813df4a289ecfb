"""Who may do what at the desk. Pure; kiosk.hub.routes says which page is for which role."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.errors import RoleRefused


class Role(StrEnum):
    """A worker rings, a lead also looks after people and keys, a publisher sees content and no request."""

    WORKER = "worker"
    LEAD = "lead"
    PUBLISHER = "publisher"


@dataclass(frozen=True)
class Worker:
    """Somebody who may sign in. `name` is unique, whatever its case and spaces; no `centres` means all of them."""

    id: int
    name: str
    role: Role
    centres: tuple[str, ...] = ()

    def may_see(self, centre: str) -> bool:
        """True if the requests of this centre are theirs to look at."""
        if self.role is Role.LEAD:
            return True
        return self.role is Role.WORKER and (not self.centres or centre in self.centres)


@dataclass(frozen=True)
class Opened:
    """A worker who has given the right password, and the team's private key that it opened; `box` is how that key lay
    under the password.
    """

    worker: Worker
    team_key: bytes = field(repr=False)
    box: bytes = field(default=b"", repr=False)


def check_lead(worker: Worker) -> None:
    """Raise RoleRefused unless `worker` leads the team."""
    if worker.role is not Role.LEAD:
        raise RoleRefused("Only a lead of the team may do this.", "Ask one of them.")
