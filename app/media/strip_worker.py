"""The process that makes a film's strips, at the lowest priority there is: `python -m` this module.

On stdin: the task as a JSON line, then a JSON line each time the orders change. Its end ends the
process. On stdout: a JSON line for what was made, with all of it in base64.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import KeeptakeError
from app.media.priority import step_back
from app.media.proxy_worker import EndedError, Orders, listen, tell
from app.media.strip_plan import StripPlan

if TYPE_CHECKING:
    from app.media.strip_make import KeyPictures, SoundMeter

REMEMBERED = 64
"""Of what was made last: orders cross what is told."""


@dataclass(frozen=True)
class Task:
    """What the process is told first. folder: where it is kept; None: nowhere."""

    plan: StripPlan
    folder: Path | None

    def header(self) -> bytes:
        """As it is said on stdin."""
        plan = self.plan
        said = {
            "film": str(plan.film), "key": plan.key, "duration": plan.duration,
            "picture": plan.has_picture, "sound": plan.has_sound,
            "folder": str(self.folder) if self.folder else None,
        }  # fmt: skip
        return json.dumps(said).encode() + b"\n"

    @classmethod
    def read(cls, source: Any) -> Task:
        """As it comes from stdin."""
        said = json.loads(source.readline())
        plan = StripPlan(
            Path(said["film"]), said["key"], said["duration"], said["picture"], said["sound"]
        )
        return cls(plan, Path(said["folder"]) if said["folder"] else None)


@dataclass
class _Maker:
    """Opens what is needed when it is needed."""

    task: Task
    sound: SoundMeter | None = None
    pictures: KeyPictures | None = None
    made: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def make(self, number: int) -> dict[str, Any]:
        """What is to be told; of a chunk of sound before it where the way leads past that one.

        Raises KeeptakeError.
        """
        t = self.task.plan.picture_at(number)
        return self._measured(number) if t is None else self._picture(number, t)

    def _measured(self, number: int) -> dict[str, Any]:
        from app.media.strip_files import bytes_of, keep_sound
        from app.media.strip_make import SoundMeter

        if self.sound is None:
            self.sound = SoundMeter(self.task.plan.film, self.task.plan.duration)
        passed, chunk = self.sound.towards(number)
        data = bytes_of(chunk)
        self._kept(lambda folder: keep_sound(folder, passed, data))
        self.made.append(passed)
        return {"sound": passed, "data": base64.b64encode(data).decode()}

    def _picture(self, number: int, t: int) -> dict[str, Any]:
        from app.media.strip_files import jpeg_of, keep_picture
        from app.media.strip_make import KeyPictures

        if self.pictures is None:
            self.pictures = KeyPictures(self.task.plan.film)
        still = self.pictures.near(t)
        jpeg = jpeg_of(still)
        self._kept(lambda folder: keep_picture(folder, t, still.pts_us, jpeg))
        self.made.append(number)
        return {"picture": t, "pts": still.pts_us, "data": base64.b64encode(jpeg).decode()}

    def _kept(self, write: Callable[[Path], None]) -> None:
        if self.task.folder is None:
            return
        try:
            write(self.task.folder)
        except OSError as problem:
            tell(unkept=str(problem))
            self.task = Task(self.task.plan, None)

    def close(self) -> None:
        """Let go of the film."""
        for part in (self.sound, self.pictures):
            if part is not None:
                part.close()


def main() -> int:
    """Make what is ordered until stdin ends; returns the exit status."""
    step_back()
    # Of its own, not sys.stdin: a thread blocked in that one aborts the interpreter as it ends.
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    maker = _Maker(Task.read(source))
    orders = Orders()
    threading.Thread(target=listen, args=(source, orders), daemon=True).start()
    try:
        while True:
            number = orders.next()
            if number in maker.made:
                continue
            try:
                tell(**maker.make(number))
                if number not in maker.made:
                    orders.later(number)
            except KeeptakeError as problem:
                tell(failed=number, detail=str(problem))
    except EndedError:
        return 0
    finally:
        maker.close()


if __name__ == "__main__":
    sys.exit(main())
