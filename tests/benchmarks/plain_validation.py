"""Seconds that pydantic takes to validate an answer of the service as a whole, every part a model.

python -m tests.benchmarks.plain_validation vision|transcript, with the path of the answer as its
input: the measure of `result_landing`, in a process of its own.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter


class _Plain(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


class _Detection(_Plain):
    box: tuple[float, float, float, float]
    score: float | None = None
    track_id: int | None = None
    cluster_id: int | None = None
    speak_conf: float | None = None


class _Frame(_Plain):
    t: float
    detections: list[_Detection] | None = None


class _Vision(_Plain):
    faces: list[_Frame]


class _Word(_Plain):
    text: str
    start: float
    end: float
    speaker: int | None = None
    confidence: float | None = None


class _Transcript(_Plain):
    words: list[_Word]


def main() -> None:
    """Print the seconds."""
    raw = Path(sys.stdin.read()).read_bytes()
    shape: TypeAdapter[Any] = TypeAdapter(_Vision if sys.argv[1] == "vision" else _Transcript)
    started = time.perf_counter()
    shape.validate_json(raw)
    sys.stdout.write(str(time.perf_counter() - started))


if __name__ == "__main__":
    main()
