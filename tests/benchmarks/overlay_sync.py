"""Is the box on the screen that of the picture on the screen? Both say their number in pixels.

Every frame of a coded film has an observation of its own, whose boxes spell the frame's number. The
application's own widget paints them over what the player shows, in a real window. After every paint
the window is read back from the X server, and the film's number is compared with the boxes'.
Paused means: sought, stepped, and paused out of playing. The control puts every box one frame off.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tests.benchmarks.box_code import coded_faces
from tests.benchmarks.coded import CASES, QUICK, Case, made
from tests.benchmarks.composed import Seen, Window, own_window
from tests.benchmarks.report import report

PATIENCE = 4.0
"""Seconds in which the picture that was asked for must be there."""
RATES = (0.5, 2.0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="three cases, shorter")
    parser.add_argument("--only", default="", help="the beginning of the names of cases to run")
    options = parser.parse_args()
    cases = [c for c in CASES if c.name.startswith(options.only)]
    if options.quick and not options.only:
        cases = list(QUICK)
    with own_window() as window:
        found = [measure(window, case, quick=options.quick) for case in cases]
    report("overlay_sync", found, figures_of(found), ("pyside6-essentials", "av", "python-vlc"))


def measure(window: Window, case: Case, *, quick: bool) -> dict[str, Any]:
    """One film: standing, playing at three speeds, sought while playing, and the control."""
    window.open(made(case).path)
    window.show_faces(coded_faces(window.times))
    chance = random.Random(4)
    paused = [
        *stand(window, chance, 12 if quick else 40),
        *step(window, chance, 10 if quick else 40),
        *pause(window, chance, 3 if quick else 10),
    ]
    seconds = 5.0 if quick else 12.0
    result: dict[str, Any] = {
        "case": case.name,
        "paused": told(paused),
        "playing": told(play(window, chance, seconds)),
        "sought_while_playing": told(seek_playing(window, chance, 3 if quick else 10)),
    }
    for rate in RATES:
        window.stage.set_rate(rate)
        result[f"at_{rate:g}x"] = told(play(window, chance, seconds / 2))
        window.stage.set_rate(1.0)
    window.show_faces(coded_faces(window.times, off_by=1))
    off = [*stand(window, chance, 4), *play(window, chance, 2.0)]
    result["control"] = told(off)
    return result | {"failures": window.failures.copy()}


def stand(window: Window, chance: random.Random, times: int) -> list[Seen]:
    """Everything seen while going to random frames; the asked one must come."""
    out: list[Seen] = []
    for _ in range(times):
        out += arrive(window, chance.randrange(len(window.times)))
    return out


def arrive(window: Window, frame: int) -> list[Seen]:
    """Seek, paused, until the film's number is on the screen; the rest of what was seen as well."""
    window.seen.clear()
    window.stage.seek(window.times[frame])
    there = window.until(lambda: window.look().film == frame, PATIENCE)
    window.settle(0.05)
    last = window.look()
    return [*window.seen[1:], last if there else last._replace(boxes=-1)]


def step(window: Window, chance: random.Random, times: int) -> list[Seen]:
    """Single steps, forward and back."""
    at = chance.randrange(len(window.times) // 4, len(window.times) // 2)
    out = arrive(window, at)
    for _ in range(times):
        by = chance.choice((-2, -1, 1, 1, 2))
        at = max(0, min(at + by, len(window.times) - 1))
        window.stage.step(by)
        there = window.until(lambda: window.look().film == at, PATIENCE)  # noqa: B023
        last = window.look()
        out.append(last if there else last._replace(boxes=-1))
    return out


def pause(window: Window, chance: random.Random, times: int) -> list[Seen]:
    """What stands after playing was paused."""
    out = []
    for _ in range(times):
        window.stage.seek(window.times[chance.randrange(len(window.times) // 2)])
        window.stage.play()
        window.settle(0.6 + chance.random() / 2)
        window.stage.pause()
        window.settle(0.8)
        out.append(window.look())
    return out


def play(window: Window, chance: random.Random, seconds: float) -> list[Seen]:
    """Every composed picture of a stretch, once the film runs."""
    window.stage.pause()
    window.stage.seek(window.times[chance.randrange(len(window.times) // 4)])
    window.settle(0.4)
    window.stage.play()
    window.until(lambda: bool(window.seen) and window.seen[-1].moving, PATIENCE)
    window.seen.clear()
    window.settle(seconds)
    out = window.seen.copy()
    window.stage.pause()
    window.settle(0.3)
    return out


def seek_playing(window: Window, chance: random.Random, times: int) -> list[Seen]:
    """Every composed picture while the person jumps about in the running film."""
    window.stage.play()
    window.settle(0.5)
    window.seen.clear()
    for _ in range(times):
        window.stage.seek(window.times[chance.randrange(len(window.times) // 2)])
        window.settle(1.2)
    out = window.seen.copy()
    window.stage.pause()
    window.settle(0.3)
    return out


def told(seen: Sequence[Seen]) -> dict[str, Any]:
    """Composed pictures, those whose numbers agree, and by how much the others do not."""
    pictures = [pair for pair, _ in groupby((s.film, s.boxes) for s in seen)]
    readable = [boxes - film for film, boxes in pictures if film >= 0 and boxes >= 0]
    off = Counter(readable)
    return {
        "pictures": len(pictures),
        "exact": off[0],
        "unread": len(pictures) - len(readable),
        "off_by": {str(frames): off[frames] for frames in sorted(off) if frames},
        "median_off": statistics.median_low([abs(n) for n in readable]) if readable else -1,
    }


def figures_of(cases: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The issue's figures over all cases; playing is at the film's own speed, seeks included."""
    playing = [case[part] for case in cases for part in ("playing", "sought_while_playing")]
    return {
        "paused_exact_pct": percent([case["paused"] for case in cases]),
        "playing_exact_pct": percent(playing),
        "playing_max_frames": most(playing),
        "control_frames": min(case["control"]["median_off"] for case in cases),
        "control_others": sum(
            case["control"]["pictures"] - case["control"]["off_by"].get("1", 0) for case in cases
        ),
        **{
            f"at_{rate:g}x_exact_pct": percent([case[f"at_{rate:g}x"] for case in cases])
            for rate in RATES
        },
        **{f"at_{r:g}x_max_frames": most([c[f"at_{r:g}x"] for c in cases]) for r in RATES},
        "pictures": sum(part["pictures"] for part in playing),
        "unread": sum(part["unread"] for part in playing),
    }  # fmt: skip


def percent(parts: Sequence[dict[str, Any]]) -> float:
    """How many of the pictures are exact; what could not be read is not."""
    whole = sum(part["pictures"] for part in parts)
    return round(100 * sum(part["exact"] for part in parts) / max(1, whole), 2)


def most(parts: Sequence[dict[str, Any]]) -> int:
    """Frames that the worst picture is off by."""
    return max((abs(int(n)) for part in parts for n in part["off_by"]), default=0)


if __name__ == "__main__":
    main()
