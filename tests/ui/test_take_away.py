"""What leaves with a parent: the square that a phone reads off the screen, and the slip from the printer."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy
import pytest
import zxingcpp

from kiosk.errors import PrinterStuck
from kiosk.flow.walk import where
from kiosk.takeaway.model import Slip
from kiosk.ui.proof.scenes import answers_to
from kiosk.ui.screens.take_words import Notes
from kiosk.ui.visit import Draft, Place, Visit

NAMED = re.compile(r"benefit|universal credit|\bdebt|abuse|violen", re.IGNORECASE)  # R11
TAKE = Place("take")


def outcome_at(kiosk, node: str) -> Place:
    return Place("flow", "work", answers=answers_to(kiosk.app.pack.flows["work"], node))


def show(kiosk, *places: Place, **visit) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places), **visit)
    kiosk.settle()
    kiosk.wait_until(lambda: not kiosk.app.background.is_busy)
    kiosk.settle()


def read_off(kiosk) -> list[str]:
    """Return what an independent reader finds on a picture of the screen."""
    picture = kiosk.picture()
    pixels = numpy.frombuffer(picture.write_to_memory(), numpy.uint8).reshape(picture.height, picture.width, 3)
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


def provider(kiosk) -> Place:
    show(kiosk, Place("childcare"))
    kiosk.wait_until(lambda: kiosk.app.root.screen("childcare")._results)
    return Place("provider", kiosk.app.root.screen("childcare")._results.found[0].provider.id)


@pytest.mark.parametrize("contrast", [False, True])
@pytest.mark.parametrize("size", [(1080, 1920), (1080, 608)], ids=["high", "wide"])
def test_a_phone_reads_the_outcome_off_the_screen(kiosk, size, contrast):
    kiosk.resize(*size)
    show(kiosk, outcome_at(kiosk, "ready-to-look"), TAKE, contrast=contrast)

    [note] = read_off(kiosk)

    assert note.splitlines()[0] == "Ready to look"
    assert "www.gov.uk/find-a-job" in note
    assert "Family support worker" in note


PAGES = {
    "page": Place("page", "writing-cv"),
    "checklist": Place("checklist", "job-search"),
    "stage": Place("stage", "work/thinking"),
    "helpers": Place("helpers"),
}


@pytest.mark.parametrize("page", [*PAGES, "provider"])
def test_a_phone_reads_every_kind_of_page(kiosk, page):
    show(kiosk, PAGES.get(page) or provider(kiosk))
    kiosk.touch("Take it with you") if page != "provider" else kiosk.app.navigation.go(TAKE)
    kiosk.wait_until(lambda: kiosk.app.root.screen("take").content)

    [note] = read_off(kiosk)

    assert note == kiosk.app.root.screen("take").content
    if page == "provider":
        assert "01" in note and "Phone" in note


def test_a_phone_reads_an_address_with_https(kiosk):
    show(kiosk, Place("web", "find-a-job"), contrast=True)

    assert read_off(kiosk) == ["https://www.gov.uk/find-a-job"]


def test_a_phone_reads_arabic(kiosk):
    show(kiosk, outcome_at(kiosk, "ready-to-look"), TAKE, language="ar")

    [note] = read_off(kiosk)

    assert note == kiosk.app.root.screen("take").content
    assert re.search("[\u0600-\u06ff]", note)


def notes(kiosk) -> Notes:
    app = kiosk.app
    return Notes(app.pack, app.words, app.filled, app.services.now())


def every_place(kiosk):
    for flow in kiosk.app.pack.flows.values():
        yield from (Place("flow", flow.id, answers=answers_to(flow, node)) for node in flow.outcomes)
        yield from (Place("stage", f"{flow.id}/{stage}") for stage in flow.stages)
    yield Place("helpers")
    yield from (Place("page", page) for page in kiosk.app.pack.pages)
    yield from (Place("checklist", checklist) for checklist in kiosk.app.pack.checklists)


def every_text(slip: Slip) -> str:
    items = [item for section in slip.sections for item in section.items]
    lines = [line for item in items for line in (item.say, *item.more, *item.find)]
    return "\n".join([slip.heading, slip.title, *slip.say, *(section.title for section in slip.sections), *lines])


def test_no_paper_names_what_a_family_gets_owes_or_fears(kiosk):
    slips = {place: notes(kiosk).of(place) for place in every_place(kiosk)}
    assert {place.screen for place, slip in slips.items() if slip} == {"flow", "stage", "helpers", "page", "checklist"}
    on_paper = {place: slip for place, slip in slips.items() if slip and slip.on_paper}

    assert len(on_paper) > 10
    assert {slip.heading for slip in on_paper.values()} == {"My notes"}
    assert not {place: found[0] for place, slip in on_paper.items() if (found := NAMED.search(every_text(slip)))}


def test_what_is_private_is_not_offered_to_be_taken_along(kiosk):
    private = outcome_at(kiosk, "private-talk")
    assert where(kiosk.app.pack.flows["work"], private.answers).private

    show(kiosk, private)

    assert notes(kiosk).of(private) is None
    assert "Take it with you" not in kiosk.words()


def test_the_helpers_slip_names_everybody_and_a_phone_is_told_whom_to_ring(kiosk):
    slip = notes(kiosk).of(Place("helpers"))

    [people] = slip.sections
    assert [item.say for item in people.items] == [helper.title for helper in kiosk.app.pack.helpers.values()]
    worker = people.items[0]
    assert len(worker.more) == 3
    assert worker.find == (next(line for line in every_text(slip).splitlines() if "01632 960 101" in line),)


def test_a_call_asked_for_from_a_slip_is_about_its_station(kiosk):
    show(kiosk, Place("stage", "work/childcare"))
    topic = kiosk.app.root.screen("stage").topic
    kiosk.touch("Take it with you")

    assert kiosk.app.navigation.screen == "take"
    assert kiosk.app.root.screen("take").topic == topic != ""


def test_nothing_of_the_call_is_on_a_slip(kiosk):
    slip = notes(kiosk).of(outcome_at(kiosk, "ready-to-look"))

    assert "Ask us to search with you" not in every_text(slip)


@pytest.fixture
def printer(kiosk, services):
    """A printer is set up; what it is given is kept here instead of being printed."""
    given: list[Slip] = []
    services.settings = replace(services.settings, printer="slips")
    services.print_slip = given.append
    return given


def test_without_a_printer_no_printing_is_offered(kiosk):
    show(kiosk, Place("checklist", "job-search"), TAKE)

    assert "Print it" not in kiosk.words()


def test_a_touch_prints_what_the_page_said_and_nothing_of_the_parent(kiosk, printer):
    show(kiosk, Place("checklist", "job-search"), TAKE, postcode="OX44LS", draft=Draft(name="Xanthippe"))

    kiosk.touch("Print it")
    kiosk.wait_until(lambda: "Here it is. Please take it from the printer." in kiosk.words())

    assert [slip.title for slip in printer] == ["Searching for a job online"]
    assert "Xanthippe" not in every_text(printer[0]) and "OX4" not in every_text(printer[0])


def test_money_matters_go_on_ones_own_phone_not_on_paper(kiosk, printer):
    show(kiosk, outcome_at(kiosk, "money-first"), TAKE)

    assert "Print it" not in kiosk.words()
    assert kiosk.app.root.guarded
    assert len(read_off(kiosk)) == 1


def test_a_printer_that_is_stuck_is_told_in_plain_words(kiosk, services, printer):
    def stuck(_slip: Slip) -> None:
        raise PrinterStuck("The slip is not out.")

    services.print_slip = stuck
    show(kiosk, Place("checklist", "job-search"), TAKE)

    kiosk.touch("Print it")
    kiosk.wait_until(
        lambda: "The printer does not answer. Please ask at reception, or use your phone." in kiosk.words()
    )
    assert kiosk.find("Print it").enabled


def test_when_the_visit_ends_nothing_to_take_is_left(kiosk):
    show(kiosk, outcome_at(kiosk, "ready-to-look"), TAKE)
    kiosk.app.navigation.finish()
    kiosk.settle()

    screen = kiosk.app.root.screen("take")
    assert (screen.content, screen._slip) == ("", None)


def test_a_list_is_taken_along_from_each_of_its_pages_and_keeps_its_title(kiosk):
    checklist = next(iter(kiosk.app.pack.checklists.values()))
    show(kiosk, Place("checklist", checklist.id))
    pages = kiosk.app.root.screen("checklist").ids.pages

    assert pages.page_count > 1
    for page in range(int(pages.page_count)):
        pages.page = page
        kiosk.lay_out()
        assert kiosk.app.filled(checklist.title) in kiosk.words()
        assert kiosk.find("Take it with you").enabled
