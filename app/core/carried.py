"""Decisions on words, speakers and faces brought over to another answer of the same film.

A service's numbers hold within one answer alone (contract 4, 8 and 15): what was said of word 7 or
of face 3 is found again by time and place, or let go of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType
from typing import Any, TypeVar

from app.core.faces import Box, Faces, FaceTrack
from app.core.review import Decisions, Evidence
from app.core.speakers import speaker_key, speaker_number
from app.core.transcript import Transcript, Word

Value = TypeVar("Value")
Old = TypeVar("Old", int, str)

WORDS = 3_000
"""Words that are looked for at most to tell speakers, evenly over the film."""

LOOKS = 60
"""Instants at which a face is looked for at most, evenly over its tracks."""

ALIKE = 0.5
"""Of two words' or boxes' common extent, from which they are the same."""


Carry = Callable[[Decisions], Decisions]


def let_go(before: Decisions, now: Decisions) -> int:
    """How many corrections, paragraphs, names, colours, merges and hidden faces were not found."""
    kinds = ("corrections", "breaks", "joins", "names", "colours", "merged", "hidden")
    return sum(max(0, len(getattr(before, k)) - len(getattr(now, k))) for k in kinds)


def carrier(before: Evidence, now: Evidence) -> Carry | None:
    """Brings decisions on `before` over to `now`; None where the answers are the same ones.

    Versions that share a mapping share what it becomes.
    """
    word, speaker = _words(before.transcript, now.transcript)
    person = _people(before.faces, now.faces)
    if word is None and person is None:
        return None
    done: dict[int, tuple[object, object]] = {}

    def once(said: Any, how: Callable[[Any], Any]) -> Any:
        """As it was where nothing of it changes; remembered by identity, so that it is kept."""
        if not said:
            return said
        if id(said) not in done:
            new = how(said)
            done[id(said)] = said, said if new == said else new
        return done[id(said)][1]

    def key(old: str) -> str | None:
        find = person if speaker_number(old) is None else speaker
        return find(old) if find else old

    def carry(said: Decisions) -> Decisions:
        more: dict[str, Any] = {}
        if word:
            more["corrections"] = once(said.corrections, partial(_keyed, new=word))
            more["breaks"] = once(said.breaks, partial(_all, new=word))
            more["joins"] = once(said.joins, partial(_all, new=word))
        more["names"] = once(said.names, partial(_keyed, new=key))
        more["colours"] = once(said.colours, partial(_keyed, new=key))
        more["merged"] = once(said.merged, partial(_merged, new=key))
        more["hidden"] = once(said.hidden, partial(_all, new=key))
        same = all(getattr(said, name) is value for name, value in more.items())
        return said if same else replace(said, **more)

    return carry


def _keyed(said: Mapping[Old, Value], new: Callable[[Old], Old | None]) -> Mapping[Old, Value]:
    out: dict[Old, Value] = {}
    for old, value in said.items():
        if (found := new(old)) is not None:
            out.setdefault(found, value)
    return MappingProxyType(out)


def _merged(said: Mapping[str, str], new: Callable[[str], str | None]) -> Mapping[str, str]:
    pairs = ((new(a), new(b)) for a, b in said.items())
    return MappingProxyType({a: b for a, b in pairs if a and b and a != b})


def _all(said: frozenset[Old], new: Callable[[Old], Old | None]) -> frozenset[Old]:
    return frozenset(found for old in said if (found := new(old)) is not None)


def _words(
    before: Transcript | None, now: Transcript | None
) -> tuple[Callable[[int], int | None] | None, Callable[[str], str | None] | None]:
    """How a word and a speaker of the one are found in the other; None where it is the same."""
    if before is None or now is None or before is now:
        return None, None

    def word(old: int) -> int | None:
        if not 0 <= old < len(before.words):
            return None
        said = before.words[old]
        if old < len(now.words) and now.words[old] == said:
            return old
        found = now.word_at(said.midpoint)
        return found if found is not None and _alike(said, now.words[found]) else None

    @cache
    def heard() -> Mapping[int | None, Counter[int | None]]:
        out: dict[int | None, Counter[int | None]] = {}
        for old in range(0, len(before.words), len(before.words) // WORDS + 1):
            said = before.words[old]
            found = now.word_at(said.midpoint)
            now_by = None if found is None else now.words[found].speaker
            out.setdefault(said.speaker, Counter())[now_by] += 1
        return out

    def speaker(old: str) -> str | None:
        best = _most(heard().get(speaker_number(old), Counter()))
        return None if best is None else speaker_key(best)

    return word, speaker


def _alike(a: Word, b: Word) -> bool:
    common = min(a.end, b.end) - max(a.start, b.start)
    return common >= ALIKE * max(a.end - a.start, b.end - b.start)


def _people(before: Faces | None, now: Faces | None) -> Callable[[str], str | None] | None:
    """How a person of the one is found in the other; None where nothing changed."""
    if before is None or now is None or before is now:
        return None

    @cache
    def person(old: str) -> str | None:
        tracks = [t for t in before.tracks if t.person == old]
        seen: Counter[str | None] = Counter()
        for track in tracks[:: len(tracks) // LOOKS + 1]:
            for t in _instants(track, max(1, LOOKS // len(tracks))):
                seen[_seen_at(before, now, track, t)] += 1
        return _most(seen)

    return person


def _instants(track: FaceTrack, many: int) -> Iterable[int]:
    length = track.end - track.start
    return (track.start + length * (2 * n + 1) // (2 * many) for n in range(many))


def _seen_at(before: Faces, now: Faces, track: FaceTrack, t: int) -> str | None:
    """Who is in the place of that face at `t`."""
    there = [b for b in before.boxes_at(t) if b.track == track.track]
    if not there:
        return None
    best = max(now.boxes_at(t), key=lambda b: _overlap(there[0], b), default=None)
    if best is None or _overlap(there[0], best) < ALIKE:
        return None
    return FaceTrack(best.track, best.cluster, t, t, 1, 0.0).person


def _overlap(a: Box, b: Box) -> float:
    """Common area over that of both together, 0 to 1."""
    wide = min(a.x2, b.x2) - max(a.x1, b.x1)
    high = min(a.y2, b.y2) - max(a.y1, b.y1)
    if wide <= 0 or high <= 0:
        return 0.0
    both = (a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - wide * high
    return wide * high / both


def _most(found: Counter[Value | None]) -> Value | None:
    """What was found in more than half of all looks."""
    for what, times in found.most_common(1):
        return what if 2 * times > found.total() else None
    return None
