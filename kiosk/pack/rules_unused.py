"""What lies in a pack and no parent ever sees: pages that nothing opens, figures that no words name, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath

from kiosk.flow.model import OpensKind
from kiosk.pack.draft import find_opens
from kiosk.pack.facts import KEEP_DAYS, find_facts_in
from kiosk.pack.model import Pack
from kiosk.pack.notices import find_pictures
from kiosk.pack.sources import find_files, name_in
from kiosk.pack.texts import find_shown_texts
from kiosk.pack.tree import Remarks

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff", ".heic")


def find_unused(pack: Pack) -> Remarks:
    """Yield pages, checklists and flows that nothing opens, and facts that nothing names."""
    opened = {(opens.kind, opens.target) for _, _, opens in find_opens(pack)}
    named = {fact_id for text in find_shown_texts(pack) for fact_id in find_facts_in(text.words)}
    named |= {helper.phone for helper in pack.helpers.values()}
    named |= {target for kind, target in opened if kind is OpensKind.WEB} | {KEEP_DAYS}
    for kind, folder, ids in (
        (OpensKind.PAGE, "pages", pack.pages),
        (OpensKind.CHECKLIST, "checklists", pack.checklists),
        (OpensKind.FLOW, "flows", pack.flows),
    ):
        for each in ids:
            if (kind, each) not in opened:
                remedy = f"Write open: {kind}/{each} under a step, or delete the file."
                yield (f"{folder}/{each}.yaml",), f"Nothing opens this {kind}, so no parent sees it.", remedy
    for fact_id in pack.facts:
        if fact_id not in named:
            remedy = f"Write {{fact:{fact_id}}} where it belongs, or take it out."
            yield ("facts.yaml", fact_id), f'No words name the fact "{fact_id}".', remedy


def find_unused_pictures(pack: Pack, folder: FilePath) -> Iterator[FilePath]:
    """Yield the picture files of a folder that no notice shows; what else is drawn are icons, by their names."""
    shown = {picture for _, _, picture in find_pictures(pack.notices.values())}
    files = ((file, name_in(folder, file)) for file in find_files(folder))
    return (file for file, name in files if name.lower().endswith(PICTURES) and name not in shown)
