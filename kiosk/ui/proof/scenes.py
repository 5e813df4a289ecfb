"""What a proof shows: each screen of the programme, with each thing of the pack that it can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kiosk.flow.model import Flow
from kiosk.flow.paths import find_paths_through
from kiosk.flow.walk import Answers, where
from kiosk.pack.model import Board, Pack
from kiosk.pack.texts import find_shown_texts
from kiosk.pack.tree import Path
from kiosk.ui.navigation import BARE, SCREENS
from kiosk.ui.visit import Draft, Place, Visit

# The longest of everything that the form takes, so that its fullest look is seen.
LONGEST = Draft(
    name="Wilhelmina-Magdalena Wolkenstein-Mommsen",
    phone="0049301234567890",
    days=frozenset({0, 2, 4}),
    parts=frozenset({"morning", "midday", "afternoon"}),
    language="pt",
    interpreter=True,
    topic="english-maths",
)
UNKNOWN_POSTCODE = "OX999ZZ"
TAKEN = ("outcome", "stage", "page", "checklist", "provider", "helpers", "notice")  # what can be taken away
Act = Callable[[object], None]


@dataclass(frozen=True)
class Scene:
    """A screen as a parent may find it: `kind` is the screen, `of` what it shows, `state` what is special about it.

    `source` is where in the pack it is written. `act`, called with the app once the screen is there, brings the state about.
    """

    kind: str
    of: str = ""
    state: str = ""
    visit: Visit = field(default_factory=Visit, compare=False)
    source: Path = ()
    act: Act | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.of, self.state)))


def find_scenes(pack: Pack, provider: str = "") -> list[Scene]:
    """Return all that can be shown of a pack; `provider` is the number of a childcare place to look at closely.

    A screen of which nothing special is known here stands for itself.
    """
    known = [*_flows(pack), *_pack(pack), *_form(), *_childcare(pack, provider), *_staff(), *_home()]
    special = {scene.kind for scene in known} | {"provider", "take"}
    scenes = [*(_at(name, Place(name)) for name in SCREENS if name not in special), *known]
    return scenes + [_take(scene) for scene in scenes if scene.kind in TAKEN and not _is_kept(pack, scene)]


def fullest(pack: Pack, scenes: Iterable[Scene]) -> list[Scene]:
    """Return of each kind and state the scene with the most words in the pack: where that fits, less does."""
    length: dict[Path, int] = {}
    for text in find_shown_texts(pack):
        for end in range(1, len(text.path) + 1):
            length[text.path[:end]] = length.get(text.path[:end], 0) + len(text.words)
    best: dict[tuple[str, str], Scene] = {}
    for scene in scenes:
        key = scene.kind, scene.state
        if key not in best or length.get(scene.source, 0) > length.get(best[key].source, 0):
            best[key] = scene
    return list(best.values())


def answers_to(flow: Flow, node: str) -> Answers:
    """Return the shortest way to a node: the part before it of a path that runs through it."""
    path = min(find_paths_through(flow, node), key=len)
    return next(path[:n] for n in range(len(path) + 1) if where(flow, path[:n]).id == node)


def _at(kind: str, place: Place, source: Path = (), state: str = "", act: Act | None = None, **visit) -> Scene:
    """A place that was reached from the first page, as most are; the bare ones stand alone."""
    before = () if kind in BARE else (Place("welcome"),) if kind == "home" else (Place("welcome"), Place("home"))
    return Scene(kind, place.target, state, Visit(places=(*before, place), still=True, **visit), source, act)


def _flows(pack: Pack) -> Iterator[Scene]:
    for flow in pack.flows.values():
        file = f"flows/{flow.id}.yaml"
        for kind, nodes in (("question", flow.questions), ("outcome", flow.outcomes)):
            for node in nodes:
                scene = _at(kind, Place("flow", flow.id, answers=answers_to(flow, node)), (file, f"{kind}s", node))
                yield Scene(kind, f"{flow.id}/{node}", visit=scene.visit, source=scene.source)
        for stage in flow.stages:
            yield _at("stage", Place("stage", f"{flow.id}/{stage}"), (file, "stages", stage))
        yield from (_at(kind, Place(kind, flow.id), (file,)) for kind in ("road", "map"))


def _pack(pack: Pack) -> Iterator[Scene]:
    yield from (_at("page", Place("page", page), (f"pages/{page}.yaml",)) for page in pack.pages)
    for checklist in pack.checklists:
        yield _at("checklist", Place("checklist", checklist), (f"checklists/{checklist}.yaml",))
    yield from (_at("notices", Place("notices", board), state="" if board == "whats-on" else board) for board in Board)
    for notice in pack.notices.values():
        yield _at("notice", Place("notice", notice.id), (notice.file, notice.id))
        if notice.address:
            yield _at("notice-web", Place("notice-web", notice.id), (notice.file, notice.id))
    addresses = (fact.id for fact in pack.facts.values() if fact.unit == "address")
    yield from (_at("web", Place("web", address), ("facts.yaml", address)) for address in addresses)


def _is_kept(pack: Pack, scene: Scene) -> bool:
    """What is private, or says nothing to do, is not offered to be taken away."""
    flow, _, node = scene.of.partition("/")
    match scene.kind:
        case "outcome":
            advice = pack.flows[flow].outcomes[node]
        case "stage":
            advice = pack.flows[flow].stages[node]
        case "page":
            advice = pack.pages[scene.of]
        case _:
            return False
    return advice.private or not (advice.next or advice.helpers)


def _take(scene: Scene) -> Scene:
    visit = scene.visit.at(Place("take"))
    return Scene("take", f"{scene.kind} {scene.of}".strip(), visit=visit, source=scene.source)


def _form() -> Iterator[Scene]:
    """Each step filled in to the brim, and what it says of a field that was left empty."""
    source = ("callback.yaml",)
    for kind in (name for name in SCREENS if name.startswith("call-")):
        yield _at(kind, Place(kind), source, draft=LONGEST)
    for kind in ("call-name", "call-phone", "call-times"):
        yield _at(kind, Place(kind), source, "left empty", _go_on, draft=Draft())
    yield _at("call-review", Place("call-review"), source, "left empty", draft=Draft())
    yield _at("privacy", Place("privacy"), source, draft=Draft())
    yield _at("sent", Place("sent"), source)


def _childcare(pack: Pack, provider: str) -> Iterator[Scene]:
    yield _at("postcode", Place("postcode"))
    yield _at("postcode", Place("postcode"), state="unknown", act=_go_on, postcode=UNKNOWN_POSTCODE)
    yield _at("childcare", Place("childcare", pack.centre.postcode))
    yield _at("childcare", Place("childcare"), state="times", act=_ask_when)
    yield _at("childcare", Place("childcare"), state="ages", act=_ask_how_old)
    if provider:
        yield _at("provider", Place("provider", provider))


def _staff() -> Iterator[Scene]:
    yield _at("staff-code", Place("staff-code"))
    yield _at("staff-code", Place("staff-code"), state="refused", act=_refuse)


def _home() -> Iterator[Scene]:
    yield _at("home", Place("home"), ("home.yaml",))
    yield _at("home", Place("home"), ("home.yaml",), "untouched", _warn)


def _go_on(app) -> None:
    app.root.screen(app.navigation.screen).go_on()


def _ask_when(app) -> None:
    from kiosk.ui.screens.childcare_words import Need

    _open(app, Need)


def _ask_how_old(app) -> None:
    _open(app, range)


def _open(app, group: type) -> None:
    """The screen is built once: a scene before may have left it open."""
    screen = app.root.screen("childcare")
    screen.open_choices(None)
    screen.open_choices(group)


def _refuse(app) -> None:
    from kiosk.errors import TooManyTries
    from kiosk.ui.screens.staff_code import say_refusal

    app.root.screen("staff-code").trouble = say_refusal(TooManyTries(128), app.words)


def _warn(app) -> None:
    app.idle.seconds_left = app.idle.warning_seconds
    app.idle.warning = True
