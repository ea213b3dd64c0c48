"""What the window shows while no video is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.ui import icons, theme
from app.ui.parts import ElidedLabel, Panel, button, label

WIDTH = 420
SHOWN = 3


@dataclass(frozen=True)
class RecentVideo:
    """A film worked on before: where it lies, what it is called, how far it got ("2 undecided")."""

    path: str
    name: str
    note: str = ""
    picture: QImage | None = None


class _Tile(QAbstractButton):
    """A film's picture, to be clicked."""

    def __init__(self, video: RecentVideo, size: QSize) -> None:
        super().__init__()
        self.setFixedSize(size)
        self.setAccessibleName(f"{video.name}, {video.note}" if video.note else video.name)
        self.setToolTip(video.path)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._picture = video.picture

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(box, 6, 6)
        painter.fillPath(shape, QColor(now.raised))
        painter.setClipPath(shape)
        if self._picture is not None and not self._picture.isNull():
            wide, high = self._picture.width(), self._picture.height()
            share = max(box.width() / wide, box.height() / high)
            place = QRectF(0, 0, wide * share, high * share)
            place.moveCenter(box.center())
            painter.drawImage(place, self._picture)
        else:
            film = icons.pixmap("film", now.text3, 24, self.devicePixelRatioF())
            painter.drawPixmap(box.center() - QPointF(12, 12), film)
        painter.setClipping(False)
        lit = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(now.accent if lit else now.line), 1))
        painter.drawPath(shape)
        painter.end()


class Welcome(Panel):
    """The empty window: drop or open a video, try the sample, connect a key, go on with a film.

    Signals:
        open_wanted, sample_wanted, key_wanted: a button was pressed.
        recent_chosen(str): a path.
    """

    open_wanted = Signal()
    sample_wanted = Signal()
    key_wanted = Signal()
    recent_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("Welcome")
        inner = QWidget()
        inner.setFixedWidth(WIDTH)
        self._rows = QVBoxLayout(inner)
        self._rows.setSpacing(12)
        self._rows.addWidget(label("Keeptake", "title"))
        promise = label(
            "Review a take, cut the retakes, keep the moments. Nothing leaves this computer "
            "until you ask.",
            "secondary",
            wrap=True,
        )
        # A wrapping label tells its height only for a width; the rows below need it at once.
        promise.setMinimumHeight(promise.heightForWidth(WIDTH - 24) + 4)
        self._rows.addWidget(promise)
        self._rows.addWidget(self._drop_area())
        self.sample = button("Open Sample")
        self.sample.clicked.connect(self.sample_wanted)
        self.key = button("Connect a key", tip="A NanoClip key, for 26 languages and people")
        self.key.clicked.connect(self.key_wanted)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.sample, 1)
        choices.addWidget(self.key, 1)
        self._rows.addLayout(choices)
        self._recent = QWidget()
        self._recent.setAccessibleName("Recent")
        self._recent_row: QHBoxLayout | None = None
        self._rows.addWidget(self._recent)
        self._scroll(inner)
        self.show_recent(())

    def _scroll(self, inner: QWidget) -> None:
        outer = QWidget()
        around = QVBoxLayout(outer)
        around.setContentsMargins(24, 24, 24, 24)
        around.addStretch(2)
        around.addWidget(inner, alignment=Qt.AlignmentFlag.AlignHCenter)
        around.addStretch(3)
        area = QScrollArea()
        area.setWidget(outer)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column.addWidget(area)

    def _drop_area(self) -> QFrame:
        out = QFrame()
        out.setProperty("role", "drop")
        out.setAccessibleName("Drop a video here")
        out.setMinimumHeight(124)
        column = QVBoxLayout(out)
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(label("Drop a video here"), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.open = button("Open Video…", "primary", tip="Open Video (Ctrl+O)")
        self.open.clicked.connect(self.open_wanted)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(label("or", "secondary"))
        row.addWidget(self.open)
        row.addWidget(label("Ctrl+O", "time"))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        return out

    def show_recent(self, videos: Sequence[RecentVideo]) -> None:
        """The newest films first; the first three are shown."""
        old = self._recent
        self._recent = QWidget()
        self._recent.setAccessibleName("Recent")
        column = QVBoxLayout(self._recent)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(label("Recent", "secondary"))
        row = QHBoxLayout()
        row.setSpacing(10)
        for video in videos[:SHOWN]:
            row.addLayout(self._card(video))
        row.addStretch(1)
        column.addLayout(row)
        self._recent.setVisible(bool(videos))
        self._rows.replaceWidget(old, self._recent)
        old.deleteLater()

    def _card(self, video: RecentVideo) -> QLayout:
        wide = (WIDTH - 44) // SHOWN
        tile = _Tile(video, QSize(wide, 72))
        tile.clicked.connect(lambda _=False, path=video.path: self.recent_chosen.emit(path))
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(tile)
        for text, role in ((video.name, ""), (video.note, "hint")):
            line = ElidedLabel(text, role)
            line.setFixedWidth(wide)
            column.addWidget(line)
        return column
