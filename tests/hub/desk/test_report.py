"""The report: what is counted, what stays hidden, and what a spreadsheet gets."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement, product
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from kiosk.hub.case import AttemptKind, ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.disclosure import LEAST, Seen, merge_few, seen_count, seen_grand_total, seen_total, seen_values
from kiosk.hub.record import Story, find_stories, remember
from kiosk.hub.report import Report, Spread, bounds, contacts_before_result, make_report, spread, waits, year_of
from kiosk.hub.retention import erase, purge
from kiosk.hub.spreadsheet import harmless, report_rows, to_csv
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import words

HOUR = timedelta(hours=1)
NO_ANSWER, TALKED = AttemptKind.NO_ANSWER, AttemptKind.TALKED
COLLEGE, NO_CONTACT = ResultKind.COLLEGE, ResultKind.NO_CONTACT


def story(*tries: AttemptKind, came: ResultKind | None = None, at: datetime = NOW, centre: str = "Barton") -> Story:
    """A request that was tried every hour and then had its result."""
    attempts = tuple((at + HOUR * (number + 1), kind) for number, kind in enumerate(tries))
    return Story(centre, at, attempts, ((at + HOUR * (len(tries) + 1), came),) if came else ())


def handle(kiosk: Kiosk, cases: Cases, clock: Clock, *kinds: ResultKind) -> UUID:
    id = kiosk.leave()
    cases.claim(id, WORKER, clock())
    cases.add_attempt(id, uuid4(), WORKER, TALKED, clock() + HOUR)
    cases.close(id, WORKER, kinds, clock() + HOUR)
    return id


class TestWhatMayBeSeen:
    @pytest.mark.parametrize("count", range(LEAST))
    def test_a_count_under_five_is_hidden_nought_too(self, count: int) -> None:
        assert seen_count(count) == Seen(None)

    def test_from_five_on_a_count_is_itself(self) -> None:
        assert seen_count(5) == Seen(5, exact=True)

    def test_one_hidden_count_cannot_be_told_from_the_total(self) -> None:
        assert seen_total([10, 7, 3]) == Seen(17)

    def test_a_total_of_seen_counts_is_exact(self) -> None:
        assert seen_total([10, 7]) == Seen(17, exact=True)

    def test_a_total_of_hidden_counts_alone_that_is_under_five_is_hidden(self) -> None:
        assert seen_total([1, 2, 1]) == Seen(None)

    @pytest.mark.parametrize("size", [1, 2, 3, 4])
    def test_no_total_narrows_any_hidden_count(self, size: int) -> None:
        every = list(product(range(LEAST), repeat=size))
        for hidden in every:
            seen = seen_total((20, *hidden))
            possible = [counts for counts in every if 20 + sum(counts) == seen.least] if seen.exact else every

            assert seen.exact or seen == Seen(20)
            assert all({counts[place] for counts in possible} == set(range(LEAST)) for place in range(size))

    def test_the_centres_sum_does_not_tell_the_four_that_one_of_them_hides(self) -> None:
        assert seen_total([0, 4]) == Seen(None)
        assert seen_grand_total([[10, 10], [0, 4]]) == Seen(20)

    @pytest.mark.parametrize("centres", [2, 3])
    def test_no_sum_of_centres_narrows_what_the_centres_hide(self, centres: int) -> None:
        """Look at everything that each report of two months which can be published can have come of."""
        # Which of the two months comes first changes nothing, so one of both orders is enough.
        pairs = combinations_with_replacement(range(6), 2)
        rows = {pair: (*map(seen_count, pair), seen_total(pair)) for pair in pairs}
        behind = defaultdict(list)
        for world in product(rows, repeat=centres):
            behind[(tuple(rows[pair] for pair in world), seen_grand_total(world))].append(world)

        for (told, _), worlds in behind.items():
            for place, (*months, year) in enumerate(told):
                possible = {world[place] for world in worlds}
                hidden = {count for pair in possible for count in pair if count < LEAST}
                assert hidden in (set(range(LEAST)), set()) and all(month.exact or hidden for month in months), told
                sums = {sum(pair) for pair in possible}
                assert year.exact or sums >= {(year.least or 0) + rest for rest in range(4)}, told

    def test_the_sum_of_many_centres_is_seen(self) -> None:
        assert seen_grand_total([[10, 7], [2, 0], [0, 1], [0, 1]]) == Seen(21, exact=True)


class TestMeans:
    MAY, JUNE = (datetime(2026, month, 5, 12, tzinfo=UTC) for month in (5, 6))

    def report_of(self, few: int, waited: timedelta, centre: str = "Barton") -> Report:
        """Return the report of six in May, who waited an hour, and a few in June, who waited so long."""
        told = [story(TALKED, came=COLLEGE, at=self.MAY)] * 6
        late = Story(centre, self.JUNE, ((self.JUNE + waited, TALKED),), ((self.JUNE + waited, COLLEGE),))
        return make_report(told + [late] * few, ["Barton", "Rose Hill"], 2026, NOW)

    @pytest.mark.parametrize("centre", ["Barton", "Rose Hill"])
    @pytest.mark.parametrize("few", [1, 4])
    def test_none_tells_the_wait_of_a_month_with_fewer_than_five(self, few: int, centre: str) -> None:
        hour, long = (self.report_of(few, waited, centre) for waited in (HOUR, 170 * HOUR))

        assert long == hour
        assert long.waited == Spread(3600, 3600)

    def test_months_with_a_few_that_have_five_together_are_in_the_years(self) -> None:
        report = self.report_of(5, 2 * HOUR)

        assert report.centres[0].waited[-1] == report.waited == Spread((6 * 3600 + 5 * 7200) / 11, 3600)

    def test_those_of_a_centre_that_are_in_its_year_give_no_other_centre_away(self) -> None:
        months = [[1.0] * 6, [2.0] * 3, [3.0] * 3]

        assert seen_values(merge_few(months)) == [1.0] * 6 + [2.0] * 3 + [3.0] * 3
        assert seen_values(merge_few([*merge_few(months), *merge_few([[9.0] * 2])])) == seen_values(merge_few(months))


class TestWhatIsCounted:
    def test_contacts_are_the_talks_up_to_the_first_result_that_is_a_way_on(self) -> None:
        stories = [
            story(TALKED, NO_ANSWER, TALKED, came=COLLEGE),
            story(TALKED, came=COLLEGE),
            story(TALKED, came=NO_CONTACT),
            story(TALKED),
        ]

        assert contacts_before_result(stories) == [2, 1]

    def test_a_wait_is_from_coming_to_the_first_try_and_never_negative(self) -> None:
        early = Story("Barton", NOW, ((NOW - HOUR, TALKED),))

        assert waits([story(NO_ANSWER, TALKED), story(), early]) == [3600, 0]

    def test_mean_and_median_are_of_five_at_least(self) -> None:
        assert spread([1, 1, 1, 1, 6]) == Spread(2, 1)
        assert spread([1, 1, 1, 1]) is None

    def test_a_reporting_year_begins_in_april_in_london(self) -> None:
        assert year_of(datetime(2027, 3, 31, 22, 59, tzinfo=UTC)) == 2026
        assert year_of(datetime(2027, 3, 31, 23, 0, tzinfo=UTC)) == 2027
        assert bounds(2026)[0].astimezone(UTC) == datetime(2026, 3, 31, 23, tzinfo=UTC)

    def test_requests_count_by_centre_and_the_month_they_came(self) -> None:
        october = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
        stories = [story(came=COLLEGE)] * 6 + [story(at=october)] * 5 + [story(centre="Rose Hill")] * 7
        report = make_report(stories, ["Rose Hill", "Barton"], 2026, NOW)
        barton, rose_hill = report.centres

        assert report.months == tuple((2026, month) for month in range(4, 12))
        assert [seen.least for seen in barton.counts["requests"].months] == [None] * 6 + [5, 6]
        assert [seen.least for seen in rose_hill.counts["requests"].months] == [None] * 7 + [7]
        assert barton.counts["college"].months[-1] == Seen(6, exact=True)

    def test_a_centre_that_is_not_asked_for_is_in_no_number(self) -> None:
        report = make_report([story()] * 9 + [story(centre="Rose Hill")] * 6, ["Rose Hill"], 2026, NOW)

        assert [one.centre for one in report.centres] == ["Rose Hill"]
        assert report.totals["requests"].least == 6

    def test_the_sum_of_centres_tells_nothing_that_a_centres_sum_hides(self) -> None:
        may = datetime(2026, 5, 5, 12, tzinfo=UTC)
        told = [story()] * 6 + [story(at=may)] * 3 + [story(centre="Rose Hill", at=may)] * 2
        report = make_report(told, ["Rose Hill", "Barton"], 2026, datetime(2026, 5, 31, tzinfo=UTC))

        assert [one.counts["requests"].year for one in report.centres] == [Seen(None), Seen(None)]
        assert report.totals["requests"] == Seen(None)  # were it told, neither of the two could be nought

    def test_seven_calls_to_one_person_are_hidden_like_that_person(self) -> None:
        one = make_report([story(*[NO_ANSWER] * 7)], ["Barton"], 2026, NOW)
        five = make_report([story(*[NO_ANSWER] * 7)] * 5, ["Barton"], 2026, NOW)

        assert set(one.centres[0].counts["calls"].months) == {Seen(None)}
        assert one.totals["calls"] == one.centres[0].counts["calls"].year == Seen(None)
        assert five.centres[0].counts["calls"].months[-1] == Seen(35, exact=True)
        assert five.totals["calls"] == Seen(35)


class TestWhatIsKept:
    @pytest.fixture
    def settings(self, on_both: Settings) -> Settings:
        return on_both

    @pytest.mark.promise(34)
    def test_a_deleted_request_counts_as_before(self, hub: Engine, kiosk: Kiosk, cases: Cases, clock: Clock) -> None:
        def report() -> Report:
            return make_report(find_stories(hub, *bounds(2026)), ["Rose Hill"], 2026, NOW)

        for _ in range(5):
            handle(kiosk, cases, clock, COLLEGE)
        before = report()
        purge(hub, 14, NOW + timedelta(days=30))

        assert kiosk.store.find_open_envelopes() == []
        assert (before.totals["requests"].least, before.waited) == (5, Spread(3600, 3600))
        assert report() == before
        assert find_stories(hub, *bounds(2027)) == []

    @pytest.mark.promise(34)
    def test_of_a_deleted_request_the_month_and_the_waits_stay_and_not_the_moment_nor_who_rang(
        self, hub: Engine, kiosk: Kiosk, cases: Cases, clock: Clock
    ) -> None:
        id, november = handle(kiosk, cases, clock, COLLEGE), datetime(2026, 11, 1, tzinfo=UTC)
        for _ in range(2):
            erase(hub, id, NOW, WORKER)

        [story] = find_stories(hub, *bounds(2026))
        assert (story.received_at, story.attempts) == (november, ((november + HOUR, TALKED),))
        left = (*cases.find_attempts(id), *cases.find_results(id))
        assert [(one.worker, one.at) for one in left] == [("", november + HOUR)] * 2

    def test_one_that_is_kept_while_it_is_still_there_counts_once(self, hub: Engine, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        with hub.begin() as connection:
            for _ in range(2):
                remember(connection, id)

        assert find_stories(hub, *bounds(2026)) == [Story("Rose Hill", NOW)]


class TestTheSpreadsheet:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0="])
    @pytest.mark.promise(36)
    def test_a_cell_that_a_spreadsheet_would_run_is_harmless(self, start: str) -> None:
        assert harmless(f"{start}HYPERLINK()") == f"'{start}HYPERLINK()"
        rows = list(csv.reader(io.StringIO(to_csv([[f"{start}1+1", "2"]]).decode("utf-8-sig"), newline="")))
        assert rows == [[f"'{start}1+1", "2"]]

    def test_other_cells_stay_as_they_are(self) -> None:
        assert [harmless(cell) for cell in ("Rose Hill", "", "5", "St John's")] == ["Rose Hill", "", "5", "St John's"]

    def test_it_says_what_the_page_says_and_no_more(self) -> None:
        told = [story(TALKED, came=COLLEGE, centre="=Barton")] * 6 + [story(centre="=Barton", at=NOW - 30 * 24 * HOUR)]
        rows = list(report_rows(make_report(told, ["=Barton"], 2026, NOW)))
        head, november, year, total = rows[0], rows[8], rows[9], rows[10]
        at = head.index("Requests")

        assert (november[:2], november[at]) == (("=Barton", "Nov 2026"), "6")
        assert rows[7][at] == "Fewer than 5"
        assert (year[at], total[at]) == ("At least 6", "At least 6")
        assert november[-4:] == ("1.0", "1.0", "1.0", "1.0")
        assert len({len(row) for row in rows}) == 1
        assert "'=Barton" in to_csv(rows).decode("utf-8-sig")


class TestOnTheDesk:
    def test_the_page_shows_the_year_with_small_counts_hidden(
        self, worker: Worker, kiosk: Kiosk, cases: Cases, clock: Clock
    ) -> None:
        for _ in range(6):
            handle(kiosk, cases, clock, COLLEGE)
        page = words(worker.get("/report").text)

        assert "April 2026 to March 2027" in page
        assert "Referred to college At least 6" in page
        assert "Referred to debt advice Not shown" in page
        assert "Fewer than 5" in page
        assert "1 hour median" in page

    def test_the_file_is_a_spreadsheet(self, worker: Worker, kiosk: Kiosk) -> None:
        kiosk.leave("Canary")
        answer = worker.get("/report.csv?year=2026")

        assert answer.headers["Content-Disposition"] == "attachment; filename=report-2026-2027.csv"
        assert answer.text.startswith('\ufeff"Centre","Month","Requests"')
        assert "Canary" not in answer.text

    @pytest.mark.parametrize("year", ["2027", "2021", "999999"])
    def test_a_year_that_is_not_on_the_list_is_not_there(self, worker: Worker, year: str) -> None:
        assert worker.get(f"/report?year={year}").status_code == 404
