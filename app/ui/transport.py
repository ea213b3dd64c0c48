"""The bar under the picture: time, playing, stepping, Preview Cut, speed and loudness."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSlider, QWidget
from typing_extensions import override

from app.ui import icons, theme
from app.ui.actions import Actions
from app.ui.parts import button, label
from app.ui.text import timecode

RATES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
NARROW = 780
"""Below so many pixels the volume slider and the total give way."""


def bind(widget: QPushButton, action: QAction) -> None:
    """Make the button do, allow, check and say what the action does."""
    widget.setCheckable(action.isCheckable())

    def follow() -> None:
        widget.setEnabled(action.isEnabled())
        widget.setToolTip(action.toolTip())
        if action.isCheckable():
            widget.setChecked(action.isChecked())

    action.changed.connect(follow)
    action.toggled.connect(follow)
    widget.clicked.connect(action.trigger)
    follow()


class Transport(QWidget):
    """Shows what the player does; what its buttons do goes through the actions.

    Signals:
        rate_chosen(float): a speed from the menu. volume_chosen(int): 0 to 100.
    """

    rate_chosen = Signal(float)
    volume_chosen = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("transport")
        self.setAccessibleName("Transport")
        # Media controls and timecodes stay left to right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._fps: Fraction | float | None = None
        self._at = 0
        self._total = 0
        self._playing = False
        self._muted = False
        self.time = label("", "")
        self.time.setFont(theme.mono(16))
        self.total = label("", "time")
        self.start = self._button("Start", actions.action("go_to_start"))
        self.previous_frame = self._button("Previous Frame", actions.action("previous_frame"))
        self.play = self._button("Play", actions.action("play"), "primary")
        self.play.setFixedWidth(46)
        self.next_frame = self._button("Next Frame", actions.action("next_frame"))
        self.end = self._button("End", actions.action("go_to_end"))
        self.preview = button("Preview Cut", "toggle")
        bind(self.preview, actions.action("preview_cut"))
        actions.action("preview_cut").toggled.connect(self._show_preview)
        self.preview.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Wide enough for its text in bold with the tick, so that nothing moves when it is pressed.
        bold = QFontMetrics(theme.ui(bold=True))
        self.preview.setFixedWidth(bold.horizontalAdvance("✓ Preview Cut") + 26)
        self.rate = self._rate_button()
        self.mute = self._button("Mute", actions.action("mute"))
        self.volume = self._volume_slider()
        self._arrange()
        self._show_icons()
        self.show_position(0)

    def _button(self, name: str, action: QAction, role: str = "icon") -> QPushButton:
        out = button("", role, name=name)
        out.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        out.setIconSize(QSize(16, 16))
        bind(out, action)
        return out

    def _rate_button(self) -> QPushButton:
        out = button("1×", name="Speed", tip="Speed (J slower, L faster)")
        out.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(out)
        menu.setAccessibleName("Speed")
        for rate in RATES:
            action = menu.addAction(rate_text(rate))
            action.triggered.connect(lambda _=False, r=rate: self.rate_chosen.emit(r))
        out.clicked.connect(lambda: menu.popup(out.mapToGlobal(out.rect().topLeft())))
        return out

    def _volume_slider(self) -> QSlider:
        out = QSlider(Qt.Orientation.Horizontal)
        out.setAccessibleName("Volume")
        out.setToolTip("Volume (Alt+Up, Alt+Down)")
        out.setRange(0, 100)
        out.setValue(100)
        out.setFixedWidth(72)
        out.valueChanged.connect(self.volume_chosen)
        return out

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 12, 10)
        row.setSpacing(8)
        row.addWidget(self.time)
        row.addWidget(self.total)
        row.addStretch(1)
        for part in (self.start, self.previous_frame, self.play, self.next_frame, self.end):
            row.addWidget(part)
        row.addStretch(1)
        for last in (self.preview, self.rate, self.mute, self.volume):
            row.addWidget(last)

    def show_film(self, total: int, fps: Fraction | float | None) -> None:
        """Length of the film in microseconds and its frame rate (None for audio alone)."""
        self._total, self._fps = total, fps
        self.show_position(self._at)

    def show_position(self, t: int) -> None:
        """The playhead, microseconds of the source."""
        self._at = t
        now = timecode(t, self._fps)
        if self.time.text() != now:
            self.time.setText(now)
            self.time.setMinimumWidth(max(self.time.minimumWidth(), self.time.sizeHint().width()))
        self.total.setText(f"/ {timecode(self._total, self._fps)}")

    def show_state(self, playing: bool, rate: float, muted: bool) -> None:
        """Whether the film runs, how fast, and whether it is silent."""
        self.rate.setText(rate_text(rate))
        self.rate.setAccessibleDescription(rate_text(rate))
        if (playing, muted) != (self._playing, self._muted):
            self._playing, self._muted = playing, muted
            self.play.setAccessibleDescription("Playing" if playing else "Paused")
            self._show_icons()

    def show_volume(self, percent: int) -> None:
        """Loudness, 0 to 100; nothing is signalled."""
        self.volume.blockSignals(True)
        self.volume.setValue(percent)
        self.volume.blockSignals(False)

    def _show_preview(self, on: bool) -> None:
        self.preview.setText("✓ Preview Cut" if on else "Preview Cut")

    def _show_icons(self) -> None:
        on_accent = theme.current().on_accent
        self.start.setIcon(icons.icon("start"))
        self.previous_frame.setIcon(icons.icon("previous-frame"))
        self.play.setIcon(icons.icon("pause" if self._playing else "play", on_accent))
        self.next_frame.setIcon(icons.icon("next-frame"))
        self.end.setIcon(icons.icon("end"))
        self.mute.setIcon(icons.icon("muted" if self._muted else "volume"))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "mute"):
            self._show_icons()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        """What there is no room for gives way: the volume, the total, then Start and End."""
        self.volume.setVisible(width >= NARROW)
        self.total.setVisible(width >= self._needed(8) + 8 + self.total.sizeHint().width())
        tight = width < self._needed(8)
        for jump in (self.start, self.end):
            jump.setVisible(width >= self._needed(4))
        if (row := self.layout()) is not None:
            row.setSpacing(4 if tight else 8)

    def _needed(self, spacing: int, jumps: int = 2) -> int:
        """The width of what is always shown, and of Start and End where they are."""
        # The style sheet takes the least width away from it, not the greatest.
        wide = self.preview.maximumWidth() + self.time.sizeHint().width() + self.play.maximumWidth()
        icons_ = (self.previous_frame, self.next_frame, self.rate, self.mute)
        wide += sum(part.sizeHint().width() for part in icons_)
        return 26 + wide + 6 * spacing + jumps * (self.start.sizeHint().width() + spacing)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._needed(4, jumps=0), super().minimumSizeHint().height())


def rate_text(rate: float) -> str:
    """ "1×", "0.75×"."""
    return f"{rate:g}×"
