"""A publisher in a real browser: a pack larger than any form is brought, looked at, tried and rolled out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from kiosk.hub.publish import Publishing
from kiosk.hub.publish_archives import Archives
from kiosk.hub.publish_shown import ShownPack, record_shown
from kiosk.hub.uploads import UPLOAD_MOST
from kiosk.pack.archive import build_archive
from kiosk.pack.publisher import public_words
from tests.hub.desk.browsing import BROWSER
from tests.hub.desk.looking import WALKS, Inspection
from tests.hub.desk.packs import keep, roll_out
from tests.hub.desk.people import NOW, WORKER, Kiosk
from tests.hub.desk.test_browser import SIZES, address, axe, browser, sign_in, window
from tests.pack.signed_packs import KEY, OXFORD, built, written
from tests.processes import PATIENCE

__all__ = ["address", "axe", "browser"]
pytestmark = BROWSER


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wrong_to_axe_on_narrow_screens_in_large_text_or_by_keyboard(
    browser: Browser, address: str, hub: Engine, kiosk: Kiosk, axe: str, size: str, tmp_path: Path
) -> None:
    page = window(browser, size)
    look = Inspection(page, axe, narrow=size == "laptop")
    roll_out(hub, 3)
    roll_out(hub, 4)
    one = keep(hub, built(5))
    with hub.begin() as connection:
        says = "Version 4 from the hub was refused. " + "W" * 200
        record_shown(connection, ShownPack(kiosk.identity.kiosk, OXFORD, 3, says, NOW))
    live = Publishing(hub).get(OXFORD).live

    sign_in(page, address)
    for path in ("/packs", f"/packs/{one.sha256}", f"/packs/{live}", "/packs/publishers", "/kiosks"):
        page.goto(address + path)
        look(path)
    page.goto(f"{address}/kiosks/{kiosk.identity.kiosk}")
    look("kiosk")
    Publishing(hub).try_on(one, kiosk.identity.kiosk, WORKER, NOW)
    page.goto(f"{address}/packs/{one.sha256}")
    look("tried")
    page.goto(f"{address}/packs")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="Nothing was uploaded")).to_be_visible()
    look("nothing")
    for button, at in (("Trust this publisher", "no key"), ("Follow the change", "no change")):
        page.goto(f"{address}/packs/publishers")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name="Nothing is changed")).to_be_visible()
        look(at)

    assert look.wrong == {}
    assert len(look.found) == 10
    assert look.pages == WALKS["packs"]
    page.context.close()


def test_a_large_pack_is_brought_tried_and_rolled_out(
    browser: Browser, address: str, hub: Engine, kiosk: Kiosk, tmp_path: Path
) -> None:
    folder = written(tmp_path / "content", 3)
    (folder / "words").mkdir(exist_ok=True)
    (folder / "images").mkdir(exist_ok=True)
    (folder / "images" / "large.png").write_bytes(os.urandom(1_500_000))
    file = tmp_path / "oxfordshire-3.pack"
    file.write_bytes(build_archive(folder, KEY).content)
    page = window(browser, "phone", javascript=False)
    sign_in(page, address)
    page.goto(f"{address}/packs/publishers")
    page.get_by_label("What stands in the publisher’s .pub file").fill(public_words(KEY.public))
    page.get_by_role("button", name="Trust this publisher").click()
    page.get_by_role("link", name="Packs").first.click()
    page.get_by_label("A .pack file, made by kiosk pack build").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="oxfordshire, version 3")).to_be_visible()
    page.get_by_role("button", name="Roll out to this kiosk").click()
    expect(page.get_by_text("It is tried on")).to_be_visible()
    page.get_by_role("button", name="Roll out to all kiosks").click()
    expect(page.get_by_text("Every kiosk of oxfordshire fetches it by itself.")).to_be_visible()
    page.context.close()

    [one] = Archives(hub).find()
    assert one.size > 1_500_000 and Publishing(hub).get(OXFORD).live == one.sha256


def test_a_strangers_long_form_is_not_kept_on_its_way(address: str) -> None:
    head = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": "waymark=eyJ0b2tlbiI6IngifQ.forged.signature"}
    answer = requests.post(f"{address}/packs", data=b"x" * 1_500_000, headers=head, timeout=PATIENCE)

    assert answer.status_code == 413
    assert UPLOAD_MOST > 1_500_000
