"""The road to choose from and the map of the whole flow, touched in a real window."""

from __future__ import annotations

import pytest

from kiosk.flow.walk import where
from kiosk.ui.proof.scenes import answers_to
from kiosk.ui.visit import Place, Visit
from tests.ui.test_fits import WINDOWS, misfits

OFFER = (("today", "offer"), ("first-costs", "childcare"))


def show(kiosk, place: Place, **reading) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), place), **reading)
    kiosk.settle()


def walked(kiosk, flow_id: str, node_id: str, screen: str = "flow") -> Place:
    return Place(screen, flow_id, answers=answers_to(kiosk.app.pack.flows[flow_id], node_id))


def the_map(kiosk):
    return kiosk.app.root.screen("map").ids.flow_map


def tap_node(kiosk, node_id: str) -> None:
    kiosk.tap(*the_map(kiosk).place_of(node_id))


def test_a_parent_who_knows_their_place_touches_it_on_the_road(kiosk):
    show(kiosk, Place("flow", "work"))
    kiosk.touch("Find my place")
    road = kiosk.app.root.screen("road").ids.road
    x, y = road._shape.stations()[4]
    kiosk.tap(road.x + x, road.top - y)

    assert kiosk.app.navigation.place == Place("stage", "work/childcare")
    assert "Answer the questions from here" in kiosk.words()


def test_from_a_station_the_questions_begin_there(kiosk):
    show(kiosk, Place("stage", "work/childcare"))
    kiosk.touch("Answer the questions from here")

    assert kiosk.app.navigation.node.id == "childcare"


def test_a_call_asked_for_at_a_station_is_about_it(kiosk):
    show(kiosk, Place("stage", "work/childcare"))
    kiosk.touch("Ask for a call")

    assert kiosk.app.navigation.visit.draft.topic in ("childcare-cost", "find-childcare")


def test_the_map_opens_where_the_parent_stands(kiosk):
    show(kiosk, walked(kiosk, "work", "search"))
    kiosk.touch("See my way")
    kiosk.settle()
    x, y = the_map(kiosk).place_of("search")

    assert the_map(kiosk).collide_point(x, y)


def test_an_answered_question_on_the_map_can_be_answered_anew(kiosk):
    show(kiosk, walked(kiosk, "work", "cv"))
    kiosk.touch("See my way")
    kiosk.settle()
    tap_node(kiosk, "childcare")
    kiosk.touch("Change this answer")
    assert "This is what you said before" in kiosk.words()

    kiosk.touch("No, not yet")
    assert kiosk.app.navigation.node.id == "childcare-hard"
    kiosk.touch("Back")
    assert kiosk.app.navigation.node.id == "childcare" and kiosk.app.navigation.place.again == ""


def test_the_same_answer_again_leads_back_to_where_the_parent_was(kiosk):
    show(kiosk, walked(kiosk, "work", "cv", screen="map"))
    before = kiosk.app.navigation.place.answers
    kiosk.app.navigation.ask_again("today")
    kiosk.app.navigation.answer(*before[0])

    assert kiosk.app.navigation.place == Place("flow", "work", answers=before)


def test_a_question_not_yet_asked_offers_its_station_and_no_change(kiosk):
    show(kiosk, walked(kiosk, "work", "worries", screen="map"))
    tap_node(kiosk, "today")
    the_map(kiosk).dispatch("on_node", "skills")
    kiosk.settle()
    assert "Do you have the skills for it?" in kiosk.words() and "Change this answer" not in kiosk.words()

    kiosk.touch("What helps here")
    assert kiosk.app.navigation.place == Place("stage", "work/skills")


def test_an_outcome_on_the_map_is_read_large(kiosk):
    show(kiosk, Place("map", "work"))
    tap_node(kiosk, "not-now")

    assert kiosk.app.pack.flows["work"].outcomes["not-now"].title in kiosk.words()


def test_big_buttons_reach_every_node(kiosk):
    show(kiosk, Place("map", "work"))
    shown, flow_map = kiosk.app.root.screen("map"), the_map(kiosk)
    seen = set()
    for _ in range(12):
        seen |= {node for node in flow_map._chart.rows if flow_map.collide_point(*flow_map.place_of(node))}
        down = shown._arrows[2]
        if not down.there:
            break
        kiosk.tap_widget(down)

    assert seen == set(flow_map._chart.rows)


def test_a_finger_drags_the_map_and_touches_nothing_with_it(kiosk):
    show(kiosk, Place("map", "work"))
    flow_map = the_map(kiosk)
    x, y = flow_map.center
    before = flow_map.place_of("worries")[1]
    top = kiosk.window.height - y
    kiosk.window.dispatch("on_mouse_down", x, top, "left", [])
    kiosk.step(2)
    for by in (60, 140, 240):
        kiosk.window.dispatch("on_mouse_move", x, top - by, [])
        kiosk.step()
    kiosk.window.dispatch("on_mouse_up", x, top - 240, "left", [])
    kiosk.step(2)

    assert flow_map.place_of("worries")[1] == pytest.approx(before + 240, abs=2)
    assert kiosk.app.root.screen("map").ids.note.title == ""


def test_all_of_the_map_can_be_seen_at_once(kiosk):
    show(kiosk, Place("map", "training"))
    kiosk.touch("See it all")
    kiosk.settle()
    flow_map = the_map(kiosk)

    assert all(flow_map.collide_point(*flow_map.place_of(node)) for node in flow_map._chart.rows)
    assert not any(arrow.there for arrow in kiosk.app.root.screen("map")._arrows)


def test_nothing_of_a_parents_way_is_left_in_the_picture(kiosk):
    show(kiosk, walked(kiosk, "work", "cv", screen="map"))
    kiosk.app.navigation.finish()
    kiosk.settle()

    assert the_map(kiosk)._sheet is None and not the_map(kiosk)._tiles and the_map(kiosk)._route is None


@pytest.mark.parametrize("size", [*WINDOWS, (1280, 800, 0)], ids=lambda size: "{}x{}-{}".format(*size))
@pytest.mark.parametrize("flow_id", ["work", "training"])
def test_every_word_of_the_map_stands_inside_its_node(kiosk, size, flow_id):
    width, height, text_size = size
    kiosk.resize(width, height)
    flow = kiosk.app.pack.flows[flow_id]
    place = walked(kiosk, flow_id, max(flow.outcomes, key=lambda node: len(answers_to(flow, node))), "map")
    for mirrored in (False, True):
        kiosk.app.theme.mirrored = mirrored
        show(kiosk, place, text_size=text_size)
        flow_map = the_map(kiosk)
        for sees_all in (False, True):
            flow_map.sees_all = sees_all
            kiosk.lay_out()
            outside = [sign for sign in words_of(flow_map) if not inside_a_node(flow_map, sign)]
            assert not outside and not misfits(kiosk)
            w, h = flow_map._sheet.shape.size
            assert not sees_all or (w <= flow_map.width + 1 and h <= flow_map.height + 1)
    assert where(flow, place.answers).id in flow_map._chart.rows


def words_of(flow_map):
    """The signs that belong to nodes: they come first, the stations' (disc, plate, word) and the walker's after them."""
    return flow_map._sheet.signs[: -(3 * len(flow_map._chart.bands) + 1)]


def inside_a_node(flow_map, sign) -> bool:
    boxes = [flow_map._sheet.shape.box(node_id) for node_id in flow_map._chart.rows]
    return any(
        box.holds(sign.x, sign.y) and box.holds(sign.x + sign.texture.width, sign.y + sign.texture.height)
        for box in boxes
    )
