"""How fast a preview proxy is built in the background, what it takes, and how quick its stills are.

The builder is the program's own, process and priority included. `cpu_per_film` is the processor
time for a second of film, which other work on the machine hardly changes; the speed it does.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import tempfile
import time
from pathlib import Path

from app.core.timerange import SECOND
from app.media.content_key import content_key
from app.media.frame_index import frame_times
from app.media.probe import probe
from app.media.proxy import Proxy
from app.media.proxy_builder import ProxyBuilder
from app.media.proxy_cache import ProxyCache
from app.media.proxy_plan import ProxyPlan
from tests.benchmarks.local_render import generated
from tests.benchmarks.report import report


def plan_of(film: Path) -> ProxyPlan:
    """What the proxy of a film with a picture is to be."""
    found = probe(film)
    assert found.video is not None
    shown = found.video.width, found.video.height
    return ProxyPlan(
        content_key(film), frame_times(film), found.duration, shown, found.audio is not None
    )


def build(film: Path, root: Path) -> tuple[Proxy, dict[str, float]]:
    """The whole proxy, and what it took."""
    proxy = Proxy(plan_of(film), root)
    builder = ProxyBuilder(film, proxy, ProxyCache(root), lambda: 1 << 50, lambda: None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    asyncio.run(builder.build(lambda _stage, _fraction: None))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    done = builder.progress
    return proxy, {
        "speed": round(done.speed, 2),
        "gb_per_hour": round(done.bytes_per_hour / 1e9, 2),
        "cpu_per_film": round(used * SECOND / done.film, 3),
    }


def stills(proxy: Proxy, times: int) -> dict[str, float]:
    """Milliseconds of random stills."""
    dice, took = random.Random(1), []
    for _ in range(times):
        t = dice.randrange(proxy.plan.duration)
        begun = time.perf_counter()
        assert proxy.still(t) is not None
        took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return {
        "still_p50_ms": round(took[len(took) // 2], 2),
        "still_p95_ms": round(took[len(took) * 95 // 100], 2),
    }


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--film", type=Path, help="instead of the generated one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seconds = 20 if given.quick else 60
        film = given.film or generated(Path(folder) / "film.mp4", seconds)
        proxy, figures = build(film, Path(folder) / "proxies")
        figures |= stills(proxy, 100 if given.quick else 400)
        case = {
            "film": "given" if given.film else "generated",
            "seconds": proxy.plan.duration // SECOND,
        }
        proxy.close()
    report("proxy_build", [case], figures, ("av",))


if __name__ == "__main__":
    main()
