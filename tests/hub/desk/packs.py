"""Packs at a hub: its publisher trusted, versions of Oxfordshire uploaded and rolled out."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import Engine

from kiosk.hub.publish import Publishing
from kiosk.hub.publish_archives import Archives, Published
from kiosk.hub.publish_check import check_upload
from kiosk.hub.publish_trust import HubPublishers
from kiosk.pack.archive import Built
from tests.hub.desk.people import NOW, WORKER
from tests.pack.signed_packs import KEY, TODAY, built


def keep(engine: Engine, archive: Built) -> Published:
    """Trust the publisher, and upload an archive."""
    HubPublishers(engine).trust(KEY.public, WORKER, NOW)
    source = BytesIO(archive.content)
    return Archives(engine).keep(source, check_upload(source, [KEY.public], TODAY), WORKER, NOW)


def roll_out(engine: Engine, version: int) -> Published:
    """Upload a version, and have it for all."""
    one = keep(engine, built(version))
    Publishing(engine).roll_out(one, WORKER, NOW)
    return one
