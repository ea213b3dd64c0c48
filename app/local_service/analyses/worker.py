"""What every analysis process has in common: its job, its progress lines, its end.

The job is one JSON line on stdin; stdin stays open as long as the service lives, and its end ends
the process. Each line on stdout is JSON: `{"stage", "progress"}`, or `{"error"}` as the last one.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from app.core.errors import KeeptakeError
from app.media.priority import step_back

Report = Callable[[str, float], None]
"""`report(stage, fraction)`: a few words for a person, and 0 to 1."""

STEP = 0.004
"""Progress smaller than this is not told."""


class Task(BaseModel):
    """What every process is told. duration: of `source`, in microseconds; out: what it makes."""

    source: Path
    out: Path
    duration: int


AnyTask = TypeVar("AnyTask", bound=Task)


class Job(Task):
    """All that an analysis needs to know. Paths lie in the project's folder.

    outputs: what the answer shall hold. captions: the file handed over, with the name it had
    beside the video. out: the answer as bytes of the GET. full: a transcript with all outputs,
    which the retakes are found in.
    """

    project_id: str
    full: Path
    has_audio: bool = True
    language: str = "en"
    outputs: list[str] = []
    captions: Path | None = None
    captions_name: str = ""
    use_full: bool = False
    diarize: bool = False


def _gone() -> None:
    os._exit(3)


def run(analyse: Callable[[Job, Report], bytes]) -> int:
    """Read the job, do it, write the answer atomically; returns the exit status."""
    return work(Job, lambda job, report: write_atomically(job.out, analyse(job, report)))


def work(
    shape: type[AnyTask], do: Callable[[AnyTask, Report], None], end: Callable[[], None] = _gone
) -> int:
    """Read what is to be done and do it; returns the exit status.

    end: called in a thread of its own once the parent is gone or wants no more of it.
    """
    line, rest = _first_line()
    task = shape.model_validate_json(line)
    threading.Thread(target=_end_with_parent, args=(rest, end), daemon=True).start()
    step_back(5)
    try:
        do(task, _reporter())
    except KeeptakeError as error:
        _tell({"error": str(error), "detail": error.detail})
        return 2
    return 0


def write_atomically(path: Path, data: bytes) -> None:
    """All of it or nothing, also when the power goes; the folder exists."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _first_line() -> tuple[bytes, int]:
    # Bytes straight from the descriptor: a thread blocked in sys.stdin aborts the interpreter
    # when it ends.
    descriptor = sys.stdin.fileno()
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(descriptor, 1)
        if not piece:
            break
        line += piece
    return bytes(line), descriptor


def _end_with_parent(descriptor: int, end: Callable[[], None]) -> None:
    while os.read(descriptor, 4096):
        pass
    end()


def _tell(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _reporter() -> Report:
    told: list[tuple[str, float]] = [("", -1.0)]

    def report(stage: str, fraction: float) -> None:
        fraction = min(1.0, max(0.0, fraction))
        if (stage, fraction) != told[0] and (
            stage != told[0][0] or fraction - told[0][1] >= STEP or fraction >= 1
        ):
            told[0] = (stage, fraction)
            _tell({"stage": stage, "progress": round(fraction, 4)})

    return report
