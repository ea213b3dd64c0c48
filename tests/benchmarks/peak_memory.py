"""The most memory that a process and its children take, watched from outside.

python -m tests.benchmarks.peak_memory PID prints megabytes when its input ends. Watched from
within, the looking itself would hold up the event loop that is measured.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

EVERY_S = 0.02


class PeakMemory:
    """Watches this process from now on."""

    def __init__(self) -> None:
        self._watch = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.peak_memory", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def stop(self) -> float:
        """The most megabytes so far, what processes share counted once, the watcher left out."""
        return float(self._watch.communicate()[0])


def main() -> None:
    """Look until nobody listens any more."""
    watched, most = sys.argv[1], 0.0
    while not select.select([sys.stdin], [], [], EVERY_S)[0]:
        most = max(most, _megabytes(watched))
    sys.stdout.write(str(most))


def _megabytes(watched: str) -> float:
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = status.read_text().rsplit(")", 1)[1].split()[1]
            name = status.parent.name
            if name != str(os.getpid()) and watched in (name, parent):
                lines = (status.parent / "smaps_rollup").read_text().splitlines()
                total += next(int(x.split()[1]) for x in lines if x.startswith("Pss:"))
        except OSError:
            continue
    return total / 1e3


if __name__ == "__main__":
    main()
