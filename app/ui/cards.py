"""A list of cards: painted rows, real buttons on those in view, fast with many hundreds of them.

The rows are a stock list for assistive technology. The buttons lie beside the list, not in it,
because Qt's accessible tree of an item view leaves out the widgets that are put inside.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui import card_painter
from app.ui.card_model import CardModel, Index
from app.ui.card_painter import BUTTON_GAP, OUTER_X, OUTER_Y, PAD_X, PAD_Y, Card, CardButton
from app.ui.parts import button

REMEMBERED = 64
"""So many heights are always kept of cards that are not listed now."""


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: CardModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._heights: dict[str, tuple[Card, int, int]] = {}
        self._most = 0
        self._bar = view.verticalScrollBar().sizeHint().width()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        card = self._model.cards[index.row()]
        # As with a scroll bar: whether there is one follows from the heights, never twice.
        width = self._view.width() - self._bar
        known = self._heights.get(card.id)
        if known is None or known[0] is not card or known[1] != width:
            known = (card, width, card_painter.height(card, width))
            self._heights[card.id] = known
            self._let_go()
        return QSize(width, known[2])

    def _let_go(self) -> None:
        """Drop the heights of cards that are gone for good; what a filter hides comes back."""
        cards = self._model.cards
        self._most = max(self._most, len(cards))
        if len(self._heights) > self._most + REMEMBERED:
            listed = (card.id for card in cards)
            self._heights = {i: self._heights[i] for i in listed if i in self._heights}

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

    def place(self, model: CardModel) -> bool:
        """Move the strips to where the list now shows their cards; make and drop as needed.

        One is made at most, for buttons are dear. Returns whether another is still to be made.
        """
        inside = self._view.viewport().rect()
        self.setGeometry(self._view.geometry())
        kept: dict[str, tuple[Card, QWidget]] = {}
        region = QRegion()
        made = more = False
        row = self._view.indexAt(inside.topLeft()).row()
        for card in model.cards[max(0, row) :]:
            at = self._view.visualRect(model.index(max(0, row)))
            row = max(0, row) + 1
            if at.top() > inside.bottom():
                break
            if not card.buttons:
                continue
            strip = self._strip(card)
            if strip is None and made:
                more = True
                continue
            made = made or strip is None
            strip = strip or _Strip(self, card)
            place = self._place_in(at, card_painter.buttons_height(card))
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
        return more

    def _place_in(self, at: QRect, high: int) -> QRect:
        top = at.bottom() - OUTER_Y - PAD_Y - high + 1
        edge = OUTER_X + PAD_X - 2
        return QRect(at.left() + edge, top, at.width() - 2 * edge, high)

    def _strip(self, card: Card) -> QWidget | None:
        """The one that is there and fits."""
        if card.id in self._strips:
            known, strip = self._strips[card.id]
            same = known.buttons == card.buttons and known.more == card.more
            if known is card or (same and known.accessible == card.accessible):
                return strip
        return None

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        QApplication.sendEvent(self._view.viewport(), event)


class _Strip(QWidget):
    """The buttons of one card, `more` above the others."""

    def __init__(self, parent: _Buttons, card: Card) -> None:
        super().__init__(parent)
        self.setAccessibleName(card.accessible)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(BUTTON_GAP)
        for specs in (*card.more, card.buttons):
            column.addWidget(_ButtonRow(parent, card, specs))


class _ButtonRow(QWidget):
    """Buttons side by side; without their key letters where it is narrow."""

    def __init__(self, pressed: _Buttons, card: Card, specs: Sequence[CardButton]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._made: list[tuple[QPushButton, str, str]] = []
        stretched = False
        for spec in specs:
            if spec.at_end and not stretched:
                row.addStretch(1)
                stretched = True
            made = button(spec.text, spec.role, tip=spec.tip or _tip(spec.text, spec.key))
            made.setAccessibleDescription(card.accessible)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.setMinimumWidth(24)
            made.clicked.connect(
                lambda _=False, b=spec.id, c=card.id, p=pressed: p.pressed.emit(c, b)
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
        menu_wanted(str, object): a card's id, and the QPoint on the screen for its menu.
        removed: Delete or Backspace, where `takes_delete` is set.
        seen(int, int): the first and the last row in sight, whenever they are others.
    """

    chosen = Signal(str)
    activated = Signal(str)
    clicked = Signal(str)
    pressed = Signal(str, str)
    renamed = Signal(str, str)
    menu_wanted = Signal(str, object)
    removed = Signal()
    seen = Signal(int, int)

    def __init__(self, name: str, *, several: bool = False, even: bool = False) -> None:
        """several: more than one card can be selected. even: all cards are of one height."""
        super().__init__()
        self.takes_delete = False
        self._in_sight = (-1, -1)
        self._laid_out = -1
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.setInterval(0)
        self._placing.timeout.connect(self._place)
        self.view = QListView(self)
        self.view.setAccessibleName(name)
        self.view.setSpacing(0)
        self.view.setUniformItemSizes(even)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.verticalScrollBar().setSingleStep(24)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        self.view.verticalScrollBar().rangeChanged.connect(lambda _a, _b: self._placing.start())
        self.view.viewport().installEventFilter(self)
        self.view.installEventFilter(self)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)

    def show_cards(self, cards: Sequence[Card], current: str | None = None) -> None:
        """Replace the cards and choose `current`; nothing is signalled.

        current: an id, "" for none, None to leave the choice as it is.
        """
        self._quiet = True
        if self.model.show(cards):
            self.view.scheduleDelayedItemsLayout()
        row = self.model.row_of(current) if current else None
        if row is not None and self.view.currentIndex().row() != row:
            self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.model.index(row))
        elif row is not None and not self.view.selectionModel().isRowSelected(row):
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.view.selectionModel().select(self.model.index(row), flags)
        elif current == "" and self.view.currentIndex().isValid():
            self.view.selectionModel().clear()
        self._quiet = False
        self._placing.start()

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

    def _menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            self.menu_wanted.emit(self._id(index), self.view.viewport().mapToGlobal(at))

    def _place(self) -> None:
        if self._buttons.place(self.model):
            self._placing.start()
        inside = self.view.viewport().rect()
        first = self.view.indexAt(inside.topLeft()).row()
        last = self.view.indexAt(inside.bottomLeft()).row()
        now = (first, last if last >= 0 else len(self.model.cards) - 1)
        if first >= 0 and now != self._in_sight and self.isVisible():
            self._in_sight = now
            self.seen.emit(*now)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view:
            return self._deleted(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            # As wide as the list the cards keep their heights, with a scroll bar and without.
            if self.view.width() != self._laid_out:
                self._laid_out = self.view.width()
                self.view.scheduleDelayedItemsLayout()
            self._in_sight = (-1, -1)
            self._placing.start()
        return False

    def _deleted(self, event: QEvent) -> bool:
        """Take Delete for the list before it is a shortcut of the window."""
        if not self.takes_delete or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and self.selected:
            self.removed.emit()
            return True
        return False

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.setGeometry(self.rect())
        super().resizeEvent(event)
