"""From a path to a document: probe, index, find the project, read back what was found before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from app.core.errors import KeeptakeError, MediaError
from app.core.late import late
from app.core.review import DEFAULT_PADDING, Decisions, Evidence, Footage, Retakes, Review
from app.core.transcript import Transcript
from app.services.store import SUFFIX, Project, Store
from app.state.kept_answers import read_back
from app.state.looking import look_at
from app.state.missing_video import video_of

if TYPE_CHECKING:
    from app.interchange import file_text
    from app.media.probe import Probe
    from app.playback import film_notices
    from app.services import wire, wire_shorts_raw
    from app.services.parsing import Parser
else:
    file_text = late("app.interchange.file_text")
    film_notices = late("app.playback.film_notices")
    wire = late("app.services.wire")
    wire_shorts_raw = late("app.services.wire_shorts_raw")

CAPTION_SUFFIXES = (".json", ".vtt", ".srt", ".ass")
"""Files of the video's own name with one of these hold its captions, best first."""

MAX_CAPTIONS = 50_000_000
"""Bytes of a captions file that are read; more is not a captions file."""


@dataclass(frozen=True)
class Opened:
    """A video with its project. notices: sentences about what could not be read back."""

    project: Project
    probe: Probe
    review: Review
    notices: tuple[str, ...] = ()


async def open_path(
    store: Store,
    parser: Parser,
    path: Path,
    padding: int = DEFAULT_PADDING,
    video: Path | None = None,
) -> Opened:
    """Open a video or a `.keeptake` project. Raises MediaError or StoreError; nothing is kept open.

    padding: what the person set, for a film nothing was decided about yet. video: what the person
    says the project's video is now. Without it, raises VideoGone where it is nowhere to be found.
    """
    if path.suffix.lower() == SUFFIX:
        project = await _held(lambda: store.open_file(path))
        try:
            was, now = project.video, video
            if now is None:
                now = await asyncio.to_thread(video_of, project.meta, path)
            probed, footage, key = await asyncio.to_thread(look_at, store.prepared, now)
            if now != was or key != project.meta.content_key:
                # A film, for it was probed: only then does the project take it for its own.
                await asyncio.to_thread(project.relink, now, key)
            opened = await _with_evidence(store, parser, project, probed, footage, padding)
            if video is None and now != was:
                moved = f"The video was not at “{was}” any more; it was found at “{now}”."
                opened = replace(opened, notices=(moved, *opened.notices))
            return opened
        except BaseException:
            await asyncio.to_thread(project.close)
            raise
    probed, footage, key = await asyncio.to_thread(look_at, store.prepared, path)
    project = await _held(lambda: store.open_for(path, key, footage))
    try:
        return await _with_evidence(store, parser, project, probed, footage, padding)
    except BaseException:
        await asyncio.to_thread(project.close)
        raise


async def _held(open_project: Callable[[], Project]) -> Project:
    """Open it in a thread; where the story is cancelled meanwhile, it is closed again."""
    opening = asyncio.create_task(asyncio.to_thread(open_project))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        with suppress(KeeptakeError):
            project = await opening
            await asyncio.to_thread(project.close)
        raise


def captions_beside(video: Path, language: str | None = None) -> tuple[str, str] | None:
    """Name and text of a captions file of the video's own name, or None.

    language: what the person chose, for a file of the time before UTF-8.
    """
    for suffix in CAPTION_SUFFIXES:
        beside = video.with_suffix(suffix)
        try:
            if beside.is_file() and beside.stat().st_size <= MAX_CAPTIONS:
                return beside.name, file_text.text_of(beside.name, beside.read_bytes(), language)[0]
        except (OSError, MediaError):
            continue
    return None


async def _with_evidence(
    store: Store, parser: Parser, project: Project, probed: Probe, footage: Footage, padding: int
) -> Opened:
    decisions = project.decisions
    if decisions == Decisions():
        decisions = replace(decisions, padding=padding)
    review = Review(Evidence(footage), decisions)
    notices = [project.notice] if project.notice else []
    notices.extend(film_notices.film_notices(probed))
    heads = {head.kind: head for head in await asyncio.to_thread(project.heads)}
    for kind in get_args(wire.Kind):
        if (head := heads.get(kind)) is None:
            continue
        try:
            value = await read_back(store, parser, project, head, footage.duration)
        except KeeptakeError as problem:
            notices.append(f"A kept answer could not be read back. {problem}")
            continue
        review = review.received(**found(value))
    if (head := heads.get("moments")) is not None:
        try:
            raw = await asyncio.to_thread(project.raw_answer, head)
            moments = await asyncio.to_thread(wire_shorts_raw.unpack, raw, footage.duration)
            review = review.received(moments=moments)
        except KeeptakeError as problem:
            notices.append(f"The kept moments could not be read back. {problem}")
    return Opened(project, probed, review, tuple(notices))


def found(value: Transcript | wire.Vision | Retakes) -> dict[str, object]:
    """A parsed answer as the fields of Evidence that it fills."""
    match value:
        case Transcript():
            return {"transcript": value}
        case Retakes():
            return {"retakes": value}
        case _:
            fields: dict[str, object] = {}
            if value.faces is not None:
                fields["faces"] = value.faces
            if value.scenes is not None:
                fields["scenes"] = value.scenes
            return fields
