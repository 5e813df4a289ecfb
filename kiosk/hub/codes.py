"""One-time codes with which kiosks join: made, spent, listed while they wait, and withdrawn. None is kept, only its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from kiosk.errors import EnrolmentRefused
from kiosk.hub.new_rows import insert_new
from kiosk.hub.tables import enrolment_codes, hub_keys, kiosks

# No 0 O 1 I L U: a code is read over the telephone and typed with one finger. 30 ** 8 codes are 39 bits.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_VALID = timedelta(days=7)


@dataclass(frozen=True)
class Code:
    """A code that still lets a kiosk join, without the code. `made_at` is None and `made_by` "" of one that is older than
    such notes; `made_by` is also "" of one that a command made.
    """

    id: str
    centre: str
    made_at: datetime | None
    made_by: str
    expires_at: datetime


class Codes:
    """The codes of one hub that nobody has used. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_unused(self, now: datetime) -> list[Code]:
        """Return those that let a kiosk join at `now`, the one that expires first on top."""
        with self._engine.connect() as connection:
            return list(_find(connection, now).values())

    def withdraw(self, id: str, now: datetime) -> Code:
        """Let nobody join with this code any more, and return what it was. Raises EnrolmentRefused if it cannot be used anyway."""
        with self._engine.begin() as connection:
            for code_hash, code in _find(connection, now).items():
                mine = (enrolment_codes.c.code_hash == code_hash, enrolment_codes.c.used_at.is_(None))
                if code.id == id and connection.execute(delete(enrolment_codes).where(*mine)).rowcount:
                    return code
        raise EnrolmentRefused(
            "No code of this number waits to be used.", "It was used, withdrawn or has expired. Look at the list again."
        )


def insert_code(connection: Connection, centre: str, now: datetime, by: str, valid: timedelta) -> str:
    """Make a code, within a transaction of the caller's, and return it: it is shown this once."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    row = {"code_hash": _code_hash(code), "centre": centre, "expires_at": now + valid, "made_at": now, "made_by": by}
    connection.execute(insert(enrolment_codes).values(row))
    return f"{code[:4]}-{code[4:]}"


def spend_code(connection: Connection, code: str, verify_key: bytes, now: datetime) -> str:
    """Spend a code, within a transaction of the caller's, and return the new kiosk's id. Raises EnrolmentRefused."""
    kiosk = f"kiosk-{hashlib.sha256(verify_key).hexdigest()[:12]}"
    mine = enrolment_codes.c.code_hash == _code_hash(code)
    spend = update(enrolment_codes).where(mine, *_is_unused(now))
    spent = connection.execute(spend.values(used_at=now, kiosk=kiosk)).rowcount == 1
    row = connection.execute(select(enrolment_codes).where(mine)).one_or_none()
    if row is None or row.kiosk != kiosk:
        raise EnrolmentRefused("This code is wrong, used or expired.", "Ask whoever runs the hub for a new one.")
    if spent:
        new = {"id": kiosk, "centre": row.centre, "verify_key": verify_key, "enrolled_at": now, "revoked": False}
        insert_new(connection, kiosks, new)
    return kiosk


def withdraw_all(connection: Connection) -> None:
    """Let nobody join with a code that was made so far: whoever has a copy of the database can guess it from its hash."""
    connection.execute(delete(enrolment_codes).where(enrolment_codes.c.used_at.is_(None)))


def _is_unused(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return enrolment_codes.c.used_at.is_(None), enrolment_codes.c.expires_at > now


def _find(connection: Connection, now: datetime) -> dict[str, Code]:
    """Return what waits to be used, by the hash of its code."""
    key = connection.execute(select(hub_keys.c.signing_key).order_by(hub_keys.c.generation.desc())).scalars().first()
    waiting = select(enrolment_codes).where(*_is_unused(now)).order_by(enrolment_codes.c.expires_at)
    return {
        row.code_hash: Code(_id(row.code_hash, key or b""), row.centre, row.made_at, row.made_by, row.expires_at)
        for row in connection.execute(waiting)
    }


def _id(code_hash: str, key: bytes) -> str:
    """A number for lists and addresses. Under a key of the hub: a code can be guessed from its plain hash."""
    return hashlib.blake2b(code_hash.encode(), key=key, digest_size=4, person=b"waymark code").hexdigest()


def _code_hash(code: str) -> str:
    """A plain hash is enough: a code lives for days, works once, and opens nothing."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
