from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, inspect, select

from kiosk.callbacks.model import Envelope
from kiosk.callbacks.seal import key_id, open_envelope
from kiosk.errors import EnrolmentRefused, HubNotReady
from kiosk.hub.arrivals import AlreadyHandled, Conflict, Held, Taken
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.fleet import Fleet
from kiosk.hub.schema import upgrade
from kiosk.hub.store import HubStore
from kiosk.hub.tables import conflicts, enrolment_codes
from tests.callbacks.samples import IDENTITY, KIOSK_VERIFY_KEY, NOON, TEAM, envelope
from tests.hub.conftest import KEYS

TEAM_KEY_ID = KEYS.team_key_id
DAY = date(2026, 3, 16)


def join(store: HubStore, verify_key: bytes = KIOSK_VERIFY_KEY) -> str:
    return store.enrol(store.create_code("rose-hill", NOON), verify_key, NOON)


def arrive(store: HubStore, one: Envelope) -> Taken:
    return store.add_envelope(one, TEAM_KEY_ID, NOON)


class TestKeys:
    def test_a_hub_without_keys_is_not_ready(self, engine: Engine) -> None:
        with pytest.raises(HubNotReady, match="kiosk hub init"):
            HubStore(engine).get_keys()

    def test_the_keys_come_back_as_they_were_saved(self, store: HubStore) -> None:
        assert store.get_keys() == KEYS

    def test_the_newest_keys_are_in_use(self, store: HubStore) -> None:
        rotated = replace(KEYS, team_key=b"n" * 32)
        store.save_keys(rotated)

        assert store.get_keys() == rotated

    def test_keys_shown_in_a_log_have_no_secret(self) -> None:
        assert repr(KEYS.signing_key) not in repr(KEYS)

    def test_making_the_tables_twice_keeps_what_is_in_them(self, store: HubStore) -> None:
        upgrade(store.engine)

        assert store.get_keys() == KEYS


class TestJoining:
    def test_a_code_can_be_read_over_the_telephone(self, store: HubStore) -> None:
        code = store.create_code("rose-hill", NOON)

        assert len(code) == 9 and code[4] == "-"
        assert not set(code) & set("01OIULou")

    def test_a_kiosk_joins_the_centre_that_the_code_was_made_for(self, store: HubStore) -> None:
        id = join(store)

        kiosk = store.find_kiosk(id)
        assert kiosk is not None
        assert (kiosk.id, kiosk.centre, kiosk.verify_key) == (id, "rose-hill", KIOSK_VERIFY_KEY)
        assert (kiosk.enrolled_at, kiosk.last_seen_at, kiosk.revoked) == (NOON, None, False)

    @pytest.mark.parametrize(
        "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code[:4]}{code[5:]}"]
    )
    def test_a_code_may_be_typed_in_any_way(self, store: HubStore, typed: object) -> None:
        assert callable(typed)
        assert store.enrol(typed(store.create_code("rose-hill", NOON)), KIOSK_VERIFY_KEY, NOON)

    def test_a_code_works_once(self, store: HubStore) -> None:
        code = store.create_code("rose-hill", NOON)
        store.enrol(code, KIOSK_VERIFY_KEY, NOON)

        with pytest.raises(EnrolmentRefused):
            store.enrol(code, b"a" * 32, NOON)

        assert len(Fleet(store.engine).find_kiosks()) == 1

    def test_a_kiosk_whose_answer_was_lost_gets_the_same_answer_again(self, store: HubStore) -> None:
        code = store.create_code("rose-hill", NOON)

        first = store.enrol(code, KIOSK_VERIFY_KEY, NOON)

        assert store.enrol(code, KIOSK_VERIFY_KEY, NOON + timedelta(minutes=1)) == first
        assert len(Fleet(store.engine).find_kiosks()) == 1

    def test_a_code_ends_after_seven_days(self, store: HubStore) -> None:
        code = store.create_code("rose-hill", NOON)

        with pytest.raises(EnrolmentRefused):
            store.enrol(code, KIOSK_VERIFY_KEY, NOON + timedelta(days=7))

    def test_a_wrong_code_is_refused_in_the_same_words_as_a_used_one(self, store: HubStore) -> None:
        used = store.create_code("rose-hill", NOON)
        store.enrol(used, KIOSK_VERIFY_KEY, NOON)

        said = set()
        for code in (used, "2222-2222", ""):
            with pytest.raises(EnrolmentRefused) as refused:
                store.enrol(code, b"a" * 32, NOON)
            said.add(str(refused.value))

        assert len(said) == 1

    def test_a_code_is_not_in_the_database_as_it_is_typed(self, store: HubStore) -> None:
        code = store.create_code("rose-hill", NOON)

        with store.engine.connect() as connection:
            [row] = connection.execute(select(enrolment_codes))
        assert code not in str(row) and code.replace("-", "") not in str(row)

    def test_two_kiosks_with_one_code_at_the_same_instant_are_one_kiosk(self, store: HubStore) -> None:
        code, answers = store.create_code("rose-hill", NOON), list[str]()

        def try_to_join(verify_key: bytes) -> None:
            try:
                answers.append(store.enrol(code, verify_key, NOON))
            except EnrolmentRefused:
                answers.append("refused")

        at_once([partial(try_to_join, bytes([n]) * 32) for n in range(1, 5)])

        assert sorted(answers)[1:] == ["refused"] * 3 and len(Fleet(store.engine).find_kiosks()) == 1

    def test_a_revoked_kiosk_is_still_on_the_list(self, store: HubStore) -> None:
        id = join(store)
        Fleet(store.engine).revoke(id)

        kiosk = store.find_kiosk(id)
        assert kiosk is not None and kiosk.revoked

    def test_a_kiosk_is_seen_at_most_once_a_minute(self, store: HubStore) -> None:
        id = join(store)
        for seconds in (0, 30, 90):
            kiosk = store.find_kiosk(id)
            assert kiosk is not None
            store.record_seen(kiosk, NOON + timedelta(seconds=seconds), "0.1.0")
            if seconds == 30:
                seen = store.find_kiosk(id)
                assert seen is not None and seen.last_seen_at == NOON

        last = store.find_kiosk(id)
        assert last is not None and last.last_seen_at == NOON + timedelta(seconds=90)


class TestEnvelopes:
    def test_an_envelope_is_held_as_it_came(self, store: HubStore) -> None:
        one = sealed_by(join(store))

        assert arrive(store, one) == Held(NOON)

        [held] = store.find_open_envelopes()
        assert (held.id, held.blob, held.sha256, held.received_at) == (one.id, one.blob, one.sha256, NOON)
        assert (held.centre, held.team_key_id) == ("rose-hill", key_id(bytes(TEAM.public_key)))
        assert open_envelope(held.blob, bytes(TEAM), held.verify_key).name == "Amina"
        assert store.find_envelope(one.id) == held

    @pytest.mark.promise(9)
    def test_a_second_arrival_changes_nothing_and_says_when_the_first_was(self, store: HubStore) -> None:
        one = sealed_by(join(store))
        arrive(store, one)

        assert store.add_envelope(one, TEAM_KEY_ID, NOON + timedelta(days=3)) == Held(NOON)
        assert len(store.find_open_envelopes()) == 1

    @pytest.mark.promise(11)
    def test_the_same_id_with_other_bytes_is_a_conflict_and_both_are_kept(self, store: HubStore) -> None:
        kiosk = join(store)
        first = sealed_by(kiosk)
        second = replace(sealed_by(kiosk), id=first.id)
        arrive(store, first)

        assert arrive(store, second) == Conflict()
        assert arrive(store, second) == Conflict()

        [held] = store.find_open_envelopes()
        with store.engine.connect() as connection:
            [other] = connection.execute(select(conflicts))
        assert (held.blob, other.blob) == (first.blob, second.blob)

    @pytest.mark.promise(18)
    def test_what_was_handled_and_forgotten_does_not_come_back(self, store: HubStore) -> None:
        one = sealed_by(join(store))
        arrive(store, one)

        assert store.forget(one.id, DAY)

        assert arrive(store, one) == AlreadyHandled()
        assert store.find_open_envelopes() == []
        assert store.find_envelope(one.id) is None

    def test_other_bytes_under_a_forgotten_id_are_a_conflict(self, store: HubStore) -> None:
        kiosk = join(store)
        one = sealed_by(kiosk)
        arrive(store, one)
        store.forget(one.id, DAY)

        assert arrive(store, replace(sealed_by(kiosk), id=one.id)) == Conflict()
        assert store.find_open_envelopes() == []

    @pytest.mark.promise(34)
    def test_what_conflicted_stays_until_it_is_settled(self, store: HubStore) -> None:
        kiosk = join(store)
        first = sealed_by(kiosk)
        arrive(store, first)
        other = replace(sealed_by(kiosk), id=first.id)
        arrive(store, other)
        settle = partial(Conflicts(store.engine).delete, first.id, other.sha256, "J. Okafor", NOON)

        counts = []
        for forget in (lambda: store.forget(first.id, DAY), settle):
            forget()
            with store.engine.connect() as connection:
                counts.append(connection.execute(select(func.count()).select_from(conflicts)).scalar_one())

        assert counts == [1, 0]

    def test_what_never_came_cannot_be_forgotten(self, store: HubStore) -> None:
        assert not store.forget(uuid4(), DAY)

    def test_envelopes_are_listed_in_the_order_of_arrival(self, store: HubStore) -> None:
        kiosk = join(store)
        arrived = [sealed_by(kiosk) for _ in range(4)]
        store.add_envelopes([(each, TEAM_KEY_ID) for each in arrived], NOON)

        assert [held.id for held in store.find_open_envelopes()] == [each.id for each in arrived]

    @pytest.mark.promise(10)
    def test_one_envelope_from_many_at_once_is_one_row(self, store: HubStore) -> None:
        one, answers = sealed_by(join(store)), list[Taken]()

        at_once([lambda: answers.append(arrive(store, one))] * 6)

        assert answers == [Held(NOON)] * 6
        assert len(store.find_open_envelopes()) == 1

    @pytest.mark.promise(18)
    def test_an_arrival_during_a_purge_never_comes_back(self, store: HubStore) -> None:
        kiosk = join(store)
        for _ in range(10):
            one = sealed_by(kiosk)
            arrive(store, one)
            at_once([partial(arrive, store, one), partial(store.forget, one.id, DAY)])

        assert store.find_open_envelopes() == []


def test_every_table_is_there(store: HubStore) -> None:
    wanted = {"hub_keys", "kiosks", "enrolment_codes", "envelopes", "conflicts", "tombstones"}
    assert wanted <= set(inspect(store.engine).get_table_names())


def sealed_by(kiosk: str) -> Envelope:
    return envelope(identity=replace(IDENTITY, kiosk=kiosk))


def at_once(calls: Sequence[Callable[[], object]]) -> None:
    """Make the calls together, each in a thread of its own."""
    together = threading.Barrier(len(calls))

    def wait_and(call: Callable[[], object]) -> None:
        together.wait()
        call()

    threads = [threading.Thread(target=wait_and, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
