"""The interpolated clock, fed by hand."""

from app.playback.clock import SETTLING, Clock
from app.playback.turning import Line, Turn


def test_an_unknown_time_is_none() -> None:
    clock = Clock()
    assert clock.at(5) is None
    clock.start(1.0)
    assert clock.at(5) is None
    assert clock.margin(5) > 0


def test_an_anchor_gives_the_time_from_the_start_on() -> None:
    clock = Clock()
    clock.start(1.0, (2_000_000, 100))
    assert clock.at(100) == 2_000_000
    assert clock.at(40_100) == 2_040_000
    assert clock.margin(100) == 0


def test_samples_do_not_move_a_good_anchor() -> None:
    clock = Clock()
    clock.start(1.0, (0, 0))
    for stamp in range(250_000, 2_000_000, 250_000):
        clock.sample(stamp + 21_000, stamp)
    assert clock.at(2_000_000) == 2_000_000


def test_one_sample_tells_a_start_that_was_told_late() -> None:
    clock = Clock()
    clock.start(1.0, (0, 0))
    for stamp in range(250_000, 5_000_000, 250_000):
        clock.sample(stamp + 21_000, stamp)
    # It started at 6 s, and that was heard of 47 ms later.
    clock.start(1.0, (0, 6_047_000))
    assert clock.at(6_500_000) == 453_000
    clock.sample(500_000 + 21_000, 6_500_000)
    told = clock.at(6_600_000)
    assert told is not None
    assert abs(told - 600_000) < 1_000


def test_two_contradicting_samples_overrule_the_anchor() -> None:
    clock = Clock()
    clock.start(1.0, (0, 0))
    clock.sample(100_000, 500_000)
    assert clock.at(500_000) == 500_000
    clock.sample(350_000, 750_000)
    assert clock.at(1_000_000) == 600_000


def test_without_an_anchor_the_least_delayed_sample_counts() -> None:
    clock = Clock()
    clock.start(1.0)
    clock.sample(1_000_000, 1_000)
    clock.sample(1_250_000, 259_000)
    assert clock.at(301_000) == 1_300_000


def test_a_change_of_speed_is_uncertain_until_it_has_settled() -> None:
    clock = Clock()
    clock.start(1.0, (0, 0))
    clock.change_rate(2.0, 1_000_000)
    assert clock.at(1_100_000) == 1_100_000
    assert clock.margin(1_100_000) > 0
    clock.sample(1_500_000, 1_400_000)
    later = 1_000_000 + SETTLING
    assert clock.margin(later) == 0
    assert clock.at(later) == 1_500_000 + 2 * (later - 1_400_000)


def test_while_a_change_of_speed_settles_both_times_are_told() -> None:
    clock = Clock()
    clock.start(1.0, (0, 0))
    assert clock.turning(900_000) is None
    clock.change_rate(2.0, 1_000_000)
    assert clock.turning(1_100_000) == Turn(Line(0.0, 1.0), None, slower=False)
    clock.sample(1_500_000, 1_400_000)
    assert clock.turning(1_500_000) == Turn(Line(0.0, 1.0), Line(-1_300_000.0, 2.0), slower=False)
    clock.turned(Line(-1_290_000.0, 2.0))
    assert clock.turning(1_500_000) is None
    assert clock.margin(1_500_000) == 0
    assert clock.at(1_500_000) == 1_710_000


def test_a_slower_speed_takes_longer_to_settle() -> None:
    clock = Clock()
    clock.start(1.0, (0, 0))
    clock.change_rate(0.5, 0)
    assert clock.turning(1) == Turn(Line(0.0, 1.0), None, slower=True)
    clock.sample(0, 0)
    assert clock.margin(SETTLING) > 0
    assert clock.margin(2 * SETTLING) == 0
