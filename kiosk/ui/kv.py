"""Each widget's looks lie in the .kv file beside it, loaded once when its module is first imported."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder


def load_beside(module_file: str) -> None:
    """Load the rules in `name.kv` beside `name.py`."""
    Builder.load_file(str(Path(module_file).with_suffix(".kv")))
