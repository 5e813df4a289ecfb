from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.childcare.model import Kind, Postcode
from kiosk.childcare.sources.reading import Refused
from kiosk.childcare.sources.spreadsheet import load_examples
from kiosk.errors import ChildcareFileFaulty

HEADER = "name,kind,postcode,address,ages_from,ages_to,open,cost,phone,funded_hours,term_time,note\n"
ACORN = 'Acorn,nursery,OX4 4UY,"1 The Road, Oxford",0,5,8 to 6,£60 a day,01865 000 000,15 and 30 hours,no,Garden\n'


def examples(folder: Path, rows: str, header: str = HEADER) -> Path:
    file = folder / "childcare-examples.csv"
    file.write_text(header + rows, encoding="utf-8")
    return file


def test_an_example_is_read_with_all_that_staff_wrote_and_marked_as_example(tmp_path):
    [acorn] = load_examples(examples(tmp_path, ACORN), date(2026, 11, 1)).providers

    assert (acorn.id, acorn.urn, acorn.example, acorn.source) == ("examples:2", "", True, "Example")
    assert (acorn.name, acorn.kind, acorn.postcode) == ("Acorn", Kind.NURSERY, Postcode("OX4", "4UY"))
    assert acorn.address == ("1 The Road", "Oxford")
    assert (acorn.ages_from, acorn.ages_to, acorn.open, acorn.cost) == (0, 5, "8 to 6", "£60 a day")
    assert (acorn.phone, acorn.funded_hours) == ("01865 000 000", "15 and 30 hours")
    assert (acorn.term_time, acorn.note, acorn.as_at) == ("no", "Garden", date(2026, 11, 1))


def test_without_an_address_only_the_first_part_of_the_postcode_is_kept(tmp_path):
    [acorn] = load_examples(examples(tmp_path, "Acorn,Childminder,OX4 4UY,,,,,,,,,\n")).providers

    assert (acorn.postcode, acorn.address, acorn.ages_from, acorn.ages_to) == (Postcode("OX4"), (), None, None)


def test_a_list_describes_the_day_it_was_last_changed(tmp_path):
    file = examples(tmp_path, ACORN)
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
    os.utime(file, (noon, noon))

    assert load_examples(file).as_at == date(2026, 3, 2)


def test_rows_that_cannot_be_used_say_why(tmp_path):
    rows = (
        ",nursery,OX4 4UY,,,,,,,,,\nA,childmnder,OX4,,,,,,,,,\nB,nursery,here,,,,,,,,,\n"
        "C,nursery,OX4,,two,,,,,,,\nD,nursery,OX4,,5,2,,,,,,\nE,nursery,OX4\n" + ACORN
    )
    reading = load_examples(examples(tmp_path, rows))

    assert [provider.name for provider in reading.providers] == ["Acorn"]
    assert reading.refused == [
        Refused(2, "has no name"),
        Refused(3, 'has a kind that does not exist; did you mean "childminder"?'),
        Refused(4, "has no usable postcode"),
        Refused(5, "has an age that is not a whole number of years up to 19"),
        Refused(6, "has ages that end before they begin"),
        Refused(7, "has 3 cells where the header has 12"),
    ]


def test_columns_may_come_in_any_order_and_some_may_be_missing(tmp_path):
    [acorn] = load_examples(examples(tmp_path, "OX4,Acorn,Pre school\n", "Postcode,NAME,kind\n")).providers

    assert (acorn.name, acorn.kind, acorn.cost) == ("Acorn", Kind.PRE_SCHOOL, "")


def test_a_list_without_postcodes_is_refused(tmp_path):
    with pytest.raises(ChildcareFileFaulty, match='lacks the column "postcode"'):
        load_examples(examples(tmp_path, "Acorn,nursery\n", "name,kind\n"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(rows=st.binary(max_size=200))
def test_whatever_bytes_come_in_the_answer_is_a_reading_or_a_refusal(tmp_path, rows):
    file = tmp_path / "childcare-examples.csv"
    file.write_bytes(HEADER.encode() + rows)
    try:
        assert all(provider.example for provider in load_examples(file).providers)
    except ChildcareFileFaulty as refusal:
        assert refusal.remedy
