"""A real hub process, under whatever schemathesis makes of its description. `make soak` does so for longer."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pytest
import requests

from kiosk.callbacks import wire
from tests.hub.schemathesis_runs import ServedHub, run_schemathesis, served_hub

PATIENCE = 120  # seconds, on a busy machine; it takes some five
CANARY = "Zuleikha Quill-Okoye"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    with served_hub(tmp_path_factory.mktemp("api")) as hub:
        yield hub


def test_schemathesis_finds_no_fault_and_comes_to_every_kind_of_answer(hub: ServedHub) -> None:
    ended = run_schemathesis(hub, 5, PATIENCE, "--generation-deterministic")

    assert ended.status == 0, ended.out + ended.err
    met = {" ".join(line.split()[:3]) for line in hub.answered.read_text(encoding="utf-8").splitlines()}
    deliver, join = "POST /api/v1/envelopes", "POST /api/v1/enrol"
    assert {f"{deliver} {status}" for status in (200, 400, 401, 405, 415)} <= met
    assert {f"{join} {status}" for status in (200, 400, 405, 415)} <= met
    assert {"POST /api/v1/pack 200", "POST /api/v1/pack 400", "GET /api/v1/kiosks/{kiosk}/packs/{sha256} 200"} <= met
    assert "POST /api/v1/envelopes 200 held\n" in hub.answered.read_text(encoding="utf-8")


def test_what_was_sent_is_in_no_answer_and_in_no_line_of_the_log(hub: ServedHub) -> None:
    told = ""
    for path in ("enrol", "envelopes", "health", "nowhere", CANARY):
        for body in (CANARY, f'{{"code":"{CANARY}","kiosk":"{CANARY}"}}', f'{{"{CANARY}":', "[" * 9000 + CANARY):
            url = f"{hub.url}/api/v1/{path}?name={CANARY}"
            for headers in (JSON, {"Content-Type": CANARY}, JSON | {wire.SIGNATURE_HEADER: CANARY}):
                answer = requests.post(url, body.encode(), headers=headers, timeout=PATIENCE)
                assert 400 <= answer.status_code < 500
                told += answer.text + str(answer.headers)

    for name in (*CANARY.split(), CANARY.replace(" ", "%20"), b64encode(CANARY.encode()).decode()):
        assert name not in told
        assert name not in hub.running.text()


def test_no_answer_tells_which_program_gave_it(hub: ServedHub) -> None:
    for path in ("/api/v1/health", "/api/v1/nowhere", "/sign-in"):
        assert "Server" not in requests.get(hub.url + path, timeout=PATIENCE).headers


def test_a_body_without_an_end_is_cut_off(hub: ServedHub) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 1 << 26:
            sent += 1 << 16
            yield b" " * (1 << 16)

    try:
        status = requests.post(f"{hub.url}/api/v1/enrol", endless(), headers=JSON, timeout=PATIENCE).status_code
    except requests.ConnectionError:  # cut off before the answer could be read
        status = 413
    assert status == 413
    assert sent < 1 << 26
