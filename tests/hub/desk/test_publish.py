"""Packs brought to the desk: what is kept of them, what is refused, and whose packs are; who may do so."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.errors import ArchiveDamaged
from kiosk.hub.publish_archives import PIECE, Archives
from kiosk.hub.publish_log import What, find_acts
from kiosk.hub.publish_trust import HubPublishers
from kiosk.pack.archive import build_archive
from kiosk.pack.publisher import key_name, make_change, public_words
from tests.hub.desk.conftest import Worker, upload
from tests.hub.desk.packs import keep
from tests.hub.desk.people import NOW, WORKER, Kiosk, add_worker
from tests.hub.desk.reading import words
from tests.pack.signed_packs import KEY, OXFORD, STRANGER, built, written


class TestUpload:
    def test_a_pack_is_checked_kept_and_shown_with_who_when_and_whose(
        self, publisher: Worker, hub: Engine, tmp_path: Path
    ) -> None:
        facts = written(tmp_path / "content", 3).parent / "england" / "facts.yaml"
        facts.write_text(facts.read_text("utf-8").replace("2027-04-05", "2026-12-01"), "utf-8")
        with (facts.parents[1] / OXFORD / "pack.yaml").open("a", encoding="utf-8") as about:
            about.write("languages: [en, pl]\n")
        archive = build_archive(facts.parents[1] / OXFORD, KEY)
        page = words(upload(publisher, archive.content).text)
        [one] = Archives(hub).find()

        for says in (
            "oxfordshire, version 3",
            "21 November 2026, 11:52, by P. Reed",
            key_name(KEY.public),
            "england/facts.yaml Line 6: ",
            "kiosk pack words content/oxfordshire --language pl",
        ):
            assert says in page
        assert "waymark-" not in page and "/content/" not in page
        assert b"".join(Archives(hub).bytes(one.sha256, 0, one.size)) == archive.content
        assert [act.act for act in find_acts(hub)] == [What.UPLOAD, What.TRUST]

    @pytest.mark.parametrize(
        "content, says",
        [
            (built(3).content[:-1], "cut short|not right|changed|damaged|end"),
            (built(3, key=STRANGER).content, "whom this hub does not trust"),
            (b"no pack at all", "pack"),
        ],
        ids=["cut", "stranger", "nonsense"],
    )
    @pytest.mark.promise(25)
    def test_what_is_not_whole_or_not_signed_is_refused_in_a_sentence(
        self, publisher: Worker, hub: Engine, content: bytes, says: str
    ) -> None:
        answer = upload(publisher, content)

        assert answer.status_code == 400
        assert "Nothing was uploaded" in answer.text and re.search(says, words(answer.text))
        assert Archives(hub).find() == []

    def test_an_older_version_or_the_same_with_other_content_is_refused(self, publisher: Worker, hub: Engine) -> None:
        for content in (built(3).content, built(3).content):
            assert upload(publisher, content).status_code == 200
        other = upload(publisher, built(3, "Other words").content)
        older = upload(publisher, built(2).content)

        assert "Version 3 is here already, with other content." in other.text
        assert "version 3 is here already" in older.text
        assert [each.version for each in Archives(hub).find()] == [3]

    def test_it_needs_the_forms_token_and_a_file(self, publisher: Worker, hub: Engine) -> None:
        forged = publisher.client.post("/packs", data={"pack": (BytesIO(built(3).content), "a.pack")})
        empty = publisher.post("/packs", "/packs")

        assert forged.status_code == 400
        assert "Choose a .pack file first." in empty.text
        assert Archives(hub).find() == []


class TestPublishers:
    def test_a_lead_trusts_one_by_its_words_and_no_more(self, worker: Worker, hub: Engine) -> None:
        page = worker.post("/packs/publishers", "/packs/publishers", key=public_words(KEY.public)).text
        wrong = worker.post("/packs/publishers", "/packs/publishers", key="waymark-publisher AAAA")
        trusted = HubPublishers(hub).keys()
        worker.post(f"/packs/publishers/{key_name(KEY.public)}/distrust", "/packs/publishers")

        assert key_name(KEY.public) in page
        assert wrong.status_code == 400 and "not a publisher&#39;s public key" in wrong.text
        assert trusted == {KEY.public} and HubPublishers(hub).keys() == frozenset()

    def test_a_lead_follows_a_change_of_keys(self, worker: Worker, hub: Engine) -> None:
        HubPublishers(hub).trust(KEY.public, WORKER, NOW)
        change = make_change(KEY, STRANGER)
        nonsense = worker.post("/packs/publishers/change", "/packs/publishers", change=(BytesIO(b"{}"), "a.keychange"))
        worker.post("/packs/publishers/change", "/packs/publishers", change=(BytesIO(change), "a.keychange"))

        assert nonsense.status_code == 400
        assert HubPublishers(hub).keys() == {STRANGER.public}
        with pytest.raises(ArchiveDamaged, match="too long"):
            HubPublishers(hub).follow(change + b" " * 4096, WORKER, NOW)


@pytest.mark.promise(37)
def test_a_publisher_sees_packs_and_nothing_of_a_request(publisher: Worker, hub: Engine, kiosk: Kiosk) -> None:
    id = kiosk.leave("Canary")
    one = keep(hub, built(3))
    pages = [publisher.get(path) for path in ("/packs", f"/packs/{one.sha256}", "/packs/publishers")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    for page in pages:
        assert not re.search(r"Canary|Requests|Handled|Report|waiting", page.text) and str(id) not in page.text
        assert 'href="/kiosks"' not in page.text and 'href="/team"' not in page.text
    assert publisher.sign_in("P. Reed").request.path == "/packs"
    assert publisher.post("/packs/publishers", "/packs", key=public_words(STRANGER.public)).status_code == 403


@pytest.mark.promise(37)
def test_a_worker_comes_to_no_page_of_packs(app: Flask, hub: Engine) -> None:
    add_worker(hub, "W. Hart")
    somebody = Worker(app.test_client())
    somebody.sign_in("W. Hart")

    assert somebody.get("/packs").status_code == 403
    assert "/packs" not in somebody.get("/").text


def test_a_piece_is_small_enough_that_no_request_waits_for_it() -> None:
    assert PIECE <= 1024 * 1024
