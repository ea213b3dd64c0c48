"""Times, lengths and names as people read them; no Qt."""

from __future__ import annotations

from fractions import Fraction

from app.core.review import Review
from app.core.timerange import SECOND

_FSI, _PDI = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """The text between FSI and PDI, so that its direction does not disturb its neighbours."""
    return f"{_FSI}{text}{_PDI}"


def timecode(us: int, fps: Fraction | float | None) -> str:
    """HH:MM:SS:FF, non-drop; frames are counted within the second at the nominal rate.

    Without a frame rate (audio alone) the last field is hundredths: HH:MM:SS.cc.
    """
    us = max(0, us)
    seconds, rest = divmod(us, SECOND)
    hours, minutes = divmod(seconds, 3600)
    head = f"{hours:02}:{minutes // 60:02}:{minutes % 60:02}"
    if not fps or fps <= 0:
        return f"{head}.{rest // 10_000:02}"
    # A frame's pts is often a microsecond early (rounded): half a thousandth of a frame forgives.
    frame = int((rest + 1) * Fraction(fps) / SECOND)
    return f"{head}:{frame:02}"


def clock(us: int, decimals: int = 1) -> str:
    """M:SS.d or H:MM:SS.d to the nearest; without decimals rounded down, as clocks are read."""
    step = 10 ** (6 - decimals)
    rounded = max(0, us) + (step // 2 if decimals else 0)
    whole, rest = divmod(rounded // step, 10**decimals)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    head = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{head}.{rest:0{decimals}}" if decimals else head


def length(us: int) -> str:
    """A duration: "0.4 s", "6.2 s", "1:31", "1:02:03"."""
    if us < 60 * SECOND:
        tenths = (us + 50_000) // 100_000
        if tenths < 600:
            return f"{tenths // 10}.{tenths % 10} s"
    return clock(us + SECOND // 2, 0)


def span(start: int, end: int) -> str:
    """A range, for lists: "0:00.3 – 0:05.3"."""
    return f"{clock(start)} – {clock(end)}"


def speaker_name(review: Review, speaker: int | None) -> str:
    """The name a person gave this voice, else "Speaker 1" for speaker 0; "" where unknown."""
    if speaker is None:
        return ""
    return review.decisions.names.get(f"speaker {speaker}") or f"Speaker {speaker + 1}"


def counted(count: int, one: str, many: str = "") -> str:
    """ "1 cut", "3 cuts"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """A file's size for people: "412.0 MB", "1.20 GB"."""
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def in_sentence(name: str) -> str:
    """A service's name inside a sentence: "the local service"."""
    return name[0].lower() + name[1:] if name.startswith("The ") else name
