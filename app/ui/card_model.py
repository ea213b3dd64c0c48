"""The cards of a list as a model: what changed is told row by row, so that the view stays put."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage
from typing_extensions import override

from app.ui.card_painter import Card

Index = QModelIndex | QPersistentModelIndex
CARD = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()


class CardModel(QAbstractListModel):
    """The cards in order, and their pictures.

    Signals:
        renamed(str, str): a card's id and the text a person typed into it.
    """

    renamed = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cards: tuple[Card, ...] = ()
        self.pictures: dict[str, QImage] = {}
        self._rows: dict[str, int] = {}

    def show(self, cards: Sequence[Card]) -> bool:
        """Replace the cards, telling only what differs.

        True where a card that stays needs another height.
        """
        new = tuple(cards)
        if len(new) == len(self.cards) and all(map(_is, new, self.cards)):
            return False
        old = {card.id: card for card in self.cards}
        ids = [card.id for card in new]
        if ids != [card.id for card in self.cards]:
            self._rearrange(new, ids)
        self.cards = new
        reshaped = False
        for row, after in enumerate(new):
            before = old.get(after.id)
            if before is not None and before is not after and before != after:
                reshaped = reshaped or shape(before) != shape(after)
                self.dataChanged.emit(self.index(row), self.index(row))
        return reshaped

    def row_of(self, card_id: str) -> int | None:
        """Where the card stands, or None."""
        return self._rows.get(card_id)

    def _rearrange(self, new: tuple[Card, ...], ids: list[str]) -> None:
        """Go over to `new` by what came, went or moved between the rows that stay."""
        old = [card.id for card in self.cards]
        self._rows = {card_id: row for row, card_id in enumerate(ids)}
        first = 0
        while first < min(len(old), len(ids)) and old[first] == ids[first]:
            first += 1
        last = 0
        while last < min(len(old), len(ids)) - first and old[-1 - last] == ids[-1 - last]:
            last += 1
        gone, come = old[first : len(old) - last], ids[first : len(ids) - last]
        if gone and come and not first and not last:
            moved = self._moved(gone, come, 0)
            if moved is None:
                self._told(self.beginResetModel, new, self.endResetModel)
                return
        else:
            moved = self._moved(gone, come, first)
        if moved is not None:
            none = QModelIndex()
            self.beginMoveRows(none, moved[0], moved[0], none, moved[1])
            self.cards = new
            self.endMoveRows()
            return
        if gone:
            self.beginRemoveRows(QModelIndex(), first, first + len(gone) - 1)
            self.cards = self.cards[:first] + self.cards[len(old) - last :]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(QModelIndex(), first, first + len(come) - 1)
            self.cards = new
            self.endInsertRows()

    def _told(
        self, begin: Callable[[], None], new: tuple[Card, ...], end: Callable[[], None]
    ) -> None:
        begin()
        self.cards = new
        end()

    @staticmethod
    def _moved(gone: list[str], come: list[str], first: int) -> tuple[int, int] | None:
        """From which row to before which one row moved, where that is all that happened."""
        if len(gone) != len(come) or len(gone) < 2:
            return None
        if gone[1:] + gone[:1] == come:
            return first, first + len(gone)
        if gone[-1:] + gone[:-1] == come:
            return first + len(gone) - 1, first
        return None

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.cards)

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        card = self.cards[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return card.accessible
            case Qt.ItemDataRole.EditRole:
                return card.editable
            case Qt.ItemDataRole.ToolTipRole:
                # Escaped, for Qt would read a service's markup in a tooltip.
                told = "<br>".join(escape(line.text) for line in card.lines if line.most > 1)
                return f"<qt>{told}</qt>" if told else None
            case _ if role == CARD:
                return card
            case _:
                return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.cards[index.row()].look == "section":
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self.cards[index.row()].editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    @override
    def setData(
        self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)
    ) -> bool:
        card = self.cards[index.row()]
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not text or text == card.editable:
            return False
        self.renamed.emit(card.id, text)
        return True


def _is(one: Card, other: Card) -> bool:
    return one is other


def shape(card: Card) -> tuple[object, ...]:
    """What a card's height depends on."""
    texts = tuple((line.text, line.role) for line in card.lines)
    return (texts, bool(card.buttons), len(card.more), card.bar is None)
