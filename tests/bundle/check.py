"""Start what `make bundle` built, as on a machine without Python, and see that it works: `python -m tests.bundle.check dist/waymark`.

From another folder, with an empty PATH and nothing of the clone in the environment.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from PyInstaller.archive.readers import CArchiveReader

from tests.bundle.screen import find_xvfb, picture_of, save_picture

PATIENCE = 60  # seconds
PICTURE = Path(__file__).resolve().parents[2] / "build" / "welcome.png"
# What Windows itself cannot start a program without.
KEPT = ("SYSTEMROOT", "TEMP", "TMP")
UNWANTED = {
    "numpy",
    "PIL",
    "tkinter",
    "_tkinter",
    "playwright",
    "psycopg",
    "pytest",
    "hypothesis",
    "mypy",
    "setuptools",
}


@dataclass(frozen=True)
class Bundle:
    """The built folder, and an empty one that is all it knows of this machine."""

    folder: Path
    home: Path

    @property
    def program(self) -> Path:
        return self.folder / ("kiosk.exe" if sys.platform == "win32" else "kiosk")

    @property
    def content(self) -> Path:
        return self.folder / "_internal" / "content"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        own = {"HOME": str(self.home), "PATH": str(self.home), "KIOSK_DATA": str(self.home / "data")}
        return {**kept, **own, "SDL_VIDEODRIVER": "offscreen"}

    def run(self, *words: str, typed: str | None = None) -> str:
        """Run one command to its end and return what it printed. Ends the check if the command fails."""
        command, given = [str(self.program), *words], {"input": typed} if typed else {"stdin": subprocess.DEVNULL}
        done = subprocess.run(
            command, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=PATIENCE, **given
        )
        require(
            done.returncode == 0, f"kiosk {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the hub on a free port and give its address."""
        command = [str(self.program), "hub", "serve", "--port", "0"]
        hub = subprocess.Popen(command, env=self.environment, cwd=self.home, stdout=subprocess.PIPE, text=True)
        try:
            said = hub.stdout.readline()
            found = re.search(r"http://\S+", said)
            require(found is not None, f"kiosk hub serve said {said!r}")
            yield found[0]
        finally:
            hub.terminate()
            hub.wait(PATIENCE)


def require(holds: bool, says: str) -> None:
    if not holds:
        raise SystemExit(says)


def check_version(bundle: Bundle) -> str:
    return bundle.run("--version").strip()


def check_content(bundle: Bundle) -> str:
    packs = sorted(folder for folder in bundle.content.iterdir() if folder.is_dir())
    said = [bundle.run("pack", "check", str(folder)).splitlines()[-1] for folder in packs if folder.name != "england"]
    require(len(said) >= 2 and all("A kiosk takes it" in each or "Nothing to mend" in each for each in said), str(said))
    return f"{len(said)} local packs are taken"


def check_window(bundle: Bundle) -> str:
    bundle.run("run", "--check")
    return "the welcome is painted, and the kiosk ends"


def check_try_out(bundle: Bundle) -> str:
    said = bundle.run("run", "--try-out", "--check")
    require("Sign in as" in said, said)
    return "a try-out has its hub, its sign-in and its childcare"


def check_hub(bundle: Bundle) -> str:
    bundle.run(
        "hub", "init", "--worker", "J. Okafor", "--no-confirm", "--password-file", "-", typed="a long road home\n"
    )
    with bundle.serving() as url:
        fetch(f"{url}/api/v1/health")
        fetch(f"{url}/api/openapi.yaml")
        parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', fetch(f"{url}/sign-in"))
        require({".css", ".js"} <= {Path(part.split("?")[0]).suffix for part in parts}, f"the sign-in asks for {parts}")
        for part in parts:
            fetch(url + part)
    return f"the desk's sign-in and its {len(parts)} files are served"


def fetch(url: str) -> str:
    answer = requests.get(url, timeout=10)
    require(answer.status_code == 200, f"{url} answers {answer.status_code}")
    return answer.text


def check_picture(bundle: Bundle) -> str:
    """The same picture, pixel for pixel, as from the sources: fonts, icons and shapes are all there."""
    if not find_xvfb():
        return "NO XVFB HERE: its picture was not compared with that of the sources. Install: apt install xvfb"
    built = picture_of([str(bundle.program), "run"], bundle.environment, bundle.home)
    sources = {**os.environ, "KIOSK_DATA": str(bundle.home / "sources")}
    wanted = picture_of([sys.executable, "-m", "kiosk", "run"], sources, Path.cwd())
    save_picture(built, PICTURE)
    require(built == wanted, f"the picture differs from that of the sources: look at {PICTURE}")
    return f"the welcome is pixel for pixel that of the sources: {PICTURE.relative_to(Path.cwd())}"


def check_weight(bundle: Bundle) -> str:
    modules = CArchiveReader(str(bundle.program)).open_embedded_archive("PYZ.pyz").toc
    carried = {name.split(".")[0] for name in modules} | {each.name for each in bundle.content.parent.iterdir()}
    require(not carried & UNWANTED, f"it carries {sorted(carried & UNWANTED)}")
    files = [file for file in bundle.folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return f"{sum(file.stat().st_size for file in files) / 1e6:.0f} MB in {len(files)} files, nothing of the tests"


CHECKS = (check_version, check_content, check_window, check_try_out, check_hub, check_picture, check_weight)


def main(folder: Path) -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="waymark-bundle-") as home:
        for check in CHECKS:
            started = time.monotonic()
            says = check(Bundle(folder.resolve(), Path(home)))
            print(f"{time.monotonic() - started:5.1f} s  {says}", flush=True)
    print(f"{time.monotonic() - began:5.1f} s  The bundle works.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
