"""Panes are refreshed when they are seen, and long lists a moment after an edit."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import in_sight
from app.ui.in_sight import SOON_MS, InSight
from app.ui.turns import Turns


@pytest.fixture
def pane(app: QApplication) -> QWidget:
    pane = QWidget()
    pane.resize(100, 100)
    return pane


def test_a_pane_in_sight_shows_at_once_what_changed(pane: QWidget) -> None:
    pane.show()
    shown: list[str] = []
    InSight(pane, lambda: shown.append("now"), Turns()).refresh()
    assert shown == ["now"]


def test_many_changes_of_a_long_list_are_shown_once_a_moment_later(pane: QWidget) -> None:
    pane.show()
    shown: list[str] = []
    sight = InSight(pane, lambda: shown.append("now"), Turns())
    for _ in range(3):
        sight.refresh(soon=True)
    assert shown == []
    QTest.qWait(20 * SOON_MS)
    assert shown == ["now"]


def test_while_edits_follow_one_another_a_long_list_follows_now_and_then(
    pane: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_sight, "SOON_MS", 500)
    monkeypatch.setattr(in_sight, "LONGEST_MS", 501)
    pane.show()
    shown: list[str] = []
    sight = InSight(pane, lambda: shown.append("now"), Turns())
    while not shown:
        sight.refresh(soon=True)
        QTest.qWait(5)
    assert shown == ["now"]


def test_who_asks_a_long_list_before_hears_of_the_last_change(pane: QWidget) -> None:
    pane.show()
    shown: list[str] = []
    sight = InSight(pane, lambda: shown.append("now"), Turns())
    sight.refresh(soon=True)
    sight.settle()
    QTest.qWait(5 * SOON_MS)
    assert shown == ["now"]


def test_a_pane_out_of_sight_waits_until_it_is_seen(pane: QWidget) -> None:
    shown: list[str] = []
    sight = InSight(pane, lambda: shown.append("now"), Turns())
    sight.refresh()
    sight.refresh(soon=True)
    assert shown == []
    pane.show()
    QTest.qWait(100)
    assert shown == ["now"]
