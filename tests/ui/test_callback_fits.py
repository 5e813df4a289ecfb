"""Every word of the form and of the childcare screens has its place, in each window, at every text size."""

from __future__ import annotations

import pytest

from kiosk.ui.visit import Draft, Place, Visit
from tests.ui.test_fits import misfits

# In design units 1280x800 is the narrowest landscape: what fits there fits 1920x1080 and 1366x768.
WINDOWS = [(1080, 1920), (1280, 800)]

LONGEST = Draft(
    name="Wilhelmina-Magdalena Wolkenstein-Mommsen",
    phone="0049301234567890",
    days=frozenset({0, 2, 4}),
    parts=frozenset({"morning", "midday", "afternoon"}),
    language="pt",
    interpreter=True,
    topic="english-maths",
)
FORM = (
    "call-name",
    "call-phone",
    "call-times",
    "call-message",
    "call-language",
    "call-topic",
    "call-review",
    "privacy",
)


@pytest.mark.parametrize("size", WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("text_size", (2,))
def test_the_form_fits_with_the_longest_answers_and_with_none(kiosk, size, text_size):
    kiosk.resize(*size)
    faults = {}
    for draft in (LONGEST, Draft()):
        for screen in FORM:
            places = (Place("welcome"), Place(screen))
            kiosk.app.navigation.visit = Visit(places=places, draft=draft, text_size=text_size)
            kiosk.settle()
            complain(kiosk)
            faults |= {(screen, draft.name, page): found for page, found in misfits_by_page(kiosk) if found}
    assert not faults


@pytest.mark.parametrize("size", WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("text_size", (2,))
def test_childcare_fits(kiosk, services, size, text_size):
    kiosk.resize(*size)
    faults = {}
    for place in (Place("postcode"), Place("childcare", "OX4 4UY"), Place("provider", "example:1"), Place("sent")):
        if place.screen == "provider":
            place = Place("provider", kiosk.app.root.screen("childcare")._results.found[0].provider.id)
        kiosk.app.navigation.visit = Visit(places=(Place("welcome"), place), text_size=text_size, postcode="OX999ZZ")
        kiosk.settle()
        if place.screen == "childcare":
            kiosk.wait_until(lambda: kiosk.app.root.screen("childcare")._results)
        kiosk.settle()
        complain(kiosk)
        faults |= {(place.screen, page): found for page, found in misfits_by_page(kiosk) if found}
    assert not faults


def complain(kiosk) -> None:
    """Press the large button where that brings an error line, the most crowded a screen can be."""
    for words in ("Next", "Look near here"):
        if words in kiosk.words() and kiosk.app.navigation.screen in (
            "call-name",
            "call-phone",
            "call-times",
            "postcode",
        ):
            before = kiosk.app.navigation.visit
            kiosk.find(words).dispatch("on_touched")
            kiosk.settle()
            if kiosk.app.navigation.visit is not before:
                kiosk.app.navigation.visit = before
                kiosk.settle()


def misfits_by_page(kiosk):
    """Yield each page of the screen with what does not fit on it."""
    from kiosk.ui.widgets.pages import Pages

    pages = next((w for w in kiosk.window.children[0].walk() if isinstance(w, Pages)), None)
    yield 0, misfits(kiosk)
    for number in range(1, int(pages.page_count) if pages else 0):
        pages.page = number
        kiosk.settle()
        yield number, misfits(kiosk)
