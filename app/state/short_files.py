"""Where finished shorts lie: which have gone, and finding them again in another folder."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.late import late

if TYPE_CHECKING:
    from app.services import short_names, shorts_ledger
    from app.services.ledger import Journal
    from app.services.shorts_ledger import Clip, RenderRecord
else:
    short_names = late("app.services.short_names")
    shorts_ledger = late("app.services.shorts_ledger")


class ShortFiles:
    """Looks at the disk in a thread; `gone` holds the paths that were not there last time."""

    def __init__(self) -> None:
        self.gone: frozenset[str] = frozenset()
        self._latest: Journal | None = None

    async def look(
        self, journal: Journal, records: Sequence[RenderRecord], folders: Sequence[Path]
    ) -> bool:
        """Look for every finished short, also in `folders`; True where something is different."""
        before, self._latest = self.gone, journal
        gone, moved = await asyncio.to_thread(_look, journal, records, folders)
        if self._latest is not journal:
            return False  # another film was opened meanwhile
        self.gone = gone
        return moved or gone != before


def _look(
    journal: Journal, records: Sequence[RenderRecord], folders: Sequence[Path]
) -> tuple[frozenset[str], bool]:
    gone: set[str] = set()
    moved = False
    for record, clip in _finished(records):
        found = short_names.locate(clip, folders)
        if found is None:
            gone.add(clip.path)
        elif str(found) != clip.path:
            # The person moved the folder: remembered, so that it is found at once next time.
            ledger = shorts_ledger.ShortsLedger(journal, record.service)
            ledger.note_clip(record.id, clip.key, path=str(found))
            moved = True
    return frozenset(gone), moved


def _finished(records: Sequence[RenderRecord]) -> list[tuple[RenderRecord, Clip]]:
    return [(r, c) for r in records for c in r.clips if c.state == "downloaded" and c.path]
