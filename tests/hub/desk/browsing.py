"""A real server in a thread, a real Chromium without a screen, and axe to judge what it shows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kiosk.hub.serving import make_server
from kiosk.hub.vendor import NpmPackage, read_members
from tests.processes import PATIENCE

CHROMIUM = Path("/usr/bin/chromium")
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="NO CHROMIUM HERE: no page was looked at. apt install chromium"),
]
"""The `pytestmark` of every module that opens pages in a real browser."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = NpmPackage(
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
RULES = "{rules: {'target-size': {enabled: true}}}"
AXE_FILE = Path(__file__).parents[3] / "build" / f"axe-{AXE.version}.min.js"


@contextmanager
def served(app: Flask, proxy: str = "") -> Iterator[str]:
    """Serve `app` on a free port and give its address."""
    server = make_server(app, "127.0.0.1", 0, proxy)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(10)


@contextmanager
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def axe_script() -> str:
    """Return axe, fetched once into the build folder."""
    if not AXE_FILE.is_file():
        AXE_FILE.parent.mkdir(exist_ok=True)
        AXE_FILE.write_bytes(read_members(AXE, ("package/axe.min.js",))[0])
    return AXE_FILE.read_text(encoding="utf-8")


def faults(page: Page, axe: str) -> list[str]:
    """Return what axe finds on `page` by all of its rules: the rule and the first element of each.

    The size of targets, WCAG 2.2, 2.5.8, is among them, though axe leaves it out unless asked.
    """
    page.evaluate(axe)
    found = page.evaluate(f"async () => (await axe.run({RULES})).violations.map(v => v.id + ' ' + v.nodes[0].html)")
    return [str(fault) for fault in found]
