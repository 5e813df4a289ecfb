"""`kiosk hub upgrade`: a copy first, then the steps, and a word about both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from kiosk.cli.hub import hub
from kiosk.database import open_url
from kiosk.errors import HubNotReady
from kiosk.hub import schema
from kiosk.hub.app import create_app
from kiosk.hub.copies import copy_beside
from kiosk.settings import Settings
from tests.hub.desk.people import NOW
from tests.hub.test_migrations import FIRST, forget_steps, load, rows, tables
from tests.processes import Machine


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A SQLite hub of this machine, from before the first release."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIOSK_DATA", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'hub.sqlite'}"
    load(url, FIRST)
    engine = open_url(url)
    forget_steps(engine)
    yield engine
    engine.dispose()


def test_it_copies_the_file_as_it_was_and_says_what_it_did(old: Engine, tmp_path: Path) -> None:
    before = rows(old)

    says = upgrade().output

    [copy] = tmp_path.glob("hub-2*.sqlite")
    assert says.splitlines() == [
        f"It is copied as it was to {copy}. That holds every request: delete it once all is well. The purge does, in time.",
        f"The hub's database is at step {schema.revisions()[-1]} now; it was at none.",
    ]
    engine = open_url(f"sqlite:///{copy}")
    assert "alembic_version" not in tables(engine)
    assert rows(engine) == before
    engine.dispose()


@pytest.mark.parametrize(
    "words", [("serve",), ("code", "--centre", "Rose Hill"), ("kiosks",), ("init", "--worker", "A")]
)
def test_every_other_command_leaves_an_older_hub_alone(old: Engine, words: tuple[str, ...]) -> None:
    refused = CliRunner().invoke(hub, words)

    assert isinstance(refused.exception, HubNotReady) and "kiosk hub upgrade" in refused.exception.remedy
    assert "alembic_version" not in tables(old)


def test_a_second_time_there_is_nothing_to_do_and_nothing_to_copy(old: Engine, tmp_path: Path) -> None:
    upgrade()

    assert upgrade().output == f"There is nothing to do: the hub's database is at step {schema.revisions()[-1]}.\n"
    assert len(list(tmp_path.glob("hub-2*.sqlite"))) == 1


def test_without_room_for_the_copy_nothing_is_changed(old: Engine, tmp_path: Path) -> None:
    machine = Machine(tmp_path, {"KIOSK_DATA": str(tmp_path)})

    assert (
        "No copy of hub.sqlite could be made beside it. Nothing was changed."
        in machine.on_a_full_disk("hub", "upgrade").told()
    )

    assert "alembic_version" not in tables(old)
    assert [file.name for file in tmp_path.glob("hub-*")] == []


def test_only_whoever_may_read_the_hub_may_read_the_copy(old: Engine, tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite").chmod(0o600)

    copy = copy_beside(old, NOW)

    assert copy is not None and copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["hub.sqlite", "hub.sqlite-journal", "hub-20260301T000000Z.sqlite"])
def test_a_file_that_others_could_read_is_private_once_it_is_upgraded(old: Engine, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o644)

    upgrade()

    files = [file for file in tmp_path.iterdir() if file.name.startswith("hub")]
    assert len(files) >= 2
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in files} == {file.name: "0o600" for file in files}


def test_a_hub_that_serves_makes_its_file_private(old: Engine, tmp_path: Path) -> None:
    upgrade()
    for file in tmp_path.glob("hub*"):
        file.chmod(0o664)

    create_app(Settings(data=tmp_path)).extensions["waymark-desk"].store.engine.dispose()

    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("hub*")} == {0o600}


def upgrade() -> Result:
    return CliRunner().invoke(hub, ["upgrade"])
