"""Settings, read once: defaults, then kiosk.toml, then KIOSK_* variables. Frozen from then on."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from kiosk.errors import SettingsFaulty
from kiosk.keyboard import CODES

FILE_NAME = "kiosk.toml"
_KINDS = {"Path": "a file or folder", "str": "words", "int": "a whole number", "bool": "true or false"}
PAPERS = ("A4", "A6", "80mm")
SCANS = ("off", "two", "one")
_YES_OR_NO = {"1": True, "true": True, "0": False, "false": False}


def content_folder() -> Path:
    """Return the folder of packs that came with the program: beside the package, in a clone and in a bundle alike."""
    return Path(__file__).resolve().parent.parent / "content"


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one machine to the next. Each field is a key of kiosk.toml and a KIOSK_ variable.

    data            folder of this machine's own files: outbox, childcare, keys, hub database
    pack            folder of the local pack
    hub_url         where requests go, as enrolled; this overrides it
    hub_ca          PEM file of a private certificate authority, if the hub has one
    sticks          folder where USB sticks are shown, if it is not the system's own (/media, /run/media, /Volumes)
    sync_seconds    how often the outbox is looked at
    idle_seconds    untouched for so long, the warning comes (R6)
    warning_seconds how long the warning stays before everything typed is gone; at least 20 (R6)
    printer         name of the print queue for slips, as lpstat -p or Get-Printer gives it; empty: none is offered
    printer_paper   what it holds: A4, A6, or 80mm for a roll
    fullscreen      False for a window of `width` x `height` pixels
    panel_mm        millimetres of the screen's shorter side, by which targets are made large enough for a finger (R12):
                    398 is a 32-inch panel; 24-inch has 299, 15-inch 187; 0 for unknown
    scan            how each visit begins for who uses switches: off, two (next and choose), one (choose; next by itself)
    scan_keys       the keys that the switches press, next before choose: space, enter, tab, left, f1, a, 1 ...
    scan_seconds    with one switch, how long each choice is offered
    hub_database    SQLAlchemy URL of the hub's database; empty means SQLite in `data`
    hub_host        address that the hub listens on
    hub_port        port that the hub listens on
    hub_proxy       address of the web server before the hub: who asks, and that it was by https, is on its word alone
    handled_days    handled requests are deleted after so many days (R4)
    idle_lock_minutes  the desk locks after so long without a click
    escalate_days   a request that nobody handled stands on top after so many days (R4)
    escalate_mail   who is mailed about those: one address, or "Rose Hill=a@example.org, Barton=b@example.org"
    smtp_url        the server that takes the mail: smtp://user:password@host:587 or smtps://host
    smtp_from       the address that the mail comes from
    controller      who answers for what people tell the kiosks, such as "Oxfordshire County Council"
    controller_contact  how to reach them about it: a mail address, a telephone number
    tries           after so many calls without an answer the desk offers to close with "No contact"
    """

    data: Path = Path(platformdirs.user_data_dir("waymark", appauthor=False))
    pack: Path = content_folder() / "oxfordshire"
    hub_url: str = ""
    hub_ca: Path | None = None
    sticks: Path | None = None
    sync_seconds: int = 60
    idle_seconds: int = 60
    warning_seconds: int = 20
    printer: str = ""
    printer_paper: str = "A6"
    fullscreen: bool = True
    width: int = 1080
    height: int = 1920
    panel_mm: int = 398
    scan: str = "off"
    scan_keys: str = "space enter"
    scan_seconds: int = 3
    hub_database: str = ""
    hub_host: str = "127.0.0.1"
    hub_port: int = 8765
    hub_proxy: str = ""
    handled_days: int = 14
    idle_lock_minutes: int = 10
    escalate_days: int = 3
    escalate_mail: str = ""
    smtp_url: str = ""
    smtp_from: str = ""
    controller: str = ""
    controller_contact: str = ""
    tries: int = 3

    def __post_init__(self) -> None:
        if self.warning_seconds < 20:
            raise SettingsFaulty(
                "warning_seconds is under 20.", "A parent needs at least 20 seconds to say they are still here."
            )
        if not 0 <= self.hub_port <= 65535:
            raise SettingsFaulty("hub_port is not a port.", "Give a whole number up to 65535.")
        if self.hub_proxy and not _is_ip_address(self.hub_proxy):
            raise SettingsFaulty("hub_proxy is not an address.", "Give the one it asks from, such as 127.0.0.1.")
        if self.printer_paper not in PAPERS:
            raise SettingsFaulty(f'printer_paper is "{self.printer_paper}".', f"Give one of {', '.join(PAPERS)}.")
        addresses = self.escalate_mail + self.smtp_from
        if self.escalate_mail and not (_is_mail_server(self.smtp_url) and self.smtp_from and addresses.isprintable()):
            raise SettingsFaulty(
                "escalate_mail needs a server and a sender.", 'Set smtp_url, such as "smtp://host:25", and smtp_from.'
            )
        if self.panel_mm < 0:
            raise SettingsFaulty("panel_mm is under 0.", "Measure the screen's shorter side, or give 0 for unknown.")
        self._check_switches()
        for name in (
            "scan_seconds",
            "sync_seconds",
            "idle_seconds",
            "width",
            "height",
            "handled_days",
            "idle_lock_minutes",
            "escalate_days",
            "tries",
        ):
            if getattr(self, name) < 1:
                raise SettingsFaulty(f"{name} is under 1.", "Give a whole number of 1 or more.")

    def _check_switches(self) -> None:
        if self.scan not in SCANS:
            raise SettingsFaulty(f'scan is "{self.scan}".', "Give off, two or one.")
        names = self.scan_keys.lower().split()
        unknown = [name for name in names if name not in CODES]
        if unknown or len(set(names)) != 2:
            raise SettingsFaulty(
                f'scan_keys is "{self.scan_keys}".', f"Name two different keys of these: {', '.join(CODES)}."
            )


def _is_ip_address(words: str) -> bool:
    try:
        return bool(ip_address(words))
    except ValueError:
        return False


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def load_settings(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read kiosk.toml (`file`, else KIOSK_FILE, else ./kiosk.toml if there is one) and the KIOSK_* variables.

    Raises SettingsFaulty on a key that does not exist or a value of the wrong kind.
    """
    named = file or (Path(environ["KIOSK_FILE"]) if "KIOSK_FILE" in environ else None)
    values: dict[str, Any] = {}
    if named or Path(FILE_NAME).is_file():
        values.update(_read_toml(named or Path(FILE_NAME)))
    values.update({k[6:].lower(): v for k, v in environ.items() if k.startswith("KIOSK_") and k != "KIOSK_FILE"})
    return Settings(**{name: _parse(name, value) for name, value in values.items()})


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise SettingsFaulty(
            f"{file} cannot be read: {why}.", "Mend the file, or take it away to use the defaults."
        ) from why


def _parse(name: str, value: Any) -> Any:
    kinds = {field.name: str(field.type) for field in fields(Settings)}
    if name not in kinds:
        near = difflib.get_close_matches(name, kinds, 1)
        hint = f'Did you mean "{near[0]}"?' if near else f"The settings are: {', '.join(sorted(kinds))}."
        raise SettingsFaulty(f'There is no setting "{name}".', hint)
    try:
        return _convert(kinds[name], value)
    except (ValueError, KeyError, RuntimeError) as why:
        raise SettingsFaulty(
            f'The setting "{name}" is {value!r}.', f"It must be {_KINDS[kinds[name].split()[0]]}."
        ) from why


def _convert(kind: str, value: Any) -> Any:
    """Return the value as its setting's kind. A variable's value is always words, one of the file need not be.

    Raises ValueError, KeyError for a word that is neither yes nor no, RuntimeError for the home of nobody.
    """
    if kind == "bool":
        return value if isinstance(value, bool) else _YES_OR_NO[str(value).lower()]
    if kind == "int" and type(value) is int:
        return value
    if not isinstance(value, str):
        raise ValueError("not words")
    if kind == "int":
        return int(value)
    if kind == "str":
        return value
    if not value and kind == "Path":
        raise ValueError("no path")
    return Path(value).expanduser() if value else None
