from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from kiosk.errors import CaseTaken
from kiosk.hub.case import Attempt, AttemptKind, Case, CaseState, Result, ResultKind, unanswered
from kiosk.hub.cases import DELETED, SETTLED, Cases
from tests.hub.desk.people import NOW

ID = UUID("11111111-2222-4333-8444-555555555555")
ME, OTHER = "J. Okafor", "D. Patel"


@pytest.fixture
def cases(engine: Engine) -> Cases:
    return Cases(engine)


class TestClaiming:
    def test_a_case_that_nobody_has_touched_is_open(self, cases: Cases) -> None:
        assert cases.get(ID) == Case(ID)
        assert cases.find_touched() == {}

    def test_a_claimed_case_is_mine(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)

        assert cases.get(ID) == Case(ID, CaseState.CLAIMED, ME, NOW)
        assert cases.find_touched() == {ID: cases.get(ID)}

    def test_it_cannot_be_claimed_by_another(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)

        with pytest.raises(CaseTaken):
            cases.claim(ID, OTHER, NOW)
        assert cases.get(ID).claimed_by == ME

    def test_claiming_twice_is_the_same_as_once(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        cases.claim(ID, ME, NOW)

        assert cases.get(ID).is_held_by(ME)

    def test_of_eight_who_claim_at_once_one_has_it(self, cases: Cases, engine: Engine) -> None:
        won: list[str] = []

        def claim(worker: str) -> None:
            try:
                Cases(engine).claim(ID, worker, NOW)
                won.append(worker)
            except CaseTaken:
                pass

        threads = [threading.Thread(target=claim, args=(f"worker {number}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert won == [cases.get(ID).claimed_by]

    def test_it_can_be_taken_over_from_the_one_who_has_it(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        cases.claim(ID, OTHER, NOW, instead_of=ME)

        assert cases.get(ID).claimed_by == OTHER

    def test_it_cannot_be_taken_over_from_one_who_had_it_before(self, cases: Cases) -> None:
        cases.claim(ID, OTHER, NOW)

        with pytest.raises(CaseTaken):
            cases.claim(ID, "third", NOW, instead_of=ME)

    def test_given_back_it_is_free_for_others(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        cases.give_back(ID, ME, NOW)

        cases.claim(ID, OTHER, NOW)
        assert cases.get(ID).claimed_by == OTHER


class TestAttempts:
    def test_attempts_come_back_in_their_order(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        later = NOW + timedelta(hours=2)
        cases.add_attempt(ID, uuid4(), ME, AttemptKind.TALKED, later)
        cases.add_attempt(ID, uuid4(), ME, AttemptKind.NO_ANSWER, NOW)

        assert cases.find_attempts(ID) == [
            Attempt(ME, NOW, AttemptKind.NO_ANSWER),
            Attempt(ME, later, AttemptKind.TALKED),
        ]

    def test_the_same_press_of_the_button_counts_once(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        once = uuid4()
        for _ in range(2):
            cases.add_attempt(ID, once, ME, AttemptKind.NO_ANSWER, NOW)

        assert len(cases.find_attempts(ID)) == 1

    def test_another_word_from_the_same_form_is_another_try(self, cases: Cases) -> None:
        once, other_case = uuid4(), uuid4()
        for id in (ID, other_case):
            cases.claim(id, ME, NOW)
        for id, kind in ((ID, AttemptKind.NO_ANSWER), (ID, AttemptKind.TALKED), (other_case, AttemptKind.TALKED)):
            cases.add_attempt(id, once, ME, kind, NOW)

        assert {one.kind for one in cases.find_attempts(ID)} == {AttemptKind.NO_ANSWER, AttemptKind.TALKED}
        assert len(cases.find_attempts(other_case)) == 1

    def test_only_who_has_the_case_can_try(self, cases: Cases) -> None:
        cases.claim(ID, OTHER, NOW)

        with pytest.raises(CaseTaken):
            cases.add_attempt(ID, uuid4(), ME, AttemptKind.NO_ANSWER, NOW)
        assert cases.find_attempts(ID) == []

    @pytest.mark.parametrize(
        ("kinds", "missed"),
        [
            ("", 0),
            ("no-answer wrong-number no-answer", 3),
            ("no-answer no-answer talked", 0),
            ("talked no-answer", 1),
            ("no-answer ring-later no-answer no-answer", 2),
        ],
    )
    def test_the_latest_tries_in_a_row_that_reached_nobody_are_counted(self, kinds: str, missed: int) -> None:
        assert unanswered([Attempt(ME, NOW, AttemptKind(kind)) for kind in kinds.split()]) == missed


class TestClosing:
    def test_a_closed_case_has_its_results_and_time(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        cases.close(ID, ME, [ResultKind.COLLEGE, ResultKind.BETTER_OFF, ResultKind.COLLEGE], NOW)

        assert cases.get(ID) == Case(ID, CaseState.CLOSED, ME, NOW, NOW)
        assert cases.find_results(ID) == [
            Result(ME, NOW, ResultKind.COLLEGE),
            Result(ME, NOW, ResultKind.BETTER_OFF),
        ]

    def test_it_cannot_be_closed_by_one_who_does_not_have_it(self, cases: Cases) -> None:
        cases.claim(ID, OTHER, NOW)

        with pytest.raises(CaseTaken):
            cases.close(ID, ME, [ResultKind.NO_CONTACT], NOW)
        assert cases.find_results(ID) == []

    def test_a_closed_case_cannot_be_claimed_tried_given_back_or_closed_again(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        cases.close(ID, ME, [ResultKind.COLLEGE], NOW)

        for change in (
            lambda: cases.claim(ID, ME, NOW),
            lambda: cases.add_attempt(ID, uuid4(), ME, AttemptKind.TALKED, NOW),
            lambda: cases.give_back(ID, ME, NOW),
            lambda: cases.close(ID, ME, [ResultKind.COLLEGE], NOW),
        ):
            with pytest.raises(CaseTaken):
                change()

    def test_opened_again_it_is_held_and_its_results_are_gone(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)
        cases.close(ID, ME, [ResultKind.COLLEGE], NOW)
        cases.reopen(ID, OTHER, NOW)

        assert cases.get(ID).is_held_by(OTHER)
        assert cases.find_results(ID) == []

    def test_a_case_that_is_not_closed_cannot_be_opened_again(self, cases: Cases) -> None:
        cases.claim(ID, ME, NOW)

        with pytest.raises(CaseTaken):
            cases.reopen(ID, OTHER, NOW)


def test_everything_done_to_a_case_is_in_its_access_log(cases: Cases) -> None:
    cases.log_access(ID, OTHER, NOW, "opened")
    cases.claim(ID, ME, NOW)
    cases.add_attempt(ID, uuid4(), ME, AttemptKind.NO_ANSWER, NOW)
    cases.close(ID, ME, [ResultKind.NO_CONTACT], NOW)

    assert [(worker, what) for worker, _, what in cases.find_accesses(ID)] == [
        (OTHER, "opened"),
        (ME, "claimed"),
        (ME, "tried: no-answer"),
        (ME, "closed"),
    ]


def test_of_what_was_done_at_one_moment_the_latest_is_the_first(cases: Cases) -> None:
    for what in (*SETTLED, DELETED):
        cases.log_access(ID, ME, NOW, what)
    cases.log_access(ID, OTHER, NOW, DELETED)

    assert [one.what for one in cases.find_settled()] == list(reversed(SETTLED))
    assert cases.find_deletions() == [(OTHER, NOW), (ME, NOW)]


def test_what_was_refused_is_not_in_the_access_log(cases: Cases) -> None:
    cases.claim(ID, OTHER, NOW)
    with pytest.raises(CaseTaken):
        cases.give_back(ID, ME, NOW)

    assert len(cases.find_accesses(ID)) == 1
