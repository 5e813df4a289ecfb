from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from kiosk.childcare.model import Kind, Postcode, Search
from kiosk.childcare.search import find_childcare
from kiosk.childcare.store import SourceStatus, open_childcare
from kiosk.errors import ChildcareFileFaulty, UnknownPostcode, UnknownProvider
from tests.childcare.registers import AS_AT, provider

NEAR = Postcode.parse("OX3 7AA")


def names(store, **search):
    return [found.provider.name for found in find_childcare(store, Search(**search)).found]


def test_a_provider_comes_back_just_as_it_was_listed(store):
    listed = provider(
        7,
        kind=Kind.CHILDMINDER,
        address=("1 High Street", "Oxford"),
        phone="01865 000 107",
        places=6,
        ages_from=0,
        ages_to=8,
        open="Mon-Fri",
        cost="£5",
        funded_hours="15",
        term_time="no",
        note="garden",
        rating="Good",
        rated_on=date(2020, 2, 3),
    )
    store.replace_source("ofsted", [listed], AS_AT)

    assert store.get_provider("ofsted:7") == replace(listed, easting=454_300, northing=207_000)


def test_a_provider_that_is_no_longer_in_the_register_disappears(store):
    store.replace_source("ofsted", [provider(1), provider(2)], AS_AT)
    done = store.replace_source("ofsted", [provider(2), provider(3)], AS_AT)

    assert (done.before, done.providers) == (2, 2)
    assert names(store, near=NEAR) == names(store) == ["Place 2", "Place 3"]


def test_a_hidden_provider_stays_hidden_when_the_register_is_loaded_again(store):
    store.replace_source("ofsted", [provider(1), provider(2)], AS_AT)
    store.hide("1")
    store.replace_source("ofsted", [provider(1), provider(2)], AS_AT)

    assert names(store, near=NEAR) == names(store) == ["Place 2"]
    assert store.get_provider("1").hidden
    assert not store.show("1").hidden
    assert names(store, near=NEAR) == ["Place 1", "Place 2"]


@pytest.mark.parametrize("reference", ["EY404", ""])
def test_hiding_a_provider_that_does_not_exist_changes_nothing(store, reference):
    store.replace_source("examples", [provider(1, urn="")], AS_AT)

    with pytest.raises(UnknownProvider):
        store.hide(reference)

    assert store.status().hidden == 0
    assert names(store) == ["Place 1"]


def test_examples_vanish_as_soon_as_a_real_list_is_loaded_and_return_without_it(store):
    store.replace_source("examples", [provider(1, id="examples:1", urn="", example=True)], AS_AT)
    assert names(store, near=NEAR) == ["Place 1"]

    store.replace_source("ofsted", [provider(2)], AS_AT)
    assert names(store, near=NEAR) == names(store) == ["Place 2"]

    store.replace_source("ofsted", [], AS_AT)
    assert names(store, near=NEAR) == ["Place 1"]


def test_a_provider_whose_postcode_is_loaded_later_is_found_from_then_on(store):
    done = store.replace_source("ofsted", [provider(1, "OX9 9ZZ")], AS_AT)
    assert done.unplaced == ("ofsted:1",)
    assert names(store, near=NEAR) == []
    assert names(store) == ["Place 1"]

    store.load_postcodes([("OX99ZZ", 470_000, 206_000)])

    assert names(store, near=NEAR) == ["Place 1"]


def test_a_withheld_address_is_placed_in_the_middle_of_its_first_part(store):
    store.load_postcodes([("OX41AA", 453_000, 204_000), ("OX41AB", 453_200, 204_400), ("OX441AA", 1, 1)])
    store.replace_source("ofsted", [provider(1, "OX4")], AS_AT)

    assert store.get_place(Postcode.parse("OX4")) == (453_100, 204_200)
    assert (store.get_provider("1").easting, store.get_provider("1").northing) == (453_100, 204_200)


def test_a_first_part_is_not_mixed_up_with_a_longer_one(store):
    store.load_postcodes([("W11AA", 1_000, 1_000), ("W111AA", 9_000, 9_000), ("W1A1AA", 5_000, 5_000)])

    assert store.get_place(Postcode.parse("W1")) == (1_000, 1_000)
    assert store.get_place(Postcode.parse("W11")) == (9_000, 9_000)


def test_an_unknown_postcode_is_named_with_what_to_try(store):
    with pytest.raises(UnknownPostcode, match=r"OX4 4UY is not in the list of postcodes\. .* its first part, OX4"):
        store.get_place(Postcode.parse("ox44uy"))
    with pytest.raises(UnknownPostcode):
        store.get_place(Postcode.parse("ZE1"))


def test_an_import_that_fails_on_the_way_leaves_the_old_list_whole(store):
    store.replace_source("ofsted", [provider(1)], AS_AT)

    with pytest.raises(ChildcareFileFaulty, match="What it held is kept"):
        store.replace_source("ofsted", [provider(2), provider(2)], AS_AT)

    assert names(store, near=NEAR) == names(store) == ["Place 1"]


def test_postcodes_that_break_off_leave_the_table_as_it_was(store):
    def broken():
        yield ("OX99ZZ", 470_000, 206_000)
        raise ChildcareFileFaulty("postcodes_O cannot be read.")

    with pytest.raises(ChildcareFileFaulty):
        store.load_postcodes(broken())

    assert store.status().postcodes == 3


def test_a_reader_sees_the_old_list_while_a_new_one_is_committed(store):
    store.replace_source("ofsted", [provider(1)], AS_AT)

    with store.reading() as connection:
        before = connection.exec_driver_sql("SELECT name FROM providers").all()
        store.replace_source("ofsted", [provider(2)], AS_AT)
        assert connection.exec_driver_sql("SELECT name FROM providers").all() == before

    assert names(store) == ["Place 2"]


def test_a_database_that_is_no_database_is_named_with_the_remedy(tmp_path):
    (tmp_path / "childcare.db").write_bytes(b"no database at all" * 100)

    with pytest.raises(ChildcareFileFaulty, match=r"take childcare\.db away and import again"):
        open_childcare(tmp_path)


def test_tables_of_another_version_are_made_anew_but_what_staff_hid_is_kept(store, tmp_path):
    store.replace_source("ofsted", [provider(1), provider(2)], AS_AT)
    store.hide("1")
    with sqlite3.connect(tmp_path / "data" / "childcare.db") as older:
        older.execute("PRAGMA user_version = 999")
    older.close()

    anew = open_childcare(tmp_path / "data")

    assert anew.status().sources == ()
    anew.load_postcodes([("OX37AA", 454_300, 207_000)])
    anew.replace_source("ofsted", [provider(1), provider(2)], AS_AT)
    assert names(anew, near=NEAR) == ["Place 2"]


def test_the_status_counts_each_list(store):
    store.replace_source("ofsted", [provider(1), provider(2, "OX9 9ZZ")], AS_AT, withheld_count=5, refused=3)
    store.hide("1")

    status = store.status()

    assert status.sources == (SourceStatus("ofsted", AS_AT, providers=2, unplaced=1, withheld=5, refused=3),)
    assert (status.postcodes, status.hidden) == (3, 1)
