"""The History and Markers panels, what their gestures tell, and what they show of ten hours."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

from app.core.markers import Marker
from app.core.timerange import SECOND, TimeRange
from app.ui import theme
from app.ui.history_panel import HistoryPanel
from app.ui.in_sight import InSight
from app.ui.markers_panel import MarkersPanel
from app.ui.turns import Turns


def heard(signal: object) -> list[object]:
    out: list[object] = []
    signal.connect(lambda *values: out.append(values))  # type: ignore[attr-defined]
    return out


def shown(app: QApplication, panel: QWidget, width: int = 320, height: int = 560) -> None:
    panel.resize(width, height)
    panel.show()
    app.processEvents()


def said(panel: HistoryPanel) -> list[str]:
    model = panel.model
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(model.index(row).data(role)) for row in range(model.rowCount())]


def test_history_lists_steps_marks_where_one_is_and_dims_what_is_undone(app: QApplication) -> None:
    theme.apply(app, "dark")
    panel = HistoryPanel()
    panel.show_steps(("Remove Selection", "Rename", "Accept Proposal"), 2)
    shown(app, panel)
    assert said(panel) == [
        "As opened", "Remove Selection", "Rename, current", "Accept Proposal, undone",
    ]  # fmt: skip
    image = panel.view.viewport().grab().toImage()
    accent = QColor(theme.current().accent)
    bars = [row for row in range(4) if image.pixelColor(11, row * 30 + 15) == accent]
    assert bars == [2]


def test_a_click_in_history_tells_how_many_steps_are_to_be_done(app: QApplication) -> None:
    panel = HistoryPanel()
    panel.show_steps(("One", "Two", "Three"), 3)
    shown(app, panel)
    gone = heard(panel.go)
    for row in (1, 3):
        where = panel.view.visualRect(panel.model.index(row)).center()
        QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert gone == [(1,)]


def test_a_step_more_or_another_branch_tells_only_the_rows_that_differ(app: QApplication) -> None:
    panel = HistoryPanel()
    steps = tuple(f"Step {n}" for n in range(3000))
    panel.show_steps(steps, 3000)
    inserted, removed = heard(panel.model.rowsInserted), heard(panel.model.rowsRemoved)
    reset = heard(panel.model.modelReset)
    panel.show_steps((*steps, "Rename"), 3001)
    assert [(first, last) for _, first, last in inserted] == [(3001, 3001)]
    panel.show_steps((*steps[:2990], "Split"), 2991)
    assert [(first, last) for _, first, last in removed] == [(2991, 3001)]
    assert panel.model.rowCount() == 2992
    assert reset == []
    panel.show_steps((), 0)
    assert said(panel) == ["As opened, current"]


MARKERS = (
    Marker("mark/1", TimeRange(5 * SECOND, 5 * SECOND), "Ask Dana about the price"),
    Marker("mark/2", TimeRange(65 * SECOND, 80 * SECOND), "להוסיף כותרת"),
    Marker("mark/3", TimeRange(90 * SECOND, 90 * SECOND), ""),
)


def rows(panel: MarkersPanel) -> list[str]:
    return [card.accessible for card in panel.list.model.cards]


def test_markers_say_their_note_their_time_and_the_length_of_a_span(app: QApplication) -> None:
    panel = MarkersPanel()
    panel.show_markers(MARKERS)
    shown(app, panel)
    assert rows(panel) == [
        "Ask Dana about the price, 0:05.0",
        "להוסיף כותרת, 1:05.0 – 1:20.0, 15.0 s",
        "(no note), 1:30.0",
    ]
    assert panel.count.text() == "3 markers"


def test_markers_are_searched_by_all_words(app: QApplication) -> None:
    panel = MarkersPanel()
    panel.show_markers(MARKERS)
    shown(app, panel)
    panel.search.setText("PRICE dana")
    assert rows(panel) == ["Ask Dana about the price, 0:05.0"]
    assert panel.count.text() == "1 of 3 markers"
    panel.search.setText("nothing like it")
    assert panel.stack.currentWidget() is panel.none
    panel.search.clear()
    assert len(rows(panel)) == 3


def test_a_marker_is_gone_to_edited_and_removed_by_delete(app: QApplication) -> None:
    panel = MarkersPanel()
    panel.show_markers(MARKERS)
    shown(app, panel)
    sought, edited, removed = heard(panel.seek), heard(panel.edit), heard(panel.remove)
    where = panel.list.view.visualRect(panel.list.model.index(1)).center()
    QTest.mouseClick(panel.list.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert sought == [("mark/2",)]
    assert panel.list.model.setData(panel.list.model.index(0), "Ask Noa")
    assert edited == [("mark/1", "Ask Noa")]
    QTest.keyClick(panel.list.view, Qt.Key.Key_Delete)
    assert removed == [(("mark/2",),)]
    menu = panel.menu_for("mark/3")
    assert [a.text().split("\t")[0] for a in menu.actions() if a.text()] == [
        "Go There", "Edit", "Remove",
    ]  # fmt: skip
    menu.actions()[-1].trigger()
    assert removed[-1] == (("mark/3",),)


def test_without_markers_the_panel_says_how_to_make_one(app: QApplication) -> None:
    panel = MarkersPanel()
    shown(app, panel)
    wanted = heard(panel.add_wanted)
    assert panel.stack.currentWidget() is panel.empty
    assert panel.empty.button is not None
    panel.empty.button.click()
    assert wanted == [()]


def test_a_pane_out_of_sight_is_refreshed_once_when_it_is_seen(app: QApplication) -> None:
    pane, calls = QWidget(), []
    sight = InSight(pane, lambda: calls.append(1), Turns())
    for _ in range(5):
        sight.refresh()
    assert calls == []
    pane.show()
    QTest.qWait(100)
    assert calls == [1]
    sight.refresh()
    assert calls == [1, 1]
    pane.hide()
    pane.show()
    QTest.qWait(100)
    assert calls == [1, 1]


def test_a_pane_behind_another_tab_is_refreshed_when_its_tab_is_chosen(app: QApplication) -> None:
    window, shown = QMainWindow(), []
    docks = [QDockWidget(name, window) for name in ("one", "two")]
    panes = [QWidget() for _ in docks]
    for dock, pane in zip(docks, panes, strict=True):
        dock.setWidget(pane)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    turns = Turns()
    sights = [InSight(pane, lambda k=k: shown.append(k), turns) for k, pane in enumerate(panes)]
    window.tabifyDockWidget(*docks)
    docks[0].raise_()
    window.show()
    app.processEvents()
    for sight in sights:
        sight.refresh()
    assert shown == [0]
    docks[1].raise_()
    QTest.qWait(100)
    assert shown == [0, 1]
    docks[0].raise_()
    QTest.qWait(100)
    assert shown == [0, 1], "nothing has changed since"
    window.close()


def test_what_a_pane_out_of_sight_is_asked_is_shown_before_it_answers(app: QApplication) -> None:
    pane, calls = QWidget(), []
    sight = InSight(pane, lambda: calls.append(1), Turns())
    sight.settle()
    assert calls == [], "nothing is due"
    sight.refresh()
    sight.settle()
    sight.settle()
    assert calls == [1]


def test_a_pane_that_grows_from_nothing_is_refreshed(app: QApplication) -> None:
    pane, calls = QWidget(), []
    pane.resize(0, 0)
    pane.show()
    sight = InSight(pane, lambda: calls.append(1), Turns())
    app.processEvents()
    sight.refresh()
    pane.resize(50, 50)
    QTest.qWait(100)
    assert calls == [1]
    pane.close()
