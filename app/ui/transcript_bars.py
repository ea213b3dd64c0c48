"""The bars of the Transcript panel: what is looked for above the words, what is kept below them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.ui import icons
from app.ui.parts import bar, button, label
from app.ui.transcript_finding import Finding


def icon_button(name: icons.Name, text: str, key: str = "") -> QPushButton:
    """A small button with a picture, its name and its key."""
    out = button("", "icon", name=text, tip=f"{text} ({key})" if key else text)
    out.setIcon(icons.icon(name))
    return out


class SearchBar(QWidget):
    """The search field; once something is looked for, how often it was found and where to go.

    Signals:
        strike_all_wanted: remove everything found.
        left: Esc; the words are to have the focus again.
    """

    strike_all_wanted = Signal()
    left = Signal()

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._finding = finding
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find in transcript")
        self.search.setAccessibleName("Find in transcript")
        self.search.setToolTip("Find in Transcript (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        inner = QHBoxLayout(self.search)
        inner.setContentsMargins(0, 0, 8, 0)
        self._key = label("Ctrl+F", "time")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inner.addStretch(1)
        inner.addWidget(self._key)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 6)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self._results())
        finding.changed.connect(self._show)
        self._show()

    def _results(self) -> QWidget:
        self.results = QWidget()
        row = QHBoxLayout(self.results)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(4)
        self.count = label("", "hint")
        self.count.setAccessibleName("Found")
        self.strike_all = button(
            "Strike all", "accept", name="Strike All Found", tip="Remove everything found"
        )
        self.whole = icon_button("word", "Whole Words")
        self.whole.setToolTip("Whole Words: do not find parts of words")
        self.whole.setCheckable(True)
        self.whole.toggled.connect(self._finding.set_whole)
        self.previous = icon_button("up", "Find Previous", "Shift+F3")
        self.next = icon_button("down", "Find Next", "F3")
        self.strike_all.clicked.connect(self.strike_all_wanted)
        self.previous.clicked.connect(lambda: self._finding.go(-1))
        self.next.clicked.connect(lambda: self._finding.go(1))
        row.addWidget(self.count, 1)
        for widget in (self.strike_all, self.whole, self.previous, self.next):
            row.addWidget(widget)
        return self.results

    def focus(self) -> None:
        """Put the cursor into the field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _typed(self, text: str) -> None:
        self._key.setVisible(not text)
        self._finding.type(text)

    def _show(self) -> None:
        found, now = self._finding.found, self._finding.now
        more = "" if self._finding.done else "…"
        place = f"{now + 1:,} of {len(found):,}{more}" if found else f"none{more}"
        self.count.setText(place)
        self.results.setVisible(bool(self._finding.query.strip()))
        self.previous.setEnabled(bool(found))
        self.next.setEnabled(bool(found))
        self.strike_all.setEnabled(bool(found) and self._finding.done)
        what = "everything found" if not found else "what was found once"
        times = f"what was found {len(found):,} times" if len(found) > 1 else what
        self.strike_all.setToolTip(f"Remove {times}")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self._finding.go(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.search.clear()
                self._finding.start("")
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "next"):
            self.whole.setIcon(icons.icon("word"))
            self.previous.setIcon(icons.icon("up"))
            self.next.setIcon(icons.icon("down"))


class KeptBar(QWidget):
    """How many words are kept, whether removed ones are hidden, whether the playhead is followed.

    Signals:
        hide_asked(bool), follow_asked(bool): a button was pressed.
    """

    hide_asked = Signal(bool)
    follow_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.kept = label("", "secondary")
        self.kept.setAccessibleName("Words kept")
        self.hide_removed = icon_button("struck", "Hide Removed")
        self.hide_removed.setToolTip("Hide Removed: leave out the words that are removed")
        self.hide_removed.setCheckable(True)
        self.hide_removed.clicked.connect(self.hide_asked)
        self.follow = button("Follow", tip="Scroll with the playhead")
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.clicked.connect(self.follow_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(bar("footer", self.kept, None, self.hide_removed, self.follow))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "hide_removed"):
            self.hide_removed.setIcon(icons.icon("struck"))
