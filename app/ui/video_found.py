"""What was found in the film as it is shown over one frame: faces, the scene's label; no Qt."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.people import Person, people
from app.core.review import Review
from app.core.timerange import SECOND
from app.ui.video_boxes import Area, PlacedBox, hit, layout

LABEL_US = 2 * SECOND
"""A scene's label is seen for so long after the scene began."""

FADE_US = SECOND // 2
"""The last part of that, in which it fades."""


class Found:
    """The faces and the scene of the frame that is painted; the view says which frame and where.

    boxes, names, markers: the switches of the View menu. only: the one person shown, None for
    everyone. chosen: the person that stands out, "" for nobody.
    placed: the faces as they are painted; pointed: the one under the mouse.
    """

    def __init__(self) -> None:
        self.boxes = self.names = self.markers = True
        self.only: str | None = None
        self.chosen = ""
        self.placed: tuple[PlacedBox, ...] = ()
        self.pointed: PlacedBox | None = None
        self._review: Review | None = None
        self._everyone: tuple[Person, ...] = ()
        self._person_of: Mapping[int, Person] = {}

    def show_review(self, review: Review | None) -> bool:
        """Another version of the document; whether anything of it is seen on the picture."""
        before, self._review = self._review, review
        everyone = people(review) if review is not None else ()
        if everyone is self._everyone and _same_evidence(before, review):
            return False
        self._everyone = everyone
        self._person_of = {track.track: p for p in everyone for track in p.tracks}
        return True

    def place(self, pts: int | None, at: Area) -> None:
        """Lay out the faces of the frame `pts`, which lies at `at`; None for no frame."""
        evidence = self._review.evidence if self._review else None
        if not self.boxes or pts is None or evidence is None or evidence.faces is None:
            self.placed = ()
            return
        boxes = evidence.faces.boxes_at(pts, evidence.cuts)
        shown = [b for b in boxes if not self._is_hidden(b.track)]
        self.placed = layout(shown, self._person_of, at, self.only)

    def _is_hidden(self, track: int) -> bool:
        person = self._person_of.get(track)
        return person is not None and person.hidden

    def point(self, mouse: tuple[float, float] | None) -> bool:
        """The mouse is there, or None; whether another face than before is under it."""
        before = self.pointed
        self.pointed = hit(self.placed, *mouse) if mouse is not None else None
        return self.pointed != before

    def strong(self, box: PlacedBox) -> bool:
        """Whether a face stands out: it is pointed at, or its person is chosen."""
        return box == self.pointed or bool(box.person and box.person == self.chosen)

    def named(self, box: PlacedBox) -> bool:
        """Whether its tag is shown."""
        return self.names or self.strong(box)

    def scene(self, pts: int | None) -> tuple[str, float]:
        """The scene's label at the frame `pts` and its opacity; "" for none."""
        scenes = self._review.evidence.scenes if self._review else None
        if not self.markers or scenes is None or pts is None:
            return "", 0.0
        index = scenes.index_at(pts)
        began = scenes.cuts[index - 1] if index else 0
        since = pts - began
        if since >= LABEL_US:
            return "", 0.0
        return f"Scene {index + 1}", min(1.0, (LABEL_US - since) / FADE_US)


def _same_evidence(one: Review | None, other: Review | None) -> bool:
    """Whether faces and scenes are the same, so that an edit repaints no picture."""
    if one is None or other is None:
        return one is other
    a, b = one.evidence, other.evidence
    return a.faces is b.faces and a.scenes is b.scenes
