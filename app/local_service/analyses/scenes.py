"""Hard cuts, by PySceneDetect's ContentDetector with its defaults."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect import ContentDetector, FrameTimecode
from scenedetect.scene_manager import compute_downscale_factor

FPS = Fraction(30)
"""The detector counts frames; the rate it is told does not matter, as times come from the pts."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Microseconds of the last frame before a cut and of the first after it."""

    before: int
    after: int


class SceneFinder:
    """Takes every frame in order; `cuts` are those found so far.

    The detector tells of a cut up to 15 frames late: that is its shortest scene.
    """

    def __init__(self) -> None:
        self._detector = ContentDetector()
        self._times: list[int] = []
        self.cuts: list[Cut] = []

    def step(self, t: int, picture: NDArray[np.uint8]) -> None:
        """The next frame, shown at `t` microseconds."""
        number = len(self._times)
        self._times.append(t)
        found = self._detector.process_frame(FrameTimecode(number, FPS), _small(picture))
        self._add(found)

    def finish(self) -> None:
        """No more frames will come."""
        if self._times:
            last = FrameTimecode(len(self._times) - 1, FPS)
            self._add(self._detector.post_process(last))

    def _add(self, found: list[FrameTimecode]) -> None:
        for timecode in found:
            number = timecode.frame_num
            if number is not None and 0 < number < len(self._times):
                self.cuts.append(Cut(self._times[number - 1], self._times[number]))


def _small(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As SceneManager hands frames to its detectors."""
    height, width = picture.shape[:2]
    factor = compute_downscale_factor(max(width, height))
    if factor <= 1:
        return picture
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
