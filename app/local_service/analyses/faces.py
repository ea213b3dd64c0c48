"""Faces in one grey picture, by OpenCV's cascades: where they may be, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Corners = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels of the grey picture."""

HEIGHT = 480
"""Pictures are searched at this height: the cascades see faces of a sixteenth of it and more."""

SMALLEST = HEIGHT // 16
TILTS = (0.0, -22.0, 22.0, -42.0, 42.0)
"""Degrees by which the picture is turned, since the cascades know upright faces alone."""

FACE_SIDE = 72
"""A face is brought to this side before it is judged, so that hits of different sizes compare."""

SURE_HITS = 60.0
"""Hits at which the score is 1: the geometric mean of the hits of the three cascades."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A face in one picture. score: 0 to 1, how much the cascades agree; angle: of the head."""

    box: Corners
    score: float
    angle: float


def cascade(name: str) -> cv2.CascadeClassifier:
    """One of the cascades OpenCV 4 carries (5 carries none)."""
    found = Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"
    return cv2.CascadeClassifier(str(found))


def grey_of(picture: NDArray[np.uint8]) -> Grey:
    """A BGR picture as the grey one to be searched; never enlarged."""
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    side = min(height, width)
    if side > HEIGHT:
        size = (round(width * HEIGHT / side), round(height * HEIGHT / side))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)


def overlap(a: Corners, b: Corners) -> float:
    """Intersection over union, 0 to 1."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(a) + _area(b) - both)


class FaceFinder:
    """The cascades: `default` and `alt2` propose, and with `alt` they judge.

    Measured on real footage: `default` alone misses glasses and proposes shelves, `alt2` alone
    misses beards and proposes necks; what all three hit many times over is a face.
    """

    def __init__(self) -> None:
        self._scanners = (cascade("frontalface_default"), cascade("frontalface_alt2"))
        self._judges = (*self._scanners, cascade("frontalface_alt"))

    def scan(self, grey: Grey, *, wide: bool) -> list[Sighting]:
        """Faces anywhere, the surest first, none twice; `wide` looks for tilted heads too."""
        proposed: list[tuple[Corners, float]] = []
        for angle in TILTS if wide else TILTS[:1]:
            picture, back = (grey, None) if not angle else _turned(grey, angle)
            for scanner in self._scanners if wide else self._scanners[:1]:
                boxes = scanner.detectMultiScale(
                    picture, scaleFactor=1.1, minNeighbors=3, minSize=(SMALLEST, SMALLEST)
                )
                proposed.extend((_placed(box, back), angle) for box in boxes)
        seen = (self.look(grey, box, angle) for box, angle in _distinct(proposed))
        return distinct([s for s in seen if s])

    def look(self, grey: Grey, box: Corners, angle: float) -> Sighting | None:
        """The face at about `box` with its head tilted by about `angle`, or None."""
        patch, scale = _patch(grey, box, angle)
        middle = patch.shape[0] / 2
        agreement = 1.0
        hits: list[tuple[float, float, float]] = []
        for judge in self._judges:
            found = judge.detectMultiScale(
                patch,
                scaleFactor=1.08,
                minNeighbors=0,
                minSize=(FACE_SIDE * 2 // 3,) * 2,
                maxSize=(FACE_SIDE * 3 // 2,) * 2,
            )
            here = [(x + w / 2 - middle, y + w / 2 - middle, float(w)) for x, y, w, _ in found]
            near = [h for h in here if max(abs(h[0]), abs(h[1])) < FACE_SIDE / 3]
            agreement *= len(near) + 1
            hits.extend(near)
        hit_count = agreement ** (1 / len(self._judges)) - 1
        if hit_count < 1:
            return None
        dx, dy, w = (float(v) / scale for v in np.median(np.array(hits), axis=0))
        dx, dy = _unturned(dx, dy, angle)
        cx, cy = (box[0] + box[2]) / 2 + dx, (box[1] + box[3]) / 2 + dy
        side = w
        placed = (cx - side / 2, cy - side / 2, cx + side / 2, cy + side / 2)
        return Sighting(placed, min(1.0, hit_count / SURE_HITS), angle)


def distinct(seen: list[Sighting]) -> list[Sighting]:
    """The surest of each group of sightings of one face."""
    kept: list[Sighting] = []
    for one in sorted(seen, key=lambda s: -s.score):
        if not any(same_face(one.box, other.box) for other in kept):
            kept.append(one)
    return kept


def same_face(a: Corners, b: Corners) -> bool:
    """Whether two boxes of one picture can only be one face: overlapping, or one in the other."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    return width * height > 0.4 * min(_area(a), _area(b))


def _distinct(proposed: list[tuple[Corners, float]]) -> list[tuple[Corners, float]]:
    kept: list[tuple[Corners, float]] = []
    for box, angle in proposed:
        if not any(overlap(box, other) > 0.5 and angle == turned for other, turned in kept):
            kept.append((box, angle))
    return kept


def _area(box: Corners) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _turned(grey: Grey, angle: float) -> tuple[Grey, NDArray[np.float64]]:
    """The whole picture turned, nothing cut off, and the matrix that leads back."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(height * sin + width * cos), int(height * cos + width * sin))
    matrix[:, 2] += np.array([(size[0] - width) / 2, (size[1] - height) / 2])
    turned = cv2.warpAffine(grey, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8), np.asarray(cv2.invertAffineTransform(matrix))


def _placed(box: Sequence[int], back: NDArray[np.float64] | None) -> Corners:
    x, y, w, h = (float(v) for v in box)
    middle = np.array([x + w / 2, y + h / 2, 1.0])
    cx, cy = middle[:2] if back is None else back @ middle
    return (float(cx - w / 2), float(cy - h / 2), float(cx + w / 2), float(cy + h / 2))


def _patch(grey: Grey, box: Corners, angle: float) -> tuple[Grey, float]:
    """The surroundings of `box` turned upright, its side `FACE_SIDE`, and the scale used."""
    scale = FACE_SIDE / max(1.0, box[2] - box[0])
    side = FACE_SIDE * 7 // 4
    cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    matrix = cv2.getRotationMatrix2D((cx, cy), angle, scale)
    matrix[:, 2] += np.array([side / 2 - cx, side / 2 - cy])
    patch = cv2.warpAffine(
        grey, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(patch, dtype=np.uint8), scale


def _unturned(dx: float, dy: float, angle: float) -> tuple[float, float]:
    radians = np.deg2rad(angle)
    cos, sin = float(np.cos(radians)), float(np.sin(radians))
    return dx * cos - dy * sin, dx * sin + dy * cos
