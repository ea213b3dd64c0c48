"""One run of ffmpeg that writes kept spans to a file: whole, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.core.errors import ExportError, MediaError
from app.core.timerange import SECOND, Ranges, to_seconds, total
from app.media.cut_sound import CutSound, reading_from
from app.media.ffmpeg import find_ffmpeg
from app.media.probe import WHITELIST, Probe
from app.media.probe import probe as look_at

T = TypeVar("T")

Report = Callable[[str, float | None], None]

UNFINISHED = ("No space left", "Error writing trailer", "Error closing file")
"""What ffmpeg says when a file is not whole."""

CAPTIONS = "captions.ass"
"""By what name filters find the job's captions: ffmpeg runs in the folder they lie in, as a whole
path would have to be escaped twice."""

_FILTERS = "filters.txt"

_NICER = 5
"""How much less urgent than the window a run is that leaves it a core."""


@dataclass(frozen=True, slots=True)
class Job:
    """The kept spans of a file, as they are to be written.

    filters: what makes [v] of the picture. options: what ffmpeg is told of the output. captions: an
    ASS document that the filters name as CAPTIONS. threads: how many at most; None, as many as
    ffmpeg likes. wanted: what it is called in sentences.
    """

    source: Path
    keep: Ranges
    probe: Probe
    filters: str
    options: tuple[str, ...]
    captions: str = ""
    threads: int | None = None
    wanted: str = "the cut"


async def encode(job: Job, out: Path, report: Report) -> None:
    """Write `job` to `out`, whose suffix names the container.

    `out` appears when it is whole: cancelled or failed, nothing stays. Raises ExportError.
    """
    try:
        ffmpeg = find_ffmpeg()
    except MediaError as missing:
        raise ExportError(missing.sentence, missing.hint) from missing
    made: list[Path] = []
    try:
        await _to_its_end(lambda: _begin(out, job, made))
        part, folder = made
        await _run(ffmpeg, job, part, folder, report)
        await _to_its_end(lambda: _finish(part, out))
    except OSError as problem:
        raise _unwritable(out, problem) from problem
    finally:
        for path in made:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    report("Exported", 1.0)


async def _to_its_end(work: Callable[[], T]) -> T:
    """In a thread, whose end a cancellation awaits: it still uses what is closed or removed next.

    A file that was just being put in its place is therefore there, and whole.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        if not running.cancelled():
            running.exception()
        raise


def _begin(out: Path, job: Job, made: list[Path]) -> None:
    """Makes the file to write, beside where it will be, and a folder for what ffmpeg reads."""
    handle, name = tempfile.mkstemp(".part" + out.suffix, f".{out.stem[:40]}.", out.parent)
    os.close(handle)
    made.append(Path(name))
    folder = Path(tempfile.mkdtemp(prefix="keeptake-"))
    made.append(folder)
    (folder / _FILTERS).write_text(job.filters)
    (folder / CAPTIONS).write_text(job.captions, encoding="utf-8")


def _finish(part: Path, out: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(0o644)
    part.replace(out)


def _reading(job: Job) -> list[str]:
    """ffmpeg's options of the source; a late beginning is not read up to."""
    # Without -copyts ffmpeg moves the input by a start time of its own reckoning.
    command = ["-protocol_whitelist", "file", "-format_whitelist", WHITELIST, "-copyts"]
    if job.threads:
        command += ["-threads", str(job.threads)]
    if late := reading_from(job.keep, job.probe.container):
        # The filters choose the frames; a second choice by -ss would reckon the origin otherwise.
        at = f"{(late + job.probe.origin) / SECOND:.6f}"
        command += ["-seek_timestamp", "1", "-noaccurate_seek", "-ss", at]
    return [*command, "-i", f"file:{job.source.absolute()}"]


def _command(ffmpeg: Path, job: Job, sound: CutSound | None, part: Path) -> list[str]:
    command = [str(ffmpeg), "-hide_banner", "-nostdin", "-y", "-loglevel", "error"]
    command += ["-progress", "pipe:1"]
    threads = ["-threads", str(job.threads)] if job.threads else []
    if job.probe.video:
        command += _reading(job)
    if sound:
        command += ["-f", "f32le", "-ar", str(sound.rate), "-ac", str(sound.channels)]
        command += ["-i", "pipe:0"]
    if job.probe.video:
        if job.threads:
            command += ["-filter_complex_threads", str(job.threads)]
        command += ["-filter_complex_script", _FILTERS, "-map", "[v]", *job.options, *threads]
        command += ["-fps_mode", "passthrough", "-enc_time_base", "1:90000"]
        command += ["-video_track_timescale", "90000"]
    if sound:
        command += ["-map", f"{1 if job.probe.video else 0}:a:0", "-c:a", "aac", "-b:a", "192k"]
    # The source's chapters lie at the source's times.
    command += ["-map_chapters", "-1", "-movflags", "+faststart"]
    return [*command, f"file:{part.absolute()}"]


async def _run(ffmpeg: Path, job: Job, part: Path, folder: Path, report: Report) -> None:
    sound = await asyncio.to_thread(CutSound, job.source, job.keep) if job.probe.audio else None
    process = await asyncio.create_subprocess_exec(
        *_command(ffmpeg, job, sound, part),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE if sound else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    feeding = asyncio.create_task(_feed(process.stdin, sound))
    complaints = asyncio.create_task(_tail(process.stderr))
    try:
        if job.threads:
            _step_back(process.pid)
        await _progress(process.stdout, to_seconds(total(job.keep)), report)
        await feeding
        status = await process.wait()
    finally:
        feeding.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()
        said = await complaints
        await asyncio.gather(feeding, return_exceptions=True)
    # WORKAROUND: ffmpeg 5.1 ends with status 0 where only the last bytes did not fit.
    if status or any(sign in said for sign in UNFINISHED):
        raise _failed(job, part, said)
    try:
        await _to_its_end(lambda: look_at(part))
    except MediaError as broken:
        raise _failed(job, part, f"{said}\n{broken.detail}") from broken


def _step_back(process: int) -> None:
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):  # it may have ended already
            os.setpriority(os.PRIO_PROCESS, process, _NICER)


async def _progress(stream: asyncio.StreamReader, length: float, report: Report) -> None:
    done = 0.0
    async for line in stream:
        key, _, value = line.decode(errors="replace").strip().partition("=")
        if key == "out_time_us" and value.lstrip("-").isdigit():
            done = min(0.99, max(done, int(value) / 1e6 / length))
            report("Encoding", done)


async def _feed(pipe: asyncio.StreamWriter | None, sound: CutSound | None) -> None:
    """Hand the sliced sound to ffmpeg as fast as it takes it."""
    if pipe is None or sound is None:
        return
    pieces = sound.pieces()
    try:
        while piece := await _to_its_end(lambda: next(pieces, b"")):
            pipe.write(piece)
            await pipe.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # ffmpeg ended; its own complaint is told
    finally:
        await asyncio.to_thread(sound.close)
        pipe.close()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            await pipe.wait_closed()


async def _tail(stream: asyncio.StreamReader, most: int = 20_000) -> str:
    said = b""
    while piece := await stream.read(4096):
        said = (said + piece)[-most:]
    return said.decode(errors="replace")


def _failed(job: Job, part: Path, said: str) -> ExportError:
    if "No space left" in said:
        return ExportError(
            "The disk is full, so the export stopped. No half-written file stays.",
            f"Free some room in “{part.parent}”, or export to another folder.",
            said,
        )
    if "No such filter" in said:
        return ExportError(
            "This ffmpeg cannot draw captions, for it was built without libass.",
            "Install your system's own ffmpeg, or render without captions.",
            said,
        )
    return ExportError(
        f"ffmpeg could not write {job.wanted}. The video and your decisions are as they were.",
        "Try again, or choose another folder; the details hold what ffmpeg said.",
        said,
    )


def _unwritable(out: Path, problem: OSError) -> ExportError:
    return ExportError(
        f"“{out.name}” cannot be written to “{out.parent}”. Nothing was changed.",
        "Choose a folder that you may write to.",
        str(problem),
    )
