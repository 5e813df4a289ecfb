"""The description of the API and the API itself are one: paths, limits, and every answer there is."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from nacl.public import PrivateKey
from nacl.utils import random
from werkzeug.test import TestResponse

from kiosk.callbacks import wire
from kiosk.callbacks.model import Link
from kiosk.callbacks.seal import check_items, public_key, sign, verify, word_bytes
from kiosk.errors import SealBroken
from kiosk.hub.api import API
from kiosk.hub.app import create_app
from kiosk.hub.publish_archives import Archives
from kiosk.hub.store import HubStore
from kiosk.settings import Settings
from tests.callbacks.samples import IDENTITY, KIOSK_KEY, envelope
from tests.hub.described_api import (
    FETCH,
    FILE,
    JSON,
    PACK,
    RESPONSES,
    SCHEMAS,
    Api,
    broken,
    check,
    check_answer,
    described,
    without_database,
)
from tests.hub.desk.people import CHEAP, NOW, make_hub
from tests.pack.signed_packs import built

METHODS = {"get", "head", "post", "put", "patch", "delete", "options", "trace"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, HubStore]]:
    settings = Settings(data=tmp_path_factory.mktemp("hub"))
    engine = make_hub(settings)
    PACK.roll_out(engine)
    app = create_app(settings, lambda: NOW, CHEAP)
    yield app, HubStore(engine)
    app.extensions["waymark-desk"].store.engine.dispose()
    engine.dispose()


@pytest.fixture
def api(hub: tuple[Flask, HubStore]) -> Api:
    """One hub for all, and a new kiosk for each."""
    app, store = hub
    keys, seed = store.get_keys(), random(32)
    id = store.enrol(store.create_code("Rose Hill", NOW), public_key(seed), NOW)
    known = replace(IDENTITY, kiosk=id, signing_key=seed, hub_verify_key=keys.verify_key)
    return Api(app, store, replace(known, team_key=keys.team_key, recovery_key=keys.recovery_key))


LONG = b" " * (wire.BODY_LIMIT + 1)
Provoke = Callable[[Api], TestResponse]
ANSWERS: dict[tuple[str, str, int], Provoke] = {
    ("/api/v1/enrol", "post", 200): lambda api: api.join(api.store.create_code("Rose Hill", NOW)),
    ("/api/v1/enrol", "post", 400): lambda api: api.post("/api/v1/enrol", b"{}"),
    ("/api/v1/enrol", "post", 403): lambda api: api.join("2222-2222"),
    ("/api/v1/enrol", "post", 413): lambda api: api.post("/api/v1/enrol", LONG),
    ("/api/v1/enrol", "post", 415): lambda api: api.post("/api/v1/enrol", b"{}", "text/plain"),
    ("/api/v1/enrol", "post", 429): lambda api: api.guess(32),
    ("/api/v1/enrol", "post", 500): lambda api: broken(api).join("2222-2222"),
    ("/api/v1/enrol", "post", 503): lambda api: without_database(api).join("2222-2222"),
    ("/api/v1/envelopes", "post", 200): lambda api: api.deliver(envelope(identity=api.identity).blob, b"no envelope"),
    ("/api/v1/envelopes", "post", 400): lambda api: api.deliver(),
    ("/api/v1/envelopes", "post", 401): lambda api: api.deliver(b"", signed_by=b"f" * 32),
    ("/api/v1/envelopes", "post", 403): lambda api: api.revoked().deliver(b""),
    ("/api/v1/envelopes", "post", 409): lambda api: api.conflict(),
    ("/api/v1/envelopes", "post", 413): lambda api: api.post("/api/v1/envelopes", LONG),
    ("/api/v1/envelopes", "post", 415): lambda api: api.post("/api/v1/envelopes", b"{}", f"{JSON}; charset=utf-16"),
    ("/api/v1/envelopes", "post", 500): lambda api: broken(api).deliver(b""),
    ("/api/v1/envelopes", "post", 503): lambda api: without_database(api).deliver(b""),
    ("/api/v1/pack", "post", 200): lambda api: api.ask(),
    ("/api/v1/pack", "post", 400): lambda api: api.ask(pack="../england"),
    ("/api/v1/pack", "post", 401): lambda api: api.ask(kiosk="kiosk-0"),
    ("/api/v1/pack", "post", 403): lambda api: api.revoked().ask(),
    ("/api/v1/pack", "post", 413): lambda api: api.post("/api/v1/pack", LONG),
    ("/api/v1/pack", "post", 415): lambda api: api.post("/api/v1/pack", b"{}", "text/plain"),
    ("/api/v1/pack", "post", 500): lambda api: broken(api).ask(),
    ("/api/v1/pack", "post", 503): lambda api: without_database(api).ask(),
    (FETCH, "get", 200): lambda api: api.fetch(),
    (FETCH, "get", 206): lambda api: api.fetch(Range="bytes=100-"),
    (FETCH, "get", 401): lambda api: api.fetch(by="kiosk-0"),
    (FETCH, "get", 403): lambda api: api.revoked().fetch(),
    (FETCH, "get", 404): lambda api: api.fetch("0" * 64),
    (FETCH, "get", 416): lambda api: api.fetch(Range="bytes=99999999-"),
    (FETCH, "get", 500): lambda api: broken(api).fetch(),
    (FETCH, "get", 503): lambda api: without_database(api).fetch(),
    (FETCH, "head", 200): lambda api: api.fetch(method="HEAD"),
    (FETCH, "head", 401): lambda api: api.fetch(by="kiosk-0", method="HEAD"),
    (FETCH, "head", 403): lambda api: api.revoked().fetch(method="HEAD"),
    (FETCH, "head", 404): lambda api: api.fetch("0" * 64, method="HEAD"),
    (FETCH, "head", 500): lambda api: broken(api).fetch(method="HEAD"),
    (FETCH, "head", 503): lambda api: without_database(api).fetch(method="HEAD"),
    ("/api/v1/health", "get", 200): lambda api: api.client.get("/api/v1/health"),
    ("/api/v1/health", "get", 500): lambda api: broken(api).client.get("/api/v1/health"),
    ("/api/v1/health", "get", 503): lambda api: without_database(api).client.get("/api/v1/health"),
    ("/api/v1/health", "head", 200): lambda api: api.client.head("/api/v1/health"),
    ("/api/v1/health", "head", 500): lambda api: broken(api).client.head("/api/v1/health"),
    ("/api/v1/health", "head", 503): lambda api: without_database(api).client.head("/api/v1/health"),
    ("/api/openapi.yaml", "get", 200): lambda api: api.client.get("/api/openapi.yaml"),
    ("/api/openapi.yaml", "head", 200): lambda api: api.client.head("/api/openapi.yaml"),
}
# What no kiosk can bring about: the file cannot be read from the hub's own folder.
NEVER = {("/api/openapi.yaml", "get", 500), ("/api/openapi.yaml", "head", 500)}


@pytest.mark.parametrize(
    "asked, start, stop",
    [
        ({}, 0, 500),
        ({"Range": "bytes=0-"}, 0, 500),
        ({"Range": "bytes=700-"}, 700, 1000),
        ({"Range": "bytes=9-19"}, 9, 20),
    ],
    ids=["all", "from the start", "from within", "a few bytes"],
)
def test_an_answer_holds_one_piece_of_a_pack_at_most(
    api: Api, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], start: int, stop: int
) -> None:
    monkeypatch.setattr("kiosk.hub.publish_api.PIECE", 500)
    whole = built(4).content
    answer = api.fetch(**asked)

    says = f"bytes {start}-{stop - 1}/{len(whole)}"
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, says)
    assert answer.data == whole[start:stop]


def test_a_pack_whose_bytes_were_deleted_is_not_found(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    # The database is one for all of these tests, and must keep them.
    monkeypatch.setattr(Archives, "holds", lambda self, sha256: False)

    assert api.fetch().status_code == 404


class TestDescription:
    def test_it_names_every_route_and_no_other(self, api: Api) -> None:
        served = {
            (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
            for rule in api.app.url_map.iter_rules()
            if rule.rule.startswith(API)
            for method in rule.methods or ()
        }

        assert served == {
            (path, method) for path, verbs in FILE["paths"].items() for method in verbs if method in METHODS
        }

    def test_its_limits_are_those_of_the_messages(self) -> None:
        batch = SCHEMAS["Batch"]["properties"]

        assert batch["envelopes"]["maxItems"] == SCHEMAS["BatchAnswer"]["properties"]["items"]["maxItems"]
        assert batch["envelopes"]["maxItems"] == wire.BATCH_LIMIT
        assert batch["envelopes"]["items"]["maxLength"] == len(b64encode(b"x" * wire.ENVELOPE_LIMIT))
        assert f"{wire.BODY_LIMIT // 1024} KiB" in FILE["info"]["description"]
        assert FILE["components"]["securitySchemes"]["kioskSignature"]["name"] == wire.SIGNATURE_HEADER

    @pytest.mark.parametrize(
        "name",
        [
            "EnrolRequest",
            "EnrolAnswer",
            "Batch",
            "Step",
            "Item",
            "NewKeys",
            "BatchAnswer",
            "PackAsk",
            "PackOffer",
            "PackWord",
            "Health",
            "Refusal",
        ],
    )
    def test_its_messages_have_the_fields_of_ours(self, name: str) -> None:
        assert set(SCHEMAS[name]["properties"]) == set(getattr(wire, name).__struct_fields__)

    def test_each_example_is_as_its_schema_says_and_a_message_of_ours(self) -> None:
        for name, example in FILE["components"]["examples"].items():
            check(SCHEMAS[name], example["value"])
            assert wire.decode(wire.encode(example["value"]), getattr(wire, name), wire.BODY_LIMIT)
        operations = [verbs[method] for verbs in FILE["paths"].values() for method in verbs if method in METHODS]
        answers = [*RESPONSES.values(), *(said for each in operations for said in each["responses"].values())]
        written = [kind for said in answers for kind in said.get("content", {}).values() if "example" in kind]
        for kind in written:
            check(kind["schema"], kind["example"])
        assert len(written) > 10

    def test_the_example_of_a_first_kiosk_can_join(self) -> None:
        wish = FILE["components"]["examples"]["EnrolRequest"]["value"]

        assert wish["verify_key"] == b64encode(public_key(KIOSK_KEY)).decode()
        assert wish["signature"] == b64encode(sign("enrolment", wish["code"].encode(), KIOSK_KEY)).decode()

    def test_the_example_of_a_receipt_is_believed_by_the_example_of_a_kiosk(self) -> None:
        answer = FILE["components"]["examples"]["BatchAnswer"]["value"]
        joined = FILE["components"]["examples"]["EnrolAnswer"]["value"]

        said = wire.decode(wire.encode(answer), wire.BatchAnswer, wire.ANSWER_LIMIT)
        check_items(said.items, said.signature, b64decode(joined["hub_verify_key"]))


class TestAnswers:
    def test_each_status_that_is_described_is_tried(self) -> None:
        statuses = {
            (path, method, int(status))
            for path, verbs in FILE["paths"].items()
            for method in METHODS & set(verbs)
            for status in verbs[method]["responses"]
        }

        assert statuses - NEVER == set(ANSWERS)

    @pytest.mark.parametrize("path, method, status", ANSWERS, ids=str)
    def test_is_as_described(self, api: Api, path: str, method: str, status: int) -> None:
        answer = ANSWERS[path, method, status](api)

        assert answer.status_code == status
        check_answer(answer, described(path, method, status))

    def test_the_word_on_a_pack_is_the_hubs_for_this_one_question(self, api: Api) -> None:
        answers = [api.ask(nonce=nonce * 32) for nonce in "01"]
        asked = [wire.encode(wire.PackAsk(1, api.identity.kiosk, "0.1.0", "oxfordshire", 0, n * 32)) for n in "01"]
        first, other = (wire.decode(answer.data, wire.PackWord, wire.ANSWER_LIMIT) for answer in answers)

        assert first.offer and first.offer.sha256 == PACK.sha256
        verify("pack-word", word_bytes(asked[0], first), first.signature or b"", api.identity.hub_verify_key)
        with pytest.raises(SealBroken):
            verify("pack-word", word_bytes(asked[0], other), other.signature or b"", api.identity.hub_verify_key)

    @pytest.mark.parametrize(
        "asked, start, stop",
        [("0-0", 0, 1), ("100-", 100, None), ("-7", -7, None), ("10-99999999", 10, None), ("1-1,3-4", None, None)],
    )
    def test_a_part_of_a_pack_is_those_bytes(self, api: Api, asked: str, start: int | None, stop: int | None) -> None:
        answer, whole = api.fetch(Range=f"bytes={asked}"), built(4).content

        assert answer.status_code == (200 if start is None else 206)
        assert answer.data == whole[start:stop]

    def test_a_part_of_another_file_is_all_of_this_one(self, api: Api) -> None:
        answers = [api.fetch(Range="bytes=9-", **{"If-Range": tag}) for tag in (f'"{PACK.sha256}"', '"other"')]

        assert [answer.status_code for answer in answers] == [206, 200]

    def test_a_copied_kiosk_and_new_keys_are_as_described(self, api: Api) -> None:
        first, other = Link("a" * 32, 1, "", "b" * 32), Link("c" * 32, 7, "", "d" * 32)
        told = [
            api.deliver(b"", step=wire.Step(link.line, link.number, link.before, link.this), waiting=0, sent_at=NOW)
            for link in (first, other)
        ]

        assert [answer.status_code for answer in told] == [200, 403]
        check_answer(told[1], described("/api/v1/envelopes", "post", 403))
        api.store.save_keys(replace(api.store.get_keys(), team_key=bytes(PrivateKey(b"n" * 32).public_key)))
        renewed = api.deliver(b"")
        assert renewed.json and renewed.json["new_keys"]["generation"] == 2
        check_answer(renewed, described("/api/v1/envelopes", "post", 200))

    @pytest.mark.parametrize("path", ["/api/", "/api/v1/nowhere", "/api/v1/enrol/", "/api/v1/envelopes/\x00é"])
    def test_what_is_not_there_is_a_refusal(self, api: Api, path: str) -> None:
        for method in ("GET", "POST", "PUT", "OPTIONS"):
            answer = api.client.open(path, method=method)
            assert answer.status_code == 404
            check_answer(answer, RESPONSES["NotFound"])

    def test_another_method_is_refused_and_told_which_are_right(self, api: Api) -> None:
        for path, verbs in FILE["paths"].items():
            right = {method.upper() for method in METHODS & set(verbs)}
            for method in sorted({method.upper() for method in METHODS} - right - {"HEAD"}):
                answer = api.client.open(path, method=method)
                assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, right)
                check_answer(answer, RESPONSES["NotThisMethod"])

    def test_a_page_that_is_not_there_stays_a_page(self, api: Api) -> None:
        lost, wrong = api.client.get("/nowhere"), api.client.put("/sign-in")

        assert (lost.status_code, wrong.status_code) == (404, 405)
        assert lost.mimetype == wrong.mimetype == "text/html"
        assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))

    def test_none_is_kept_by_a_browser_or_taken_for_something_else(self, api: Api) -> None:
        for answer in (api.client.get("/api/v1/health"), api.join("2222-2222"), api.client.get("/api/v1/nowhere")):
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in answer.headers


class TestBodies:
    @pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", 'Application/JSON; Charset="UTF-8"'])
    def test_that_say_they_are_json_are_read(self, api: Api, kind: str) -> None:
        assert api.post("/api/v1/enrol", b"{}", kind).status_code == 400

    @pytest.mark.parametrize("kind", ["", "text/json", "application/x-www-form-urlencoded", f"{JSON}; charset=latin-1"])
    def test_that_say_anything_else_are_not(self, api: Api, kind: str) -> None:
        assert api.post("/api/v1/enrol", b"{}", kind).status_code == 415

    def test_that_are_packed_are_not(self, api: Api) -> None:
        answer = api.client.post("/api/v1/enrol", data=b"{}", content_type=JSON, headers={"Content-Encoding": "gzip"})

        assert answer.status_code == 415

    @pytest.mark.parametrize(
        "code", [b'"\\ud800"', b'"\\u0000"', b"1e400", b"9" * 5000, b"[" * 9000, b'"\xff"', b"\xef\xbb\xbf{}", b"NaN"]
    )
    def test_that_are_odd_are_refused_in_words(self, api: Api, code: bytes) -> None:
        for path in ("/api/v1/enrol", "/api/v1/envelopes"):
            answer = api.post(path, b'{"code":' + code + b',"spec":1,"kiosk":"kiosk-1"}')
            assert answer.status_code == 400
            check_answer(answer, described(path, "post", 400))
