"""The desk's pages about packs, for publishers and leads: bring one, look at it, roll it out, take it back."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, cast

from flask import abort, redirect, render_template, request, url_for

from kiosk.errors import ArchiveRefused, InstallFailed, PackFaulty, PublisherKeyFaulty, SignerUnknown
from kiosk.hub import publish_wording
from kiosk.hub.desk import Page, signed_in, the_desk
from kiosk.hub.fleet import Fleet, KioskLine
from kiosk.hub.publish import Publishing, Rollout, kinds_of
from kiosk.hub.publish_archives import Archives, Published
from kiosk.hub.publish_check import check_upload
from kiosk.hub.publish_log import find_acts
from kiosk.hub.publish_shown import find_shown
from kiosk.hub.publish_trust import HubPublishers
from kiosk.hub.roles import Role
from kiosk.hub.uploads import UPLOAD_MOST
from kiosk.london import LONDON
from kiosk.pack.change import Change
from kiosk.pack.diff import by_screen, find_changes
from kiosk.pack.publisher import FILE_LIMIT, read_public_words


def show_packs() -> Page:
    """List the versions of each pack, how each stands, and who did what."""
    return _packs()


def upload_pack() -> Page:
    """Keep a pack once every byte of it is known to be right, or say in a sentence why it is refused."""
    given, now = request.files.get("pack"), the_desk().clock()
    if given is None or not given.filename:
        return _packs("Choose a .pack file first."), 400
    source = cast(BinaryIO, given.stream)
    try:
        checked = check_upload(source, _publishers().keys(), now.astimezone(LONDON).date())
        one = _archives().keep(source, checked, signed_in().worker.name, now)
    except (ArchiveRefused, InstallFailed) as why:
        return _packs(_said_here(why)), 400
    except PackFaulty as faulty:
        return _packs(f"A kiosk would refuse this pack: {faulty.faults[0].file}: {faulty.faults[0]}", faulty), 400
    return redirect(url_for("pack", sha256=one.sha256), 303)


def show_pack(sha256: str) -> Page:
    """Show one version: what the check found, what a parent would notice, and what can be done with it."""
    one = _one(sha256)
    rollout, archives = _publishing().get(one.pack), _archives()
    known = {each.sha256: each for each in archives.find() if each.pack == one.pack}
    live, before = (known.get(each or "") for each in (rollout.live, rollout.before))
    return render_template(
        "pack.html",
        one=one,
        kind=kinds_of(rollout, list(known.values()))[sha256],
        rollout=rollout,
        tried=known.get(rollout.trial or ""),
        live=live,
        before=before,
        report=archives.report(sha256),
        changes=_changes(live, one),
        by_screen=by_screen,
        kiosks=_kiosks_of(one.pack),
        shown=find_shown(the_desk().store.engine),
        acts=find_acts(the_desk().store.engine, one.pack),
        say=publish_wording,
    )


def try_pack(sha256: str) -> Page:
    """Roll a version out to one kiosk."""
    one, kiosk = _one(sha256), request.form.get("kiosk", "")
    if kiosk not in {line.id for line in _kiosks_of(one.pack)}:
        abort(400)
    _publishing().try_on(one, kiosk, *_by())
    return _back_to(sha256)


def roll_out_pack(sha256: str) -> Page:
    """Roll a version out to every kiosk of its pack."""
    _publishing().roll_out(_one(sha256), *_by())
    return _back_to(sha256)


def stop_pack(sha256: str) -> Page:
    """End the trial of this version or, where it is for all, let no other kiosk fetch it."""
    _publishing().stop(_one(sha256), *_by())
    return _back_to(sha256)


def roll_back_pack(sha256: str) -> Page:
    """Put the version before in the place of this one, which is for all."""
    _publishing().roll_back(_one(sha256), *_by())
    return _back_to(sha256)


def show_publishers() -> Page:
    """List whom this hub trusts to publish."""
    return _publishers_page()


def trust_publisher() -> Page:
    """Trust the publisher whose public key was pasted."""
    try:
        _publishers().trust(read_public_words(request.form.get("key", "")), *_by())
    except PublisherKeyFaulty as why:
        return _publishers_page("key", str(why)), 400
    return redirect(url_for("publishers"), 303)


def follow_publisher() -> Page:
    """Trust a new key in the place of the old one that names it."""
    given = request.files.get("change")
    try:
        _publishers().follow(given.stream.read(FILE_LIMIT + 1) if given else b"", *_by())
    except ArchiveRefused as why:
        return _publishers_page("change", str(why)), 400
    return redirect(url_for("publishers"), 303)


def distrust_publisher(name: str) -> Page:
    """Take no more packs of a publisher. Twice is harmless."""
    _publishers().distrust(name, *_by())
    return redirect(url_for("publishers"), 303)


def _packs(error: str = "", faulty: PackFaulty | None = None) -> str:
    engine, found = the_desk().store.engine, _archives().find()
    rollouts = _publishing().find()
    kinds: dict[str, str] = {}
    for pack in dict.fromkeys(each.pack for each in found):
        all_of_pack = [each for each in found if each.pack == pack]
        kinds |= kinds_of(rollouts.get(pack, Rollout(pack)), all_of_pack)
    return render_template(
        "packs.html",
        found=found,
        kinds=kinds,
        shown=list(find_shown(engine).values()),
        acts=find_acts(engine),
        has_publishers=bool(_publishers().find()),
        error=error,
        faulty=faulty,
        most=UPLOAD_MOST,
        say=publish_wording,
    )


def _publishers_page(field: str = "", error: str = "") -> str:
    return render_template(
        "publishers.html",
        publishers=_publishers().find(),
        may_change=signed_in().worker.role is Role.LEAD,
        field=field,
        error=error,
    )


def _changes(live: Published | None, one: Published) -> list[Change] | None:
    """Return what a parent would notice against the version for all; None where there is nothing to compare."""
    if live is None or live.sha256 == one.sha256:
        return None
    old, new = _archives().read(live.sha256), _archives().read(one.sha256)
    return find_changes(old, new) if old and new else None


def _kiosks_of(pack: str) -> list[KioskLine]:
    """Return the kiosks that may be asked to show a pack: those that said they do, or said nothing yet."""
    engine = the_desk().store.engine
    shown = find_shown(engine)
    return [
        line
        for line in Fleet(engine).find_kiosks()
        if not line.revoked and (line.id not in shown or shown[line.id].pack == pack)
    ]


def _said_here(why: ArchiveRefused | InstallFailed) -> str:
    """Return what is wrong and what helps at the desk: the error's own words are for who stands at a kiosk."""
    if isinstance(why, SignerUnknown):
        return f"{why.fact.replace('this kiosk', 'this hub')} A lead trusts publishers, under Publishers."
    return str(why)


def _one(sha256: str) -> Published:
    return _archives().get(sha256) or abort(404)


def _by() -> tuple[str, datetime]:
    return signed_in().worker.name, the_desk().clock()


def _back_to(sha256: str) -> Page:
    return redirect(url_for("pack", sha256=sha256), 303)


def _archives() -> Archives:
    return Archives(the_desk().store.engine)


def _publishing() -> Publishing:
    return Publishing(the_desk().store.engine)


def _publishers() -> HubPublishers:
    return HubPublishers(the_desk().store.engine)
