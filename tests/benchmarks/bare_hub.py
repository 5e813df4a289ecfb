"""The floor of a hub: the same server software, and one plain insert for each request. Run by the hub's benchmarks.

waitress and Flask as they come and an engine with the hub's durability. POST / is one request as it is; POST /batch is a
kiosk's batch, inserted as it is with one commit. Nothing is checked, known, signed or asked.
"""

from __future__ import annotations

import sys
from uuid import uuid4

import msgspec
from flask import Flask, request
from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, String, Table, insert

from kiosk.callbacks import wire
from kiosk.database import open_url
from kiosk.hub.serving import make_server

metadata = MetaData()
bare = Table(
    "bare",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("blob", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)


def create_bare_app(engine: Engine) -> Flask:
    app = Flask("bare")

    @app.post("/")
    def take_one() -> str:
        with engine.begin() as connection:
            connection.execute(insert(bare).values(id=str(uuid4()), blob=request.get_data()))
        return "{}"

    @app.post("/batch")
    def take_batch() -> str:
        blobs = msgspec.json.decode(request.get_data(), type=wire.Batch).envelopes
        with engine.begin() as connection:
            connection.execute(insert(bare), [{"id": str(uuid4()), "blob": blob} for blob in blobs])
        return "{}"

    return app


def main() -> None:
    engine = open_url(sys.argv[1])
    metadata.create_all(engine)
    server = make_server(create_bare_app(engine), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.effective_port}")
    server.run()


if __name__ == "__main__":
    main()
