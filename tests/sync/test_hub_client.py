"""Addresses, codes and certificates, before anything is sent."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import certifi
import pytest

from kiosk.errors import EnrolmentRefused, HubNonsense, HubRefused, HubSlows, HubUnreachable
from kiosk.sync.hub_client import HubClient, enrol
from tests.callbacks.samples import IDENTITY, envelope
from tests.sync.hubs import Reply, RunningHub, impostor


@pytest.mark.parametrize(
    "url",
    ["", "hub", "ftp://hub.example.org", "https://", "http://[::1", "https://hub:port", "https://hub/?a=b", "//hub"],
)
def test_what_is_not_an_address_is_refused(url: str) -> None:
    with pytest.raises(EnrolmentRefused, match="not the address of a hub"):
        enrol(url, "K7QF-2MWX")


@pytest.mark.parametrize("url", ["http://hub.example.org", "http://10.0.0.5:8765"])
def test_an_address_that_anyone_on_the_way_could_answer_for_is_refused(url: str) -> None:
    with pytest.raises(EnrolmentRefused, match="not safe"):
        enrol(url, "K7QF-2MWX")


def test_a_hub_that_is_not_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(HubUnreachable, match="Is the hub running"):
        enrol(f"http://127.0.0.1:{port}", "K7QF-2MWX")


def test_a_wrong_code_is_told_with_the_remedy(hub: RunningHub) -> None:
    with pytest.raises(EnrolmentRefused, match="Ask whoever runs the hub for a new one"):
        enrol(hub.url, "2222-2222")


def test_many_wrong_codes_are_told_with_how_long_to_wait(hub: RunningHub) -> None:
    for _ in range(30):
        with pytest.raises(EnrolmentRefused):
            enrol(hub.url, "2222-2222")

    with pytest.raises(HubSlows, match=r"Wait \d+ seconds"):
        for _ in range(10):
            enrol(hub.url, "2222-2222")


@pytest.mark.parametrize("wait, told", [("7", 7), ("", 60), ("soon", 60), ("9" * 400, 60)])
def test_whoever_slows_us_is_asked_once_and_told_with_how_long_to_wait(wait: str, told: int) -> None:
    with (
        impostor(lambda body: Reply(status=429, wait=wait)) as (url, asked),
        pytest.raises(HubSlows, match=f"Wait {told} seconds"),
    ):
        enrol(url, "K7QF-2MWX")

    assert len(asked) == 1


@pytest.mark.promise(12)
def test_a_web_page_is_not_a_hub() -> None:
    with (
        impostor(lambda body: Reply(body=b"<html>", kind="text/html")) as (url, _),
        pytest.raises(HubNonsense, match="not a Waymark hub"),
    ):
        enrol(url, "K7QF-2MWX")


def test_a_hub_whose_keys_cannot_be_sealed_for_is_refused() -> None:
    body = b'{"spec":1,"kiosk":"kiosk-1","hub_verify_key":"%s","team_key":"%s","recovery_key":"%s"}' % (
        (b"A" * 43 + b"=",) * 3
    )

    with impostor(lambda _: Reply(body=body)) as (url, _), pytest.raises(HubNonsense, match="cannot be sealed for"):
        enrol(url, "K7QF-2MWX")


def test_a_certificate_authority_that_is_not_there_is_told(tmp_path: Path) -> None:
    client = HubClient(IDENTITY, ca=tmp_path / "ca.pem", url="https://127.0.0.1:1")

    with pytest.raises(HubUnreachable, match="hub_ca"):
        client.deliver([envelope()])


ELSEWHERE = "127.1"  # this machine, by a name by which it is not known to be


@pytest.fixture(scope="session")
def own_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that only its owner vouches for, with its key in the same file."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("ca")
    subject = ["-subj", "/CN=hub", "-addext", f"subjectAltName=IP:127.0.0.1,DNS:{ELSEWHERE}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ed25519", "-nodes", *subject, *files], check=True, capture_output=True
    )
    return folder / "ca.pem"


@pytest.fixture
def tls(own_ca: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_ca, own_ca.with_name("key.pem"))
    return context


def test_a_hub_with_a_ca_of_its_own_is_believed_when_that_is_pinned(own_ca: Path, tls: ssl.SSLContext) -> None:
    with impostor(lambda body: Reply(status=403), tls) as (url, _):
        client = HubClient(IDENTITY, own_ca, url)
        with pytest.raises(HubRefused):
            client.deliver([envelope()])
        client.close()


def test_a_pinned_ca_stands_whatever_the_machine_is_set_up_to_trust(
    own_ca: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    with impostor(lambda body: Reply(status=403), tls) as (url, _):
        client = HubClient(IDENTITY, own_ca, url.replace("127.0.0.1", ELSEWHERE))
        with pytest.raises(HubRefused):
            client.deliver([envelope()])
        client.close()


def test_a_certificate_that_nobody_vouches_for_is_not_believed(tls: ssl.SSLContext) -> None:
    with impostor(lambda body: Reply(status=403), tls) as (url, asked):
        client = HubClient(IDENTITY, url=url)
        with pytest.raises(HubUnreachable, match="not trusted"):
            client.deliver([envelope()])
        client.close()

    assert asked == []


def test_a_proxy_of_the_machine_is_not_asked_for_this_machine(hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    assert enrol(hub.url, hub.store.create_code("rose-hill", datetime.now(UTC))).kiosk
