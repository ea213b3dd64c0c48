"""A list of cards: painted rows, real buttons on those in view, fast with many hundreds of them.

The rows are a stock list for assistive technology. The buttons lie beside the list, not in it,
because Qt's accessible tree of an item view leaves out the widgets that are put inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QPainter, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.ui import card_painter
from app.ui.card_painter import BUTTON_HEIGHT, OUTER_X, OUTER_Y, PAD_X, PAD_Y, Card
from app.ui.parts import button

Index = QModelIndex | QPersistentModelIndex
_CARD = int(Qt.ItemDataRole.UserRole)
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

    def show(self, cards: Sequence[Card]) -> bool:
        """Replace the cards, telling only what differs where the ids stay.

        True where the list has to be laid out again.
        """
        new = tuple(cards)
        if [c.id for c in new] != [c.id for c in self.cards]:
            self.beginResetModel()
            self.cards = new
            self.endResetModel()
            return True
        old, self.cards = self.cards, new
        reshaped = False
        for row, (before, after) in enumerate(zip(old, new, strict=True)):
            if before is not after and before != after:
                reshaped |= _shape(before) != _shape(after)
                self.dataChanged.emit(self.index(row), self.index(row))
        return reshaped

    def row_of(self, card_id: str) -> int | None:
        """Where the card stands, or None."""
        return next((i for i, c in enumerate(self.cards) if c.id == card_id), None)

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
            case _ if role == _CARD:
                return card
            case _:
                return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
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


def _shape(card: Card) -> tuple[object, ...]:
    texts = tuple((line.text, line.role) for line in card.lines)
    return (texts, bool(card.buttons), card.bar is None)


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: CardModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._heights: dict[str, tuple[Card, int, int]] = {}

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        card = self._model.cards[index.row()]
        width = self._view.viewport().width()
        known = self._heights.get(card.id)
        if known is None or known[0] is not card or known[1] != width:
            known = (card, width, card_painter.height(card, width))
            self._heights[card.id] = known
        return QSize(width, known[2])

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = self._model.cards[index.row()]
        chosen = self._view.selectionModel().isSelected(index)
        where: QRect = option.rect
        card_painter.paint(painter, where, card, chosen, self._model.pictures.get(card.id))

    @override
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QLineEdit:
        field = QLineEdit(parent)
        field.setAccessibleName("Name")
        return field

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        where: QRect = option.rect
        card = self._model.cards[index.row()]
        left = where.right() - OUTER_X - PAD_X - card_painter.text_width(card, where.width())
        editor.setGeometry(
            left - 9, where.top() + OUTER_Y + 3, where.right() - OUTER_X - PAD_X - left, 28
        )


class _Buttons(QWidget):
    """Covers the list with nothing but the strips of buttons of the cards in view."""

    pressed = Signal(str, str)

    def __init__(self, parent: QWidget, view: QListView) -> None:
        super().__init__(parent)
        self._view = view
        self._strips: dict[str, tuple[Card, QWidget]] = {}

    def place(self, model: CardModel) -> None:
        """Move the strips to where the list now shows their cards; make and drop as needed."""
        inside = self._view.viewport().rect()
        self.setGeometry(self._view.geometry())
        kept: dict[str, tuple[Card, QWidget]] = {}
        region = QRegion()
        row = self._view.indexAt(inside.topLeft()).row()
        for card in model.cards[max(0, row) :]:
            at = self._view.visualRect(model.index(max(0, row)))
            row = max(0, row) + 1
            if at.top() > inside.bottom():
                break
            if not card.buttons:
                continue
            strip = self._strip(card)
            place = self._place_in(at)
            strip.setGeometry(place)
            strip.show()
            kept[card.id] = (card, strip)
            region += place & inside
        for card_id, (_, strip) in self._strips.items():
            if card_id not in kept or kept[card_id][1] is not strip:
                strip.hide()
                strip.deleteLater()
        self._strips = kept
        self.setVisible(bool(kept))
        self.setMask(region if not region.isEmpty() else QRegion(-1, -1, 1, 1))

    def _place_in(self, at: QRect) -> QRect:
        top = at.bottom() - OUTER_Y - PAD_Y - BUTTON_HEIGHT + 1
        edge = OUTER_X + PAD_X - 2
        return QRect(at.left() + edge, top, at.width() - 2 * edge, BUTTON_HEIGHT)

    def _strip(self, card: Card) -> QWidget:
        if card.id in self._strips:
            known, strip = self._strips[card.id]
            if known.buttons == card.buttons and known.accessible == card.accessible:
                return strip
        return _Strip(self, card)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        QApplication.sendEvent(self._view.viewport(), event)


class _Strip(QWidget):
    """The buttons of one card; without their key letters where it is narrow."""

    def __init__(self, parent: _Buttons, card: Card) -> None:
        super().__init__(parent)
        self.setAccessibleName(card.accessible)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._made: list[tuple[QPushButton, str, str]] = []
        stretched = False
        for spec in card.buttons:
            if spec.at_end and not stretched:
                row.addStretch(1)
                stretched = True
            made = button(spec.text, spec.role, tip=_tip(spec.text, spec.key))
            made.setAccessibleDescription(card.accessible)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(
                lambda _=False, b=spec.id, c=card.id, p=parent: p.pressed.emit(c, b)
            )
            row.addWidget(made)
            self._made.append((made, spec.text, spec.key))
        if not stretched:
            row.addStretch(1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        with_keys = [
            made.fontMetrics().horizontalAdvance(f"{text}  {key}") + 24
            for made, text, key in self._made
        ]
        roomy = sum(with_keys) + 4 * len(with_keys) <= event.size().width()
        for made, text, key in self._made:
            made.setText(f"{text}  {key}" if roomy and key else text)
        bare = [made.fontMetrics().horizontalAdvance(text) + 22 for made, text, _ in self._made]
        # What does not fit at all is reached by its key and its menu entry.
        if len(self._made) > 3:
            fits = sum(bare) + 4 * len(bare) <= event.size().width()
            self._made[1][0].setVisible(fits)


def _tip(text: str, key: str) -> str:
    return f"{text} ({key})" if key else text


class CardList(QWidget):
    """The cards, one chosen.

    Signals:
        chosen(str): the person moved to another card.
        activated(str): Enter or a double click on a card that has no name to edit.
        clicked(str): the person clicked a card.
        pressed(str, str): a card's id and its button's id.
        renamed(str, str): a card's id and its new name.
    """

    chosen = Signal(str)
    activated = Signal(str)
    clicked = Signal(str)
    pressed = Signal(str, str)
    renamed = Signal(str, str)

    def __init__(self, name: str, *, several: bool = False) -> None:
        super().__init__()
        self.view = QListView(self)
        self.view.setAccessibleName(name)
        self.view.setSpacing(0)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.verticalScrollBar().setSingleStep(24)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        modes = QAbstractItemView.SelectionMode
        self.view.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        edits = QAbstractItemView.EditTrigger
        self.view.setEditTriggers(edits.DoubleClicked | edits.EditKeyPressed)
        self.model = CardModel(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(self.model, self.view))
        self._buttons = _Buttons(self, self.view)
        self._buttons.pressed.connect(self.pressed)
        self._quiet = False
        self.model.renamed.connect(self.renamed)
        self.view.activated.connect(lambda index: self.activated.emit(self._id(index)))
        self.view.clicked.connect(lambda index: self.clicked.emit(self._id(index)))
        self.view.selectionModel().currentChanged.connect(self._tell_chosen)
        self.view.verticalScrollBar().valueChanged.connect(self._place)
        self.view.verticalScrollBar().rangeChanged.connect(lambda _a, _b: self._place())
        self.view.viewport().installEventFilter(self)

    def show_cards(self, cards: Sequence[Card], current: str | None = None) -> None:
        """Replace the cards and choose `current`; nothing is signalled.

        current: an id, "" for none, None to leave the choice as it is.
        """
        self._quiet = True
        if self.model.show(cards):
            self.view.doItemsLayout()
        row = self.model.row_of(current) if current else None
        if row is not None and self.view.currentIndex().row() != row:
            self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.model.index(row))
        elif current == "" and self.view.currentIndex().isValid():
            self.view.selectionModel().clear()
        self._quiet = False
        self._place()

    def choose(self, card_id: str) -> None:
        """Make a card the current one and bring it into sight; nothing where it is not there."""
        row = self.model.row_of(card_id)
        if row is not None:
            index = self.model.index(row, 0)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def set_picture(self, card_id: str, picture: QImage) -> None:
        """The picture of a card; it stays when the cards are shown again."""
        self.model.pictures[card_id] = picture
        row = self.model.row_of(card_id)
        if row is not None:
            self.view.update(self.model.index(row))

    def forget_pictures(self) -> None:
        """As when another video is opened."""
        self.model.pictures.clear()
        self.view.viewport().update()

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids of the selected cards, in order."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return tuple(self.model.cards[row].id for row in rows)

    def _id(self, index: QModelIndex) -> str:
        return self.model.cards[index.row()].id

    def _tell_chosen(self, index: QModelIndex) -> None:
        if not self._quiet and index.isValid():
            self.chosen.emit(self._id(index))

    def _place(self) -> None:
        self._buttons.place(self.model)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.view.doItemsLayout()
            self._place()
        return False

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.setGeometry(self.rect())
        super().resizeEvent(event)
