"""Childcare over all of England against what could at best be hoped for: python -m tests.benchmarks.childcare

Import. The floor reads the same register with the csv module from the same .xz, drops the same withheld rows by one string
comparison, and writes the same rows with executemany of tuples into the same tables of a file like ours (WAL, one
transaction), coordinates and index included. It checks nothing, folds no text (its words column is the lower case), and
knows the columns by number.

Search. The register withholds 43,621 names and addresses, so for a full-sized search each of those stands in with the name
and address of another provider at a postcode drawn from the table: 70,980 listings. Ages, hours and free hours, which the
register lacks, are drawn for all of them: some 300 different weeks. A search is the whole find_childcare:
postcode to place, filters, total count, order, ten Provider objects. Floors, for the same places and the same filters but
text: numpy finds the ten least of all squared distances by argpartition over arrays in memory; bare SQL orders the whole
table by distance.

Postcodes. The floor inserts the decoded rows with executemany into the same table.
"""

from __future__ import annotations

import csv
import lzma
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

import numpy as np

from kiosk.childcare.hours import WEEKDAYS, Slot, Span, Terms
from kiosk.childcare.index import CELL
from kiosk.childcare.model import Kind, Postcode, Provider, Search
from kiosk.childcare.nearest import find_spots, understand
from kiosk.childcare.search import find_childcare
from kiosk.childcare.sources import ofsted
from kiosk.childcare.sources.postcodes import load_postcodes
from kiosk.childcare.sources.reading import Reading
from kiosk.childcare.store import ChildcareStore, open_childcare

REGISTER = Path(__file__).resolve().parents[3] / "shared" / "data" / "ofsted-2021-08-31.csv.xz"
ROUNDS = 3
T = TypeVar("T")
EARLY = Slot(WEEKDAYS, 8 * 60, 8 * 60 + 45)
SATURDAY = Slot(frozenset({5}), 10 * 60, 12 * 60)
# Hours and free hours as a county's own lists have them: the register has neither. A third does not say.
STARTS, ENDS = (420, 435, 450, 465, 480, 495, 510, 540), (780, 900, 990, 1050, 1080, 1095, 1110, 1140)
FUNDED = ((), (), (0,), (0, 15), (0, 15, 30))
AGES = ((None, None), (0, 4), (0, 8), (2, 4), (3, 11), (4, 11))
SEARCHES = 1_000
WORDS = (
    "nursery",
    "pre",
    "sunshine",
    "st",
    "church",
    "london",
    "montessori",
    "oxford",
    "busy bees",
    "school club",
    "s",
)


def main() -> None:
    if not REGISTER.is_file():
        print(f"SKIPPED: childcare benchmarks need the register at {REGISTER}.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        places = Path(folder) / "ours"
        store = open_childcare(places)
        bench_postcodes(store, Path(folder))
        bench_import(store, Path(folder), places / "childcare.db")
        bench_search(store, places / "childcare.db")


def bench_postcodes(store: ChildcareStore, folder: Path) -> None:
    rows, decode = timed(lambda: list(load_postcodes()))
    _, ours = timed(lambda: store.load_postcodes(rows))
    bare = sqlite3.connect(folder / "bare-postcodes.db")
    bare.execute("PRAGMA journal_mode=wal")
    bare.execute("CREATE TABLE p (pcd TEXT PRIMARY KEY, easting INTEGER, northing INTEGER) WITHOUT ROWID")
    _, floor = timed(lambda: (bare.executemany("INSERT INTO p VALUES (?, ?, ?)", rows), bare.commit()))
    bare.close()
    print(f"postcodes: {len(rows):,} decoded in {decode:.2f} s, stored in {ours:.2f} s")
    print_ratio("postcodes against executemany", ours, floor)


def bench_import(store: ChildcareStore, folder: Path, database: Path) -> None:
    """Ours and the floor take turns, each into empty tables, so that a busy machine slows both; the fastest counts."""
    ours, floors = [], []
    for _ in range(ROUNDS):
        store.replace_source(ofsted.ORIGIN, [], date(2021, 8, 31))
        reading, reading_time = timed(lambda: ofsted.load_ofsted(REGISTER))
        ours.append(reading_time + timed(lambda: put(store, reading))[1])  # noqa: B023 - called at once
        bare = bare_copy(database, folder / "bare.db")
        floors.append(timed(lambda: bare_import(bare))[1])  # noqa: B023 - called at once
        check_same(database, bare)
        bare.close()
    print(f"register: {reading.rows:,} rows, {len(reading.providers):,} providers listed")
    print_ratio("register import against csv + executemany", min(ours), min(floors), wanted=1.5)


def put(store: ChildcareStore, reading: Reading) -> None:
    refused = len(reading.refused)
    store.replace_source(
        ofsted.ORIGIN, reading.providers, reading.as_at, reading.withheld, refused, reading.withheld_urns
    )


def bare_copy(database: Path, target: Path) -> sqlite3.Connection:
    """Return a database with our tables and our postcodes, and no provider."""
    target.unlink(missing_ok=True)
    ours, bare = sqlite3.connect(database), sqlite3.connect(target)
    ours.backup(bare)
    ours.close()
    for table in ("providers", "sources", "spots", "spot_texts", "sorts", "facets", "withheld"):
        bare.execute(f"DELETE FROM {table}")
    bare.execute("INSERT INTO spot_words(spot_words) VALUES ('delete-all')")
    bare.commit()
    bare.execute("PRAGMA journal_mode=wal")
    bare.execute("PRAGMA synchronous=1")
    return bare


def bare_import(bare: sqlite3.Connection) -> None:
    with lzma.open(REGISTER, "rt", encoding="utf-8", newline="") as text:
        table = csv.reader(text)
        next(table)
        every = list(table)
    rows = [bare_row(cells) for cells in every if cells[12] != "REDACTED"]
    private = [(cells[1], "ofsted") for cells in every if cells[12] == "REDACTED"]
    bare.executemany("INSERT INTO withheld VALUES (?, ?)", private)
    bare.executemany(f"INSERT INTO providers VALUES ({','.join('?' * 30)})", rows)
    bare.execute(
        "UPDATE providers SET easting = p.easting, northing = p.northing FROM postcodes AS p"
        " WHERE p.pcd = replace(providers.postcode, ' ', '')"
    )
    bare.execute("INSERT INTO sorts SELECT NULL, kind, NULL, NULL FROM providers GROUP BY kind")
    bare.execute(
        f"INSERT INTO spots SELECT NULL, row, easting / {CELL}, northing / {CELL}, easting, northing, sort, 0, 0"
        " FROM providers JOIN sorts USING (kind) WHERE easting IS NOT NULL ORDER BY row"
    )
    bare.execute("INSERT INTO spot_texts SELECT number, words FROM spots JOIN providers USING (row) ORDER BY number")
    bare.execute(
        "INSERT INTO spot_words (rowid, words) SELECT number, replace(words, ' ', ' ' || char(57344 + sort)) FROM spot_texts JOIN spots USING (number)"
    )
    bare.commit()


def bare_row(cells: list[str]) -> tuple[object, ...]:
    address = "\n".join(cells[13:17])
    return (
        None, f"ofsted:{cells[1]}", "ofsted", cells[12], cells[4] or cells[3], cells[17], "Ofsted register", "2021-08-31",
        cells[1], address, 0, None, None, cells[18], cells[24], None, None, "", "", "", "", "", cells[28], cells[27],
        "", 0, "", 0, f" {cells[12]} {address}".lower(), 1,
    )  # fmt: skip


def check_same(database: Path, bare: sqlite3.Connection) -> None:
    """The floor must have stored as many rows as ours, in every table, or the comparison would be void."""
    ours = sqlite3.connect(database)
    for table in ("providers", "spots", "spot_words"):
        count = f"SELECT count(*) FROM {table}"
        assert ours.execute(count).fetchone() == bare.execute(count).fetchone(), table
    ours.close()


def bench_search(store: ChildcareStore, database: Path) -> None:
    chance = random.Random(70_980)
    fill_england(store, database, chance)
    bare = sqlite3.connect(database)
    codes = [row[0] for row in bare.execute("SELECT pcd FROM postcodes WHERE abs(random()) % 500 = 0")]
    print(f"search: {bare.execute('SELECT count(*) FROM spots').fetchone()[0]:,} providers on the map")
    near = [Search(Postcode.parse(chance.choice(codes))) for _ in range(SEARCHES)]
    kinds = [replace(search, kinds=frozenset(chance.sample(list(Kind)[:5], chance.randint(1, 2)))) for search in near]
    floor_numpy, floor_sql = floors(store, bare, near[:200])
    for label, searches in (
        ("nearest ten", near),
        ("nearest ten of a kind", kinds),
        (
            "nearest ten of a kind, age 3, with words",
            [replace(s, ages=frozenset({3}), text=chance.choice(WORDS)) for s in kinds],
        ),
        (
            "nearest ten of a kind, age 3, with 15 free hours",
            [replace(s, ages=frozenset({3}), funded=15) for s in kinds],
        ),
        (
            "nearest ten of a kind, age 3, open before school",
            [replace(s, ages=frozenset({3}), slots=(EARLY,)) for s in kinds],
        ),
        (
            "nearest ten of age 3, with 30 free hours, on a Saturday",
            [replace(s, ages=frozenset({3}), funded=30, slots=(SATURDAY,)) for s in near],
        ),
        (
            "nearest ten of a kind, open before school, with words",
            [replace(s, slots=(EARLY,), text=chance.choice(WORDS)) for s in kinds],
        ),
        (
            "nearest ten with 30 free hours, on a Saturday, with words",
            [replace(s, funded=30, slots=(SATURDAY,), text=chance.choice(WORDS)) for s in near],
        ),
        (
            "all of a kind within five miles, open before school",
            [replace(s, slots=(EARLY,), within=8_047) for s in kinds],
        ),
        ("the fifth page of a kind", [replace(s, page=5) for s in kinds]),
    ):
        times = [measured(lambda: find_childcare(store, search)) for search in searches]  # noqa: B023 - called at once
        print_search(label, times, floor_numpy, floor_sql)
    bench_rtree(store, bare, kinds[:500])
    bare.close()


def bench_rtree(store: ChildcareStore, bare: sqlite3.Connection, searches: list[Search]) -> None:
    """Compare our squares with SQLite's R*Tree, which also doubles its box until it holds ten: same places, same kinds."""
    table = "CREATE TEMP TABLE squares (number INTEGER PRIMARY KEY, cell_x, cell_y, easting, northing)"
    index = "CREATE INDEX temp.by_cell ON squares (cell_x, cell_y, easting, northing)"
    fill = "INSERT INTO squares SELECT number, cell_x, cell_y, easting, northing FROM spots ORDER BY number"
    _, squares = timed(lambda: [bare.execute(statement) for statement in (table, index, fill)])
    tree = "CREATE VIRTUAL TABLE temp.boxes USING rtree_i32(number, west, east, south, north)"
    fill = "INSERT INTO boxes SELECT number, easting, easting, northing, northing FROM spots ORDER BY number"
    _, boxes = timed(lambda: [bare.execute(statement) for statement in (tree, fill)])
    print_ratio("squares against R*Tree, built", squares, boxes)
    ours, theirs = [], []
    with store.reading() as connection:
        for search in searches:
            place, wanted = store.get_place(search.near), understand(connection, search)  # type: ignore[arg-type]
            spots, time_ours = timed(lambda: find_spots(connection, wanted, place, 10))  # noqa: B023 - called at once
            found, time_theirs = timed(lambda: by_rtree(bare, wanted.hits, *place))  # noqa: B023 - called at once
            assert [squared for _, squared in spots] == [squared for _, squared in found]
            ours.append(1000 * time_ours)
            theirs.append(1000 * time_theirs)
    for percent in (50, 99):
        mine, others = (sorted(times)[len(times) * percent // 100] for times in (ours, theirs))
        print(f"squares against R*Tree, p{percent}: {mine / others:.2f} times; {mine:.2f} ms against {others:.2f} ms")


def by_rtree(bare: sqlite3.Connection, hits: bytes, x: int, y: int) -> list[tuple[int, int]]:
    nearest = (
        "SELECT s.number, (easting-?)*(easting-?)+(northing-?)*(northing-?) AS squared"
        " FROM boxes JOIN spots AS s USING (number)"
        " WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? AND substr(?, s.number, 1) = x'01'"
        " ORDER BY squared, s.number LIMIT 10"
    )
    radius = CELL
    while True:
        box = (x + radius, x - radius, y + radius, y - radius)
        found = bare.execute(nearest, (x, x, y, y, *box, hits)).fetchall()
        if len(found) == 10 and found[-1][1] <= radius * radius:
            return found
        radius *= 2


def fill_england(store: ChildcareStore, database: Path, chance: random.Random) -> None:
    """Put a listing in the place of every withheld one, so that all 70,980 can be searched."""
    reading = ofsted.load_ofsted(REGISTER)
    with sqlite3.connect(database) as bare:
        codes = [row[0] for row in bare.execute("SELECT pcd FROM postcodes WHERE abs(random()) % 20 = 0")]
    stand_ins = [stand_in(number, reading.providers, codes, chance) for number in range(reading.withheld)]
    every = [with_hours(each, chance) for each in (*reading.providers, *stand_ins)]
    put(store, replace(reading, providers=every, withheld_urns=frozenset()))


def with_hours(provider: Provider, chance: random.Random) -> Provider:
    """Give a provider hours, free hours, ages and terms, as chance will have it."""
    opens, closes = chance.choice(STARTS), chance.choice(ENDS)
    days = chance.choices((range(0), range(5), range(4), range(6), (0, 2, 4)), (5, 7, 1, 1, 1))[0]
    ages_from, ages_to = chance.choice(AGES)
    return replace(
        provider,
        week=tuple(Span(day, opens, closes) for day in days),
        terms=chance.choice((None, *Terms)),
        funded=chance.choice(FUNDED),
        ages_from=ages_from,
        ages_to=ages_to,
    )


def stand_in(number: int, providers: Sequence[Provider], codes: list[str], chance: random.Random) -> Provider:
    like = chance.choice(providers)
    kind = chance.choices(list(Kind), (2, 1, 20, 1, 1, 1, 6))[0]
    return replace(
        like, id=f"stand-in:{number}", urn=f"S{number}", kind=kind, postcode=Postcode.parse(chance.choice(codes))
    )


def floors(store: ChildcareStore, bare: sqlite3.Connection, searches: list[Search]) -> tuple[float, float]:
    """Return the medians of bare numpy and of bare SQL for the nearest ten without filters, in ms of the processor."""
    east, north = (
        np.array(column) for column in zip(*bare.execute("SELECT easting, northing FROM spots"), strict=True)
    )
    nearest = "SELECT row FROM spots ORDER BY (easting-?)*(easting-?)+(northing-?)*(northing-?) LIMIT 10"
    places = [store.get_place(search.near) for search in searches if search.near]

    def by_numpy(x: int, y: int) -> None:
        squared = (east - x) ** 2 + (north - y) ** 2
        ten = np.argpartition(squared, 10)[:10]
        ten[np.argsort(squared[ten])].tolist()

    def by_sql(x: int, y: int) -> None:
        bare.execute(nearest, (x, x, y, y)).fetchall()

    numpy_ms, sql_ms = (
        median(measured(lambda: floor(*place)).own for place in places)  # noqa: B023 - called at once
        for floor in (by_numpy, by_sql)
    )
    print(f"floors for the nearest ten, of the processor: numpy p50 {numpy_ms:.2f} ms, bare SQL p50 {sql_ms:.2f} ms")
    return numpy_ms, sql_ms


class Took(NamedTuple):
    """How long something took, in milliseconds: by the clock, and of the processor, which others do not slow as much."""

    clock: float
    own: float


def measured(work: Callable[[], object]) -> Took:
    own, clock = time.thread_time(), time.perf_counter()
    work()
    return Took(1000 * (time.perf_counter() - clock), 1000 * (time.thread_time() - own))


def print_search(label: str, times: Sequence[Took], floor_numpy: float, floor_sql: float) -> None:
    print(f"{label} (wanted p99 under 5 ms)")
    for says, column in (
        ("of the processor", [each.own for each in times]),
        ("by the clock", [each.clock for each in times]),
    ):
        p50, p99 = median(column), sorted(column)[len(column) * 99 // 100]
        print(f"  {says}: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    p50 = median(each.own for each in times)
    print(f"  p50 of the processor is {p50 / floor_numpy:.2f} times numpy's, {p50 / floor_sql:.2f} times bare SQL's")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def print_ratio(label: str, ours: float, floor: float, wanted: float | None = None) -> None:
    wish = f" (wanted at most {wanted})" if wanted else ""
    print(f"{label}: {ours / floor:.2f} times{wish}; {ours:.2f} s against {floor:.2f} s")


if __name__ == "__main__":
    main()
