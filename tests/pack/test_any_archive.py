"""Whatever bytes a .pack or a change of keys holds, it is taken whole or refused in a sentence; nothing is written outside."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.errors import ArchiveRefused, PackFaulty
from kiosk.pack.archive import verify_archive
from kiosk.pack.install import install
from kiosk.pack.manifest import MOST_FILES, check_names
from kiosk.pack.plain_zip import PlainUnzip
from kiosk.pack.publisher import read_change
from kiosk.pack.slots import NAMES
from tests.pack.bytes_made_up import made_up
from tests.pack.signed_packs import KEY, NOON, OXFORD, built, everything_in, trusting

FEW = settings(max_examples=60, deadline=None, database=None)


def taken_or_refused(data: Path, content: bytes) -> str:
    """Try to install and return "" or the refusal. Nothing else than a slot of this pack may have been written."""
    outside = {name: held for name, held in everything_in(data.parent).items() if not is_slot(name)}
    try:
        install(content, data, OXFORD, NOON)
        says = ""
    except (ArchiveRefused, PackFaulty) as refused:
        says = str(refused)
        assert (says.endswith(".") and refused.remedy) or isinstance(refused, PackFaulty)
    after = {name: held for name, held in everything_in(data.parent).items() if not is_slot(name)}
    assert after == outside or not says, says
    assert after.keys() - outside.keys() <= {
        f"{data.name}/packs/{OXFORD}/active.json",
        f"{data.name}/packs/{OXFORD}/lock",
    }
    return says


def is_slot(name: str) -> bool:
    return any(f"/packs/{OXFORD}/{slot}/" in name for slot in NAMES) or name.endswith("/lock")


@pytest.mark.promise(25, 28, 29)
@given(st.integers(0, 1 << 32))
@FEW
def test_an_archive_made_up_by_chance_is_taken_whole_or_refused(seed: int):
    with tempfile.TemporaryDirectory() as folder:
        data = trusting(Path(folder) / "data")
        kind, content = made_up(seed, built(3))

        says = taken_or_refused(data, content)

    assert says or content == built(3).content or kind.startswith("signed"), kind


@given(st.binary(max_size=300))
@example(b"PK\3\4")
@example(b"PK\5\6" + bytes(18))
@FEW
def test_any_bytes_are_no_pack(content: bytes):
    with pytest.raises(ArchiveRefused):
        verify_archive(content, {KEY.public})
    with pytest.raises(ArchiveRefused):
        read_change(content)


@pytest.mark.promise(28)
@given(st.lists(st.text(max_size=30).map(lambda name: f"oxfordshire/{name}"), max_size=6))
@example(["oxfordshire/\ud800"])
@FEW
def test_names_that_pass_stay_apart_and_below_the_folder(names: list[str]):
    try:
        check_names(names)
    except ArchiveRefused as refused:
        assert str(refused).isprintable()
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            file = Path(folder, *name.split("/"))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"")
            assert file.resolve().is_relative_to(Path(folder).resolve())
        assert len(everything_in(Path(folder))) == len({name.casefold() for name in names}) == len(names) < MOST_FILES


@given(st.binary(min_size=30, max_size=400), st.text(min_size=1, max_size=20), st.integers(0, 1000))
@FEW
def test_a_zip_of_any_bytes_reads_no_more_than_it_was_allowed(content: bytes, name: str, most: int):
    source = BytesIO(b"PK\3\4" + content[4:])
    try:
        assert len(PlainUnzip(source).take(name, most)) <= most
    except ArchiveRefused:
        assert source.tell() <= 30 + len(name.encode()) + most
