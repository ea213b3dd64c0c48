"""The gate: what may be seen."""

from dataclasses import dataclass

from app.core.timerange import TimeRange
from app.playback.clock import UNSETTLED
from app.playback.player import Frame
from app.playback.publisher import Publisher

SPANS = (TimeRange(0, 100), TimeRange(200, 300))


def frame(pts: int) -> Frame:
    return Frame(pts, pts, 1, 1, 4, b"1234")


@dataclass
class Met:
    """A frame met in passing; late: VLC has drawn over it."""

    pts: int
    late: bool = False

    def drawn(self) -> Frame | None:
        return None if self.late else frame(self.pts)


def gate() -> tuple[Publisher, list[int]]:
    seen: list[int] = []
    return Publisher(lambda f: seen.append(f.pts)), seen


def test_while_standing_only_stills_pass() -> None:
    publisher, seen = gate()
    publisher.still(frame(150))
    publisher.moving(Met(10), 0, 0)
    assert seen == [150]


def test_while_running_nothing_outside_the_spans_passes() -> None:
    publisher, seen = gate()
    publisher.run(0, SPANS, -1)
    for pts in (0, 99, 100, 199, 200, 299, 300):
        publisher.moving(Met(pts), 0, 0)
    publisher.still(frame(150))
    assert seen == [0, 99, 200, 299]
    publisher.allow((TimeRange(0, 50),))
    publisher.moving(Met(60), 0, 0)
    assert publisher.last == 299


def test_a_frame_that_may_be_another_one_keeps_clear_of_the_edges() -> None:
    publisher, seen = gate()
    publisher.run(0, SPANS, -1)
    for pts in (5, 95, 205, 250):
        publisher.moving(Met(pts), 20, 0)
    assert seen == [5, 250]


def test_the_other_player_is_unseen_until_it_is_on_air_with_its_last_frame() -> None:
    publisher, seen = gate()
    publisher.run(0, SPANS, -1)
    publisher.moving(Met(150), 0, 1)
    publisher.moving(Met(200), 0, 1)
    assert seen == []
    publisher.switch(1)
    publisher.moving(Met(90), 0, 0)
    assert seen == [200]


def test_a_late_still_does_not_replace_a_moving_frame() -> None:
    publisher, seen = gate()
    publisher.run(0, SPANS, 10)
    publisher.still(frame(10))
    publisher.moving(Met(11), 0, 0)
    publisher.still(frame(10))
    assert seen == [10, 11]


def test_a_frame_that_was_drawn_over_is_not_shown() -> None:
    publisher, seen = gate()
    publisher.run(0, SPANS, -1)
    publisher.moving(Met(10, late=True), 0, 0)
    publisher.moving(Met(20), 0, 0)
    assert seen == [20]


def test_no_frame_overtakes_the_one_shown_last() -> None:
    publisher, seen = gate()
    publisher.run(0, SPANS, -1)
    publisher.moving(Met(20), 0, 0)
    publisher.moving(Met(10), 0, 0)
    assert seen == [20]


def test_a_frame_that_may_be_some_frames_off_says_so() -> None:
    seen: list[bool] = []
    publisher = Publisher(lambda f: seen.append(f.unsure))
    publisher.run(0, (TimeRange(0, 10_000_000),), -1)
    for pts, margin in ((1_000_000, 0), (2_000_000, 40_000), (3_000_000, UNSETTLED)):
        publisher.moving(Met(pts), margin, 0)
    assert seen == [False, False, True]
