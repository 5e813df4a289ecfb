"""python -m tests.soak.pictures: take the README's pictures of the main screens anew, in English and in Arabic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.flow.stations import first_question_at
from kiosk.pack.model import Pack
from kiosk.settings import content_folder
from kiosk.ui.proof.looks import Look
from kiosk.ui.proof.run import Printer
from kiosk.ui.proof.scenes import Scene, answers_to
from kiosk.ui.proof.show import pages_of, stage_of
from kiosk.ui.visit import Draft, Place, Visit

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "pictures"
WINDOW, HALF = (1080, 1920), 0.5
LANGUAGES = {"en": "", "ar": "-ar"}
START = (Place("welcome"), Place("home"))


def main() -> None:
    """Write assets/pictures/NAME.png and NAME-ar.png. Raises OSError."""
    with Printer(content_folder() / "oxfordshire") as printer, stage_of(printer.services(), WINDOW) as stage:
        for language, ending in LANGUAGES.items():
            for name, visit in visits(printer.pack):
                next(pages_of(stage, Scene(name, visit=visit), Look(language, "calm", 0, WINDOW)))
                picture = stage.picture().resize(HALF)
                picture.write_to_file(str(FOLDER / f"{name}{ending}.png"), palette=True, Q=90, effort=10, dither=0)


def visits(pack: Pack) -> Iterator[tuple[str, Visit]]:
    """Yield each picture's name and what stands on it: a parent whose worry is paying for childcare."""
    work = pack.flows["work"]
    outcome = answers_to(work, "paying-for-childcare")
    yield "welcome", Visit(places=START[:1], still=True)
    yield "home", Visit(places=START, still=True)
    for name, place in {
        "question": Place("flow", work.id, answers=answers_to(work, first_question_at(work, "childcare"))),
        "outcome": Place("flow", work.id, answers=outcome),
        "map": Place("map", work.id, answers=outcome),
        "childcare": Place("childcare", pack.centre.postcode),
        "call": Place("call-phone"),
    }.items():
        draft = Draft(phone="07700900") if name == "call" else None
        yield name, Visit(places=(*START, place), still=True, draft=draft)


if __name__ == "__main__":
    main()
