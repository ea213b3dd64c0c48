"""The Markers panel: a person's own notes at a time or on a span, to be searched and edited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QStackedWidget

from app.ui.card_painter import Card, Line
from app.ui.cards import CardList
from app.ui.parts import Empty, Panel, bar, button, label
from app.ui.text import clock, counted, length, span

if TYPE_CHECKING:
    from app.core.markers import Marker

UNNAMED = "(no note)"


def card_of(marker: Marker) -> Card:
    """What the panel shows of a marker."""
    text = " ".join(marker.text.split()) or UNNAMED
    there = marker.range
    times = clock(there.start) if marker.instant else span(there.start, there.end)
    long = "" if marker.instant else length(there.duration)
    return Card(
        marker.key,
        (Line(text, "text" if marker.text else "hint"), Line(times, "time", long)),
        ", ".join(filter(None, (text, times, long))),
        editable=text if marker.text else UNNAMED,
    )


class MarkersPanel(Panel):
    """Markers in the order of their times.

    Signals:
        add_wanted: another marker at the playhead.
        edit(str, str): a marker's key and its new text.
        remove(object): a tuple of keys.
        seek(str): go to that marker.
    """

    add_wanted = Signal()
    edit = Signal(str, str)
    remove = Signal(object)
    seek = Signal(str)

    def __init__(self) -> None:
        super().__init__("Markers")
        self._markers: Sequence[Marker] = ()
        self._made: dict[str, tuple[Marker, Card]] = {}
        self.search = QLineEdit()
        self.search.setAccessibleName("Find a marker")
        self.search.setPlaceholderText("Find a marker")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._show())
        self.header = bar("plain", self.search)
        self.list = CardList("Markers placed", several=True, even=True)
        self.list.takes_delete = True
        self.list.clicked.connect(self.seek)
        self.list.activated.connect(self.seek)
        self.list.renamed.connect(self.edit)
        self.list.removed.connect(self._remove)
        self.list.menu_wanted.connect(self._open_menu)
        self.list.view.selectionModel().selectionChanged.connect(self._enable)
        self.empty = Empty(
            "No markers yet",
            "Notes of your own, at the playhead or on what is selected. They appear here and on "
            "the timeline.",
            ("Add Marker…", self.add_wanted.emit),
        )
        self.none = label("No marker says that.", "secondary", wrap=True)
        self.none.setContentsMargins(16, 16, 16, 16)
        self.stack = QStackedWidget()
        for page in (self.empty, self.list, self.none):
            self.stack.addWidget(page)
        self.count = label("", "secondary")
        self.remove_button = button("Remove", name="Remove Marker", tip="Remove Marker (Delete)")
        self.remove_button.clicked.connect(self._remove)
        self.add_button = button("Add…", name="Add Marker…", tip="Add Marker (Ctrl+M)")
        self.add_button.clicked.connect(self.add_wanted)
        self.footer = bar("footer", self.count, None, self.remove_button, self.add_button)
        self.column.addWidget(self.header)
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(self.footer)
        self.show_markers(())

    def show_markers(self, markers: Sequence[Marker]) -> None:
        """All markers, sorted by time."""
        self._markers = markers
        self._show()

    def _show(self) -> None:
        wanted = self.search.text().casefold().split()
        found = [m for m in self._markers if all(w in m.text.casefold() for w in wanted)]
        cards = [self._card(m) for m in found]
        if len(self._made) > 2 * len(self._markers) + 100:
            self._made = {}
        self.list.show_cards(cards)
        self.stack.setCurrentIndex(1 if cards else 2 if self._markers else 0)
        for part in (self.header, self.footer):
            part.setVisible(bool(self._markers))
        every = counted(len(self._markers), "marker")
        self.count.setText(f"{len(found)} of {every}" if wanted else every)
        self._enable()

    def _card(self, marker: Marker) -> Card:
        known = self._made.get(marker.key)
        if known and known[0] is marker:
            return known[1]
        card = card_of(marker)
        self._made[marker.key] = (marker, card)
        return card

    def menu_for(self, key: str) -> QMenu:
        """What can be done with the selected markers; `key` is the one the menu is opened at."""
        keys = self.list.selected
        keys = keys if key in keys else (key,)
        menu = QMenu(self)
        menu.addAction("Go There\tEnter").triggered.connect(lambda: self.seek.emit(key))
        menu.addAction("Edit\tF2").triggered.connect(lambda: self._edit(key))
        menu.addSeparator()
        menu.addAction("Remove\tDelete").triggered.connect(lambda: self.remove.emit(keys))
        return menu

    def _open_menu(self, key: str, at: QPoint) -> None:
        menu = self.menu_for(key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _edit(self, key: str) -> None:
        row = self.list.model.row_of(key)
        if row is not None:
            self.list.view.edit(self.list.model.index(row))

    def _enable(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selected))

    def _remove(self) -> None:
        if keys := self.list.selected:
            self.remove.emit(keys)
