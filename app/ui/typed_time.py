"""A place in the film as a person types it: a time, a timecode, a frame's number, so far from here.

Without Qt. The timecode is the one the transport shows (`text.timecode`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.late import late
from app.core.timerange import SECOND
from app.ui.text import clock

if TYPE_CHECKING:
    from app.media import frame_index
else:
    frame_index = late("app.media.frame_index")

HINT = (
    "A time (83.5, 1:23.5, 0:01:23.5), a timecode with frames (00:01:23:12), a frame (#2087 or "
    "2087 f, the first is #0), or so far from here (+5, -2.5, +12 f)."
)

_FRAME = re.compile(r"(?:#|f|frame )\s*(\d+)|(\d+)\s*(?:f|frames?)")
_SECONDS = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_MOST = 1_000_000
"""No part of a time is larger."""


class NotAPlace(ValueError):  # noqa: N818 - it names what was typed
    """What was typed is no place in this film; its text is a sentence for the person."""


@dataclass(frozen=True)
class Ground:
    """The film in which a place is sought, and where the playhead stands, in microseconds.

    frame_times: pts of every frame, ascending; empty for sound alone. fps: the nominal frame rate.
    """

    duration: int
    frame_times: Sequence[int] = field(repr=False)
    fps: Fraction | None = None
    here: int = 0


def place(typed: str, ground: Ground) -> int:
    """The pts of the frame meant (without frames: the instant); NotAPlace with a sentence."""
    text = typed.strip().lower().replace(",", ".").replace("\u2212", "-")
    if text[:1] in ("+", "-"):
        return _from_here(text[1:].strip(), 1 if text[0] == "+" else -1, typed, ground)
    if frame := _FRAME.fullmatch(text):
        return _numbered(int(frame[1] or frame[2]), ground)
    parts = re.split("[:;]", text)
    if len(parts) == 4:
        return _timecode(parts, typed, ground)
    t = parse_time(text)
    if t is None:
        raise NotAPlace(f"“{typed.strip()}” is neither a time nor a frame, so nothing moved.")
    if t > ground.duration:
        raise NotAPlace(f"The film ends at {clock(ground.duration)}, so nothing moved.")
    return _frame_near(t, ground)


def parse_time(typed: str) -> int | None:
    """Microseconds of "83.5", "1:23.5", "1:02:03"; None where it is no time."""
    parts = typed.strip().replace(",", ".").split(":")
    *whole, seconds = parts
    if len(whole) > 2 or not _SECONDS.fullmatch(seconds, endpos=20):
        return None
    if not all(part.isdecimal() and len(part) < 8 for part in whole):
        return None
    numbers = [*(Fraction(part) for part in whole), Fraction(seconds)]
    total = Fraction(0)
    for n, number in enumerate(numbers):
        # 1:75 is a slip of the finger; 75 alone, or 75:00, is not.
        if number > _MOST or (n and number >= 60):
            return None
        total = total * 60 + number
    return round(total * SECOND)


def _from_here(text: str, sign: int, typed: str, ground: Ground) -> int:
    """So many frames or so much time on or back, held at the ends of the film."""
    times = ground.frame_times
    if frame := _FRAME.fullmatch(text):
        _needs_frames(ground)
        index = frame_index.frame_at(times, ground.here) + sign * int(frame[1] or frame[2])
        return times[max(0, min(len(times) - 1, index))]
    t = parse_time(text)
    if t is None:
        raise NotAPlace(f"“{typed.strip()}” is no length of time, so nothing moved.")
    return _frame_near(max(0, min(ground.duration, ground.here + sign * t)), ground)


def _numbered(number: int, ground: Ground) -> int:
    _needs_frames(ground)
    last = len(ground.frame_times) - 1
    if number > last:
        raise NotAPlace(f"The film's last frame is #{last}, so nothing moved.")
    return ground.frame_times[number]


def _timecode(parts: list[str], typed: str, ground: Ground) -> int:
    """HH:MM:SS:FF: the frame that the transport shows with this timecode, or the next one."""
    _needs_frames(ground)
    fps = ground.fps
    head = parse_time(":".join(parts[:3])) if "." not in "".join(parts) else None
    if head is None or fps is None or not (parts[3].isdecimal() and len(parts[3]) < 8):
        raise NotAPlace(f"“{typed.strip()}” is no timecode, so nothing moved.")
    if int(parts[3]) >= fps:
        many = -(-fps.numerator // fps.denominator)
        raise NotAPlace(f"A second of this film has {many} frames, 0 to {many - 1}.")
    # A frame's pts is often a microsecond early (rounded).
    t = head + int(int(parts[3]) * SECOND / fps) - 1
    times = ground.frame_times
    index = bisect_left(times, t)
    if index == len(times):
        if t > ground.duration:
            raise NotAPlace(f"The film ends at {clock(ground.duration)}, so nothing moved.")
        index -= 1
    return times[index]


def _needs_frames(ground: Ground) -> None:
    if not ground.frame_times:
        raise NotAPlace("There is no picture here, so there are no frames to go to.")


def _frame_near(t: int, ground: Ground) -> int:
    times = ground.frame_times
    return times[frame_index.nearest_frame(times, t)] if times else t
