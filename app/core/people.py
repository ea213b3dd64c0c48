"""Who is in the picture: face tracks gathered into people, as the service and the person say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.faces import FaceTrack, time_on_screen
from app.core.memo import by_identity
from app.core.review import Review


@dataclass(frozen=True, slots=True)
class Person:
    """One person: their tracks in time order and how long any of them is seen.

    key: `c3` for cluster 3, `t7` for a track alone. colour_index counts people by their first
    appearance, before merging, so that no merge recolours the others.
    """

    key: str
    name: str
    tracks: tuple[FaceTrack, ...]
    colour_index: int
    on_screen_us: int

    @property
    def track_ids(self) -> frozenset[int]:
        """Numbers of the tracks, as boxes carry them."""
        return frozenset(t.track for t in self.tracks)


def root(key: str, merged: Mapping[str, str]) -> str:
    """The key that `key` was merged into at last; a ring of merges ends where it began."""
    seen = {key}
    while key in merged and merged[key] not in seen:
        key = merged[key]
        seen.add(key)
    return key


@by_identity(4)
def people(review: Review) -> tuple[Person, ...]:
    """Everyone in the order of their first appearance; unnamed ones are "Person N"."""
    faces, said = review.evidence.faces, review.decisions
    if faces is None:
        return ()
    tracks = sorted(faces.tracks, key=lambda t: (t.start, t.track))
    colours = {key: n for n, key in enumerate(dict.fromkeys(t.person for t in tracks))}
    gathered: dict[str, list[FaceTrack]] = {}
    for track in tracks:
        gathered.setdefault(root(track.person, said.merged), []).append(track)
    return tuple(
        Person(
            key,
            said.names.get(key, "") or f"Person {colours.get(key, len(colours)) + 1}",
            tuple(own),
            colours.get(key, len(colours)),
            time_on_screen(own),
        )
        for key, own in gathered.items()
    )
