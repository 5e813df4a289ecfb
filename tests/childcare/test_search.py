from __future__ import annotations

import random
from dataclasses import replace
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.childcare.hours import WEEKDAYS, WEEKEND, Slot, Terms, is_open, read_hours
from kiosk.childcare.model import Kind, Offers, Postcode, Search
from kiosk.childcare.nearest import Place, find_spots, understand
from kiosk.childcare.search import find_childcare, get_offers
from kiosk.childcare.store import ChildcareStore, open_childcare
from kiosk.childcare.words import fold
from kiosk.errors import UnknownPostcode
from tests.childcare.registers import AS_AT, provider

HERE = Postcode.parse("OX3 7AA")
CENTRE = (454_300, 207_000)
TOWNS = ("Oxford", "Witney", "Łódź Road", "St. Mary's, Oxford")
WEEKS = tuple(read_hours(text).week for text in ("", "Mon-Fri 8am-6pm", "Weekends 9am-5pm", "Mon-Thu 7.30am-9am"))
SLOTS = (Slot(WEEKDAYS, 450, 500), Slot(frozenset({0, 6}), 600, 660), Slot(WEEKDAYS, 1020, 1080), Slot(WEEKEND, 0, 60))
NAMES = ("Sunshine Nursery", "Crèche Étoile", "Sunny Days", "After-School Club")


def somewhere(number: int, chance: random.Random):
    """A provider at a place, of a kind, with ages and words that chance chooses; far more of them are near than far."""
    spread = chance.choice((300, 5_000, 200_000))
    ages_from = chance.choice((None, 0, 2, 3))
    return provider(
        number,
        "OX9 9ZZ",  # not in the table: their places are their own
        week=chance.choice(WEEKS),
        terms=chance.choice((None, *Terms)),
        funded=chance.choice(((), (0,), (0, 15), (0, 15, 30))),
        name=f"{chance.choice(NAMES)} {number}",
        kind=chance.choice(list(Kind)),
        address=(chance.choice(TOWNS),),
        easting=min(655_000, max(80_000, round(chance.gauss(CENTRE[0], spread)))),
        northing=min(657_000, max(5_000, round(chance.gauss(CENTRE[1], spread)))),
        ages_from=ages_from,
        ages_to=chance.choice((None, 5, 11)),
    )


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """A database of 3,000 providers, all near and far, and those providers."""
    chance = random.Random(1948)
    providers = [somewhere(number, chance) for number in range(3_000)]
    store = open_childcare(tmp_path_factory.mktemp("country"))
    store.load_postcodes([("OX37AA", *CENTRE)])
    store.replace_source("ofsted", providers, AS_AT)
    return store, providers


def brute_force(providers, search: Search):
    """Every match, nearest first, by looking at each provider."""
    words = fold(search.text).split()
    matches = [
        (hypot(p.easting - CENTRE[0], p.northing - CENTRE[1]), number, p)
        for number, p in enumerate(providers)
        if (not search.kinds or p.kind in search.kinds)
        and (
            not search.ages or search.ages & set(range(p.ages_from or 0, (99 if p.ages_to is None else p.ages_to) + 1))
        )
        and all(is_open(p.week, slot) for slot in search.slots)
        and (search.terms in (None, p.terms) or p.terms is Terms.ALL_YEAR)
        and (search.funded is None or search.funded in p.funded)
        and (search.within is None or hypot(p.easting - CENTRE[0], p.northing - CENTRE[1]) <= search.within)
        and all(any(own.startswith(word) for own in fold(f"{p.name} {p.address[0]}").split()) for word in words)
    ]
    return [(p.id, round(metres)) for metres, _, p in sorted(matches, key=lambda match: match[:2])]


def as_pairs(results):
    return [(found.provider.id, found.metres) for found in results.found]


searches = st.builds(
    Search,
    near=st.just(HERE),
    kinds=st.frozensets(st.sampled_from(list(Kind)), max_size=3),
    text=st.sampled_from(
        ("", "s", "sun", "SUNNY days", "étoile", "lodz", "oxford st", "marys", "school", "zebra", "2")
    ),
    ages=st.frozensets(st.integers(0, 12), max_size=3),
    page=st.integers(1, 4),
    size=st.sampled_from((1, 10, 37)),
    slots=st.just(()) | st.lists(st.sampled_from(SLOTS), max_size=2).map(tuple),
    terms=st.none() | st.sampled_from(list(Terms)),
    funded=st.sampled_from((None, None, 0, 15, 30)),
    within=st.sampled_from((None, None, 4_000)),
)


@settings(deadline=None, max_examples=50)
@given(search=searches)
def test_a_page_is_what_looking_at_every_provider_would_give(country, search):
    store, providers = country
    everything = brute_force(providers, search)
    results = find_childcare(store, search)

    start = (search.page - 1) * search.size
    assert as_pairs(results) == everything[start : start + search.size]
    assert (results.total, results.pages) == (len(everything), -(-len(everything) // search.size))


@settings(deadline=None, max_examples=20)
@given(search=searches, limit=st.integers(1, 400))
def test_walking_squares_and_gathering_words_find_the_same(country, search, limit):
    store, _ = country
    with store.reading() as connection:
        wanted = understand(connection, replace(search, within=None))
        walked = find_spots(connection, wanted, Place(*CENTRE), limit, few=0)
        gathered = find_spots(connection, wanted, Place(*CENTRE), limit, few=wanted.total)

    assert walked == gathered
    assert len(walked) == min(limit, wanted.total)


def test_a_search_by_words_is_leafed_through_to_a_limit_and_says_that_there_is_more(country, monkeypatch):
    store, providers = country
    search = Search(near=HERE, text="sun", size=60)
    everything = brute_force(providers, search)
    whole = find_childcare(store, search)
    assert (whole.total, whole.more) == (len(everything), False)

    monkeypatch.setattr("kiosk.childcare.nearest.COUNTED", 100)
    pages = [find_childcare(store, replace(search, page=page)) for page in (1, 2, 3)]
    with store.reading() as connection:
        wanted = understand(connection, search)
        walked, gathered = (find_spots(connection, wanted, Place(*CENTRE), 100, few) for few in (0, 100))

    assert [pair for page in pages for pair in as_pairs(page)] == everything[:100]
    assert {(page.total, page.pages, page.more) for page in pages} == {(100, 2, True)}
    assert (wanted.words, walked) == (("sun",), gathered)


@pytest.mark.parametrize("near", [HERE, None])
@pytest.mark.parametrize("kinds", [frozenset(), frozenset({Kind.NURSERY, Kind.CRECHE})])
def test_all_pages_together_hold_every_match_once(country, near, kinds):
    store, _ = country
    first = find_childcare(store, Search(near=near, kinds=kinds, text="sun", size=50))
    pages = [
        find_childcare(store, Search(near=near, kinds=kinds, text="sun", size=50, page=page + 1))
        for page in range(first.pages)
    ]
    ids = [found.provider.id for page in pages for found in page.found]

    assert len(ids) == len(set(ids)) == first.total > 100
    assert find_childcare(store, Search(near=near, kinds=kinds, text="sun", size=50, page=first.pages + 1)).found == ()


@settings(deadline=None, max_examples=12)
@given(search=searches)
def test_without_a_postcode_the_same_places_are_found_by_name(country, search):
    store, providers = country
    search = replace(search, within=None)
    by_name = find_childcare(store, replace(search, near=None, page=1, size=5_000))

    assert {found.provider.id for found in by_name.found} == {id_ for id_, _ in brute_force(providers, search)}
    assert [found.provider.name for found in by_name.found] == sorted(found.provider.name for found in by_name.found)
    assert all(found.metres is None for found in by_name.found)


def test_places_at_the_same_spot_keep_the_order_of_the_register(store: ChildcareStore):
    store.replace_source("ofsted", [provider(number) for number in range(30)], AS_AT)

    pages = [find_childcare(store, Search(near=HERE, page=page)) for page in (1, 2, 3)]

    assert [found.provider.id for page in pages for found in page.found] == [f"ofsted:{n}" for n in range(30)]
    assert {found.metres for page in pages for found in page.found} == {0}


def test_a_provider_that_does_not_say_its_ages_is_kept_for_every_age(store: ChildcareStore):
    told = provider(1, ages_from=3, ages_to=5)
    store.replace_source("ofsted", [told, provider(2), provider(3, ages_from=2), provider(4, ages_to=2)], AS_AT)

    for age, found in ((2, ["2", "3", "4"]), (3, ["1", "2", "3"]), (5, ["1", "2", "3"]), (6, ["2", "3"])):
        assert [f.provider.urn for f in find_childcare(store, Search(near=HERE, ages=frozenset({age}))).found] == found


def test_a_place_for_any_of_the_children_is_found(store: ChildcareStore):
    baby_room, club = provider(1, ages_from=0, ages_to=1), provider(2, ages_from=5, ages_to=11)
    store.replace_source("ofsted", [baby_room, club, provider(3, ages_from=2, ages_to=4)], AS_AT)

    for near in (HERE, None):
        found = find_childcare(store, Search(near=near, ages=frozenset({1, 8, 9}))).found
        assert [each.provider.urn for each in found] == ["1", "2"]


def test_a_search_near_an_unknown_postcode_says_so(store: ChildcareStore):
    with pytest.raises(UnknownPostcode):
        find_childcare(store, Search(near=Postcode.parse("ZE1 0AA")))


@pytest.mark.parametrize("typed", ['"', "*", "' OR 1=1 --", "nur*", "NEAR(a b)", "words:x", "%", "AND", "\0", "(" * 99])
def test_whatever_is_typed_as_text_is_only_text(store: ChildcareStore, typed):
    store.replace_source("ofsted", [provider(1, name="Nursery")], AS_AT)

    words = fold(typed).split()
    expected = 1 if all("nursery".startswith(word) for word in words) else 0
    assert find_childcare(store, Search(near=HERE, text=typed)).total == expected
    assert find_childcare(store, Search(text=typed)).total == expected


def test_nothing_found_is_no_pages(store: ChildcareStore):
    results = find_childcare(store, Search(near=HERE))

    assert (results.found, results.total, results.pages, results.near) == ((), 0, 0, HERE)


def test_any_number_of_kinds_and_ages_can_be_searched(store: ChildcareStore):
    every = [
        provider(number, name="Sunny", kind=kind, ages_from=ages_from, ages_to=ages_to)
        for number, (kind, ages_from, ages_to) in enumerate(
            (kind, ages_from, ages_to) for kind in Kind for ages_from in range(20) for ages_to in range(ages_from, 20)
        )
    ]
    store.replace_source("ofsted", every, AS_AT)

    assert len(every) == 1_470
    for text in ("", "sun", "sunn s"):
        assert find_childcare(store, Search(near=HERE, text=text)).total == len(every)
    assert find_childcare(store, Search(near=HERE, text="sun", ages=frozenset({0}))).total == 7 * 20


def test_only_what_some_listing_says_can_be_searched_for(store: ChildcareStore):
    early = read_hours("Mon-Fri 7am-9am").week
    told = provider(1, kind=Kind.CRECHE, ages_from=2, week=early, terms=Terms.TERM, funded=(0, 15))
    assert get_offers(store) == Offers()

    store.replace_source("ofsted", [told, provider(2, "OX9 9ZZ", kind=Kind.NURSERY)], AS_AT)
    assert get_offers(store) == Offers(
        frozenset({Kind.CRECHE}), True, (early,), frozenset({Terms.TERM}), frozenset({0, 15})
    )

    store.hide("1")
    assert get_offers(store) == Offers()
