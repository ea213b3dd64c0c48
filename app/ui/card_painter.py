"""What a card shows, as a value, its height, and how it is painted; `cards.py` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from app.ui import theme

Role = Literal[
    "heading", "text", "secondary", "hint", "time", "cut", "proposal", "keep", "accent",
    "struck-cut", "struck-proposal", "struck-quiet",
]  # fmt: skip
Look = Literal["plain", "selected", "chosen", "quiet", "failed", "section"]

PAD_X, PAD_Y, GAP, OUTER_X, OUTER_Y = 12, 9, 4, 10, 4
BUTTON_HEIGHT = 28
BUTTON_GAP = 6
BAR_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card, `right` at its end; `most` lines where it may wrap."""

    text: str
    role: Role = "text"
    right: str = ""
    right_role: Role = "secondary"
    most: int = 1


@dataclass(frozen=True, slots=True)
class CardButton:
    """A real button on a card; `key` is shown behind its text where there is room."""

    id: str
    text: str
    key: str = ""
    role: str = ""
    at_end: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A thin bar: filled up to `fraction`, or the `spans` (0 to 1) filled; `text` at its end.

    colour: "#rrggbb", or "keep"; the accent where it is empty.
    """

    fraction: float = 0.0
    spans: tuple[tuple[float, float], ...] = ()
    colour: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One row. accessible: all that it shows, as one text. picture: room for one on the left.

    look: a "section" is a heading between cards and cannot be chosen. more: rows of buttons
    above `buttons`, which there must be then. faint: shown at half strength, as what is hidden.
    """

    id: str
    lines: tuple[Line, ...]
    accessible: str
    look: Look = "plain"
    buttons: tuple[CardButton, ...] = ()
    bar: Bar | None = None
    picture: Literal["", "round", "wide"] = ""
    ring: str = ""
    editable: str = ""
    """The text F2 or a double click edits; "" where there is none."""
    more: tuple[tuple[CardButton, ...], ...] = ()
    faint: bool = False


_AT_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_PICTURES: Mapping[str, tuple[int, int]] = {"": (0, 0), "round": (44, 44), "wide": (80, 45)}


def reads_right_to_left(text: str) -> bool:
    """Whether most letters are of a script written from the right; numbers do not count."""
    balance = 0
    for letter in text:
        if "\u0590" <= letter <= "\u08ff" or "\ufb1d" <= letter <= "\ufefc":
            balance += 1
        elif letter.isalpha():
            balance -= 1
    return balance > 0


@lru_cache(maxsize=16)
def _metrics(role: Role) -> QFontMetrics:
    return QFontMetrics(_font(role))


@lru_cache(maxsize=16)
def _font(role: Role) -> QFont:
    if role == "time":
        return theme.mono()
    font = theme.ui(12 if role == "hint" else theme.UI_PIXELS, bold=role == "heading")
    font.setStrikeOut(role.startswith("struck"))
    return font


def _colour(role: Role) -> QColor:
    now = theme.current()
    match role:
        case "heading" | "text":
            return QColor(now.text1)
        case "secondary" | "hint" | "time" | "struck-proposal" | "struck-cut":
            return QColor(now.text2)
        case "struck-quiet":
            return QColor(now.text3)
        case "cut":
            return QColor(now.cut)
        case "proposal":
            return QColor(now.proposal)
        case "keep":
            return QColor(now.keep)
        case "accent":
            return QColor(now.accent)


@lru_cache(maxsize=4096)
def wrapped(text: str, role: Role, width: int, most: int) -> tuple[str, ...]:
    """The text in at most `most` lines of `width` pixels; what is left over ends in an ellipsis."""
    metrics = _metrics(role)
    if most == 1 or metrics.horizontalAdvance(text) <= width:
        return (metrics.elidedText(text, Qt.TextElideMode.ElideRight, width),)
    layout = QTextLayout(text, _font(role))
    layout.setTextOption(_options())
    layout.beginLayout()
    out: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        if len(out) == most - 1:
            rest = text[line.textStart() :]
            out.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
            break
        out.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return tuple(out)


def _line_count(text: str, role: Role, width: int, most: int) -> int:
    """How many lines `wrapped` makes of it; what is clear without measuring is not measured.

    Hundreds of cards are asked for their height at once, and few of them are ever painted.
    """
    if most == 1 or not text:
        return 1
    guess = len(text) * _letter(role)
    if 2 * guess < width:
        return 1
    if most == 2 and guess > 2 * width:
        return 2
    return _measured_count(text, role, width, most)


@lru_cache(maxsize=16)
def _letter(role: Role) -> int:
    return _metrics(role).averageCharWidth()


@lru_cache(maxsize=4096)
def _measured_count(text: str, role: Role, width: int, most: int) -> int:
    if _metrics(role).horizontalAdvance(text) <= width:
        return 1
    return 2 if most == 2 else len(wrapped(text, role, width, most))


def _options() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def text_width(card: Card, width: int) -> int:
    """Pixels for text on a card in a list `width` pixels wide."""
    picture = _PICTURES[card.picture][0]
    return max(40, width - 2 * (OUTER_X + PAD_X) - (picture + 12 if picture else 0))


def height(card: Card, width: int) -> int:
    """Pixels a card takes in a list `width` pixels wide, the gap to the next one included."""
    inner = text_width(card, width)
    lines = sum(
        _line_count(line.text, line.role, inner, line.most) * _line_height(line.role)
        for line in card.lines
    )
    lines += GAP * max(0, len(card.lines) - 1)
    if card.bar:
        lines += GAP + BAR_HEIGHT
    lines = max(lines, _PICTURES[card.picture][1])
    if card.look == "section":
        return lines + PAD_Y + OUTER_Y
    if card.buttons:
        lines += buttons_height(card) + BUTTON_GAP
    return lines + 2 * PAD_Y + 2 * OUTER_Y


def buttons_height(card: Card) -> int:
    """Pixels of all rows of its buttons."""
    rows = 1 + len(card.more)
    return rows * BUTTON_HEIGHT + (rows - 1) * BUTTON_GAP


@lru_cache(maxsize=32)
def _line_height(role: Role) -> int:
    return _metrics(role).height() + 1


def paint(
    painter: QPainter, where: QRect, card: Card, chosen: bool, picture: QImage | None
) -> None:
    """Paint everything but the buttons, which are widgets."""
    ground = where.adjusted(OUTER_X, OUTER_Y, -OUTER_X, -OUTER_Y)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if card.look != "section":
        _paint_ground(painter, ground, card.look, chosen)
    if card.faint:
        painter.setOpacity(0.6)
    inside = ground.adjusted(PAD_X, PAD_Y, -PAD_X, -PAD_Y)
    if card.picture:
        wide, high = _PICTURES[card.picture]
        _paint_picture(painter, QRect(inside.left(), inside.top(), wide, high), card, picture)
        inside.setLeft(inside.left() + wide + 12)
    top = inside.top()
    for line in card.lines:
        top = _paint_line(painter, QRect(inside.left(), top, inside.width(), 0), line) + GAP
    if card.bar:
        _paint_bar(painter, QRect(inside.left(), top, inside.width(), BAR_HEIGHT), card.bar)
    painter.restore()


def _paint_ground(painter: QPainter, ground: QRect, look: Look, chosen: bool) -> None:
    now = theme.current()
    border = {"failed": now.cut, "selected": now.proposal}.get(look, now.line)
    if chosen:
        border = now.proposal if look == "selected" else now.accent
    if look == "failed":
        border = now.cut
    painter.setPen(QPen(QColor(border), 1))
    fill = QColor(now.panel if look == "quiet" else now.raised)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(ground).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


def _paint_line(painter: QPainter, at: QRect, line: Line) -> int:
    high = _line_height(line.role)
    right = 0
    if line.right:
        right = _metrics(line.right_role).horizontalAdvance(line.right) + 8
        painter.setFont(_font(line.right_role))
        painter.setPen(_colour(line.right_role))
        box = QRect(at.left(), at.top(), at.width(), high)
        painter.drawText(box, _AT_END, line.right)
    backwards = reads_right_to_left(line.text)
    painter.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if backwards else Qt.LayoutDirection.LeftToRight
    )
    side = Qt.AlignmentFlag.AlignRight if backwards else Qt.AlignmentFlag.AlignLeft
    painter.setFont(_font(line.role))
    painter.setPen(_colour(line.role))
    absolute = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    top = at.top()
    for part in wrapped(line.text, line.role, at.width() - right, line.most):
        box = QRect(at.left(), top, at.width() - right, high)
        painter.drawText(box, absolute | Qt.TextFlag.TextSingleLine, part)
        top += high
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return top


def _paint_bar(painter: QPainter, at: QRect, bar: Bar) -> None:
    now = theme.current()
    width = at.width()
    if bar.text:
        painter.setFont(theme.mono(11))
        painter.setPen(QColor(now.text2))
        painter.drawText(at, _AT_END, bar.text)
        width -= QFontMetrics(theme.mono(11)).horizontalAdvance(bar.text) + 12
    line = QRectF(at.left(), at.center().y() - 1, width, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(now.line))
    painter.drawRoundedRect(line, 2, 2)
    # A role is looked up at each paint, so that a switch of the theme shows.
    painter.setBrush(QColor(now.keep if bar.colour == "keep" else bar.colour or now.accent))
    for start, end in bar.spans or ((0.0, bar.fraction),):
        if end > start:
            part = QRectF(line.left() + start * width, line.top(), (end - start) * width, 4)
            part.setWidth(max(2.0, part.width()))
            painter.drawRoundedRect(part, 2, 2)


def _paint_picture(painter: QPainter, at: QRect, card: Card, picture: QImage | None) -> None:
    now = theme.current()
    shape = QPainterPath()
    if card.picture == "round":
        shape.addEllipse(QRectF(at))
    else:
        shape.addRoundedRect(QRectF(at), 4, 4)
    painter.fillPath(shape, QColor(now.line))
    if picture is not None and not picture.isNull():
        painter.save()
        painter.setClipPath(shape)
        share = max(at.width() / picture.width(), at.height() / picture.height())
        size = QRectF(0, 0, picture.width() * share, picture.height() * share)
        size.moveCenter(QPointF(at.center()))
        painter.drawImage(size, picture)
        painter.restore()
    if card.ring:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(card.ring), 2))
        painter.drawPath(shape)
