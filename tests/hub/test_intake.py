from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from kiosk.callbacks import wire
from kiosk.callbacks.model import Identity
from kiosk.callbacks.seal import batch_bytes, check_items, digest, public_key, seal, sign
from kiosk.database import open_url
from kiosk.hub.fleet import Fleet
from kiosk.hub.intake import register_intake
from kiosk.hub.schema import upgrade
from kiosk.hub.store import HubStore
from tests.callbacks.samples import IDENTITY, KIOSK_KEY, KIOSK_VERIFY_KEY, NOON, envelope, request
from tests.hub.conftest import KEYS

ANY_BYTES = st.binary(max_size=200) | st.just(b"{" * 3000) | st.just(b'{"x":' + b"[" * 3000)
FIELDS = ["spec", "kiosk", "version", "envelopes", "code", "verify_key", "signature"]
VALUES = st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=50) | st.lists(st.text(max_size=9))
any_bytes = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors], deadline=None
)  # a busy disk is no fault


def serve(store: HubStore) -> FlaskClient:
    app = Flask("hub")
    register_intake(app, store, clock=lambda: NOON)
    return app.test_client()


@pytest.fixture
def client(store: HubStore) -> FlaskClient:
    return serve(store)


@pytest.fixture
def identity(store: HubStore) -> Identity:
    """A kiosk that this hub knows."""
    id = store.enrol(store.create_code("rose-hill", NOON), KIOSK_VERIFY_KEY, NOON)
    return replace(IDENTITY, kiosk=id, hub_verify_key=KEYS.verify_key)


def post(client: FlaskClient, identity: Identity, *blobs: bytes) -> TestResponse:
    return post_body(client, identity, wire.encode(wire.Batch(1, identity.kiosk, "0.1.0", blobs)))


def post_body(client: FlaskClient, identity: Identity, body: bytes) -> TestResponse:
    signature = sign("batch", batch_bytes(body, identity.hub_verify_key), identity.signing_key)
    header = {wire.SIGNATURE_HEADER: b64encode(signature).decode()}
    return client.post("/api/v1/envelopes", data=body, content_type="application/json", headers=header)


def items(response: TestResponse) -> tuple[wire.Item, ...]:
    """What the hub says of each envelope; whatever it says is signed."""
    said = wire.decode(response.data, wire.BatchAnswer, wire.ANSWER_LIMIT)
    check_items(said.items, said.signature, KEYS.verify_key)
    return said.items


def refusal(response: TestResponse) -> tuple[int, str]:
    return response.status_code, wire.decode(response.data, wire.Refusal, wire.ANSWER_LIMIT).error


class TestEnvelopes:
    def test_an_envelope_is_answered_with_a_receipt_for_its_bytes(
        self, client: FlaskClient, identity: Identity, store: HubStore
    ) -> None:
        sealed = envelope(identity=identity)

        response = post(client, identity, sealed.blob)

        [item] = items(response)
        assert (response.status_code, item) == (200, wire.Item(sealed.sha256, "held", sealed.id, NOON))
        assert [held.blob for held in store.find_open_envelopes()] == [sealed.blob]

    def test_a_kiosk_that_delivers_is_seen_with_its_version(
        self, client: FlaskClient, identity: Identity, store: HubStore
    ) -> None:
        post(client, identity, envelope(identity=identity).blob)

        kiosk = store.find_kiosk(identity.kiosk)
        assert kiosk is not None and (kiosk.last_seen_at, kiosk.version) == (NOON, "0.1.0")

    @pytest.mark.promise(14)
    def test_bad_ones_in_a_batch_do_not_hold_up_the_good_ones(
        self, client: FlaskClient, identity: Identity, store: HubStore
    ) -> None:
        good = [envelope(identity=identity) for _ in range(2)]
        forged = envelope(identity=replace(identity, signing_key=b"f" * 32))
        stranger = envelope(identity=replace(identity, kiosk="kiosk-nobody"))

        answers = items(post(client, identity, good[0].blob, b"junk", forged.blob, stranger.blob, good[1].blob))

        assert [item.state for item in answers] == ["held", "rejected", "rejected", "rejected", "held"]
        assert [held.id for held in store.find_open_envelopes()] == [each.id for each in good]

    @pytest.mark.promise(11)
    def test_one_alone_that_conflicts_is_a_409(self, client: FlaskClient, identity: Identity) -> None:
        asked = request(kiosk=identity.kiosk)
        post(client, identity, seal(asked, identity).blob)

        response = post(client, identity, seal(asked, identity).blob)

        assert (response.status_code, items(response)[0].state) == (409, "conflict")

    def test_the_same_id_twice_in_one_batch_is_a_receipt_and_a_conflict(
        self, client: FlaskClient, identity: Identity
    ) -> None:
        asked = request(kiosk=identity.kiosk)

        response = post(client, identity, seal(asked, identity).blob, seal(asked, identity).blob)

        assert (response.status_code, [item.state for item in items(response)]) == (200, ["held", "conflict"])

    @pytest.mark.promise(18)
    def test_a_forgotten_one_is_already_handled(self, client: FlaskClient, identity: Identity, store: HubStore) -> None:
        sealed = envelope(identity=identity)
        post(client, identity, sealed.blob)
        store.forget(sealed.id, NOON.date())

        [item] = items(post(client, identity, sealed.blob))

        assert item == wire.Item(sealed.sha256, "already-handled", sealed.id, NOON)

    @pytest.mark.promise(16)
    def test_an_unknown_kiosk_is_401(self, client: FlaskClient, identity: Identity) -> None:
        stranger = replace(identity, kiosk="kiosk-nobody")

        assert refusal(post(client, stranger, envelope(identity=stranger).blob)) == (401, "unknown-kiosk")

    def test_a_batch_signed_by_another_key_is_401(self, client: FlaskClient, identity: Identity) -> None:
        thief = replace(identity, signing_key=b"f" * 32)

        assert refusal(post(client, thief, envelope(identity=identity).blob)) == (401, "unknown-kiosk")

    def test_a_batch_signed_for_another_hub_is_401(self, client: FlaskClient, identity: Identity) -> None:
        elsewhere = replace(identity, hub_verify_key=b"e" * 32)

        assert refusal(post(client, elsewhere, envelope(identity=identity).blob)) == (401, "unknown-kiosk")

    @pytest.mark.parametrize("header", [None, "", "%%%", "AAAA", "é"])
    def test_a_batch_without_a_good_signature_is_401(
        self, client: FlaskClient, identity: Identity, header: str | None
    ) -> None:
        body = wire.encode(wire.Batch(1, identity.kiosk, "0.1.0", (b"",)))
        headers = {} if header is None else {wire.SIGNATURE_HEADER: header}

        assert (
            client.post("/api/v1/envelopes", data=body, content_type="application/json", headers=headers).status_code
            == 401
        )

    @pytest.mark.promise(16)
    def test_a_revoked_kiosk_is_403_and_leaves_nothing(
        self, client: FlaskClient, identity: Identity, store: HubStore
    ) -> None:
        Fleet(store.engine).revoke(identity.kiosk)

        assert refusal(post(client, identity, envelope(identity=identity).blob)) == (403, "revoked-kiosk")
        assert store.find_open_envelopes() == []

    def test_more_than_twenty_are_not_a_batch(self, client: FlaskClient, identity: Identity) -> None:
        assert refusal(post(client, identity, *[b"x"] * 21)) == (400, "not-understood")

    def test_a_body_over_the_limit_is_413(self, client: FlaskClient, identity: Identity) -> None:
        assert refusal(post_body(client, identity, b" " * (wire.BODY_LIMIT + 1))) == (413, "not-taken")

    def test_a_full_batch_of_real_envelopes_is_within_the_limit(self, client: FlaskClient, identity: Identity) -> None:
        blobs = [envelope(identity=identity).blob for _ in range(wire.BATCH_LIMIT)]

        response = post(client, identity, *blobs)

        assert [item.sha256 for item in items(response)] == [digest(blob) for blob in blobs]
        assert len(response.data) < wire.ANSWER_LIMIT


class TestJoining:
    def test_a_kiosk_joins_with_a_code_and_learns_the_keys(self, client: FlaskClient, store: HubStore) -> None:
        response = join(client, store.create_code("rose-hill", NOON))

        answer = wire.decode(response.data, wire.EnrolAnswer, wire.ANSWER_LIMIT)
        assert (answer.hub_verify_key, answer.team_key) == (KEYS.verify_key, KEYS.team_key)
        assert [kiosk.id for kiosk in Fleet(store.engine).find_kiosks()] == [answer.kiosk]

    @pytest.mark.parametrize("code", ["2222-2222", "", "\x00", "é" * 40])
    def test_a_wrong_code_is_403(self, client: FlaskClient, code: str) -> None:
        assert refusal(join(client, code)) == (403, "code-refused")

    def test_an_expired_code_is_403(self, client: FlaskClient, store: HubStore) -> None:
        assert refusal(join(client, store.create_code("rose-hill", NOON - timedelta(days=8)))) == (403, "code-refused")

    def test_a_key_that_its_sender_does_not_hold_cannot_join(self, client: FlaskClient, store: HubStore) -> None:
        code = store.create_code("rose-hill", NOON)
        stolen = wire.EnrolRequest(1, code, public_key(b"s" * 32), sign("enrolment", code.encode(), KIOSK_KEY))

        assert (
            client.post("/api/v1/enrol", data=wire.encode(stolen), content_type="application/json").status_code == 400
        )
        assert join(client, code).status_code == 200


def join(client: FlaskClient, code: str) -> TestResponse:
    wish = wire.EnrolRequest(1, code, KIOSK_VERIFY_KEY, sign("enrolment", code.encode(), KIOSK_KEY))
    return client.post("/api/v1/enrol", data=wire.encode(wish), content_type="application/json")


class TestHealth:
    def test_a_hub_with_keys_is_ready(self, client: FlaskClient) -> None:
        response = client.get("/api/v1/health")

        assert (response.status_code, response.json) == (200, {"spec": 1, "ready": True})

    def test_a_hub_without_keys_says_what_to_do(self, engine: Engine) -> None:
        response = serve(HubStore(engine)).get("/api/v1/health")

        assert refusal(response) == (503, "not-ready")
        assert "kiosk hub init" in response.text


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, Identity]]:
    store = HubStore(open_url(f"sqlite:///{tmp_path_factory.mktemp('hub') / 'hub.sqlite'}"))
    upgrade(store.engine)
    store.save_keys(KEYS)
    id = store.enrol(store.create_code("rose-hill", NOON), KIOSK_VERIFY_KEY, NOON)
    yield serve(store), replace(IDENTITY, kiosk=id, hub_verify_key=KEYS.verify_key)
    store.engine.dispose()


class TestArbitraryBytes:
    @any_bytes
    @given(route=st.sampled_from(["enrol", "envelopes"]), body=ANY_BYTES, header=st.text("abcAB=+/ %", max_size=90))
    def test_from_a_stranger_are_a_refusal(
        self, hub: tuple[FlaskClient, Identity], route: str, body: bytes, header: str
    ) -> None:
        response = hub[0].post(
            f"/api/v1/{route}", data=body, content_type="application/json", headers={wire.SIGNATURE_HEADER: header}
        )

        assert 400 <= response.status_code < 500

    @any_bytes
    @given(body=ANY_BYTES)
    def test_well_signed_are_a_refusal(self, hub: tuple[FlaskClient, Identity], body: bytes) -> None:
        assert 400 <= post_body(*hub, body).status_code < 500

    @any_bytes
    @given(blobs=st.lists(ANY_BYTES, min_size=1, max_size=20))
    def test_in_a_good_batch_are_rejected_one_by_one(
        self, hub: tuple[FlaskClient, Identity], blobs: list[bytes]
    ) -> None:
        response = post(*hub, *blobs)

        assert response.status_code == 200
        assert {item.state for item in items(response)} == {"rejected"}

    @any_bytes
    @given(st.dictionaries(st.sampled_from(FIELDS), VALUES))
    def test_of_json_are_a_refusal(self, hub: tuple[FlaskClient, Identity], fields: dict[str, object]) -> None:
        for route in ("enrol", "envelopes"):
            response = hub[0].post(f"/api/v1/{route}", data=wire.encode(fields), content_type="application/json")
            assert 400 <= response.status_code < 500
