"""How long an edit takes until it is painted, at 100,000 words, in the whole window.

The made film of ten hours is open in the real program. Each edit goes through its command (strike,
restore, undo, redo), the document's one door (a corrected word) or the mouse (one step of dragging
the edge of a cut), somewhere in the film that both panes show, and is timed to the end of the
events in which the timeline and the transcript have painted; of a step of dragging, the timeline
alone, as nothing is edited before the mouse is let go. `undo_mb_1000` is what Python holds
more after 1,000 edits than before (tracemalloc), with what the panes ask of the document asked
after each. `max_stall_ms` is the longest wait of a timer that ticks every millisecond while edits
are made, beyond that of the same window idle.
"""

from __future__ import annotations

import asyncio
import gc
import random
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.core.cut import cut
from app.core.edits import CorrectWord, Edit, Restore, Strike
from app.core.history import History
from app.core.proposals import proposals
from app.core.timerange import SECOND, TimeRange
from app.core.transcript import Word
from tests.benchmarks import big_project
from tests.benchmarks.big_window import (
    Painted,
    beyond_idle,
    in_window,
    options,
    outside_tasks,
    p99,
    platform,
)
from tests.benchmarks.report import report, summary
from tests.benchmarks.stalls import Stalls

if TYPE_CHECKING:
    from app.composition import Keeptake

SCALE = 30_000.0
"""Microseconds a pixel of the timeline: some 45 s are in view."""

PAUSE_S = 0.01
"""Between two edits, for what they left to be done."""

TIMES, QUICK_TIMES = 500, 120
STEPS = 1_000
KINDS = ("strike", "undo", "redo", "restore", "correct", "drag")


def main() -> None:
    """Print the figures as one JSON line; --quick makes 120 edits of each kind."""
    quick = options(__doc__).quick
    measured: dict[str, Any] = {}

    async def story(keeptake: Keeptake, stalls: Stalls) -> None:
        edits = Edits(keeptake, QUICK_TIMES if quick else TIMES)
        stall = await beyond_idle(stalls, edits.all())
        measured.update(times=edits.times, missed=edits.painted.missed, stall=stall)

    in_window(story)
    times: dict[str, list[float]] = measured["times"]
    cases = [{"edit": kind, "count": len(ms), **summary(ms)} for kind, ms in times.items()]
    figures = {f"{kind}_p99_ms": p99(ms) for kind, ms in times.items()}
    report(
        "edit_latency",
        [*cases, {"platform": platform(), "words": 100_000, "not_painted": measured["missed"]}],
        {**figures, "undo_mb_1000": round(undo_mb(), 2), **measured["stall"]},
        ["pyside6-essentials"],
    )


class Edits:
    """Makes edits all over the film; `times` has the milliseconds of each kind."""

    def __init__(self, keeptake: Keeptake, count: int) -> None:
        self._keeptake = keeptake
        self._count = count
        self._chance = random.Random(1)
        self.times: dict[str, list[float]] = {kind: [] for kind in KINDS}
        panes = keeptake.window.panes
        self.painted = Painted(panes.timeline, panes.transcript.text.viewport())
        self._dragged = Painted(panes.timeline)

    async def all(self) -> None:
        """Everything, one edit after the other."""
        keeptake = self._keeptake
        # Between the removals of the made project, which are 200 words apart.
        places = [200 * n + 150 for n in range(500)]
        self._chance.shuffle(places)
        for n, first in enumerate(places[: self._count]):
            await self._show(first)
            words = self._words()[first : first + 5]
            keeptake.selection.choose_words(TimeRange(words[0].start, words[-1].end))
            await asyncio.sleep(PAUSE_S)
            await self._command("strike", "remove_selection")
            await self._command("undo", "undo")
            await self._command("redo", "redo")
            if n % 4 == 0:
                await self._drag(words[-1].end)
            keeptake.selection.choose_words(TimeRange(words[0].start, words[-1].end))
            await asyncio.sleep(PAUSE_S)
            await self._command("restore", "restore_selection")
            edit = CorrectWord(first, f"{words[0].text}{n}")
            await self._timed("correct", partial(keeptake.review.do, edit))

    def _words(self) -> Sequence[Word]:
        review = self._keeptake.review.review
        assert review is not None
        assert review.evidence.transcript is not None
        return review.evidence.transcript.words

    async def _show(self, word: int) -> None:
        """Both panes show the word."""
        keeptake = self._keeptake
        at = self._words()[word].start
        keeptake.playback.seek(at)
        panes = keeptake.window.panes
        panes.timeline.restore_view(max(0, at - 15 * SECOND), SCALE, False)
        panes.transcript.select_span(TimeRange(at, at + SECOND))
        await asyncio.sleep(PAUSE_S)

    async def _command(self, kind: str, action: str) -> None:
        await self._timed(kind, lambda: self._keeptake.commands.run(action))

    async def _timed(self, kind: str, act: Callable[[], object]) -> None:
        review = self._keeptake.review
        before = review.review

        painted = self._dragged if kind == "drag" else self.painted

        def run() -> float:
            return painted.times(act)

        self.times[kind].append(await outside_tasks(run))
        assert kind == "drag" or review.review is not before, f"{kind} changed nothing"
        await asyncio.sleep(PAUSE_S)

    async def _drag(self, edge: int) -> None:
        """Eight steps of the end of the strike that was just made, and its release."""
        timeline = self._keeptake.window.panes.timeline
        x0 = timeline.shown.view.x_of(edge)
        found = next(
            (
                (x, y)
                for y in range(20, timeline.height(), 4)
                for x in (x0 + d for d in range(-6, 7))
                if (hit := timeline.shown.edge_at(x, y)) and hit[1] == "end"
            ),
            None,
        )
        assert found is not None, "the strike has no edge on the timeline"
        x, y = found
        self._mouse(QEvent.Type.MouseButtonPress, x, y)
        move = partial(self._mouse, QEvent.Type.MouseMove)
        for step in range(1, 9):
            await self._timed("drag", partial(move, x + 5 * step, y))
        self._mouse(QEvent.Type.MouseButtonRelease, x + 40, y)
        await asyncio.sleep(PAUSE_S)

    def _mouse(self, kind: QEvent.Type, x: float, y: float) -> None:
        timeline = self._keeptake.window.panes.timeline
        at = QPointF(x, y)
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind, at, QPointF(timeline.mapToGlobal(at.toPoint())),
            none if kind == QEvent.Type.MouseMove else left,
            none if kind == QEvent.Type.MouseButtonRelease else left,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(timeline, event)


def undo_mb(steps: int = STEPS, hours: int = 10) -> float:
    """Megabytes that `steps` edits of all kinds hold, as one document's history."""
    history = History(big_project.review(hours))
    said = history.current.evidence.transcript
    assert said is not None
    chance = random.Random(2)

    def look() -> None:
        cut(history.current)
        proposals(history.current)

    look()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for n in range(steps):
        first = chance.randrange(len(said.words) - 10)
        span = TimeRange(said.words[first].start, said.words[first + 5].end)
        edit: Edit = CorrectWord(first, f"word{n}")
        if n % 3:
            edit = Strike(span) if n % 3 == 1 else Restore(span)
        history = history.do(edit)
        look()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return held / 1_000_000


if __name__ == "__main__":
    main()
