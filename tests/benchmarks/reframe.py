"""How much of the time the upright crop holds its face whole, and how fast it ever moves.

Every frame time is looked at, not only those that faces were sampled at. A frame counts if
`Faces.boxes_at` shows a face in it. Which face must be inside: the one the pane goes after, by
the first of `Track.follows` that is in the frame; where none of them is, the largest face in the
frame (so somebody the crop ignores counts against it; in a grid every pane whose face is in the
picture must hold it). A face is inside if its whole box is, to 1 % of the film's width and
height; a box wider (or higher) than the crop is, in that direction, if its middle lies in the
crop's middle third. Speed: how far the crop's corner moves between two frames of a shot, in parts
of the film's width or height, whichever is more.

`middle` is the same faces in the same frames, looked for in the crop "static" gives: the control.
"subject" of the made scenes that name one is the share of frames in which the face gone after is
the one that was meant. `minute`: what choosing a moment waits for, a minute anywhere in a film of
10 hours with two faces all the time.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.core.faces import Box, Faces
from app.core.moments import Framing
from app.core.reframe import FASTEST, Framed, Part, Track, frame_up
from app.core.timerange import SECOND, TimeRange
from app.local_service.analyses.vision import analyse
from app.local_service.analyses.worker import Job
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.services.wire import VisionResultResponse
from tests.benchmarks.report import report, summary, timed

ROOT = Path(__file__).parents[2]
FILMS = (
    ROOT / "resources" / "sample" / "sample.mp4",
    ROOT.parent / "shared" / "media" / "interview.mp4",
)
FRAME = 1_000_000 / 30
WIDE = (1920, 1080)
HOURS = 10

Where = Callable[[float], tuple[float, float, float] | None]
"""Seconds -> middle of a face, across and down, and its height, or None where it is not seen."""


@dataclass(frozen=True)
class Scene:
    """Faces, cuts, size and frames of a film; meant: who the one subject is, where certain."""

    name: str
    faces: Faces
    cuts: tuple[int, ...]
    size: tuple[int, int]
    duration: int
    times: Sequence[int]
    meant: int | None = None


def made(
    name: str,
    people: Iterable[Where],
    seconds: float = 30,
    cuts: tuple[int, ...] = (),
    size: tuple[int, int] = WIDE,
    noise: float = 0.004,
    meant: int | None = None,
) -> Scene:
    """A scene sampled 5 times a second, each corner off by `noise` (standard deviation)."""
    chance, walks = random.Random(name), list(people)
    frames = []
    for k in range(int(seconds * 5)):
        boxes = []
        for track, walk in enumerate(walks):
            if at := walk(k / 5):
                x, y, high = at
                wide = 0.75 * high * size[1] / size[0]
                edges = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
                corners = [min(1.0, max(0.0, e + chance.gauss(0, noise))) for e in edges]
                if corners[0] < corners[2] and corners[1] < corners[3]:
                    boxes.append(Box(*corners, 1.0, track))
        frames.append((k * 200_000, boxes))
    times = [round(k * FRAME) for k in range(int(seconds * 30))]
    return Scene(name, Faces.of(frames), cuts, size, int(seconds * SECOND), times, meant)


def still(x: float, y: float = 0.4, high: float = 0.25) -> Where:
    """Somebody who does not move."""
    return lambda t: (x, y, high)


def between(walk: Where, start: float, end: float) -> Where:
    """Somebody who is there from `start` to `end` only."""
    return lambda t: walk(t) if start <= t < end else None


def swaying(x: float, far: float, seconds: float, high: float = 0.25) -> Where:
    """Somebody who goes to and fro, `far` to each side."""
    return lambda t: (x + far * math.sin(2 * math.pi * t / seconds), 0.4, high)


def walking(path: list[tuple[float, float]], high: float = 0.22) -> Where:
    """Somebody who goes from (second, x) to (second, x)."""

    def at(t: float) -> tuple[float, float, float]:
        for (a, first), (b, second) in pairwise(path):
            if a <= t < b:
                return first + (second - first) * (t - a) / (b - a), 0.4, high
        return path[-1][1] if t >= path[-1][0] else path[0][1], 0.4, high

    return at


def flickering(walk: Where, seed: int) -> Where:
    """Somebody lost in every fourth sample, and for whole seconds now and then."""
    chance = random.Random(seed)
    lost = {k for k in range(1000) if chance.random() < 0.25}
    for start in range(20, 1000, 37):
        lost |= set(range(start, start + 6))
    return lambda t: None if round(t * 5) in lost else walk(t)


def scenes() -> list[Scene]:
    """The made ones."""
    there_and_back = [(0, 0.2), (8, 0.2), (12, 0.75), (20, 0.75), (26, 0.15), (30, 0.15)]
    return [
        made("still, at the side", [still(0.22)], meant=0),
        made("still, noisy", [still(0.7)], noise=0.01, meant=0),
        made("turning", [swaying(0.3, 0.04, 3)], meant=0),
        made("walking there and back", [walking(there_and_back)], meant=0),
        made("brisk walk through", [walking([(0, 0.02), (12, 0.02), (16, 0.98)])], meant=0),
        made("running", [walking([(0, 0.1), (10, 0.1), (12, 0.9)])], meant=0),
        made("pacing", [swaying(0.5, 0.35, 12)], meant=0),
        made("dropouts", [flickering(walking(there_and_back), 1)], meant=0),
        made("close-up, swaying", [swaying(0.35, 0.05, 5, 0.65)], meant=0),
        made("wider than the crop", [swaying(0.6, 0.03, 12, 0.8)], meant=0),
        made("two, one larger", [still(0.25, high=0.3), still(0.8, high=0.2)], meant=0),
        made("one leaves, one stays", [between(still(0.2, high=0.3), 0, 14), still(0.8)]),
        made(
            "cuts between three",
            [
                between(still(0.2), 0, 8),
                between(still(0.8), 8, 16),
                between(swaying(0.3, 0.1, 6), 16, 24),
                between(still(0.6), 24, 30),
            ],
            cuts=(8_000_000, 16_000_000, 24_000_000),
        ),
        made("three", [swaying(0.15, 0.03, 5, 0.2), still(0.5, high=0.22), still(0.85)]),
        made("four", [still(0.12), swaying(0.4, 0.03, 7), still(0.65, 0.5), still(0.88, 0.5)]),
        made(
            "upright film, two", [still(0.3, 0.3, 0.15), still(0.7, 0.35, 0.15)], size=(1080, 1920)
        ),
        made("upright film", [lambda t: (0.5, 0.3 + t / 100, 0.12)], size=(1080, 2400), meant=0),
        made("square film", [swaying(0.3, 0.1, 10)], size=(1000, 1000), meant=0),
    ]


def analysed(film: Path) -> Scene:
    """A real film through the local service's own analysis."""
    found = probe(film)
    assert found.video is not None
    with tempfile.TemporaryDirectory() as folder:
        job = Job(
            project_id="bench",
            source=film,
            out=Path(folder) / "out",
            full=Path(folder) / "full",
            duration=found.duration,
            outputs=["faces", "face_tracks", "scenes"],
        )
        answer = VisionResultResponse.model_validate_json(analyse(job, lambda *_: None))
    seen = answer.to_core(found.duration)
    size = (found.video.width, found.video.height)
    return Scene(film.name, seen.faces, seen.scenes.cuts, size, found.duration, frame_times(film))


def shown(boxes: tuple[Box, ...], track: Track) -> Box | None:
    """The face that `track` must hold."""
    by_track = {b.track: b for b in boxes}
    for wanted in track.follows:
        if wanted in by_track:
            return by_track[wanted]
    return None


def holds(part: Part, box: Box) -> bool:
    """Whether the face is inside, as the docstring of this file has it."""
    return _holds(part.x, part.width, box.x1, box.x2) and _holds(
        part.y, part.height, box.y1, box.y2
    )


def _holds(start: float, length: float, near: float, far: float) -> bool:
    if far - near > length:
        return abs((near + far) / 2 - start - length / 2) <= length / 6
    return near >= start - 0.01 and far <= start + length + 0.01


def fastest(framed: Framed, frames: Sequence[int]) -> float:
    """Most of the film's width or height that a crop goes in a second, frame to frame."""
    most = 0.0
    for shot in framed.shots:
        times = [t for t in frames if shot.span.contains(t)]
        for a, b in pairwise(times):
            for first, second in zip(framed.at(a), framed.at(b), strict=True):
                one, other = first.source, second.source
                far = max(abs(other.x - one.x), abs(other.y - one.y))
                most = max(most, far * SECOND / (b - a))
    return most


def measure(scene: Scene, framing: Framing) -> dict[str, Any]:
    """One film in one framing."""
    span = TimeRange(0, scene.duration)

    def plan() -> Framed:
        return frame_up(scene.faces, scene.cuts, scene.size, span, framing)

    framed = plan()
    middle = frame_up(None, (), scene.size, span, "static").at(0)[0].source
    counted = inside = control = meant = 0
    for t in scene.times:
        boxes = scene.faces.boxes_at(t, scene.cuts)
        if not boxes:
            continue
        shot = framed.shots[bisect_right(scene.cuts, t)]
        pairs = [(track.at(t).source, shown(boxes, track)) for track in shot.tracks]
        wanted = [(part, box) for part, box in pairs if box is not None]
        if not wanted:
            largest = max(boxes, key=lambda b: (b.x2 - b.x1) * (b.y2 - b.y1))
            wanted = [(pairs[0][0], largest)]
        counted += 1
        inside += all(holds(part, box) for part, box in wanted)
        control += all(holds(middle, box) for _, box in wanted)
        meant += wanted[0][1].track == scene.meant
    return {
        "case": scene.name,
        "framing": framing,
        "panes": max(len(s.tracks) for s in framed.shots),
        "frames": counted,
        "inside": inside,
        "inside_pct": round(100 * inside / max(1, counted), 2),
        "middle": control,
        "middle_pct": round(100 * control / max(1, counted), 2),
        "subject_pct": None if scene.meant is None else round(100 * meant / max(1, counted), 2),
        "max_speed_pct_per_s": round(100 * fastest(framed, scene.times), 2),
        "points": sum(len(t.points) for s in framed.shots for t in s.tracks),
        "plan_ms": round(min(timed(plan, 3)), 3),
    }


def measure_long(framing: Framing, times: int) -> dict[str, Any]:
    """A minute of a long film, elsewhere each time."""
    scene = made("long", [still(0.25), still(0.8)], HOURS * 3600, noise=0.003)
    # Once for each answer of the service, and no part of choosing a moment.
    assert scene.faces.step == 200_000
    cuts = tuple(range(7 * SECOND, scene.duration, 7 * SECOND))
    chance = random.Random(5)

    def choose() -> None:
        start = chance.randrange(0, scene.duration - 60 * SECOND)
        span = TimeRange(start, start + 60 * SECOND)
        frame_up(scene.faces, cuts, WIDE, span, framing)

    found = summary(timed(choose, times))
    return {"case": "minute", "framing": framing, "boxes": len(scene.faces.scores), **found}


def main() -> None:
    """Print the line; --quick leaves the real films out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    films = () if quick else [f for f in FILMS if f.exists()]
    framings: tuple[Framing, ...] = ("subject", "grid")
    synthetic = [measure(s, f) for s in scenes() for f in framings]
    real = [measure(s, f) for s in map(analysed, films) for f in framings]
    cases = synthetic + real
    minute, minute_grid = (measure_long(f, 5 if quick else 40) for f in framings)
    figures = {
        "face_inside_pct": share(cases, "inside"),
        "face_inside_made_pct": share(synthetic, "inside"),
        "middle_inside_pct": share(cases, "middle"),
        "max_speed_pct_per_s": max(c["max_speed_pct_per_s"] for c in cases),
        "limit_pct_per_s": 100 * FASTEST,
        "worst_case_inside_pct": min(c["inside_pct"] for c in cases),
        "minute_subject_median_ms": minute["median_ms"],
        "minute_grid_median_ms": minute_grid["median_ms"],
    }
    if real:
        figures["face_inside_real_pct"] = share(real, "inside")
        figures["middle_inside_real_pct"] = share(real, "middle")
    report("reframe", [*cases, minute, minute_grid], figures)


def share(cases: list[dict[str, Any]], key: str) -> float:
    """Percent of all frames of the cases that count."""
    return round(100 * sum(c[key] for c in cases) / max(1, sum(c["frames"] for c in cases)), 2)


if __name__ == "__main__":
    main()
