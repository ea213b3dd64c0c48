"""Answers of the service as large as they get, made by a process of its own.

python -m tests.benchmarks.large_answers vision|transcript PATH writes one. Whoever measures memory
asks for it with `made`: the hundreds of megabytes of its making are not in its own process then.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SECOND = 1_000_000
HOURS = 8
FACES = 288_000
WORDS = 100_000
DURATION = HOURS * 3600 * SECOND


def made(kind: str) -> bytes:
    """The bytes of "vision" or of "transcript"."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / kind
        command = [sys.executable, "-m", "tests.benchmarks.large_answers", kind, str(path)]
        subprocess.run(command, check=True)
        return path.read_bytes()


def main() -> None:
    """Write what the command line asks for."""
    _, kind, path = sys.argv
    Path(path).write_bytes(_vision() if kind == "vision" else _transcript())


def _vision() -> bytes:
    """Two faces in every fifth of a second, as the service writes them."""
    chance = random.Random(8)
    frames = []
    for k in range(FACES // 2):
        detections = []
        for cluster in (0, 1):
            x, y = round(chance.uniform(0, 0.6), 4), round(chance.uniform(0, 0.6), 4)
            detection: dict[str, object] = {
                "box": [x, y, round(x + 0.21, 4), round(y + 0.31, 4)],
                "score": round(chance.random(), 4),
                "track_id": k // 500 * 2 + cluster,
                "cluster_id": cluster,
            }
            # Of one who is in the picture and may be heard.
            if cluster == 0:
                detection["speak_conf"] = round(chance.random(), 4)
            detections.append(detection)
        frames.append(
            {"t": round(k * DURATION / SECOND / (FACES // 2), 3), "detections": detections}
        )
    return _answer(faces=frames, face_tracks=[], scenes=[])


def _transcript() -> bytes:
    """100,000 words by two speakers, in turns."""
    chance = random.Random(9)
    apart = DURATION / SECOND / WORDS
    words = [
        {
            "text": chance.choice(("so", "then", "we", "went", "home", "again.", "footage")),
            "start": round(k * apart, 3), "end": round(k * apart + apart * 0.8, 3),
            "speaker": k // 40 % 2, "confidence": round(chance.random(), 3),
        }
        for k in range(WORDS)
    ]  # fmt: skip
    return _answer(language="en", text="", words=words, utterances=[], speakers=[])


def _answer(**lists: object) -> bytes:
    said = {"project_id": "p", "status": "completed", **lists}
    return json.dumps(said, separators=(",", ":")).encode()


if __name__ == "__main__":
    main()
