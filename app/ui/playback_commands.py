"""What the Playback menu and the jog keys do to the player."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.timerange import SECOND, TimeRange
from app.state.playback_state import PlaybackState
from app.state.review_state import ReviewState
from app.ui.edit_commands import EditCommands

RATES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
"""The speeds that Slower and Faster step through."""

AROUND = 2 * SECOND
"""Play Around Edit begins and ends so far from the edit."""


class PlaybackCommands:
    """Playing, jumping and stepping; `edits` says which span is chosen."""

    def __init__(self, review: ReviewState, playback: PlaybackState, edits: EditCommands) -> None:
        self._review = review
        self._playback = playback
        self._edits = edits
        self.volume = 100
        self.volume_changed: Callable[[int], object] = lambda _percent: None

    def table(self) -> dict[str, Callable[[], None]]:
        """Action id -> what it calls."""
        jump = self._jump
        return {
            "play": self._playback.toggle,
            "pause": self._playback.pause,
            "next_frame": lambda: self._playback.step(1),
            "previous_frame": lambda: self._playback.step(-1),
            "slower": lambda: self._rate(-1),
            "faster": self._faster,
            "normal_speed": lambda: self._playback.set_rate(1.0),
            "slower_or_back": self._slower_or_back,
            "next_edit": lambda: self._to(self._edges(), 1),
            "previous_edit": lambda: self._to(self._edges(), -1),
            "next_scene": lambda: self._to(self._scenes(), 1),
            "previous_scene": lambda: self._to(self._scenes(), -1),
            "back_1": lambda: jump(-1),
            "on_1": lambda: jump(1),
            "back_5": lambda: jump(-5),
            "on_5": lambda: jump(5),
            "back_30": lambda: jump(-30),
            "on_30": lambda: jump(30),
            "go_to_start": self._to_start,
            "go_to_end": lambda: self._playback.seek(self._last()),
            "louder": lambda: self.set_volume(self.volume + 10),
            "quieter": lambda: self.set_volume(self.volume - 10),
            "play_around": self._play_around,
            "play_removed": self._play_removed,
            "play_kept": self._play_kept,
        }

    def set_volume(self, percent: int) -> None:
        """Loudness, clamped to 0 to 100."""
        self.volume = min(100, max(0, percent))
        self._playback.set_volume(self.volume)
        self.volume_changed(self.volume)

    def play_range_of(self, proposal: str, around: bool) -> None:
        """Play one proposal's removed take, or what comes before and after it."""
        self._edits.choose(proposal)
        self._play_around() if around else self._play_removed()

    def play_kept_of(self, proposal: str) -> None:
        """Play where one proposal's words are said again."""
        self._edits.choose(proposal)
        self._play_kept()

    @property
    def _duration(self) -> int:
        review = self._review.review
        return review.evidence.footage.duration if review else 0

    def _to_start(self) -> None:
        """The film's first frame; in a preview the first that is kept, for that is its start."""
        cut = self._review.cut
        kept = cut.keep[0].start if cut and cut.keep and self._playback.preview else 0
        self._playback.seek(kept)

    def _last(self) -> int:
        review = self._review.review
        times = review.evidence.footage.frame_times if review else ()
        return times[-1] if times else self._duration

    def _jump(self, seconds: int) -> None:
        at = self._playback.position + seconds * SECOND
        self._playback.seek(min(self._last(), max(0, at)))

    def _rate(self, direction: int) -> None:
        nearest = min(range(len(RATES)), key=lambda i: abs(RATES[i] - self._playback.rate))
        at = min(len(RATES) - 1, max(0, nearest + direction))
        self._playback.set_rate(RATES[at])

    def _faster(self) -> None:
        if self._playback.playing:
            self._rate(1)
        else:
            self._playback.toggle()

    def _slower_or_back(self) -> None:
        if self._playback.rate == 1.0:
            self._jump(-2)
        else:
            self._rate(-1)

    def _edges(self) -> Sequence[int]:
        cut = self._review.cut
        return [t for r in cut.removed for t in (r.range.start, r.range.end)] if cut else []

    def _scenes(self) -> Sequence[int]:
        review = self._review.review
        return (0, *review.evidence.cuts) if review else ()

    def _to(self, places: Sequence[int], direction: int) -> None:
        here = self._playback.position
        if direction > 0:
            ahead = [t for t in places if t > here]
            if ahead:
                self._playback.seek(min(self._last(), ahead[0]))
        else:
            behind = [t for t in places if t < here]
            if behind:
                self._playback.seek(behind[-1])

    def _chosen(self, near: int) -> TimeRange | None:
        """The chosen span, else the edit that is nearest to that time."""
        if span := self._edits.span:
            return span[1]
        cut = self._review.cut
        if not cut or not cut.removed:
            return None
        return min((r.range for r in cut.removed), key=lambda r: abs(r.midpoint - near))

    def _play_around(self) -> None:
        self._play(self._around, through_removed=False)

    def _play_removed(self) -> None:
        self._play(lambda span: span, through_removed=True)

    def _around(self, span: TimeRange) -> TimeRange:
        return TimeRange(max(0, span.start - AROUND), min(self._duration, span.end + AROUND))

    def _play(self, stretch: Callable[[TimeRange], TimeRange], *, through_removed: bool) -> None:
        """Play a stretch of one edit; looped it follows that edit's edges as they are moved."""
        first = self._chosen(self._playback.position)
        if first is None:
            return

        def again() -> tuple[TimeRange, bool] | None:
            now = self._chosen(first.midpoint)
            return (stretch(now), through_removed) if now and now.overlaps(first) else None

        self._playback.play_range(stretch(first), through_removed, again)

    def _play_kept(self) -> None:
        current = self._edits.current
        if current and current.again:
            self._playback.play_range(current.again, through_removed=False)
