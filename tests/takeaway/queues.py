"""A real CUPS server of the test's own: a scheduler on a socket in a folder, with queues that print into files."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path

# What stands in for the printer itself: it puts what the scheduler hands it into a file.
BACKEND = '#!/bin/sh\n[ $# -eq 0 ] || cat "${{6:--}}" > {printed}\n'
CUPSD = shutil.which("cupsd") or shutil.which("cupsd", path="/usr/sbin")


class Cups:
    """`printed` is where its queue `slips` puts what it prints. Its own commands find it by CUPS_SERVER."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket, self.printed = folder, folder / "cups.sock", folder / "printed"
        for name in ("spool", "cache", "state", "log", "ppd"):
            (folder / name).mkdir()
        backend = folder / "bin" / "backend" / "paper"
        backend.parent.mkdir(parents=True)
        backend.write_text(BACKEND.format(printed=shlex.quote(str(self.printed))))
        # Closed to others: then the scheduler runs it as itself, and it may write here.
        backend.chmod(0o700)
        (folder / "bin" / "daemon").symlink_to("/usr/lib/cups/daemon")
        (folder / "cupsd.conf").write_text(
            f"Listen {self.socket}\nBrowsing Off\nLogLevel warn\nPreserveJobFiles No\nPreserveJobHistory Yes\n"
            "DefaultAuthType None\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
            "<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n"
        )
        (folder / "cups-files.conf").write_text(
            f"ServerRoot {folder}\nServerBin {folder}/bin\nRequestRoot {folder}/spool\nCacheDir {folder}/cache\n"
            f"StateDir {folder}/state\nErrorLog {folder}/log/error\nAccessLog {folder}/log/access\n"
            f"PageLog {folder}/log/page\nSystemGroup root\n"
        )
        self._scheduler = subprocess.Popen(
            [CUPSD, "-f", "-c", folder / "cupsd.conf", "-s", folder / "cups-files.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {"CUPS_SERVER": str(self.socket)}

    def wait_until_it_answers(self, seconds: float = 20) -> bool:
        until = time.monotonic() + seconds
        while self.run("lpstat", "-r", check=False).stdout != "scheduler is running\n":
            if time.monotonic() > until or self._scheduler.poll() is not None:
                return False
            time.sleep(0.05)
        return True

    def add_queue(self, name: str) -> None:
        self.run("lpadmin", "-p", name, "-v", "paper:here", "-m", "raw", "-E")

    def hold(self, name: str) -> None:
        """What is sent from now on lies in the queue, as without paper."""
        self.run("cupsdisable", name)

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess:
        found = shutil.which(command[0]) or shutil.which(command[0], path="/usr/sbin") or command[0]
        return subprocess.run(
            [found, *command[1:]],
            env={**os.environ, **self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=20,
            check=check,
        )

    def kept_files(self) -> list[Path]:
        """What the spool still holds of any job's words: control files name only a title."""
        return list((self.folder / "spool").glob("d*"))

    def stop(self) -> None:
        self._scheduler.terminate()
        self._scheduler.wait(20)
