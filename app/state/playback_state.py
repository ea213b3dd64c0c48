"""What is playing and where: the stage's callbacks brought to the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.core.errors import KeeptakeError
from app.core.late import late
from app.core.timerange import Ranges, TimeRange
from app.playback.sound_device import SilenceError

if TYPE_CHECKING:
    from app.media.probe import Probe
    from app.media.proxy import Proxy
    from app.playback import player
    from app.playback.player import Frame
    from app.playback.stage import Stage

    StageFactory = Callable[
        [Callable[[Frame], None], Callable[[], None], Callable[[KeeptakeError], None]], Stage
    ]
    """Builds a stage from its three callbacks, which it may call from any thread."""
else:
    player = late("app.playback.player")

TOLD_MS = 25
"""While playing the playhead is told with a frame, no sooner: one repaint shows both."""
TICK_MS = 50
"""Where no frame comes for so long it is told without one."""

Again = Callable[[], tuple[TimeRange, bool] | None]
"""A stretch to be played and whether with what is removed in it; None where it is no more."""


class PlaybackState(QObject):
    """The stage as the window sees it.

    Signals:
        frame_changed: a new frame is to be painted; read `frame`.
        position_changed(object): the playhead, integer microseconds of the source.
        changed: playing, rate, preview, loop, mute or technique are different.
        failed(object): a KeeptakeError to show.
        silent(object): a KeeptakeError that says why nothing is heard; the picture goes on.
    """

    frame_changed = Signal()
    position_changed = Signal(object)
    changed = Signal()
    failed = Signal(object)
    silent = Signal(object)
    _frame_arrived = Signal()
    _stage_changed = Signal()
    _stage_failed = Signal(object)

    def __init__(self, make_stage: StageFactory) -> None:
        super().__init__()
        self.frame: Frame | None = None
        self.preview = False
        self.rate = 1.0
        self.muted = False
        self.is_open = False
        self.stopped = False
        """Whether the person stopped it last, rather than the end of what was played."""
        self.loop = False
        self._within = False  # a stretch is played, rather than the whole film
        self._again: Again | None = None  # which one, when it begins again; None: it does not
        self._ran = False
        self._incoming: Frame | None = None
        self._handing = Lock()
        self._told = -1
        queued = Qt.ConnectionType.QueuedConnection
        self._frame_arrived.connect(self._take_frame, queued)
        self._stage_changed.connect(self._take_state, queued)
        self._stage_failed.connect(self._take_failure, queued)
        self.stage = make_stage(
            self._accept_frame, self._stage_changed.emit, self._stage_failed.emit
        )
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._tell_position)

    @property
    def playing(self) -> bool:
        """Whether the film runs."""
        return self.stage.playing

    @property
    def position(self) -> int:
        """The playhead, microseconds of the source."""
        return self.stage.position()

    @property
    def technique(self) -> str:
        """How removed spans are skipped, for the status bar."""
        return self.stage.technique

    def _accept_frame(self, frame: Frame) -> None:
        # Called from the player's thread. The newest frame wins; one event is under way at most.
        with self._handing:
            waiting, self._incoming = self._incoming, frame
        if waiting is None:
            self._frame_arrived.emit()

    def _take_frame(self) -> None:
        with self._handing:
            self.frame, self._incoming = self._incoming, None
        if not self.is_open:
            self.frame = None
        self.frame_changed.emit()
        if not self.playing:
            self._tell_position()
        elif self._tick.remainingTime() <= TICK_MS - TOLD_MS:
            self._tick.start()
            self._tell_position()

    def _take_state(self) -> None:
        if self.playing:
            self._ran = True
            self._tick.start()
            self.changed.emit()
            return
        ended, self._ran = self._ran and not self.stopped, False
        self._tick.stop()
        self._tell_position()
        self.changed.emit()
        # Unless who was told has begun something else.
        if ended and not self.playing:
            self._begin_again()

    def _take_failure(self, error: KeeptakeError) -> None:
        if isinstance(error, SilenceError):
            self.silent.emit(error)
            return
        # Comes before the change that tells of the standstill: what failed does not begin again.
        self.stopped = True
        self.failed.emit(error)

    def _begin_again(self) -> None:
        """The end of what was played: with Loop on it is played once more."""
        within, again, self._within, self._again = self._within, self._again, False, None
        if not self.loop or not self.is_open:
            return
        if not within:
            self.stage.play()
        elif again is not None and (stretch := again()) is not None:
            self.play_range(*stretch, again)

    def _tell_position(self) -> None:
        at = self.position
        if at != self._told:
            self._told = at
            self.position_changed.emit(at)

    def open(self, path: Path, probed: Probe, frame_times: Sequence[int]) -> None:
        """Show the first frame of a probed file; playing starts when asked."""
        self.is_open = True
        self._leave_stretch()
        self.stage.open(replace(player.film_of(probed, frame_times), path=path))
        self._told = -1

    def unload(self) -> None:
        """Forget the picture: nothing is open."""
        self.is_open = False
        self.stopped = True
        self.stage.pause()
        self.frame = None
        self.frame_changed.emit()
        self.changed.emit()

    def toggle(self) -> None:
        """Play or pause; never changes the speed."""
        if self.is_open:
            self.stopped = self.playing
            self._again = None
            self.stage.pause() if self.playing else self.stage.play()

    def pause(self) -> None:
        """Stand still."""
        if self.is_open:
            self.stopped = True
            self._again = None
            self.stage.pause()

    def seek(self, t: int) -> None:
        """Go to `t`; the exact frame is shown where playing is paused."""
        if self.is_open:
            self._leave_stretch()
            self.stage.seek(t)
            self._told = t
            self.position_changed.emit(t)

    def step(self, frames: int) -> None:
        """So many frames on, or back where negative; pauses."""
        if self.is_open:
            self.stopped = True
            self._leave_stretch()
            self.stage.step(frames)

    def set_proxy(self, proxy: Proxy | None) -> None:
        """What there is of the open film's proxy."""
        self.stage.set_proxy(proxy)
        self.changed.emit()

    def set_view(self, width: int, height: int) -> None:
        """How large the picture's area is, in device pixels."""
        self.stage.set_view(width, height)

    def set_rate(self, rate: float) -> None:
        """Speed, 0.25 to 3."""
        self.rate = min(3.0, max(0.25, rate))
        self.stage.set_rate(self.rate)
        self.changed.emit()

    def set_muted(self, muted: bool) -> None:
        """Sound off or on."""
        self.muted = muted
        self.stage.set_muted(muted)
        self.changed.emit()

    def set_volume(self, percent: int) -> None:
        """Loudness, 0 to 100."""
        self.stage.set_volume(percent)
        self.changed.emit()

    def set_preview(self, on: bool) -> None:
        """Skip what is removed while playing."""
        self.preview = on
        self.stage.set_preview(on)
        self.changed.emit()

    def set_cut(self, keep: Ranges) -> None:
        """What the preview keeps; follows every edit at once."""
        self.stage.set_cut(keep)

    def set_loop(self, on: bool) -> None:
        """Begin again at the end of what is played, the whole film or a stretch, or stop there."""
        self.loop = on
        self.changed.emit()

    def play_range(
        self, span: TimeRange, through_removed: bool, again: Again | None = None
    ) -> None:
        """Play `span` and pause at its end, or with Loop on begin again until the person pauses.

        again: asked for the stretch at each new beginning, for its edges may have moved meanwhile.
        """
        if self.is_open:
            self.stopped, self._within = False, True
            self._again = again or (lambda: (span, through_removed))
            self.stage.play_range(span, through_removed)

    def _leave_stretch(self) -> None:
        """What plays from here on is the film; the stretch that was played is not looped."""
        self._within, self._again = False, None

    def close(self) -> None:
        """End the player; blocks until its threads are gone."""
        self._tick.stop()
        self.stage.close()
