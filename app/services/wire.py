"""The NanoClip contract as shapes: requests, answers, errors, and what they become in `app.core`.

Both sides use them: the client reads answers leniently (unknown fields kept, absent and null alike,
unknown states still pending), the local service writes them with `body`. No HTTP here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.core.errors import ServiceError
from app.core.faces import NO_CLUSTER, Box, Faces, FaceTrack
from app.core.retake_evidence import clean_intervals, read_spans
from app.core.review import Retakes, RetakeWord
from app.core.scenes import Scenes
from app.core.timerange import SECOND, Ranges, TimeRange, complement, merge, to_seconds
from app.core.transcript import Origin, Speaker, Transcript, Utterance, Word
from app.services.redact import redact

Service = Literal["nanoclip", "local"]
"""Who answered; never an address."""

Kind = Literal["transcript", "vision", "retakes"]
"""Name of an analysis inside this program; the wire calls the last one "retake_removal"."""

Language = Literal[
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu",
    "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk",
]  # fmt: skip
LANGUAGES: tuple[str, ...] = get_args(Language)
TranscriptOutput = Literal["text", "speakers", "utterances", "words"]
VisionOutput = Literal["faces", "face_tracks", "scenes"]

VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")
AUDIO_TYPES = (
    "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/wav", "audio/x-wav",
    "audio/flac", "audio/x-flac", "audio/ogg", "audio/webm",
)  # fmt: skip
DEFAULT_MAX_UPLOAD = 1_000_000_000
"""Bytes, where `/v1/me` was not asked: "1 GB" read as the smaller of its two meanings."""

LOCAL_ORIGINS: tuple[Origin, ...] = ("captions", "subtitle track", "recognised", "imported")
"""What the local service may put into `agent_context["origin"]` of a transcript."""

AGENT_CONTEXT = {
    "time_unit": "seconds",
    "time_origin": "start of source video",
    "speaker_ids": "stable within this transcript response",
    "word_indices": "word_start_idx is inclusive; word_end_idx is exclusive",
}
"""NanoClip's own field notes, which a transcript made here carries too."""

_I32 = Annotated[int, Field(ge=-(2**31), lt=2**31)]


def _finite_or_none(value: object) -> object:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if number and math.isfinite(float(value)) else None  # type: ignore[arg-type]


Loose = Annotated[float | None, BeforeValidator(_finite_or_none)]
"""Seconds whose item is skipped, not refused, where they are no finite number."""


class Request(BaseModel):
    """A request body as the service must accept it; wrong types are a 422."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, defer_build=True)


class Answer(BaseModel):
    """An answer: types strict, unknown fields kept, NaN and infinity refused."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False, defer_build=True)


class UploadProjectRequest(Request):
    """Contract A3.1."""

    filename: str = Field(min_length=1, max_length=255)
    content_type: str = Field(min_length=1, max_length=255)
    size_bytes: int | None = Field(default=None, gt=0)


class TranscriptionRequest(Request):
    """Contract A4; `diarize` is billed apart."""

    language: Language
    requested_outputs: list[TranscriptOutput] = list(get_args(TranscriptOutput))
    diarize: bool = False


class FaceDetectionRequest(Request):
    """Contract A5; the body is required, its field is not."""

    requested_outputs: list[VisionOutput] = list(get_args(VisionOutput))


class RetakeRemovalRequest(Request):
    """Contract A6: one field, and any other is a 422."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="forbid")
    language: Language


class ProjectSource(Answer):
    """What was uploaded. `url` is neither fetched nor logged."""

    type: str
    filename: str | None = None
    content_type: str | None = None
    media_kind: str | None = None
    size_bytes: int | None = None
    url: str | None = None


class UploadProjectResponse(Answer):
    """Contract A3.1: a new project and the signed address for its bytes."""

    project_id: str
    status: str
    created_at: str
    source: ProjectSource
    upload_url: str = Field(repr=False)
    upload_headers: dict[str, str] = Field(repr=False)
    upload_expires_in_seconds: int


class ProjectDetailResponse(Answer):
    """Contract A3.4; the measures are null until the upload was completed."""

    project_id: str
    status: str
    created_at: str
    source: ProjectSource
    duration: float | None = None
    source_size_bytes: int | None = None
    width: int | None = None
    height: int | None = None


class CompleteUploadResponse(ProjectDetailResponse):
    """Contract A3.3: what was found in the uploaded bytes; `duration` is the billing basis."""

    source_size_bytes: int
    duration: float


class Command(Answer):
    """A 202: the analysis was accepted, or existed already and may even be completed."""

    project_id: str
    analysis: str
    status: str
    created_at: str


class TranscriptCommandResponse(Command):
    """Contract A4."""

    analysis: Literal["transcript"] = "transcript"
    requested_outputs: list[str]


class VisionCommandResponse(Command):
    """Contract A5."""

    analysis: Literal["vision"] = "vision"
    requested_outputs: list[str]


class RetakeRemovalCommandResponse(Command):
    """Contract A6."""

    analysis: Literal["retake_removal"] = "retake_removal"


class Result(Answer):
    """The state of an analysis, read from its GET.

    progress: 0 to 1, and stage: a few words; both are the local service's own.
    """

    project_id: str
    status: str
    error: str | None = None
    progress: float | None = None
    stage: str | None = None

    @property
    def state(self) -> Literal["pending", "completed", "failed"]:
        """`queued`, `processing`, `running` and every unknown word are pending."""
        match self.status:
            case "completed":
                return "completed"
            case "failed":
                return "failed"
            case _:
                return "pending"


class TranscriptWord(Answer):
    """Seconds. `estimated` is the local service's own: the time is a share of its cue."""

    text: str
    start: float
    end: float
    speaker: int | None = None
    confidence: float | None = None
    estimated: bool | None = None


class TranscriptUtterance(Answer):
    """A turn; `word_start_idx` inclusive, `word_end_idx` exclusive."""

    speaker: int | None = None
    start: float
    end: float
    text: str | None = None
    word_start_idx: int | None = None
    word_end_idx: int | None = None


class TranscriptSpeaker(Answer):
    """Totals of one voice."""

    speaker: int | None = None
    total_duration: float | None = None
    utterance_count: int | None = None


class TranscriptionResultResponse(Result):
    """Contract A4. The local service says where words came from in `agent_context["origin"]`."""

    analysis: str = "transcript"
    language: str | None = None
    agent_context: dict[str, Any] | None = None
    text: str | None = None
    words: list[TranscriptWord] | None = None
    utterances: list[TranscriptUtterance] | None = None
    speakers: list[TranscriptSpeaker] | None = None

    @classmethod
    def of(cls, found: Transcript, project_id: str = "", status: str = "completed") -> Self:
        """The answer that holds `found`; `to_core(…, "local")` reads the same from it."""
        return cls(
            project_id=project_id,
            status=status,
            language=found.language,
            agent_context={**AGENT_CONTEXT, **found.notes, "origin": found.origin},
            text=found.text,
            words=[_wire_word(w) for w in found.words],
            utterances=[_wire_utterance(u, found) for u in found.utterances],
            speakers=[
                TranscriptSpeaker(
                    speaker=s.speaker,
                    total_duration=to_seconds(s.total_duration),
                    utterance_count=s.utterance_count,
                )
                for s in found.speakers
            ],
        )

    def to_core(self, duration: int, service: Service = "nanoclip") -> Transcript:
        """The transcript, times clamped to `[0, duration]` microseconds, words in given order."""
        words = tuple(_word(w, duration) for w in self.words or ())
        notes = {k: str(v) for k, v in (self.agent_context or {}).items()}
        said = notes.get("origin")
        local: Origin = "captions"
        local = next((o for o in LOCAL_ORIGINS if o == said), local)
        bare = Transcript(
            words,
            language=self.language,
            text=self.text or " ".join(w.text for w in words),
            origin="nanoclip" if service == "nanoclip" else local,
            notes=notes,
            speakers=tuple(
                Speaker(s.speaker, _us(s.total_duration or 0, duration), s.utterance_count or 0)
                for s in self.speakers or ()
                if s.speaker is not None
            ),
        )
        turns = tuple(t for u in self.utterances or () if (t := _utterance(u, bare, duration)))
        return replace(bare, utterances=turns)


class Detection(Answer):
    """One face: `box` is [x1, y1, x2, y2], 0 to 1 of the frame."""

    box: tuple[float, float, float, float]
    score: float | None = None
    track_id: _I32 | None = None
    cluster_id: _I32 | None = None
    speak_conf: float | None = None


class FaceFrame(Answer):
    """One sampled frame, faces or none; `t` in seconds."""

    t: float
    detections: list[Detection] | None = None


class FaceTrackSummary(Answer):
    """One continuous appearance; seconds and normalised area."""

    track_id: _I32
    cluster_id: _I32 | None = None
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
        frames = (
            (_us(f.t, duration), [b for d in f.detections or () if (b := _box(d))])
            for f in self.faces or ()
        )
        tracks = (_track(t, duration) for t in self.face_tracks or ())
        starts = (s.start for s in self.scenes or ())
        cuts = (_us(s, duration) for s in starts if s is not None)
        asd = self.asd
        return Vision(
            Faces.of(frames, tracks),
            Scenes.of(cuts, duration),
            asd.ran if asd else None,
            (asd.reason or "") if asd else "",
        )


class RetakeRemovalWord(Answer):
    """A word by the service's own index `i`; seconds. Never joined to transcript words by index."""

    i: int
    start: float
    end: float
    text: str
    confidence: float | None = None
    source: str = ""


class RetakeRemovalSpan(Answer):
    """Words to remove; whether the end is inclusive is not documented."""

    remove_word_start: int
    remove_word_end: int


class RetakeRemovalKeepInterval(Answer):
    """What to keep, in seconds."""

    start: Loose = None
    end: Loose = None


class SaidAgain(Answer):
    """The local service's own, in seconds: a gap, and the range that says it again."""

    start: float
    end: float
    again_start: float
    again_end: float


class RetakeRemovalResultResponse(Result):
    """Contract A6; `said_again` and `origin` are the local service's own."""

    words: list[RetakeRemovalWord] | None = None
    remove_spans: list[RetakeRemovalSpan] | None = None
    keep_intervals: list[RetakeRemovalKeepInterval] | None = None
    said_again: list[SaidAgain] | None = None
    origin: str | None = None

    @classmethod
    def of(cls, found: Retakes, project_id: str = "", status: str = "completed") -> Self:
        """The answer that holds `found`; `to_core(…, "local")` reads the same from it."""
        return cls(
            project_id=project_id,
            status=status,
            words=[_wire_retake_word(w) for w in found.words],
            remove_spans=[
                RetakeRemovalSpan(remove_word_start=a, remove_word_end=b)
                for a, b in found.remove_spans
            ],
            keep_intervals=[
                RetakeRemovalKeepInterval(start=to_seconds(k.start), end=to_seconds(k.end))
                for k in found.keep_intervals
            ],
            said_again=[_wire_said_again(gap, kept) for gap, kept in found.said_again.items()],
            origin=found.origin,
        )

    def to_core(self, duration: int, service: Service = "nanoclip") -> Retakes:
        """The retakes, cleaned by the rules of contract section 4, 1 to 6; times microseconds.

        Raises ServiceError where a completed answer holds none of its three lists.
        """
        if self.words is None and self.remove_spans is None and self.keep_intervals is None:
            raise ServiceError(
                "The retake analysis is finished but its answer holds no result.",
                "Nothing was changed. Ask the service's support before paying for it again.",
                self.model_dump_json()[:2000],
            )
        warnings: list[str] = []
        words = tuple(_retake_word(w, duration) for w in self.words or ())
        spans = _spans(self.remove_spans or (), words, warnings)
        keep = _keep(self.keep_intervals or (), duration, warnings)
        reading = read_spans(words, spans, keep)
        if not keep:
            keep = _rebuilt(words, spans, duration)
            warnings.append("No keep intervals came: they were made from words and spans.")
        origin: Literal["nanoclip", "local service", "transcript"] = "nanoclip"
        if service == "local":
            origin = "transcript" if self.origin == "transcript" else "local service"
        again = dict(_said_again(s, duration) for s in self.said_again or ())
        return Retakes(words, spans, keep, reading, origin, again, tuple(warnings))


class MeWorkspace(Answer):
    """Whose credit is spent."""

    id: str
    name: str | None = None


class MeApiKey(Answer):
    """The key as far as it may be shown."""

    prefix: str
    scopes: list[str]
    name: str | None = None


class MeLimits(Answer):
    """The running limits; prefer them to the documented defaults."""

    requests_per_minute_per_key: int
    projects_per_day: int
    analysis_commands_per_day: int
    max_upload_bytes: int


class MeUsageToday(Answer):
    """What was used since the last reset."""

    projects_created: int
    analysis_commands: int
    day_resets_at: str


class MePricing(Answer):
    """Cents."""

    transcript_per_uploaded_hour_cents: int
    diarization_addon_per_hour_cents: int
    vision_per_minute_cents: int
    retake_removal_per_minute_cents: int


class MeBilling(Answer):
    """A null balance means that billing is switched off, not that it is zero."""

    credit_balance_cents: int | None = None
    currency: str
    pricing: MePricing


class MeResponse(Answer):
    """Contract A9, `GET /v1/me`."""

    workspace: MeWorkspace
    api_key: MeApiKey
    limits: MeLimits
    usage_today: MeUsageToday
    billing: MeBilling
    agent_context: dict[str, Any] | None = None


class ErrorItem(Answer):
    """One refused field of a 422."""

    loc: list[str | int] = []
    msg: str = ""
    type: str = ""


class ErrorBody(Answer):
    """Contract A8: `detail` is a string, or a list for a 422."""

    detail: str | list[ErrorItem] = ""
    MAX_SHOWN: ClassVar[int] = 400

    @property
    def said(self) -> str:
        """What the service says is wrong, as one short line of plain text."""
        if isinstance(self.detail, str):
            return self.detail[: self.MAX_SHOWN]
        parts = (f"{'.'.join(map(str, e.loc))}: {e.msg}".strip(": ") for e in self.detail)
        return "; ".join(parts)[: self.MAX_SHOWN]


class CaptionsRequest(Request):
    """Of the local service alone: captions found beside the video, `POST …/captions`."""

    filename: str = Field(min_length=1, max_length=255)
    text: str


AnyModel = TypeVar("AnyModel", bound=BaseModel)
_RESULTS: dict[
    Kind,
    type[TranscriptionResultResponse]
    | type[VisionResultResponse]
    | type[RetakeRemovalResultResponse],
] = {
    "transcript": TranscriptionResultResponse,
    "vision": VisionResultResponse,
    "retakes": RetakeRemovalResultResponse,
}


def body(model: BaseModel) -> bytes:
    """JSON as the contract wants it: what is None is left out, since lists may not be null."""
    return model.model_dump_json(exclude_none=True).encode()


def read(shape: type[AnyModel], raw: bytes) -> AnyModel:
    """An answer's bytes as `shape`; raises ServiceError where they are not JSON or not that."""
    try:
        return shape.model_validate_json(raw)
    except ValidationError as error:
        kinds = {e["type"] for e in error.errors(include_url=False, include_context=False)}
        what = "is not JSON" if "json_invalid" in kinds else "is not what its contract says"
        raise ServiceError(
            f"The service answered something that {what}.",
            "Nothing was lost. Try again; if it stays, the service or this program must change.",
            redact(f"{error}\n\n{raw[:2000].decode(errors='replace')}"),
        ) from error


def parse(
    kind: Kind, raw: bytes, duration: int, service: Service = "nanoclip"
) -> Transcript | Vision | Retakes:
    """A completed result's bytes as a core value; `duration` of the footage in microseconds.

    Raises ServiceError where the answer is not the contract. A large answer takes seconds: the
    window asks `parsing.Parser` instead.
    """
    return read(_RESULTS[kind], raw).to_core(duration, service)


def outcome(
    kind: Kind, raw: bytes, duration: int, service: Service = "nanoclip"
) -> tuple[Result, Transcript | Vision | Retakes | None]:
    """The state of a result without its lists, and its core value once it is completed."""
    answer = read(_RESULTS[kind], raw)
    told = answer.model_dump(include=set(Result.model_fields))
    value = answer.to_core(duration, service) if answer.state == "completed" else None
    return Result(**told), value


def _us(seconds: float, duration: int) -> int:
    return round(min(max(seconds, 0.0) * SECOND, float(duration)))


def _word(w: TranscriptWord, duration: int) -> Word:
    start = _us(w.start, duration)
    end = max(start, _us(w.end, duration))
    return Word(w.text, start, end, w.speaker, w.confidence, bool(w.estimated))


def _utterance(u: TranscriptUtterance, said: Transcript, duration: int) -> Utterance | None:
    start = _us(u.start, duration)
    end = max(start, _us(u.end, duration))
    first, stop = u.word_start_idx, u.word_end_idx
    if first is None or stop is None or not 0 <= first <= stop <= len(said.words):
        inside = said.words_in(TimeRange(start, end))
        if not inside:
            return None
        first, stop = min(inside), max(inside) + 1
    return Utterance(u.speaker, start, end, first, stop)


def _box(d: Detection) -> Box | None:
    x1, y1, x2, y2 = (min(1.0, max(0.0, v)) for v in d.box)
    x1, x2, y1, y2 = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    if x1 == x2 or y1 == y2:
        return None
    score = 1.0 if d.score is None else d.score
    track = -1 if d.track_id is None else d.track_id
    return Box(x1, y1, x2, y2, score, track, _cluster(d.cluster_id), d.speak_conf)


def _cluster(given: int | None) -> int:
    return NO_CLUSTER if given is None or given < 0 else given


def _track(t: FaceTrackSummary, duration: int) -> FaceTrack:
    start, end = sorted((_us(t.start_t, duration), _us(t.end_t, duration)))
    area = min(1.0, max(0.0, t.median_box_area))
    return FaceTrack(t.track_id, _cluster(t.cluster_id), start, end, t.frame_count, area)


def _retake_word(w: RetakeRemovalWord, duration: int) -> RetakeWord:
    start = _us(w.start, duration)
    return RetakeWord(w.i, w.text, start, max(start, _us(w.end, duration)), w.confidence, w.source)


def _said_again(given: SaidAgain, duration: int) -> tuple[TimeRange, TimeRange]:
    times = (given.start, given.end, given.again_start, given.again_end)
    start, end, again_start, again_end = (_us(s, duration) for s in times)
    return TimeRange(start, max(start, end)), TimeRange(again_start, max(again_start, again_end))


def _wire_word(w: Word) -> TranscriptWord:
    return TranscriptWord(
        text=w.text,
        start=to_seconds(w.start),
        end=to_seconds(w.end),
        speaker=w.speaker,
        confidence=w.confidence,
        estimated=w.estimated or None,
    )


def _wire_utterance(u: Utterance, found: Transcript) -> TranscriptUtterance:
    return TranscriptUtterance(
        speaker=u.speaker,
        start=to_seconds(u.start),
        end=to_seconds(u.end),
        text=" ".join(w.text for w in found.words[u.word_start : u.word_end]),
        word_start_idx=u.word_start,
        word_end_idx=u.word_end,
    )


def _detection(b: Box) -> Detection:
    # The columns hold 32-bit floats: six digits are all that is known.
    x1, y1, x2, y2 = (round(v, 6) for v in (b.x1, b.y1, b.x2, b.y2))
    return Detection(
        box=(x1, y1, x2, y2),
        score=round(b.score, 6),
        track_id=b.track,
        cluster_id=b.cluster,
        speak_conf=None if b.speaking is None else round(b.speaking, 6),
    )


def _summary(t: FaceTrack) -> FaceTrackSummary:
    return FaceTrackSummary(
        track_id=t.track,
        cluster_id=t.cluster,
        frame_count=t.frame_count,
        start_t=to_seconds(t.start),
        end_t=to_seconds(t.end),
        median_box_area=round(t.median_area, 6),
    )


def _wire_retake_word(w: RetakeWord) -> RetakeRemovalWord:
    return RetakeRemovalWord(
        i=w.i,
        start=to_seconds(w.start),
        end=to_seconds(w.end),
        text=w.text,
        # The contract requires a number; what has none was not doubted.
        confidence=1.0 if w.confidence is None else w.confidence,
        source=w.source,
    )


def _wire_said_again(gap: TimeRange, kept: TimeRange) -> SaidAgain:
    return SaidAgain(
        start=to_seconds(gap.start),
        end=to_seconds(gap.end),
        again_start=to_seconds(kept.start),
        again_end=to_seconds(kept.end),
    )


def _spans(
    given: list[RetakeRemovalSpan] | tuple[()], words: tuple[RetakeWord, ...], warnings: list[str]
) -> tuple[tuple[int, int], ...]:
    if not words:
        if given:
            warnings.append("Spans came without words: they are not used.")
        return ()
    known = [w.i for w in words]
    low, high = min(known), max(known)
    if known != list(range(len(known))):
        warnings.append("The words' indices are not 0, 1, 2, …: spans are read by index.")
    out: list[tuple[int, int]] = []
    for span in given:
        start, end = span.remove_word_start, span.remove_word_end
        inside = min(max(start, low), high), min(max(end, low), high + 1)
        if inside != (start, end):
            warnings.append(f"Span {start} to {end} points outside the words and was shortened.")
        if end < start:
            warnings.append(f"Span {start} to {end} ends before it starts and is not used.")
        elif start <= high and end >= low:
            out.append(inside)
    return tuple(out)


def _keep(
    given: list[RetakeRemovalKeepInterval] | tuple[()], duration: int, warnings: list[str]
) -> Ranges:
    pairs = [(k.start, k.end) for k in given if k.start is not None and k.end is not None]
    if len(pairs) < len(given):
        warnings.append("A keep interval without finite times is not used.")
    edge = 10 * max(duration, SECOND)
    return clean_intervals([(_us(a, edge), _us(b, edge)) for a, b in pairs], duration)


def _rebuilt(
    words: tuple[RetakeWord, ...], spans: tuple[tuple[int, int], ...], duration: int
) -> Ranges:
    """Everything but the spans' words, read as exclusive, the reading that removes less."""
    of = {w.i: w for w in words}
    gone: list[TimeRange] = []
    for first, stop in spans:
        run = [of[i] for i in range(first, stop) if i in of]
        if run:
            gone.append(TimeRange(min(w.start for w in run), max(w.end for w in run)))
    return complement(merge(gone), TimeRange(0, duration))
