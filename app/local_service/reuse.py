"""Answers that are at hand already, because the same bytes were analysed in another project."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import ServiceError
from app.local_service.analyses.worker import write_atomically
from app.local_service.projects import Projects
from app.local_service.shapes import Analysis, Project, Run
from app.services import wire

_TRANSCRIPT = ("text", "speakers", "utterances", "words")
_VISION = ("faces", "face_tracks", "scenes")


def at_hand(files: Projects, project: Project, analysis: Analysis) -> Project | None:
    """A project with the same bytes whose finished answer can be taken over whole."""
    for other in files.all:
        run = other.runs.get(analysis)
        if (
            other is not project
            and project.digest is not None
            and other.digest == project.digest
            and run is not None
            and run.status == "completed"
            and _enough(files, project, other, analysis, run)
        ):
            return other
    return None


def take_over(files: Projects, project: Project, analysis: Analysis, run: Run) -> bool:
    """Write the answer of `run` from another project's; False where none fits or is readable."""
    other = at_hand(files, project, analysis)
    if other is None or analysis == "retake_removal":
        return False
    if analysis == "transcript" and project.complete_token is None:
        asked = other.runs["transcript"].request
        if any(asked.get(k) != run.request.get(k) for k in ("language", "diarize")):
            return False
    try:
        _copy(files, other, project, analysis, run)
    except (OSError, ServiceError):
        # It was deleted or damaged: it is computed again.
        return False
    return True


def _enough(
    files: Projects, project: Project, other: Project, analysis: Analysis, run: Run
) -> bool:
    match analysis:
        case "vision":
            return set(_VISION) <= set(run.request.get("requested_outputs", ()))
        case "transcript":
            # Without captions of its own, a film for shorts takes whatever words there are.
            free = project.complete_token is not None and project.captions_name is None
            same = _bytes(files.captions(project)) == _bytes(files.captions(other))
            return (free or same) and files.full_transcript(other).exists()
        case "retake_removal":
            return False


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _copy(files: Projects, other: Project, project: Project, analysis: Analysis, run: Run) -> None:
    """The whole answer under this project's id, with the outputs that were asked for."""
    outputs: tuple[str, ...]
    whole: wire.TranscriptionResultResponse | wire.VisionResultResponse
    if analysis == "transcript":
        raw = files.full_transcript(other).read_bytes()
        whole, outputs = wire.read(wire.TranscriptionResultResponse, raw), _TRANSCRIPT
        whole.project_id = project.id
        write_atomically(files.full_transcript(project), wire.body(whole))
    else:
        raw = files.result(other, analysis).read_bytes()
        whole, outputs = wire.read(wire.VisionResultResponse, raw), _VISION
        whole.project_id = project.id
    wanted = set(run.request.get("requested_outputs", ()))
    if isinstance(whole, wire.VisionResultResponse) and not wanted & {"faces", "face_tracks"}:
        whole.asd = None
    for name in outputs:
        if name not in wanted:
            setattr(whole, name, None)
    write_atomically(files.result(project, analysis), wire.body(whole))
