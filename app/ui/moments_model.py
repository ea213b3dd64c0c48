"""The moments as a Qt table model, sorted and filtered by itself; what changed is told alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from app.core.channels import channel_of
from app.core.moments import Pick
from app.core.timerange import SECOND
from app.ui.moment_rows import (
    BEST_SCORE,
    MomentRow,
    matches,
    one_line,
    score_in,
    score_text,
    searched,
    sorted_by,
    spoken,
    states_of,
    title_of,
    valid_order,
    wanted_words,
)
from app.ui.moments_bars import arrow
from app.ui.text import length, span

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
FIXED = ("poster", "number", "title", "time", "score")
"""Columns before the channels' ("@" and the key); "state" is the last."""

_HEADS = {"poster": "", "number": "No", "title": "Moment", "time": "Time", "score": "Score"}
_WIDTHS = {"poster": 78, "number": 40, "time": 126, "score": 58, "state": 120}
_TITLE_AT_LEAST = 170
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_EDITED = _PLAIN | Qt.ItemFlag.ItemIsEditable
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class MomentsModel(QAbstractTableModel):
    """Rows in the order and with the filter that were asked for.

    Signals:
        renamed(str, str): a key and the title a person typed.
    """

    renamed = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[MomentRow, ...] = ()
        self.channels: tuple[str, ...] = ()
        self.columns: tuple[str, ...] = (*FIXED, "state")
        self.shown: list[MomentRow] = []
        self.keys: tuple[str, ...] = ()
        self.order = BEST_SCORE
        self.best_for = ""
        self._words: tuple[str, ...] = ()
        self._only: Pick | None = None
        self._searched: dict[str, tuple[MomentRow, tuple[str, str]]] = {}
        self._place: dict[str, int] = {}

    def show(self, rows: Sequence[MomentRow], channels: tuple[str, ...]) -> None:
        """Replace the rows; where the same ones stay in place, only the changed are told."""
        old, self.rows = {row.key: row for row in self.rows}, tuple(rows)
        if len(self._searched) > 2 * len(rows):
            self._searched.clear()
        if channels != self.channels:
            self.beginResetModel()
            self.channels = channels
            self.columns = (*FIXED, *(f"@{key}" for key in channels), "state")
            self.best_for = self.best_for if self.best_for in channels else ""
            self._take(self._wanted())
            self.endResetModel()
            return
        if self.arrange():
            return
        last = len(self.columns) - 1
        for at, row in enumerate(self.shown):
            before = old.get(row.key)
            if before is not row and before != row:
                self.dataChanged.emit(self.index(at, 0), self.index(at, last))

    def arrange(self) -> bool:
        """Sort and filter again; False where every row stays where it is."""
        wanted = self._wanted()
        keys = tuple(row.key for row in wanted)
        if keys == self.keys:
            self.shown = wanted
            return False
        # A reset also where rows only change places: with hundreds selected, Qt would keep one
        # index for each of their cells; the view knows its selection by key.
        self.beginResetModel()
        self._take(wanted)
        self.endResetModel()
        return True

    def set_order(self, order: str) -> None:
        """Sort by that, see moment_rows.BEST_SCORE."""
        self.order = order
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        self.arrange()

    def set_filter(self, query: str, only: Pick | None) -> None:
        """Show what has all the words, and that decision."""
        self._words, self._only = wanted_words(query), only
        self.arrange()

    def row_of(self, key: str) -> int | None:
        """Where the moment stands now, or None."""
        return self._place.get(key)

    def _wanted(self) -> list[MomentRow]:
        places: Sequence[int] = range(len(self.rows))
        if self._words or self._only:
            places = [
                place
                for place, row in enumerate(self.rows)
                if (self._only is None or row.pick is self._only)
                and (not self._words or matches(self._text(row), self._words))
            ]
        order = valid_order(self.order, self.channels)
        return [self.rows[place] for place in sorted_by(self.rows, places, order)]

    def _text(self, row: MomentRow) -> tuple[str, str]:
        """What is searched of a row, made when the first filter asks."""
        known = self._searched.get(row.key)
        if known is None or known[0] is not row:
            known = self._searched[row.key] = (row, searched(row))
        return known[1]

    def _take(self, wanted: list[MomentRow]) -> None:
        self.shown = wanted
        self.keys = tuple(row.key for row in wanted)
        self._place = {key: place for place, key in enumerate(self.keys)}

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.shown)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row, column = self.shown[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.AccessibleTextRole if column == "poster":
                return spoken(row)
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return cell_text(row, column)
            case Qt.ItemDataRole.EditRole:
                return row.title
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(row)
            case _:
                return None

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        here = valid_order(self.order, self.channels).removeprefix("-") == column
        match role:
            case Qt.ItemDataRole.DisplayRole if column == "state":
                return ""
            case Qt.ItemDataRole.DisplayRole:
                return f"{head_of(column)} {arrow(self.order)}" if here else head_of(column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return head_of(column) or "Poster"
            case Qt.ItemDataRole.ToolTipRole if column.startswith("@"):
                return f"Score for {escape(channel_of(column[1:]).title)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _LEFT if column in ("title", "time") else _RIGHT
            case _:
                return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        # A narrow list shows the title in its only column, the first.
        return _EDITED if index.column() in (0, 2) else _PLAIN

    @override
    def setData(
        self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)
    ) -> bool:
        row, text = self.shown[index.row()], str(value).strip()
        if role != Qt.ItemDataRole.EditRole or text == row.title:
            return False
        self.renamed.emit(row.key, text)
        return True


def head_of(column: str) -> str:
    """A column's name; a channel's in brief."""
    if column.startswith("@"):
        return channel_of(column[1:]).brief
    return _HEADS.get(column, "State")


def cell_text(row: MomentRow, column: str) -> str:
    """What a cell shows, as one text."""
    match column:
        case "poster":
            return length(row.span.duration)
        case "number":
            return "" if row.number is None else str(row.number)
        case "title":
            return title_of(row)
        case "time":
            return span(row.span.start, row.span.end)
        case "score":
            return score_text(row.score)
        case "state":
            return ", ".join(text for text, _ in states_of(row))
        case _:
            return score_text(score_in(row, column[1:]))


def widths_for(
    room: int, channels: Sequence[str], best_for: str, rows: Sequence[MomentRow]
) -> dict[str, int]:
    """Pixels of each column that is shown; channels that find no room are left out, the chosen
    one last."""
    widths = dict(_WIDTHS)
    if any(row.span.end >= 3600 * SECOND for row in rows):
        widths["time"] = 168
    left = room - sum(widths.values()) - _TITLE_AT_LEAST
    for channel in sorted(channels, key=lambda c: c != best_for):
        wide = min(96, max(46, 6 * len(channel_of(channel).brief) + 22))
        if wide > left and channel != best_for:
            break
        widths[f"@{channel}"] = wide
        left -= wide
    widths["title"] = _TITLE_AT_LEAST + max(left, -60)
    return widths


def _tip(row: MomentRow) -> str:
    """All that may be cut short; escaped, since a tooltip would read markup."""
    lines = [title_of(row), one_line(row.description), " · ".join(map(one_line, row.tags))]
    lines += [f"⚠ {one_line(warning)}" for warning in row.warnings]
    return f"<qt>{'<br>'.join(escape(line) for line in lines if line)}</qt>"
