"""Packs rolled out at the desk: to one, to all, stopped, taken back, and each kept in either database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, select, update

from kiosk.errors import RolloutRefused, SignerUnknown, VersionRefused
from kiosk.hub import publish
from kiosk.hub.publish import Publishing, Rollout
from kiosk.hub.publish_archives import Archives, Published
from kiosk.hub.publish_shown import ShownPack, record_shown
from kiosk.hub.publish_tables import archives, pieces
from kiosk.hub.publish_trust import HubPublishers
from kiosk.pack.publisher import key_name, make_change
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker, upload
from tests.hub.desk.packs import keep, roll_out
from tests.hub.desk.people import NOW, WORKER, Kiosk
from tests.hub.desk.reading import words
from tests.pack.signed_packs import KEY, OXFORD, STRANGER, built


def states(hub: Engine) -> dict[int, str | None]:
    """Which version is live, tried and before, by what a kiosk `kiosk-1` is offered and by the row."""
    rollout = Publishing(hub).get(OXFORD)
    versions = {each.sha256: each.version for each in Archives(hub).find()}
    return {versions[sha]: name for name in ("before", "live", "trial") if (sha := getattr(rollout, name))}


class TestOnEachDatabase:
    @pytest.fixture
    def settings(self, on_both: Settings) -> Settings:
        return on_both

    def test_pieces_come_back_as_they_were_from_any_place_on(self, hub: Engine) -> None:
        one, whole = keep(hub, built(3)), built(3).content

        assert one.size == len(whole)
        for start, stop in ((0, 1), (5, len(whole)), (len(whole) - 1, len(whole))):
            assert b"".join(Archives(hub).bytes(one.sha256, start, stop)) == whole[start:stop]
        with pytest.raises(VersionRefused):
            keep(hub, built(2))

    def test_bytes_that_no_kiosk_will_ask_for_are_deleted_and_the_rows_stay(self, hub: Engine) -> None:
        publishing = Publishing(hub)
        kept = {number: roll_out(hub, number) for number in (3, 4, 5)}
        kept[6] = keep(hub, built(6))
        publishing.try_on(kept[6], "kiosk-1", WORKER, NOW)
        publishing.stop(kept[6], WORKER, NOW)
        kept[7] = keep(hub, built(7))
        kept[8] = keep(hub, built(8))

        with hub.connect() as connection:
            uploads = set(connection.execute(select(pieces.c.upload).distinct()).scalars())
            rows = connection.execute(select(archives.c.version, archives.c.upload)).all()
        assert {row.version for row in rows if row.upload in uploads} == {4, 5, 7, 8}
        assert {row.version for row in rows} == {3, 4, 5, 6, 7, 8}
        assert [Archives(hub).holds(kept[number].sha256) for number in (3, 5)] == [False, True]
        assert b"".join(Archives(hub).bytes(kept[5].sha256, 0, kept[5].size)) == built(5).content

    def test_of_two_leads_at_once_one_rolls_out(self, hub: Engine) -> None:
        one, two = keep(hub, built(3)), keep(hub, built(4))
        Publishing(hub).try_on(two, "kiosk-1", WORKER, NOW)

        def both(one: Published) -> str:
            try:
                Publishing(hub).roll_out(one, WORKER, NOW)
            except RolloutRefused as why:
                return why.fact
            return ""

        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(both, (one, two)))

        assert found == ["Version 4 is tried on kiosk-1.", ""] or found[0].startswith("Version 4 is for all")
        assert states(hub) == {4: "live"}

    def test_a_change_of_keys_is_followed_and_handed_on(self, hub: Engine) -> None:
        trusted, change = HubPublishers(hub), make_change(KEY, STRANGER)
        with pytest.raises(SignerUnknown):
            trusted.follow(change, WORKER, NOW)
        trusted.trust(KEY.public, WORKER, NOW)
        for _ in range(2):
            trusted.follow(change, WORKER, NOW)

        assert trusted.keys() == {STRANGER.public}
        assert trusted.find_changes() == [change]

    def test_nobody_is_led_on_to_a_key_that_is_trusted_no_more(self, hub: Engine) -> None:
        trusted = HubPublishers(hub)
        trusted.trust(KEY.public, WORKER, NOW)
        trusted.follow(make_change(KEY, STRANGER), WORKER, NOW)
        trusted.distrust(key_name(KEY.public), WORKER, NOW)
        kept = trusted.find_changes()
        trusted.distrust(key_name(STRANGER.public), WORKER, NOW)

        assert len(kept) == 1 and trusted.find_changes() == []

    def test_what_a_kiosk_says_is_kept_once(self, hub: Engine) -> None:
        for version in (3, 4):
            with hub.begin() as connection:
                record_shown(connection, ShownPack("kiosk-1", OXFORD, version, "", NOW))
        from kiosk.hub.publish_shown import find_shown

        assert [shown.version for shown in find_shown(hub).values()] == [4]


class TestRollout:
    def test_to_one_kiosk_first_then_to_all_then_back(self, publisher: Worker, hub: Engine, kiosk: Kiosk) -> None:
        first, id = roll_out(hub, 3), kiosk.identity.kiosk
        upload(publisher, built(4).content)
        page = f"/packs/{keep(hub, built(4)).sha256}"
        tried = words(publisher.post(f"{page}/try", page, kiosk=id).text)
        offered = [Publishing(hub).get(OXFORD).offered(each) for each in (id, "kiosk-other")]
        publisher.post(f"{page}/all", page)
        live = states(hub)
        back = words(publisher.post(f"{page}/back", page).text)

        assert f"It is tried on {id}" in tried and "What a parent would notice" in tried
        assert "Welcome to version 4" in tried
        assert offered == [page.removeprefix("/packs/"), first.sha256]
        assert live == {3: "before", 4: "live"} and states(hub) == {3: "live"}
        assert "It was taken back" in back
        assert Publishing(hub).find_taken_back(OXFORD) == [keep(hub, built(4)).content]
        told = words(publisher.get("/packs").text)
        for says in (
            "Took oxfordshire 4 back, to version 3 P. Reed",
            "Rolled oxfordshire 4 out to all P. Reed",
            f"Rolled oxfordshire 4 out to one kiosk, {id} P. Reed , 21 November 2026, 11:52",
            "Uploaded oxfordshire 4, signed by",
        ):
            assert says in told

    def test_stopped_it_is_offered_to_nobody_else_and_can_go_on(self, publisher: Worker, hub: Engine) -> None:
        one = roll_out(hub, 3)
        page = f"/packs/{one.sha256}"
        publisher.post(f"{page}/stop", page)
        stopped = Publishing(hub).get(OXFORD).offered("kiosk-1")
        publisher.post(f"{page}/all", page)

        assert stopped is None
        assert Publishing(hub).get(OXFORD).offered("kiosk-1") == one.sha256
        assert Publishing(hub).find_taken_back(OXFORD) == []

    def test_a_trial_that_is_stopped_is_taken_back_and_never_comes_again(self, publisher: Worker, hub: Engine) -> None:
        roll_out(hub, 3)
        one, publishing = keep(hub, built(4)), Publishing(hub)
        publishing.try_on(one, "kiosk-1", WORKER, NOW)
        with hub.begin() as connection:
            record_shown(connection, ShownPack("kiosk-1", OXFORD, 4, "It has no other.", NOW))
        page = publisher.post(f"/packs/{one.sha256}/stop", "/packs")
        assert "kiosk-1 still shows it, and said: It has no other." in words(page.text)
        again = publisher.post(f"/packs/{one.sha256}/all", "/packs")

        assert publishing.find_taken_back(OXFORD) == [one.content]
        assert again.status_code == 409
        assert "Version 4 was taken back" in again.text
        assert states(hub) == {3: "live"}

    def test_an_act_is_about_the_version_that_was_meant(self, publisher: Worker, hub: Engine) -> None:
        first, second = roll_out(hub, 3), roll_out(hub, 4)
        third = keep(hub, built(5))
        answers = [publisher.post(f"/packs/{first.sha256}/{act}", "/packs") for act in ("stop", "back")]
        Publishing(hub).try_on(third, "kiosk-1", WORKER, NOW)
        answers.append(publisher.post(f"/packs/{second.sha256}/stop", "/packs"))

        assert [answer.status_code for answer in answers] == [409, 409, 409]
        assert "Version 3 is not being rolled out any more." in answers[0].text
        assert "Version 3 is not for all kiosks now." in answers[1].text
        assert "Version 5 is tried." in answers[2].text
        assert states(hub) == {3: "before", 4: "live", 5: "trial"}

    def test_what_was_taken_back_while_an_act_waited_is_known_to_it(
        self, hub: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = roll_out(hub, 3)
        alone = publish._alone

        def late(connection: Connection, pack: str) -> Rollout:
            rollout = alone(connection, pack)
            connection.execute(update(archives).where(archives.c.sha256 == one.sha256).values(taken_back_at=NOW))
            return rollout

        newer = keep(hub, built(4))
        monkeypatch.setattr(publish, "_alone", late)
        with pytest.raises(RolloutRefused, match="Version 3 was taken back"):
            Publishing(hub).try_on(one, "kiosk-1", WORKER, NOW)
        Publishing(hub).try_on(newer, "kiosk-1", WORKER, NOW)

    def test_there_is_no_way_to_an_older_version(self, hub: Engine) -> None:
        older = keep(hub, built(3))
        newer = roll_out(hub, 4)

        for act in (Publishing(hub).roll_out, lambda *args: Publishing(hub).try_on(args[0], "kiosk-1", *args[1:])):
            with pytest.raises(RolloutRefused, match="Version 4 is for all kiosks already"):
                act(older, WORKER, NOW)
        with pytest.raises(RolloutRefused, match="no version before"):
            Publishing(hub).roll_back(newer, WORKER, NOW)

    def test_the_kiosks_pages_say_which_pack_is_shown(self, worker: Worker, hub: Engine, kiosk: Kiosk) -> None:
        with hub.begin() as connection:
            says = "There is no room for it on this kiosk's disk."
            record_shown(connection, ShownPack(kiosk.identity.kiosk, OXFORD, 3, says, NOW))

        assert "oxfordshire 3" in worker.get("/kiosks").text
        assert "There is no room for it" in words(worker.get(f"/kiosks/{kiosk.identity.kiosk}").text)
