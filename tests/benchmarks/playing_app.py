"""The program with a film playing in the whole window, for others to measure; ends with its input.

python -m tests.benchmarks.playing_app FILM: prints a line as soon as the film has been playing for
a while with face boxes, a transcript and a picture of exactly 960 by 540.
"""

from __future__ import annotations

import asyncio
import math
import sys
import threading
from contextlib import AsyncExitStack
from pathlib import Path

from app import composition
from app.composition import Keeptake
from app.core.faces import Box, Faces
from app.core.scenes import Scenes
from app.core.timerange import SECOND
from app.core.transcript import Transcript, Word
from app.services.folders import folders
from tests.benchmarks import window_loop

VIEW = (960, 540)
WARM_S = 3.0


def main() -> None:
    application = composition.application_of(sys.argv[:1])
    window_loop.run(application, play(Path(sys.argv[1])))


async def play(film: Path) -> None:
    """Play until standard input ends."""
    async with AsyncExitStack() as stack:
        keeptake = await composition.build(stack, folders())
        keeptake.window.show()
        failures: list[object] = []
        keeptake.playback.failed.connect(failures.append)
        await keeptake.files.open(film)
        duration = evidence(keeptake)
        await size_picture(keeptake)
        name_threads()
        keeptake.playback.seek(0)
        keeptake.playback.stage.play()
        await asyncio.sleep(WARM_S)
        name_threads()
        assert keeptake.playback.playing, f"it does not play: {failures}"
        view = keeptake.window.panes.video
        sys.stdout.write(f"{view.width()}x{view.height()} of {duration} us\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


def evidence(keeptake: Keeptake) -> int:
    """What an analysis brings: two faces five times a second, words, scenes. Returns the length."""
    review = keeptake.review.review
    assert review is not None
    duration = review.evidence.footage.duration
    keeptake.review.receive(
        faces=Faces.of((t, faces_at(t)) for t in range(0, duration, SECOND // 5)),
        transcript=Transcript(
            tuple(
                Word(f"word{n % 17}", t, t + SECOND // 3)
                for n, t in enumerate(range(0, duration, SECOND * 2 // 5))
            ),
            language="en",
        ),
        scenes=scenes(duration),
    )
    return duration


def faces_at(t: int) -> list[Box]:
    """Two people who sway."""
    way = 0.05 * math.sin(t / SECOND)
    return [
        Box(0.2 + way, 0.2, 0.36 + way, 0.5, 0.97, 1, 1, 0.8),
        Box(0.6 - way, 0.25, 0.75 - way, 0.55, 0.93, 2, 2, 0.1),
    ]


def scenes(duration: int) -> Scenes:
    """A cut every ten seconds."""
    return Scenes.of(range(10 * SECOND, duration, 10 * SECOND), duration)


async def size_picture(keeptake: Keeptake) -> None:
    """Make the window as large as the picture's area wants it."""
    window, view = keeptake.window, keeptake.window.panes.video
    for _ in range(20):
        if (view.width(), view.height()) == VIEW:
            return
        window.resize(
            window.width() + VIEW[0] - view.width(), window.height() + VIEW[1] - view.height()
        )
        await asyncio.sleep(0.2)


def name_threads() -> None:
    """Let the system show the names that Python has for its threads."""
    for thread in threading.enumerate():
        name = "gui" if thread is threading.main_thread() else thread.name.removeprefix("keeptake-")
        Path(f"/proc/self/task/{thread.native_id}/comm").write_text(name[:15], encoding="ascii")


if __name__ == "__main__":
    main()
