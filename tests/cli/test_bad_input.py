"""What goes wrong at the door: a sentence with what to do, exit status 1, and nothing lost. Whole commands, real files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.callbacks.identity import load_identity, save_identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import seal
from kiosk.childcare.store import open_childcare
from tests.callbacks.samples import IDENTITY, request
from tests.childcare.registers import CLUB, CRECHE, SPARKLE, register
from tests.processes import ROOT, Machine
from tests.sync.hubs import Reply, impostor

NATIONAL, LOCAL = "content/england", "content/oxfordshire"
LAST_GOOD = "The last good pack is shown until this is mended."
LOST = "Nothing is lost: the requests stay here until the hub has them."


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A kiosk with a copy of the shipped packs in the folder where its commands are run."""
    for pack in (NATIONAL, LOCAL):
        shutil.copytree(ROOT / pack, tmp_path / pack)
    settings = {"KIOSK_DATA": str(tmp_path / "data"), "KIOSK_PACK": LOCAL, "SDL_VIDEODRIVER": "offscreen"}
    return Machine(tmp_path, settings)


def all_files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


class TestPack:
    """What staff may have done to a pack, and the line that tells them."""

    def remove(self, pack: Path) -> None:
        shutil.rmtree(pack)

    def put_a_file_in_its_place(self, pack: Path) -> None:
        shutil.rmtree(pack)
        pack.write_text("This was a folder.", encoding="utf-8")

    def write_utf_16(self, pack: Path) -> None:
        (pack / "pack.yaml").write_bytes("spec: 1\n".encode("utf-16"))

    def put_a_picture_in_place_of_words(self, pack: Path) -> None:
        (pack / "pack.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))

    def break_the_yaml(self, pack: Path) -> None:
        about = pack / "pack.yaml"
        about.write_text(about.read_text(encoding="utf-8") + "local: {family-hub: [\n", encoding="utf-8")

    FAULTS = [
        (remove, "There is no such folder. Give the folder that holds pack.yaml."),
        (put_a_file_in_its_place, "This is a file, not a folder. Give the folder that holds pack.yaml."),
        (write_utf_16, "This is not UTF-8 text. Save the file with the encoding UTF-8."),
        (put_a_picture_in_place_of_words, "This is not UTF-8 text. Save the file with the encoding UTF-8."),
        (break_the_yaml, "This is not readable YAML. Compare the indentation, quotes and brackets"),
    ]

    @pytest.mark.parametrize(("spoil", "says"), FAULTS)
    def test_check_names_what_is_wrong_and_ends_with_1(self, machine: Machine, spoil, says: str) -> None:
        spoil(self, machine.folder / LOCAL)

        ran = machine.run("pack", "check", LOCAL)

        assert (ran.status, ran.err) == (1, "")
        assert says in ran.out and "1 fix" in ran.out

    @pytest.mark.parametrize(("spoil", "says"), [FAULTS[1], FAULTS[3], FAULTS[4]])
    def test_a_kiosk_shows_the_last_good_one_and_tells_staff(self, machine: Machine, spoil, says: str) -> None:
        assert machine.run("run", "--check").err == ""
        kept = all_files(machine.folder / "data" / "packs")
        spoil(self, machine.folder / LOCAL)

        ran = machine.run("run", "--check")

        assert ran.status == 0
        assert says in ran.err and LAST_GOOD in ran.err and "Traceback" not in ran.err
        assert all_files(machine.folder / "data" / "packs") == kept

    @pytest.mark.parametrize(("spoil", "says"), [FAULTS[0], FAULTS[4]])
    def test_a_kiosk_that_never_had_a_good_one_does_not_start(self, machine: Machine, spoil, says: str) -> None:
        spoil(self, machine.folder / LOCAL)

        assert says in machine.run("run", "--check").told()


REGISTER = register(SPARKLE, CRECHE, CLUB)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A kiosk with a register in it."""
    folder = tmp_path_factory.mktemp("register")
    machine = Machine(folder, {"KIOSK_DATA": str(folder / "data")})
    (folder / "good.csv").write_text(REGISTER, encoding="utf-8")
    assert machine.run("childcare", "import", "ofsted", "good.csv").status == 0
    return machine


class TestRegister:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (REGISTER.replace("Postcode", "Area").encode(), 'lacks the column "Provider postcode"'),
            (b"name,place\nSparkle,Oxford\n", 'has no column "Provider URN" in its first rows'),
            (
                REGISTER.encode("utf-16"),
                "is in UTF-16; it is not a CSV file. Open it in a spreadsheet program and save",
            ),
            (REGISTER.encode()[:-40] + b"\x81\x8d\n", "is in neither UTF-8 nor Windows-1252"),
            (REGISTER.encode()[:-40], "breaks off in line 7; whole rows before it: 2. Get it again"),
            (b"PK\x03\x04" + bytes(400), "is a spreadsheet or a zip; it is not a CSV file"),
            (b"", 'has no column "Provider URN"'),
        ],
        ids=["other columns", "another table", "UTF-16", "no encoding", "half a file", "a spreadsheet", "empty"],
    )
    def test_a_broken_one_leaves_the_list_before_it(self, loaded: Machine, content: bytes, says: str) -> None:
        (loaded.folder / "new.csv").write_bytes(content)

        assert says in loaded.run("childcare", "import", "ofsted", "new.csv").told()
        assert listed(loaded) == {"Sparkle Day Nursery", "Crèche L’Étoile", "Summer Camp Club"}

    def test_without_room_on_the_disk_the_list_before_it_stays(self, loaded: Machine) -> None:
        (loaded.folder / "new.csv").write_text(register(SPARKLE), encoding="utf-8")

        told = loaded.on_a_full_disk("childcare", "import", "ofsted", "new.csv").told()

        assert "What it held is kept. Check that the disk is not full" in told
        assert listed(loaded) == {"Sparkle Day Nursery", "Crèche L’Étoile", "Summer Camp Club"}


def listed(machine: Machine) -> set[str]:
    """Return the names that the kiosk's list holds."""
    store = open_childcare(machine.folder / "data")
    try:
        return {store.get_provider(urn).name for urn in ("EY435689", "EY100200", "2500001")}
    finally:
        store.close()


class TestHub:
    """Whatever may answer where a hub should."""

    REPLIES = [
        (Reply(body=b"<html>Sign in to Free WiFi</html>", kind="text/html"), "Is there a login page between"),
        (Reply(status=302, location="https://wifi.example/login"), "The hub answered with status 302."),
        (Reply(body=b'{"access_token":"x"}'), "The hub's answer cannot be understood."),
        (Reply(body=b"{}", length=500), "The hub could not be reached."),
    ]

    @pytest.fixture
    def waiting(self, tmp_path: Path) -> Machine:
        """A kiosk with one request to deliver."""
        open_outbox(tmp_path / "data").save(seal(request(kiosk=IDENTITY.kiosk), IDENTITY))
        save_identity(IDENTITY, tmp_path / "data")
        return Machine(tmp_path, {"KIOSK_DATA": str(tmp_path / "data")})

    @pytest.mark.parametrize(("reply", "says"), REPLIES, ids=[says for _, says in REPLIES])
    def test_a_stranger_is_not_joined_and_gets_no_receipt_believed(
        self, waiting: Machine, reply: Reply, says: str
    ) -> None:
        data = waiting.folder / "data"
        with impostor(lambda _: reply) as (url, _):
            joined = waiting.run("device", "enrol", url, "K7QF-2MWX", "--anyway")
            delivered = waiting.run("callbacks", "sync", KIOSK_HUB_URL=url)

        assert says in joined.told()
        assert load_identity(data) == IDENTITY
        assert says in delivered.told() and LOST in delivered.err
        assert self.is_waiting(waiting)

    def test_a_hub_that_is_down_is_told_with_what_to_look_at(self, waiting: Machine) -> None:
        says = "The hub could not be reached. Is the hub running, and is the network up?"

        joined = waiting.run("device", "enrol", "http://127.0.0.1:9", "K7QF-2MWX", "--anyway")
        delivered = waiting.run("callbacks", "sync", KIOSK_HUB_URL="http://127.0.0.1:9")

        assert joined.told() == says
        assert delivered.told() == f"{says} {LOST}"
        assert self.is_waiting(waiting)

    def is_waiting(self, machine: Machine) -> bool:
        counts = open_outbox(machine.folder / "data").counts()
        return (counts.waiting, counts.delivered, counts.set_aside) == (1, 0, 0)


class TestSettings:
    @pytest.mark.parametrize("words", [("run", "--check"), ("callbacks", "status"), ("hub", "serve")], ids=" ".join)
    def test_a_mistyped_key_is_named_with_the_nearest(self, machine: Machine, words: tuple[str, ...]) -> None:
        (machine.folder / "kiosk.toml").write_text("sinc_seconds = 30\n", encoding="utf-8")

        told = machine.run(*words).told()

        assert told == 'There is no setting "sinc_seconds". Did you mean "sync_seconds"?'
        assert not (machine.folder / "data").exists()

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("run", "--check"), "cannot be written. Give this user the right to write there."),
            (("callbacks", "status"), "cannot be written. Give this user the right to write there."),
            (("childcare", "status"), "cannot be made: File exists. Check the setting data."),
            (("hub", "serve"), "cannot be made: File exists. Check the setting data."),
        ],
    )
    def test_a_data_folder_that_is_a_file_is_told(self, machine: Machine, words: tuple[str, ...], says: str) -> None:
        (machine.folder / "data").write_text("Not a folder.", encoding="utf-8")

        assert says in machine.run(*words).told()
        assert (machine.folder / "data").read_text(encoding="utf-8") == "Not a folder."

    @pytest.mark.parametrize(
        ("database", "says"),
        [
            ("postgresql+psycopg://127.0.0.1:9/waymark", "Is its server running, is the setting hub_database right"),
            ("mysql3://127.0.0.1/waymark", "It looks like postgresql+psycopg://user@server/waymark"),
            ("waymark", "It looks like postgresql+psycopg://user@server/waymark"),
        ],
    )
    def test_a_hub_without_its_database_says_so(self, machine: Machine, database: str, says: str) -> None:
        assert says in machine.run("hub", "serve", KIOSK_HUB_DATABASE=database).told()


class TestFullDisk:
    def test_a_kiosk_that_ran_before_starts_and_shows_its_pack(self, machine: Machine) -> None:
        assert machine.run("run", "--check").status == 0
        before = all_files(machine.folder / "data" / "packs")

        ran = machine.on_a_full_disk("run", "--check")

        assert (ran.status, ran.err) == (0, "")
        assert all_files(machine.folder / "data" / "packs") == before

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("run", "--check"), "Make room, then start again."),
            (("run", "--try-out"), "There is no room for a try-out. Make room, or name a folder in TMPDIR."),
            (("callbacks", "status"), "Is the disk full or read-only"),
            (("childcare", "status"), "Check that the disk is not full or read-only"),
        ],
    )
    def test_a_first_start_says_what_to_do(self, machine: Machine, words: tuple[str, ...], says: str) -> None:
        assert says in machine.on_a_full_disk(*words).told()


class TestMissingPart:
    @pytest.fixture
    def without(self, machine: Machine) -> Iterator[Machine]:
        """A Python whose packages can be taken away by name."""
        (machine.folder / "sitecustomize.py").write_text(
            "import os, sys\nsys.modules.update(dict.fromkeys(os.environ['WITHOUT'].split()))\n", encoding="utf-8"
        )
        yield Machine(machine.folder, {**machine.settings, "PYTHONPATH": str(machine.folder)})

    @pytest.mark.parametrize(("words", "part"), [(("run", "--check"), "kivy"), (("hub", "serve"), "flask")])
    def test_it_is_named_with_how_to_install_it(self, without: Machine, words: tuple[str, ...], part: str) -> None:
        told = without.run(*words, WITHOUT=part).told()

        assert told.startswith(f"This needs {part}, which is not installed here.")
        assert "pip install -c constraints.txt -e '.[ui,hub,print]'" in told

    def test_content_is_checked_without_screen_and_hub(self, without: Machine) -> None:
        assert without.run("pack", "check", LOCAL, WITHOUT="kivy pyvips flask waitress").status == 0
