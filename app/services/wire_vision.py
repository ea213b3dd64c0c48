"""The shapes of vision (contract A5), and what they become in `app.core`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NotRequired, Self

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationInfo, with_config
from typing_extensions import TypedDict

from app.core.faces import NO_CLUSTER, NO_TRACK, Box, FaceColumns, Faces, FaceTrack
from app.core.scenes import Scenes
from app.core.timerange import to_seconds
from app.services.wire_shapes import I32, Answer, Loose, Result, Service, read, us
from app.services.wire_slices import in_slices

_LEAN = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)
"""As `Answer`, but unknown fields stay in the raw answer alone."""


LARGE = 1_000_000
"""Bytes from which an answer is read in slices."""

SLICE = 2_000
"""Frames read at a time: some 400 kB of JSON."""


@with_config(_LEAN)
class Detection(TypedDict):
    """One face: `box` is [x1, y1, x2, y2], 0 to 1 of the frame.

    A dict, as the frames are: a film of 8 h has 288,000, and as models they took thrice as long.
    """

    box: tuple[float, float, float, float]
    score: NotRequired[float | None]
    track_id: NotRequired[I32 | None]
    cluster_id: NotRequired[I32 | None]
    speak_conf: NotRequired[float | None]


@with_config(_LEAN)
class FaceFrame(TypedDict):
    """One sampled frame, faces or none; `t` in seconds."""

    t: float
    detections: NotRequired[list[Detection] | None]


class FaceTrackSummary(Answer):
    """One continuous appearance; seconds and normalised area."""

    track_id: I32
    cluster_id: I32 | None = None
    frame_count: int = 0
    start_t: float
    end_t: float
    median_box_area: float = 0.0


class SceneFrame(Answer):
    """One side of a cut."""

    pts: int | None = None
    timestamp: Loose = None


class Scene(Answer):
    """Start of a scene, in either of the two shapes seen."""

    timestamp: Loose = None
    before_frame: SceneFrame | None = None
    after_frame: SceneFrame | None = None

    @property
    def start(self) -> float | None:
        """Seconds, or None where neither shape gives a finite number."""
        if self.timestamp is not None:
            return self.timestamp
        return self.after_frame.timestamp if self.after_frame else None


class VisionAsdStatus(Answer):
    """Whether active speakers were looked for, and why not."""

    ran: bool
    reason: str | None = None
    assigned: int | None = None
    carried: int | None = None


@dataclass(frozen=True, eq=False)
class Vision:
    """What a vision answer becomes: faces, scenes, and whether speaking faces were told apart.

    asd_ran: None where the service says nothing about it.
    """

    faces: Faces
    scenes: Scenes
    asd_ran: bool | None = None
    asd_reason: str = ""


class VisionResultResponse(Result):
    """Contract A5."""

    analysis: str = "vision"
    agent_context: dict[str, Any] | None = None
    faces: list[FaceFrame] | None = None
    face_tracks: list[FaceTrackSummary] | None = None
    scenes: list[Scene] | None = None
    asd: VisionAsdStatus | None = None

    @classmethod
    def of(cls, found: Vision, project_id: str = "", status: str = "completed") -> Self:
        """The answer that holds `found`; `to_core` reads the same from it."""
        faces = found.faces
        asd = None
        if found.asd_ran is not None:
            asd = VisionAsdStatus(ran=found.asd_ran, reason=found.asd_reason or None)
        return cls(
            project_id=project_id,
            status=status,
            faces=[
                FaceFrame(t=to_seconds(t), detections=[_detection(b) for b in faces.frame(k)])
                for k, t in enumerate(faces.times)
            ],
            face_tracks=[_summary(t) for t in faces.tracks],
            scenes=[Scene(timestamp=to_seconds(c)) for c in found.scenes.cuts],
            asd=asd,
        )

    def to_core(self, duration: int, service: Service = "nanoclip") -> Vision:  # noqa: ARG002
        """Faces as columns and scene cuts; times clamped to `[0, duration]` microseconds."""
        columns = _Columns(duration)
        for frame in self.faces or ():
            columns.take(frame)
        return self.with_faces(columns.found, duration)

    def with_faces(self, columns: FaceColumns, duration: int) -> Vision:
        """As `to_core`, with what was collected of `faces`."""
        tracks = (_track(t, duration) for t in self.face_tracks or ())
        starts = (s.start for s in self.scenes or ())
        cuts = (us(s, duration) for s in starts if s is not None)
        asd = self.asd
        return Vision(
            columns.faces(tracks),
            Scenes.of(cuts, duration),
            asd.ran if asd else None,
            (asd.reason or "") if asd else "",
        )


def land(raw: bytes, duration: int) -> tuple[VisionResultResponse, Vision | None]:
    """An answer without its frames, and its core value once it is completed.

    Each frame goes into the columns as soon as it is validated, so that the hundreds of thousands
    are never there at once. Raises ServiceError as `read` does.
    """
    found = _land_in_slices(raw, duration) if len(raw) > LARGE else None
    if found is None:
        columns = _Columns(duration)
        found = read(_Landing, raw, columns), columns
    answer, columns = found
    done = answer.state == "completed"
    return answer, answer.with_faces(columns.found, duration) if done else None


def _land_in_slices(raw: bytes, duration: int) -> tuple[_Landing, _Columns] | None:
    """As `read`, a few frames of JSON at a time: all of them at once would take 200 MB.

    None where anything is not as it should be: read whole, it is refused by its name and place.
    """
    columns = _Columns(duration)

    def take(part: str) -> None:
        _frames().validate_json(part, context=columns)

    try:
        rest = in_slices(raw.decode(), "faces", SLICE, take)
        if rest is not None:
            return _Landing.model_validate_json(rest, context=columns), columns
    except (ValueError, RecursionError):  # ValidationError and UnicodeDecodeError are ValueErrors
        pass
    return None


class _Columns:
    """Takes frames; a face without an area, or outside the picture, is left out."""

    def __init__(self, duration: int) -> None:
        self._duration = duration
        self.found = FaceColumns()

    def take(self, frame: FaceFrame) -> None:
        add = self.found.add
        for d in frame.get("detections") or ():
            x1, y1, x2, y2 = d["box"]
            if not (0.0 <= x1 < x2 <= 1.0 and 0.0 <= y1 < y2 <= 1.0):
                x1, x2 = sorted((_clamped(x1), _clamped(x2)))
                y1, y2 = sorted((_clamped(y1), _clamped(y2)))
                if x1 == x2 or y1 == y2:
                    continue
            score, track = d.get("score"), d.get("track_id")
            add(
                (x1, y1, x2, y2),
                1.0 if score is None else score,
                NO_TRACK if track is None else track,
                _cluster(d.get("cluster_id")),
                d.get("speak_conf"),
            )
        self.found.end_frame(us(frame["t"], self._duration))


def _taken(frame: FaceFrame, info: ValidationInfo) -> None:
    assert isinstance(info.context, _Columns)
    info.context.take(frame)


class _Landing(VisionResultResponse):
    """The answer whose validated frames go to the context, and nowhere else."""

    faces: list[Annotated[FaceFrame, AfterValidator(_taken)]] | None = None


@cache
def _frames() -> TypeAdapter[list[FaceFrame]]:
    return TypeAdapter(list[Annotated[FaceFrame, AfterValidator(_taken)]])


def _clamped(v: float) -> float:
    return min(1.0, max(0.0, v))


def _cluster(given: int | None) -> int:
    return NO_CLUSTER if given is None or given < 0 else given


def _track(t: FaceTrackSummary, duration: int) -> FaceTrack:
    start, end = sorted((us(t.start_t, duration), us(t.end_t, duration)))
    area = min(1.0, max(0.0, t.median_box_area))
    return FaceTrack(t.track_id, _cluster(t.cluster_id), start, end, t.frame_count, area)


def _detection(b: Box) -> Detection:
    # The columns hold 32-bit floats: six digits are all that is known.
    x1, y1, x2, y2 = (round(v, 6) for v in (b.x1, b.y1, b.x2, b.y2))
    found = Detection(
        box=(x1, y1, x2, y2), score=round(b.score, 6), track_id=b.track, cluster_id=b.cluster
    )
    if b.speaking is not None:
        found["speak_conf"] = round(b.speaking, 6)
    return found


def _summary(t: FaceTrack) -> FaceTrackSummary:
    return FaceTrackSummary(
        track_id=t.track,
        cluster_id=t.cluster,
        frame_count=t.frame_count,
        start_t=to_seconds(t.start),
        end_t=to_seconds(t.end),
        median_box_area=round(t.median_area, 6),
    )
