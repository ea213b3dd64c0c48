"""Panes are refreshed while they are seen; one out of sight is refreshed when it comes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class InSight(QObject):
    """Shows what changed in one pane, now or as soon as it is seen.

    show: reads the states and shows them; called at most once for any number of changes that
    came while the pane was out of sight.
    """

    def __init__(self, pane: QWidget, show: Callable[[], None]) -> None:
        super().__init__(pane)
        self._pane = pane
        self._show = show
        self._due = False
        pane.installEventFilter(self)

    def refresh(self) -> None:
        """Something that the pane shows is another one."""
        if self._pane.isVisible():
            self._due = False
            self._show()
        else:
            self._due = True

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._due:
            self._due = False
            self._show()
        return False
