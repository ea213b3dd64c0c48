"""Face boxes that spell the number of the frame they belong to, and how to read them again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.core.faces import Box, Faces

Picture = npt.NDArray[np.uint8]
"""Rows of pixels of four bytes: blue, green, red and one without meaning."""

BITS = 12
PLACES_Y = (0.27, 0.40)
"""Where the box of a bit lies if it is 0, and if it is 1, of the picture's height: between the
rows at which the film's own number is read."""
LEFT, APART = 0.08, 0.076
WIDTH, HEIGHT = 0.008, 0.010
REACH, ENOUGH = 7, 8
"""So many pixels around a box's middle are looked at, and so many of them must be coloured."""
COLOURED = 60
"""Difference of the channels from which on a pixel is a box's: the coded films are grey there."""


def boxes_of(number: int) -> list[Box]:
    """One box a bit, each a track of its own that goes between two places."""
    out = []
    for bit in range(BITS):
        x, y = LEFT + APART * bit, PLACES_Y[number >> bit & 1]
        out.append(Box(x, y, x + WIDTH, y + HEIGHT, 0.9, bit, 0))
    return out


def coded_faces(times: Sequence[int], *, off_by: int = 0) -> Faces:
    """An observation for every frame. off_by: what the boxes spell is wrong by so much."""
    return Faces.of((t, boxes_of(max(0, k + off_by))) for k, t in enumerate(times))


def number_in_boxes(picture: Picture) -> int:
    """What the boxes in a picture spell; -1 where they cannot be read."""
    number = 0
    for bit in range(BITS):
        lit = [_coloured(picture, bit, place) for place in PLACES_Y]
        if lit[0] == lit[1]:
            return -1
        number |= lit[1] << bit
    return number


def _coloured(picture: Picture, bit: int, y: float) -> bool:
    height, width = picture.shape[:2]
    across = int((LEFT + APART * bit + WIDTH / 2) * width)
    down = int((y + HEIGHT / 2) * height)
    near = picture[down - REACH : down + REACH, across - REACH : across + REACH, :3]
    lively = near.max(axis=2).astype(np.int16) - near.min(axis=2) > COLOURED
    return int(np.count_nonzero(lively)) >= ENOUGH
