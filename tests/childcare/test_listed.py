"""Any spreadsheet: its header found, its columns proposed, agreed and remembered; Outpost's own exports recognised."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kiosk.childcare.hours import Terms, read_hours
from kiosk.childcare.model import Kind, Postcode
from kiosk.childcare.sources import mapping
from kiosk.childcare.sources.listed import List, find_list, load_list, read_ages
from kiosk.childcare.sources.outpost import is_outpost, load_json, load_outpost
from kiosk.childcare.sources.reading import Refused
from kiosk.errors import ChildcareFileFaulty
from tests.childcare.directories import OUTPOST_SERVICE, V3_SERVICE

CALLED = List("providers", "Family Information")
TITLES = [["Family Information Service, 1 March 2026"], []]
HEADER = ["Setting name", "Type of childcare", "Address Line 1", "Town", "Post code", "Telephone number", "Age range",
          "Opening times", "Funded places", "Term time", "Ofsted number", "Internal ref"]  # fmt: skip
BLUEBELL = ["Bluebell", "Day nursery", "1 Example Lane", "Oxford", "OX4 4UA", "01632 960 201", "0 to 4 years",
            "Mon-Fri 8am-6pm", "15 and 30 hours", "All year", "EY435689", "7"]  # fmt: skip
MINDER = ["Sunny", "Childminder", "5 Elm Road", "Oxford", "OX4 4UB", "", "6 months - 8 years", "By arrangement", "", "",
          "EY100200", "8"]  # fmt: skip


def as_csv(folder: Path, *rows: list[str], header=HEADER, titles=TITLES, name="providers.csv") -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([*titles, header, *rows])
    (folder / name).write_text(text.getvalue(), encoding="utf-8")
    return folder / name


def as_xlsx(folder: Path, *rows: list[object], header=HEADER, titles=TITLES) -> Path:
    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["This list was made by the council."])
    sheet = book.create_sheet("Providers")
    for row in [*titles, header, *rows]:
        sheet.append(list(row))
    book.save(folder / "providers.xlsx")
    return folder / "providers.xlsx"


def read(file: Path, **columns: str):
    found = find_list(file, columns)
    return load_list(found, mapping.propose(found.header) | columns, CALLED)


@pytest.mark.parametrize("made", [as_csv, as_xlsx])
def test_a_list_is_read_by_the_headers_it_has(tmp_path, made):
    reading = read(made(tmp_path, BLUEBELL, MINDER))
    bluebell, minder = reading.providers

    assert (bluebell.id, bluebell.urn, bluebell.kind) == ("providers:EY435689", "EY435689", Kind.NURSERY)
    assert (bluebell.address, bluebell.postcode) == (("1 Example Lane", "Oxford"), Postcode("OX4", "4UA"))
    assert (bluebell.ages_from, bluebell.ages_to, bluebell.phone) == (0, 4, "01632 960 201")
    assert (bluebell.week, bluebell.terms) == (read_hours("Mon-Fri 8am-6pm").week, Terms.ALL_YEAR)
    assert (bluebell.funded, bluebell.source, bluebell.as_at) == ((0, 15, 30), "Family Information", date(2026, 3, 1))
    # A childminder's address is a home; hours that nobody can be sure of are only words.
    assert (minder.address, minder.postcode, minder.ages_from, minder.ages_to) == ((), Postcode("OX4"), 0, 8)
    assert (minder.open, minder.week) == ("By arrangement", ())


@pytest.mark.parametrize(
    ("name", "filed"),
    [("Jane Smith Childminder", "Registered childcare"), ("Jane", "Nanny"), ("Jane", "Childcare on domestic premises")],
)
def test_a_home_is_kept_to_the_outward_part_by_its_name_as_well(tmp_path, name, filed):
    [home] = read(as_csv(tmp_path, [name, filed, *MINDER[2:]])).providers

    assert (home.postcode, home.address) == (Postcode("OX4"), ())


@pytest.mark.parametrize(
    ("filed", "postcode"),
    [("Day nursery", "OX4 4UA"), ("Childminder", "OX4"), ("Nanny", "OX4"), ("Childcare", "OX4"), ("", "OX4")],
)
def test_a_list_without_addresses_masks_what_may_be_a_home_and_nothing_else(tmp_path, filed, postcode):
    file = as_csv(tmp_path, ["Bluebell", filed, "OX4 4UA"], header=["Name", "Type", "Postcode"], titles=[])

    [provider] = read(file).providers

    assert (str(provider.postcode), provider.address) == (postcode, ())


def test_headers_are_proposed_by_spelling_and_by_likeness():
    proposed = mapping.propose([*HEADER, "Opening tmes", "Teleph0ne number"])

    assert proposed["name"] == "Setting name" and proposed["urn"] == "Ofsted number"
    assert proposed["address"] == "Address Line 1" and proposed["open"] == "Opening times"
    assert "Internal ref" not in proposed.values()
    assert mapping.propose(["Providr name", "Postcode"]) == {"postcode": "Postcode", "name": "Providr name"}


@pytest.mark.parametrize("header", ["No consent", "Unpublish", "Non-consent", "Not public"])
def test_what_is_only_like_consent_is_none(header):
    assert "consent" not in mapping.propose(["Name", "Postcode", header])
    assert mapping.propose(["Name", "Postcode", header, "Consent given"])["consent"] == "Consent given"


def test_columns_of_no_known_name_can_be_told(tmp_path):
    file = as_csv(tmp_path, ["Bluebell", "OX4 4UA"], header=["Who", "Whereabouts"], titles=[])

    with pytest.raises(ChildcareFileFaulty, match="no row of headers"):
        find_list(file, {})
    [bluebell] = read(file, name="Who", postcode="Whereabouts").providers
    assert (bluebell.name, bluebell.kind) == ("Bluebell", Kind.OTHER)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"name": "Setting nam", "postcode": "Post code"}, 'no column "Setting nam". Did you mean "Setting name"'),
        ({"colour": "Town"}, 'nothing called "colour"'),
        ({"name": "Setting name"}, "holds the postcode. Say so: --map postcode="),
    ],
)
def test_columns_that_are_not_there_are_named(columns, says):
    with pytest.raises(ChildcareFileFaulty) as refusal:
        mapping.check(columns, HEADER, "providers.csv")
    assert says in str(refusal.value)


def test_columns_are_remembered_for_each_list_and_a_damaged_memory_is_none(tmp_path):
    remembered = mapping.RememberedColumns(tmp_path)
    assert remembered.of("providers") == {}

    remembered.keep("providers", {"name": "Setting: name", "postcode": "Post code"})
    remembered.keep("clubs", {"name": "yes", "postcode": "no"})

    assert remembered.of("providers") == {"name": "Setting: name", "postcode": "Post code"}
    assert remembered.of("clubs") == {"name": "yes", "postcode": "no"}
    (tmp_path / mapping.FILE_NAME).write_bytes(b"{ \xff not: [yaml")
    assert remembered.of("providers") == {}


def test_who_does_not_say_yes_is_withheld_with_their_number(tmp_path):
    header = [*HEADER, "Consent to publish"]
    rows = [[*BLUEBELL, "Yes"], [*MINDER, ""], [*MINDER[:10], "EY3", "9", "no"]]

    reading = read(as_csv(tmp_path, *rows, header=header))

    assert [provider.name for provider in reading.providers] == ["Bluebell"]
    assert (reading.withheld, reading.withheld_urns) == (2, {"EY100200", "EY3"})


@pytest.mark.parametrize(("written", "urn"), [("EY 101465", "EY101465"), (" ey101465 ", "EY101465"), ("n/a", "")])
def test_a_number_is_the_same_however_it_is_spaced(tmp_path, written, urn):
    numbered = [*BLUEBELL[:10], written, "7"]
    private = ["REDACTED", *numbered[1:]]

    assert [each.urn for each in read(as_csv(tmp_path, numbered)).providers] == [urn]
    assert read(as_csv(tmp_path, private)).withheld_urns == {urn} - {""}


def test_rows_that_cannot_be_used_say_why(tmp_path):
    rows = [
        ["", *BLUEBELL[1:]], [*BLUEBELL[:4], "here", *BLUEBELL[5:]], BLUEBELL, BLUEBELL, ["REDACTED", *MINDER[1:]],
    ]  # fmt: skip
    reading = read(as_csv(tmp_path, *rows))

    assert [provider.name for provider in reading.providers] == ["Bluebell"]
    assert reading.withheld == 1
    assert reading.refused == [
        Refused(4, "has no name"),
        Refused(5, "has no usable postcode"),
        Refused(7, "is in the file twice"),
    ]


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("0-5", (0, 5)),
        ("2 to 4 years", (2, 4)),
        ("6 months to 11 years", (0, 11)),
        ("18 months – 5 years", (1, 5)),
        ("3+", (3, None)),
        ("3 months - 18 months", (0, 1)),
        ("Ages 4 to 11", (4, 11)),
        ("6-18 months", (0, 1)),
        ("5 to 2", (None, None)),
        ("all ages", (None, None)),
        ("0 to 99", (None, None)),
        ("", (None, None)),
    ],
)
def test_ages_are_read_as_people_write_them(text, ages):
    assert read_ages(text) == ages


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"Name,Postcode\nA,OX4\n"])
def test_a_workbook_that_is_none_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "providers.xlsx").write_bytes(content)

    with pytest.raises(ChildcareFileFaulty) as refusal:
        find_list(tmp_path / "providers.xlsx", {})
    assert refusal.value.remedy


def test_a_workbook_that_was_cut_or_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    file = as_xlsx(tmp_path, BLUEBELL)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ChildcareFileFaulty, match=r"no \.xlsx workbook, or only a part"):
        find_list(file, {})

    file.write_bytes(whole)
    monkeypatch.setattr("kiosk.childcare.sources.workbook.UNPACKED_AT_MOST", 1_000)
    with pytest.raises(ChildcareFileFaulty, match="too large"):
        find_list(file, {})


OUTPOST = """\
import_id,import_id_reference,name,description,approved,visible,min_age,max_age,service_taxonomies,contact_visible,\
contact_phone,location_address_1,location_city,location_postcode,location_visible,mask_exact_address,free,cost_option,\
cost_amount,cost_type,temporarily_closed,schedules_opens_at,schedules_closes_at,scheduled_weekday
1,,Bluebell Nursery,A garden.,TRUE,TRUE,0,4,Childcare; Day nurseries,TRUE,01632 960 201,1 Example Lane,Oxford,OX4 4UA,\
TRUE,FALSE,FALSE,Each child,66,per day,,08:00:00,18:00:00,monday
2,1,,,,,,,,,,,,,,,,,,,,08:00:00,18:00:00,tuesday
3,1,,,,,,,,FALSE,01632 960 299,,,,,,,Under 2s,70,per day,,,,
4,,Sunny,,TRUE,TRUE,,,Childminders,FALSE,01632 960 202,5 Elm Road,Oxford,OX4 4UB,TRUE,TRUE,TRUE,,,,,,,
5,,Debt advice,,TRUE,TRUE,,,Money,,,,,OX4 4UB,,,,,,,,,,
6,,Pending Nursery,,FALSE,TRUE,,,,,,,,OX4 4UB,,,,,,,,,,
7,,Nowhere Nursery,,TRUE,TRUE,,,,,,,,,,,,,,,,,,
"""


def test_an_export_of_outpost_is_recognised_and_its_rows_are_put_together(tmp_path):
    file = tmp_path / "services.csv"
    file.write_text(OUTPOST, encoding="utf-8")
    assert is_outpost(find_list(file, {}).header)

    reading = load_outpost(file, CALLED)
    bluebell, sunny = reading.providers

    assert (bluebell.open, bluebell.cost) == (
        "Monday to Tuesday 8am to 6pm", "Each child: £66 per day; Under 2s: £70 per day",
    )  # fmt: skip
    assert (bluebell.phone, bluebell.address, bluebell.ages_to) == ("01632 960 201", ("1 Example Lane", "Oxford"), 4)
    assert (sunny.postcode, sunny.address, sunny.phone, sunny.cost) == (Postcode("OX4"), (), "", "Free")
    assert (reading.rows, reading.refused) == (5, [Refused(8, "has no usable postcode")])


@pytest.mark.parametrize(
    "document",
    [
        [V3_SERVICE, OUTPOST_SERVICE],
        {"content": [V3_SERVICE, OUTPOST_SERVICE]},
        {"contents": [V3_SERVICE, OUTPOST_SERVICE]},
    ],
)
def test_services_saved_as_json_are_read_like_a_directory(tmp_path, document):
    (tmp_path / "services.json").write_text(json.dumps(document), encoding="utf-8")

    reading = load_json(tmp_path / "services.json", CALLED)

    assert [provider.name for provider in reading.providers] == ["Bluebell Nursery", "Hopscotch"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"contents": 1}', b"\xff", b"[" * 50_000])
def test_json_that_is_no_list_is_refused(tmp_path, content):
    (tmp_path / "services.json").write_bytes(content)

    with pytest.raises(ChildcareFileFaulty) as refusal:
        load_json(tmp_path / "services.json", CALLED)
    assert refusal.value.remedy


cells = st.text(max_size=12) | st.sampled_from([*BLUEBELL, "REDACTED", '"', "\r", "\0", "=1+1", "nan"])


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(cells, min_size=8, max_size=13), max_size=4), cut=st.integers(0, 40))
def test_whatever_a_spreadsheet_holds_it_is_a_reading_or_a_refusal(tmp_path, rows, cut):
    file = as_csv(tmp_path, BLUEBELL, *rows)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) - cut])
    try:
        reading = read(file)
    except ChildcareFileFaulty as refusal:
        assert refusal.remedy
    else:
        assert all("REDACTED" not in provider.name.upper() for provider in reading.providers)
