"""What the processes of the shorts contract are told; light, since the service imports it."""

from __future__ import annotations

from pathlib import Path

from app.core.moments import Framing
from app.local_service.analyses.worker import Task
from app.services.wire_shorts import ShortsSettings


class MomentsTask(Task):
    """words, vision: whole answers of the transcript and of the vision, where there are any."""

    has_audio: bool = True
    words: Path | None = None
    vision: Path | None = None
    settings: ShortsSettings = ShortsSettings()


class RenderTask(Task):
    """One clip: `start` and `end` of the source in microseconds; words: to be burned in."""

    start: int
    end: int
    words: Path | None = None
    vision: Path | None = None
    framing: Framing = "subject"
