"""Small packs on disk for the tests of this room: whole ones, to be broken one rule at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kiosk.errors import Fault, PackFaulty
from kiosk.pack.read import read_pack

ENGLAND: Mapping[str, str] = {
    "pack.yaml": """\
spec: 1
id: england
title: England
version: 1
languages: [en]
centre:
  name: Your children's centre
  reception: Please speak to reception.
""",
    "home.yaml": """\
welcome: Touch to start
ask: What brings you here today?
cards:
  - {title: My path to work, hint: Find your place, icon: footprints, open: flow/work, tone: path}
  - {title: Ask for a call, icon: phone, open: callback/childcare}
""",
    "callback.yaml": """\
topics:
  childcare: {say: Childcare, icon: baby}
parts:
  morning: {say: Morning, start: "09:00", end: "12:00"}
days: [mon, tue]
languages: [en]
privacy_short: We use this to ring you.
privacy: [We keep it for two weeks.]
expect: We ring within two days.
keep_days: 14
""",
    "helpers.yaml": """\
work-coach:
  title: Work coach
  icon: user-round
  does: Helps you look for work.
  phone: jobcentre-phone
""",
    "facts.yaml": """\
childcare-most:
  value: "1071.09"
  unit: pounds
  source: UC Regulations
  checked_on: 2026-11-01
  review_by: 2027-04-05
  ask: an amount to ask about
jobcentre-phone:
  value: 01632 960000
  unit: phone
  source: Example
  checked_on: 2026-11-01
  review_by: 2027-04-05
  ask: ask at reception
  example: true
find-a-job:
  value: www.gov.uk/find-a-job
  unit: address
  source: GOV.UK
  checked_on: 2026-11-01
  review_by: 2027-11-01
  ask: ask at reception
""",
    "flows/work.yaml": """\
title: Where am I on the path to work?
start: today
icon: footprints
stages:
  thinking:
    title: Thinking about it
    label: Thinking
    icon: sprout
    say: There is no rush.
  looking:
    title: Looking for work
    label: Looking
    icon: search
    say: Some help with looking.
questions:
  today:
    stage: thinking
    ask: Which is most like you today?
    answers:
      not-yet: {say: I am not thinking about work yet, go: not-now}
      looking: {say: I am looking for work, go: cv}
      not-sure: {say: Not sure, go: not-now}
  cv:
    stage: looking
    ask: Is your CV ready?
    answers:
      "no": {say: Not yet, go: cv-first}
      "yes": {say: It is ready, go: ready-to-look}
      not-sure: {say: Not sure, go: cv-first}
outcomes:
  not-now:
    stage: thinking
    title: Not now, and that is fine
    say: Your child comes first.
    next:
      - {say: Come to stay and play, open: page/stay-and-play}
    helpers: [work-coach]
  cv-first:
    stage: looking
    title: Writing your CV
    say: One page is enough.
    next:
      - {say: Ask for a call, open: callback}
    helpers: [work-coach]
    topic: childcare
  ready-to-look:
    stage: looking
    title: Ready to look
    say: You can get back up to {fact:childcare-most} a month.
    money: true
    next:
      - {say: The job search list, hint: 17 things, open: checklist/job-search}
      - {say: Look at jobs, open: web/find-a-job}
    helpers: [work-coach]
examples:
  - {answers: {today: not-yet}, outcome: not-now}
  - {answers: {today: looking, cv: "yes"}, outcome: ready-to-look}
""",
    "pages/stay-and-play.yaml": """\
title: Stay and play
icon: blocks
say:
  - Come and play on **Tuesdays**.
next:
  - {say: The path to work, open: flow/work@cv}
""",
    "checklists/job-search.yaml": """\
title: Searching for jobs
say: Tick off what you have.
parts:
  - title: Ready
    icon: list-checks
    items:
      - {say: The days that your childcare covers, more: Drop-off included}
""",
}

OXFORDSHIRE: Mapping[str, str] = {
    "pack.yaml": """\
spec: 1
id: oxfordshire
title: Oxfordshire
version: 3
extends: england
centre:
  name: Rose Hill children's centre
  postcode: OX4 4UY
  authority: Oxfordshire
  districts: [E07000178]
local:
  fis: Oxfordshire Family Information Service
""",
    "helpers.yaml": """\
work-coach:
  where: Oxford jobcentre
library:
  title: Rose Hill library
  icon: library
  does: Has computers that you can use.
""",
}


def write_pack(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files and return the folder."""
    for name, words in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, encoding="utf-8")
    return folder


def write_both(content: Path) -> Path:
    """Write England and Oxfordshire and return the folder of Oxfordshire."""
    write_pack(content / "england", ENGLAND)
    return write_pack(content / "oxfordshire", OXFORDSHIRE)


def line_of(files: Mapping[str, str], name: str, words: str) -> int:
    """Return the line, from 1, of the first place in a file that holds the words."""
    return next(number for number, line in enumerate(files[name].splitlines(), 1) if words in line)


def changed(files: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """Return the files with the first `old` of one file made `new`."""
    assert old in files[name], f"{old!r} is not in {name}"
    return {**files, name: files[name].replace(old, new, 1)}


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """Return the faults for which a folder is refused."""
    with pytest.raises(PackFaulty) as faulty:
        read_pack(folder)
    return faulty.value.faults
