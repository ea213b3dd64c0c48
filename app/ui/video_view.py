"""The picture: a frame, its face boxes and the scene's label, all in the same paint event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QDragEnterEvent,
    QDropEvent,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.faces import Box
from app.core.people import Person, people
from app.core.reframe import Framed
from app.core.review import Review
from app.core.timerange import SECOND
from app.playback.player import Frame, fitted
from app.ui import theme, video_overlays

LABEL_US = 2 * SECOND
"""A scene's label is seen for so long after the scene began."""

FADE_US = SECOND // 2
"""The last part of that, in which it fades."""

WordsAt = Callable[[int], tuple[tuple[str, bool], ...]]
"""The words of the line at a source time in microseconds, and which one is being said."""

DROP = "Drop a video here or open one  Ctrl+O"


class VideoView(QWidget):
    """The picture with what was found in it.

    Signals:
        file_dropped(str): path of a local file that was dropped here.
        clicked(): the picture was clicked.
        double_clicked(): it was double clicked.
        person_clicked(str): a face box was clicked; the person's key, "" where nobody is known.
        view_resized(int, int): width and height of the picture's area in device pixels.
    """

    file_dropped = Signal(str)
    clicked = Signal()
    double_clicked = Signal()
    person_clicked = Signal(str)
    view_resized = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Video")
        self.setObjectName("video")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.setMinimumSize(200, 112)
        self.setMouseTracking(True)
        self._hovered: int | None = None  # a face track
        self._told_size = (0, 0)
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._review: Review | None = None
        self._person_of: Mapping[int, Person] = {}
        self._only: str | None = None
        self._boxes = True
        self._names = True
        self._markers = True
        self._guide: Framed | None = None
        self._words: WordsAt | None = None
        self._rtl = False
        self._message = DROP
        self._dragging = False

    # ---- what is shown

    def show_frame(self, frame: Frame | None) -> None:
        """Another frame, or none; it is held until the next one has been given."""
        self._frame = frame
        self._image = _image(frame) if frame is not None else None
        if self.underMouse():
            self._hover(self.mapFromGlobal(QCursor.pos()))
        self.update()

    def show_review(self, review: Review | None) -> None:
        """Another version of the document: faces, names, scenes."""
        self._review = review
        found: dict[int, Person] = {}
        if review is not None and review.evidence.faces is not None:
            for person in people(review):
                for track in person.tracks:
                    found[track.track] = person
        self._person_of = found
        self.update()

    def set_boxes(self, on: bool) -> None:
        """Show face boxes."""
        self._boxes = on
        self.update()

    def set_names(self, on: bool) -> None:
        """Show a name at each face box."""
        self._names = on
        self.update()

    def set_scene_markers(self, on: bool) -> None:
        """Show a label as each scene begins."""
        self._markers = on
        self.update()

    def set_only_person(self, key: str | None) -> None:
        """Show the boxes of one person alone, or everyone's."""
        self._only = key
        self.update()

    def set_guide(self, framed: Framed | None) -> None:
        """The upright picture's edges over the film's, at the frame that is painted; None: off."""
        self._guide = framed
        self.update()

    def set_words(self, words: WordsAt | None, right_to_left: bool) -> None:
        """The words under the picture, by source time; None for no words."""
        self._words, self._rtl = words, right_to_left
        self.update()

    def guide_rects(self) -> tuple[QRectF, ...]:
        """What the short shows of the frame that is painted, one rectangle a pane."""
        if self._guide is None or self._frame is None:
            return ()
        return video_overlays.guide_rects(self._guide, self._frame.pts, self.picture_rect())

    def words_now(self) -> tuple[tuple[str, bool], ...]:
        """The words under the frame that is painted, and which one is being said."""
        return self._words(self._frame.pts) if self._words and self._frame else ()

    def set_message(self, text: str) -> None:
        """What is said where there is no picture; over the picture's foot where there is one."""
        self._message = text
        self.setAccessibleDescription(text)
        self.update()

    @property
    def shown_pts(self) -> int | None:
        """The pts of the frame that is painted, or None."""
        return self._frame.pts if self._frame else None

    @property
    def scene_label(self) -> str:
        """The label on the picture now, "" for none."""
        return self._scene_now()[0]

    @override
    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    # ---- geometry

    def picture_rect(self) -> QRectF:
        """Where the frame lies, letterboxed, on whole device pixels; empty where there is none."""
        if self._frame is None or not self._frame.width or not self._frame.height:
            return QRectF()
        ratio = self.devicePixelRatioF()
        room = self._device_size()
        width, height = fitted((self._frame.width, self._frame.height), room)
        x, y = (room[0] - width) // 2, (room[1] - height) // 2
        return QRectF(x / ratio, y / ratio, width / ratio, height / ratio)

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _tell_size(self) -> None:
        size = self._device_size()
        if size != self._told_size:
            self._told_size = size
            self.view_resized.emit(*size)

    def box_at(self, at: QPointF) -> Box | None:
        """The face box under a point, the smallest where several are."""
        hit = [(rect.width() * rect.height(), box) for rect, box in self._placed()
               if rect.contains(at)]  # fmt: skip
        return min(hit, key=lambda found: found[0])[1] if hit else None

    def boxes_on_screen(self) -> tuple[tuple[QRectF, str], ...]:
        """Each face box as painted now, with the person's name."""
        return tuple((rect, self._name(box)) for rect, box in self._placed())

    def _placed(self) -> list[tuple[QRectF, Box]]:
        if not self._boxes or self._frame is None or self._review is None:
            return []
        faces = self._review.evidence.faces
        if faces is None:
            return []
        at = self.picture_rect()
        out: list[tuple[QRectF, Box]] = []
        for box in faces.boxes_at(self._frame.pts, self._review.evidence.cuts):
            person = self._person_of.get(box.track)
            if self._only is not None and (person is None or person.key != self._only):
                continue
            corner = QPointF(at.x() + box.x1 * at.width(), at.y() + box.y1 * at.height())
            size = QSizeF((box.x2 - box.x1) * at.width(), (box.y2 - box.y1) * at.height())
            out.append((QRectF(corner, size), box))
        return out

    def _name(self, box: Box) -> str:
        person = self._person_of.get(box.track)
        return person.name if person else f"Face {box.track}"

    def _scene_now(self) -> tuple[str, float]:
        """The label and its opacity."""
        scenes = self._review.evidence.scenes if self._review else None
        if not self._markers or scenes is None or self._frame is None:
            return "", 0.0
        index = scenes.index_at(self._frame.pts)
        began = scenes.cuts[index - 1] if index else 0
        since = self._frame.pts - began
        if since >= LABEL_US:
            return "", 0.0
        return f"Scene {index + 1}", min(1.0, (LABEL_US - since) / FADE_US)

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is None or not self.picture_rect().contains(QRectF(event.rect())):
            painter.fillRect(event.rect(), QColor("#000000"))
        if self._image is not None:
            self._paint_picture(painter, self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if panes := self.guide_rects():
                video_overlays.paint_guide(painter, self.picture_rect(), panes)
            for rect, box in self._placed():
                self._paint_box(painter, rect, box)
            self._paint_scene(painter)
            if words := self.words_now():
                video_overlays.paint_words(painter, self.picture_rect(), words, rtl=self._rtl)
            if self._message and self._message != DROP:
                self._paint_banner(painter)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_empty(painter)
        if self._dragging:
            painter.setPen(QPen(QColor(theme.current().accent), 2))
            painter.setBrush(theme.tint(theme.current().accent, 0.12))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 8, 8)
        painter.end()

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        at, ratio = self.picture_rect(), self.devicePixelRatioF()
        # Frames come in the size that is painted; only a quick one or a resize needs scaling.
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform,
            (round(at.width() * ratio), round(at.height() * ratio))
            != (image.width(), image.height()),
        )
        painter.drawImage(at, image)

    def _paint_box(self, painter: QPainter, rect: QRectF, box: Box) -> None:
        look = theme.DARK  # on the picture, which has no light scheme
        person = self._person_of.get(box.track)
        colour = QColor(look.person(person.colour_index if person else box.track))
        speaking = box.speaking is not None and box.speaking >= 0.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Opaque: Qt blends a translucent outline twelve times as slowly.
        painter.setPen(QPen(QColor(16, 18, 22), 3.5 if speaking else 3))
        painter.drawRoundedRect(rect, 3, 3)
        hovered = self._hovered == box.track
        painter.setPen(QPen(colour, 3 if hovered else 2.5 if speaking else 1.75))
        painter.drawRoundedRect(rect, 3, 3)
        if self._names:
            more = "speaking" if speaking else f"{box.score:.2f}"
            self._paint_tag(painter, rect, f"{self._name(box)}  {more}", colour)

    def _paint_tag(self, painter: QPainter, rect: QRectF, text: str, colour: QColor) -> None:
        painter.setFont(theme.ui(11, bold=True))
        metrics = QFontMetricsF(painter.font())
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, 200)
        size = QSizeF(metrics.horizontalAdvance(short) + 12, metrics.height() + 4)
        at = self.picture_rect()
        x = max(at.left(), min(rect.left() - 1, at.right() - size.width()))
        above = rect.top() - size.height() - 2
        tag = QRectF(QPointF(x, above if above >= at.top() else rect.bottom() + 2), size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(tag, 3, 3)
        painter.setPen(QColor(theme.DARK.on_accent))
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), short)

    def _paint_scene(self, painter: QPainter) -> None:
        text, opacity = self._scene_now()
        if not text:
            return
        painter.save()
        painter.setOpacity(opacity)
        painter.setFont(theme.ui(12))
        metrics = QFontMetricsF(painter.font())
        size = QSizeF(metrics.horizontalAdvance(text) + 20, 24)
        where = QRectF(self.picture_rect().topLeft() + QPointF(12, 12), size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawRoundedRect(where, 12, 12)
        painter.setPen(QColor("#e9ecef"))
        painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()

    def _paint_banner(self, painter: QPainter) -> None:
        wide = min(640, self.width() - 32)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.setFont(theme.ui())
        room = QRect(0, 0, wide - 24, self.height())
        text = painter.boundingRect(room, flags, self._message)
        where = QRectF((self.width() - wide) / 2, self.height() - text.height() - 36, wide, 0)
        where.setHeight(text.height() + 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(16, 18, 22, 225))
        painter.drawRoundedRect(where, 8, 8)
        painter.setPen(QColor(theme.DARK.text1))
        painter.drawText(where.adjusted(12, 0, -12, 0), flags, self._message)

    def _paint_empty(self, painter: QPainter) -> None:
        """The first line in larger letters, the others below it, in a dashed frame to drop on."""
        look = theme.DARK  # the ground is black in both schemes
        head, _, rest = self._message.partition("\n")
        wide = max(60, min(520, self.width() - 48))
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        room = QRect(0, 0, wide - 48, 2000)
        painter.setFont(theme.ui(15))
        high = painter.boundingRect(room, flags, head).height()
        painter.setFont(theme.ui())
        more = painter.boundingRect(room, flags, rest).height() + 8 if rest else 0
        box = QRectF(0, 0, wide, high + more + 64)
        box.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(QColor(look.text3), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(QColor(look.text2))
        painter.drawText(box.adjusted(24, 32 + high, -24, -32), flags, rest)
        painter.setFont(theme.ui(15))
        painter.setPen(QColor(look.text1))
        painter.drawText(QRectF(box.x() + 24, box.y() + 32, wide - 48, high), flags, head)

    # ---- events

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            self._dragging = True
            event.acceptProposedAction()
            self.update()

    @override
    def dragLeaveEvent(self, event: QEvent) -> None:
        self._dragging = False
        self.update()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._dragging = False
        self.update()
        path = _dropped(event)
        if path:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            box = self.box_at(event.position())
            if box is None:
                self.clicked.emit()
                return
            person = self._person_of.get(box.track)
            self.person_clicked.emit(person.key if person else "")

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position().toPoint())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def _hover(self, at: QPoint) -> None:
        self._point_at(self.box_at(QPointF(at)) if self.rect().contains(at) else None)

    def _point_at(self, box: Box | None) -> None:
        track = box.track if box else None
        if track == self._hovered:
            return
        self._hovered = track
        self.setToolTip(f"{self._name(box)}, score {box.score:.2f}" if box else "")
        if box:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_size()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_size()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tell_size()
        return super().event(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


def _dropped(event: QDropEvent) -> str:
    """The first local file of a drop, "" for none."""
    local = (u.toLocalFile() for u in event.mimeData().urls() if u.isLocalFile())
    return next((str(Path(p)) for p in local if p), "")


def _image(frame: Frame) -> QImage:
    """The frame's bytes as an image, not copied: the caller holds the frame."""
    kind = QImage.Format.Format_RGB32
    return QImage(frame.data, frame.width, frame.height, frame.stride, kind)
