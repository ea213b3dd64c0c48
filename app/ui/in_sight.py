"""Panes are refreshed while they are seen; one out of sight is refreshed when it comes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRect, QTimer
from PySide6.QtWidgets import QDockWidget, QWidget
from typing_extensions import override

from app.ui.turns import Turns

SOON_MS, LONGEST_MS = 25, 400
"""A list of hundreds follows the last edit so much later, and the first of many at most so much:
what was edited is painted first."""


class InSight(QObject):
    """Shows what changed in one pane, now or as soon as it is seen.

    show: reads the states and shows them; called at most once for any number of changes that
    came while the pane was out of sight. Panes that come into sight together are shown one after
    the other, in the turns of their window.
    """

    def __init__(self, pane: QWidget, show: Callable[[], None], turns: Turns) -> None:
        super().__init__(pane)
        self._pane = pane
        self._show = show
        self._due = False
        self._dock: QDockWidget | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(lambda: turns.take(self._look))
        self._waiting = QElapsedTimer()
        pane.installEventFilter(self)

    @property
    def seen(self) -> bool:
        """Whether some of the pane is in the window; that of a tab behind another one is not."""
        return self._pane.isVisible() and not _in_window(self._pane).isEmpty()

    def refresh(self, *, soon: bool = False) -> None:
        """Something that the pane shows is another one.

        soon: in `SOON_MS`, once for all that comes until then.
        """
        if soon and self._due and self._soon.isActive():
            if not self._waiting.hasExpired(LONGEST_MS - SOON_MS):
                self._soon.start(SOON_MS)
            return
        seen = self.seen
        self._due = soon or not seen
        if not self._due:
            self._show()
        elif seen:
            self._waiting.start()
            self._soon.start(SOON_MS)
        elif self._dock is None:
            self._follow_dock()

    def settle(self) -> None:
        """Show what is due though the pane is out of sight, for whoever asks it something."""
        if self._due:
            self._due = False
            self._show()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A dock that grows from nothing is not shown anew.
        if self._due and event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            self._soon.start(0)
        return False

    def _follow_dock(self) -> None:
        """A pane behind another tab lies beside the window, and hears nothing on coming back."""
        above = self._pane.parentWidget()
        while above is not None and not isinstance(above, QDockWidget):
            above = above.parentWidget()
        if isinstance(above, QDockWidget):
            self._dock = above
            above.visibilityChanged.connect(lambda _on: self._soon.start(0))

    def _look(self) -> None:
        if self.seen:
            self.settle()


def _in_window(pane: QWidget) -> QRect:
    """What no parent clips off; `visibleRegion` would look at every widget that may cover it."""
    part, widget = pane.rect(), pane
    while not widget.isWindow() and (parent := widget.parentWidget()):
        part = part.translated(widget.pos()).intersected(parent.rect())
        widget = parent
    return part
