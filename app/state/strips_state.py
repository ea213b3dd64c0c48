"""The open film's waveform and thumbnails, as far as they are there, and what is wanted next."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.late import late
from app.core.loudness import Loudness, LoudnessChunk
from app.state.proxy_state import ProxyRules
from app.state.tasks import Tasks

if TYPE_CHECKING:
    from app.media import proxy_cache, strip_builder, strip_files, strip_plan
    from app.media.stills import Still
    from app.media.strip_builder import StripBuilder
    from app.media.strip_plan import Shown, StripPlan
else:
    proxy_cache = late("app.media.proxy_cache")
    strip_builder = late("app.media.strip_builder")
    strip_files = late("app.media.strip_files")
    strip_plan = late("app.media.strip_plan")

MOST = 512
"""Thumbnails in memory, of 64 kB for a wide film: those wanted longest ago go."""

BESIDE = 64 << 20
"""Bytes by which strips may go beyond the limit of proxies, which use up all there is."""

MOST_FAILED = 3
"""Things that cannot be made before it is said."""

AT_ONCE = 8
"""Thumbnails that are decoded before they are shown."""

_FAILED = "Some thumbnails or parts of the waveform could not be made; the video may be damaged."
_UNKEPT = (
    "Thumbnails and the waveform cannot be kept in the cache folder; "
    "they are made again when the video is opened again."
)


@dataclass(eq=False)
class _Open:
    """One film, and what there is of it. folder: where it is kept, None for nowhere.

    files: thumbnails on disk, fresh: those just made, as JPEG; both with their true time.
    """

    plan: StripPlan
    folder: Path | None = None
    builder: StripBuilder | None = None
    loudness: Loudness | None = None
    shown: Shown | None = None
    files: dict[int, tuple[int, Path]] = field(default_factory=dict)
    fresh: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class StripsState(QObject):
    """Owns the strips of the film that is open; nothing here waits.

    Signals:
        waveform_changed: `loudness` is another one.
        thumbnail_made(int, object): an instant of the grid, microseconds, and its Still, which
            says its true time. It is in `thumbnails` as well.
        notice(str): a sentence, once a film, where something could not be made or kept.
    """

    waveform_changed = Signal()
    thumbnail_made = Signal(object, object)
    notice = Signal(str)

    def __init__(self, tasks: Tasks, rules: Callable[[], ProxyRules]) -> None:
        """rules: where proxies are kept and how much there may be; asked as a film is opened."""
        super().__init__()
        self._tasks = tasks
        self._rules = rules
        self._open: _Open | None = None
        self._running: tuple[asyncio.Task[None], ...] = ()
        self._thumbnails: OrderedDict[int, Still] = OrderedDict()
        self._held = False

    @property
    def loudness(self) -> Loudness | None:
        """What is known of it; None for a film without sound, and while none is open."""
        return self._open.loudness if self._open else None

    @property
    def thumbnails(self) -> Mapping[int, Still]:
        """Those in memory, by instant of the grid (`core.thumbnail_grid`), microseconds."""
        return MappingProxyType(self._thumbnails)

    def set_film(
        self, video: Path | None, content_key: str = "", duration: int = 0,
        has_video: bool = False, has_audio: bool = False,
    ) -> None:  # fmt: skip
        """Take over a film, None for none; what was open is let go of, and its process ends."""
        for task in self._running:
            task.cancel()
        self._running, self._open = (), None
        self._thumbnails.clear()
        if video is not None and (has_video or has_audio):
            plan = strip_plan.StripPlan(video, content_key, duration, has_video, has_audio)
            opened = self._open = _Open(plan)
            if has_audio:
                opened.loudness = Loudness(duration)
            # It goes on at the next turn of the loop, so that what is in view may be said before.
            self._running = (
                self._tasks.spawn(self._build(opened)), self._tasks.spawn(self._show(opened)),
            )  # fmt: skip
        self.waveform_changed.emit()

    def close(self) -> None:
        """Let go of the film."""
        self.set_film(None)

    def want(self, start_us: float, end_us: float, us_per_px: float) -> None:
        """What is in view now; may be called at every frame."""
        opened = self._open
        if opened is None:
            return
        shown = strip_plan.Shown.at(start_us, end_us, us_per_px)
        if shown != opened.shown:
            opened.shown = shown
            self._order(opened)

    def hold(self, on: bool) -> None:
        """While something heavier goes on, only what is in view is made."""
        if on != self._held:
            self._held = on
            if self._open is not None:
                self._order(self._open)

    def _order(self, opened: _Open) -> None:
        """Tell the process what is missing, and the reader what is there."""
        shown = opened.shown
        if shown is None:
            return
        plan = opened.plan
        for t in self._thumbnails.keys() & plan.times(shown.start, shown.end, shown.step):
            self._thumbnails.move_to_end(t)
        opened.news.set()
        if opened.builder is not None:
            there = set(opened.loudness.chunks) if opened.loudness else set()
            there |= opened.failed
            there.update(map(plan.number_of, self._thumbnails))
            there.update(map(plan.number_of, opened.files))
            there.update(map(plan.number_of, opened.fresh))
            order = strip_plan.wanted(plan, shown, there, all_of_it=not self._held)
            opened.builder.order(order)

    async def _build(self, opened: _Open) -> None:
        """Look what is on disk, then have the rest made until the film is closed."""
        rules = self._rules()
        if rules.limit:
            opened.folder = rules.root / opened.plan.folder
            kept, sounds, room = await asyncio.to_thread(_found, rules, opened.folder)
            opened.files.update(kept.pictures)
            self.measured(opened, sounds)
            if not room:
                self.unkept(opened)
        told = _Told(self, opened)
        opened.builder = strip_builder.StripBuilder(opened.plan, opened.folder, told)
        self._order(opened)
        await opened.builder.build()
        self._say(opened, _FAILED)

    async def _show(self, opened: _Open) -> None:
        """Decode thumbnails that were made or lie on disk, those in view first."""
        while True:
            await opened.news.wait()
            opened.news.clear()
            while batch := self._next(opened):
                stills = await asyncio.to_thread(_decoded, batch)
                for t, still in stills.items():
                    opened.fresh.pop(t, None)
                    if still is None:
                        opened.files.pop(t, None)
                    else:
                        self._keep(t, still)
                        self.thumbnail_made.emit(t, still)
                if None in stills.values():
                    self._order(opened)

    def _next(self, opened: _Open) -> dict[int, tuple[int, bytes | Path]]:
        """Some that are to be decoded."""
        shown, plan = opened.shown, opened.plan
        if shown is None:
            return {}
        page = shown.end - shown.start
        inner = plan.times(shown.start, shown.end, shown.step)
        outer = plan.times(shown.start - page, shown.end + page, shown.step)
        times = [t for t in dict.fromkeys((*inner, *outer)) if t not in self._thumbnails]
        there: dict[int, tuple[int, bytes | Path]] = {**opened.files, **opened.fresh}
        return {t: there[t] for t in [t for t in times if t in there][:AT_ONCE]}

    def _keep(self, t: int, still: Still) -> None:
        self._thumbnails[t] = still
        while len(self._thumbnails) > MOST:
            self._thumbnails.popitem(last=False)

    def measured(self, opened: _Open, chunks: Mapping[int, LoudnessChunk]) -> None:
        """Chunks of its sound are known."""
        if opened.loudness is not None and chunks:
            opened.loudness = opened.loudness.with_chunks(chunks)
            self.waveform_changed.emit()

    def made(self, opened: _Open, number: int) -> None:
        """Something was made or cannot be: go on."""
        if opened.plan.picture_at(number) is not None:
            opened.news.set()
        self._order(opened)
        if len(opened.failed) == MOST_FAILED:
            self._say(opened, _FAILED)

    def unkept(self, opened: _Open) -> None:
        """Its folder cannot be written: what is made stays in memory."""
        opened.folder = None
        self._say(opened, _UNKEPT)

    def _say(self, opened: _Open, sentence: str) -> None:
        if sentence not in opened.said:
            opened.said.add(sentence)
            self.notice.emit(sentence)


class _Told:
    """What the process says of one film."""

    def __init__(self, state: StripsState, opened: _Open) -> None:
        self._state = state
        self._opened = opened

    def sound(self, number: int, chunk: LoudnessChunk) -> None:
        """A chunk was measured."""
        self._state.measured(self._opened, {number: chunk})
        self._state.made(self._opened, number)

    def picture(self, t: int, pts_us: int, jpeg: bytes) -> None:
        """A thumbnail was made."""
        opened = self._opened
        opened.fresh[t] = pts_us, jpeg
        if opened.folder is not None:
            path = strip_files.picture_path(opened.folder, t, pts_us, jpeg)
            opened.files[t] = pts_us, path
        self._state.made(opened, opened.plan.number_of(t))

    def failed(self, number: int) -> None:
        """It is not asked for again."""
        self._opened.failed.add(number)
        self._state.made(self._opened, number)

    def unkept(self) -> None:
        """The disk does not take it."""
        self._state.unkept(self._opened)


def _found(
    rules: ProxyRules, folder: Path
) -> tuple[strip_files.Kept, dict[int, LoudnessChunk], bool]:
    """In a thread: what lies there, and whether there is room for more."""
    cache = proxy_cache.ProxyCache(rules.root)
    kept = strip_files.kept(folder)
    if kept.sounds or kept.pictures:
        cache.touch(folder)
    room = cache.room(rules.limit + BESIDE, 0, folder) >= 0
    return kept, strip_files.read_sounds(kept.sounds), room


def _decoded(batch: dict[int, tuple[int, bytes | Path]]) -> dict[int, Still | None]:
    """In a thread."""
    return {
        t: strip_files.still_of(data, pts_us)
        if isinstance(data, bytes)
        else strip_files.read_still(data, pts_us)
        for t, (pts_us, data) in batch.items()
    }
