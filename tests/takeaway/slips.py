"""Slips to print and to read."""

from __future__ import annotations

from kiosk.takeaway.model import Item, Mark, Section, Slip

ENGLISH = Slip(
    heading="My notes",
    day="21 November 2026",
    title="Ready to look",
    say=("You are set to go.",),
    sections=(
        Section(
            "What you can do next",
            (Item("Search at Find a job", ("Use your own phone",), ("www.gov.uk/find-a-job",)),),
            Mark.NUMBER,
        ),
        Section("Who can help", (Item("Family support worker", find=("At this centre", "01632 960 150")),)),
    ),
    foot="Rose Hill Children’s Centre",
)
ARABIC = Slip(
    heading="ملاحظاتي",
    day="21 نوفمبر 2026",
    title="اتصل بنا",
    sections=(Section("من يساعد", (Item("اتصل على 020 7946 0123 من 9:30 – 11:30"),)),),
    language="ar",
    mirrored=True,
)
