"""What a film takes on this machine: more is believed at once, less by and by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.playback.player import Film
from app.playback.taking import EASED, OPENING, PREROLL, PRIMING, SEEKING, VARIES, Taking

FILM = Film(Path("film.mp4"), "mp4", 20_000_000, (1920, 1080), range(0, 20_000_000, 20_000))
KEYFRAMES = (0, 5_000_000, 10_000_000)


def test_a_slow_cue_counts_at_once_and_a_quick_one_a_little() -> None:
    taking = Taking()
    taking.cued(PRIMING + 400_000, FILM, 0)
    assert taking.priming(FILM, 3_000_000) == VARIES * (PRIMING + 400_000)
    taking.cued(PRIMING, FILM, 0)
    assert taking.priming(FILM, 0) == VARIES * (PRIMING + (1 - EASED) * 400_000)
    assert taking.listed() == OPENING + PREROLL


def test_a_list_is_learned_for_itself() -> None:
    taking = Taking()
    taking.opened(OPENING + 100_000)
    assert taking.listed() == OPENING + 100_000 + PREROLL
    assert taking.alone(FILM, 0) == VARIES * PRIMING + PREROLL


def test_one_cue_tells_how_long_every_place_takes_once_keyframes_are_known() -> None:
    taking = Taking()
    taking.keyframes = KEYFRAMES
    taking.cued(SEEKING + 100 * 3_000, FILM, 7_000_000)
    assert taking.priming(FILM, 5_000_000) == pytest.approx(VARIES * SEEKING)
    assert taking.priming(FILM, 9_000_000) == pytest.approx(VARIES * (SEEKING + 200 * 3_000))
    assert taking.alone(FILM, 9_500_000) == taking.priming(FILM, 9_000_000) + PREROLL


def test_a_cue_next_to_a_keyframe_says_nothing_of_frames() -> None:
    taking = Taking()
    taking.keyframes = KEYFRAMES
    before = taking.priming(FILM, 9_000_000)
    taking.cued(900_000, FILM, 5_020_000)
    assert taking.priming(FILM, 9_000_000) == before


def test_until_learned_a_frame_takes_by_its_pixels() -> None:
    taking = Taking()
    taking.keyframes = KEYFRAMES
    small, large = (replace(FILM, turned=size) for size in ((960, 540), (1920, 1080)))
    at_keyframe = taking.priming(small, 5_000_000)
    assert at_keyframe == taking.priming(large, 5_000_000)
    more = taking.priming(large, 9_000_000) - at_keyframe
    assert more == pytest.approx(4 * (taking.priming(small, 9_000_000) - at_keyframe))


def test_groups_are_thought_over_once_for_what_is_much_heavier() -> None:
    taking = Taking()
    found = []
    for took in (1.1 * PRIMING, 2.0 * PRIMING):
        taking.cued(took, FILM, 0)
        found.append(taking.heavier)
    taking.grouped()
    assert [*found, taking.heavier] == [False, True, False]


def test_groups_are_thought_over_once_places_are_known_one_by_one() -> None:
    taking = Taking()
    taking.keyframes = KEYFRAMES
    found = []
    for frame in (2_000, 2_200, 3_000):
        taking.cued(SEEKING + 100 * frame, FILM, 7_000_000)
        found.append(taking.heavier)
        taking.grouped()
    assert found == [True, False, True]
