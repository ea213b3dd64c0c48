"""What every benchmark prints: one JSON line of name, machine, cases and figures."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def machine(packages: Sequence[str] = ()) -> dict[str, Any]:
    """Cores this process may use, system, Python and the versions of `packages`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    found: dict[str, Any] = {
        "cores": cores,
        "system": platform.platform(),
        "python": platform.python_version(),
    }
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def timed(run: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of `times` runs."""
    out: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        out.append((time.perf_counter() - start) * 1000)
    return out


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """Least, middle and most, to the microsecond."""
    return {
        "min_ms": round(min(milliseconds), 3),
        "median_ms": round(statistics.median(milliseconds), 3),
        "max_ms": round(max(milliseconds), 3),
    }


def report(
    name: str,
    cases: Sequence[Mapping[str, Any]],
    figures: Mapping[str, float],
    packages: Sequence[str] = (),
) -> None:
    """Print the line."""
    line = {"name": name, "machine": machine(packages), "cases": cases, "figures": figures}
    print(json.dumps(line, allow_nan=False))
