"""Directories written to the Open Referral UK standard, versions 1 and 3, served over real HTTP on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# As the standard's own example of a whole service (github.com/OpenReferralUK/uk-profile, examples), but a nursery.
V3_SERVICE: dict[str, Any] = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Bluebell Nursery",
    "description": "<p>A garden nursery. Lunch is cooked here.</p>",
    "url": "http://example.com/bluebell",
    "status": "active",
    "fees_description": "£60 a day",
    "minimum_age": 0,
    "maximum_age": 4,
    "last_modified": "2023-03-15T10:30:45.123Z",
    "schedules": [
        {"id": "1", "freq": "WEEKLY", "interval": 1, "byday": "MO,TU,WE,TH,FR", "opens_at": "08:00:00",
         "closes_at": "18:00:00", "valid_from": "2005-01-01"},
    ],
    "service_at_locations": [
        {"id": "2", "location": {"id": "3", "latitude": 51.7343, "longitude": -1.2235, "addresses": [
            {"address_1": "1 Example Lane", "city": "Oxford", "postal_code": "OX4 4UA", "country": "GB"}]}},
    ],
    "cost_options": [{"id": "4", "option": "Under 2s", "amount": 66, "amount_description": "per day"}],
    "contacts": [{"id": "5", "name": "Ann Persona", "phones": [{"number": "01632 960 201"}]}],
    "attributes": [{"id": "6", "taxonomy_term": {"name": "Day nursery"}}, {"taxonomy_term": {"name": "30 hours funded"}}],
    "organization": {"id": "7", "organization_identifiers": [{"identifier_scheme": "GB-COH", "identifier": "1234567"}]},
    "identifiers": [{"identifier_scheme": "Ofsted URN", "identifier": "EY435689"}],
    "a field of tomorrow": {"nobody": ["knows it yet"]},
}  # fmt: skip
V1_SERVICE: dict[str, Any] = {
    "id": "17",
    "name": "Sunny Childminding",
    "status": "active",
    "fees": "£6 an hour",
    "eligibilitys": [{"minimum_age": 2, "maximum_age": 8}],
    "regular_schedules": [{"byday": "MO", "opens_at": "07:30", "closes_at": "17:30"},
                          {"byday": "TU", "opens_at": "07:30", "closes_at": "17:30"}],
    "service_at_locations": [{"location": {"latitude": "51.73431", "longitude": "-1.22351", "physical_addresses": [
        {"address_1": "5 Elm Road", "city": "Oxford", "postal_code": "ox44ua", "country": "United Kingdom"}]}}],
    "contacts": [{"phones": [{"number": "01632 960 202"}]}],
    "service_taxonomys": [{"taxonomy": {"name": "Childminder", "vocabulary": "esdServiceTypes"}}],
}  # fmt: skip
OUTPOST_SERVICE: dict[str, Any] = {
    "id": 10,
    "name": "Hopscotch",
    "status": "active",
    "min_age": 4,
    "max_age": 11,
    "free": None,
    "taxonomies": [{"id": 1, "name": "After school clubs", "slug": "after"}, {"name": "Term time only"}],
    "locations": [{"id": 1, "address_1": "***", "city": "Oxford", "postal_code": "OX4", "country": "GB",
                   "geometry": {"type": "Point", "coordinates": [-1.22, 51.73]}, "mask_exact_address": True}],
    "regular_schedules": [{"weekday": day, "opens_at": "15:00", "closes_at": "18:00", "description": None}
                          for day in ("Monday", "Friday")],
    "contacts": [{"name": "A Person", "visible": True, "phone": "01632 960 203"}],
    "cost_options": [{"option": "Each child", "amount": 12.5, "cost_type": "per session"}],
    "meta": [{"key": "Ofsted URN", "value": "ey100200"}],
}  # fmt: skip


@dataclass
class Directory:
    """What a directory holds and how it behaves; `asked` is every path that was asked for, in order."""

    services: Sequence[dict[str, Any]]
    version: int = 3
    size: int = 2
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    at_once: int = 0
    # Called with the number of the request; may return (status, headers, body) in place of the right answer.
    instead: Callable[[int, str], tuple[int, dict[str, str], bytes] | None] = lambda _number, _path: None
    url: str = ""

    def answer(self, path: str) -> Any:
        parts = urlsplit(path)
        if parts.path != "/api/services":
            key = unquote(parts.path.rpartition("/")[2])
            return next((each for each in self.services if str(each.get("id")) == key), None)
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        rows = list(self.services[(number - 1) * self.size : number * self.size])
        pages = -(-len(self.services) // self.size)
        if self.version == 3:
            # List rows of version 3 lack locations and schedules.
            lean = [
                {name: row[name] for name in row if name not in ("service_at_locations", "schedules")} for row in rows
            ]
            return {"total_items": len(self.services), "total_pages": pages, "page_number": number, "size": len(rows),
                    "first_page": number == 1, "last_page": number >= pages, "empty": not rows, "contents": lean}  # fmt: skip
        return {"totalElements": len(self.services), "totalPages": pages, "number": number, "size": len(rows),
                "first": number == 1, "last": number >= pages, "content": rows}  # fmt: skip


@contextmanager
def serving(directory: Directory) -> Iterator[Directory]:
    """Serve a directory until the block ends; its `url` is where."""
    busy = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_alone = busy.acquire(blocking=False)
            directory.at_once += not is_alone
            directory.asked.append(self.path)
            directory.agents.add(self.headers["User-Agent"])
            special = directory.instead(len(directory.asked), self.path)
            body = directory.answer(self.path)
            right = (200 if body is not None else 404, {}, json.dumps(body).encode())
            status, headers, content = special or right
            self.send_response(status)
            for name, value in {
                "Content-Length": str(len(content)),
                "Content-Type": "application/json",
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            if is_alone:
                # Before the last byte: whoever has that may well ask again at once.
                busy.release()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    directory.url = f"http://127.0.0.1:{server.server_port}/api"
    try:
        yield directory
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
