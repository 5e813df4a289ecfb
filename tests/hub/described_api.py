"""The API as its description has it, and a kiosk that asks for every answer there is."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from ruamel.yaml import YAML
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from kiosk.callbacks import wire
from kiosk.callbacks.model import Identity
from kiosk.callbacks.seal import Purpose, batch_bytes, public_key, seal, sign
from kiosk.hub.api import read_description
from kiosk.hub.fleet import Fleet
from kiosk.hub.intake import register_intake
from kiosk.hub.store import HubStore
from tests.callbacks.samples import request
from tests.hub.desk.packs import roll_out
from tests.hub.desk.people import NOW
from tests.pack.signed_packs import built

FILE: dict[str, Any] = YAML(typ="safe", pure=True).load(read_description())
SCHEMAS, RESPONSES = FILE["components"]["schemas"], FILE["components"]["responses"]
JSON = "application/json"
ARCHIVE = "application/octet-stream"
FETCH = "/api/v1/kiosks/{kiosk}/packs/{sha256}"
NEWCOMER = b"n" * 32


def check(schema: dict[str, Any], value: object) -> None:
    """Raise ValidationError unless `value` is as a schema of the file says."""
    Draft202012Validator({**schema, "components": FILE["components"]}, validate_formats=True).validate(value)


def described(path: str, method: str, status: int) -> dict[str, Any]:
    """Return what the file says of an answer."""
    said: dict[str, Any] = FILE["paths"][path][method]["responses"][str(status)]
    return RESPONSES[said["$ref"].rpartition("/")[2]] if "$ref" in said else said


def check_answer(answer: TestResponse, said: dict[str, Any]) -> None:
    """See that an answer has the headers, the type and the body that the file says."""
    for name, header in said.get("headers", {}).items():
        value = answer.headers[name]
        header = FILE["components"]["headers"][header["$ref"].rpartition("/")[2]] if "$ref" in header else header
        check(header["schema"], int(value) if header["schema"]["type"] == "integer" else value)
    if "content" not in said:
        assert answer.data == b""
        return
    if answer.content_type == ARCHIVE:
        assert ARCHIVE in said["content"]
        return
    schema = said["content"][answer.content_type]["schema"]
    check(schema, answer.json if answer.content_type == JSON else YAML(typ="safe", pure=True).load(answer.data))


@dataclass
class Api:
    """A hub with a kiosk that it knows, and every way to be answered by it."""

    app: Flask
    store: HubStore
    identity: Identity

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def deliver(self, *blobs: bytes, signed_by: bytes | None = None, **more: Any) -> TestResponse:
        body = wire.encode(wire.Batch(1, self.identity.kiosk, "0.1.0", blobs, **more))
        covered = batch_bytes(body, self.identity.hub_verify_key)
        signature = sign("batch", covered, signed_by or self.identity.signing_key)
        headers = {wire.SIGNATURE_HEADER: b64encode(signature).decode()}
        return self.client.post("/api/v1/envelopes", data=body, content_type=JSON, headers=headers)

    def ask(self, **more: Any) -> TestResponse:
        ask = wire.PackAsk(1, self.identity.kiosk, "0.1.0", "oxfordshire", 0, "0" * 32)
        body = wire.encode(msgspec.structs.replace(ask, **more))
        return self.client.post("/api/v1/pack", data=body, content_type=JSON, headers=self.signed("pack-ask", body))

    def fetch(self, sha256: str = "", by: str = "", method: str = "GET", **headers: str) -> TestResponse:
        """Fetch the pack that every kiosk is offered, or the one of another hash, as another kiosk."""
        wanted = sha256 or PACK.sha256
        path = FETCH.format(kiosk=by or self.identity.kiosk, sha256=wanted)
        return self.client.open(path, method=method, headers=self.signed("pack-fetch", wanted.encode()) | headers)

    def signed(self, purpose: Purpose, covered: bytes) -> dict[str, str]:
        signature = sign(purpose, batch_bytes(covered, self.identity.hub_verify_key), self.identity.signing_key)
        return {wire.SIGNATURE_HEADER: b64encode(signature).decode()}

    def join(self, code: str, address: str = "127.0.0.1") -> TestResponse:
        wish = wire.EnrolRequest(1, code, public_key(NEWCOMER), sign("enrolment", code.encode(), NEWCOMER))
        place = {"REMOTE_ADDR": address}
        return self.client.post("/api/v1/enrol", data=wire.encode(wish), content_type=JSON, environ_base=place)

    def guess(self, codes: int) -> TestResponse:
        """Guess so many codes from an address of its own; return the last answer."""
        return [self.join(f"2222-{code:04}", "203.0.113.7") for code in range(codes)][-1]

    def conflict(self) -> TestResponse:
        asked = request(kiosk=self.identity.kiosk)
        self.deliver(seal(asked, self.identity).blob)
        return self.deliver(seal(asked, self.identity).blob)

    def revoked(self) -> Api:
        Fleet(self.store.engine).revoke(self.identity.kiosk)
        return self

    def post(self, path: str, body: bytes, kind: str = JSON) -> TestResponse:
        return self.client.post(path, data=body, content_type=kind)


@dataclass
class Offered:
    """The pack that this hub offers."""

    sha256: str = hashlib.sha256(built(4).content).hexdigest()

    def roll_out(self, engine: Engine) -> None:
        assert roll_out(engine, 4).sha256 == self.sha256


PACK = Offered()


def without_database(api: Api) -> Api:
    """Return a hub whose database says that it is not there."""
    return served(api, HubStore(api.store.engine.execution_options(schema_translate_map={None: "nowhere"})))


def served(api: Api, store: HubStore) -> Api:
    app = Flask("hub")
    register_intake(app, store, lambda: NOW)
    return Api(app, store, api.identity)


def broken(api: Api) -> Api:
    """Return a hub with a fault of ours in it."""
    return served(api, HubStore(cast(Engine, None)))
