"""Stretches worth a short, found in what was measured (`python -m …`, see `worker`).

`find` is pure and tells the same of the same film every time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from app.core.errors import MediaError
from app.core.faces import Faces
from app.core.timerange import SECOND, TimeRange, to_seconds
from app.core.transcript import Transcript, Word
from app.local_service.analyses.content_words import content_word
from app.local_service.analyses.moment_film import BLOCK, Film, Stretch
from app.local_service.analyses.moment_score import (
    channel_scores,
    describe,
    score,
    tags_of,
    title,
)
from app.local_service.analyses.tasks import MomentsTask
from app.local_service.analyses.worker import Report, work, write_atomically
from app.media.sound import pcm_pieces
from app.services import wire
from app.services.wire_shorts import AnalysisAnswer, Length, MomentShape, Volume

LENGTHS: dict[Length, tuple[int, int]] = {
    "mixed": (10 * SECOND, 120 * SECOND),
    "10-30": (10 * SECOND, 30 * SECOND),
    "30-60": (30 * SECOND, 60 * SECOND),
    "60-120": (60 * SECOND, 120 * SECOND),
}
_LIKED: dict[Length, tuple[int, int]] = {**LENGTHS, "mixed": (15 * SECOND, 60 * SECOND)}

_SHORTEST, _LONGEST = 3 * SECOND, 180 * SECOND
"""What is still offered where nothing of the length asked for is there."""

_SAME = 0.75
"""Part of both together that two moments may have in common before they are the same one."""

_RATE = 8000


@dataclass(frozen=True, slots=True)
class _Volume:
    """How many are offered. most: at first and for each minute more, up to the last.

    common: part of the shorter one that two may share. behind: points behind the best. few: so
    many are offered even where they overlap more or have another length.
    """

    most: tuple[float, float, int]
    common: float
    behind: float
    few: int


_VOLUMES: dict[Volume, _Volume] = {
    "strict": _Volume((2, 0.1, 5), 0.1, 15, 1),
    "focused": _Volume((4, 0.15, 12), 0.25, 35, 4),
    "loose": _Volume((8, 0.3, 24), 0.5, 100, 6),
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    stretch: Stretch
    points: float
    astray: int
    """Microseconds that its length is off the lengths asked for."""


def find(film: Film, length: Length, volume: Volume) -> list[MomentShape]:
    """The moments, best first, numbered from 1; empty only for a film without length."""
    asked, rule = LENGTHS[length], _VOLUMES[volume]
    within = _candidates(film, asked, _LIKED[length])
    base, more, last = rule.most
    most = min(last, round(base + more * film.duration / (60 * SECOND)))
    best = max((c.points for c in within), default=0.0)
    ranked = sorted(within, key=lambda c: (-c.points, c.stretch.span))
    good = (c for c in ranked if c.points >= best - rule.behind)
    chosen = _differing(good, [], most, lambda a, b: _common(a, b) <= rule.common)
    if len(chosen) < rule.few:
        # Two moments that begin alike look the same in a list: others first.
        chosen = _differing(
            ranked, chosen, rule.few, lambda a, b: a.start != b.start and _shared(a, b) <= _SAME
        )
        spare = chain(ranked, _astray(film, asked, _LIKED[length]))
        chosen = _differing(spare, chosen, rule.few, lambda a, b: _shared(a, b) <= _SAME)
    chosen.sort(key=lambda c: (-c.points, c.stretch.span))
    return [_shape(n, film, c, asked) for n, c in enumerate(chosen, 1)]


def _candidates(film: Film, lengths: tuple[int, int], liked: tuple[int, int]) -> list[_Candidate]:
    return [_Candidate(s, score(film, s, liked), 0) for s in film.stretches(*lengths)]


def _astray(film: Film, asked: tuple[int, int], liked: tuple[int, int]) -> Iterator[_Candidate]:
    """Of another length than asked for, the nearest first; the film's one sentence at the worst."""
    low, high = asked
    found = list(film.stretches(_SHORTEST, _LONGEST)) or list(film.stretches(1, film.duration))
    off = [(max(low - s.span.duration, s.span.duration - high), s) for s in found]
    near = sorted((o for o in off if o[0] > 0), key=lambda o: (o[0], o[1].span))
    return (_Candidate(s, score(film, s, liked), astray) for astray, s in near)


def _differing(
    ranked: Iterable[_Candidate],
    chosen: list[_Candidate],
    most: int,
    differ: Callable[[TimeRange, TimeRange], bool],
) -> list[_Candidate]:
    """`chosen` and of `ranked` each that differs from all taken before it."""
    out = list(chosen)
    for candidate in ranked:
        if len(out) >= most:
            break
        span = candidate.stretch.span
        if all(span != c.stretch.span and differ(span, c.stretch.span) for c in out):
            out.append(candidate)
    return out


def _common(a: TimeRange, b: TimeRange) -> float:
    """What both cover, as a part of the shorter one."""
    both = a.intersection(b)
    return both.duration / min(a.duration, b.duration) if both else 0.0


def _shared(a: TimeRange, b: TimeRange) -> float:
    """What both cover, as a part of what either covers."""
    both = a.intersection(b)
    return both.duration / (a.duration + b.duration - both.duration) if both else 0.0


def _shape(number: int, film: Film, candidate: _Candidate, asked: tuple[int, int]) -> MomentShape:
    stretch = candidate.stretch
    span = stretch.span
    return MomentShape(
        number=number,
        start_time=to_seconds(span.start),
        end_time=to_seconds(span.end),
        duration=to_seconds(span.duration),
        title=title(film, stretch),
        description=describe(film, stretch, asked if candidate.astray else None),
        viral_score=candidate.points,
        tags=tags_of(film, stretch),
        channel_scores=channel_scores(candidate.points, span.duration),
    )


def analyse(task: MomentsTask, report: Report) -> None:
    """Write the moments as the answer of the analysis holds them."""
    said = _said(task)
    if task.settings.analysis_mode == "transcript" and (said is None or not said.words):
        raise MediaError(
            "No words were found in this film, and words alone were asked for, so there are no "
            "moments.",
            "Choose “Automatic” or “Everything” as the analysis, or put a captions file beside "
            "the video.",
        )
    report("Measuring the sound", 0.0)
    loud = _loudness(task, report) if task.has_audio else ()
    report("Comparing stretches", 0.9)
    film = film_of(task, said, loud)
    moments = find(film, task.settings.highlight_mode, task.settings.clip_volume)
    write_atomically(task.out, wire.body(AnalysisAnswer(moments=moments)))


def film_of(task: MomentsTask, said: Transcript | None, loud: tuple[float, ...]) -> Film:
    """What was analysed, as the finder takes it."""
    faces: Faces | None = None
    cuts: tuple[int, ...] = ()
    if task.vision is not None:
        seen = wire.read(wire.VisionResultResponse, task.vision.read_bytes())
        found = seen.to_core(task.duration, "local")
        faces, cuts = found.faces, found.scenes.cuts
    description = task.settings.video_description or ""
    return Film(
        task.duration,
        inside(said.words, task.duration) if said else (),
        faces,
        cuts,
        loud,
        frozenset(w for t in description.split() if (w := content_word(t))),
        said.language if said else None,
    )


def inside(words: Iterable[Word], duration: int) -> tuple[Word, ...]:
    """Words with a length of their own, sorted, within the film."""
    kept = (w for w in words if 0 <= w.start < w.end <= duration)
    return tuple(sorted(kept, key=lambda w: (w.start, w.end)))


def _said(task: MomentsTask) -> Transcript | None:
    if task.words is None:
        return None
    whole = wire.read(wire.TranscriptionResultResponse, task.words.read_bytes())
    return whole.to_core(task.duration, "local")


def _loudness(task: MomentsTask, report: Report) -> tuple[float, ...]:
    """Decibels below full scale of each BLOCK; what cannot be read has no loudness."""
    size = 2 * _RATE * BLOCK // SECOND
    out: list[float] = []
    held = bytearray()
    try:
        for piece in pcm_pieces(task.source, _RATE):
            held += piece
            whole = len(held) // size
            if whole:
                out.extend(_decibels(bytes(held[: whole * size]), whole))
                del held[: whole * size]
                report("Measuring the sound", 0.9 * len(out) * BLOCK / task.duration)
    except MediaError:
        return tuple(out)
    return tuple(out)


def _decibels(pcm: bytes, blocks: int) -> list[float]:
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64).reshape(blocks, -1) / 32768
    power = (samples**2).mean(axis=1)
    return [float(db) for db in 10 * np.log10(np.maximum(power, 1e-12))]


if __name__ == "__main__":
    sys.exit(work(MomentsTask, analyse))
