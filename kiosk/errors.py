"""Every kind of error that Waymark raises on purpose.

    WaymarkError                  the fact, in one sentence; `remedy` says what to do
    +-- SettingsFaulty            kiosk.toml or a KIOSK_* variable cannot be understood
    +-- PackFaulty                a pack's folder holds faults; carries all of them
    +-- PackUnmakeable            a new pack cannot be made: its name, or what stands in its place
    +-- ArchiveRefused            a .pack file, or a word on publisher keys, cannot be taken
    |   +-- ArchiveDamaged        cut short, changed, or not spelt as `kiosk pack build` spells it
    |   +-- SignerUnknown         nobody whom this kiosk trusts has signed it
    |   +-- VersionRefused        older than what was installed here, or other content under the same version
    |   +-- NothingToInstall      a folder or stick holds no pack that could be taken; carries why each was refused
    +-- InstallFailed             the disk does not take a pack, or another install is under way
    +-- NothingToRollBack         there is no whole pack before the one that is shown
    +-- PublisherKeyFaulty        a publisher's key cannot be made, read or opened
    +-- AnswersAstray             answers that do not belong to this flow, or do not follow on one another
    +-- AlreadyRunning            another copy of the kiosk has the data folder open
    +-- ChildcareFileFaulty       a register, list or postcode file cannot be read
    |   +-- FeedUnreachable       a directory of services does not answer, or not as the standard says
    +-- UnknownSource             no list of childcare of this name is loaded
    +-- WorkbookFaulty            an .xlsx file cannot be read
    +-- UnknownDistrict           no district of England has this name
    +-- UnknownPostcode           a postcode that is well formed but not in the table
    +-- UnknownProvider           no childcare place has this reference number
    +-- PostcodeFaulty            what was typed does not have a postcode's shape
    +-- RequestFaulty             a call-back request breaks its own limits
    +-- RequestUnknown            no request of this number is set aside
    +-- NoTeamKey                 this kiosk has no key to seal requests for
    +-- SealBroken                an envelope, receipt or key does not verify or open
    +-- EnvelopeChanged           an id that is already kept comes again with other bytes
    +-- OutboxUnavailable         the outbox cannot be read or written: disk full, read-only, I/O error
    +-- HubError                  the hub could not do what was asked
    |   +-- HubUnreachable        no connection, time-out, connection cut
    |   |   +-- HubSlows          because it was tried too often from here (429); carries the wait
    |   +-- HubRefused            the hub knows us and says no (401, 403)
    |   |   +-- KioskCloned       because another machine delivers with the keys of this one
    |   +-- HubNonsense           whatever answered is not a Waymark hub
    +-- UsbTrouble                a stick cannot be used
    |   +-- StickMissing          there is none
    |   |   +-- StickPulled       it was pulled out, or has failed
    |   |   +-- StickUnanswered   the hub has left nothing on it for this kiosk
    |   +-- SeveralSticks         there is more than one to choose from
    |   +-- StickFull             no room is left
    |   +-- StickLocked           it may only be read
    |   +-- StickDamaged          a file on it is damaged, or nobody known signed it
    +-- EnrolmentRefused          the code is wrong, used or expired
    +-- UnknownKiosk              no kiosk of this name has joined this hub
    +-- HubNotReady               the hub has not been initialised, or its data is missing
    +-- HubAlreadyReady           the hub has keys; making others would lock every request in
    +-- PortTaken                 the hub cannot listen where it should: another program does, or it may not
    +-- SignInRefused             name and password do not belong together
    |   +-- TooManyTries          tried again before the wait was over; carries the wait
    +-- AccountFaulty             a new worker's name or password, or a staff code, breaks a rule
    +-- StaffCodeDamaged          the file of a kiosk's staff code cannot be read
    +-- RoleRefused               this is not for a worker of this role
    +-- CaseTaken                 another worker rings this person, or the case is closed
    +-- RolloutRefused            a pack cannot be rolled out, stopped or taken back as things stand
    +-- FormFaulty                what was typed into a form of the desk cannot be used
    +-- NoDisplay                 there is no screen to draw on
    +-- PrinterStuck              a slip did not come out of the printer
    +-- TooMuchToPrint            the words do not fit a sheet in letters that can be read
    +-- ScreenBroken              the screen failed three times within a minute
    +-- NoSpeech                  there is no voice to read aloud with
    +-- NoSound                   there is no sound device, or it is gone

Errors are translated at the door: the command line prints the sentence and exits 1, the hub answers a status and a page,
the screen says what a parent can do. No error text holds a name, a number or a sealed request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class WaymarkError(Exception):
    """A fact that stops the work. `str(error)` is a sentence; `remedy` is what the reader can do, or empty."""

    def __init__(self, fact: str, remedy: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.fact} {self.remedy}".strip()


class SettingsFaulty(WaymarkError): ...


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a pack's folder. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    says: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.says} {self.remedy}".strip()


class PackFaulty(WaymarkError):
    """Carries every fault at once, so that staff fix a pack in one go."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> list[str]:
        lines: list[str] = []
        for file in dict.fromkeys(fault.file for fault in self.faults):
            here = [fault for fault in self.faults if fault.file == file]
            lines.append(f"{file} needs {len(here)} {'fix' if len(here) == 1 else 'fixes'}")
            lines.extend(f"  line {fault.line:<4} {fault}" if fault.line else f"  {fault}" for fault in here)
        return lines


class ArchiveRefused(WaymarkError): ...


class ArchiveDamaged(ArchiveRefused): ...


class SignerUnknown(ArchiveRefused): ...


class VersionRefused(ArchiveRefused): ...


class NothingToInstall(ArchiveRefused):
    """`reasons` are why each pack of a folder was refused; there is none where the folder holds no pack."""

    def __init__(self, fact: str, remedy: str, reasons: Sequence[ArchiveRefused] = ()) -> None:
        super().__init__(fact, remedy)
        self.reasons = tuple(reasons)


class InstallFailed(WaymarkError): ...


class NothingToRollBack(WaymarkError): ...


class PublisherKeyFaulty(WaymarkError): ...


class PackUnmakeable(WaymarkError): ...


class AnswersAstray(WaymarkError): ...


class AlreadyRunning(WaymarkError): ...


class ChildcareFileFaulty(WaymarkError): ...


class FeedUnreachable(ChildcareFileFaulty): ...


class UnknownSource(WaymarkError): ...


class UnknownDistrict(WaymarkError): ...


class WorkbookFaulty(WaymarkError): ...


class UnknownPostcode(WaymarkError): ...


class UnknownProvider(WaymarkError): ...


class PostcodeFaulty(WaymarkError): ...


class RequestFaulty(WaymarkError): ...


class RequestUnknown(WaymarkError): ...


class NoTeamKey(WaymarkError): ...


class SealBroken(WaymarkError): ...


class EnvelopeChanged(WaymarkError): ...


class OutboxUnavailable(WaymarkError): ...


class HubError(WaymarkError): ...


class HubUnreachable(HubError): ...


class HubSlows(HubUnreachable):
    """`seconds` is how long the hub asks to wait before the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__("The hub was tried too often from here.", f"Wait {seconds} seconds, then try again.")
        self.seconds = seconds


class HubRefused(HubError): ...


class KioskCloned(HubRefused): ...


class HubNonsense(HubError): ...


class UsbTrouble(WaymarkError): ...


class StickMissing(UsbTrouble): ...


class StickPulled(StickMissing): ...


class StickUnanswered(StickMissing): ...


class SeveralSticks(UsbTrouble): ...


class StickFull(UsbTrouble): ...


class StickLocked(UsbTrouble): ...


class StickDamaged(UsbTrouble): ...


class EnrolmentRefused(WaymarkError): ...


class UnknownKiosk(WaymarkError): ...


class HubNotReady(WaymarkError): ...


class HubAlreadyReady(WaymarkError): ...


class PortTaken(WaymarkError): ...


class SignInRefused(WaymarkError): ...


class TooManyTries(SignInRefused):
    """`seconds` is how long to wait before the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__("There were too many tries.", f"Wait {seconds} seconds, then try again.")
        self.seconds = seconds


class AccountFaulty(WaymarkError): ...


class StaffCodeDamaged(WaymarkError): ...


class RoleRefused(WaymarkError): ...


class CaseTaken(WaymarkError): ...


class RolloutRefused(WaymarkError): ...


class FormFaulty(WaymarkError):
    """`problems` has a sentence for the id of each field on the page that must be mended; `field` is the first of them."""

    def __init__(self, field: str, fact: str, others: Mapping[str, str] | None = None) -> None:
        super().__init__(fact)
        self.field = field
        self.problems = {field: fact} | dict(others or {})


class NoDisplay(WaymarkError): ...


class PrinterStuck(WaymarkError): ...


class TooMuchToPrint(WaymarkError): ...


class ScreenBroken(WaymarkError): ...


class NoSpeech(WaymarkError): ...


class NoSound(WaymarkError): ...
