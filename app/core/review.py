"""The document: evidence (what was found) and decisions (what the person said about it).

Evidence is shared between versions and never undone. Decisions lie over it and are all that undo
covers. Everything here is immutable; `edits.py` makes the next version.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Literal

from app.core.also_find import AlsoFind
from app.core.faces import Faces
from app.core.markers import Marker
from app.core.moments import Moments, OwnMoment, Pick
from app.core.scenes import Scenes
from app.core.timerange import Ranges, TimeRange
from app.core.transcript import Transcript

DEFAULT_PADDING = 80_000
"""Microseconds left beside kept words unless the person sets another padding."""


class Verdict(Enum):
    """What the person said about a proposal; undecided counts as cut in preview and statistics."""

    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    RESTORED = "restored"


@dataclass(frozen=True, eq=False)
class Footage:
    """The local video as far as the document needs it.

    duration: microseconds. frame_times: pts of every video frame in microseconds, ascending,
    first frame at its own pts (usually 0); empty for audio alone. width, height: displayed
    pixels, rotation and sample aspect ratio applied; 0 for audio alone.
    """

    duration: int
    frame_times: array[int] = field(default_factory=lambda: array("q"))
    width: int = 0
    height: int = 0
    has_audio: bool = True

    def middle_of_frame(self, t: int) -> int:
        """The middle of the frame that is shown at `t`, microseconds; `t` itself without one.

        What goes on while a picture stands is asked there: a word that begins within it is said.
        """
        k = bisect_right(self.frame_times, t)
        if k == 0:
            return t
        after = self.frame_times[k] if k < len(self.frame_times) else self.duration
        return (self.frame_times[k - 1] + max(after, t)) // 2


@dataclass(frozen=True, slots=True)
class RetakeWord:
    """A word as the retake answer lists it: `i` is the service's index, times in microseconds."""

    i: int
    text: str
    start: int
    end: int
    confidence: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Retakes:
    """A retake answer: what to keep, and which words it means to remove.

    remove_spans: `(remove_word_start, remove_word_end)` by `RetakeWord.i`, as the service gave
    them; how the end is read stands in `reading` (see `retake_evidence.read_spans`).
    keep_intervals: sorted, disjoint, inside the film.
    said_again: for each gap the finder can explain, gap -> the range that says it again.
    origin: "nanoclip", "local service" or "transcript" (found on this computer by the finder).
    """

    words: tuple[RetakeWord, ...]
    remove_spans: tuple[tuple[int, int], ...]
    keep_intervals: Ranges
    reading: Literal["exclusive", "inclusive"] = "exclusive"
    origin: Literal["nanoclip", "local service", "transcript"] = "nanoclip"
    said_again: Mapping[TimeRange, TimeRange] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What was found in the footage so far; None where nothing has arrived."""

    footage: Footage
    transcript: Transcript | None = None
    faces: Faces | None = None
    scenes: Scenes | None = None
    retakes: Retakes | None = None
    moments: Moments | None = None

    @property
    def cuts(self) -> tuple[int, ...]:
        """Scene cuts, ascending microseconds; empty where no scenes have arrived."""
        return self.scenes.cuts if self.scenes else ()


@dataclass(frozen=True)
class Decisions:
    """Everything undo covers. Mappings are never written to; edits replace them.

    verdicts: proposal id -> verdict (undecided ones are absent).
    edges: proposal or strike id -> the range the person dragged it to.
    splits: instants at which proposals and strikes are divided, ascending.
    strikes: spans removed by hand, sorted and disjoint; words in them decide the exact edges.
    restores: spans put back by hand; disjoint from strikes, they win over proposals.
    corrections: transcript word index -> corrected text (times stay).
    names: person key or "speaker N" -> name. merged: person key -> person key it is part of, and
    "speaker N" -> "speaker M". colours: person key or "speaker N" -> number in the palette.
    hidden: person keys not shown on the picture nor in lanes.
    padding: microseconds beside kept words. paddings: piece id -> the same for this cut alone.
    also: what is proposed beside retakes.
    picks: moment key -> what was said of it (undecided ones are absent). moment_edges: key of a
    service's moment -> the span the person gave it. moment_titles: key -> the person's title.
    own_moments: those the person made, in the order they were made. markers: sorted by start.
    breaks: transcript words at which a paragraph begins by hand. joins: words at which a turn of
    the source no longer begins one.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=lambda: MappingProxyType({}))
    edges: Mapping[str, TimeRange] = field(default_factory=lambda: MappingProxyType({}))
    splits: tuple[int, ...] = ()
    strikes: Ranges = ()
    restores: Ranges = ()
    corrections: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    merged: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    padding: int = DEFAULT_PADDING
    picks: Mapping[str, Pick] = field(default_factory=lambda: MappingProxyType({}))
    moment_edges: Mapping[str, TimeRange] = field(default_factory=lambda: MappingProxyType({}))
    moment_titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    own_moments: tuple[OwnMoment, ...] = ()
    paddings: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    also: AlsoFind = field(default_factory=AlsoFind)
    markers: tuple[Marker, ...] = ()
    breaks: frozenset[int] = frozenset()
    joins: frozenset[int] = frozenset()
    colours: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Review:
    """One version of the document."""

    evidence: Evidence
    decisions: Decisions = field(default_factory=Decisions)

    def received(self, **found: object) -> Review:
        """The same decisions over newer evidence: `received(transcript=...)` and so on."""
        return replace(self, evidence=replace(self.evidence, **found))  # type: ignore[arg-type]
