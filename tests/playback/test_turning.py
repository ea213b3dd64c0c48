"""Which frames are displayed while VLC goes over to another speed, from made-up displays."""

from pathlib import Path

import pytest

from app.playback.player import Film
from app.playback.turning import IN_A_ROW, Line, Told, Turn, frame_at, told

FILM = Film(Path("film.mp4"), "mp4", 10_000_000, (320, 180), [n * 40_000 for n in range(250)])
OLD = Line(0.0, 1.0)


def stamps_on(line: Line, first: int) -> list[int]:
    """When frames in a row are displayed."""
    times = FILM.frame_times[first : first + IN_A_ROW]
    return [round((pts - line.offset) / line.rate) for pts in times]


def seen(new: Line | None, stamps: list[int], last: int, rate: float = 2.0) -> Told:
    """What is told of pictures after a change from speed 1."""
    return told(Turn(OLD, new, (new.rate if new else rate) < 1.0), stamps, FILM, last)


def test_a_picture_at_its_time_is_known_and_one_between_two_frames_is_not() -> None:
    assert frame_at(OLD, 401_000, FILM) == 10
    assert frame_at(OLD, 399_000, FILM) == 10
    assert frame_at(OLD, 417_000, FILM) is None


def test_faster_no_picture_is_sure_before_the_new_speed_is_gone_over_to() -> None:
    found = seen(Line(-1_013_000.0, 2.0), stamps_on(OLD, 20), 22)
    assert (found.index, found.anchor) == (23, None)
    assert found.margin > 0


def test_while_the_new_time_is_not_known_nothing_is_sure() -> None:
    found = seen(None, stamps_on(OLD, 20), 22)
    assert found.index == 23
    assert found.margin > 0


def test_slower_the_next_picture_in_time_is_the_next_frame_even_so() -> None:
    assert seen(None, stamps_on(OLD, 20), 22, rate=0.5) == Told(23)
    assert seen(None, stamps_on(OLD, 20), 21, rate=0.5).margin > 0


def test_a_picture_that_fits_both_speeds_is_not_sure() -> None:
    crossing = stamps_on(OLD, 20)[-1]
    new = Line(-2.0 * crossing + 40 * 40_000, 2.0)
    found = seen(new, stamps_on(OLD, 20), 22)
    assert found.index == 23
    assert found.margin >= 17 * 40_000


@pytest.mark.parametrize("rate", [0.25, 0.5, 0.75, 1.25, 1.5, 2.0, 3.0])
def test_a_few_in_a_row_at_the_new_speed_show_that_it_is_gone_over_to(rate: float) -> None:
    new = Line(300_000.0, rate)
    stamps = stamps_on(new, 60)
    for count in range(1, IN_A_ROW):
        first = seen(new, stamps[:count], 40)
        assert (first.index, first.anchor) == (41, None)
        assert first.margin > 0
    found = seen(new, stamps, 43)
    assert (found.index, found.margin) == (63, 0)
    assert found.anchor is not None
    assert found.anchor.at(stamps[-1]) == pytest.approx(FILM.frame_times[63], abs=2)


def test_the_picture_that_came_soonest_says_when_the_new_time_is() -> None:
    new = Line(0.0, 2.0)
    stamps = stamps_on(new, 60)
    found = seen(new, [stamps[0], *(s + 1_000 for s in stamps[1:])], 62)
    assert found.anchor == new


def test_where_pictures_were_skipped_or_late_nothing_is_sure() -> None:
    new = Line(0.0, 2.0)
    one, two, three, four = stamps_on(new, 60)
    for odd in ([one, two, three, four + 20_000], [one, two, three, four + 7_000]):
        assert seen(new, odd, 62).margin > 0


def test_beyond_the_last_frame_nothing_is_counted() -> None:
    assert seen(None, [9_970_000], 249).index == 249
