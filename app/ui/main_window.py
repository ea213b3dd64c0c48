"""The window: menu bar, docks and status bar."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui import icons, theme
from app.ui.actions import Actions
from app.ui.dock_header import DockBody, DockHeader, TabGround
from app.ui.form_parts import roomy
from app.ui.history_panel import HistoryPanel
from app.ui.jobs_panel import JobsPanel
from app.ui.key_gate import KeyGate
from app.ui.leisure import Leisure
from app.ui.markers_panel import MarkersPanel
from app.ui.moments_panel import MomentsPanel
from app.ui.notices import NoticeBar
from app.ui.parts import label
from app.ui.people_panel import PeoplePanel
from app.ui.retakes_panel import RetakesPanel
from app.ui.scenes_panel import ScenesPanel
from app.ui.status_bar import StatusBar
from app.ui.timeline_view import TimelineView
from app.ui.transcript_panel import TranscriptPanel
from app.ui.transport import Transport
from app.ui.turns import Turns
from app.ui.video_view import VideoView
from app.ui.welcome import Welcome

LAYOUT_VERSION = 2
"""Raised when docks are added or renamed: an older saved layout is then not restored."""

SIDE = ("Retakes", "Moments", "People", "Scenes", "Jobs")
"""The tabbed docks on the right, in order."""

LEFT = ("Transcript", "Markers", "History")
"""The tabbed docks on the left, in order."""


@dataclass(frozen=True)
class Panes:
    """The widgets the window is made of; each shows one thing and knows nothing of the others."""

    transcript: TranscriptPanel
    video: VideoView
    transport: Transport
    timeline: TimelineView
    retakes: RetakesPanel
    moments: MomentsPanel
    people: PeoplePanel
    scenes: ScenesPanel
    jobs: JobsPanel
    markers: MarkersPanel
    history: HistoryPanel
    welcome: Welcome
    status: StatusBar


class MainWindow(QMainWindow):
    """The one window.

    Signals:
        close_requested: the person wants to leave; the session closes the window.
        file_dropped(str): a local file was dropped.
    """

    close_requested = Signal()
    file_dropped = Signal(str)

    def __init__(self, actions: Actions, panes: Panes) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowIcon(icons.program())
        self.setAcceptDrops(True)
        self.actions_table = actions
        self.panes = panes
        self.turns = Turns(self)
        self.leisure = Leisure()
        self.notice = NoticeBar()
        self.docks: dict[str, QDockWidget] = {}
        self._may_close = False
        self._pending: bytes | None = b""
        self._arranging = False
        # Docks live in a window inside the window, so that the welcome can take the whole place.
        self.inner = QMainWindow()
        self.inner.setWindowFlags(Qt.WindowType.Widget)
        self.inner.setObjectName("docks")
        options = QMainWindow.DockOption
        self.inner.setDockOptions(options.AllowTabbedDocks | options.AllowNestedDocks)
        self.inner.setTabPosition(
            Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North
        )
        self._ground = TabGround(self)
        self._badge = label("", "badge")
        self._badge.hide()
        self._undecided = 0
        self._build_centre()
        self._build_docks()
        self._build_frame()
        actions.fill(self.menuBar())
        self._film = label("", "hint")
        self._film.setContentsMargins(0, 6, 10, 0)
        self._film.setAccessibleName("Film")
        self.menuBar().setCornerWidget(self._film)
        self.addActions(list(actions.all()))
        self._gate = KeyGate(self)
        QApplication.instance().focusChanged.connect(self._gate.follow)  # type: ignore[union-attr]
        roomy(self, 1440, 900)
        self._default_layout = self._arrange()
        self.show_title("")
        self.show_welcome(True)

    def _build_centre(self) -> None:
        video = self.panes.video
        if not video.accessibleName():
            video.setAccessibleName("Video")
        stage = QWidget()
        stage.setObjectName("stage")
        stage.setProperty("panel", "true")
        stage.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(stage)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(video, 1)
        column.addWidget(self.panes.transport)
        self.inner.setCentralWidget(stage)

    def _build_docks(self) -> None:
        area = Qt.DockWidgetArea
        for name in LEFT:
            self._dock(name, getattr(self.panes, name.lower()), area.LeftDockWidgetArea)
        self._dock("Timeline", self.panes.timeline, area.BottomDockWidgetArea)
        for name in SIDE:
            self._dock(name, getattr(self.panes, name.lower()), area.RightDockWidgetArea)
        self.inner.setCorner(Qt.Corner.BottomLeftCorner, area.BottomDockWidgetArea)
        self.inner.setCorner(Qt.Corner.BottomRightCorner, area.BottomDockWidgetArea)

    def _dock(self, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> None:
        if not widget.accessibleName():
            widget.setAccessibleName(name)
        dock = QDockWidget(name, self.inner)
        dock.setObjectName(f"dock_{name.lower()}")
        header = DockHeader(dock, self.inner, slim=name == "Timeline")
        dock.setTitleBarWidget(header)
        dock.setWidget(DockBody(widget, line=name != "Timeline"))
        dock.visibilityChanged.connect(lambda _visible: self._refresh_tabs())
        dock.topLevelChanged.connect(lambda _floating: self._refresh_tabs())
        dock.dockLocationChanged.connect(lambda _area: self._refresh_tabs())
        self.inner.addDockWidget(area, dock)
        self.docks[name] = dock

    def _build_frame(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self.panes.welcome)
        self.pages.addWidget(self.inner)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(6, 0, 6, 0)
        column.setSpacing(6)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(self.panes.status)

    def _arrange(self) -> QByteArray:
        """The layout of the drawing; returns it as a state to come back to."""
        inner = self.inner
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.show()
        for first, second in (*pairwise(LEFT), *pairwise(SIDE)):
            inner.tabifyDockWidget(self.docks[first], self.docks[second])
        self._raise_first()
        return inner.saveState(LAYOUT_VERSION)

    def _size_docks(self) -> None:
        wide, high = self.width(), self.height()
        left = max(256, min(340, round(wide * 0.213)))
        tabs = max((bar.sizeHint().width() for bar in self._tab_bars()), default=0)
        # Room for the badge that may come.
        tabs += 8 if self._undecided else 36
        right = min(440, max(356, round(wide * 0.226), tabs))
        self.inner.resizeDocks(
            [self.docks["Transcript"], self.docks["Retakes"]],
            [left, right],
            Qt.Orientation.Horizontal,
        )
        bottom = max(240, min(480, round(high * 0.335)))
        self.inner.resizeDocks([self.docks["Timeline"]], [bottom], Qt.Orientation.Vertical)

    def reset_layout(self) -> None:
        """Every panel where it was at first."""
        self.inner.restoreState(self._default_layout, LAYOUT_VERSION)
        self._size_docks()
        self._raise_first()
        self._refresh_tabs()

    def _raise_first(self) -> None:
        self.docks["Transcript"].raise_()
        self.docks["Retakes"].raise_()

    def save_layout(self) -> tuple[bytes, bytes]:
        """Window geometry and dock layout, to be kept until next time."""
        docks = self._pending
        if docks is None:
            docks = bytes(self.inner.saveState(LAYOUT_VERSION).data())
        return bytes(self.saveGeometry().data()), docks

    def restore_layout(self, geometry: bytes, docks: bytes) -> None:
        """What `save_layout` gave; what cannot be used is left as it is."""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        self._pending = docks
        if self.pages.currentIndex() == 1:
            self._lay_out()

    def _lay_out(self) -> None:
        """Apply the layout that waits. Docks take sizes only once their place has its own."""
        docks, self._pending = self._pending, None
        if docks is None:
            return
        layout = self.inner.layout()
        if layout is not None:
            layout.activate()
        self._refresh_tabs()
        if not docks or not self.inner.restoreState(QByteArray(docks), LAYOUT_VERSION):
            self._size_docks()
        self._refresh_tabs()

    def show_title(self, video: str, saved: bool = True) -> None:
        """The film's name in the title: "interview.mp4 — Keeptake"."""
        # "[*]" is where Qt marks unsaved changes; a file name with it in is left alone.
        name = video.replace("[*]", "[ *]")
        self.setWindowTitle(f"{name}[*] — Keeptake" if name else "Keeptake")
        self.setWindowModified(bool(name) and not saved)
        self._film.setText(f"{video}  ·  {'saved' if saved else 'not saved'}" if video else "")
        # The menu bar gives its corner the room it had at first; told again, it measures again.
        self._film.setMinimumWidth(self._film.sizeHint().width())
        self.menuBar().setCornerWidget(self._film)
        self._film.show()

    @property
    def welcoming(self) -> bool:
        """Whether the welcome is shown in place of the panels."""
        return self.pages.currentIndex() == 0

    def show_welcome(self, on: bool) -> None:
        """The welcome in place of the panels, while nothing is open."""
        chosen = self.inner.isAncestorOf(self.focusWidget())
        # Every dock tells of itself meanwhile.
        self._arranging = True
        try:
            self.pages.setCurrentIndex(0 if on else 1)
        finally:
            self._arranging = False
        if not on:
            self._lay_out()
            self._refresh_tabs()
            if not chosen:
                # Else Qt picks the first button, and a ring around it says what nobody chose.
                self.inner.setFocus()

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, shown again if it was hidden; KeyError if there is none."""
        self.docks[name].show()
        self.docks[name].raise_()

    def show_undecided(self, count: int) -> None:
        """The badge beside "Retakes"; none for 0."""
        if count != self._undecided:
            self._undecided = count
            for bar in self._tab_bars():
                self._place_badge(bar)

    def set_full_screen(self, on: bool) -> None:
        """The whole screen, menu and status bar away; keys go on working."""
        self.menuBar().setVisible(not on)
        self.statusBar().setVisible(not on)
        self.showFullScreen() if on else self.showNormal()

    def _refresh_tabs(self) -> None:
        if self._arranging:
            return
        for dock in self.docks.values():
            header = dock.titleBarWidget()
            if isinstance(header, DockHeader):
                header.refresh()
        for bar in self._tab_bars():
            self._ground.lie_under(bar)
            bar.setAccessibleName("Panels")
            bar.setFont(theme.ui(12))
            bar.setDrawBase(False)
            bar.setExpanding(False)
            bar.setUsesScrollButtons(True)
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            self._place_badge(bar)

    def _tab_bars(self) -> list[QTabBar]:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        return self.inner.findChildren(QTabBar, options=direct)

    def _place_badge(self, bar: QTabBar) -> None:
        side = QTabBar.ButtonPosition.RightSide
        for i in range(bar.count()):
            here = bar.tabText(i) == "Retakes"
            if here and self._undecided:
                text = str(self._undecided)
                if bar.tabButton(i, side) is self._badge:
                    if self._badge.text() == text:
                        continue
                    # Set anew, the tab takes the new width; set twice, Qt would hide it.
                    bar.setTabButton(i, side, None)
                self._badge.setText(text)
                self._badge.setAccessibleName(f"{text} undecided")
                self._badge.adjustSize()
                bar.setTabButton(i, side, self._badge)
            elif bar.tabButton(i, side) is self._badge:
                bar.setTabButton(i, side, None)
                self._badge.setParent(self)
                self._badge.hide()

    def close_now(self) -> None:
        """Close without asking again; the session calls it last."""
        self._may_close = True
        self.close()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            QApplication.instance().focusChanged.disconnect(self._gate.follow)  # type: ignore[union-attr]
            self._gate.follow(None, None)
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if (path := _dropped_file(event)) is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(str(path))


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    if not urls or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None
