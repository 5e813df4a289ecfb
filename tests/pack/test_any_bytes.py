"""Whatever stands in a folder, a pack comes out or PackFaulty does."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.errors import PackFaulty
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from tests.pack.small_packs import ENGLAND, write_pack

FILES = st.sampled_from(sorted(ENGLAND))
YAML_SIGNS = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!x ",
    "|\n",
    ">\n",
    "? ",
    "\n",
    "\t",
    "#",
    "'",
    '"',
    "%",
]
ODD = [
    *YAML_SIGNS,
    "\\",
    '"\\U99999999"',
    '"\\ud800"',
    "---\n",
    "...\n",
    "{fact:",
    "**",
    "null",
    "~",
    "\u2028",
    "\ufeff",
    "10e9",
]


def refused_or_read(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack_folder = write_pack(Path(folder) / "england", ENGLAND)
        (pack_folder / name).write_bytes(content)
        try:
            assert isinstance(read_pack(pack_folder), Pack)
        except PackFaulty as faulty:
            assert faulty.faults
            str(faulty).encode()


@given(FILES, st.binary(max_size=200))
@example("home.yaml", b'a: "\\U99999999"')
@example("home.yaml", b"[" * 5000)
@example("home.yaml", b"- " * 5000)
@example("home.yaml", b"%YAML 1.1\n---\nwelcome: yes\n")
@example("facts.yaml", b"childcare-most: {value: '9e99999999', unit: pounds}")
@example("facts.yaml", b"childcare-most: {value: 2026-99-99, unit: date}")
@settings(max_examples=20, deadline=None, database=None)
def test_any_bytes_are_read_or_refused(name: str, content: bytes):
    refused_or_read(name, content)


@given(FILES, st.data())
@settings(max_examples=40, deadline=None, database=None)
def test_a_good_file_with_anything_put_into_it_is_read_or_refused(name: str, data: st.DataObject):
    words = ENGLAND[name]
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, min(len(words), start + 30)))
    new = data.draw(st.lists(st.sampled_from(ODD) | st.text(max_size=3), max_size=4).map("".join))

    refused_or_read(name, (words[:start] + new + words[end:]).encode(errors="surrogatepass"))
