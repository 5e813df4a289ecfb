from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errors import HubNotReady
from kiosk.hub import vendor

STYLE = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
    ".govuk-body{font-family:GDS Transport,arial,sans-serif}"
    ".crest{background-image:url(/assets/images/govuk-crest.svg)}"
)


def test_the_typeface_and_the_crest_of_the_government_are_taken_out() -> None:
    assert vendor.without_crown(STYLE) == (
        '.govuk-body{font-family:"Atkinson Hyperlegible",arial,sans-serif}.crest{background-image:none}'
    )


def test_a_style_of_another_form_is_refused() -> None:
    with pytest.raises(HubNotReady, match="changed its form"):
        vendor.without_crown(".govuk-body{}")


def test_the_style_is_fetched_once(tmp_path: Path) -> None:
    assert vendor.install(tmp_path) is True
    assert vendor.install(tmp_path) is False

    vendor.check_installed(tmp_path)
    assert "GDS" not in (tmp_path / vendor.STYLE).read_text(encoding="utf-8")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        (vendor.STYLE, vendor.SCRIPT, vendor.STAMP, *vendor.FONTS)
    )


def test_a_package_with_another_digest_is_refused(tmp_path: Path) -> None:
    other = vendor.NpmPackage(vendor.GOVUK.name, vendor.GOVUK.version, "A" * 86 + "==")

    with pytest.raises(HubNotReady, match="not the one that was pinned"):
        vendor.read_members(other, ("package/package.json",))


def test_a_desk_without_its_style_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(HubNotReady, match=r"python -m kiosk\.hub\.vendor"):
        vendor.check_installed(tmp_path)
