"""Panes that are shown together: each is painted, and one after the other."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from app.ui.turns import Turns


class Pane(QWidget):
    """Notes that it was painted."""

    def __init__(self, painted: list[QWidget]) -> None:
        super().__init__()
        self._painted = painted

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted.append(self)


def became(true: Callable[[], bool]) -> bool:
    """Whether it is so within some seconds."""
    return any(true() or QTest.qWait(10) for _ in range(1000)) or true()


def _shown() -> tuple[QWidget, list[Pane], list[QWidget]]:
    window, painted = QWidget(), list[QWidget]()
    panes = [Pane(painted) for _ in range(3)]
    column = QVBoxLayout(window)
    for pane in panes:
        column.addWidget(pane)
    window.resize(300, 300)
    return window, panes, painted


def test_panes_are_painted_in_the_order_they_are_given(app: QApplication) -> None:
    window, panes, painted = _shown()
    order = [panes[2], panes[0], panes[1]]
    Turns(window).unveil(order)
    window.show()
    app.processEvents()
    assert became(lambda: set(painted) == set(panes))
    assert list(dict.fromkeys(painted)) == order


def test_panes_that_wait_already_keep_their_place_and_are_free_in_the_end(
    app: QApplication,
) -> None:
    window, panes, painted = _shown()
    turns = Turns(window)
    turns.unveil(panes[:2])
    turns.unveil(panes)
    window.show()
    assert became(lambda: all(pane.updatesEnabled() for pane in panes))
    assert became(lambda: set(painted) == set(panes))
    assert list(dict.fromkeys(painted)) == panes


def test_what_can_wait_is_done_one_at_a_time_with_the_event_loop_between(
    app: QApplication,
) -> None:
    turns, done = Turns(), list[object]()
    other = QTimer()
    other.timeout.connect(lambda: done.append("loop"))
    other.start(1)
    for k in range(3):
        turns.take(lambda k=k: done.append(k))
    assert done == [], "the caller is not kept waiting"
    assert became(lambda: 2 in done)
    for k in (0, 1):
        assert "loop" in done[done.index(k) : done.index(k + 1)]


def test_what_is_asked_for_in_a_turn_has_a_turn_of_its_own_and_a_bug_ends_only_one(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, done, bugs = Turns(), list[str](), list[object]()
    monkeypatch.setattr(sys, "excepthook", lambda *bug: bugs.append(bug[0]))

    def fails() -> None:
        turns.take(lambda: done.append("later"))
        raise ZeroDivisionError

    turns.take(fails)
    turns.take(lambda: done.append("second"))
    assert became(lambda: len(done) == 2)
    assert done == ["second", "later"]
    assert bugs == [ZeroDivisionError]
