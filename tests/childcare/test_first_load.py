"""What a kiosk loads by itself: once for its place, and again only when it stands somewhere else."""

from __future__ import annotations

from pathlib import Path

from kiosk.childcare.first_load import load_first
from kiosk.childcare.model import Postcode
from kiosk.childcare.store import ChildcareStore, open_childcare
from tests.childcare.test_postcodes import OXFORD, WESTMINSTER, directory


def empty(folder: Path) -> ChildcareStore:
    return open_childcare(folder / "data")


def test_the_postcodes_of_the_place_are_loaded_once(tmp_path: Path) -> None:
    store, files = empty(tmp_path), directory(tmp_path)

    assert load_first(store, "OX3 7AA", [OXFORD], None, files)
    assert not load_first(store, "OX3 7AA", [OXFORD], None, files)


def test_a_postcode_newer_than_the_directory_does_not_load_them_again(tmp_path: Path) -> None:
    store, files = empty(tmp_path), directory(tmp_path)
    load_first(store, "OX3 9ZZ", [OXFORD], None, files)

    assert not load_first(store, "OX3 9ZZ", [OXFORD], None, files)


def test_a_pack_of_another_place_brings_that_places_postcodes(tmp_path: Path) -> None:
    store, files = empty(tmp_path), directory(tmp_path)
    load_first(store, "OX3 7AA", [OXFORD], None, files)

    assert load_first(store, "SW1A 1AA", [WESTMINSTER], None, files)
    assert store.get_place(Postcode.parse("SW1A 1AA")).easting == 529_090
