"""A .pack is right in every byte, or refused in one sentence before anything is written."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from kiosk.errors import ArchiveDamaged, ArchiveRefused, InstallFailed, PackFaulty, SignerUnknown
from kiosk.pack.archive import build_archive, pack_up, unpack, verify_archive, write_archive
from kiosk.pack.install import install
from kiosk.pack.manifest import File, Manifest
from kiosk.pack.plain_zip import PlainUnzip
from tests.pack.hostile import BESIDE, corpus, with_files
from tests.pack.signed_packs import KEY, NOON, OXFORD, STRANGER, built, contents_of, everything_in, trusting, written
from tests.pack.small_packs import write_pack

TRUSTED = {KEY.public}


def tiny() -> bytes:
    """Return an archive so small that each of its bytes can be flipped: two files in one folder."""
    contents = {"x/notes.txt": b"hello", "x/pack.yaml": b"id: x"}
    files = tuple(File(name, 5, hashlib.sha256(content).hexdigest()) for name, content in contents.items())
    return pack_up(Manifest(1, "x", "", 1, NOON, None, 10, files), contents, KEY)


def refusal(content: bytes) -> ArchiveRefused:
    with pytest.raises(ArchiveRefused) as refused:
        verify_archive(content, TRUSTED)
    return refused.value


def is_sentence(error: ArchiveRefused) -> bool:
    says = str(error)
    return error.fact.endswith(".") and error.remedy != "" and says.isprintable() and len(says) < 300


def test_a_pack_carries_itself_and_the_national_pack_that_it_extends():
    archive = verify_archive(built(3).content, TRUSTED)

    assert (archive.manifest.id, archive.manifest.extends, archive.manifest.version) == (OXFORD, "england", 3)
    assert {"england/flows/work.yaml", "oxfordshire/pack.yaml"} <= {file.name for file in archive.manifest.files}
    assert archive.signed_by == KEY.public


def test_a_national_pack_travels_alone(tmp_path: Path):
    england = written(tmp_path, 3).parent / "england"

    archive = verify_archive(build_archive(england, KEY).content, TRUSTED)

    assert (archive.manifest.id, archive.manifest.extends) == ("england", "")
    assert install(build_archive(england, KEY).content, trusting(tmp_path / "data"), "england", NOON).version == 1


def test_the_same_files_give_the_same_bytes_wherever_and_whenever_they_are_built(tmp_path: Path):
    here = written(tmp_path / "here", 3)
    first = build_archive(here, KEY).content
    shutil.copytree(tmp_path / "here", tmp_path / "there")  # with the times of the files, as cp -a does

    assert build_archive(tmp_path / "there" / OXFORD, KEY).content == first


def test_the_time_of_a_build_can_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    archive = build_archive(written(tmp_path, 3), KEY)

    assert archive.manifest.built_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_what_is_unpacked_is_what_was_built(tmp_path: Path):
    content = built(3).content

    unpack(content, verify_archive(content, TRUSTED), tmp_path / "out")

    found = {name: held for name, (_, held) in everything_in(tmp_path / "out").items()}
    assert found == contents_of(built(3))


def test_zip_programs_open_it(tmp_path: Path):
    write_archive(built(3), tmp_path / "x.pack")

    with zipfile.ZipFile(tmp_path / "x.pack") as opened:
        assert opened.testzip() is None
    if unzip := shutil.which("unzip"):
        assert (
            subprocess.run([unzip, "-tq", str(tmp_path / "x.pack")], capture_output=True, check=False).returncode == 0
        )


def test_a_faulty_folder_is_not_built(tmp_path: Path):
    folder = written(tmp_path, 3)
    write_pack(folder, {"flows/work.yaml": "questions: {cv: {stage: nowhere}}\n"})

    with pytest.raises(PackFaulty):
        build_archive(folder, KEY)


@pytest.mark.parametrize("name", ["CON.txt", "a:b.txt", "Straße.txt\u200b"])
def test_a_file_that_no_kiosk_would_take_is_named_when_it_is_built(tmp_path: Path, name: str):
    folder = written(tmp_path, 3)
    (folder / name).write_text("x", encoding="utf-8")

    with pytest.raises(ArchiveRefused) as refused:
        build_archive(folder, KEY)

    assert "Rename the file" in str(refused.value)


def test_names_in_any_script_are_taken(tmp_path: Path):
    folder = written(tmp_path, 3)
    (folder / "صورة.png").write_bytes(b"x")
    (folder / "café au lait.png").write_bytes(b"x")

    content = build_archive(folder, KEY).content

    assert "oxfordshire/صورة.png" in {file.name for file in verify_archive(content, TRUSTED).manifest.files}


@pytest.mark.promise(25)
@pytest.mark.parametrize(("whole", "stride"), [(tiny(), 1), (None, 3)], ids=["tiny", "built"])
def test_any_flipped_byte_is_refused(whole: bytes | None, stride: int):
    whole = whole or built(3).content
    verify_archive(whole, TRUSTED)

    for at in range(0, len(whole), stride):
        flipped = whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :]
        with pytest.raises(ArchiveRefused):
            verify_archive(flipped, TRUSTED)


@pytest.mark.promise(25)
def test_a_pack_cut_short_anywhere_is_refused():
    whole = built(3).content

    for length in range(0, len(whole), 13):
        assert is_sentence(refusal(whole[:length])), length


@pytest.mark.promise(25)
@pytest.mark.parametrize("lacks", [0, 1, 2, -1])
def test_a_missing_file_is_refused(lacks: int):
    with zipfile.ZipFile(BytesIO(built(3).content)) as opened:
        begins = sorted(entry.header_offset for entry in opened.infolist())
    ends = [*begins[1:], built(3).content.index(b"PK\1\2")]
    missing = built(3).content[: begins[lacks]] + built(3).content[ends[lacks] :]

    assert is_sentence(refusal(missing))


@cache
def hostile() -> dict[str, bytes]:
    return dict(corpus(built(3)))


@pytest.mark.promise(25, 26, 27, 28, 29)
def test_every_hostile_archive_is_refused_in_a_sentence_before_a_byte_is_written(tmp_path: Path):
    data = trusting(tmp_path / "data")
    install(built(2).content, data, OXFORD, NOON)
    before = everything_in(tmp_path)

    for wrong, content in hostile().items():
        with pytest.raises(ArchiveRefused) as refused:
            install(content, data, OXFORD, NOON)
        assert is_sentence(refused.value), (wrong, str(refused.value))
    assert everything_in(tmp_path) == before


SAYS = {
    "name: leads out": "leads out of the folder",
    "name: leads out by backslash": "leads out of the folder",
    "name: absolute": "begins at the root of a disk",
    "name: drive letter": "begins at the root of a disk",
    "name: backslash": "not every system takes",
    "name: line break": "cannot be seen",
    "name: long part": "too long",
    "name: console": "a device's on Windows",
    "name: case clash": "have one name",
    "name: sharp s": "have one name",
    "name: ligature": "have one name",
    "name: accents apart": "accents",
    "name: file where a folder is": "have one name",
    "name: twice": "comes twice",
    "list: too many files": "list of contents",
    "head of file: encrypted": "is encrypted",
    "head of file: compressed": "is compressed",
    "head of file: longer": "is not true",
    "head of file: ZIP64": "ZIP64",
    "list at the end: a link": "does not say what is in it",
    "list at the end: another size": "does not say what is in it",
    "zip: bomb": "is compressed",
    "around it: after": "follows the end",
    "around it: an entry that is not listed": "more files",
    "around it: itself again": "follows the end",
    "signer: a stranger": "does not trust",
    "no pack: a login page": "not a pack",
}


@pytest.mark.parametrize("wrong", SAYS)
@pytest.mark.promise(28, 29)
def test_a_refusal_says_what_is_wrong(wrong: str):
    assert SAYS[wrong] in str(refusal(hostile()[wrong]))


def test_what_the_bad_names_clash_with_is_good_by_itself():
    assert verify_archive(with_files(built(3), BESIDE), TRUSTED)


@pytest.mark.promise(26)
def test_a_pack_of_a_stranger_is_refused_and_the_stranger_named():
    with pytest.raises(SignerUnknown) as refused:
        verify_archive(built(3, key=STRANGER).content, TRUSTED)

    assert "whom this kiosk does not trust" in str(refused.value)
    with pytest.raises(SignerUnknown):
        verify_archive(built(3).content, set())


@pytest.mark.promise(29)
def test_no_more_is_read_than_a_pack_may_hold():
    class Endless(BytesIO):
        """As large as it says it is, whatever is read."""

        def seek(self, at: int, whence: int = 0) -> int:
            return 1 << 40 if whence else super().seek(at)

        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read")

    with pytest.raises(ArchiveRefused, match="more than a kiosk takes"):
        verify_archive(Endless(), TRUSTED)


@pytest.mark.promise(29)
def test_a_lying_length_is_found_before_so_much_is_read():
    read = []

    class Counted(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            read.append(size)
            return super().read(size)

    with pytest.raises(ArchiveDamaged):
        PlainUnzip(Counted(hostile()["head of first: longer"])).take("signature.bin", 96)

    assert read == [30]


def test_a_pack_that_changes_while_it_is_read_is_not_unpacked(tmp_path: Path):
    file = tmp_path / "x.pack"
    write_archive(built(3), file)
    archive = verify_archive(file, TRUSTED)
    file.write_bytes(file.read_bytes().replace(b"Touch to start", b"Evil to start!"))

    with pytest.raises(ArchiveDamaged, match="changed while it was read"):
        unpack(file, archive, tmp_path / "out")


def test_a_file_that_is_not_there_and_one_that_cannot_be_written_are_named(tmp_path: Path):
    with pytest.raises(ArchiveDamaged, match="There is no file"):
        verify_archive(tmp_path / "x.pack", TRUSTED)
    with pytest.raises(InstallFailed, match="does not take the pack"):
        write_archive(built(3), tmp_path / "no" / "x.pack")


def test_an_expiry_is_signed_too():
    later = NOON + timedelta(days=365)

    assert verify_archive(built(3, expires_at=later).content, TRUSTED).manifest.expires_at == later
