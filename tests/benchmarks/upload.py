"""How fast a video is uploaded beside curl, and what it costs: `packaging/bench upload [--quick]`.

A gigabyte goes to a server on loopback that reads and forgets it, in a process of its own, by
`send_file` inside the window's event loop and by `curl -T`, in turns. ratio_curl: our rate over
curl's, medians. rss_growth_mb: the most memory this process took more than before, over all turns.
max_stall_ms: the longest the event loop was away while uploading, beyond that of an idle one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.services.http import Http
from app.services.upload import FileState, Slot, send_file
from tests.benchmarks import window_loop
from tests.benchmarks.report import report
from tests.benchmarks.stalls import Stalls, idle_stall

SIZE = 1 << 30
QUICK = 256 << 20
PIECE = 1 << 20
IDLE_S = 3.0


def main() -> None:
    """Print the line; --quick sends a quarter of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if not shutil.which("curl"):
        sys.exit("curl is not there to compare with.")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    size, turns = (QUICK, 3) if options.quick else (SIZE, 5)
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder, sink() as server:
        film = Path(folder) / "film.mp4"
        _write(film, size)
        address = f"http://127.0.0.1:{server.port}/film"
        found = window_loop.run(application, _turns(film, address, turns))
    report("upload", found["cases"], found["figures"], ("httpx", "h11", "qasync"))


def _write(path: Path, size: int) -> None:
    """Bytes that no file system can leave out."""
    piece = os.urandom(PIECE)
    with path.open("wb") as file:
        for _ in range(size // PIECE):
            file.write(piece)


class Sink:
    """A server that takes what is PUT and answers 200; one connection at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SINK], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def sink() -> Sink:
    """One that runs."""
    return Sink()


_SINK = """
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
room = bytearray(1 << 20)
while True:
    line, _ = server.accept()
    head = b""
    while b"\\r\\n\\r\\n" not in head:
        head += line.recv(65536)
    head, _, rest = head.partition(b"\\r\\n\\r\\n")
    names = {n.lower(): v for n, _, v in (x.partition(b": ") for x in head.split(b"\\r\\n")[1:])}
    if names.get(b"expect"):
        line.sendall(b"HTTP/1.1 100 Continue\\r\\n\\r\\n")
    left = int(names[b"content-length"]) - len(rest)
    while left > 0:
        got = line.recv_into(room)
        if not got:
            break
        left -= got
    line.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    line.close()
"""


async def _turns(film: Path, address: str, turns: int) -> dict[str, dict[str, float]]:
    stalls = Stalls()
    idle = await idle_stall(stalls, IDLE_S)
    ours: list[float] = []
    theirs: list[float] = []
    longest, grown = 0.0, 0.0
    megabytes = film.stat().st_size / 1e6
    async with Http() as http:
        await _send(http, film, address)
        before = _rss()
        for _ in range(turns):
            theirs.append(megabytes / await asyncio.to_thread(_curl, film, address))
            watch = asyncio.get_running_loop().create_task(_most())
            stalls.start()
            started = time.perf_counter()
            await _send(http, film, address)
            ours.append(megabytes / (time.perf_counter() - started))
            longest = max(longest, stalls.stop())
            watch.cancel()
            grown = max(grown, await _of(watch) - before)
    return {
        "cases": [
            {"who": "keeptake", "mb_s": [round(x) for x in ours]},
            {"who": "curl", "mb_s": [round(x) for x in theirs]},
            {"who": "idle", "max_stall_ms": round(idle, 1)},
        ],
        "figures": {
            "ratio_curl": round(statistics.median(ours) / statistics.median(theirs), 2),
            "rss_growth_mb": round(grown, 1),
            "max_stall_ms": round(max(0.0, longest - idle), 1),
        },
    }


async def _send(http: Http, film: Path, address: str) -> None:
    slot = Slot("upload", address, {"Content-Type": "video/mp4"}, time.time() + 3600)
    told = [0]
    await send_file(
        http, slot, film, FileState.of(film),
        progress=lambda sent, _size: told.__setitem__(0, sent), loopback_allowed=True,
    )  # fmt: skip
    assert told[0] == film.stat().st_size


def _curl(film: Path, address: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        ["curl", "-sS", "--fail", "-T", str(film), "-H", "Content-Type: video/mp4", address],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - started


def _rss() -> float:
    """Megabytes of this process now."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


_peaks: list[float] = []


async def _most() -> None:
    """Note the memory until cancelled."""
    _peaks.clear()
    while True:
        _peaks.append(_rss())
        await asyncio.sleep(0.02)


async def _of(watch: asyncio.Task[None]) -> float:
    await asyncio.wait({watch})
    return max((*_peaks, _rss()))


if __name__ == "__main__":
    main()
