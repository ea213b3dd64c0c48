"""One moment as a finished short: framed, captioned, encoded (`python -m …`, see `worker`)."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine

from app.core.errors import ExportError
from app.core.faces import Faces
from app.core.reframe import Framed, frame_up
from app.core.timerange import TimeRange
from app.core.transcript import Transcript
from app.interchange.burned_captions import SpokenWord, burned_captions, seam_of
from app.local_service.analyses.tasks import RenderTask
from app.local_service.analyses.worker import Report, work
from app.media.probe import probe
from app.media.short import Short, render_short
from app.services import wire


def render(task: RenderTask, report: Report) -> None:
    """Write the short; the upload as it is, nothing cut out of the moment."""
    found = probe(task.source)
    span = TimeRange(task.start, max(task.start, min(task.end, found.duration)))
    if not span.duration:
        raise ExportError("This moment lies outside the film, so there is nothing to render.")
    faces, cuts = _seen(task)
    size = (found.video.width, found.video.height) if found.video else (16, 9)
    framed = frame_up(faces, cuts, size, span, task.framing)
    short = Short((span,), framed, _captions(task, span, framed))

    def told(stage: str, fraction: float | None) -> None:
        report(stage, fraction or 0.0)

    _RENDER.run(render_short(task.source, found, short, task.out, told))


class _Render:
    """The one render of this process, ended with all it started once nobody wants it any more."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None

    def run(self, story: Coroutine[None, None, None]) -> None:
        """Run it to its end; the process ends where it was cancelled."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._cancellable(story))
            except asyncio.CancelledError:
                os._exit(3)

    def end(self) -> None:
        """From another thread: cancel the render, or end the process where there is none yet."""
        task = self._task
        if task is None:
            os._exit(3)
        self._loop.call_soon_threadsafe(task.cancel)

    async def _cancellable(self, story: Coroutine[None, None, None]) -> None:
        self._task = asyncio.current_task()
        await story


def _seen(task: RenderTask) -> tuple[Faces | None, tuple[int, ...]]:
    if task.vision is None:
        return None, ()
    answer = wire.read(wire.VisionResultResponse, task.vision.read_bytes())
    found = answer.to_core(task.duration, "local")
    return found.faces, found.scenes.cuts


def _captions(task: RenderTask, span: TimeRange, crop: Framed) -> str:
    if task.words is None:
        return ""
    answer = wire.read(wire.TranscriptionResultResponse, task.words.read_bytes())
    said: Transcript = answer.to_core(task.duration, "local")
    heard = (said.words[i] for i in said.words_in(span))
    words = [SpokenWord(w.text, w.start, w.end) for w in heard]
    return burned_captions(words, (span,), right_to_left=said.right_to_left, seam=seam_of(crop))


_RENDER = _Render()

if __name__ == "__main__":
    sys.exit(work(RenderTask, render, _RENDER.end))
