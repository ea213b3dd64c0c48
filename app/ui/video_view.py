"""The picture: a frame, its face boxes and the scene's label, all in the same paint event."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.core.reframe import Framed
from app.core.review import Review
from app.ui import video_boxes, video_overlays, video_paint
from app.ui.video_boxes import Area, PlacedBox
from app.ui.video_found import Found

if TYPE_CHECKING:
    from app.playback.player import Frame

WordsAt = Callable[[int], tuple[tuple[str, bool], ...]]
"""The words of the line at a source time in microseconds, and which one is being said."""

DROP = "Drop a video here or open one  Ctrl+O"


class VideoView(QWidget):
    """The picture with what was found in it.

    Signals:
        file_dropped(str): path of a local file that was dropped here.
        clicked(): the picture was clicked, and no face in it.
        double_clicked(): it was double clicked.
        person_clicked(str): a face was clicked; the person's key.
        view_resized(int, int): how large the view is now, in pixels of the screen.
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
        self.setMouseTracking(True)
        self.setMinimumSize(200, 112)
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._film: tuple[int, int] | None = None
        self._found = Found()
        self._guide: Framed | None = None
        self._words: WordsAt | None = None
        self._rtl = False
        self._message = DROP
        self._dragging = False
        self._mouse: QPointF | None = None
        self._told = (0, 0)
        self._pressed: PlacedBox | None = None

    # ---- what is shown

    def show_frame(self, frame: Frame | None) -> None:
        """Another frame, or none; it is held until the next one has been given."""
        if frame is self._frame:
            return
        before = self._at()
        self._frame = frame
        self._image = _image(frame) if frame is not None else None
        self._lay_out()
        now = self._at()
        if frame is not None and now == before:
            self.update(video_paint.rect_of(now).toAlignedRect())
        else:
            self.update()

    def set_film(self, size: tuple[int, int] | None) -> None:
        """The film's size as displayed, whose shape its frames are shown in; None: their own."""
        if size != self._film:
            self._film = size
            self._changed()

    def show_review(self, review: Review | None) -> None:
        """Another version of the document: faces, names, scenes."""
        if self._found.show_review(review):
            self._changed()

    def set_boxes(self, on: bool) -> None:
        """Show face boxes."""
        self._found.boxes = on
        self._changed()

    def set_names(self, on: bool) -> None:
        """Show a name at each face box; without, at the one that is pointed at or chosen."""
        self._found.names = on
        self._changed()

    def set_scene_markers(self, on: bool) -> None:
        """Show a label as each scene begins."""
        self._found.markers = on
        self._changed()

    def set_only_person(self, key: str | None) -> None:
        """Show the boxes of one person alone, or everyone's."""
        if key != self._found.only:
            self._found.only = key
            self._changed()

    def set_chosen_person(self, key: str) -> None:
        """The person whose boxes stand out and are named; "" for nobody."""
        if key != self._found.chosen:
            self._found.chosen = key
            self._changed()

    @property
    def chosen_person(self) -> str:
        """Key of the person whose boxes stand out, "" for nobody."""
        return self._found.chosen

    def set_guide(self, framed: Framed | None) -> None:
        """The upright picture's edges over the film's, at the frame that is painted; None: off."""
        if framed is not self._guide:
            self._guide = framed
            self.update()

    def set_words(self, words: WordsAt | None, right_to_left: bool) -> None:
        """The words under the picture, by source time; None for no words."""
        before, self._words, self._rtl = self._words, words, right_to_left
        if before is not None or words is not None:
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
        if text != self._message:
            self._message = text
            self.update()
        self.setAccessibleDescription(text)

    @property
    def shown_pts(self) -> int | None:
        """The pts of the frame that is painted, or None."""
        return self._frame.pts if self._frame else None

    @property
    def scene_label(self) -> str:
        """The label on the picture now, "" for none."""
        return self._found.scene(self.shown_pts)[0]

    @override
    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    # ---- geometry

    def picture_rect(self) -> QRectF:
        """Where the frame lies, letterboxed; empty where there is none."""
        return video_paint.rect_of(self._at())

    def boxes_on_screen(self) -> tuple[tuple[QRectF, str], ...]:
        """Each face box as painted now, with the person's name."""
        return tuple((video_paint.rect_of(box.area), box.name) for box in self._found.placed)

    def _at(self) -> Area:
        if self._frame is None:
            return Area()
        film = self._film or (self._frame.width, self._frame.height)
        return video_boxes.picture(film, (self.width(), self.height()), self.devicePixelRatioF())

    def _lay_out(self) -> None:
        """The boxes of the frame that is painted: its own pts and nothing else says which.

        While it is not sure which frame that is there are none: a box is on its frame or absent.
        """
        unsure = self._frame is not None and self._frame.unsure
        self._found.place(None if unsure else self.shown_pts, self._at())
        self._point()

    def _changed(self) -> None:
        self._lay_out()
        self.update()

    def _point(self) -> bool:
        """Say which face is under the mouse, which may have moved under it; whether another is."""
        at = self._mouse
        before = self._found.pointed
        if not self._found.point((at.x(), at.y()) if at is not None else None):
            return False
        found = self._found.pointed
        if (found is None) != (before is None):
            hand = Qt.CursorShape.PointingHandCursor
            self.setCursor(hand) if found else self.unsetCursor()
        told = found.told if found else ""
        if told != (before.told if before else ""):
            # Escaped, for Qt would read markup in a name.
            self.setToolTip(f"<p style='white-space:pre'>{escape(told)}</p>" if told else "")
            self.setAccessibleDescription(told or self._message)
        return True

    # ---- painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is None or not self.picture_rect().contains(QRectF(event.rect())):
            painter.fillRect(event.rect(), QColor("#000000"))
        if self._image is not None:
            video_paint.paint_frame(painter, self._image, self._at(), self.devicePixelRatioF())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_over(painter)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            video_paint.paint_empty(painter, self.rect(), self._message)
        if self._dragging:
            video_paint.paint_drop(painter, self.rect())
        painter.end()

    def _paint_over(self, painter: QPainter) -> None:
        """What was found, over the frame; all of it inside of the frame's area."""
        at, whole, found = self._at(), self.picture_rect(), self._found
        painter.setClipRect(whole, Qt.ClipOperation.IntersectClip)
        if panes := self.guide_rects():
            video_overlays.paint_guide(painter, whole, panes)
        for box in found.placed:
            named, strong = found.named(box), found.strong(box)
            video_paint.paint_box(painter, box, at, named=named, strong=strong)
        text, opacity = found.scene(self.shown_pts)
        if text:
            video_paint.paint_scene(painter, at, text, opacity)
        if words := self.words_now():
            video_overlays.paint_words(painter, whole, words, rtl=self._rtl)
        painter.setClipping(False)
        if self._message and self._message != DROP:
            video_paint.paint_banner(painter, self.rect(), self._message)

    # ---- events

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tell_size()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_size()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_size()

    def _tell_size(self) -> None:
        self._changed()
        view = self.width(), self.height()
        now = video_boxes.on_screen(view, self.devicePixelRatioF())
        if now != self._told:
            self._told = now
            self.view_resized.emit(*now)

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
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_to(event.position())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._move_to(None)

    def _move_to(self, mouse: QPointF | None) -> None:
        self._mouse = mouse
        if self._point():
            self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._move_to(event.position())
        self._pressed = self._found.pointed

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._move_to(event.position())
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed.person:
            # The frame may be another one by now; the person is who was pressed.
            now = self._found.pointed
            if now is not None and now.person == pressed.person:
                self.person_clicked.emit(pressed.person)
        elif self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

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
