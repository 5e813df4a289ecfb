from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

from kiosk.childcare.hours import WEEKDAYS, Slot, Terms
from kiosk.childcare.model import Postcode, Search
from kiosk.childcare.search import find_childcare
from kiosk.childcare.store import SourceStatus, open_childcare

VERSION_1 = Path(__file__).with_name("version_1.sql")
VERSION_2 = Path(__file__).with_name("version_2.sql")
VERSION_3 = Path(__file__).with_name("version_3.sql")
NEAR = Postcode.parse("OX3 7AA")


def test_a_database_of_version_1_is_brought_along_with_its_lists_places_and_what_staff_hid(tmp_path):
    with sqlite3.connect(tmp_path / "childcare.db") as older:
        older.executescript(VERSION_1.read_text(encoding="utf-8"))
    older.close()

    store = open_childcare(tmp_path)

    status = store.status()
    assert status.sources == (SourceStatus("ofsted", date(2021, 8, 31), 2, unplaced=0, withheld=5, refused=1),)
    assert (status.postcodes, status.hidden) == (1, 1)
    results = find_childcare(store, Search(near=NEAR, slots=(Slot(WEEKDAYS, 480, 540),)))
    [place] = [found.provider for found in results.found]
    assert (place.name, place.address, place.rated_on) == ("Place 1", ("1 High Street", "Oxford"), date(2020, 2, 3))
    assert (place.terms, place.funded, place.open) == (Terms.TERM, (0, 15, 30), "Mon-Fri 8am-6pm")


def test_a_database_of_version_2_keeps_its_lists_places_and_what_staff_hid_under_a_new_index(tmp_path):
    with sqlite3.connect(tmp_path / "childcare.db") as older:
        older.executescript(VERSION_2.read_text(encoding="utf-8"))
    older.close()

    store = open_childcare(tmp_path)

    status = store.status()
    assert status.sources == (SourceStatus("ofsted", date(2021, 8, 31), 2, unplaced=0, withheld=5, refused=1),)
    assert (status.postcodes, status.hidden) == (1, 1)
    for search in (Search(near=NEAR, slots=(Slot(WEEKDAYS, 480, 540),), funded=30), Search(near=NEAR, text="oxf")):
        assert [found.provider.name for found in find_childcare(store, search).found] == ["Place 1"]


def test_what_a_database_of_version_3_masks_stays_masked_until_its_list_comes_again(tmp_path):
    with sqlite3.connect(tmp_path / "childcare.db") as older:
        older.executescript(VERSION_3.read_text(encoding="utf-8"))
    older.close()

    store = open_childcare(tmp_path)

    places = {found.provider.urn: found.provider for found in find_childcare(store, Search(near=NEAR)).found}
    assert {urn: (place.address, place.masked) for urn, place in places.items()} == {
        "1": (("1 High Street", "Oxford"), False),
        "2": ((), True),
    }
    store.order_sources(["ofsted"])
    assert store.get_provider("2").address == ()


def test_an_upgrade_happens_once(tmp_path):
    with sqlite3.connect(tmp_path / "childcare.db") as older:
        older.executescript(VERSION_1.read_text(encoding="utf-8"))
    older.close()
    open_childcare(tmp_path).close()

    with sqlite3.connect(tmp_path / "childcare.db") as upgraded:
        assert upgraded.execute("PRAGMA user_version").fetchone() == (4,)
    upgraded.close()
    assert open_childcare(tmp_path).get_provider("1").name == "Place 1"
