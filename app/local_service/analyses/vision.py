"""Scenes and faces of a video in one pass over its frames (`python -m …`, see `worker`)."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from statistics import median

import cv2

from app.core.timerange import to_seconds
from app.local_service.analyses.faces import Corners, FaceFinder, grey_of
from app.local_service.analyses.frames import Frame, frames
from app.local_service.analyses.scenes import Cut, SceneFinder
from app.local_service.analyses.tracks import Track, Tracker, parted
from app.local_service.analyses.worker import Job, Report, run
from app.services import wire

SAMPLE = 200_000
"""Microseconds between the pictures in which faces are looked for: 5 a second."""

CONTEXT = {
    "time_unit": "seconds",
    "time_origin": "start of source video",
    "boxes": "normalized [x1, y1, x2, y2] of the displayed frame",
    "track_ids": "stable within this vision response",
    "cluster_ids": "-1: this computer cannot tell who somebody is, so each track stands alone",
    "scores": "0 to 1: how many hits three Haar cascades agree on, 1 at 60 hits; no probability",
    "scenes": "hard cuts by PySceneDetect's ContentDetector; pts in microseconds",
}
NO_SPEAKING_FACES = "This computer cannot tell which face is speaking."


@dataclass
class Samples:
    """The pictures faces were looked for in: times in microseconds, size of the grey pictures."""

    times: list[int] = field(default_factory=list)
    width: int = 1
    height: int = 1


def analyse(job: Job, report: Report) -> bytes:
    """The vision answer with the outputs asked for."""
    cv2.setNumThreads(max(1, (os.cpu_count() or 2) - 1))
    want_faces = bool({"faces", "face_tracks"} & set(job.outputs))
    scenes, tracker, samples = SceneFinder(), Tracker(FaceFinder()), Samples()
    stage = "Looking for scenes and faces" if want_faces else "Looking for scenes"
    known = 0
    for frame in frames(job.source) if job.outputs else ():
        scenes.step(frame.t, frame.picture)
        if want_faces and _is_due(frame.t, samples):
            cut = len(scenes.cuts) > known
            known = len(scenes.cuts)
            _sample(frame, tracker, samples, cut=cut)
        report(stage, frame.t / max(1, job.duration))
    scenes.finish()
    starts = [cut.after for cut in scenes.cuts]
    return wire.body(
        _answer(job, scenes.cuts, parted(tracker.tracks, samples.times, starts), samples)
    )


def _is_due(t: int, samples: Samples) -> bool:
    """The first frame at or after each fifth of a second, so on the grid of the frames."""
    if not samples.times:
        return True
    first, last = samples.times[0], samples.times[-1]
    # Half a millisecond: pts in 90 kHz ticks lie that little before a fifth.
    return (t + 500 - first) // SAMPLE > (last + 500 - first) // SAMPLE


def _sample(frame: Frame, tracker: Tracker, samples: Samples, *, cut: bool) -> None:
    grey = grey_of(frame.picture)
    samples.height, samples.width = grey.shape
    tracker.step(len(samples.times), grey, cut=cut)
    samples.times.append(frame.t)


def _answer(
    job: Job, cuts: list[Cut], tracks: list[Track], samples: Samples
) -> wire.VisionResultResponse:
    wanted = set(job.outputs)
    answer = wire.VisionResultResponse(
        project_id=job.project_id, status="completed", agent_context=dict(CONTEXT)
    )
    if "faces" in wanted:
        answer.faces = _faces(tracks, samples)
    if "face_tracks" in wanted:
        answer.face_tracks = [_summary(n, t, samples) for n, t in enumerate(tracks)]
    if "scenes" in wanted:
        answer.scenes = [
            wire.Scene(before_frame=_side(c.before), after_frame=_side(c.after)) for c in cuts
        ]
    if wanted & {"faces", "face_tracks"}:
        answer.asd = wire.VisionAsdStatus(ran=False, reason=NO_SPEAKING_FACES)
    return answer


def _side(t: int) -> wire.SceneFrame:
    return wire.SceneFrame(pts=t, timestamp=to_seconds(t))


def _faces(tracks: list[Track], samples: Samples) -> list[wire.FaceFrame]:
    detections: list[list[wire.Detection]] = [[] for _ in samples.times]
    for number, track in enumerate(tracks):
        for k, seen in track.seen.items():
            detections[k].append(
                wire.Detection(
                    box=_normalised(seen.box, samples),
                    score=round(seen.score, 3),
                    track_id=number,
                    cluster_id=-1,
                )
            )
    return [
        wire.FaceFrame(t=to_seconds(t), detections=found)
        for t, found in zip(samples.times, detections, strict=True)
    ]


def _summary(number: int, track: Track, samples: Samples) -> wire.FaceTrackSummary:
    boxes = (_normalised(seen.box, samples) for seen in track.seen.values())
    return wire.FaceTrackSummary(
        track_id=number,
        cluster_id=-1,
        frame_count=len(track.seen),
        start_t=to_seconds(samples.times[track.first]),
        end_t=to_seconds(samples.times[track.last]),
        median_box_area=round(median((x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in boxes), 5),
    )


def _normalised(box: Corners, samples: Samples) -> Corners:
    x1, y1, x2, y2 = box
    return (
        _part(x1 / samples.width),
        _part(y1 / samples.height),
        _part(x2 / samples.width),
        _part(y2 / samples.height),
    )


def _part(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)


if __name__ == "__main__":
    sys.exit(run(analyse))
