"""What has to be looked up again, by the day: a day is said once, above all that falls on it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from kiosk.cli import kiosk
from tests.pack.small_packs import ENGLAND, write_pack


def test_each_day_is_said_once_with_all_that_falls_on_it(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "england", ENGLAND)

    ran = CliRunner().invoke(kiosk, ["pack", "due", str(folder), "--date", "2027-04-04"])

    said = [line for line in ran.output.splitlines() if not line.startswith("    ")]
    assert said == [
        "5 April 2027  1 day left",
        "  childcare-most: £1,071.09",
        "  jobcentre-phone: 01632 960000",
        "",
        "1 November 2027  211 days left",
        "  find-a-job: www.gov.uk/find-a-job",
        "",
        "3 facts, 0 of them not shown any more.",
    ]
