"""Places in the film as they are typed in digits of any script, and the dialog that asks."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.timerange import SECOND
from app.ui.go_to_dialog import GoToDialog
from app.ui.text import timecode
from app.ui.typed_time import Ground, NotAPlace, parse_time, place

RATES = tuple(map(Fraction, ("24000/1001", "25", "30000/1001", "30", "60")))


def ground(fps: Fraction = Fraction(25), seconds: int = 200, here: int = 0) -> Ground:
    count = int(seconds * fps)
    times = array("q", (round(n * SECOND / fps) for n in range(count)))
    return Ground(seconds * SECOND, times, fps, here)


@pytest.mark.parametrize(
    ("typed", "t"),
    [
        ("83.5", 83_500_000),
        (" 1:23,5 ", 83_500_000),
        ("1:02:03", 3_723_000_000),
        ("83:20", 5_000_000_000),
        ("100", 100_000_000),
        (".5", 500_000),
        ("0", 0),
        ("", None),
        ("1:2:3:4", None),
        ("1:75", None),
        ("1.5:30", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e300", None),
        ("9" * 30, None),
        ("١:٢", 62_000_000),
        ("soon", None),
    ],
)
def test_a_typed_time_is_read_or_refused(typed: str, t: int | None) -> None:
    assert parse_time(typed) == t


@pytest.mark.parametrize(
    ("typed", "frame"),
    [
        ("#30", 30),
        ("f30", 30),
        ("30 f", 30),
        ("30f", 30),
        ("Frame 30", 30),
        ("30 frames", 30),
        ("#0", 0),
        ("1.2", 30),
        ("0:00:01.2", 30),
        ("00:00:01:05", 30),
        ("00:00:01;05", 30),
        ("+1", 125),
        ("+ 12 f", 112),
        ("-2.5", 37),
        ("\u22121", 75),
        ("-0:01", 75),
        ("-1000", 0),
        ("+1000", 4999),
        ("-#7", 93),
        ("+9999999 f", 4999),
    ],
)
def test_a_place_is_a_frame_of_the_film(typed: str, frame: int) -> None:
    where = ground(here=4 * SECOND)
    assert place(typed, where) == where.frame_times[frame]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "“soon” is neither a time nor a frame"),
        ("", "“” is neither"),
        ("#5000", "The film's last frame is #4999"),
        ("3:21", "The film ends at 3:20.0"),
        ("+x", "“+x” is no length of time"),
        ("0:0:1:25", "A second of this film has 25 frames, 0 to 24."),
        ("0:0:61:2", "is no timecode"),
        ("0:0:1.5:2", "is no timecode"),
        ("0:4:0:2", "The film ends at"),
    ],
)
def test_what_is_no_place_gets_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(NotAPlace, match=sentence.replace("+", "[+]")):
        place(typed, ground())


def test_sound_alone_has_times_and_no_frames() -> None:
    sound = Ground(10 * SECOND, array("q"))
    assert place("2.5", sound) == 2_500_000
    for typed in ("#3", "0:0:1:2", "+3f"):
        with pytest.raises(NotAPlace, match="no frames"):
            place(typed, sound)


@given(st.sampled_from(RATES), st.integers(0, 4000))
def test_the_timecode_that_the_transport_shows_leads_to_its_frame(fps: Fraction, n: int) -> None:
    where = ground(fps, seconds=180)
    t = where.frame_times[min(n, len(where.frame_times) - 1)]
    assert place(timecode(t, fps), where) == t


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_frame_or_a_sentence(typed: str) -> None:
    where = ground(seconds=20)
    try:
        found = place(typed, where)
    except NotAPlace:
        return
    assert found in where.frame_times


def test_the_dialog_keeps_what_was_typed_and_says_what_is_wrong(app: QApplication) -> None:
    find: Callable[[str], int] = lambda typed: place(typed, ground())  # noqa: E731
    dialog = GoToDialog(None, find, "00:00:00:00")
    dialog.show()
    QTest.keyClicks(dialog.field, "#9999")
    dialog.go.click()
    assert dialog.isVisible()
    assert (dialog.field.text(), dialog.field.selectedText()) == ("#9999", "#9999")
    assert "last frame is #4999" in dialog.problem.text()
    assert "last frame is #4999" in dialog.field.accessibleDescription()
    QTest.keyClicks(dialog.field, "#50")
    assert dialog.problem.isHidden()
    dialog.go.click()
    assert not dialog.isVisible()
    assert (dialog.result(), dialog.chosen) == (1, 2 * SECOND)
