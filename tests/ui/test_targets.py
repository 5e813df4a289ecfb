"""R12: whatever is touched is 15 mm large and 3 mm from the next, measured on the panels that kiosks have."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from kiosk.pack.model import Board, NoticeKind
from kiosk.ui.proof.scenes import answers_to
from kiosk.ui.visit import Draft, Place, Visit
from tests.ui.test_fits import misfits

FINGER, APART = 15.0, 3.0  # mm
A_PIXEL = 1.5  # widgets stand on whole pixels
# Inches across, the usual picture (pixels), and the shorter side in mm.
PANELS = {
    10: (800, 1280, 136),
    15: (1080, 1920, 194),
    22: (1080, 1920, 268),
    32: (1080, 1920, 398),
    43: (1080, 1920, 535),
}
FORM = ("call-name", "call-phone", "call-times", "call-message", "call-language", "call-topic", "call-review")


def places(pack):
    """One place of each screen."""
    flow = pack.flows["work"]
    yield from (Place(name) for name in ("welcome", "home", "helpers", "access", "languages", "privacy"))
    yield from (Place(name) for name in ("postcode", "childcare", "staff-code", *FORM, "sent"))
    for node in (flow.start, "private-talk", "money-first"):
        yield Place("flow", flow.id, answers=answers_to(flow, node))
    yield from (Place("stage", f"{flow.id}/{next(iter(flow.stages))}"), Place("road", flow.id), Place("map", flow.id))
    yield from (Place("page", "private-talk"), Place("checklist", next(iter(pack.checklists))))
    yield Place("web", next(fact.id for fact in pack.facts.values() if fact.unit == "address"))


def on_panel(kiosk, inches: int, wide: bool = False) -> float:
    """Show the kiosk on a panel. Return its pixels per millimetre."""
    width, height, millimetres = PANELS[inches]
    services = kiosk.app.services
    services.settings = replace(services.settings, panel_mm=millimetres)
    size = (height, width) if wide else (width, height)
    kiosk.resize(*size)
    # A window that has this size already tells nobody.
    kiosk.app.theme.fit(*size, millimetres)
    return width / millimetres


def faults(kiosk, per_mm: float) -> list[str]:
    """What on the present screen is too small or too near to another."""
    from kiosk.ui.widgets.road import Road

    spots = kiosk.app.root.spots()
    least, apart = FINGER * per_mm - A_PIXEL, APART * per_mm - A_PIXEL
    # The map is an overview of what the questions ask one by one, in large: its places may be smaller (WCAG 2.5.8).
    small = [spot for spot in spots if min(spot.box[2:]) < least]
    # A station is where its disc is; how far around it a finger still counts is settled by which is nearer.
    apart_from = [spot for spot in spots if not isinstance(spot.owner, Road)]
    near = [pair for pair in combinations(apart_from, 2) if gap(*pair) < apart]
    return [f"{name(s)} is {min(s.box[2:]) / per_mm:.1f} mm" for s in small] + [
        f"{name(a)} and {name(b)} are {gap(a, b) / per_mm:.1f} mm apart" for a, b in near
    ]


def gap(one, other) -> float:
    (x, y, w, h), (ox, oy, ow, oh) = one.box, other.box
    return max(ox - x - w, x - ox - ow, oy - y - h, y - oy - oh)


def name(spot) -> str:
    owner = spot.owner
    said = getattr(owner, "gives", "") or getattr(owner, "title", "") or getattr(owner, "text", "")
    return f"{type(owner).__name__} {said or getattr(owner, 'icon', '')} {spot.part}".strip()


def show(kiosk, place: Place, **visit) -> None:
    draft = Draft(name="Ada", phone="07911123456") if place.screen in (*FORM, "sent") else None
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), place), draft=draft, **visit)
    kiosk.rest()


@pytest.mark.promise(12)
@pytest.mark.parametrize(("inches", "wide"), [(10, False), (15, False), (15, True), (22, True)])
def test_everything_that_is_touched_is_large_enough_for_a_finger(kiosk, inches, wide):
    """On the smallest panels that kiosk/ui/README.md names, and on those that show as much as larger ones."""
    per_mm = on_panel(kiosk, inches, wide)
    found = {}
    for place in places(kiosk.app.pack):
        show(kiosk, place)
        if wrong := [*faults(kiosk, per_mm), *misfits(kiosk)]:
            found[place.screen] = wrong
    assert not found


def test_a_postcode_is_typed_with_large_keys_on_a_small_panel(kiosk):
    on_panel(kiosk, 10)
    show(kiosk, Place("postcode"))

    for key in ("O", "X", "123", "4", "ABC", "L", "S"):
        kiosk.touch(key)

    assert kiosk.app.navigation.visit.postcode == "OX4LS"
    kiosk.app.root.screen("postcode").keypad.forget()
    assert kiosk.app.root.screen("postcode").keypad.has("7")


def test_a_place_of_the_whole_map_that_is_too_small_is_shown_large_first(kiosk):
    per_mm = on_panel(kiosk, 10)
    show(kiosk, Place("map", "work"))
    screen = kiosk.app.root.screen("map")
    kiosk.touch("See it all")
    kiosk.wait_until(lambda: screen.ids.flow_map.is_overview)
    assert not faults(kiosk, per_mm)

    kiosk.tap(*screen.ids.flow_map.place_of("skills"))
    kiosk.wait_until(lambda: not screen.ids.flow_map.sees_all)

    assert not screen.ids.note.title
    x, y = screen.ids.flow_map.place_of("skills")
    assert screen.ids.flow_map.collide_point(x, y)


@pytest.mark.parametrize(("inches", "wide"), [*((inches, False) for inches in PANELS), (15, True), (22, True)])
def test_the_screens_with_most_to_touch_are_large_enough_on_every_panel(kiosk, inches, wide):
    per_mm = on_panel(kiosk, inches, wide)
    for place in (Place("home"), Place("access"), Place("call-name"), Place("call-phone"), Place("flow", "work")):
        show(kiosk, place)
        assert not faults(kiosk, per_mm), place.screen


def reached(pack):
    """One place of each screen, every question, and the boards and lists whose first line is not alike."""
    work = pack.flows["work"]
    yield from (Place("flow", work.id, answers=answers_to(work, node)) for node in work.questions)
    yield from (Place("stage", f"{work.id}/{stage}") for stage in ("skills", "money"))
    yield from (Place("notices", board) for board in Board)
    story = next(notice for notice in pack.notices.values() if notice.kind is NoticeKind.STORY)
    course = next(notice for notice in pack.notices.values() if notice.address)
    yield from (Place("notice", notice.id) for notice in (story, course))
    yield from (Place("notice-web", course.id), Place("page", "about-this-screen"), Place("provider", "examples:6"))
    yield from (Place("staff"), Place("staff-close"))
    yield from (place for place in places(pack) if place.screen != "flow" or place.answers)


@pytest.mark.parametrize("language", ["en", "ar", "bn", "pl", "pt", "ro", "ur"])
def test_what_is_touched_is_in_the_lower_two_thirds_of_a_large_panel(kiosk, language):
    """Within reach of a seated person (LOOK.md), on every page of every screen.

    Not the tools of the top bar, whose place is fixed. Without a hand further up: the road above a page is there again on the
    whole road, and the map moves by its buttons.
    """
    # On a larger one a finger is fewer pixels, and all else the same.
    finger = FINGER * on_panel(kiosk, 32)
    tools = set(kiosk.app.root.ids.top.walk(restrict=True))
    found = {}
    for place in dict.fromkeys(reached(kiosk.app.pack)):
        show(kiosk, place, language=language)
        assert kiosk.app.navigation.place == place
        for page, spots in pages_with_spots(kiosk):
            needed = [s for s in spots if s.owner not in tools and not isinstance(s.owner, above_can_wait())]
            # Of a tall card it is enough to reach the foot.
            high = [name(spot) for spot in needed if spot.box[1] + finger >= kiosk.window.height * 2 / 3]
            if high:
                found[place.screen, place.target, page] = high
    assert not found


def above_can_wait() -> tuple[type, ...]:
    from kiosk.ui.widgets.flow_map import FlowMap
    from kiosk.ui.widgets.road import Road

    return Road, FlowMap


def pages_with_spots(kiosk):
    """What can be pressed on each page of the present screen, by the number of the page."""
    from kiosk.ui.widgets.pages import Pages

    pages = next((each for each in kiosk.window.children[0].walk() if isinstance(each, Pages)), None)
    for number in range(int(pages.page_count) if pages else 1):
        if number:
            pages.page = number
            kiosk.lay_out()
        yield number + 1, kiosk.app.root.spots()


def test_a_panel_of_unknown_size_is_drawn_as_designed(kiosk):
    kiosk.app.theme.fit(1080, 1920, 0)

    assert (kiosk.app.theme.unit, kiosk.app.theme.finger, kiosk.app.theme.apart) == (1, 0, 0)
