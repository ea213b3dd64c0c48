"""Who is in the picture: face tracks gathered into people, as the service and the person say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.core.faces import Faces, FaceTrack, time_on_screen
from app.core.memo import by_identity
from app.core.review import Review


@dataclass(frozen=True, slots=True)
class Person:
    """One person: their tracks in time order and how long any of them is seen.

    key: `c3` for cluster 3, `t7` for a track alone. colour_index: the palette number the person
    chose; else it counts people by their first appearance, before merging, so that no merge
    recolours the others. hidden: listed, but not shown on the picture nor in lanes.
    """

    key: str
    name: str
    tracks: tuple[FaceTrack, ...]
    colour_index: int
    on_screen_us: int
    hidden: bool = False

    @property
    def track_ids(self) -> frozenset[int]:
        """Numbers of the tracks, as boxes carry them."""
        return frozenset(t.track for t in self.tracks)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A person before names: number in the order of first appearance, tracks, time on screen."""

    key: str
    number: int
    tracks: tuple[FaceTrack, ...]
    on_screen_us: int


def root(key: str, merged: Mapping[str, str]) -> str:
    """The key that `key` was merged into at last; a ring of merges ends where it began."""
    seen = {key}
    while key in merged and merged[key] not in seen:
        key = merged[key]
        seen.add(key)
    return key


def people(review: Review) -> tuple[Person, ...]:
    """Everyone in the order of their first appearance; unnamed ones are "Person N".

    The very same tuple until the faces or a decision on people changes.
    """
    faces, said = review.evidence.faces, review.decisions
    if faces is None:
        return ()
    return _named(faces, said.merged, said.names, said.colours, said.hidden)


@by_identity(4)
def _named(
    faces: Faces,
    merged: Mapping[str, str],
    names: Mapping[str, str],
    colours: Mapping[str, int],
    hidden: frozenset[str],
) -> tuple[Person, ...]:
    # Merged speakers stand in the same mapping: they make no one gather the tracks again.
    own = frozenset((a, b) for a, b in merged.items() if not a.startswith("speaker "))
    return tuple(
        Person(
            one.key,
            names.get(one.key, "") or f"Person {one.number + 1}",
            one.tracks,
            colours.get(one.key, one.number),
            one.on_screen_us,
            one.key in hidden,
        )
        for one in _gathered(faces, own)
    )


@lru_cache(4)
def _gathered(faces: Faces, merges: frozenset[tuple[str, str]]) -> tuple[_Gathered, ...]:
    """Remembered by the identity of the faces, which compare so, and by what the merges say."""
    tracks, numbers = _ordered(faces)
    merged = dict(merges)
    gathered: dict[str, list[FaceTrack]] = {}
    for track in tracks:
        gathered.setdefault(root(track.person, merged), []).append(track)
    return tuple(
        _Gathered(key, numbers.get(key, len(numbers)), tuple(own), time_on_screen(own))
        for key, own in gathered.items()
    )


@by_identity(2)
def _ordered(faces: Faces) -> tuple[tuple[FaceTrack, ...], Mapping[str, int]]:
    """The tracks in time order, and the place of each person's first appearance."""
    tracks = tuple(sorted(faces.tracks, key=lambda t: (t.start, t.track)))
    return tracks, {key: n for n, key in enumerate(dict.fromkeys(t.person for t in tracks))}
