"""libVLC 3.0 behind the Player protocol: one media player with a control thread of its own.

No libVLC call is made from a VLC callback (vlc.md section 6).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Event, RLock
from typing import Any

from typing_extensions import override

from app.core.errors import MediaError
from app.playback.clock import Clock
from app.playback.demuxers import demuxing
from app.playback.pictures import Pictures
from app.playback.player import Film, Listener, Player
from app.playback.sightings import WAKEUP, Sightings
from app.playback.vlc_callbacks import answer_format, set_callbacks
from app.playback.worker import Worker

FILE_CACHING_MS = 300
PAUSE_SETTLES = 70_000
"""Microseconds after pausing in which pictures still come; sought sooner, they outlive the seek."""
EVEN_S = 0.4
"""Seconds to run at speed 1 before another speed.

Changed earlier, VLC 3.0 misdates every picture by the distance from the keyframe it sought to:
input_clock_ChangeRate looks back to a clock point from before the preroll.
"""
STARTS = 5
"""Starts whose median is reckoned with: a busy machine makes one of them 80 ms late, not two."""
STALL_S = 3.0
"""A cue that is not ready by then is started anyway."""
UNDECODED_S = 1.0
"""A cue that is buffered but brings no picture for so long is sought once more.

On a busy machine VLC's decoder may learn of the pause after the seek, and then waits in it.
"""
UNDECODED_AGAIN_S = 2.0
"""The same the second time: it counts as ready."""
OPEN_S = 3.0
"""How long the first picture of a film is waited for."""


class VlcPlayer(Player):
    """A libVLC media player that draws into memory and knows which frame it shows.

    A frame is told only when its identity is known: running, the clock started, not a picture
    shown again. Every position is reached by `cue`: pause, seek, wait until decoded. Started from
    there, VLC dates the cue's picture exactly 10 ms after the start, so frames are known at once.
    """

    def __init__(self, vlc: Any, instance: Any, name: str, listener: Listener) -> None:
        self._vlc = vlc
        self._instance = instance
        self._now: Callable[[], int] = vlc.libvlc_clock
        self._listener = listener
        self._lock = RLock()
        self._clock = Clock()
        self._sightings = Sightings(self._clock)
        self._film: Film | None = None
        self._pictures: Pictures | None = None
        self._mp: Any = None
        self._events: Any = None
        self._rate = 1.0
        self._volume, self._muted = 100, False
        self._view: tuple[int, int] | None = None
        self._cue_at = 0
        self._generation = 0  # counts cues; what belongs to an older one is dropped
        self._seeking = self._buffered = self._ready = False
        self._wanted = self._released = self._running = self._ended = False
        self._moved = False  # it has played since it was cued
        self._applied_rate, self._start_rate = 1.0, 1.0
        self._sought_again = False
        self._held_at: int | None = None
        self._latency = WAKEUP
        self._took = deque([WAKEUP], maxlen=STARTS)
        self._started_at = self._asked_at = self._paused_at = 0
        self._paused_event, self._opened_event = Event(), Event()
        self._callbacks: tuple[object, ...] = ()
        self._control = Worker(f"keeptake-vlc-{name}")

    # What may be asked, from any one thread

    @property
    @override
    def ready(self) -> bool:
        return self._ready

    @property
    @override
    def ended(self) -> bool:
        return self._ended

    @property
    @override
    def latency(self) -> int:
        return self._latency

    @override
    def open(self, film: Film) -> None:
        with self._lock:
            self._generation += 1
            self._film, self._cue_at, self._held_at = film, 0, None
            self._wanted = self._released = self._running = False
            self._ready = self._ended = self._moved = False
            self._latency = WAKEUP
            self._took = deque([WAKEUP], maxlen=STARTS)
            self._sightings.cued(0)
            self._clock.new_film()
        self._control.post(lambda: self._do_open(film))
        self.cue(0)

    @override
    def cue(self, t: int) -> None:
        with self._lock:
            at = t if self._film is None else self._film.frame_pts(t)
            # libVLC takes milliseconds and shows the first frame that is not before them.
            at = at // 1000 * 1000
            untouched = not (self._released or self._moved) and (self._ready or self._seeking)
            if untouched and at == self._cue_at:
                return
            self._generation += 1
            self._cue_at, self._held_at, self._moved = at, None, False
            self._wanted = self._released = self._running = False
            self._ready = self._ended = False
            self._sightings.cued(at)
            self._clock.reset()
            generation = self._generation
        self._control.post(lambda: self._do_cue(generation), key="cue")

    @override
    def play(self) -> None:
        with self._lock:
            self._wanted = True
            generation, ready = self._generation, self._ready
        self._control.post(
            lambda: self._do_play(generation), key="play", after=0.0 if ready else STALL_S
        )

    @override
    def pause(self) -> None:
        with self._lock:
            # What has played stands elsewhere than where it was cued.
            self._moved |= self._released
            self._wanted = self._released = False
            now = self._now()
            if self._running:
                self._held_at = self._clock.at(now)
                self._running = False
            self._clock.reset()
        self._control.drop("play")
        self._control.post(self._do_pause)

    @override
    def set_rate(self, rate: float) -> None:
        with self._lock:
            self._rate = rate
            ran = (self._now() - self._started_at) / 1e6
        self._control.post(self._do_rate, key="rate", after=max(0.0, EVEN_S - ran))

    @override
    def set_view(self, size: tuple[int, int]) -> None:
        self._view = size
        if self._pictures is not None:
            self._pictures.view = size

    @override
    def set_volume(self, percent: int) -> None:
        self._volume = percent
        self._control.post(self._apply_sound, key="sound")

    @override
    def set_muted(self, muted: bool) -> None:
        self._muted = muted
        self._control.post(self._apply_sound, key="sound")

    @override
    def position(self) -> int | None:
        with self._lock:
            if not self._running or self._film is None:
                return None
            t = self._clock.at(self._now())
            return None if t is None else max(0, min(t, self._film.duration))

    @override
    def close(self) -> None:
        with self._lock:
            self._generation += 1
            self._wanted = self._running = False
            self._clock.reset()
        self._opened_event.set()
        self._paused_event.set()
        self._control.close(last=self._do_close)

    # The control thread

    def _do_open(self, film: Film) -> None:
        self._do_close()
        try:
            how = demuxing(film.container, film.path)
        except MediaError as error:
            self._listener.on_error(error)
            return
        media = self._instance.media_new_path(str(film.path))
        self._sightings.opened(how.late, how.lead)
        for option in (*how.options, f":file-caching={FILE_CACHING_MS}", ":no-sub-autodetect-file"):
            media.add_option(option)
        if not film.has_audio:
            media.add_option(":no-audio")
        if film.audio_only:
            media.add_option(":no-video")
        self._mp = self._instance.media_player_new()
        self._mp.set_media(media)
        media.release()
        if not film.audio_only:
            self._pictures = Pictures(film.turned, film.colour, self._view or film.size)
            self._callbacks = set_callbacks(self._vlc.dll, self._mp, self)
        self._attach()
        # VLC stands only where it has played: the first picture is waited for, without sound.
        self._opened_event.clear()
        self._mp.audio_set_mute(True)
        self._mp.play()
        self._opened_event.wait(OPEN_S)
        self._mp.audio_set_mute(True)
        self._do_pause()

    def _attach(self) -> None:
        kind = self._vlc.EventType
        # WORKAROUND: python-vlc's MediaPlayer.event_manager() keeps every player in its memo for
        # ever; remove when libvlc's own function is no longer needed.
        self._events = events = self._vlc.libvlc_media_player_event_manager(self._mp)
        events.event_attach(kind.MediaPlayerPlaying, self._on_playing)
        events.event_attach(kind.MediaPlayerPaused, self._on_paused)
        events.event_attach(kind.MediaPlayerBuffering, self._on_buffering)
        events.event_attach(kind.MediaPlayerTimeChanged, self._on_time)
        events.event_attach(kind.MediaPlayerEndReached, self._on_end)
        events.event_attach(kind.MediaPlayerEncounteredError, self._on_failed)

    def _do_cue(self, generation: int) -> None:
        with self._lock:
            if generation != self._generation or self._mp is None:
                return
        self._do_pause()
        settles = self._paused_at + PAUSE_SETTLES - self._now()
        if settles > 0:
            self._control.post(lambda: self._do_cue(generation), key="cue", after=settles / 1e6)
            return
        # At another speed VLC 3.0 misdates what it shows after a seek by the distance from the
        # keyframe: es_out.c, EsOutDecodersStopBuffering does not scale i_preroll_duration.
        self._apply_rate(1.0)
        self._sought_again = False
        self._seek()

    def _seek(self) -> None:
        with self._lock:
            self._seeking, self._buffered = True, False
            self._sightings.sought(self._now())
            t = self._cue_at
        if self._mp is not None:
            self._mp.set_time(t // 1000)

    def _do_pause(self) -> None:
        if self._mp is None or not self._mp.is_playing():
            return
        self._paused_event.clear()
        self._mp.set_pause(1)
        self._paused_event.wait(1.0)

    def _do_play(self, generation: int) -> None:
        with self._lock:
            if generation != self._generation or self._mp is None or not self._wanted:
                return
            self._released = True
            self._asked_at = self._now()
            self._start_rate, rate = self._applied_rate, self._rate
        self._apply_sound()
        self._mp.set_pause(0)
        if rate != self._start_rate:
            self._control.post(self._do_rate, key="rate", after=EVEN_S)

    def _do_rate(self) -> None:
        with self._lock:
            if not self._released:
                return
            rate = self._rate
            if self._running and rate != self._applied_rate:
                self._clock.change_rate(rate, self._now())
        self._apply_rate(rate)

    def _apply_rate(self, rate: float) -> None:
        if self._mp is not None and rate != self._applied_rate:
            self._mp.set_rate(rate)
            self._applied_rate = rate

    def _apply_sound(self) -> None:
        if self._mp is not None and self._released:
            self._mp.audio_set_volume(self._volume)
            self._mp.audio_set_mute(self._muted)

    def _do_close(self) -> None:
        if self._mp is None:
            return
        events, self._events = self._events, None
        kind = self._vlc.EventType
        for event in (
            kind.MediaPlayerPlaying, kind.MediaPlayerPaused, kind.MediaPlayerBuffering,
            kind.MediaPlayerTimeChanged, kind.MediaPlayerEndReached,
            kind.MediaPlayerEncounteredError,
        ):  # fmt: skip
            events.event_detach(event)
        self._mp.stop()
        self._mp.release()
        self._mp = None
        self._applied_rate = 1.0
        # Only now may what VLC called and drew into go away.
        self._callbacks, self._pictures = (), None

    # VLC's event thread: stamp and note, no libVLC call but its clock

    def _on_playing(self, _event: object) -> None:
        with self._lock:
            if not (self._wanted and self._released):
                return
            stamp = self._now()
            self._started_at = stamp
            self._sightings.started(stamp)
            anchor = None
            if self._held_at is not None:
                anchor = (self._held_at, stamp)
            elif self._ready:
                anchor = (self._cue_at, stamp + WAKEUP)
                self._took.append(stamp - self._asked_at + WAKEUP)
                self._latency = sorted(self._took)[(len(self._took) - 1) // 2]
            self._clock.start(self._start_rate, anchor)
            self._running, self._ended = True, False
        self._listener.on_change()

    def _on_paused(self, _event: object) -> None:
        with self._lock:
            # Whoever waits goes by the time as soon as it is woken.
            self._paused_at = self._now()
            self._paused_event.set()
            if not (self._running and self._released):
                return
            # Nobody asked: --play-and-pause at the end of the film.
            self._running = self._wanted = False
            self._ended = True
            self._clock.reset()
        self._listener.on_change()

    def _on_buffering(self, event: Any) -> None:
        with self._lock:
            full = event.u.new_cache >= 100.0
            pictures = self._film is not None and not self._film.audio_only
            if full and not pictures:
                self._opened_event.set()
            if not self._seeking:
                return
            self._buffered = full
            self._sightings.buffering(full, self._now())
            generation, again = self._generation, self._sought_again
        if not full:
            return
        if not pictures or again:
            after = UNDECODED_AGAIN_S if pictures else 0.0
            self._control.post(self._become_ready, key="ready", after=after)
        else:
            self._control.post(lambda: self._seek_again(generation), key="ready", after=UNDECODED_S)

    def _seek_again(self, generation: int) -> None:
        with self._lock:
            if generation != self._generation or self._ready or not self._seeking:
                return
            self._sought_again = True
        self._seek()

    def _become_ready(self) -> None:
        with self._lock:
            if self._ready or not (self._seeking and self._buffered):
                return
            self._seeking, self._ready = False, True
            wanted, generation = self._wanted, self._generation
        if wanted:
            self._control.post(lambda: self._do_play(generation), key="play")
        self._listener.on_change()

    def _on_time(self, event: Any) -> None:
        stamp = self._now()
        with self._lock:
            if not self._running:
                return
            self._clock.sample(event.u.new_time * 1000, stamp)

    def _on_end(self, _event: object) -> None:
        with self._lock:
            self._opened_event.set()
            self._running = self._wanted = False
            self._ended = True
            self._clock.reset()
        self._listener.on_change()

    def _on_failed(self, _event: object) -> None:
        with self._lock:
            self._opened_event.set()
            self._paused_event.set()
            self._running = self._wanted = False
            name = "the video" if self._film is None else self._film.path.name
        self._listener.on_error(
            MediaError(
                f"VLC could not play {name}; nothing you decided is lost.",
                "Check that the file is still there and opens in VLC, then open it again.",
            )
        )

    # VLC's picture thread

    def format(
        self, _opaque: object, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any
    ) -> int:
        pictures = self._pictures
        return answer_format(pictures, chroma, width, height, pitches, lines) if pictures else 0

    def draw_into(self, _opaque: object, planes: Any) -> int:
        pictures = self._pictures
        assert pictures is not None
        index = pictures.take()
        self._sightings.drawn(index, self._now())
        for plane, address in enumerate(pictures[index].addresses):
            planes[plane] = address
        return index + 1

    def display(self, _opaque: object, picture: int) -> None:
        stamp = self._now()
        with self._lock:
            pictures, film = self._pictures, self._film
            if pictures is None or film is None:
                return
            self._opened_event.set()
            sightings, running = self._sightings, self._running
            seen = sightings.shown(pictures, picture - 1, stamp, film, running=running)
            if sightings.fresh and self._seeking and self._buffered:
                self._become_ready()
        if seen is not None:
            self._listener.on_frame(*seen)
