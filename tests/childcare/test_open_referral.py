"""What becomes of one service: the field table of both versions, nonsense refused, homes kept to their outward part."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.childcare.grid import to_grid
from kiosk.childcare.hours import Terms, read_hours
from kiosk.childcare.kinds import find_kind
from kiosk.childcare.model import Kind, Postcode, Provider
from kiosk.childcare.sources.cells import RowFaulty
from kiosk.childcare.sources.open_referral import Left, read_service
from tests.childcare.directories import OUTPOST_SERVICE, V1_SERVICE, V3_SERVICE

TODAY = date(2026, 3, 2)
EIGHT_TO_SIX = read_hours("Mon-Fri 8am-6pm").week


def read(service: Any):
    return read_service(service, "council", "Family Information", TODAY)


def changed(service: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**deepcopy(service), **fields}


def at(**location: Any) -> dict[str, Any]:
    """The nursery at another location; an `address` is changed within it."""
    service = deepcopy(V3_SERVICE)
    place = service["service_at_locations"][0]["location"]
    place["addresses"][0] |= location.pop("address", {})
    place |= location
    return service


def test_a_service_of_version_3_is_read_by_the_table():
    nursery = read(V3_SERVICE)

    assert (nursery.id, nursery.urn, nursery.kind) == (f"council:{V3_SERVICE['id']}", "EY435689", Kind.NURSERY)
    assert (nursery.name, nursery.address, str(nursery.postcode)) == (
        "Bluebell Nursery", ("1 Example Lane", "Oxford"), "OX4 4UA",
    )  # fmt: skip
    assert (nursery.ages_from, nursery.ages_to, nursery.phone) == (0, 4, "01632 960 201")
    assert (nursery.open, nursery.week) == ("Monday to Friday 8am to 6pm", EIGHT_TO_SIX)
    assert nursery.cost == "£60 a day; Under 2s: £66 per day"
    assert (nursery.funded_hours, nursery.funded) == ("30 hours funded", (0, 30))
    assert nursery.note == "A garden nursery. Lunch is cooked here."
    assert (nursery.source, nursery.as_at) == ("Family Information", TODAY)
    assert (nursery.easting, nursery.northing) == to_grid(51.7343, -1.2235)


def test_a_childminder_of_version_1_is_read_by_the_table_and_kept_to_the_outward_part():
    minder = read(V1_SERVICE)

    assert (minder.kind, minder.ages_from, minder.ages_to, minder.cost) == (Kind.CHILDMINDER, 2, 8, "£6 an hour")
    assert minder.open == "Monday to Tuesday 7.30am to 5.30pm"
    assert (minder.postcode, minder.address) == (Postcode("OX4"), ())
    assert (minder.easting, minder.northing) == to_grid(51.73, -1.22)


@pytest.mark.parametrize(
    ("terms", "name", "kind"),
    [
        (["Early years", "Childminder"], "Jane Smith", Kind.CHILDMINDER),
        (["Childcare", "Childminder"], "Jane Smith", Kind.CHILDMINDER),
        (["Registered childcare"], "Jane Smith Childminder", Kind.CHILDMINDER),
        (["Nanny"], "Jane Smith", Kind.OTHER),
        (["Home childcarer"], "Jane Smith", Kind.OTHER),
        (["Childcare on domestic premises"], "Acorns", Kind.OTHER),
        (["Day nursery"], "Home-based care by Jane", Kind.NURSERY),
    ],
)
def test_a_home_is_kept_to_the_outward_part_whatever_it_is_filed_under_first(terms, name, kind):
    home = read(changed(V3_SERVICE, name=name, attributes=[{"taxonomy_term": {"name": term}} for term in terms]))

    assert (home.kind, home.postcode, home.address) == (kind, Postcode("OX4"), ())
    assert (home.easting, home.northing) == to_grid(51.73, -1.22)


def test_premises_that_are_not_domestic_are_no_home():
    filed = [{"taxonomy_term": {"name": "Childcare on non-domestic premises"}}]

    assert read(changed(V3_SERVICE, attributes=filed)).address == ("1 Example Lane", "Oxford")


def test_a_service_of_outpost_is_read_though_it_nests_otherwise():
    club = read(OUTPOST_SERVICE)

    assert (club.kind, club.urn, club.ages_from, club.ages_to) == (Kind.OUT_OF_SCHOOL_CLUB, "EY100200", 4, 11)
    assert (club.postcode, club.address, club.phone) == (Postcode("OX4"), (), "01632 960 203")
    assert (club.easting, club.northing) == to_grid(51.73, -1.22)
    assert club.open == "Monday 3pm to 6pm, Friday 3pm to 6pm"
    assert (club.term_time, club.terms, club.cost) == ("Term time only", Terms.TERM, "Each child: £12.5 per session")


@pytest.mark.parametrize(
    ("service", "reason"),
    [
        (at(latitude=100), "has coordinates outside Great Britain"),
        (at(latitude=51.7, longitude=-100), "has coordinates outside Great Britain"),
        (at(latitude="north"), "has coordinates that are no numbers"),
        (at(latitude=float("nan")), "has coordinates outside Great Britain"),
        (at(address={"country": "US"}), "is in another country"),
        (at(address={"postal_code": "90210"}), "has no usable postcode"),
        (changed(V3_SERVICE, service_at_locations=[]), "has no usable postcode"),
        (changed(V3_SERVICE, name="string"), "has no name"),
        (changed(V3_SERVICE, name=None), "has no name"),
        (changed(V3_SERVICE, id=None), "has no id"),
        (changed(V3_SERVICE, minimum_age=9, maximum_age=2), "has ages that end before they begin"),
        (changed(V3_SERVICE, minimum_age=-1), "has an age that nobody has"),
        (changed(V3_SERVICE, minimum_age="two"), "has an age that is no number"),
        ("a service", "is no service"),
    ],
)
def test_nonsense_is_refused_with_the_reason(service, reason):
    with pytest.raises(RowFaulty) as refusal:
        read(service)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("service", "left"),
    [
        (changed(V3_SERVICE, status="defunct"), Left.NOT_RUNNING),
        (changed(V3_SERVICE, status="temporarily closed"), Left.NOT_RUNNING),
        (changed(V3_SERVICE, status="inactive"), Left.NOT_RUNNING),
        (changed(OUTPOST_SERVICE, visible_to="2026-03-01"), Left.NOT_RUNNING),
        (changed(V3_SERVICE, name="Community Counselling", attributes=[]), Left.NO_CHILDCARE),
        (changed(V3_SERVICE, name="Acorn Plant Nursery", attributes=[]), Left.NO_CHILDCARE),
        (changed(V3_SERVICE, name="REDACTED"), Left.WITHHELD),
        (at(address={"address_1": "REDACTED"}), Left.WITHHELD),
    ],
)
def test_what_is_no_childcare_closed_or_withheld_is_left_out(service, left):
    assert read(service) is left


def test_words_that_are_blacked_out_are_left_empty():
    nursery = read(
        changed(V3_SERVICE, fees_description="£5, ask REDACTED", contacts=[{"phone": "REDACTED 01632 960 201"}])
    )

    assert (nursery.cost, nursery.phone, nursery.name) == ("", "", "Bluebell Nursery")


def test_a_number_may_be_written_with_a_space():
    assert read(changed(V3_SERVICE, ofsted_urn="ey 101465")).urn == "EY101465"


def test_coordinates_of_nought_are_no_coordinates():
    assert read(at(latitude=0, longitude=0)).easting is None


@pytest.mark.parametrize(
    ("schedule", "opens"),
    [
        ({"freq": "WEEKLY", "interval": 2}, "MO 08:00-18:00"),
        ({"freq": "MONTHLY", "bymonthday": "2,3"}, "MO 08:00-18:00"),
        ({"opens_at": "mornings"}, "MO mornings-18:00"),
        ({"byday": "XX"}, "XX 08:00-18:00"),
        ({"interval": 2, "description": "Every second Monday"}, "Every second Monday"),
        ({"interval": 2, "byday": "Monday"}, "Monday 08:00-18:00"),
        ({"interval": 2, "byday": "Monday", "description": "Monday 8am-6pm"}, "Monday 8am-6pm"),
        ({"bymonthday": 2, "byday": "Monday"}, "Monday 08:00-18:00"),
        ({"freq": "MONTHLY", "byday": "Monday"}, "Monday 08:00-18:00"),
        ({"byweekno": "1,3", "byday": "Monday"}, "Monday 08:00-18:00"),
        ({"valid_to": "2020-01-01"}, ""),
    ],
)
def test_hours_that_are_not_every_week_are_shown_as_they_came_and_not_searched(schedule, opens):
    weekly = {"byday": "MO", "opens_at": "08:00", "closes_at": "18:00"}

    nursery = read(changed(V3_SERVICE, schedules=[weekly | schedule]))

    assert (nursery.open, nursery.week) == (opens, ())


def test_hours_that_are_only_words_are_understood():
    nursery = read(changed(V3_SERVICE, schedules=[{"freq": "WEEKLY", "description": "Mon-Fri 8am-6pm"}]))

    assert (nursery.open, nursery.week) == ("Mon-Fri 8am-6pm", EIGHT_TO_SIX)


def test_a_long_description_ends_with_a_sentence():
    note = read(changed(V3_SERVICE, description="We have a garden. " * 40)).note

    assert len(note) <= 300 and note.endswith("garden.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Out of School Care", Kind.OUT_OF_SCHOOL_CLUB),
        ("Before and after school club", Kind.OUT_OF_SCHOOL_CLUB),
        ("Breakfast Club", Kind.OUT_OF_SCHOOL_CLUB),
        ("Holiday playscheme", Kind.HOLIDAY_CLUB),
        ("Pre-school playgroup", Kind.PRE_SCHOOL),
        ("Childminders", Kind.CHILDMINDER),
        ("Full Day Care", Kind.NURSERY),
        ("Registered childcare", Kind.OTHER),
        ("Nursery rhyme time", None),
        ("Apple Tree Nursery", Kind.NURSERY),
        ("The Secret Garden Day Nursery", Kind.NURSERY),
        ("Garden Centre Day Nursery", Kind.NURSERY),
        ("Plant Nursery", None),
        ("Tree nurseries", None),
        ("Garden centre and nursery", None),
        ("Debt advice", None),
    ],
)
def test_words_tell_the_kind(text, kind):
    assert find_kind(text) is kind


def test_a_point_is_where_the_ordnance_survey_says():
    # The worked example of its guide, annex C: 52°39'27.2531"N 1°43'4.5177"E (Airy) is TG 51409 13177; by GPS the same
    # point is 52.657977 N, 1.716038 E, and the transformation is good to five metres.
    easting, northing = to_grid(52.657977, 1.716038)

    assert abs(easting - 651_409) <= 6 and abs(northing - 313_177) <= 6


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(
    ["REDACTED", "string", "OX4 4UA", "MO", "08:00", "2026-01-01", "active", "Nursery", "\0", "1e999"]
)  # fmt: skip
json_values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
services = st.sampled_from([V1_SERVICE, V3_SERVICE, OUTPOST_SERVICE])


@settings(deadline=None, max_examples=60)
@given(service=services, field=st.data(), value=json_values)
def test_whatever_a_field_holds_the_answer_is_a_provider_a_reason_or_none(service, field, value):
    name = field.draw(st.sampled_from(sorted(service)))
    try:
        result = read({**service, name: value})
    except RowFaulty as why:
        assert str(why)
    else:
        assert isinstance(result, Left) or (isinstance(result, Provider) and "REDACTED" not in result.name.upper())
