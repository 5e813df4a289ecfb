from __future__ import annotations

import lzma
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.childcare.consent import is_withheld
from kiosk.childcare.model import Kind, Postcode
from kiosk.childcare.sources.ofsted import kind_of, load_ofsted
from kiosk.childcare.sources.reading import Refused
from kiosk.errors import ChildcareFileFaulty
from tests.childcare.registers import (
    AS_AT,
    CLUB,
    CRECHE,
    NEW_HEADER,
    OLD_HEADER,
    SPARKLE,
    TITLES,
    WITHHELD,
    changed,
    register,
)


def write(folder: Path, text: str, name: str = "register.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def names(reading):
    return [provider.name for provider in reading.providers]


def test_a_provider_is_read_with_all_that_the_register_says(tmp_path):
    reading = load_ofsted(write(tmp_path, register(SPARKLE)))
    [sparkle] = reading.providers

    assert (sparkle.id, sparkle.urn, sparkle.name) == ("ofsted:EY435689", "EY435689", "Sparkle Day Nursery")
    assert sparkle.address == ("34 Church Street", "Headington", "Oxford")
    assert sparkle.postcode == Postcode("OX3", "7AA")
    assert (sparkle.kind, sparkle.places, sparkle.phone) == (Kind.NURSERY, 30, "01865 000 101")
    assert (sparkle.rating, sparkle.rated_on) == ("Good", date(2021, 5, 25))
    assert (sparkle.source, sparkle.as_at, sparkle.example) == ("Ofsted register", AS_AT, False)


@pytest.mark.parametrize("header", [OLD_HEADER, NEW_HEADER])
@pytest.mark.parametrize("titles", [TITLES, []])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_old_and_new_editions_read_the_same(tmp_path, header, titles, encoding):
    text = register(SPARKLE, CRECHE, CLUB, header=header, titles=titles)
    file = write(tmp_path, text, "childcare_31_August_2021.csv", encoding)

    reading = load_ofsted(file)

    assert names(reading) == ["Sparkle Day Nursery", "Crèche L’Étoile", "Summer Camp Club"]
    assert [provider.kind for provider in reading.providers] == [Kind.NURSERY, Kind.CRECHE, Kind.HOLIDAY_CLUB]
    assert (reading.as_at, reading.rows, reading.refused) == (AS_AT, 3, [])


def test_a_compressed_register_reads_like_a_plain_one(tmp_path):
    plain = write(tmp_path, register(SPARKLE, CLUB))
    packed = tmp_path / "register.csv.xz"
    packed.write_bytes(lzma.compress(plain.read_bytes()))

    assert load_ofsted(packed) == load_ofsted(plain)


@pytest.mark.parametrize("field", ["provider_name", "provider_address_line_1", "provider_town", "postcode"])
@pytest.mark.parametrize(
    "mark",
    ["REDACTED", " redacted ", "REDACTED (no consent)", "***", "xxxx", "Withheld", "Address withheld", "[Withheld]"],
)
def test_a_provider_with_anything_blacked_out_is_withheld(tmp_path, field, mark):
    reading = load_ofsted(write(tmp_path, register(SPARKLE, WITHHELD, changed(CLUB, **{field: mark}))))

    assert names(reading) == ["Sparkle Day Nursery"]
    assert (reading.withheld, reading.refused) == (2, [])
    assert reading.withheld_urns == {"EY999999", "2500001"}


@pytest.mark.parametrize(
    "cell",
    [
        "Address withheld", "[Withheld]", "(withheld)", "Withheld by request", "Not published", "Not disclosed.",
        "Confidential", "CONFIDENTIAL ADDRESS", "Name: not published", "Withheld for safety",
    ],
)  # fmt: skip
def test_a_cell_that_says_it_is_withheld_is(cell):
    assert is_withheld(("Jane", cell, "Oxford"))


@pytest.mark.parametrize("cell", ["Confident Kids", "Xanthe", "12 Confidential Row", "Published", "-", ""])
def test_a_cell_that_only_looks_like_it_is_not(cell):
    assert not is_withheld(("Jane", cell, "Oxford"))


def test_a_blacked_out_phone_number_is_left_empty(tmp_path):
    [sparkle] = load_ofsted(write(tmp_path, register(changed(SPARKLE, telephone_number="REDACTED")))).providers

    assert sparkle.phone == ""


def test_only_active_providers_are_listed(tmp_path):
    closed = changed(CLUB, provider_status="Resigned")

    assert names(load_ofsted(write(tmp_path, register(SPARKLE, closed)))) == ["Sparkle Day Nursery"]


def test_an_old_grade_is_kept_only_with_its_date(tmp_path):
    undated = changed(SPARKLE, **{"most_recent_full:_inspection_date": ""})
    [provider] = load_ofsted(write(tmp_path, register(undated))).providers

    assert (provider.rating, provider.rated_on) == ("", None)


@pytest.mark.parametrize(
    ("provider_type", "subtype", "name", "kind"),
    [
        ("Childminder", "", "Ann Smith", Kind.CHILDMINDER),
        ("Childcare on non-domestic premises", "Sessional day care", "Acorns", Kind.PRE_SCHOOL),
        ("Childcare on non-domestic premises", "Out-of-school day care", "Acorns", Kind.OUT_OF_SCHOOL_CLUB),
        ("Childcare on non-domestic premises", "Out of School Day Care", "Holiday Fun", Kind.HOLIDAY_CLUB),
        ("Home childcarer", "Home childcarer", "Ann Smith", Kind.OTHER),
        ("Childcare on domestic premises", "", "Acorns", Kind.OTHER),
    ],
)
def test_types_and_subtypes_become_kinds(provider_type, subtype, name, kind):
    assert kind_of(provider_type, subtype, name) is kind


def test_one_authority_is_taken_whatever_its_case(tmp_path):
    file = write(tmp_path, register(SPARKLE, CLUB, WITHHELD))

    assert names(load_ofsted(file, ["oxfordshire"])) == ["Sparkle Day Nursery"]
    assert names(load_ofsted(file, ["Westminster", "Oxfordshire"])) == ["Sparkle Day Nursery", "Summer Camp Club"]
    assert load_ofsted(file, ["Westminster"]).withheld == 0


def test_the_numbers_of_all_who_are_withheld_are_kept_wherever_and_whenever_they_worked(tmp_path):
    left = changed(WITHHELD, provider_urn="ey 100300", provider_status="Resigned")

    reading = load_ofsted(write(tmp_path, register(CLUB, WITHHELD, left)), ["Westminster"])

    assert (reading.withheld, reading.withheld_urns) == (0, {"EY999999", "EY100300"})


def test_a_misspelt_authority_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(ChildcareFileFaulty) as refusal:
        load_ofsted(write(tmp_path, register(SPARKLE, CLUB)), ["Oxfordshir"])

    assert str(refusal.value) == 'There is no authority "Oxfordshir" in register.csv. Did you mean "Oxfordshire"?'


def test_rows_that_cannot_be_used_are_refused_one_by_one_with_their_line(tmp_path):
    reading = load_ofsted(
        write(
            tmp_path,
            register(
                changed(SPARKLE, postcode="Oxford"),
                changed(SPARKLE, provider_urn=""),
                SPARKLE,
                SPARKLE,
                CLUB[:5],
                [*CLUB, "one cell more"],
                CLUB,
            ),
        )
    )

    assert names(reading) == ["Sparkle Day Nursery", "Summer Camp Club"]
    assert reading.refused == [
        Refused(5, "has no usable postcode"),
        Refused(6, "has no URN or no name"),
        Refused(8, "has a URN that is in the file twice"),
        Refused(9, "has 5 cells where the header has 16"),
        Refused(10, "has 17 cells where the header has 16"),
    ]


def test_blank_rows_at_the_end_are_no_rows(tmp_path):
    text = register(SPARKLE) + "," * (len(OLD_HEADER) - 1) + "\r\n" + "\r\n,,,\r\n"

    assert (load_ofsted(write(tmp_path, text)).rows, load_ofsted(write(tmp_path, text)).refused) == (1, [])


@pytest.mark.parametrize(
    ("titles", "name", "given", "expected"),
    [
        (TITLES, "register-2020-01-01.csv", None, AS_AT),
        ([["As at 31/08/2021"]], "register.csv", None, AS_AT),
        ([], "ofsted-2021-08-31.csv", None, AS_AT),
        (TITLES, "register.csv", date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_the_day_is_given_or_in_the_titles_or_in_the_name(tmp_path, titles, name, given, expected):
    reading = load_ofsted(write(tmp_path, register(SPARKLE, titles=titles), name), as_at=given)

    assert reading.as_at == reading.providers[0].as_at == expected


def test_a_register_that_names_no_day_asks_for_it(tmp_path):
    with pytest.raises(ChildcareFileFaulty, match="--as-at"):
        load_ofsted(write(tmp_path, register(SPARKLE, titles=[])))


def test_missing_columns_are_all_named_at_once(tmp_path):
    header = ["Name of it" if cell in ("Provider name", "Provider status") else cell for cell in OLD_HEADER]

    with pytest.raises(ChildcareFileFaulty, match='lacks the columns "Provider name", "Provider status"'):
        load_ofsted(write(tmp_path, register(SPARKLE, header=header)))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", 'no column "Provider URN"'),
        (b"a,b\n1,2\n", 'no column "Provider URN"'),
        (b"PK\x03\x04 sheet", "is a spreadsheet or a zip; it is not a CSV file"),
        (register(SPARKLE).encode("utf-16"), "is in UTF-16; it is not a CSV file"),
        (b"\x7fELF\0\0", "holds no text; it is not a CSV file"),
        (register(SPARKLE).encode() + b"\x81\xff\n", "Line 6 .* in neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_what_to_do(tmp_path, content, says):
    (tmp_path / "register.csv").write_bytes(content)

    with pytest.raises(ChildcareFileFaulty, match=says) as refusal:
        load_ofsted(tmp_path / "register.csv")
    assert "The list that is loaded stays." in refusal.value.remedy


HALF = register(SPARKLE, CRECHE, CLUB)


@pytest.mark.parametrize("cut", range(len(HALF.encode()) - 90, len(HALF.encode()) - 10, 7))
def test_half_a_file_is_refused_whole_unless_the_whole_rows_are_asked_for(tmp_path, cut):
    file = tmp_path / "register.csv"
    file.write_bytes(HALF.encode()[:cut])

    with pytest.raises(ChildcareFileFaulty, match="breaks off in line 7; whole rows before it: 2"):
        load_ofsted(file)
    assert names(load_ofsted(file, allow_partial=True)) == ["Sparkle Day Nursery", "Crèche L’Étoile"]


def test_a_register_without_a_newline_at_its_end_is_whole(tmp_path):
    assert len(load_ofsted(write(tmp_path, HALF.rstrip())).providers) == 3


def test_a_quote_that_nothing_closes_is_a_file_that_breaks_off(tmp_path):
    text = register(SPARKLE, CRECHE, CLUB).replace("Crèche L’Étoile", '"Crèche L’Étoile')

    with pytest.raises(ChildcareFileFaulty, match="breaks off in line 7; whole rows before it: 1"):
        load_ofsted(write(tmp_path, text))


def test_a_compressed_register_that_breaks_off_is_refused(tmp_path):
    many = [changed(SPARKLE, provider_urn=f"EY{number}") for number in range(20_000)]
    packed = lzma.compress(register(*many).encode())
    file = tmp_path / "register.csv.xz"
    file.write_bytes(packed[: len(packed) // 2])

    with pytest.raises(ChildcareFileFaulty):
        load_ofsted(file)
    file.write_bytes(b"\xfd7zXZ\0 not really")
    with pytest.raises(ChildcareFileFaulty, match="is damaged"):
        load_ofsted(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ChildcareFileFaulty, match=r"register\.csv cannot be read: No such file"):
        load_ofsted(tmp_path / "register.csv")


def test_reading_tells_how_far_it_is(tmp_path):
    file = write(tmp_path, register(*(changed(SPARKLE, provider_urn=f"EY{n}") for n in range(3_000))))
    ticks: list[int] = []

    load_ofsted(file, tick=ticks.append)

    assert sum(ticks) == file.stat().st_size
    assert len(ticks) > 2


rubbish = st.binary(max_size=300) | st.builds(
    lambda before, at, put: before[:at] + put + before[at:],
    st.just(register(SPARKLE, WITHHELD, CLUB).encode()),
    st.integers(0, 900),
    st.binary(max_size=12) | st.sampled_from([b'"', b"\r", b"\n\n", b"\0", b",", b"REDACTED"]),
)


@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(content=rubbish, packed=st.booleans(), partial=st.booleans())
def test_whatever_bytes_come_in_the_answer_is_a_reading_or_a_refusal(tmp_path, content, packed, partial):
    file = tmp_path / ("register.csv.xz" if packed else "register.csv")
    file.write_bytes(content)
    try:
        reading = load_ofsted(file, allow_partial=partial)
    except ChildcareFileFaulty as refusal:
        assert refusal.remedy
    else:
        assert all("REDACTED" not in provider.name.upper() for provider in reading.providers)
