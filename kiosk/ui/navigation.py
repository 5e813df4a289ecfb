"""Where a touch leads: each verb makes a new Visit. Screens look at the visit; they never look at each other."""

from __future__ import annotations

from dataclasses import replace

from kivy.event import EventDispatcher
from kivy.properties import ObjectProperty

from kiosk.flow.model import Opens, OpensKind, Question
from kiosk.flow.walk import change, find_place, where
from kiosk.pack.model import Pack
from kiosk.ui.visit import Draft, Place, Visit

# Screen name -> module under kiosk.ui.screens and its class. Imported when first shown: a parent may never need most.
SCREENS = {
    "welcome": "welcome.WelcomeScreen",
    "home": "home.HomeScreen",
    "question": "question.QuestionScreen",
    "outcome": "outcome.OutcomeScreen",
    "stage": "stage.StageScreen",
    "road": "road.RoadScreen",
    "map": "map.MapScreen",
    "page": "advice.PageScreen",
    "helpers": "advice.HelpersScreen",
    "web": "web.WebScreen",
    "notices": "notices.NoticesScreen",
    "notice": "notices.NoticeScreen",
    "notice-web": "notices.NoticeWebScreen",
    "take": "take.TakeScreen",
    "checklist": "checklist.ChecklistScreen",
    "postcode": "postcode.PostcodeScreen",
    "childcare": "childcare.ChildcareScreen",
    "provider": "provider.ProviderScreen",
    "call-name": "callback_type.NameScreen",
    "call-phone": "callback_type.PhoneScreen",
    "call-times": "callback_choose.TimesScreen",
    "call-message": "callback_choose.MessageScreen",
    "call-language": "callback_choose.LanguageScreen",
    "call-topic": "callback_choose.TopicScreen",
    "call-review": "callback_review.ReviewScreen",
    "privacy": "callback_review.PrivacyScreen",
    "sent": "callback_review.SentScreen",
    "staff-code": "staff_code.StaffCodeScreen",
    "staff": "staff.StaffScreen",
    "staff-close": "staff_close.StaffCloseScreen",
    "languages": "languages.LanguagesScreen",
    "access": "access.AccessScreen",
    "neutral": "neutral.NeutralScreen",
}
CALL_STEPS = ("call-name", "call-phone", "call-times", "call-message", "call-language", "call-topic", "call-review")
# Nothing of the visit is shown on these, so they have no bars.
BARE = {"welcome", "neutral"}


class Navigation(EventDispatcher):
    """Holds the visit in progress. Bind `visit` to follow it."""

    visit = ObjectProperty(Visit())

    def __init__(self, pack: Pack, **kwargs) -> None:
        self.pack = pack
        super().__init__(**kwargs)

    @property
    def place(self) -> Place:
        return self.visit.place

    @property
    def screen(self) -> str:
        """The name of the screen for the present place: a flow shows a question or an outcome."""
        if self.place.screen != "flow":
            return self.place.screen
        return "question" if isinstance(self.node, Question) else "outcome"

    @property
    def node(self):
        """The question or outcome that the present place's answers lead to, or the question that is asked again."""
        flow = self.pack.flows[self.place.target]
        if self.place.again:
            return find_place(flow, self.place.again)
        return where(flow, self.place.answers, self.place.start or None)

    def go(self, place: Place) -> None:
        self.visit = self.visit.at(place)

    def open(self, opens: Opens) -> None:
        """Follow what a card or a step opens."""
        if opens.kind is OpensKind.CALLBACK:
            self.ask_for_call(opens.target)
        else:
            self.go(_place_of(opens))

    def answer(self, question_id: str, answer_id: str) -> None:
        place = self.place
        if place.again:
            self._answer_anew(question_id, answer_id)
        else:
            self.go(replace(place, answers=(*place.answers, (question_id, answer_id))))

    def ask_again(self, question_id: str) -> None:
        """Ask a question of the walk once more. The other answers stand until it is answered otherwise."""
        self.go(replace(self.place, screen="flow", again=question_id))

    def _answer_anew(self, question_id: str, answer_id: str) -> None:
        """Go on from the changed answer; with the same answer, to where the walk had come. Back is the walk as it now is."""
        place = self.place
        same = dict(place.answers)[question_id] == answer_id
        flow = self.pack.flows[place.target]
        answers = place.answers if same else change(flow, place.answers, question_id, answer_id)
        self.visit = self.visit.walked_anew(replace(place, again="", answers=answers))

    def open_map(self) -> None:
        """See the whole flowchart, with the way so far."""
        self.go(replace(self.place, screen="map", again=""))

    def open_road(self) -> None:
        """Find one's own place on the large road of the present flow."""
        self.go(Place("road", self.place.target, start=self.place.start))

    def look_instead(self, place: Place) -> None:
        """Go to `place` so that Back skips the present one: a parent who looks along the road goes back in one step."""
        self.visit = self.visit.instead(place)

    def start(self, language: str) -> None:
        """Begin in the language whose greeting was touched."""
        self.visit = replace(self.visit, language=language).at(Place("home"))

    def choose_language(self) -> None:
        if self.place.screen != "languages":
            self.go(Place("languages"))

    def open_access(self) -> None:
        """Choose how to read and touch. From the welcome it is the beginning of a visit."""
        visit = self.visit.home() if self.place.screen == "welcome" else self.visit
        if self.place.screen != "access":
            self.visit = visit.at(Place("access"))

    def read_in(self, language: str) -> None:
        """Read on in another language, at the place where the parent was."""
        self.visit = replace(self.visit.back(), language=language)

    def ask_for_call(self, topic: str = "") -> None:
        """Open the call-back form. A draft already begun is kept; the topic comes along from where the parent was."""
        draft = self.visit.draft or Draft()
        if topic and topic in self.pack.callback.topics:
            draft = replace(draft, topic=topic)
        self.visit = replace(self.visit, draft=draft).at(Place(CALL_STEPS[0]))

    def next_call_step(self, draft: Draft) -> None:
        """Keep what was given and go on. A step reached from the review goes back to the review."""
        self.visit = replace(self.visit, draft=draft)
        if any(place.screen == "call-review" for place in self.visit.places[:-1]):
            self.visit = self.visit.back()
        else:
            self.go(Place(CALL_STEPS[CALL_STEPS.index(self.place.screen) + 1]))

    def sent(self) -> None:
        """The request is committed: nothing of it stays in the visit, and Back cannot reach the form."""
        self.visit = replace(self.visit.home(), draft=None).at(Place("sent"))

    def back(self) -> None:
        self.visit = self.visit.back()

    def home(self) -> None:
        self.visit = replace(self.visit.home(), draft=None)

    def finish(self) -> None:
        """End the visit: a new one begins, and nothing of the old is left (R6)."""
        self.visit = Visit()

    def leave(self) -> None:
        """Leave this page: a neutral screen at once, the visit wiped (R9)."""
        self.visit = Visit(places=(Place("neutral"),))

    def open_staff(self) -> None:
        """Stand at the staff's door. It is a visit of its own: nothing of a parent's is left behind it."""
        reading = self.visit
        self.finish()
        self.visit = Visit(
            places=(Place("welcome"), Place("staff-code")),
            language=reading.language,
            text_size=reading.text_size,
            contrast=reading.contrast,
        )

    def set(self, **changes) -> None:
        """Change how the parent reads, or what they ticked, without leaving the place."""
        self.visit = replace(self.visit, **changes)


def _place_of(opens: Opens) -> Place:
    if opens.kind is OpensKind.FLOW:
        return Place("flow", opens.target, start=opens.at)
    if opens.kind is OpensKind.CHILDCARE:
        return Place("postcode")
    return Place(opens.kind.value, opens.target)
