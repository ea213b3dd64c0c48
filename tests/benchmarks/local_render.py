"""How long rendering a short takes, beside plain ffmpeg that crops, scales and encodes.

`ours` is `render_short` with a crop that moves all the time and captions on. `plain` is one ffmpeg
that crops along the same path, without captions, the same span with the same encoders, settings,
threads and niceness: `ratio_ffmpeg` is against it. `still` is the same with a crop that does not
move: where the film itself hardly moves, the encoder then has next to nothing to do, so that
`ratio_still` tells more of the film than of the program. They take turns, so that other work on
the machine meets all.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from app.core.reframe import WHOLE, Framed, Shot, Track
from app.core.timerange import SECOND, TimeRange
from app.interchange.burned_captions import SpokenWord, burned_captions
from app.media.export import X264
from app.media.probe import Probe, probe
from app.media.short import Short, render_short, threads
from tests.benchmarks.report import report, summary, timed

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "sample.mp4"

LIMIT = 1.3
"""Times plain ffmpeg's duration that a render may take (issue 3)."""


PATH = "(iw-ow)*(0.3+0.05*abs(mod(t*2,8)-4))"
"""To the right and back again, over a fifth of the room in two seconds."""


def generated(path: Path, seconds: int) -> Path:
    """A moving 1080p picture at 30 frames a second, with a tone."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi"]
    command += ["-i", f"testsrc2=s=1920x1080:r=30:d={seconds},noise=alls=4:allf=t"]
    command += ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}"]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-g", "60", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, "-c:a", "aac", str(path)], check=True)
    return path


def moving(found: Probe, span: TimeRange) -> Short:
    """The span along `PATH` with a point every half second, a word every 0.3 s."""
    assert found.video is not None
    width = found.video.height * 9 / 16 / found.video.width
    times = range(span.start, span.end + SECOND // 2, SECOND // 2)
    lefts = (0.3 + 0.05 * abs(k % 8 - 4) for k in range(len(times)))
    points = tuple((t, (1 - width) * left, 0.0) for t, left in zip(times, lefts, strict=True))
    framed = Framed((Shot(span, (Track(WHOLE, width, 1.0, points),)),))
    words = [
        SpokenWord(f"word{t % 977}", t, t + 250_000) for t in range(span.start, span.end, 300_000)
    ]
    return Short((span,), framed, burned_captions(words, (span,), right_to_left=False))


def plain(source: Path, found: Probe, span: TimeRange, out: Path, left: str) -> None:
    """What anyone would type, with the threads and the niceness of ours."""
    assert found.video is not None
    width = round(found.video.height * 9 / 32) * 2
    nice = ["nice", "-n", "5"] if shutil.which("nice") else []
    few = ["-threads", str(threads())]
    command = [*nice, "ffmpeg", "-v", "error", "-nostdin", "-y", *few]
    command += ["-ss", str(span.start / SECOND), "-t", str(span.duration / SECOND)]
    command += ["-i", str(source), "-filter_threads", str(threads())]
    crop = f"crop={width}:{found.video.height}:x='{left}':y=0"
    command += ["-vf", f"{crop},scale=1080:1920", *X264, *few]
    command += ["-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", str(out)]
    subprocess.run(command, check=True)


def measure(source: Path, name: str, span: TimeRange, times: int) -> dict[str, object]:
    """One case: the same span by both, in turns."""
    found = probe(source)
    span = TimeRange(span.start, min(span.end, found.duration))
    short = moving(found, span)
    ours: list[float] = []
    plains: list[float] = []
    stills: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.mp4"
        for _ in range(times):
            plains += timed(lambda: plain(source, found, span, out, PATH), 1)
            stills += timed(lambda: plain(source, found, span, out, "(iw-ow)/2"), 1)
            render = render_short(source, found, short, out, lambda *_: None)
            ours += timed(lambda r=render: asyncio.run(r), 1)  # type: ignore[misc]
    return {
        "source": name,
        "seconds": span.duration / SECOND,
        "threads": threads(),
        **{f"ours_{key}": value for key, value in summary(ours).items()},
        **{f"plain_{key}": value for key, value in summary(plains).items()},
        **{f"still_{key}": value for key, value in summary(stills).items()},
        "ratio": round(statistics.median(ours) / statistics.median(plains), 3),
        "ratio_still": round(statistics.median(ours) / statistics.median(stills), 3),
    }


def main() -> None:
    """Print the line; --quick measures shorter spans less often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    times, seconds = (3, 5) if quick else (5, 20)
    span = TimeRange(SECOND, (seconds + 1) * SECOND)
    with tempfile.TemporaryDirectory() as folder:
        clip = generated(Path(folder) / "clip.mp4", seconds + 2)
        cases = [measure(clip, "1080p30", span, times), measure(SAMPLE, "sample", span, times)]
    ratios = {str(c["source"]): float(str(c["ratio"])) for c in cases}
    report(
        "local_render",
        cases,
        {
            "ratio_ffmpeg": max(ratios.values()),
            **{f"ratio_{name}": ratio for name, ratio in ratios.items()},
            "ratio_still": max(float(str(c["ratio_still"])) for c in cases),
            "limit": LIMIT,
        },
    )


if __name__ == "__main__":
    main()
