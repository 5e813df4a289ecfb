"""`kiosk pack build`, `verify`, `install`, `rollback` and `list`: signed packs, from a folder to a kiosk and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO

import click

from kiosk.cli.pack_check import look, measuring, own_findings
from kiosk.cli.pack_key import PASSPHRASE_FILE, PUBLIC_KEY, passphrase_of
from kiosk.cli.verbs import Verb
from kiosk.errors import ArchiveRefused, InstallFailed
from kiosk.london import LONDON
from kiosk.pack.archive import SUFFIX, Archive, build_archive, verify_archive, write_archive
from kiosk.pack.check import Finding
from kiosk.pack.install import check_fits, find_newest, install, roll_back
from kiosk.pack.publisher import key_name, load_key, load_public
from kiosk.pack.slots import Installed, Slots
from kiosk.pack.sources import folder_name
from kiosk.pack.starts import Starts
from kiosk.pack.trusted import Publishers
from kiosk.settings import Settings, load_settings
from kiosk.sync.stick import SHOWN_AT, find_the_stick

MOST_SHOWN = 10  # warnings; a check shows all of them


@click.command(cls=Verb, epilog="Example: kiosk pack build content/oxfordshire --key rose-hill.key --out /media/stick")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path), help="Your file of kiosk pack key.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A folder, or a file that ends in .pack; else here, named by pack and version.",
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which its figures are shown.")
@PASSPHRASE_FILE
def build(
    folder: Path, key_file: Path, out: Path | None, expires: datetime | None, passphrase_file: IO[str] | None
) -> None:
    """Make a signed .pack of the folder DIR and of the national pack that it extends.

    A pack with faults is refused; warnings are told. The same files, version and expiry give the same bytes.
    """
    with measuring() as measure:
        found, read = look(folder, date.today(), measure)  # noqa: DTZ011 - the day where staff sit is the day meant
    _check_goes_there(out)
    key = load_key(key_file, passphrase_of(key_file, passphrase_file))
    built = build_archive(folder, key, _after(expires.date()) if expires else None)
    file = (out or Path()) / built.file_name if out is None or out.is_dir() else out
    write_archive(built, file)
    for line in _warned(folder, own_findings(folder, read, found)):
        click.echo(line, err=True)
    manifest = built.manifest
    click.echo(f"{file} holds {manifest.id} version {manifest.version}, signed by {key_name(key.public)}.")


def _check_goes_there(out: Path | None) -> None:
    """A stick that is not in would otherwise leave a file of its name where sticks are shown. Raises InstallFailed."""
    folder = out.parent if out and out.suffix.lower() == SUFFIX else out
    if folder and not folder.is_dir():
        raise InstallFailed(f"There is no folder {folder}.", f"Put the stick in, or name a file that ends in {SUFFIX}")


@click.command(epilog="Example: kiosk pack verify oxfordshire-3.pack --public rose-hill.pub")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@PUBLIC_KEY
def verify(file: Path, public: Path | None) -> None:
    """Say what FILE holds, once every byte of it is known to be right. Nothing is written.

    It must be signed by a publisher whom this kiosk trusts, or by the one of --public.
    """
    settings = load_settings()
    trusted = Publishers(settings.data).keys() | ({load_public(public)} if public else set())
    archive = verify_archive(file, trusted)
    click.echo("\n".join(_said_of(archive)))
    try:
        check_fits(archive.manifest, settings.data, _pack_id(settings))
    except ArchiveRefused as why:
        click.echo(f"It is whole, but this kiosk does not take it. {why}")
    else:
        click.echo("It is whole, and this kiosk may install it.")


@click.command("install", epilog="Example: kiosk pack install /media/stick")
@click.argument("source", metavar="[FILE_OR_FOLDER]", required=False, type=click.Path(path_type=Path))
def install_pack(source: Path | None) -> None:
    """Install a signed .pack, or from a folder the newest one that this kiosk may take; else from the stick that is in.

    All of it is checked before anything is written; until it is whole on the disk, the pack before is shown.
    """
    settings, now = load_settings(), datetime.now(UTC)
    pack_id = _pack_id(settings)
    source = source or find_the_stick(settings.data, (settings.sticks,) if settings.sticks else SHOWN_AT)
    if source.is_dir():
        source = _newest_in(source, settings)
    installed = install(source, settings.data, pack_id, now)
    click.echo(f"{pack_id} version {installed.version} is installed. The kiosk shows it from its next visit on.")
    if installed.expires_at and installed.expires_at <= now:
        click.echo(f"It expired on {_last_day(installed.expires_at)}: its figures are not shown.", err=True)


@click.command(epilog="Example: kiosk pack rollback")
def rollback() -> None:
    """Show the version before, which is still here. To go forward again, install a higher version."""
    settings = load_settings()
    shown = roll_back(settings.data, _pack_id(settings))
    click.echo(f"{_pack_id(settings)} version {shown.version} is shown again from the next visit on.")


@click.command("list", epilog="Example: kiosk pack list")
def list_packs() -> None:
    """Say which versions are installed, since when, signed by whom, and whether each of their bytes is right."""
    settings = load_settings()
    slots = Slots(settings.data, _pack_id(settings))
    installed = list(slots.find())
    for each, state in zip(installed, ("shown", "before"), strict=False):
        click.echo("\n".join(_said_of_installed(slots, each, state)))
    if not installed:
        click.echo(f"Nothing is installed: the folder {settings.pack} is shown, signed by nobody.")


def _newest_in(folder: Path, settings: Settings) -> Path:
    found = find_newest(folder, settings.data, _pack_id(settings))
    for says in found.refused:
        click.echo(f"Not taken: {says}", err=True)
    if found.followed:
        names = ", ".join(each.name for each in Publishers(settings.data).find())
        click.echo(f"The publisher has changed keys: this kiosk now takes packs that {names} signs.")
    return found.file


def _pack_id(settings: Settings) -> str:
    return folder_name(settings.pack)


def _after(last: date) -> datetime:
    """Return the midnight, in London, that ends a day."""
    return datetime.combine(last + timedelta(days=1), time(), LONDON).astimezone(UTC)


def _last_day(expires_at: datetime) -> date:
    return (expires_at - timedelta(seconds=1)).astimezone(LONDON).date()


def _warned(folder: Path, found: Sequence[Finding]) -> Iterator[str]:
    for finding in found[:MOST_SHOWN]:
        yield f"{finding.file}{f' line {finding.line}' if finding.line else ''}: {finding}"
    if len(found) > MOST_SHOWN:
        yield f"And {len(found) - MOST_SHOWN} more warnings; for all of them run: kiosk pack check {folder}"


def _said_of(archive: Archive) -> Iterator[str]:
    manifest = archive.manifest
    yield f"Pack       {manifest.id} version {manifest.version}"
    yield f"Extends    {manifest.extends or 'no other'}"
    yield f"Holds      {len(manifest.files)} files, {manifest.length:,} bytes"
    yield f"Built      {_moment(manifest.built_at)}"
    yield f"Expires    {_last_day(manifest.expires_at) if manifest.expires_at else 'never'}"
    yield f"Signed by  {archive.signer}"


def _said_of_installed(slots: Slots, each: Installed, state: str) -> Iterator[str]:
    damage, left = slots.find_damage(each), Starts(slots).leaves(each)
    expires = f", expires {_last_day(each.expires_at)}" if each.expires_at else ""
    yield f"{each.version}  {state}, installed {_moment(each.installed_at)}, signed by {each.signed_by}{expires}"
    yield f"   {f'DAMAGED: {damage}. Install it again.' if damage else 'whole'}"
    if left:
        yield f"   NOT SHOWN: {left.value}"


def _moment(at: datetime) -> str:
    return at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")


COMMANDS = (build, verify, install_pack, rollback, list_packs)
