"""Settings: what holds when nobody says anything, who wins, and what a slip of the pen is answered with."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from kiosk.errors import SettingsFaulty
from kiosk.settings import Settings, content_folder, load_settings


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.toml"


def test_with_nothing_said_it_is_a_kiosk_of_oxfordshire_at_a_loopback_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load_settings(environ={})

    assert settings == Settings()
    assert (settings.pack, settings.pack.is_dir()) == (content_folder() / "oxfordshire", True)
    assert (settings.hub_host, settings.hub_port, settings.hub_database) == ("127.0.0.1", 8765, "")
    assert (settings.idle_seconds, settings.warning_seconds, settings.handled_days) == (60, 20, 14)
    assert settings.data.name == "waymark"


def test_each_setting_is_told_of_in_the_docstring() -> None:
    told = re.findall(r"^    (\w+) +\S", Settings.__doc__ or "", re.MULTILINE)

    assert {field.name for field in fields(Settings)} - set(told) == {"width", "height"}


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().hub_port = 1  # type: ignore[misc]


def test_kiosk_toml_of_this_folder_is_read(tmp_path: Path, toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    toml.write_text('pack = "packs/leeds"\nfullscreen = false\nhub_port = 9000\n', encoding="utf-8")

    settings = load_settings(environ={})

    assert (settings.pack, settings.fullscreen, settings.hub_port) == (Path("packs/leeds"), False, 9000)


def test_a_file_named_by_the_environment_is_read_in_its_place(
    tmp_path: Path, toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    toml.write_text("hub_port = 9000\n", encoding="utf-8")
    (tmp_path / "other.toml").write_text("sync_seconds = 7\n", encoding="utf-8")

    settings = load_settings(environ={"KIOSK_FILE": str(tmp_path / "other.toml")})

    assert (settings.sync_seconds, settings.hub_port) == (7, 8765)


def test_the_environment_wins_over_the_file(toml: Path) -> None:
    toml.write_text("hub_port = 9000\nidle_seconds = 90\n", encoding="utf-8")

    settings = load_settings(toml, {"KIOSK_HUB_PORT": "9001", "PATH": "/bin"})

    assert (settings.hub_port, settings.idle_seconds) == (9001, 90)


@pytest.mark.parametrize(("word", "means"), [("1", True), ("true", True), ("False", False), ("0", False)])
def test_yes_and_no_in_a_variable(toml: Path, word: str, means: bool) -> None:
    toml.touch()

    assert load_settings(toml, {"KIOSK_FULLSCREEN": word}).fullscreen is means


def test_a_folder_may_begin_at_home_and_an_empty_file_name_is_none(toml: Path) -> None:
    toml.touch()

    settings = load_settings(toml, {"KIOSK_DATA": "~/waymark", "KIOSK_HUB_CA": ""})

    assert (settings.data, settings.hub_ca) == (Path.home() / "waymark", None)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("sinc_seconds", 'There is no setting "sinc_seconds". Did you mean "sync_seconds"?'),
        ("hub-url", 'There is no setting "hub-url". Did you mean "hub_url"?'),
        ("colour", 'There is no setting "colour". The settings are: controller, controller_contact, data,'),
    ],
)
def test_a_mistyped_setting_is_named_with_the_nearest(toml: Path, name: str, says: str) -> None:
    toml.write_text(f"{name} = 3\n", encoding="utf-8")

    with pytest.raises(SettingsFaulty, match=re.escape(says)):
        load_settings(toml, {})


def test_a_mistyped_variable_is_named_with_the_nearest(toml: Path) -> None:
    toml.touch()

    with pytest.raises(SettingsFaulty, match=r'There is no setting "hub_prot"\. Did you mean "hub_port"\?'):
        load_settings(toml, {"KIOSK_HUB_PROT": "9000"})


@pytest.mark.parametrize(
    ("line", "must_be"),
    [
        ('hub_port = "http"', "a whole number"),
        ("hub_port = 87.65", "a whole number"),
        ("hub_port = true", "a whole number"),
        ("hub_port = [1]", "a whole number"),
        ("hub_port = 70000", "a whole number up to 65535"),
        ('hub_proxy = "*"', "such as 127.0.0.1"),
        ('fullscreen = "perhaps"', "true or false"),
        ("data = 5", "a file or folder"),
        ('data = "~nobody-of-this-name"', "a file or folder"),
        ('data = ""', "a file or folder"),
        ('pack = ""', "a file or folder"),
        ("hub_url = 5", "words"),
        ("hub_url = {}", "words"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(toml: Path, line: str, must_be: str) -> None:
    toml.write_text(line, encoding="utf-8")

    with pytest.raises(SettingsFaulty) as refused:
        load_settings(toml, {})

    assert line.partition(" ")[0] in refused.value.fact
    assert refused.value.remedy.endswith(f"{must_be}.")


@pytest.mark.parametrize("content", [b"hub_port =", b"hub_port = 1\nhub_port = 2", b"\xff\xfe", b"[hub]\nport = 1"])
def test_a_file_that_cannot_be_read_is_named_with_the_remedy(toml: Path, content: bytes) -> None:
    toml.write_bytes(content)

    with pytest.raises(SettingsFaulty) as refused:
        load_settings(toml, {})

    assert "Traceback" not in str(refused.value) and refused.value.remedy


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty, match=r"nowhere\.toml cannot be read"):
        load_settings(tmp_path / "nowhere.toml", {})


def test_a_warning_of_nineteen_seconds_is_too_short_for_a_parent(toml: Path) -> None:
    toml.write_text("warning_seconds = 19\n", encoding="utf-8")

    with pytest.raises(SettingsFaulty, match="at least 20 seconds"):
        load_settings(toml, {})
    assert Settings(warning_seconds=20).warning_seconds == 20


@pytest.mark.parametrize("name", ["sync_seconds", "idle_seconds", "width", "height", "handled_days"])
def test_what_counts_cannot_be_nothing(name: str) -> None:
    with pytest.raises(SettingsFaulty, match=f"{name} is under 1"):
        load_settings(None, {f"KIOSK_{name.upper()}": "0"})


def test_mail_about_overdue_requests_needs_a_server_and_a_sender() -> None:
    complete = {"escalate_mail": "a@example.org", "smtp_url": "smtp://localhost", "smtp_from": "desk@example.org"}

    assert Settings(**complete).escalate_mail == "a@example.org"  # type: ignore[arg-type]
    wrong = {"smtp_url": ["", "http://localhost", "smtp://", "smtp://localhost:http"], "smtp_from": ["", "a\nb"]}
    for part, value in ((part, value) for part, values in wrong.items() for value in values):
        with pytest.raises(SettingsFaulty, match="needs a server and a sender"):
            Settings(**(complete | {part: value}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("scan", "three"),
        ("scan_keys", "space"),
        ("scan_keys", "space space"),
        ("scan_keys", "space any"),
        ("panel_mm", "-1"),
    ],
)
def test_switches_and_panels_that_there_are_not_are_refused(name: str, wrong: str) -> None:
    with pytest.raises(SettingsFaulty, match=name):
        load_settings(None, {f"KIOSK_{name.upper()}": wrong})


def test_switches_may_be_any_two_keys_and_a_panel_of_unknown_size() -> None:
    read = load_settings(None, {"KIOSK_SCAN": "one", "KIOSK_SCAN_KEYS": "F1 a", "KIOSK_PANEL_MM": "0"})

    assert (read.scan, read.scan_keys, read.panel_mm) == ("one", "F1 a", 0)
