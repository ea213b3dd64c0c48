"""The one object the window's state talks to: player, preview and exact stills behind one door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock

from app.core.errors import KeeptakeError
from app.core.timerange import Ranges, TimeRange
from app.media.keyframes import keyframe_times
from app.media.proxy import Proxy
from app.media.stills import Still
from app.playback.file_watch import FileWatch
from app.playback.plan import Plan
from app.playback.player import Film, Frame, StillSource, fitted
from app.playback.preview import Preview, Technique
from app.playback.publisher import Publisher
from app.playback.vlc_player import Engine
from app.playback.worker import Worker

VIEW = (960, 540)
"""Pixels that pictures are made into until the window has said how many it paints."""
SETTLED = 0.06
"""Seconds without another seek after which the proxy's quick picture gives way to the film's."""
IDLE = 0.25
"""Seconds of standing still after which the player is brought to the place."""
WATCH = 1.0
"""Seconds between two looks whether the file is still there and the same."""


class Stage:
    """Opens a film, plays it, skips what is cut, shows exact frames while paused.

    Every method returns at once (except `close`) and may be called from any thread. The callbacks
    come from the stage's and VLC's threads, must be quick, and must not wait for another thread.

    on_frame: a frame to paint. on_state: `playing` or `technique` changed. on_error: to be shown.
    stills: opens a file for exact frames (app.media.stills.StillReader).
    engine: loads VLC; raises MediaError where it is missing. Then there are stills and no playing.
    """

    def __init__(
        self,
        on_frame: Callable[[Frame], None],
        on_state: Callable[[], None],
        on_error: Callable[[KeeptakeError], None],
        stills: Callable[[Path], StillSource],
        engine: Callable[[], Engine] = Engine,
    ) -> None:
        self._on_state = on_state
        self._on_error = on_error
        self._open_stills = stills
        self._load_engine = engine
        self._lock = RLock()
        self._publisher = Publisher(on_frame)
        self._film: Film | None = None
        self._plan = Plan()
        self._playing = False
        self._shown = 0
        self._live = False  # the preview has taken over from `_shown`
        self._held: int | None = None  # the player stands paused on this very picture
        self._told = False  # an unreadable file was reported
        self._watch = FileWatch(Path())
        self._rate, self._volume, self._muted = 1.0, 100, False
        self._view = VIEW
        self._technique: Technique | None = None
        self._proxy: Proxy | None = None
        self._engine: Engine | None = None
        self._preview: Preview | None = None
        self._source: StillSource | None = None
        self._worker = Worker("keeptake-stage")
        self._stills = Worker("keeptake-stills")

    # What is

    @property
    def playing(self) -> bool:
        """Whether the film runs or is about to."""
        return self._playing

    @property
    def technique(self) -> str:
        """How removed spans are skipped, for the status bar; empty while nothing is open."""
        if self._film is None:
            return ""
        return self._preview.technique if self._preview else "No playing: VLC was not found"

    def position(self) -> int:
        """Microseconds of the source; while paused the pts of the frame that is shown."""
        with self._lock:
            if self._playing and self._live and self._preview is not None:
                return self._preview.position()
            return self._shown

    # What may be asked

    def open(self, film: Film) -> None:
        """Show the first frame. Nothing plays until asked."""
        with self._lock:
            self._film = film
            self._watch = FileWatch(film.path)
            whole = TimeRange(0, film.duration)
            self._plan = Plan(film.duration, (whole,), self._plan.preview)
            self._playing = self._live = self._told = False
            self._held = self._proxy = None
            self._shown = film.frame_pts(0)
            self._publisher.stand()
        self._worker.post(lambda: self._do_open(film))
        self._stills.post(self._change_source)
        self._stills.post(self._check_file, key="watch")
        self._show_still()
        self._stills.post(lambda: self._find_keyframes(film), key="keyframes", after=SETTLED)

    def play(self) -> None:
        """Run from where it stands; at the end, from the beginning."""
        with self._lock:
            if self._film is None or self._playing:
                return
            self._playing = True
            self._worker.drop("idle")
        self._worker.post(self._start, key="go")

    def pause(self) -> None:
        """Stand still on the frame that is shown."""
        with self._lock:
            if not self._playing:
                return
            self._playing = False
            self._take_over()
        self._worker.post(self._do_pause, key="go")
        self._show_still()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self._playing else self.play()

    def seek(self, t: int) -> None:
        """Go to `t` on purpose: into a removed span it suspends the skip until that span's end."""
        with self._lock:
            if self._film is None:
                return
            t = max(0, min(t, self._film.duration - 1))
            self._shown = self._film.frame_pts(t)
            self._plan = self._plan.gone_to(t)
            self._live, self._held = False, None
        if self._playing:
            self._worker.post(self._start, key="go")
        else:
            self._worker.post(self._be_ready, key="idle", after=IDLE)
        self._show_still()

    def step(self, frames: int) -> None:
        """So many frames on, or back where negative; pauses."""
        self.pause()
        with self._lock:
            film = self._film
            if film is None or not film.frame_times:
                return
            index = film.frame_index(self._shown) + frames
            index = max(0, min(index, len(film.frame_times) - 1))
        self.seek(film.frame_times[index])

    def play_range(self, span: TimeRange, through_removed: bool) -> None:
        """Play `span` once, with or without what is removed in it, and pause at its end."""
        with self._lock:
            if self._film is None:
                return
            self._plan = self._plan.with_range(span, through_removed)
            spans = self._plan.spans
            start = spans[0].start if spans else span.start
            self._shown, self._held = self._film.frame_pts(start), None
            self._playing, self._live = True, False
        self._worker.post(self._start, key="go")

    def set_cut(self, keep: Ranges) -> None:
        """What the preview keeps; counts from the moment this returns."""
        with self._lock:
            self._plan = self._plan.with_cut(keep, self.position())
            self._publisher.allow(self._plan.spans)
        self._worker.post(self._replan, key="plan")

    def set_preview(self, on: bool) -> None:
        """Skip what is removed, or play everything."""
        with self._lock:
            self._plan = self._plan.with_preview(on)
            self._publisher.allow(self._plan.spans)
        self._worker.post(self._replan, key="plan")

    def set_proxy(self, proxy: Proxy | None) -> None:
        """What there is of the open film's proxy, for close cuts and quick pictures."""
        self._proxy = proxy
        self._worker.post(self._apply_settings, key="settings")

    def use(self, technique: Technique | None) -> None:
        """Skip what is removed in one way only, for measuring; None: the best way by itself."""
        self._technique = technique
        self._worker.post(self._apply_technique)

    def set_view(self, width: int, height: int) -> None:
        """The size of the area that pictures are painted into, in device pixels."""
        if (width, height) == self._view:
            return
        self._view = max(1, width), max(1, height)
        self._worker.post(self._apply_settings, key="settings")
        if not self._playing:
            self._show_still()

    def set_rate(self, rate: float) -> None:
        """Speed, kept until it is set again."""
        self._rate = rate
        self._worker.post(self._apply_settings, key="settings")

    def set_volume(self, percent: int) -> None:
        """Loudness, 0 to 100."""
        self._volume = max(0, min(100, percent))
        self._worker.post(self._apply_settings, key="settings")

    def set_muted(self, muted: bool) -> None:
        """Sound off or on."""
        self._muted = muted
        self._worker.post(self._apply_settings, key="settings")

    def close(self) -> None:
        """End everything; blocks until the threads are gone. The stage is of no use afterwards."""
        with self._lock:
            self._playing = False
            self._publisher.stand()
        self._worker.close(last=self._do_close)
        self._stills.close(last=self._change_source)

    # On the stage's thread

    def _do_open(self, film: Film) -> None:
        # A missing VLC is told when somebody wants to play.
        with suppress(KeeptakeError):
            self._ready_preview(film)
        self._on_state()

    def _ready_preview(self, film: Film) -> Preview:
        """The preview with `film` open; MediaError where VLC is missing."""
        if self._engine is None:
            self._engine = self._load_engine()
        engine = self._engine
        if self._preview is None:
            self._preview = Preview(
                lambda place, ears: engine.player("abs"[place], ears),
                self._publisher, self._worker, self._end, self._fail,
            )  # fmt: skip
            self._preview.use(self._technique)
            self._apply_settings()
        self._preview.open(film)
        self._preview.set_proxy(self._proxy)
        return self._preview

    def _start(self) -> None:
        with self._lock:
            film, spans, t, held = self._film, self._plan.spans, self._shown, self._held
            shown = t
            if film is None or not self._playing:
                return
            if not spans:
                self._playing = False
            elif self._at_end(film, t):
                t, held = spans[0].start, None
        if not spans:
            self._on_state()
            return
        try:
            if (problem := self._watch.problem()) is not None:
                raise problem
            preview = self._preview or self._ready_preview(film)
        except KeeptakeError as error:
            self._fail(error)
            return
        if held is not None and held == t:
            preview.resume(spans)
        else:
            preview.start(t, spans)
        with self._lock:
            # Unless somebody paused or went elsewhere meanwhile; then that follows in the queue.
            if self._playing and self._shown in (t, shown):
                self._live, self._held = True, None
        self._on_state()
        self._stills.post(self._check_file, key="watch", after=WATCH)
        self._check_sound()

    def _check_sound(self) -> None:
        """Nothing to be heard is said and stops nothing; looked at while it plays."""
        film, engine = self._film, self._engine
        if film is None or engine is None or not self._playing:
            return
        if film.has_audio and engine.sound and (problem := engine.sound.problem()) is not None:
            self._on_error(problem)
        self._worker.post(self._check_sound, key="sound device", after=WATCH)

    def _at_end(self, film: Film, t: int) -> bool:
        if film.audio_only:
            return t >= self._plan.spans[-1].end - 1
        return film.next_pts(film.frame_index(t)) >= self._plan.spans[-1].end

    def _take_over(self) -> None:
        """Note where the picture stands, from the preview; the caller holds the lock."""
        film, preview = self._film, self._preview
        self._publisher.stand()
        if film is None or preview is None or not self._live:
            return
        self._shown = preview.position() if film.audio_only else self._publisher.last
        self._live, self._held = False, self._shown

    def _do_pause(self) -> None:
        if self._preview is not None and not self._playing:
            self._preview.pause()
        self._on_state()

    def _be_ready(self) -> None:
        with self._lock:
            if self._playing or self._preview is None or self._held is not None:
                return
            t = self._shown
        self._preview.cue(t)

    def _replan(self) -> None:
        with self._lock:
            plan, playing = self._plan, self._playing
        if playing and self._preview is not None:
            self._preview.replan(plan.spans)
            self._on_state()

    def _apply_settings(self) -> None:
        if self._preview is not None:
            self._preview.set_view(self._view)
            self._preview.set_proxy(self._proxy)
            self._preview.set_sound(self._volume, self._muted)
            self._preview.set_rate(self._rate)

    def _apply_technique(self) -> None:
        if self._preview is not None:
            self._preview.use(self._technique)

    def _use_keyframes(self, film: Film, found: Sequence[int]) -> None:
        if self._preview is not None and film is self._film:
            self._preview.set_keyframes(found)

    def _end(self, out: int) -> None:
        with self._lock:
            film = self._film
            if film is None or not self._playing:
                return
            self._playing = self._live = False
            self._held = None
            self._shown = film.frame_pts(out - 1)
            self._plan = self._plan.ended_at(self._shown)
        self._show_still()
        self._on_state()

    def _fail(self, error: KeeptakeError) -> None:
        with self._lock:
            film = self._film
            if self._playing:
                self._playing = False
                self._take_over()
            self._held = None
        if self._preview is not None:
            self._preview.pause()
        problem = self._watch.problem() if film is not None else None
        self._told = problem is not None
        self._on_error(problem or error)
        self._on_state()

    def _do_close(self) -> None:
        if self._preview is not None:
            self._preview.close()
        if self._engine is not None:
            self._engine.close()

    # On the stills' thread

    def _show_still(self) -> None:
        self._stills.drop("exact")
        self._stills.post(self._do_still, key="still")

    def _change_source(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def _find_keyframes(self, film: Film) -> None:
        # A file that cannot be read says so where it is shown.
        with suppress(KeeptakeError):
            found = keyframe_times(film.path)
            self._worker.post(lambda: self._use_keyframes(film, found), key="keyframes")

    def _do_still(self) -> None:
        with self._lock:
            film, t = self._film, self._shown
        if film is None or film.audio_only or not film.frame_times:
            return
        quick = self._proxy.still(t) if self._proxy is not None else None
        if quick is not None:
            self._show(quick, film)
            self._stills.post(self._do_exact, key="exact", after=SETTLED)
        else:
            self._do_exact()

    def _do_exact(self) -> None:
        with self._lock:
            film, t = self._film, self._shown
        if film is None:
            return
        try:
            if self._source is None:
                self._source = self._open_stills(film.path)
            if not self._source.reach(t, lambda: self._shown == t or self._proxy is None):
                return
            still = self._source.at(t, size=fitted(film.size, self._view))
        except KeeptakeError as error:
            if not self._told:
                self._told = True
                self._on_error(self._watch.problem() or error)
            return
        self._show(still, film)
        self._check_file()

    def _show(self, still: Still, film: Film) -> None:
        frame = Frame(
            still.pts_us, film.frame_index(still.pts_us), still.width, still.height,
            still.width * 4, still.bgrx, still=True,
        )  # fmt: skip
        if film is self._film:
            self._publisher.still(frame)

    def _check_file(self) -> None:
        film = self._film
        if film is None:
            return
        if (problem := self._watch.problem()) is None:
            self._told = False
        elif not self._told:
            self._told = True
            self._worker.post(lambda: self._fail(problem))
        self._stills.post(self._check_file, key="watch", after=WATCH)
