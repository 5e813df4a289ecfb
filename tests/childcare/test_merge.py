"""The same provider in two lists: one listing, and nobody who withdrew."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from kiosk.childcare.hours import Terms, read_hours
from kiosk.childcare.merge import merge
from kiosk.childcare.model import Kind, Listed, Postcode, Search
from kiosk.childcare.search import find_childcare
from kiosk.childcare.sources import mapping
from kiosk.childcare.sources.listed import List, find_list, load_list
from kiosk.childcare.sources.ofsted import load_ofsted
from kiosk.childcare.sources.reading import Reading
from kiosk.errors import UnknownSource
from tests.childcare.registers import AS_AT, SPARKLE, provider, register

NEAR = Postcode.parse("OX3 7AA")
LATER = AS_AT + timedelta(days=100)
COUNCIL = {"source": "Family Information", "as_at": LATER}


def ofsted(number: int, **fields: object):
    return provider(number, **fields)


def council(number: int, postcode: str = "OX3 7AA", **fields: object):
    return provider(number, postcode, **({"id": f"council:{number}", **COUNCIL} | fields))


def shown(store, **search):
    found = [found.provider for found in find_childcare(store, Search(near=NEAR, **search)).found]
    return [provider for provider in found if provider.urn != OTHER["Ofsted URN"]]


def test_the_first_listing_has_the_first_word_and_the_next_fills_what_it_does_not_say():
    week = read_hours("Mon-Fri 8am-6pm").week
    first = council(1, name="Daisy's", phone="01865 000 001", ages_from=2, open="Mon-Fri 8am-6pm", week=week)
    second = ofsted(1, name="DAISY LTD", phone="01865 999 999", places=30, ages_to=9, open="ring us", cost="£5")

    merged = merge([first, second])

    assert (merged.name, merged.phone, merged.places, merged.cost) == ("Daisy's", "01865 000 001", 30, "£5")
    # What belongs together stays together: the ages of one list are not mixed with those of another.
    assert (merged.ages_from, merged.ages_to) == (2, None)
    assert (merged.open, merged.week) == ("Mon-Fri 8am-6pm", week)
    assert (merged.source, merged.as_at) == ("Family Information", LATER)
    assert merged.also == (Listed("Ofsted register", AS_AT),)


def test_an_address_that_one_list_masks_is_not_told_by_another():
    masked = council(1, "OX4", kind=Kind.CHILDMINDER, masked=True, easting=1, northing=2)
    told = ofsted(1, address=("5 Elm Road", "Oxford"), easting=454_300, northing=207_000)

    for order in ([masked, told], [told, masked]):
        merged = merge(order)
        assert (merged.postcode, merged.address, merged.easting) == (Postcode("OX4"), (), 1)
        assert merged.masked


def test_a_list_that_only_knows_a_part_of_an_address_does_not_mask_that_of_another():
    told = ofsted(1, address=("1 Example Lane", "Oxford"), easting=454_300, northing=207_000)

    for partial in (
        council(1, "OX4", address=("Oxford",)),
        council(1),
        council(1, address=("OXFORD",)),
        council(1, "OX4"),
    ):
        merged = merge([partial, told])
        assert (str(merged.postcode), merged.address) == ("OX3 7AA", ("1 Example Lane", "Oxford"))


WHOLE = ("34 Church Street", "Headington", "Oxford")
IN_BOTH = {"Name": "Sparkle", "Post code": "OX3 7AA", "Ofsted URN": "EY435689", "Telephone": "01632 960 201"}
SPREADSHEETS = {
    "no kind and no address": ({}, Kind.NURSERY, WHOLE),
    "a kind and no address": ({"Type": "Day nursery"}, Kind.NURSERY, WHOLE),
    "a kind that tells nothing and no address": ({"Type": "Childcare"}, Kind.NURSERY, WHOLE),
    "the town alone": ({"Town": "Oxford"}, Kind.NURSERY, WHOLE),
    "another address": ({"Address": "2 Mill Lane, Oxford"}, Kind.NURSERY, ("2 Mill Lane", "Oxford")),
    "an address left blank": ({"Address": ""}, Kind.NURSERY, ()),
    "an address left blank, its kind told": ({"Address": "", "Type": "Day nursery"}, Kind.NURSERY, ()),
    "a home by its kind": ({"Type": "Childminder"}, Kind.CHILDMINDER, ()),
    "a home by its kind, its address told": ({"Type": "Childminder", "Address": "5 Elm Road"}, Kind.CHILDMINDER, ()),
    "a home of no kind that is known": ({"Type": "Nanny"}, Kind.NURSERY, ()),
    "a home by its name": ({"Name": "Sparkle home-based care"}, Kind.NURSERY, ()),
    "an address withheld": ({"Address": "Withheld"}, None, None),
    "consent not given": ({"Consent": "no"}, None, None),
}
"""What a council's newer list says of a nursery of the register, and what stands of both: its kind, its address."""


@pytest.mark.parametrize(("cells", "kind", "address"), SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_what_a_spreadsheet_leaves_out_neither_masks_nor_tells_and_what_it_masks_stays_masked(
    store, tmp_path, cells, kind, address
):
    (tmp_path / "register.csv").write_text(register(SPARKLE), encoding="utf-8")
    load(store, "ofsted", load_ofsted(tmp_path / "register.csv"))
    (tmp_path / "council.csv").write_text(as_table(IN_BOTH | cells), encoding="utf-8")
    found = find_list(tmp_path / "council.csv", {})
    load(
        store, "council", load_list(found, mapping.propose(found.header), List("council", "Family Information", LATER))
    )

    by_council = shown(store)
    store.order_sources(["ofsted"])
    by_register = shown(store)

    said = [(each.kind, each.address, str(each.postcode), each.phone) for each in (*by_council, *by_register)]
    told = address and WHOLE
    assert said == ([] if kind is None else [
        (kind, address, "OX3 7AA" if address else "OX3", "01632 960 201"),
        (Kind.NURSERY, told, "OX3 7AA" if told else "OX3", "01865 000 101"),
    ])  # fmt: skip


def load(store, origin: str, reading: Reading) -> None:
    store.replace_source(origin, reading.providers, reading.as_at, reading.withheld, 0, reading.withheld_urns)


def as_table(row: dict[str, str]) -> str:
    """Return a table of that row, and of another place whose every cell is filled."""
    text = io.StringIO()
    csv.writer(text).writerows([list(row), list(row.values()), [OTHER.get(column, "Yes") for column in row]])
    return text.getvalue()


OTHER = {
    "Name": "Daisy",
    "Post code": "OX28 6AA",
    "Ofsted URN": "EY100200",
    "Type": "Day nursery",
    "Address": "1 Oak Lane",
}


def test_one_provider_in_two_lists_is_one_listing_that_names_both(store):
    store.replace_source("ofsted", [ofsted(1, places=30), ofsted(2)], AS_AT)
    store.replace_source("council", [council(1, cost="£5"), council(3)], LATER)

    found = shown(store)

    assert sorted(each.urn for each in found) == ["1", "2", "3"]
    [one] = [each for each in found if each.urn == "1"]
    assert (one.source, one.also, one.places, one.cost) == (
        "Family Information", (Listed("Ofsted register", AS_AT),), 30, "£5",
    )  # fmt: skip
    assert store.get_provider("1") == one
    assert store.status().merged == 1
    assert [source.providers for source in store.status().sources] == [2, 2]


def test_the_newer_list_is_believed_unless_an_order_is_declared(store):
    store.replace_source("ofsted", [ofsted(1, name="Old name")], AS_AT)
    store.replace_source("council", [council(1, name="New name")], LATER)
    assert [each.name for each in shown(store)] == ["New name"]

    store.order_sources(["ofsted", "council"])
    assert [each.name for each in shown(store)] == ["Old name"]
    assert [source.origin for source in store.status().sources] == ["ofsted", "council"]

    # The order outlives a new edition of either.
    store.replace_source("council", [council(1, name="Newer name")], LATER)
    assert [each.name for each in shown(store)] == ["Old name"]
    store.order_sources([])
    assert [each.name for each in shown(store)] == ["Newer name"]


def test_who_withdraws_consent_disappears_from_every_list(store):
    store.replace_source("ofsted", [ofsted(1), ofsted(2)], AS_AT)
    store.replace_source("council", [council(1)], LATER)

    store.replace_source("ofsted", [ofsted(2)], LATER, withheld_count=1, withheld_urns=["1"])

    assert [each.urn for each in shown(store)] == ["2"]
    # It stays so when the other list is loaded again, and ends when the register publishes it again.
    store.replace_source("council", [council(1)], LATER)
    assert [each.urn for each in shown(store)] == ["2"]
    store.replace_source("ofsted", [ofsted(1), ofsted(2)], LATER)
    assert sorted(each.urn for each in shown(store)) == ["1", "2"]


def test_who_is_withheld_by_a_list_is_not_shown_from_another_entry_of_that_list(store):
    store.replace_source("council", [council(1), council(2)], LATER, withheld_count=1, withheld_urns=["1"])

    assert [each.urn for each in shown(store)] == ["2"]


def test_who_leaves_one_list_is_still_shown_from_the_other_with_its_own_words(store):
    store.replace_source("ofsted", [ofsted(1, places=30)], AS_AT)
    store.replace_source("council", [council(1, cost="£5")], LATER)

    store.replace_source("ofsted", [], LATER)

    [one] = shown(store)
    assert (one.cost, one.places, one.also) == ("£5", None, ())


def test_a_merged_listing_that_staff_hide_is_hidden_whatever_the_lists_do(store):
    store.replace_source("ofsted", [ofsted(1)], AS_AT)
    store.hide("ofsted:1")
    store.replace_source("council", [council(1)], LATER)
    assert shown(store) == []

    store.show("1")
    [one] = shown(store)
    assert store.hide(one.id).hidden
    store.remove_source("council")
    assert shown(store) == []


def test_a_place_that_was_hidden_before_it_had_a_number_is_shown_again_for_good(store):
    store.replace_source("ofsted", [ofsted(1)], AS_AT)
    store.replace_source("council", [council(1, urn="")], LATER)
    store.hide("council:1")
    store.replace_source("council", [council(1)], LATER)
    assert shown(store) == []

    store.show("1")
    store.replace_source("council", [council(1)], LATER)

    assert [each.urn for each in shown(store)] == ["1"]


def test_a_list_that_is_removed_takes_all_of_its_own_with_it(store):
    store.replace_source("ofsted", [ofsted(1)], AS_AT, withheld_count=1, withheld_urns=["3"])
    store.replace_source("council", [council(1), council(3)], LATER)
    assert [each.urn for each in shown(store)] == ["1"]

    assert store.remove_source("ofsted") == 1

    assert sorted(each.urn for each in shown(store)) == ["1", "3"]
    assert [source.origin for source in store.status().sources] == ["council"]


@pytest.mark.parametrize("change", ["remove", "order"])
def test_a_list_that_is_not_there_is_named_with_those_that_are(store, change):
    store.replace_source("ofsted", [ofsted(1)], AS_AT)

    with pytest.raises(UnknownSource, match=r'There is no list called "council"\. There are: ofsted\.'):
        store.remove_source("council") if change == "remove" else store.order_sources(["ofsted", "council"])
    assert [each.urn for each in shown(store)] == ["1"]


def test_examples_are_merged_with_nothing(store):
    store.replace_source("examples", [provider(1, id="examples:1", example=True)], AS_AT)
    store.replace_source("ofsted", [ofsted(1)], AS_AT)

    assert [each.example for each in shown(store)] == [False]


def test_a_place_far_from_its_own_postcode_is_put_at_its_postcode(store):
    far, near = council(1, easting=100_000, northing=10_000), council(2, easting=454_310, northing=207_010)
    store.replace_source("council", [far, near], LATER)

    assert (store.get_provider("1").easting, store.get_provider("2").easting) == (454_300, 454_310)


def test_terms_and_free_hours_come_back_as_they_were_stored(store):
    listed = council(1, terms=Terms.ALL_YEAR, funded=(0, 30), week=read_hours("Weekends 9-5pm").week)
    store.replace_source("council", [listed], LATER)

    held = store.get_provider("1")
    assert (held.terms, held.funded, held.week) == (Terms.ALL_YEAR, (0, 30), listed.week)
    assert held.as_at == date(2021, 12, 9)
