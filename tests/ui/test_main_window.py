"""The window in a real event loop: panels, keys, closing, layout."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QPushButton, QTabBar, QWidget

from app.ui.actions import Actions, Situation
from app.ui.history_panel import HistoryPanel
from app.ui.jobs_panel import JobsPanel
from app.ui.main_window import MainWindow, Panes
from app.ui.markers_panel import MarkersPanel
from app.ui.moments_panel import MomentsPanel
from app.ui.people_panel import PeoplePanel
from app.ui.retakes_panel import RetakesPanel
from app.ui.scenes_panel import ScenesPanel
from app.ui.status_bar import StatusBar
from app.ui.transport import Transport
from app.ui.welcome import Welcome


class Window(MainWindow):
    """A window with plain widgets for what others draw, and what was triggered in it."""

    def __init__(self) -> None:
        actions = Actions()
        self.field = QLineEdit()
        transcript = QWidget()
        self.field.setParent(transcript)
        panes = Panes(
            transcript, QWidget(), Transport(actions), QWidget(), RetakesPanel(), MomentsPanel(),
            PeoplePanel(), ScenesPanel(), JobsPanel(), MarkersPanel(), HistoryPanel(), Welcome(),
            StatusBar(),
        )  # fmt: skip
        super().__init__(actions, panes)
        self.told: list[tuple[str, bool]] = []
        actions.triggered.connect(lambda id_, on: self.told.append((id_, on)))

    @property
    def ids(self) -> list[str]:
        return [id_ for id_, _ in self.told]


@pytest.fixture
def window(app: QApplication) -> Window:
    out = Window()
    out.resize(1366, 768)
    out.show()
    out.show_welcome(False)
    out.actions_table.update(
        Situation(has_video=True, has_transcript=True, has_proposals=True, current_proposal=True)
    )
    out.activateWindow()
    app.processEvents()
    return out


def press(window: Window, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """A key as the window system sends it: to the widget with the focus."""
    target = QApplication.focusWidget() or window
    QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)
    QApplication.processEvents()


def test_every_panel_is_there_under_its_name(window: Window) -> None:
    names = {w.accessibleName() for w in window.findChildren(QWidget)}
    assert {
        "Transcript", "Timeline", "Video", "Retakes", "Moments", "People", "Scenes", "Jobs",
        "Markers", "History",
    } <= names  # fmt: skip
    assert len({d.objectName() for d in window.findChildren(QDockWidget)}) == 9


def test_the_first_window_fits_its_screen_and_no_button_has_the_focus(app: QApplication) -> None:
    window = Window()
    room = app.primaryScreen().availableSize()
    assert window.width() <= room.width()
    assert window.height() <= room.height()
    window.show()
    window.activateWindow()
    window.show_welcome(False)
    app.processEvents()
    assert not isinstance(window.focusWidget(), QPushButton)
    window.close_now()


@pytest.mark.parametrize("size", [(1366, 768), (1600, 1000)])
def test_panels_stand_as_in_the_drawing(app: QApplication, size: tuple[int, int]) -> None:
    window = Window()
    window.resize(*size)
    window.show()
    window.show_welcome(False)
    app.processEvents()
    left, right, low = (window.docks[n] for n in ("Transcript", "Retakes", "Timeline"))
    assert 250 <= left.width() <= 345
    assert 340 <= right.width() <= 445
    assert low.width() > 0.95 * size[0]
    assert (
        left.x() < window.panes.video.mapTo(window.inner, window.rect().topLeft()).x() < right.x()
    )
    assert window.panes.video.width() > 0.4 * size[0]
    assert window.width() == size[0]
    assert window.height() == size[1]


def test_space_plays_even_when_a_button_has_the_focus(window: Window) -> None:
    panel = window.panes.retakes
    assert isinstance(panel, RetakesPanel)
    pressed: list[bool] = []
    other = QPushButton("Other", window.panes.transcript)
    other.clicked.connect(pressed.append)
    other.show()
    other.setFocus()
    press(window, Qt.Key.Key_Space)
    assert window.ids == ["play"]
    assert pressed == []


def test_space_and_letters_are_typed_into_a_text_field(window: Window) -> None:
    window.field.show()
    window.field.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_Space, Qt.Key.Key_Comma, Qt.Key.Key_N, Qt.Key.Key_Left):
        press(window, key)
    assert window.field.text() == "a ,n"
    assert window.ids == []


def test_ctrl_keys_and_f_keys_work_from_a_text_field(window: Window) -> None:
    window.field.show()
    window.field.setFocus()
    press(window, Qt.Key.Key_F8)
    press(window, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert window.ids == ["next_proposal", "play"]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (Qt.Key.Key_A, "accept_proposal"),
        (Qt.Key.Key_R, "restore_proposal"),
        (Qt.Key.Key_T, "preview_cut"),
        (Qt.Key.Key_Comma, "previous_frame"),
        (Qt.Key.Key_Left, "back_1"),
        (Qt.Key.Key_K, "pause"),
        (Qt.Key.Key_Home, "go_to_start"),
    ],
)
def test_single_keys_act(window: Window, key: Qt.Key, told: str) -> None:
    window.setFocus()
    press(window, key)
    assert window.ids == [told]


def test_the_next_proposal_is_reached_from_a_list_whose_arrows_stay_its_own(window: Window) -> None:
    panel = window.panes.retakes
    assert isinstance(panel, RetakesPanel)
    panel.stack.setCurrentIndex(1)
    window.actions_table.update(Situation(has_video=True, has_proposals=True, has_edits=True))
    panel.list.view.setFocus()
    press(window, Qt.Key.Key_N)
    press(window, Qt.Key.Key_Down)
    assert window.ids == ["next_proposal"]


def test_closing_asks_and_does_not_close(window: Window, app: QApplication) -> None:
    asked: list[bool] = []
    window.close_requested.connect(lambda: asked.append(True))
    window.close()
    assert asked == [True]
    assert window.isVisible()
    window.close_now()
    assert not window.isVisible()


def test_the_title_names_the_film(window: Window) -> None:
    window.show_title("interview.mp4")
    assert window.windowTitle().replace("[*]", "") == "interview.mp4 — Keeptake"
    window.show_title("")
    assert window.windowTitle() == "Keeptake"


def test_the_layout_comes_back_and_can_be_reset(window: Window, app: QApplication) -> None:
    window.docks["Jobs"].hide()
    kept = window.save_layout()
    window.reset_layout()
    app.processEvents()
    assert not window.docks["Jobs"].isHidden()
    other = Window()
    other.restore_layout(*kept)
    other.show()
    other.show_welcome(False)
    app.processEvents()
    assert other.docks["Jobs"].isHidden()


def test_a_layout_from_elsewhere_does_no_harm(app: QApplication) -> None:
    window = Window()
    window.restore_layout(b"nonsense", b"nonsense")
    window.show()
    window.show_welcome(False)
    app.processEvents()
    assert window.docks["Transcript"].isVisible()


def test_a_hidden_panel_can_be_brought_to_the_front(window: Window, app: QApplication) -> None:
    window.docks["Jobs"].hide()
    window.show_panel("Jobs")
    app.processEvents()
    assert window.panes.jobs.isVisible()


def test_the_badge_counts_what_is_undecided(window: Window, app: QApplication) -> None:
    for count in (2, 11):
        window.show_undecided(count)
        app.processEvents()
        bar = next(b for b in window.inner.findChildren(QTabBar) if b.count() == 5)
        badge = bar.tabButton(0, QTabBar.ButtonPosition.RightSide)
        assert badge.accessibleName() == f"{count} undecided"
        assert badge.isVisible()
    window.show_undecided(0)
    assert bar.tabButton(0, QTabBar.ButtonPosition.RightSide) is None


def drop(url: QUrl) -> QDropEvent:
    data = QMimeData()
    data.setUrls([url])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    # Qt keeps no reference of its own to the data.
    event.kept = data  # type: ignore[attr-defined]
    return event


def test_a_dropped_file_is_told_and_an_address_is_not(
    window: Window, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("films") / "a film.mp4"
    file.write_bytes(b"x")
    told: list[str] = []
    window.file_dropped.connect(told.append)
    window.dropEvent(drop(QUrl.fromLocalFile(str(file))))
    window.dropEvent(drop(QUrl("https://example.org/film.mp4")))
    window.dropEvent(drop(QUrl.fromLocalFile(str(file.parent))))
    assert told == [str(file)]


def test_full_screen_hides_the_menu_and_its_keys_go_on_working(
    window: Window, app: QApplication
) -> None:
    hidden: Callable[[], bool] = window.menuBar().isHidden
    window.set_full_screen(True)
    app.processEvents()
    assert hidden()
    window.setFocus()
    press(window, Qt.Key.Key_Space)
    assert window.ids == ["play"]
    window.set_full_screen(False)
    assert not hidden()
