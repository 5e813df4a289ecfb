"""Childcare near a postcode: typed, listed nearest first, looked at closely."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.childcare.hours import Terms, is_open, read_hours
from kiosk.childcare.model import Found, Kind, Listed, Offers, Postcode, Provider
from kiosk.pack.translate import ENGLISH, Translation
from kiosk.ui.screens.childcare_words import (
    AFTER_SCHOOL,
    ALL_DAY,
    BEFORE_SCHOOL,
    FREE_HOURS,
    NEEDS,
    say_ages,
    say_away,
    say_distance,
    say_open,
    say_rows,
    say_source,
)
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets.listing import fitting

PLAIN = Provider(
    id="list:1",
    name="Bluebell Nursery",
    kind=Kind.NURSERY,
    postcode=Postcode("OX4", "4UA"),
    source="Ofsted register",
    as_at=date(2021, 8, 31),
)


def given(**more) -> Provider:
    return replace(PLAIN, **more)


def show(kiosk, *places: Place, **visit) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places), **visit)
    kiosk.settle()


def cards(kiosk) -> list:
    return [w for w in kiosk.window.children[0].walk() if type(w).__name__ == "ProviderCard"]


def listed(kiosk) -> list:
    kiosk.wait_until(lambda: cards(kiosk))
    kiosk.settle()
    return cards(kiosk)[::-1] if cards(kiosk)[0].y < cards(kiosk)[-1].y else cards(kiosk)


@pytest.mark.parametrize(
    ("metres", "says"),
    [
        (3, ("10", "metres")),
        (347, ("350", "metres")),
        (402, ("400", "metres")),
        (403, ("0.3", "miles")),
        (1609, ("1.0", "miles")),
    ],
)
def test_a_distance_is_metres_up_to_a_quarter_of_a_mile(metres, says):
    assert say_distance(metres, ENGLISH) == says


def test_a_place_that_gives_half_its_postcode_is_only_about_as_far():
    assert say_away(Found(given(postcode=Postcode("OX4")), 1770), ENGLISH) == "About 1.1 miles away"
    assert say_away(Found(PLAIN, 1770), ENGLISH) == "1.1 miles away"


def test_ages_are_said_as_far_as_they_are_known():
    assert say_ages(PLAIN, ENGLISH) == ""
    assert say_ages(given(ages_from=2), ENGLISH) == "ages 2 and over"
    assert say_ages(given(ages_to=4), ENGLISH) == "ages 0 to 4"


def test_a_grade_is_shown_only_with_its_date():
    assert not any("Good" in value for _, _, value in say_rows(given(rating="Good"), ENGLISH))
    [row] = [row for row in say_rows(given(rating="Good", rated_on=date(2020, 2, 3)), ENGLISH) if row[0] == "star"]
    assert row[2] == "Good, given on 3 February 2020"


def test_what_a_source_does_not_say_has_no_row():
    assert [label for _, label, _ in say_rows(PLAIN, ENGLISH)] == ["Where"]


def test_a_listing_says_where_it_comes_from_and_of_which_day():
    assert say_source(PLAIN, ENGLISH) == "Ofsted register, as at 31 August 2021."
    assert say_source(given(example=True), ENGLISH) == "Example list, as at 31 August 2021."
    merged = given(also=(Listed("Family Information", date(2026, 3, 1)),))
    assert say_source(merged, ENGLISH) == (
        "Ofsted register, as at 31 August 2021. Family Information, as at 1 March 2026."
    )


def test_a_list_shows_what_fits_and_never_nothing():
    assert fitting([100, 100, 100], room=220, spacing=10) == 2
    assert fitting([500, 100], room=220, spacing=10) == 1
    assert fitting([], room=220, spacing=10) == 0


def test_a_postcode_typed_by_touches_finds_the_nearest_first(kiosk):
    show(kiosk, Place("postcode"))
    for key in "OX44LS":
        kiosk.touch(key)
    kiosk.touch("Look near here")
    kiosk.wait_until(lambda: kiosk.app.navigation.screen == "childcare")

    found = listed(kiosk)

    assert "Childcare near OX4 4LS" in kiosk.words()
    results = kiosk.app.root.screen("childcare")._results
    distances = [each.metres for each in results.found]
    assert distances == sorted(distances) and len(found) > 3
    assert [card.title for card in found] == [each.provider.name for each in results.found[: len(found)]]
    assert f"Showing 1 to {len(found)} of {results.total}." in kiosk.words()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "That is not a postcode. One looks like this: OX4 4UY"),
        ("44OX", "That is not a postcode. One looks like this: OX4 4UY"),
        ("OX999ZZ", "We do not know that postcode. Check it, or give only its first part."),
    ],
)
def test_a_postcode_that_leads_nowhere_is_told_beside_the_field(kiosk, typed, says):
    show(kiosk, Place("postcode"), postcode=typed)

    kiosk.touch("Look near here")
    kiosk.wait_until(lambda: says in kiosk.words())

    assert kiosk.app.navigation.screen == "postcode"
    assert kiosk.app.navigation.visit.postcode == typed


def test_near_this_centre_needs_no_typing(kiosk):
    show(kiosk, Place("postcode"))

    kiosk.touch("Near this centre")
    listed(kiosk)

    assert "Childcare near OX4 4UY" in kiosk.words()


def test_a_kind_that_is_touched_is_the_only_one_shown(kiosk):
    show(kiosk, Place("childcare"))
    everything = len(listed(kiosk))

    kiosk.touch("Pre-school")
    kiosk.wait_until(lambda: len(cards(kiosk)) != everything)

    assert all(card.about.startswith("Pre-school") for card in cards(kiosk))


def test_an_age_that_is_touched_shows_who_takes_it_and_the_ages_of_two_children_either(kiosk):
    show(kiosk, Place("childcare"))
    listed(kiosk)

    kiosk.touch("How old is your child?")
    kiosk.touch("Under 2")
    kiosk.wait_until(lambda: not kiosk.app.background.is_busy)
    babies = kiosk.app.root.screen("childcare")._results
    kiosk.touch("8 and over")
    kiosk.wait_until(lambda: not kiosk.app.background.is_busy)
    either = kiosk.app.root.screen("childcare")._results

    assert babies.total and all((each.provider.ages_from or 0) < 2 for each in babies.found)
    assert either.total > babies.total
    assert kiosk.find("Under 2").chosen and not kiosk.find("5 to 7").chosen


def test_times_that_are_touched_show_who_is_open_then_and_are_ticked_among_the_kinds(kiosk):
    show(kiosk, Place("childcare"))
    everything = len(listed(kiosk))

    kiosk.touch("Times and free hours")
    kiosk.touch("Before school")
    kiosk.touch("Free hours")
    kiosk.wait_until(lambda: not kiosk.app.background.is_busy)
    results = kiosk.app.root.screen("childcare")._results

    assert everything > 0 and 0 < results.total < 15
    assert all(is_open(each.provider.week, BEFORE_SCHOOL.slot) and each.provider.funded for each in results.found)
    kiosk.touch("Times and free hours")
    assert kiosk.find("Times and free hours").chosen and not kiosk.find("Nursery").chosen


def test_hours_that_are_understood_are_said_in_the_parents_language():
    listed = given(open="Monday to Friday, 8 to 6", week=read_hours("Monday to Friday, 8 to 6").week)
    polish = Translation("pl")

    assert say_open(listed, ENGLISH) == "Monday to Friday, 8 to 6"
    assert say_open(listed, polish) == "poniedziałek–piątek \u206608:00–18:00\u2069"
    assert say_open(given(open="While courses run"), polish) == "While courses run"
    # "Term time only" is said in no row of its own here: the words stay as they are.
    in_term = given(open="Mon-Fri 8am-6pm, term time only", week=listed.week, terms=Terms.TERM)
    assert say_open(in_term, polish) == "Mon-Fri 8am-6pm, term time only"
    assert say_open(replace(in_term, term_time="Term time"), polish) == say_open(listed, polish)


def test_only_a_need_that_some_listing_meets_is_offered():
    weekdays = Offers(weeks=(read_hours("Mon-Fri 8am-6pm").week,), terms=frozenset({Terms.TERM}), funded=frozenset({0}))

    assert [need for need in NEEDS if need.is_met(weekdays)] == [BEFORE_SCHOOL, ALL_DAY, AFTER_SCHOOL, FREE_HOURS]
    assert not any(need.is_met(Offers()) for need in NEEDS)


def test_more_goes_on_where_the_screen_ended(kiosk):
    show(kiosk, Place("childcare"))
    first = listed(kiosk)

    kiosk.touch("More")
    kiosk.wait_until(lambda: any(f"Showing {len(first) + 1} to" in words for words in kiosk.words()))

    assert not {card.title for card in first} & {card.title for card in cards(kiosk)}


def test_back_from_a_listing_finds_the_list_as_it_was(kiosk):
    show(kiosk, Place("childcare"))
    listed(kiosk)
    kiosk.touch("More")
    kiosk.wait_until(lambda: not any("Showing 1 to" in words for words in kiosk.words()))
    before = {card.title for card in listed(kiosk)}

    kiosk.tap_widget(cards(kiosk)[0])
    assert kiosk.app.navigation.screen == "provider"
    kiosk.touch("Back")

    assert {card.title for card in listed(kiosk)} == before


def test_a_listing_can_be_asked_about(kiosk):
    show(kiosk, Place("childcare"))
    name = listed(kiosk)[0].title
    kiosk.tap_widget(listed(kiosk)[0])
    kiosk.wait_until(lambda: name in kiosk.words())

    kiosk.touch("Ask for a call about this")

    assert kiosk.app.navigation.screen == "call-name"
    assert kiosk.app.navigation.visit.draft.topic == "find-childcare"


def test_a_withheld_name_is_on_no_page_of_the_list(kiosk):
    show(kiosk, Place("childcare"))
    listed(kiosk)
    seen: list[str] = []
    while True:
        seen += kiosk.words()
        if not kiosk.app.root.screen("childcare").has_more:
            break
        before = kiosk.app.root.screen("childcare").shown_of
        kiosk.touch("More")
        kiosk.wait_until(lambda before=before: kiosk.app.root.screen("childcare").shown_of != before)

    assert not any("REDACTED" in words.upper() for words in seen)


def test_a_listing_that_staff_hid_meanwhile_is_not_shown(kiosk, services):
    show(kiosk, Place("childcare"))
    listed(kiosk)
    provider = kiosk.app.root.screen("childcare")._results.found[0].provider
    services.childcare.hide(provider.id)

    kiosk.app.navigation.go(Place("provider", provider.id))
    kiosk.wait_until(lambda: "This place is not in the list any more." in kiosk.words())

    assert provider.name not in kiosk.words()


def test_the_postcode_is_gone_with_the_visit(kiosk):
    show(kiosk, Place("postcode"), postcode="OX44LS")
    assert "OX4 4LS" in kiosk.words()

    kiosk.app.navigation.finish()
    kiosk.settle()

    assert kiosk.app.root.screen("postcode").field.text == ""
