"""What joins the parts keeps their promises: closed without a key, one record for one request, nothing opened too early."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from uuid import uuid4

import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from kiosk.bootstrap import Services, bootstrap
from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import CallbackRequest, Identity, SafeTime
from kiosk.errors import NoTeamKey
from kiosk.settings import Settings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def services(data: Path) -> Services:
    return bootstrap(replace(Settings(), data=data), clock=lambda: NOON)


def enrol(data: Path) -> None:
    verify_key = bytes(SigningKey.generate().verify_key)
    team, recovery = (bytes(PrivateKey.generate().public_key) for _ in range(2))
    save_identity(
        Identity("kiosk-one", bytes(SigningKey.generate()), "http://127.0.0.1:9", verify_key, team, recovery), data
    )


def request() -> CallbackRequest:
    safe = (SafeTime(0, time(9), time(12)),)
    return CallbackRequest(uuid4(), "kiosk-one", "Rose Hill", "Amina", "+447911123456", safe, NOON)


@pytest.mark.promise(5)
def test_a_kiosk_that_joined_no_hub_takes_no_request(tmp_path):
    made = services(tmp_path)

    assert not made.can_take_requests
    with pytest.raises(NoTeamKey):
        made.send(request())


@pytest.mark.promise(5)
def test_a_damaged_identity_closes_the_form_and_says_so(tmp_path, caplog):
    enrol(tmp_path)
    identity = tmp_path / "identity.json"
    identity.write_bytes(identity.read_bytes()[:-20])
    made = services(tmp_path)

    assert not made.can_take_requests and made.pack.flows
    assert "No call can be asked for" in caplog.text


@pytest.mark.promise(3)
def test_the_same_request_sent_twice_is_one_record(tmp_path):
    enrol(tmp_path)
    made, asked = services(tmp_path), request()
    made.send(asked)
    made.send(asked)

    assert made.outbox.counts().waiting == 1
    made.stop()


def test_today_is_the_day_in_london(tmp_path):
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert bootstrap(replace(Settings(), data=tmp_path), clock=lambda: late).today().isoformat() == "2026-07-02"


def test_words_of_a_pack_that_was_switched_while_they_were_read_stay_with_it(tmp_path, monkeypatch):
    made = services(tmp_path)
    read = made._read_translation

    def switched_meanwhile(language):
        words = read(language)
        made.switch(made.opened)
        return words

    monkeypatch.setattr(made, "_read_translation", switched_meanwhile)

    assert made.translation("en").language == "en"
    assert made._translations == {}


def test_the_welcome_needs_neither_database_nor_network_nor_yaml(tmp_path):
    """What is not imported before the first picture cannot slow it."""
    services(tmp_path)
    code = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from kiosk.bootstrap import bootstrap; from kiosk.settings import Settings\n"
        f"bootstrap(replace(Settings(), data=Path({str(tmp_path)!r})))\n"
        "print([name for name in ('sqlalchemy', 'requests', 'ruamel', 'flask', 'phonenumbers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
