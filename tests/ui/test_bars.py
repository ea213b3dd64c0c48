"""The transport under the picture and the status bar."""

from fractions import Fraction
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.core.cut import Cut, Removed
from app.core.timerange import SECOND, TimeRange
from app.ui import theme
from app.ui.actions import Actions, Situation
from app.ui.status_bar import StatusBar, cut_text
from app.ui.transport import Transport


def a_cut() -> Cut:
    return Cut(
        (TimeRange(8 * SECOND, 27 * SECOND),),
        (
            Removed(TimeRange(0, 300_000), ("a",), False),
            Removed(TimeRange(300_000, 5 * SECOND), ("b",), True, 4_700_000),
            Removed(TimeRange(5 * SECOND, 8 * SECOND), ("c",), True, 3 * SECOND),
        ),
        27 * SECOND,
    )


def test_the_status_says_what_is_kept_saved_and_undecided(app: QApplication) -> None:
    bar = StatusBar()
    assert bar.cut.accessibleName() == "No video open"
    bar.show_cut(a_cut())
    said = "Kept 0:19.0 of 0:27.0 · 1 cut, 2 proposed · saves 0:08.0, 0:07.7 of it undecided"
    assert cut_text(a_cut()) == said
    assert bar.cut.accessibleName() == said


def test_a_film_without_cuts_saves_nothing() -> None:
    whole = Cut((TimeRange(0, 27 * SECOND),), (), 27 * SECOND)
    assert cut_text(whole) == "Kept 0:27.0 of 0:27.0 · 0 cuts"


def test_the_job_appears_only_while_there_is_one(app: QApplication) -> None:
    bar = StatusBar()
    bar.show()
    assert not bar.job.isVisible()
    bar.show_job("Vision, reading frames", 0.62, more=1)
    assert bar.job.isVisible()
    assert bar.job_percent.text() == "62 %"
    assert bar.job_text.text() == "Vision, reading frames (+1)"
    bar.show_job("Vision", None)
    assert bar.job_bar.maximum() == 0
    bar.show_job("")
    assert not bar.job.isVisible()


def test_transport_buttons_have_their_names_and_do_their_actions(app: QApplication) -> None:
    actions = Actions()
    transport = Transport(actions)
    told: list[str] = []
    actions.triggered.connect(lambda id_, _on: told.append(id_))
    by_name = {b.accessibleName(): b for b in transport.findChildren(QPushButton)}
    names = ("Start", "Previous Frame", "Play", "Next Frame", "End", "Preview Cut", "Mute")
    assert set(names) | {"Speed"} == set(by_name)
    assert not by_name["Play"].isEnabled()
    actions.update(Situation(has_video=True))
    for name in names:
        by_name[name].click()
    assert told == [
        "go_to_start", "previous_frame", "play", "next_frame", "go_to_end", "preview_cut", "mute",
    ]  # fmt: skip
    assert by_name["Preview Cut"].isChecked()
    assert by_name["Preview Cut"].accessibleName() == "Preview Cut"
    assert "T" in by_name["Preview Cut"].toolTip()


@pytest.mark.parametrize("more", [0, 40, 80, 120, 200, 400])
def test_no_two_controls_of_the_transport_lie_on_each_other(app: QApplication, more: int) -> None:
    theme.apply(app, "dark")
    transport = Transport(Actions())
    transport.show_film(36_000 * SECOND, Fraction(30))
    # As a window of its own its layout would keep it as wide as it was at first.
    window = QWidget()
    transport.setParent(window)
    window.show()
    transport.show()
    width = transport.minimumSizeHint().width() + more
    transport.resize(width, 48)
    app.processEvents()
    placed = sorted(
        (w.geometry().left(), w.geometry().right())
        for w in transport.children()
        if isinstance(w, QWidget) and w.isVisible()
    )
    assert all(right < left for (_, right), (left, _) in pairwise(placed)), placed
    assert placed[-1][1] < width
    window.close()


def test_a_checked_action_shows_on_its_button(app: QApplication) -> None:
    actions = Actions()
    transport = Transport(actions)
    actions.update(Situation(has_video=True))
    actions.set_checked("preview_cut", True)
    assert transport.preview.isChecked()
    actions.set_checked("preview_cut", False)
    assert not transport.preview.isChecked()


@pytest.mark.parametrize(("fps", "shown"), [(Fraction(30), "00:00:09:12"), (None, "00:00:09.40")])
def test_the_timecode_counts_frames_where_there_are_any(
    app: QApplication, fps: Fraction | None, shown: str
) -> None:
    transport = Transport(Actions())
    transport.show_film(27 * SECOND, fps)
    transport.show_position(9_400_000)
    assert transport.time.text() == shown


def test_playing_changes_neither_name_nor_speed_of_the_button(app: QApplication) -> None:
    transport = Transport(Actions())
    transport.show_state(True, 1.5, False)
    assert transport.play.accessibleName() == "Play"
    assert transport.play.accessibleDescription() == "Playing"
    assert transport.rate.text() == "1.5×"
    transport.show_volume(40)
    assert transport.volume.value() == 40
