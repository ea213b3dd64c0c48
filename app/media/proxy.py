"""A film's proxy as it is used: edit lists that a player plays without a gap, and quick stills."""

from __future__ import annotations

import hashlib
import os
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from app.core.late import late
from app.core.timerange import Ranges, TimeRange
from app.media.proxy_plan import MILLISECOND, Chunk, Kind, ProxyPlan
from app.media.proxy_stills import ChunkStills
from app.media.stills import Still

if TYPE_CHECKING:
    import numpy as np
else:
    np = late("numpy")

LISTS = 4
"""Edit lists that stay on disk; a player reads its own as it opens it."""

LATE = 1_500_000
"""Microseconds by which a film's first picture may come after a span's beginning, which is then
left out: transport streams count from a clock that is up to so much early."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Part of an edit list, of one chunk. at: microseconds of edit time at which it begins.

    source: what of the film is shown, in microseconds to the millisecond; it begins on a frame.
    """

    at: int
    source: TimeRange


@dataclass(frozen=True)
class EditList:
    """A list over proxy chunks that FFmpeg's concat demuxer plays.

    path: the .ffconcat file, beside the chunks. duration: microseconds of edit time. frame_times:
    edit time in microseconds of each frame a player will show, ascending. source_times: the film's
    own time of each of them.
    """

    path: Path
    entries: tuple[Entry, ...]
    duration: int
    frame_times: array[int] = field(repr=False)
    source_times: array[int] = field(repr=False)

    def source_at(self, t: int) -> int:
        """The film's time at an instant of edit time."""
        index = max(0, bisect_right(self.entries, t, key=lambda e: e.at) - 1)
        entry = self.entries[index]
        return min(entry.source.start + t - entry.at, entry.source.end)


class Proxy:
    """What there is of one film's proxy; for any thread, and quick to ask."""

    def __init__(self, plan: ProxyPlan, root: Path) -> None:
        """root: the folder of all proxies. Looks what is there; raises nothing."""
        self.plan = plan
        self.folder = root / plan.folder
        self._lock = Lock()
        self._files: dict[Kind, dict[int, str]] = {"c": {}, "s": {}}
        self._stills = ChunkStills()
        self._listed: dict[Kind, frozenset[int]] = {"c": frozenset(), "s": frozenset()}
        self.look()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its pictures: as displayed, upright, square pixels."""
        return self.plan.size

    @property
    def built(self) -> frozenset[int]:
        """Numbers of the chunks there are, pictures and sound."""
        return frozenset(self._files["c"])

    @property
    def heard(self) -> frozenset[int]:
        """Numbers of the chunks whose sound is there alone."""
        return frozenset(self._files["s"])

    @property
    def bytes(self) -> int:
        """What the chunks with pictures take on disk."""
        return sum(map(_bytes, self._files["c"].values()))

    def listed(self, kind: Kind = "c") -> frozenset[int]:
        """Numbers of the chunks that the newest edit list of them plays."""
        return self._listed[kind]

    def look(self) -> None:
        """Look again which chunks are there, whole by their size."""
        kinds: tuple[Kind, ...] = ("c", "s")
        stems = {c.stem(kind): (kind, c.number) for c in self.plan.chunks for kind in kinds}
        found: dict[Kind, dict[int, str]] = {kind: {} for kind in kinds}
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    stem, _, size = entry.name.removesuffix(".mkv").rpartition("-")
                    if stem in stems and size == str(entry.stat().st_size):
                        kind, number = stems[stem]
                        found[kind][number] = entry.name
        except OSError:
            found = {kind: {} for kind in kinds}
        with self._lock:
            self._files = found

    def add(self, number: int, name: str) -> None:
        """A chunk was built."""
        kind: Kind = "s" if name.startswith("s") else "c"
        with self._lock:
            self._files = {**self._files, kind: {**self._files[kind], number: name}}

    def drop(self, number: int, kind: Kind = "c") -> int:
        """A chunk is damaged or not wanted any more: it is deleted; returns its bytes."""
        with self._lock:
            files = dict(self._files[kind])
            name = files.pop(number, None)
            self._files = {**self._files, kind: files}
        if name is None:
            return 0
        self._stills.forget(self.folder / name)
        _remove(self.folder / name)
        return _bytes(name)

    def close(self) -> None:
        """Let go of the files."""
        self._stills.close()

    def covers(self, span: TimeRange, kind: Kind = "c") -> bool:
        """Whether everything of `span` is built."""
        if span.duration and span.start < self.plan.times[0] - LATE:
            return False
        files = self._files[kind]
        return all(chunk.number in files for chunk in self.plan.chunks_in(span))

    def edit_list(self, spans: Ranges, kind: Kind = "c") -> EditList | None:
        """The list that plays `spans`; None where something of it is not built or cannot be kept.

        A frame is in a span in which its time lies; a span without any is left out. A list of the
        sound alone is as long in each of its parts as that of the pictures.
        """
        files = self._files[kind]
        parts = [part for span in spans for part in self._parts(span)]
        if not parts or not all(self.covers(span, kind) for span in spans):
            return None
        text, entries, at = ["ffconcat version 1.0"], [], 0
        times, sources = array("q"), array("q")
        plan, stamps = self.plan, np.asarray(self.plan.stamps)
        for chunk, first, last, end in parts:
            start = plan.stamps[first]
            if chunk.number not in files:
                return None
            text += [f"file {files[chunk.number]}", f"inpoint {_seconds(start)}"]
            text += [f"outpoint {_seconds(end)}"]
            source = TimeRange(plan.times[first], plan.times[first] + (end - start) * MILLISECOND)
            entries.append(Entry(at, source))
            times.frombytes((at + (stamps[first:last] - start) * MILLISECOND).tobytes())
            sources.extend(plan.times[first:last])
            at += (end - start) * MILLISECOND
        path = self._kept("\n".join(text) + "\n")
        if path is None:
            return None
        self._listed[kind] = frozenset(chunk.number for chunk, *_ in parts)
        return EditList(path, tuple(entries), at, times, sources)

    def still(self, t: int) -> Still | None:
        """The frame on screen at `t` microseconds, some milliseconds later; None if not built."""
        plan = self.plan
        frame = plan.frame_at(t)
        chunk = plan.chunk_at(frame)
        name = self._files["c"].get(chunk.number)
        if name is None:
            return None
        found = self._stills.at(self.folder / name, plan.stamps[frame], plan.times[frame])
        if found is None:
            self.drop(chunk.number)
        return found

    def _parts(self, span: TimeRange) -> Iterable[tuple[Chunk, int, int, int]]:
        """Chunk, first frame, the frame after the last, and the end in milliseconds."""
        plan = self.plan
        first, last = plan.frames_in(span)
        while first < last:
            chunk = plan.chunk_at(first)
            upto = min(last, chunk.last)
            end = chunk.end
            if upto == last:
                # The picture after the last begins no earlier, wherever its time was moved to.
                most = plan.stamps[last] if last < chunk.last else chunk.end
                exact = last < len(plan.times) and plan.times[last] == span.end
                wanted = (span.end + MILLISECOND // 2) // MILLISECOND
                end = most if exact else min(most, max(wanted, plan.stamps[last - 1] + 1))
            yield chunk, first, upto, end
            first = upto

    def _kept(self, text: str) -> Path | None:
        """The list in a file named by what is in it."""
        path = self.folder / f"e{hashlib.sha256(text.encode()).hexdigest()[:20]}.ffconcat"
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            if path.exists():
                os.utime(path)
                return path
            part.write_text(text, encoding="ascii", newline="\n")
            part.replace(path)
            lists = sorted(self.folder.glob("e*.ffconcat"), key=_age)
        except OSError:
            _remove(part)
            return None
        for old in lists[:-LISTS]:
            _remove(old)
        return path


def _bytes(name: str) -> int:
    return int(name.removesuffix(".mkv").rpartition("-")[2])


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03d}"


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # in use elsewhere: it is looked at again another time
