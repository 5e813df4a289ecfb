"""The search that later finds nothing does find what is there."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.end_to_end.canary import traces

NAME, NUMBER = "Zuleikha", "+447911123456"


@pytest.mark.parametrize(
    "form",
    [
        b"name: ZULEIKHA.",
        '{"name":"zuleikha"}'.encode("utf-16-le"),
        "+447911123456".encode("utf-16-be"),
        NAME.encode().hex().encode(),
        *(base64.b64encode(b"abc"[:before] + NUMBER.encode() + b" and more") for before in range(3)),
        *(base64.urlsafe_b64encode(b"abc"[:before] + NAME.encode("utf-16-le") + b"..") for before in range(3)),
    ],
)
def test_a_name_or_number_is_found_in_every_form(tmp_path: Path, form: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.db").write_bytes(b"\0\xff" + form + b"\0")

    assert len(traces([NAME, NUMBER], tmp_path)) == 1


def test_a_file_without_them_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"Zuleika +447911123455")

    assert traces([NAME, NUMBER], tmp_path) == []
