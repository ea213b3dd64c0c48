"""From asking for a frame to that frame on the screen, its number read from the screen's pixels.

`seek`: `Stage.seek` while paused, to random frames. `proxy`: the same with a proxy, until its
picture of that very frame is there. `steps`: random steps on and back, each of which must end on
the right frame. `scrub`: a drag over a third of the film with 30 seeks a second. `playing`: a seek
while it plays, until the first moving frame at or just after the place.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.proxy import Proxy
from app.media.proxy_make import ChunkMaker
from app.media.proxy_plan import ProxyPlan
from tests.benchmarks.coded import CASES, QUICK, Case, made
from tests.benchmarks.composed import Seen, Window, own_window
from tests.benchmarks.report import report

PATIENCE = 6.0
"""Seconds after which a frame counts as not shown."""
STEPS = 200
SCRUB_S = 4.0
A_SECOND = 30
"""Seeks a second while dragging."""
JUST_AFTER = 3
"""A moving frame so many frames after the place is still the first one there."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="three cases, fewer places")
    parser.add_argument("--only", default="", help="the beginning of the names of cases to run")
    options = parser.parse_args()
    cases = [c for c in (QUICK if options.quick else CASES) if c.name.startswith(options.only)]
    with tempfile.TemporaryDirectory(prefix="keeptake-seek-") as folder, own_window() as window:
        found = [
            measure(window, case, Path(folder), places=25 if options.quick else 60)
            for case in cases
        ]
    report("seek", found, figures_of(found), ("pyside6-essentials", "av", "python-vlc"))


def measure(window: Window, case: Case, folder: Path, *, places: int) -> dict[str, Any]:
    """One film, first as it is, then with a proxy."""
    path = made(case).path
    chance = random.Random(7)
    window.open(path)
    result: dict[str, Any] = {
        "case": case.name,
        "gop": case.gop,
        "seek": summed(seek(window, chance, places)),
        "steps": steps(window, chance),
        "scrub": scrub(window),
        "scrub_back": scrub(window, back=True),
        "playing": play(window, chance, places // 5),
    }
    proxy = built(path, folder / str(len(list(folder.iterdir()))))
    try:
        window.stage.set_proxy(proxy)
        window.settle(0.2)
        result["proxy"] = summed(seek(window, chance, places))
        result["proxy_steps"] = steps(window, chance)
        result["proxy_scrub"] = scrub(window)
        result["proxy_scrub_back"] = scrub(window, back=True)
    finally:
        window.stage.set_proxy(None)
        window.settle(0.2)
        proxy.close()
    return result | {"failures": window.failures.copy()}


def built(path: Path, root: Path) -> Proxy:
    """The whole proxy of a film."""
    probed = probe(path)
    assert probed.video is not None
    shown = probed.video.width, probed.video.height
    plan = ProxyPlan(
        "film", frame_times(path), probed.duration, shown, probed.audio is not None
    )  # fmt: skip
    maker = ChunkMaker(path, plan, root / plan.folder)
    try:
        for chunk in plan.chunks:
            maker.make(chunk)
    finally:
        maker.close()
    return Proxy(plan, root)


def seek(window: Window, chance: random.Random, places: int) -> list[float]:
    """Milliseconds until each random frame is on the screen; PATIENCE where it never came."""
    out = []
    for _ in range(places):
        out.append(arrived(window, chance.randrange(len(window.times))))
        window.settle(0.15)
    return out


def arrived(window: Window, frame: int) -> float:
    """Milliseconds from the call to the frame on the screen."""
    began = time.perf_counter()
    window.stage.seek(window.times[frame])
    return until_seen(window, frame, began)


def until_seen(window: Window, frame: int, began: float) -> float:
    """The same from `began` on; the server may lag behind a paint, so it is asked again."""
    seen: list[Seen] = []

    def there() -> bool:
        if window.painted_pts == window.times[frame]:
            seen[:] = [window.look()]
        return bool(seen) and seen[0].film == frame

    return (seen[0].at - began) * 1000 if window.until(there, PATIENCE) else PATIENCE * 1000


def steps(window: Window, chance: random.Random) -> dict[str, Any]:
    """Steps on, then as many back; mostly single frames."""
    most = len(window.times) - 1
    at = chance.randrange(most // 4, most // 3)
    arrived(window, at)
    found: dict[str, Any] = {"wrong": 0}
    for way, name in ((1, "on"), (-1, "back")):
        taken = []
        for _ in range(STEPS):
            by = way * chance.choice((1, 1, 1, 2, 3))
            at = max(0, min(at + by, most))
            began = time.perf_counter()
            window.stage.step(by)
            taken.append(until_seen(window, at, began))
            found["wrong"] += window.look().film != at
        found[name] = summed(taken)
    return found


def scrub(window: Window, *, back: bool = False) -> dict[str, Any]:
    """A drag at an even pace: which of the asked frames were seen, and how long nothing new was."""
    most = len(window.times) - 1
    first, last = most // 4, most // 4 + most // 3
    if back:
        first, last = last, first
    arrived(window, first)
    window.seen.clear()
    asked: dict[int, float] = {}
    began = time.perf_counter()
    count = round(SCRUB_S * A_SECOND)
    for n in range(count):
        frame = first + round((last - first) * n / count)
        asked[frame] = time.perf_counter()
        window.stage.seek(window.times[frame])
        window.settle(max(0.0, began + (n + 1) / A_SECOND - time.perf_counter()))
    over = time.perf_counter()
    came = [s for s in window.seen if s.film in asked]
    new = [s for n, s in enumerate(came) if not n or came[n - 1].film != s.film]
    strange = sum(s.film not in asked for s in window.seen if s.film != first)
    marks = [began, *(s.at for s in new), over]
    end = until_seen(window, frame, asked[frame]) if not new or new[-1].film != frame else 0.0
    return {
        "a_second": round(len(new) / (over - began), 1),
        "longest_wait_ms": round(1000 * max(b - a for a, b in pairwise(marks)), 1),
        "behind_ms": summed([(s.at - asked[s.film]) * 1000 for s in new]) if new else None,
        "end_ms": round(end, 1),
        "not_asked_for": strange,
    }


def play(window: Window, chance: random.Random, places: int) -> dict[str, Any]:
    """A seek while it plays: until the exact picture, and until the first moving one."""
    window.stage.play()
    window.settle(1.0)
    still, moving, wrong = [], [], 0
    for _ in range(places):
        frame = chance.randrange(len(window.times) * 3 // 4)
        there = range(frame, frame + JUST_AFTER + 1)
        window.seen.clear()
        began = time.perf_counter()
        window.stage.seek(window.times[frame])
        window.until(
            lambda: any(s.moving and s.film in there for s in window.seen), PATIENCE  # noqa: B023
        )  # fmt: skip
        since = [(s, (s.at - began) * 1000) for s in window.seen]
        still.append(next((ms for s, ms in since if s.film in there), PATIENCE * 1000))
        moving.append(
            next((ms for s, ms in since if s.moving and s.film in there), PATIENCE * 1000)
        )
        arrival = next((n for n, (s, _) in enumerate(since) if s.film in there), 0)
        wrong += sum(s.film < frame for s, _ in since[arrival:])
        window.settle(0.6)
    window.stage.pause()
    window.settle(0.3)
    return {"first": summed(still), "moving": summed(moving), "earlier_seen_after": wrong}


def summed(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median, nearest-rank p95 and most."""
    ordered = sorted(milliseconds)
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[max(0, -(-95 * len(ordered) // 100) - 1)], 1),
        "max_ms": round(ordered[-1], 1),
    }


def figures_of(cases: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Of the first case, 1080p with GOP 250, and over all of them."""
    first = cases[0]
    return {
        "exact_p50_ms": first["seek"]["p50_ms"],
        "exact_p95_ms": first["seek"]["p95_ms"],
        "proxy_exact_p50_ms": first["proxy"]["p50_ms"],
        "proxy_exact_p95_ms": first["proxy"]["p95_ms"],
        "exact_p95_worst_ms": max(c["seek"]["p95_ms"] for c in cases),
        "proxy_exact_p95_worst_ms": max(c["proxy"]["p95_ms"] for c in cases),
        "steps_wrong": sum(c["steps"]["wrong"] + c["proxy_steps"]["wrong"] for c in cases),
        "scrub_a_second": first["scrub"]["a_second"],
        "scrub_back_a_second": first["scrub_back"]["a_second"],
        "proxy_scrub_a_second": first["proxy_scrub"]["a_second"],
        "proxy_scrub_back_a_second": first["proxy_scrub_back"]["a_second"],
        "playing_moving_p50_ms": first["playing"]["moving"]["p50_ms"],
    }


if __name__ == "__main__":
    main()
