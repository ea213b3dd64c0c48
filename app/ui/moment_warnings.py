"""What is to be said before a moment is rendered, looked for between two paints and kept; no Qt."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.giving_way import giving_way
from app.core.moment_checks import Warn, checks, prepare, removed_in
from app.core.moments import Framing, PlacedMoment
from app.core.review import Evidence, Review
from app.core.timerange import Ranges, TimeRange

SLICE = 0.004
"""Seconds of the window's thread that are taken at a time."""


@dataclass(frozen=True, eq=False)
class _Known:
    """Warnings, and everything they followed from."""

    span: TimeRange
    channels: tuple[tuple[str, float], ...]
    framing: Framing
    evidence: Evidence
    removed: Ranges
    found: tuple[Warn, ...]

    def holds(self, review: Review, moment: PlacedMoment, framing: Framing) -> bool:
        old, new = self.evidence, review.evidence
        return (
            (self.span, self.channels, self.framing) == (moment.span, moment.channels, framing)
            and old.transcript is new.transcript
            and old.faces is new.faces
            and old.scenes is new.scenes
            and self.removed == removed_in(review, moment.span)
        )


class MomentWarnings:
    """Warnings by moment; those of hundreds of moments are looked for a few at a time."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def of(self, key: str, *, but: str = "") -> tuple[str, ...]:
        """What is known of a moment so far; warnings of the kind `but` aside."""
        known = self._known.get(key)
        return tuple(w.text for w in known.found if w.kind != but) if known else ()

    async def look(
        self,
        review: Review,
        moments: Sequence[PlacedMoment],
        framing: Framing,
        told: Callable[[], None],
    ) -> None:
        """Look at every moment that is not known as it is now; `told` where any differ."""
        # Reading all sentences takes a tenth of a second where there are a hundred thousand words.
        with giving_way():
            await asyncio.to_thread(prepare, review)
        began, different = time.monotonic(), False
        for moment in moments:
            known = self._known.get(moment.key)
            if known is None or not known.holds(review, moment, framing):
                found = checks(review, moment, framing)
                different |= found != (known.found if known else ())
                self._known[moment.key] = _Known(
                    moment.span, moment.channels, framing, review.evidence,
                    removed_in(review, moment.span), found,
                )  # fmt: skip
            if time.monotonic() - began > SLICE:
                await asyncio.sleep(0)
                began = time.monotonic()
        if different:
            told()

    def forget(self) -> None:
        """As when another film is opened."""
        self._known.clear()
