"""A review as the timeline needs it: columns made once per answer, states per edit; no Qt."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Literal

from app.core.cut import Removed, WordState, cut, word_states
from app.core.markers import Marker
from app.core.memo import by_identity, evolving, exchanged, shared
from app.core.moments import PlacedMoment
from app.core.people import Person, people
from app.core.placed_moments import placed_moments
from app.core.proposals import Proposal, Strike, proposals, strike_spans
from app.core.review import Review, Verdict
from app.core.scenes import Scenes
from app.core.speakers import SpeakerShown, speaker_of, speakers
from app.core.timerange import SECOND, TimeRange, differing
from app.core.transcript import Transcript
from app.ui.spans import Spans
from app.ui.timeline_moments import moment_rows

MOST_ROWS = 4
"""Rows for those who are seen once; a fifth such face at the same time shares the last one."""

OWN_LINES = 12
"""People with a line of their own in the People lane; of more, those seen longest have one."""

_BYTES = {WordState.KEPT: 0, WordState.PROPOSED: 1, WordState.REMOVED: 2}

_LABELS = {"pause": "pause", "filler": "filler"}

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
    name: str


@dataclass(frozen=True)
class TimelineInput:
    """What `layout` reads. Spans refer to a scene's, word's, cut's, person's or moment's number.

    removed_spans: the removed spans of the cut, ref 1 where undecided, else 0.
    person_spans, moment_spans: one Spans a row of the People and the Moments lane.
    """

    duration: int = 0
    frame_times: array[int] = field(default_factory=lambda: array("q"))
    transcript: Transcript | None = None
    states: Sequence[WordState] = ()
    voices: tuple[Voice, ...] = ()
    corrections: Mapping[int, str] = field(default_factory=dict)
    scene_starts: Spans = field(default_factory=Spans)
    cuts: tuple[CutSpan, ...] = ()
    cut_spans: Spans = field(default_factory=Spans)
    removed_spans: Spans = field(default_factory=Spans)
    people: tuple[Person, ...] = ()
    person_spans: tuple[Spans, ...] = ()
    moments: tuple[PlacedMoment, ...] = ()
    moment_spans: tuple[Spans, ...] = ()
    markers: tuple[Marker, ...] = ()
    marker_spans: Spans = field(default_factory=Spans)

    @cached_property
    def raw_states(self) -> bytes:
        """A byte for each word: 0 kept, 1 proposed, 2 removed."""
        raw = getattr(self.states, "raw", None)
        return raw if isinstance(raw, bytes) else bytes(_BYTES[state] for state in self.states)

    @cached_property
    def fps(self) -> float | None:
        """Frames a second on average; None without frames."""
        times = self.frame_times
        return (len(times) - 1) * SECOND / (times[-1] - times[0]) if len(times) > 1 else None

    @property
    def person_rows(self) -> int:
        """Rows of the People lane; 0 where nobody was found."""
        return len(self.person_spans)

    def voice_name(self, number: int) -> str:
        """Name of a words lane."""
        return self.voices[number].name

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


def prepare(review: Review) -> None:
    """What a first `timeline_input` and its layout take long for; for a thread beside the window.

    Words in columns, people in lines, and the arrays they are looked at with.
    """
    given = timeline_input(review)
    duration = given.duration
    for voice in given.voices:
        voice.words.blocks(0, duration, max(1.0, duration / 500))
    for line in given.person_spans:
        line.blocks(0, duration, max(1.0, duration / 500))


def timeline_input(review: Review | None) -> TimelineInput:
    """Everything whose evidence and decisions are the same is taken over from the last call."""
    if review is None:
        return TimelineInput()
    evidence, decisions = review.evidence, review.decisions
    transcript = evidence.transcript
    cuts = _cuts(proposals(review), strike_spans(review)).cuts
    persons = _shown_people(people(review))
    moments = placed_moments(review)
    return TimelineInput(
        duration=evidence.footage.duration,
        frame_times=evidence.footage.frame_times,
        transcript=transcript,
        states=word_states(review) if transcript else (),
        voices=_voices(_said(transcript, speaker_of(review)), speakers(review))
        if transcript
        else (),
        corrections=decisions.corrections,
        scene_starts=_scenes(evidence.scenes) if evidence.scenes else Spans(),
        cuts=cuts,
        cut_spans=_cut_line(cuts).spans,
        removed_spans=_removed_line(cut(review).removed).spans,
        people=persons,
        person_spans=_lines(persons),
        moments=moments,
        moment_spans=moment_rows(moments) if moments else (),
        markers=decisions.markers,
        marker_spans=_markers(decisions.markers),
    )


@by_identity(2)
def _said(transcript: Transcript, merged: Mapping[int, int]) -> Mapping[int | None, Spans]:
    """The words of each voice, merged ones with the one they are now."""
    rows: dict[int | None, list[tuple[int, int, int]]] = {}
    for i, word in enumerate(transcript.words):
        rows.setdefault(word.speaker, []).append((word.start, word.end, i))
    for old, new in merged.items():
        if old in rows:
            rows.setdefault(new, []).extend(rows.pop(old))
    order = sorted(rows, key=lambda s: (s is None, s or 0))
    return {speaker: Spans(rows[speaker]) for speaker in order}


@by_identity(2)
def _voices(said: Mapping[int | None, Spans], shown: tuple[SpeakerShown, ...]) -> tuple[Voice, ...]:
    known = {who.number: who for who in shown}
    out: list[Voice] = []
    for speaker, words in said.items():
        who = known.get(speaker) if speaker is not None else None
        name, colour = (who.name, who.colour) if who else ("Words", 0)
        out.append(Voice(speaker, words, colour, name))
    return tuple(out)


@by_identity(2)
def _markers(markers: tuple[Marker, ...]) -> Spans:
    return Spans((m.range.start, m.range.end, i) for i, m in enumerate(markers))


@by_identity(2)
def _scenes(scenes: Scenes) -> Spans:
    return Spans((r.start, r.end, i) for i, r in enumerate(scenes.ranges))


@by_identity(2)
def _shown_people(everyone: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(p for p in everyone if not p.hidden)


@dataclass(frozen=True, eq=False, slots=True)
class _Line:
    """Spans, and what they are of, one by one."""

    items: Sequence[object]
    spans: Spans


@evolving(4)
def _removed_line(removed: tuple[Removed, ...], before: _Line | None) -> _Line:
    old = before or _Line((), Spans())
    head, tail = differing(old.items, removed)
    new = removed[head : len(removed) - tail]
    rows = [(r.range.start, r.range.end, int(r.undecided)) for r in new]
    return _Line(removed, old.spans.replaced(head, tail, rows))


@evolving(4)
def _cut_line(cuts: tuple[CutSpan, ...], before: _Line | None) -> _Line:
    old = before or _Line((), Spans())
    head, tail = differing(old.items, cuts)
    new = enumerate(cuts[head : len(cuts) - tail], head)
    rows = [(c.range.start, c.range.end, i) for i, c in new]
    shift = len(cuts) - len(old.items)
    return _Line(cuts, old.spans.replaced(head, tail, rows, shift))


_STATES: dict[Verdict, CutState] = {
    Verdict.UNDECIDED: "proposed",
    Verdict.ACCEPTED: "removed",
    Verdict.RESTORED: "restored",
}
_in_order = attrgetter("range.start", "range.end", "id")


@dataclass(frozen=True, eq=False, slots=True)
class _Cuts:
    """What the Cut lane shows and what it was made of."""

    found: tuple[Proposal, ...]
    struck: tuple[Strike, ...]
    cuts: tuple[CutSpan, ...]


@evolving(4)
def _cuts(found: tuple[Proposal, ...], struck: tuple[Strike, ...], before: _Cuts | None) -> _Cuts:
    old = before or _Cuts((), (), ())
    head, tail = differing(old.found, found)
    gone = set(_proposed(old.found[head : len(old.found) - tail]))
    come = set(_proposed(found[head : len(found) - tail]))
    head, tail = differing(old.struck, struck)
    gone.update(map(_by_hand, old.struck[head : len(old.struck) - tail]))
    come.update(map(_by_hand, struck[head : len(struck) - tail]))
    # A corrected word is no news here.
    cuts = exchanged(old.cuts, gone - come, come - gone, _in_order)
    return _Cuts(found, struck, shared(old.cuts, cuts))


def _by_hand(strike: Strike) -> CutSpan:
    return CutSpan(strike.id, strike.range, "removed", "removed")


def _proposed(found: Sequence[Proposal]) -> Iterator[CutSpan]:
    return (
        CutSpan(p.id, p.range, _STATES[p.verdict], _LABELS.get(p.kind, "retake")) for p in found
    )


@by_identity(2)
def _lines(persons: tuple[Person, ...]) -> tuple[Spans, ...]:
    """A line for each person seen more than once, then the others in rows without overlap."""
    again = [n for n, p in enumerate(persons) if len(p.tracks) > 1]
    own = set(sorted(again, key=lambda n: -persons[n].on_screen_us)[:OWN_LINES])
    lines = tuple(Spans((t.start, t.end, n) for t in persons[n].tracks) for n in sorted(own))
    return lines + packed(persons, own)


def packed(persons: Sequence[Person], but: Collection[int] = ()) -> tuple[Spans, ...]:
    """Appearances in rows without overlap; a person keeps the row of last time where it is free.

    but: numbers of people who are left out.
    """
    tracks = sorted(
        (t.start, t.end, number)
        for number, p in enumerate(persons)
        if number not in but
        for t in p.tracks
    )
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
