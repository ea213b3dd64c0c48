"""A player of its own for a finished short; the film in the main window stays as it is."""

from __future__ import annotations

import asyncio
from array import array
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget
from shiboken6 import delete, isValid
from typing_extensions import override

from app.core.errors import KeeptakeError
from app.media.frame_index import frame_times
from app.media.probe import Probe, probe
from app.state.playback_state import PlaybackState
from app.ui import icons, theme
from app.ui.form_parts import roomy
from app.ui.parts import ElidedLabel, button, label
from app.ui.text import clock, length, size
from app.ui.video_view import VideoView

if TYPE_CHECKING:
    from app.state.playback_state import StageFactory

MS = 1000
"""Microseconds in a step of the slider, whose numbers end at 35 minutes in microseconds."""


class ShortPlayer(QDialog):
    """Plays one finished file, not modal. Filled by `load`, ended by `closed`, both awaited.

    Signals:
        show_in_folder(str): the file's folder is to be shown.
    """

    show_in_folder = Signal(str)

    def __init__(self, parent: QWidget | None, path: Path, make_stage: StageFactory) -> None:
        super().__init__(parent)
        self.setWindowTitle("Short")
        self.setAccessibleName("Short Player")
        self.path = path
        self.playback = PlaybackState(make_stage)
        self.ended = False
        self._total = 0
        self._build()
        self._arrange()
        self._wire()
        self._show_icons()
        self._show_time(0)
        roomy(self, 440, 860)

    def _build(self) -> None:
        self.title = ElidedLabel(self.path.stem, "heading")
        self.title.setFont(theme.ui(15, bold=True))
        self.title.setToolTip(f"<qt>{escape(self.path.name)}</qt>")
        self.video = VideoView()
        self.video.setAcceptDrops(False)
        self.video.set_boxes(False)
        self.video.set_scene_markers(False)
        self.video.set_message("Opening…")
        self.play = self._icon_button("Play", "Play or pause (Space)", "primary")
        self.play.setFixedWidth(46)
        self.play.setDefault(True)
        self.position = QSlider(Qt.Orientation.Horizontal)
        self.position.setAccessibleName("Position")
        self.position.setSingleStep(1000)
        self.position.setPageStep(5000)
        self.time = label("", "time")
        self.mute = self._icon_button("Mute", "Sound off or on", "icon")
        self.facts = ElidedLabel("", "secondary")
        self.problem = label("", "cut", wrap=True)
        self.problem.hide()
        self.folder = button("Show in Folder")
        self.close_ = button("Close")
        for part in (self.play, self.position, self.mute):
            part.setEnabled(False)

    def _icon_button(self, name: str, tip: str, role: str) -> QPushButton:
        out = button("", role, name=name, tip=tip)
        out.setIconSize(QSize(16, 16))
        return out

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.video, 1)
        column.addWidget(self.problem)
        controls = QHBoxLayout()
        controls.setSpacing(8)
        for part in (self.play, self.position, self.time, self.mute):
            controls.addWidget(part, 1 if part is self.position else 0)
        column.addLayout(controls)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.facts, 1)
        last.addWidget(self.folder)
        last.addWidget(self.close_)
        column.addLayout(last)

    def _wire(self) -> None:
        self.play.clicked.connect(self.playback.toggle)
        self.video.clicked.connect(self.playback.toggle)
        self.video.view_resized.connect(self.playback.set_view)
        # Before whatever has the focus: Space plays also from the slider and the buttons.
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self)
        space.activated.connect(self.playback.toggle)
        self.position.valueChanged.connect(lambda ms: self.playback.seek(ms * MS))
        self.mute.clicked.connect(lambda: self.playback.set_muted(not self.playback.muted))
        self.folder.clicked.connect(lambda: self.show_in_folder.emit(str(self.path)))
        self.close_.clicked.connect(self.reject)
        self.finished.connect(lambda _code: self.playback.pause())
        # Methods of widgets, no lambdas: they are let go of where the dialog is deleted before
        # the player has ended.
        self.playback.frame_changed.connect(self._show_frame)
        self.playback.position_changed.connect(self._show_time)
        self.playback.changed.connect(self._show_icons)
        self.playback.failed.connect(self.show_error)

    def show_film(self, probed: Probe, times: array[int]) -> None:
        """Show the first frame of the probed file, and what it is."""
        self._total = probed.duration
        self.position.blockSignals(True)
        self.position.setRange(0, probed.duration // MS)
        self.position.blockSignals(False)
        self.video.set_message("" if probed.video else "This file has no picture")
        for part in (self.play, self.position, self.mute):
            part.setEnabled(True)
        self.mute.setEnabled(probed.audio is not None)
        facts = [length(probed.duration)]
        if probed.video:
            facts.append(f"{probed.video.width} × {probed.video.height}")
        facts.append(size(probed.size_bytes))
        self.facts.setText(" · ".join(facts))
        self.play.setFocus()
        self._show_time(0)
        self.playback.open(self.path, probed, times)

    def show_error(self, error: KeeptakeError) -> None:
        """Why it cannot be opened or played on."""
        if not self.playback.is_open:
            self.video.set_message("Not opened")
        self.problem.setText(f"{error.sentence} {error.hint}".strip())
        self.problem.show()

    def _show_frame(self) -> None:
        self.video.show_frame(self.playback.frame)

    def _show_time(self, at: int) -> None:
        if not self.position.isSliderDown():
            self.position.blockSignals(True)
            self.position.setValue(at // MS)
            self.position.blockSignals(False)
        self.time.setText(f"{clock(at)} / {clock(self._total)}")

    def _show_icons(self) -> None:
        playing, muted = self.playback.playing, self.playback.muted
        self.play.setIcon(icons.icon("pause" if playing else "play", theme.current().on_accent))
        self.play.setAccessibleDescription("Playing" if playing else "Paused")
        self.mute.setIcon(icons.icon("muted" if muted else "volume"))
        self.mute.setAccessibleDescription("Sound off" if muted else "Sound on")

    @override
    def open(self) -> None:
        """Not modal, unlike other dialogs: one looks at the short and goes on with the film."""
        self.show()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "mute"):
            self._show_icons()


async def load(player: ShortPlayer) -> None:
    """Probe the player's file off the GUI thread and show it, or say why not."""
    try:
        probed, times = await asyncio.to_thread(_look_at, player.path)
    except KeeptakeError as error:
        if not player.ended:
            player.show_error(error)
        return
    if not player.ended:
        player.show_film(probed, times)


async def closed(player: ShortPlayer) -> None:
    """End the player's threads without keeping the window waiting; nothing plays afterwards."""
    if player.ended:
        return
    player.ended = True
    # Gone already where it was shown by `notices.finished` or its parent was deleted.
    if isValid(player):
        player.hide()
    playback = player.playback
    playback.unload()
    ending = asyncio.create_task(asyncio.to_thread(playback.stage.close))
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending
        raise
    finally:
        playback.close()
        # Its timer belongs to this thread; a garbage collection may come in any other.
        delete(playback)


def _look_at(path: Path) -> tuple[Probe, array[int]]:
    probed = probe(path)
    return probed, frame_times(path) if probed.video else array("q")
