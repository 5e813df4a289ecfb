"""Every text of the shipped pack fits its place: measured by the engine that draws it, on every screen, in each window."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kiosk.flow.paths import find_paths_through
from kiosk.ui.visit import Place, Visit

# Width and height in pixels, and the text size: 0 is normal, 2 twice as large (R13).
WINDOWS = [(1080, 1920, 0), (1920, 1080, 0), (1366, 768, 0), (1080, 1920, 2), (1366, 768, 2)]


def places(pack):
    """Every place that the pack itself makes: nodes, stations, pages, checklists, addresses."""
    yield from (Place("welcome"), Place("home"), Place("helpers"), Place("neutral"))
    for flow in pack.flows.values():
        for node in (*flow.questions, *flow.outcomes):
            yield Place("flow", flow.id, answers=answers_to(flow, node))
        yield from (Place("stage", f"{flow.id}/{stage}") for stage in flow.stages)
        yield from (Place("road", flow.id), Place("map", flow.id))
    yield from (Place("page", page) for page in pack.pages)
    yield from (Place("checklist", checklist) for checklist in pack.checklists)
    yield from (Place("web", fact.id) for fact in pack.facts.values() if fact.unit == "address")


def answers_to(flow, node: str):
    """The shortest way to a node: the part before it of a path that runs through it."""
    from kiosk.flow.walk import where

    path = min(find_paths_through(flow, node), key=len)
    return next(path[:n] for n in range(len(path) + 1) if where(flow, path[:n]).id == node)


def misfits(kiosk) -> list[str]:
    """What on the present screen is cut, runs out of the window or lies over its neighbour."""
    from kiosk.ui.widgets.pages import Pages
    from kiosk.ui.widgets.words import Words

    found = []
    for widget in kiosk.window.children[0].walk():
        if isinstance(widget, Words) and widget.text and widget.get_root_window() and widget.opacity:
            found += words_misfits(kiosk, widget)
        if isinstance(widget, Pages):
            found += pages_misfits(widget)
    return found


def words_misfits(kiosk, words) -> list[str]:
    p = words.paragraph
    x, y = words.to_window(words.x, words.y)
    problems = []
    if not p.fits and not words.hugs:
        problems.append("a word is wider than its place")
    if words.hugs and words.parent and p.ink_width > words.width + 1:
        problems.append("is wider than its place")
    if p.height > words.height + 1:
        problems.append(f"needs {p.height} pixels of height and has {words.height:.0f}")
    if y < -1 or y + words.height > kiosk.window.height + 1 or x < -1 or x + p.ink_width > kiosk.window.width + 1:
        problems.append("leaves the window")
    return [f"{words.text!r} {problem}" for problem in problems]


def pages_misfits(pages) -> list[str]:
    blocks = sorted(pages.children, key=lambda block: -block.y)
    found = [f"{type(b).__name__} leaves its page" for b in blocks if b.y < pages.y - 1 or b.top > pages.top + 1]
    for above, below in pairwise(blocks):
        if below.top > above.y + 1:
            found.append(f"{type(below).__name__} lies over {type(above).__name__}")
    return found


@pytest.mark.parametrize("size", WINDOWS, ids=lambda size: "{}x{}-{}".format(*size))
def test_every_text_of_the_pack_fits_its_place(kiosk, size):
    from kiosk.ui.widgets.pages import Pages

    width, height, text_size = size
    kiosk.resize(width, height)
    faults = {}
    for place in places(kiosk.app.pack):
        kiosk.app.navigation.visit = Visit(places=(Place("welcome"), place), text_size=text_size)
        kiosk.lay_out()
        if found := misfits(kiosk):
            faults[place] = found
        pages = next((w for w in kiosk.window.children[0].walk() if isinstance(w, Pages)), None)
        for page in range(1, int(pages.page_count) if pages else 0):
            pages.page = page
            kiosk.lay_out()
            if found := misfits(kiosk):
                faults[place, page] = found
    assert not faults


def test_a_text_that_does_not_fit_is_noticed(kiosk):
    """The measuring itself can fail: a long word in a narrow place is found."""
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home")))
    kiosk.settle()
    heading = next(w for w in kiosk.window.children[0].walk() if getattr(w, "text", "") == kiosk.app.pack.home.ask)
    heading.size_hint_x, heading.width = None, 60
    kiosk.step()

    assert any("wider than its place" in fault for fault in misfits(kiosk))
