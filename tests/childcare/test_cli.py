from __future__ import annotations

import csv
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kiosk.childcare.store import ChildcareStore
from kiosk.cli import childcare_import
from kiosk.cli.childcare import childcare
from kiosk.errors import ChildcareFileFaulty, PostcodeFaulty, UnknownProvider, UnknownSource
from kiosk.settings import content_folder
from tests.childcare.directories import V3_SERVICE, Directory, serving
from tests.childcare.registers import CLUB, CRECHE, SPARKLE, WITHHELD, changed, register
from tests.childcare.test_postcodes import directory
from tests.childcare.test_spreadsheet import ACORN, HEADER


@pytest.fixture
def kiosk(tmp_path: Path, store: ChildcareStore):
    """Run a command on the data folder of `store`; errors come out as they are raised."""

    def run(*arguments: str, given: str = "") -> Result:
        settings = {"KIOSK_DATA": str(tmp_path / "data")}
        return CliRunner().invoke(
            childcare, arguments, given, env=settings, catch_exceptions=False, standalone_mode=False
        )

    return run


@pytest.fixture
def register_file(tmp_path: Path) -> str:
    file = tmp_path / "register.csv"
    nowhere = changed(SPARKLE, provider_urn="EY2", postcode="OX99 9ZZ")
    file.write_text(register(SPARKLE, CRECHE, WITHHELD, CLUB, CLUB[:4], nowhere), encoding="utf-8")
    return str(file)


def all_commands(group: click.Group, path: str = "kiosk childcare"):
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), list(all_commands(childcare)))
def test_every_command_has_help_and_an_example(path, command):
    assert command.help
    assert command.epilog.startswith("Example: kiosk childcare ")
    assert path in command.epilog or isinstance(command, click.Group)


def test_a_register_is_loaded_for_one_authority_and_the_sentence_accounts_for_it(kiosk, register_file, tmp_path):
    said = kiosk("import", "ofsted", register_file, "--authority", "Oxfordshire").stdout
    refused = tmp_path / "data" / "childcare-refused.csv"

    assert said.splitlines() == [
        f"3 providers from Oxfordshire, 1 name withheld, 1 row refused: see {refused}.",
        "As at 31 August 2021, from 5 rows. The list before held 0.",
        "1 provider not found by distance: the postcode is not among those loaded. Is the district in pack.yaml? "
        "kiosk childcare import postcodes",
    ]
    assert list(csv.reader(refused.read_text(encoding="utf-8").splitlines())) == [
        ["line", "provider", "reason"],
        ["9", "", "has 4 cells where the header has 16"],
        ["", "ofsted:EY2", "its postcode is not among those loaded"],
    ]


def test_the_nearest_places_are_listed_with_their_distance_and_origin(kiosk, register_file):
    kiosk("import", "ofsted", register_file)

    assert kiosk("near", "ox28 6aa", "--count", "2").stdout.splitlines() == [
        " 0.0 miles  Crèche L’Étoile | creche | 1 High Street, Witney, OX28 6AA | 01993 000 102 | EY100200"
        " | Ofsted register, 31 August 2021",
        "11.7 miles  Sparkle Day Nursery | nursery | 34 Church Street, Headington, Oxford, OX3 7AA | 01865 000 101"
        " | EY435689 | Ofsted register, 31 August 2021",
        "2 places shown of 3, nearest to OX28 6AA.",
    ]
    filtered = kiosk("near", "OX28 6AA", "--kind", "holiday club", "--kind", "creche", "--text", "camp", "--age", "5")
    assert "Summer Camp Club" in filtered.stdout
    assert filtered.stdout.endswith("1 place shown of 1, nearest to OX28 6AA.\n")


def test_a_hidden_provider_is_not_listed_until_it_is_shown_again(kiosk, register_file):
    kiosk("import", "ofsted", register_file)

    assert kiosk("hide", "EY435689").stdout == "Sparkle Day Nursery is hidden.\n"
    assert "Sparkle" not in kiosk("near", "OX3 7AA").stdout
    assert kiosk("hide", "EY435689", "--undo").stdout == "Sparkle Day Nursery is shown again.\n"
    assert "Sparkle" in kiosk("near", "OX3 7AA").stdout


def test_the_status_tells_what_is_loaded(kiosk, register_file, tmp_path):
    assert kiosk("status").stdout == "No list of childcare is loaded.\n3 postcodes. 0 providers hidden by staff.\n"

    (tmp_path / "examples.csv").write_text(HEADER + ACORN, encoding="utf-8")
    kiosk("import", "examples", str(tmp_path / "examples.csv"))
    kiosk("import", "ofsted", register_file)

    lines = kiosk("status").stdout.splitlines()
    assert lines[0].startswith("examples: 1 provider as at ")
    assert lines[1] == "ofsted: 4 providers as at 31 August 2021, 1 not found by distance, 1 withheld, 1 refused."


def test_a_faulty_register_leaves_the_list_that_is_loaded(kiosk, register_file, tmp_path):
    kiosk("import", "ofsted", register_file)
    before = kiosk("status").stdout
    half = tmp_path / "half.csv"
    half.write_bytes(Path(register_file).read_bytes()[:-40])

    for arguments in ((str(half),), (register_file, "--authority", "Oxfordshir")):
        with pytest.raises(ChildcareFileFaulty):
            kiosk("import", "ofsted", *arguments)
    assert kiosk("status").stdout == before

    assert kiosk("import", "ofsted", str(half), "--allow-partial").stdout.startswith("3 providers from all of England")


def test_a_report_that_cannot_be_written_says_that_the_list_is_loaded_all_the_same(kiosk, register_file, tmp_path):
    (tmp_path / "data" / "childcare-refused.csv").mkdir()

    with pytest.raises(ChildcareFileFaulty, match="The list itself is loaded"):
        kiosk("import", "ofsted", register_file)
    assert "Sparkle" in kiosk("near", "OX3 7AA").stdout


@pytest.fixture
def list_file(tmp_path: Path) -> str:
    """A council's list with one provider of the register, one of its own, and one without a name."""
    file = tmp_path / "providers 2026-03.csv"
    rows = ["Who,Post code,Fees,Ofsted number,Opening times", "Sparkle,OX3 7AA,£60 a day,EY435689,Mon-Fri 8am-6pm"]
    rows += ["Daisy,OX28 6AA,£5,EY777777,Weekends 9am-5pm", ",OX3 7AA,,,"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(file)


def test_a_spreadsheet_shows_its_columns_asks_once_and_remembers_them(kiosk, list_file, tmp_path):
    arguments = ("import", "list", list_file, "--as-at", "2026-03-01", "--source", "Family Information")
    with pytest.raises(ChildcareFileFaulty, match="holds the name"):
        kiosk(*arguments)
    with pytest.raises(ChildcareFileFaulty, match="Nothing was loaded"):
        kiosk(*arguments, "--map", "name=Who", given="n\n")

    said = kiosk(*arguments, "--map", "name=Who", given="y\n")

    assert "  name         Who\n" in said.stderr and "Is that right?" in said.stderr
    assert said.stdout.splitlines()[0].startswith(
        "2 providers from providers 2026-03.csv, 0 names withheld, 1 row refused"
    )
    # The next edition, under another name, is the same list; nobody is asked again.
    edition = tmp_path / "providers 2026-04.csv"
    edition.write_bytes(Path(list_file).read_bytes())
    again = kiosk("import", "list", str(edition), "--as-at", "2026-04-01")
    assert "Is that right?" not in again.stderr
    assert "The list before held 2." in again.stdout
    assert (tmp_path / "data" / "childcare-columns.yaml").read_text(encoding="utf-8").startswith("providers:\n")


def test_an_edition_that_tells_of_consent_is_asked_about_again_and_read_with_it(kiosk, list_file, tmp_path):
    kiosk("import", "list", list_file, "--as-at", "2026-03-01", "--map", "name=Who", "--yes")
    head, sparkle, daisy, _ = Path(list_file).read_text(encoding="utf-8").splitlines()
    edition = tmp_path / "providers 2026-04.csv"
    edition.write_text(f"{head},Consent\n{sparkle},Yes\n{daisy},No\n", encoding="utf-8")
    arguments = ("import", "list", str(edition), "--as-at", "2026-04-01")

    with pytest.raises(ChildcareFileFaulty, match="Nothing was loaded"):
        kiosk(*arguments, given="n\n")
    assert kiosk(*arguments, given="y\n").stdout.startswith("1 provider from providers 2026-04.csv, 1 name withheld")
    assert "Is that right?" not in kiosk(*arguments).stderr


def test_lists_are_told_with_each_listing_ordered_and_taken_away(kiosk, register_file, list_file):
    kiosk("import", "ofsted", register_file)
    kiosk("import", "list", list_file, "--map", "name=Who", "--yes", "--as-at", "2026-03-01", "--source", "The council")

    both = kiosk("near", "OX3 7AA", "--day", "fri", "--from", "8:00", "--to", "17:30").stdout
    assert "The council, 1 March 2026; Ofsted register, 31 August 2021" in both
    assert "Daisy" not in both and "Daisy" in kiosk("near", "OX3 7AA", "--day", "sat").stdout
    lines = kiosk("status").stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["providers", "ofsted"]
    assert lines[2] == "1 provider in several lists, shown once."

    said = kiosk("sources", "order", "ofsted")
    assert said.stdout == "Believed in this order: ofsted, providers.\n"
    assert "Sparkle Day Nursery | nursery" in kiosk("near", "OX3 7AA", "--within", "1").stdout
    assert kiosk("sources", "remove", "providers").stdout == "2 providers of providers taken away.\n"
    assert "The council" not in kiosk("near", "OX3 7AA").stdout
    with pytest.raises(UnknownSource):
        kiosk("sources", "remove", "providers")


def test_a_directory_is_loaded_and_when_it_empties_the_list_stays(kiosk, tmp_path):
    with serving(Directory([V3_SERVICE])) as directory:
        load = (
            "import",
            "open-referral",
            directory.url,
            "--pause",
            "0",
            "--name",
            "Council",
            "--source",
            "The council",
        )
        first = kiosk(*load).stdout
        directory.services = [{**V3_SERVICE, "name": "string"}]
        with pytest.raises(ChildcareFileFaulty, match="the 1 provider loaded before stay"):
            kiosk(*load)
        directory.services = [V3_SERVICE]
        assert "The list before held 1." in kiosk(*load).stdout
        directory.services = [{**V3_SERVICE, "name": "string"}]
        with pytest.raises(ChildcareFileFaulty):
            kiosk(*load)

    assert first.startswith("1 provider from 127.0.0.1, 0 names withheld, 0 rows refused")
    assert kiosk("status").stdout.startswith("council: 1 provider as at ")
    refused = (tmp_path / "data" / "childcare-refused.csv").read_text(encoding="utf-8")
    assert f"1,{V3_SERVICE['id']},has no name" in refused


@pytest.mark.parametrize("name", ["ofsted", "Examples", "merged", "--", "!!"])
def test_a_list_may_not_take_a_name_that_is_taken_or_none(kiosk, list_file, name):
    with pytest.raises(click.UsageError):
        kiosk("import", "list", list_file, "--map", "name=Who", "--yes", "--name", name)


def test_a_time_that_is_none_and_an_end_before_its_beginning_are_refused(kiosk):
    for arguments in (("--from", "early"), ("--from", "9:00", "--to", "8:00")):
        with pytest.raises(click.UsageError):
            kiosk("near", "OX3 7AA", *arguments)


def test_postcodes_are_of_districts_or_of_all_england(kiosk):
    with pytest.raises(click.UsageError, match="Give either --district"):
        kiosk("import", "postcodes", "--all-england", "--district", "E07000178")


def test_without_a_district_the_postcodes_are_those_of_the_pack(kiosk, tmp_path, monkeypatch):
    monkeypatch.setattr(childcare_import, "postcode_files", lambda: directory(tmp_path))
    monkeypatch.setenv("KIOSK_PACK", str(content_folder() / "westminster"))

    assert kiosk("import", "postcodes").stdout.strip() == "1 postcode loaded from Westminster."


def test_districts_are_given_by_name_and_their_codes_are_told(kiosk, tmp_path, monkeypatch):
    monkeypatch.setattr(childcare_import, "postcode_files", lambda: directory(tmp_path))

    assert (
        kiosk("import", "postcodes", "--district", "westminster").stdout.strip()
        == "1 postcode loaded from Westminster."
    )
    assert kiosk("districts", "City of London").stdout == "E09000001  City of London\n"
    assert kiosk("districts", "oxfordshire").stdout.splitlines()[1] == "E07000178  Oxford, Oxfordshire"


def test_what_is_typed_wrongly_is_an_error_with_a_remedy(kiosk):
    with pytest.raises(PostcodeFaulty):
        kiosk("near", "Oxford")
    with pytest.raises(UnknownProvider):
        kiosk("hide", "EY404")
