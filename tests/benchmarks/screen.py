"""The kiosk's screen against Chromium in kiosk mode and against bare Kivy, from outside, in one run.

    python -m tests.benchmarks.screen

Each is started several times on the same X display by ../shared/measure/tap_to_paint.py. The kiosk is as in a reception:
enrolled, with the Oxfordshire pack, its outbox open and its childcare loaded. Chromium shows the same screens, made from the
kiosk's own (`equal_page`). The finger lands on "Touch to start" the first time and on "Ask for a call" from then on; Home
brings it back. Memory is the proportional set size of each one's processes together. Then `whole_frame` measures how soon
the next screen is there, and `question_change` what the kiosk itself spends on it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from kiosk.bootstrap import bootstrap
from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import Identity
from kiosk.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
MEASURE = ROOT.parent / "shared" / "measure"
CHROMIUM_FLAGS = [
    "--kiosk",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1080,1920",
    "--window-position=0,0",
]
FIGURES = ("start", "tap p50", "tap p95", "memory", "idle")
WANTED = {"start": 1.5, "tap p50": 1.3, "tap p95": 1.5, "memory": 0.45, "idle": 1.0}


def environment(**settings: str) -> dict[str, str]:
    """This program's environment with these settings, and Python's bytecode kept: compiled once, as Chromium is."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **settings}


def prepare(data: Path) -> None:
    """Make the data folder of a kiosk that has been running for a while. Its hub is never asked: nothing waits."""
    identity = Identity(
        "kiosk-bench",
        bytes(SigningKey.generate()),
        "http://127.0.0.1:9",
        bytes(SigningKey.generate().verify_key),
        bytes(PrivateKey.generate().public_key),
        bytes(PrivateKey.generate().public_key),
    )
    save_identity(identity, data)
    services = bootstrap(replace(load_settings(), data=data))
    services.load_first_childcare()
    services.stop()
    # A kiosk starts for the first time once, and then every morning: the font cache is there, and the bytecode.
    subprocess.run([sys.executable, "-m", "compileall", "-q", "kiosk"], cwd=ROOT, check=True)
    unseen = environment(KIOSK_DATA=str(data), SDL_VIDEODRIVER="offscreen")
    subprocess.run([sys.executable, "-m", "kiosk", "run", "--check"], env=unseen, cwd=ROOT, check=True)


def make_page(data: Path) -> None:
    """Make `page.html` in the data folder: what the kiosk shows, for Chromium."""
    page = [sys.executable, "-m", "tests.benchmarks.equal_page", str(data), str(data / "page.html")]
    unseen = environment(SDL_VIDEODRIVER="offscreen")
    subprocess.run(page, env=unseen, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)


def show_page(data: Path) -> list[str]:
    """Return the command that has Chromium show the page."""
    return [chromium(), *CHROMIUM_FLAGS, f"--user-data-dir={data / 'chromium'}", f"file://{data / 'page.html'}"]


def scenario(data: Path, rounds: int, taps: int) -> str:
    middle = "press = [540, 1830]\nprobe = [300, 1770, 200, 100]"
    home = "\nreset = [272, 1820]"
    programs = [
        ("chromium", show_page(data), middle + home),
        ("bare kivy", [sys.executable, str(Path(__file__).with_name("bare_kivy.py"))], middle),
        ("waymark", [sys.executable, "-m", "kiosk", "run"], middle + home),
    ]
    lines = [f"rounds = {rounds}", f"taps = {taps}"]
    for name, command, places in programs:
        quoted = ", ".join(f'"{part}"' for part in command)
        lines += ["[[program]]", f'name = "{name}"', f"command = [{quoted}]", places]
    return "\n".join(lines)


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    return found


def main(rounds: int = 3, taps: int = 30) -> None:
    if not MEASURE.is_dir():
        raise SystemExit(f"The measuring tool is not at {MEASURE}: nothing was measured.")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        prepare(data)
        make_page(data)
        (data / "scenario.toml").write_text(scenario(data, rounds, taps))
        measure = [sys.executable, str(MEASURE / "tap_to_paint.py"), str(data / "scenario.toml")]
        tapped = on_a_display(measure, data)
        changed = on_a_display([sys.executable, "-m", "tests.benchmarks.whole_frame", folder], data)
    print(tapped, end="")
    compare(tapped)
    print(changed, end="")
    subprocess.run([sys.executable, "-m", "tests.benchmarks.question_change"], cwd=ROOT, check=True)


def on_a_display(command: list[str], data: Path) -> str:
    """Run a measuring program on an X display of its own; return what it prints. Raises SystemExit where it fails."""
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1080x1920x24", *command]
    settings = environment(KIOSK_DATA=str(data), PYTHONPATH=str(ROOT), KIOSK_IDLE_SECONDS="3600")
    done = subprocess.run(screen, env=settings, cwd=ROOT, text=True, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def compare(report: str) -> None:
    """Say beside each figure that has a bar whether it is met. Ratios are to Chromium, the first program."""
    line = next(line for line in report.splitlines() if line.startswith("waymark"))
    ratios = dict(zip(FIGURES, re.findall(r"[\d.]+|-", line.split("ratios")[1]), strict=True))
    for name, most in WANTED.items():
        if ratios[name] == "-":
            print(f"  {name:8} Chromium's is 0: there is nothing to compare with")
            continue
        ratio = float(ratios[name])
        print(f"  {name:8} {ratio:.2f} times Chromium's, wanted at most {most}: {'met' if ratio <= most else 'MISSED'}")


if __name__ == "__main__":
    main()
