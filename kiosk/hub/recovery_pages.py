"""When all passwords are lost: the page that opens the desk with the recovery key from the paper.

It can be reached without signing in, as nobody can. What guards it: the key has 256 bits; tries are slowed like those at a
password, whoever makes them; it goes over https or on the hub's own machine alone; and it shuts everybody out, so it does
not go unnoticed. Whoever would rather have the command alone (kiosk hub recover) keeps /recover from the network in their
proxy.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from ipaddress import ip_address

from flask import render_template, request, session

from kiosk.errors import AccountFaulty, SealBroken, TooManyTries
from kiosk.hub.accounts import check_length, check_new_name
from kiosk.hub.desk import NOTHING, Page, the_desk
from kiosk.hub.keys import make_private_key, read_recovery_words, recovery_words
from kiosk.hub.recovery import check_recovery_key, recover
from kiosk.hub.tries import Origin, try_at

TRIES = "recovery"  # no worker's name has this key, nor its first letters: theirs are hashes
FIELDS = ("old", "new", "name", "password")
NOT_THE_NEW = "This is not the new key, or a letter of it is wrong. Read it from the new paper again."
log = logging.getLogger(__name__)


def show_recovery() -> Page:
    """Show a new recovery key to be written on paper, and ask for the old one. Nothing is kept until that is right."""
    return _form(recovery_words(make_private_key())) if _is_private() else (_needs_https(), 403)


def recover_desk() -> Page:
    """Open the desk for a new lead, or ask again with the same new key."""
    if not _is_private():
        return _needs_https(), 403
    shown, typed = request.form.get("shown", ""), {name: request.form.get(name, "") for name in FIELDS}
    errors, keys = _find_errors(shown, typed)
    if errors:
        return _form(shown if "shown" not in errors else recovery_words(make_private_key()), errors, typed), 400
    old, new = keys
    try:
        _recover(old, new, typed["name"], typed["password"])
    except TooManyTries as why:
        return _form(shown, {"old": str(why)}, typed), 429
    except SealBroken as why:
        return _form(shown, {"old": str(why)}, typed), 403
    except AccountFaulty as why:
        return _form(shown, {"password": str(why)}, typed), 400
    log.warning("The desk was opened with the recovery key. Everybody was shut out but the new lead.")
    session.clear()
    says = f"{typed['name']} can sign in with the new password, and nobody else. Then add the others under Team."
    return render_template("message.html", title="The desk is open again", says=says)


def _find_errors(shown: str, typed: Mapping[str, str]) -> tuple[dict[str, str], tuple[bytes, ...]]:
    """Return what is wrong in the form itself, by field, and the old and the new key. None of it is a guess yet."""
    errors, keys = dict[str, str](), list[bytes]()
    for field, words in (("shown", shown), ("old", typed["old"]), ("new", typed["new"])):
        try:
            keys.append(read_recovery_words(words))
        except SealBroken as why:
            errors[field] = NOT_THE_NEW if field == "new" else str(why)
    if not errors and keys[0] != keys[2]:
        errors["new"] = "This is another key than the one shown. Read it from the paper again."
    for field, check in (("name", check_new_name), ("password", check_length)):
        try:
            check(typed[field])
        except AccountFaulty as why:
            errors[field] = str(why)
    return errors, tuple(keys[1:])


def _recover(old: bytes, new: bytes, name: str, password: str) -> None:
    """Raises TooManyTries, SealBroken if `old` is not this hub's recovery key, or AccountFaulty."""
    desk, now = the_desk(), the_desk().clock()
    with try_at(desk.store.engine, TRIES, Origin(request.remote_addr), now):
        check_recovery_key(desk.store.get_keys(), old)
    recover(desk.store.engine, old, new, name, password, now, desk.cost)


def _is_private() -> bool:
    """True over https, and for a browser on the hub's own machine: a key must not go through a network in the clear."""
    try:
        return request.is_secure or ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _needs_https() -> str:
    says = "Open it over https, or on the hub's own machine, or type there: kiosk hub recover"
    return render_template("message.html", title="This page needs a secure connection", says=says)


def _form(shown: str, errors: Mapping[str, str] = NOTHING, typed: Mapping[str, str] = NOTHING) -> str:
    return render_template("recover.html", shown=shown, errors=errors, typed=typed)
