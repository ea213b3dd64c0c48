"""A review as the timeline needs it: columns made once per answer, states per edit; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, Literal, TypeVar

from typing_extensions import override

from app.core.cut import WordState, cut, word_states
from app.core.moments import PlacedMoment
from app.core.people import Person, people
from app.core.placed_moments import placed_moments
from app.core.proposals import proposals, strike_spans
from app.core.review import Review, Verdict
from app.core.timerange import TimeRange
from app.core.transcript import Transcript
from app.ui.spans import Spans
from app.ui.timeline_moments import moment_rows

T = TypeVar("T")

MOST_ROWS = 4
"""Rows of the People lane; a fifth face at the same time shares the last one."""

CutState = Literal["proposed", "removed", "restored"]


@dataclass(frozen=True, slots=True)
class CutSpan:
    """A proposal or a strike as the Cut lane shows it."""

    id: str
    range: TimeRange
    state: CutState
    label: str


@dataclass(frozen=True)
class Voice:
    """One speaker's lane: their words as spans whose ref is the word's index."""

    speaker: int | None
    words: Spans
    colour: int


@dataclass(frozen=True)
class TimelineInput:
    """What `layout` reads. Spans refer to a scene's, word's, cut's, person's or moment's number.

    removed_spans: the removed spans of the cut, ref 1 where undecided, else 0.
    person_spans, moment_spans: one Spans a row of the People and the Moments lane.
    """

    duration: int = 0
    transcript: Transcript | None = None
    states: Sequence[WordState] = ()
    voices: tuple[Voice, ...] = ()
    corrections: Mapping[int, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    scene_starts: Spans = field(default_factory=Spans)
    cuts: tuple[CutSpan, ...] = ()
    cut_spans: Spans = field(default_factory=Spans)
    removed_spans: Spans = field(default_factory=Spans)
    people: tuple[Person, ...] = ()
    person_spans: tuple[Spans, ...] = ()
    moments: tuple[PlacedMoment, ...] = ()
    moment_spans: tuple[Spans, ...] = ()

    @property
    def person_rows(self) -> int:
        """Rows of the People lane; 0 where nobody was found."""
        return len(self.person_spans)

    def voice_name(self, number: int) -> str:
        """Name of a words lane."""
        speaker = self.voices[number].speaker
        if speaker is None:
            return "Words"
        return self.names.get(f"speaker {speaker}") or f"Speaker {speaker + 1}"

    def word_text(self, index: int) -> str:
        """The word as corrected, else as heard."""
        if self.transcript is None:
            return ""
        return self.corrections.get(index) or self.transcript.words[index].text

    def word_state(self, index: int) -> Literal["", "proposed", "removed"]:
        """Whether the word is kept (""), proposed for removal or removed."""
        match self.states[index] if index < len(self.states) else WordState.KEPT:
            case WordState.PROPOSED:
                return "proposed"
            case WordState.REMOVED:
                return "removed"
            case _:
                return ""


def timeline_input(review: Review | None) -> TimelineInput:
    """Everything but the cut is taken over from the last call where its evidence is the same."""
    if review is None:
        return TimelineInput()
    evidence, decisions = review.evidence, review.decisions
    transcript = evidence.transcript
    cuts = _cut_spans(review)
    persons = people(review) if evidence.faces else ()
    moments = placed_moments(review)
    scenes = evidence.scenes.ranges if evidence.scenes else ()
    return TimelineInput(
        duration=evidence.footage.duration,
        transcript=transcript,
        states=word_states(review) if transcript else (),
        voices=_voices(_ByIdentity(transcript)) if transcript else (),
        corrections=decisions.corrections,
        names=decisions.names,
        scene_starts=Spans((r.start, r.end, i) for i, r in enumerate(scenes)),
        cuts=cuts,
        cut_spans=Spans((c.range.start, c.range.end, i) for i, c in enumerate(cuts)),
        removed_spans=Spans(
            (r.range.start, r.range.end, int(r.undecided)) for r in cut(review).removed
        ),
        people=persons,
        person_spans=_packed(_ByIdentity(persons)),
        moments=moments,
        moment_spans=moment_rows(moments) if moments else (),
    )


class _ByIdentity(Generic[T]):
    """A value as a cache key: the same object, not an equal one of 100 000 words."""

    def __init__(self, value: T) -> None:
        self.value = value

    @override
    def __hash__(self) -> int:
        return id(self.value)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.value is self.value


@lru_cache(maxsize=2)
def _voices(key: _ByIdentity[Transcript]) -> tuple[Voice, ...]:
    rows: dict[int | None, list[tuple[int, int, int]]] = {}
    for i, word in enumerate(key.value.words):
        rows.setdefault(word.speaker, []).append((word.start, word.end, i))
    order = sorted(rows, key=lambda s: (s is None, s or 0))
    return tuple(Voice(speaker, Spans(rows[speaker]), speaker or 0) for speaker in order)


def _cut_spans(review: Review) -> tuple[CutSpan, ...]:
    states: dict[Verdict, CutState] = {
        Verdict.UNDECIDED: "proposed",
        Verdict.ACCEPTED: "removed",
        Verdict.RESTORED: "restored",
    }
    found = [CutSpan(p.id, p.range, states[p.verdict], "retake") for p in proposals(review)]
    found.extend(CutSpan(s.id, s.range, "removed", "removed") for s in strike_spans(review))
    return tuple(sorted(found, key=lambda c: (c.range, c.id)))


def packed(persons: Sequence[Person]) -> tuple[Spans, ...]:
    """Appearances in rows without overlap; a person keeps the row of last time where it is free."""
    tracks = sorted((t.start, t.end, number) for number, p in enumerate(persons) for t in p.tracks)
    rows: list[list[tuple[int, int, int]]] = []
    free_from: list[int] = []
    last_row: dict[int, int] = {}
    for start, end, number in tracks:
        wanted = last_row.get(number)
        free = [r for r, t in enumerate(free_from) if t <= start]
        if wanted is not None and wanted in free:
            row = wanted
        elif free:
            row = free[0]
        elif len(rows) < MOST_ROWS:
            row = len(rows)
            rows.append([])
            free_from.append(0)
        else:
            row = MOST_ROWS - 1
        rows[row].append((start, end, number))
        free_from[row] = max(free_from[row], end)
        last_row[number] = row
    return tuple(Spans(row) for row in rows)


@lru_cache(maxsize=2)
def _packed(key: _ByIdentity[tuple[Person, ...]]) -> tuple[Spans, ...]:
    return packed(key.value)
