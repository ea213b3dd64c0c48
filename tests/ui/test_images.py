"""Stills as Qt paints them; the rest of the presenter is seen in the journeys."""

from __future__ import annotations

from app.media.stills import Still
from app.ui.images import image_of


def test_a_still_becomes_an_image_of_its_own() -> None:
    bgrx = bytes([0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0] * 3)
    image = image_of(Still(3, 3, bgrx, 0))
    assert (image.width(), image.height()) == (3, 3)
    assert image.pixelColor(0, 0).red() == 255
    assert image.pixelColor(2, 2).blue() == 255
