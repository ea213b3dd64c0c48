"""All frames of a video in order, as displayed, with the times of the pts table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.errors import MediaError
from app.media.frame_index import frame_times, nearest_frame


@dataclass(frozen=True, slots=True)
class Frame:
    """index: in the pts table; t: microseconds; picture: rows of BGR pixels, rotation applied."""

    index: int
    t: int
    picture: NDArray[np.uint8]


def frames(path: Path) -> Iterator[Frame]:
    """Decoded one after the other; raises MediaError where not a single one can be read.

    OpenCV counts time from the stream's first frame, the pts table from the container's begin.
    """
    times = frame_times(path)
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        last = -1
        while times:
            got, picture = capture.read()
            if not got or picture is None:
                break
            t = round(capture.get(cv2.CAP_PROP_POS_MSEC) * 1000) + times[0]
            index = max(nearest_frame(times, t), last)
            if index == last:
                continue
            last = index
            yield Frame(index, times[index], np.asarray(picture, dtype=np.uint8))
        if last < 0:
            raise MediaError(
                "The picture of this video cannot be decoded here, so there are no scenes and "
                "faces.",
                "Convert it to MP4 with H.264 and analyse that, or use a NanoClip key.",
            )
    finally:
        capture.release()
