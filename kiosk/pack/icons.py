"""The icons that a pack may name: those of Lucide, carried by the [ui] extra."""

from __future__ import annotations

import zipfile
from importlib.util import find_spec
from pathlib import Path


def find_icons() -> frozenset[str] | None:
    """Return the names of all icons, or None where the [ui] extra is not installed and nobody can tell."""
    spec = find_spec("lucide")
    if spec is None or spec.origin is None:
        return None
    with zipfile.ZipFile(Path(spec.origin).with_name("lucide.zip")) as icons:
        return frozenset(name.removesuffix(".svg") for name in icons.namelist())
