"""libVLC 3.0 behind the Player protocol: the only module that imports vlc.

No libVLC call is made from a VLC callback; each player has one control thread (vlc.md section 6).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections import deque
from collections.abc import Callable
from threading import Event, RLock
from typing import Any

from typing_extensions import override

from app.core.errors import MediaError
from app.playback.clock import UNSETTLED, Clock
from app.playback.demuxers import demuxing
from app.playback.pictures import Pictures
from app.playback.player import Film, Listener, Player
from app.playback.sound_device import AOUT_VARIABLE, SoundWatch, sound_output
from app.playback.turning import IN_A_ROW, Turn, frame_after, told
from app.playback.worker import Worker

OPTIONS = [
    "--no-xlib", "--no-video-title-show", "--no-osd", "--no-spu", "--no-sub-autodetect-file",
    "--no-snapshot-preview", "--no-lua", "--no-interact", "--no-keyboard-events",
    "--no-mouse-events", "--no-disable-screensaver", "--no-metadata-network-access",
    "--play-and-pause", "--quiet",
]  # fmt: skip
FEWEST_OPTIONS = ["--play-and-pause", "--quiet", "--no-video-title-show"]
FILE_CACHING_MS = 300

WAKEUP = 10_000
"""Microseconds VLC puts between starting and the first picture (es_out.c, i_wakeup_delay)."""
DISPLAY_EARLY = 6_000
"""A picture may be displayed so many microseconds before the clock reaches its pts."""
SHOWN_LATE = 20_000
"""VLC drops pictures that are later than this; microseconds (vout, late_threshold)."""
EARLIEST = 1_000
"""The cue's own picture comes no earlier than this before its time, microseconds."""
KEPT_BACK = 8_000
"""What is left of a frame's period for being displayed late, where VLC's clock runs early."""
PAUSE_SETTLES = 70_000
"""Microseconds after pausing in which pictures still come; sought sooner, they outlive the seek."""
STALE_FOR = 150_000
"""Microseconds after a seek for which VLC may still show what it showed before."""
REPEAT_AFTER = 45_000
"""VLC shows a picture again when nothing newer came for about 60 ms (VOUT_REDISPLAY_DELAY)."""
EVEN_S = 0.4
"""Seconds to run at speed 1 before another speed.

Changed earlier, VLC 3.0 misdates every picture by the distance from the keyframe it sought to:
input_clock_ChangeRate looks back to a clock point from before the preroll.
"""
STALL_S = 3.0
"""A cue that is not ready by then is started anyway."""
UNDECODED_S = 2.0
"""A cue that is buffered but brings no picture for so long counts as ready."""
OPEN_S = 3.0
"""How long the first picture of a film is waited for."""

_MISSING = (
    "Install VLC 3.0 (64-bit) from videolan.org; on Debian and Ubuntu: sudo apt install libvlc5"
    " vlc-plugin-base vlc-plugin-video-output (a snap or flatpak VLC cannot be used). Or set"
    " PYTHON_VLC_LIB_PATH to the libvlc library. Then open the video again."
)

_POINTER = ctypes.POINTER
_UINTS = [_POINTER(ctypes.c_uint)] * 4
_FormatCb = ctypes.CFUNCTYPE(
    # WORKAROUND: https://github.com/oaubert/python-vlc/issues/294, remove when VideoFormatCb's
    # chroma can be written to.
    ctypes.c_uint, _POINTER(ctypes.c_void_p), _POINTER(ctypes.c_char), *_UINTS
)  # fmt: skip
_CleanupCb = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_LockCb = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, _POINTER(ctypes.c_void_p))
_DisplayCb = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


def _missing(detail: str) -> MediaError:
    where = os.environ.get("PYTHON_VLC_LIB_PATH", "the usual places")
    bits = struct.calcsize("P") * 8
    return MediaError(
        "VLC 3.0 was not found, so playing is off; everything else works.",
        _MISSING,
        f"{detail} (Python {platform.python_version()}, {bits} bits, {sys.platform};"
        f" looked in {where})",
    )


def _load() -> Any:
    """The vlc module, proved to work; MediaError where libVLC is missing (vlc.md section 7)."""
    try:
        import vlc  # type: ignore[import-untyped]

        version = vlc.libvlc_get_version().decode(errors="replace")
    except (
        ImportError, OSError, NotImplementedError, NameError, AttributeError, KeyError, SystemExit,
    ) as error:  # fmt: skip
        raise _missing(f"{type(error).__name__}: {error}") from error
    if not version.startswith("3.0."):
        raise _missing(f"libVLC {version} is installed")
    return vlc


class Engine:
    """libVLC itself, loaded once; makes players. MediaError where it is missing or broken.

    aout: VLC's name of a sound output ("dummy"); None asks the environment, then VLC.
    """

    def __init__(self, aout: str | None = None) -> None:
        self.vlc = _load()
        named = aout or os.environ.get(AOUT_VARIABLE)
        aout = named or sound_output()
        self.sound = None if named else SoundWatch(aout, os.environ)
        """Whether anything can be heard, where VLC's output was found rather than named."""
        sound = [f"--aout={aout}"] if aout else []
        # An option this VLC does not know makes the instance None.
        self.instance = self.vlc.Instance([*OPTIONS, *sound]) or self.vlc.Instance(
            [*FEWEST_OPTIONS, *sound]
        )
        if self.instance is None:
            raise _missing("libvlc_new failed: VLC's plugins were not found")
        self.now: Callable[[], int] = self.vlc.libvlc_clock

    def player(self, name: str, listener: Listener) -> Player:
        """A player with its own control thread."""
        return VlcPlayer(self, name, listener)

    def close(self) -> None:
        """Release libVLC; every player must be closed."""
        self.instance.release()


class VlcPlayer(Player):
    """A libVLC media player that draws into memory and knows which frame it shows.

    A frame is told only when its identity is known: running, the clock started, not a picture
    shown again. Every position is reached by `cue`: pause, seek, wait until decoded. Started from
    there, VLC dates the cue's picture exactly 10 ms after the start, so frames are known at once.
    """

    def __init__(self, engine: Engine, name: str, listener: Listener) -> None:
        self._engine = engine
        self._vlc = engine.vlc
        self._listener = listener
        self._lock = RLock()
        self._clock = Clock()
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
        self._held_at: int | None = None
        self._latency = WAKEUP
        self._last_index = -1
        self._late = self._lead = 0
        self._displayed_at = self._started_at = self._asked_at = 0
        self._sought_at = self._buffered_at = self._paused_at = 0
        self._fresh = False  # a picture was displayed since it was sought
        self._drawn_at: dict[int, int] = {}
        self._stamps: deque[int] = deque(maxlen=IN_A_ROW)
        self._lost = False  # it is not sure which frame was displayed last
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
            self._latency, self._last_index = WAKEUP, -1
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
            self._last_index = -1
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
            now = self._engine.now()
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
            ran = (self._engine.now() - self._started_at) / 1e6
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
            t = self._clock.at(self._engine.now())
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
        media = self._engine.instance.media_new_path(str(film.path))
        self._late, self._lead = how.late, how.lead
        for option in (*how.options, f":file-caching={FILE_CACHING_MS}", ":no-sub-autodetect-file"):
            media.add_option(option)
        if not film.has_audio:
            media.add_option(":no-audio")
        if film.audio_only:
            media.add_option(":no-video")
        self._mp = self._engine.instance.media_player_new()
        self._mp.set_media(media)
        media.release()
        if not film.audio_only:
            self._pictures = Pictures(film.turned, film.colour, self._view or film.size)
            self._set_callbacks()
        self._attach()
        # VLC stands only where it has played: the first picture is waited for, without sound.
        self._opened_event.clear()
        self._mp.audio_set_mute(True)
        self._mp.play()
        self._opened_event.wait(OPEN_S)
        self._mp.audio_set_mute(True)
        self._do_pause()

    def _set_callbacks(self) -> None:
        kept = (
            _FormatCb(self._format), _CleanupCb(lambda _: None),
            _LockCb(self._draw_into), _DisplayCb(self._display),
        )  # fmt: skip
        form, cleanup, lock, display = kept
        self._callbacks = kept
        dll = self._vlc.dll
        pointer = ctypes.c_void_p
        set_format = dll.libvlc_video_set_format_callbacks
        set_format.argtypes, set_format.restype = [pointer, _FormatCb, _CleanupCb], None
        set_pictures = dll.libvlc_video_set_callbacks
        set_pictures.argtypes = [pointer, _LockCb, pointer, _DisplayCb, pointer]
        set_pictures.restype = None
        set_pictures(self._mp, lock, None, display, None)
        set_format(self._mp, form, cleanup)

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
            t = self._cue_at
        self._do_pause()
        settles = self._paused_at + PAUSE_SETTLES - self._engine.now()
        if settles > 0:
            self._control.post(lambda: self._do_cue(generation), key="cue", after=settles / 1e6)
            return
        # At another speed VLC 3.0 misdates what it shows after a seek by the distance from the
        # keyframe: es_out.c, EsOutDecodersStopBuffering does not scale i_preroll_duration.
        self._apply_rate(1.0)
        with self._lock:
            self._seeking, self._buffered, self._fresh = True, False, False
            self._sought_at = self._engine.now()
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
            self._asked_at = self._engine.now()
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
                self._clock.change_rate(rate, self._engine.now())
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
            stamp = self._engine.now()
            self._started_at = stamp
            self._stamps.clear()
            self._lost = False
            anchor = None
            if self._held_at is not None:
                anchor = (self._held_at, stamp)
            elif self._ready:
                anchor = (self._cue_at, stamp + WAKEUP)
                took = stamp - self._asked_at + WAKEUP
                self._latency += (min(took, 200_000) - self._latency) // 4
            self._clock.start(self._start_rate, anchor)
            self._running, self._ended = True, False
        self._listener.on_change()

    def _on_paused(self, _event: object) -> None:
        with self._lock:
            # Whoever waits goes by the time as soon as it is woken.
            self._paused_at = self._engine.now()
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
            self._buffered, self._buffered_at = full, self._engine.now()
        if full:
            self._control.post(
                self._become_ready, key="ready", after=UNDECODED_S if pictures else 0.0
            )

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
        stamp = self._engine.now()
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

    def _format(
        self, _opaque: object, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any
    ) -> int:
        pictures = self._pictures
        if pictures is None:
            return 0
        # VLC offers the coded size; the visible one is written, always (vlc.md, vmem rule 4).
        # Asked for another range than it has, VLC would convert it, and not for every depth.
        full = ctypes.string_at(chroma, 1) == b"J"
        ctypes.memmove(chroma, b"J420" if full else b"I420", 4)
        width[0], height[0] = pictures.width, pictures.height
        for plane in range(3):
            pitches[plane], lines[plane] = pictures.pitches[plane], pictures.lines[plane]
        return 1

    def _draw_into(self, _opaque: object, planes: Any) -> int:
        pictures = self._pictures
        assert pictures is not None
        index = pictures.take()
        self._drawn_at[index] = self._engine.now()
        for plane, address in enumerate(pictures[index].addresses):
            planes[plane] = address
        return index + 1

    def _display(self, _opaque: object, picture: int) -> None:
        stamp = self._engine.now()
        with self._lock:
            pictures, film = self._pictures, self._film
            if pictures is None or film is None:
                return
            self._opened_event.set()
            gap, self._displayed_at = stamp - self._displayed_at, stamp
            soon = stamp - self._started_at < 4 * REPEAT_AFTER
            exact = self._running and not self._late
            turning = self._clock.turning(stamp) if exact else None
            unsure = not self._fresh or (self._running and (soon or gap > REPEAT_AFTER))
            unsure = unsure or turning is not None
            repeated = pictures.show(picture - 1, compare=unsure)
            first = not self._fresh
            if not self._is_fresh(picture - 1, repeated, stamp):
                return
            if self._seeking and self._buffered:
                self._become_ready()
            t = self._clock.at(stamp) if self._running else None
            # Where VLC landed too late it shows the first picture it can decode before its time,
            # and just before the picture it was sent to it may show an earlier one (B-frames).
            if t is None or repeated or (first and self._lead):
                return
            if self._last_index < 0 and self._cue_at - EARLIEST > t > self._cue_at - WAKEUP * 2:
                return
            self._stamps.append(stamp)
            if turning is not None and self._last_index >= 0:
                index, doubt = self._turning(film, turning)
                late, unsure = UNSETTLED if doubt else 0, bool(doubt)
            else:
                early = self._early(film, t)
                index, doubt = self._told_apart(film, t, film.frame_index(t + early))
                late = self._clock.margin(stamp) + max(0, self._late - early)
                unsure = self._lost
            if index <= self._last_index:
                return
            self._last_index = index
            frame = pictures.frame(picture - 1, film.frame_times[index], index, unsure=unsure)
            margin = late + doubt
        self._listener.on_frame(frame, margin)

    def _turning(self, film: Film, turn: Turn) -> tuple[int, int]:
        """Which frame it is while a change of speed settles, and how far it may be from that."""
        found = told(turn, self._stamps, film, self._last_index)
        if found.anchor is not None:
            self._clock.turned(found.anchor)
        return found.index, found.margin

    def _is_fresh(self, picture: int, repeated: bool, stamp: int) -> bool:
        """Whether it may belong to the place sought last.

        A seek takes effect later than it is asked for: what was drawn before it, and what is drawn
        again soon after it, comes from where VLC was.
        """
        if not self._fresh and self._drawn_at.get(picture, 0) > self._sought_at:
            late = self._buffered and stamp - self._buffered_at > STALE_FOR
            self._fresh = self._buffered and (late or not repeated)
        return self._fresh or not self._sought_at

    def _told_apart(self, film: Film, t: int, index: int) -> tuple[int, int]:
        """Which frame it is where the clock says `index`, and how far it may be from that.

        On a busy machine VLC shows a picture late rather than not at all, at the time of the next.
        Once it is not sure which one, neither are those after it, until some in a row are in time.
        """
        expected, times = self._last_index + 1, film.frame_times
        if not expected or (index <= expected and not self._lost):
            return index, 0
        line = self._clock.line()
        late = SHOWN_LATE * (line.rate if line else 1.0)
        if index == expected + 1 and t - times[expected] < late and not self._lost:
            return expected, times[index] - times[expected]
        in_time = line is not None and frame_after(line, self._stamps, film) == index
        self._lost = not (in_time or self._late)
        return index, 0 if in_time else times[index] - times[index - 1]

    def _early(self, film: Film, t: int) -> int:
        """How long before its time a picture may come that is shown about `t`."""
        if not self._late:
            return DISPLAY_EARLY
        index = film.frame_index(t)
        period = film.next_pts(index) - film.frame_times[index]
        return max(DISPLAY_EARLY, min(self._late, period - KEPT_BACK))
