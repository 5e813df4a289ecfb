"""A directory of services on the network, read politely: one request at a time, with a pause, and never twice.

What was read is written down at once, as providers with homes already masked: after a cut the next run goes on where
this one was. Nothing is listed before the directory was read to its end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import msgspec

from kiosk.childcare.model import Provider
from kiosk.childcare.sources.cells import RowFaulty
from kiosk.childcare.sources.open_referral import Left, find_urn, has_place, read_service
from kiosk.childcare.sources.reading import Reading, Refused
from kiosk.errors import ChildcareFileFaulty, FeedUnreachable
from kiosk.typed_json import read_json

SERVICES_AT_MOST = 50_000
PAGES_AT_MOST = 5_000
_ENOUGH = 0.9  # of the services that a directory says it has: some move to another page while it is read
STALE_AFTER = timedelta(days=1)  # half a list of last month is not gone on with
_PER_PAGE = 100
_KEPT = "The list that is loaded stays."

Fetch = Callable[[str], Any]
"""Returns the JSON at an address. Raises FeedUnreachable, or FeedGone where there is nothing."""


class FeedGone(FeedUnreachable): ...


class Line(msgspec.Struct, omit_defaults=True):
    """One line of what was read: the head of the file, a page that was read to its end, or a service."""

    url: str = ""
    began_on: date | None = None
    page: int = 0
    pages: int = 0
    total: int = 0
    id: str = ""
    provider: Provider | None = None
    left: str = ""
    urn: str = ""
    refused: str = ""


@dataclass
class Progress:
    """How far a directory was read. `services` holds each service once, by its id."""

    url: str
    began_on: date
    page: int = 0
    pages: int = 0
    total: int = 0
    services: dict[str, Line] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        if line.id:
            self.services.setdefault(line.id, line)
        elif line.page:
            self.page, self.pages, self.total = line.page, line.pages, line.total


class Notebook:
    """The file that progress is written to, line by line; a line that a cut tore is dropped."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def open(self, url: str, now: datetime) -> Progress:
        """Return what was read of `url` before, if it was not too long ago, else begin anew."""
        progress = self._read(url)
        if progress is None or now.date() - progress.began_on > STALE_AFTER:
            progress = Progress(url, now.date())
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(msgspec.json.encode(Line(url=url, began_on=now.date())) + b"\n")
        return progress

    def write(self, line: Line) -> None:
        with self._file.open("ab") as out:
            out.write(msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        """The list is in: what was written down is not needed any more."""
        self._file.unlink(missing_ok=True)

    def _read(self, url: str) -> Progress | None:
        try:
            whole, _, _torn = self._file.read_bytes().rpartition(b"\n")
            head, *lines = (read_json(line, Line) for line in whole.split(b"\n"))
        except (OSError, ValueError):
            return None
        if head.url != url or head.began_on is None:
            return None
        # A torn line would run into the next one that is written.
        os.truncate(self._file, len(whole) + 1)
        progress = Progress(url, head.began_on)
        for line in lines:
            progress.take(line)
        return progress


@dataclass(frozen=True)
class Feed:
    """One directory as the list called `origin`; `source` is what parents read about where a listing comes from."""

    url: str
    origin: str
    source: str


def read_feed(
    feed: Feed,
    fetch: Fetch,
    notebook: Notebook,
    now: datetime,
    tick: Callable[[int, int], object] = lambda done, of: None,
) -> Reading:
    """Read every service, going on where an earlier run was cut. `tick` is told how many were read, and of how many.

    Raises FeedUnreachable when the directory stops answering, or ends long before its own count says that it does: then
    what was read is kept for the next run.
    """
    progress = notebook.open(feed.url, now)
    for number in range(progress.page + 1, PAGES_AT_MOST + 1):
        if progress.pages and number > progress.pages:
            break
        page = _Page.read(fetch(_page_url(feed.url, number)))
        for row in page.rows:
            line = _read_row(feed, fetch, row, progress)
            if line:
                notebook.write(line)
                progress.take(line)
            tick(len(progress.services), page.total)
        _check_whole(feed, page, number, progress)
        # Written when all of it is read: a page that was cut is read again, its services are not.
        done = Line(page=number, pages=page.pages, total=page.total)
        notebook.write(done)
        progress.take(done)
        if page.is_last:
            break
    return _reading(progress)


def _check_whole(feed: Feed, page: _Page, number: int, progress: Progress) -> None:
    """Refuse half a directory, so that it never replaces a whole one. The page counts as unread, and is asked for again."""
    pages = page.pages or progress.pages
    has_gap = not page.rows and number < pages
    is_end = page.is_last or 0 < pages <= number
    if has_gap or (is_end and len(progress.services) < _ENOUGH * page.total):
        raise FeedUnreachable(
            f"{feed.source} ends on page {number} with {len(progress.services):,} services, but says that there are more.",
            f"What was read is kept: run the same command again later. {_KEPT}",
        )


def _read_row(feed: Feed, fetch: Fetch, row: Any, progress: Progress) -> Line | None:
    key = str(row.get("id") or "") if isinstance(row, Mapping) else ""
    if key in progress.services:
        return None
    if len(progress.services) >= SERVICES_AT_MOST:
        raise FeedUnreachable(f"{feed.source} lists more than {SERVICES_AT_MOST:,} services.", _KEPT)
    if not key:
        return Line(id=f"?{len(progress.services)}", refused="has no id")
    try:
        # A page of version 3 leaves out places and hours: they stand on each service's own page.
        service = row if has_place(row) else {**row, **_detail(fetch, feed.url, key)}
        result = read_service(service, feed.origin, feed.source, progress.began_on)
    except RowFaulty as why:
        return Line(id=key, refused=str(why))
    if isinstance(result, Left):
        return Line(id=key, left=result.value, urn=find_urn(service) if result is Left.WITHHELD else "")
    return Line(id=key, provider=result)


def _detail(fetch: Fetch, url: str, key: str) -> Mapping[str, Any]:
    try:
        service = fetch(_service_url(url, key))
    except FeedGone as why:
        raise RowFaulty("is on a page of the list, but has no page of its own") from why
    if not isinstance(service, Mapping):
        raise RowFaulty("has a page of its own that is no service")
    return service


def _reading(progress: Progress) -> Reading:
    providers: list[Provider] = []
    refused: list[Refused] = []
    urns: set[str] = set()
    for number, line in enumerate(progress.services.values(), 1):
        if line.refused:
            refused.append(Refused(number, line.refused, line.id))
        elif line.provider and line.provider.urn and line.provider.urn in urns:
            refused.append(Refused(number, "has a URN that is in the list twice", line.id))
        elif line.provider:
            urns.add(line.provider.urn)
            providers.append(line.provider)
    private = [line for line in progress.services.values() if line.left == Left.WITHHELD.value]
    numbers = frozenset(line.urn for line in private if line.urn)
    return Reading(providers, refused, len(private), len(progress.services), progress.began_on, numbers)


@dataclass(frozen=True)
class _Page:
    """A page of a list, whichever version wrote it."""

    rows: Sequence[Any]
    pages: int
    total: int
    is_last: bool

    @classmethod
    def read(cls, page: Any) -> _Page:
        rows = page.get("contents", page.get("content")) if isinstance(page, Mapping) else None
        if not isinstance(rows, list):
            raise FeedUnreachable(
                "What answers is no list of services as Open Referral UK has them.",
                f"Give the address under which its /services is found. {_KEPT}",
            )
        pages, total = (
            _number(page, *names) for names in (("total_pages", "totalPages"), ("total_items", "totalElements"))
        )
        is_last = page.get("last_page", page.get("last")) is True or not rows
        return cls(rows, pages, total, is_last)


def _number(page: Mapping[str, Any], *names: str) -> int:
    given = next((page[name] for name in names if isinstance(page.get(name), int)), 0)
    return max(0, min(int(given), SERVICES_AT_MOST))


def services_url(url: str) -> str:
    """Return where a directory lists its services: its address with /services, and whatever it is asked for kept.

    Raises ChildcareFileFaulty for what is no address, and for one that anybody on the way could change.
    """
    try:
        parts = urlsplit(url.strip())
        is_address = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        parts, is_address = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not is_address or parts.username or parts.password:
        raise ChildcareFileFaulty("This is not the address of a directory.", "It looks like https://example.org/api")
    path = parts.path.rstrip("/")
    if not path.endswith("/services"):
        path += "/services"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _page_url(url: str, number: int) -> str:
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    asked = {"per_page": str(_PER_PAGE)} | asked | {"page": str(number)}
    return urlunsplit(parts._replace(query=urlencode(asked)))


def _service_url(url: str, key: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path}/{quote(key, safe='')}", query=""))


def each_service(document: Any) -> Iterator[Any]:
    """Yield the services of a file: a page as a directory gives it, a bare list, or a single service."""
    if isinstance(document, Mapping) and ("contents" in document or "content" in document):
        yield from _Page.read(document).rows
    elif isinstance(document, list):
        yield from document
    else:
        yield document
