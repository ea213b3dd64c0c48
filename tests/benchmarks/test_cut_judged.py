"""The measuring of cuts is itself held against sound and pictures whose faults are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core.timerange import Ranges, TimeRange
from tests.benchmarks.coded import KEPT_TONES, LOUDNESS, RATE, REMOVED_TONE, Case, Clip, number_of
from tests.benchmarks.cut_judged import Found, Painted, figures_of, judged
from tests.benchmarks.sound_rig import clicks, heard_at_cuts, runs
from tests.playback.clips import draw

FRAME = 40_000
KEEP: Ranges = tuple(TimeRange(a * FRAME, b * FRAME) for a, b in ((5, 25), (40, 60), (80, 100)))
LENGTHS = [span.duration / 1000 for span in KEEP]
CLIP = Clip(Case("no film"), Path("none.mp4"), KEEP, [n * FRAME for n in range(120)])
KEPT = [n for span in KEEP for n in range(span.start // FRAME, span.end // FRAME)]
CLEAN = [(KEPT_TONES[0], 800.0), (KEPT_TONES[1], 800.0), (KEPT_TONES[0], 800.0)]


def sound(*parts: tuple[float, float]) -> np.ndarray:
    """Tones in hertz, 0 for silence, and milliseconds of each; half a second of silence around."""
    pitch = np.concatenate(
        [np.full(round(ms * RATE / 1000), hertz) for hertz, ms in ((0.0, 500.0), *parts)]
        + [np.zeros(RATE // 2)]
    )
    return LOUDNESS * np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * (pitch > 0)


def on_time(numbers: list[int]) -> Painted:
    """Frames that come one after the other, each when it is due."""
    return [(n * FRAME / 1e6, number) for n, number in enumerate(numbers)]


def found(painted: Painted) -> Found:
    """What is said of pictures, with sound that has no fault."""
    return judged(CLIP, painted, sound(*CLEAN))


def test_a_cut_without_fault_has_none() -> None:
    figures = figures_of([found(on_time(KEPT))])
    assert {key for key, value in figures.items() if abs(value) > 0.6} == set()


def test_removed_sound_is_measured_at_its_cut() -> None:
    parts = [CLEAN[0], (REMOVED_TONE, 25.0), CLEAN[1], (REMOVED_TONE, 60.0), CLEAN[2]]
    heard = heard_at_cuts(runs(sound(*parts)), LENGTHS)
    assert heard.removed == pytest.approx([25, 60], abs=1.5)
    assert heard.lost == pytest.approx([0, 0], abs=1.5)


def test_kept_sound_that_is_not_heard_is_lost_whether_or_not_silence_stands_for_it() -> None:
    parts = [CLEAN[0], (0.0, 40.0), (KEPT_TONES[1], 760.0), (KEPT_TONES[0], 770.0)]
    heard = heard_at_cuts(runs(sound(*parts)), LENGTHS)
    assert heard.lost == pytest.approx([40, 30], abs=2.5)
    assert heard.silent == pytest.approx([40, 0], abs=4)
    assert heard.removed == [0, 0]


def test_a_stretch_that_is_not_heard_is_lost_whole() -> None:
    heard = heard_at_cuts(runs(sound(CLEAN[0], CLEAN[1])), LENGTHS)
    assert heard.lost == pytest.approx([0, 800], abs=1.5)


def test_a_jump_of_the_sound_is_a_click_and_a_change_of_tone_is_none() -> None:
    assert clicks(sound(*CLEAN)) == 0
    broken = sound(*CLEAN)
    broken[RATE] += 0.5
    assert clicks(broken) == 1


def test_a_frame_that_is_not_kept_counts_once_however_often_it_is_painted_again() -> None:
    numbers = [*KEPT[:20], 25, 25, *KEPT[20:]]
    assert found(on_time(numbers)).leaked == 1


def test_a_frame_that_comes_again_after_a_later_one_counts_as_leaked() -> None:
    numbers = [*KEPT[:21], KEPT[19], *KEPT[21:]]
    assert found(on_time(numbers)).leaked == 1


def test_missing_frames_count_at_the_cut_before_them() -> None:
    assert found(on_time([n for n in KEPT if n not in (40, 41, 90)])).missing == [2, 1]


def test_a_gap_counts_from_when_a_frame_came_and_not_from_when_it_was_painted_again() -> None:
    painted = [(at + (0.1 if n >= 40 else 0.0), n) for at, n in on_time(KEPT)]
    again = [*painted[:20], (painted[19][0] + 0.09, KEPT[19]), *painted[20:]]
    assert found(again).gaps == pytest.approx([100, 0], abs=0.01)


def test_a_stretch_of_which_nothing_is_painted_is_late_by_its_length() -> None:
    assert found(on_time(KEPT[:40])).gaps == pytest.approx([0, 800], abs=0.01)
    without_second = [(at, n) for at, n in on_time(KEPT) if not 40 <= n < 60]
    assert found(without_second).gaps == pytest.approx([800, 800], abs=0.01)


def test_a_number_is_read_at_any_size_and_none_from_another_picture() -> None:
    width, height, gray = draw(54_321)
    assert number_of(gray, width, width, height, pixel=1) == 54_321
    third = np.frombuffer(gray, np.uint8).reshape(height, width)[::3, ::3]
    assert number_of(third.tobytes(), third.shape[1], *third.shape[::-1], pixel=1) == 54_321
    assert number_of(bytes(width * height), width, width, height, pixel=1) == -1
