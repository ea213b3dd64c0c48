"""The cut as one video: exact frames through ffmpeg, sound sliced to the sample in process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from app.core.errors import ExportError, MediaError
from app.core.timerange import SECOND, Ranges, to_seconds, total
from app.media.cut_sound import CutSound
from app.media.ffmpeg import find_ffmpeg
from app.media.probe import WHITELIST, Probe
from app.media.probe import probe as look_at

T = TypeVar("T")

Report = Callable[[str, float | None], None]

EARLY = 100
"""Microseconds by which edges are placed before frames: pts were rounded, frames are far apart."""

UNFINISHED = ("No space left", "Error writing trailer", "Error closing file")
"""What ffmpeg says when a file is not whole."""

X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p")
"""Visually lossless and about as fast as the machine decodes."""


async def export_cut(source: Path, keep: Ranges, probe: Probe, out: Path, report: Report) -> None:
    """Write the kept spans of `source` to `out`, whose suffix names the container.

    Every kept frame once, with the distances it had; sound to the sample with short fades at the
    joins. `out` appears when it is whole: cancelled or failed, nothing stays. Raises ExportError.
    """
    if not keep:
        raise ExportError(
            "Everything is removed, so there is nothing to export.", "Restore something first."
        )
    try:
        ffmpeg = find_ffmpeg()
    except MediaError as missing:
        raise ExportError(missing.sentence, missing.hint) from missing
    made: list[Path] = []
    try:
        script = video_filter(keep, probe.origin)
        await _to_its_end(lambda: _begin(out, script, made))
        part, filters = made
        await _encode(ffmpeg, source, keep, probe, part, filters, report)
        await _to_its_end(lambda: _finish(part, out))
    except OSError as problem:
        raise _unwritable(out, problem) from problem
    finally:
        for path in made:
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


def video_filter(keep: Ranges, origin: int = 0) -> str:
    """ffmpeg's filter text: select the kept frames and close the gaps.

    origin: microseconds of pts at time 0. The expressions are balanced trees, so a frame costs
    the logarithm of the number of cuts. The time base is made fine first: in AVI's, a shift by a
    part of a frame would be lost. No two frames are given one time.
    """
    edges: list[tuple[int, int, int]] = []
    removed, at = origin, 0
    for r in keep:
        removed += r.start - at
        at = r.end
        edges += [(r.start, 1, removed), (r.end, 0, removed)]
    times = [e[0] + origin - EARLY for e in edges]
    kept = _tree(times, ["0", *(str(e[1]) for e in edges)], "t")
    shift = _tree(times, ["0", *(f"{e[2] / SECOND:.6f}" for e in edges)], "T")
    moved = f"st(0,round(PTS-({shift})/TB))"
    after = "if(isnan(PREV_OUTPTS),ld(0),max(ld(0),PREV_OUTPTS+1))"
    return (
        f"[0:V:0]settb=1/90000,select='{kept}',setpts='{moved};{after}',"
        "crop=floor(iw/2)*2:floor(ih/2)*2[v]"
    )


def _tree(edges: Sequence[int], values: Sequence[str], variable: str) -> str:
    """An expression that is `values[i]` from `edges[i - 1]` on; one value more than edges."""
    if not edges:
        return values[0]
    middle = len(edges) // 2
    before = _tree(edges[:middle], values[: middle + 1], variable)
    after = _tree(edges[middle + 1 :], values[middle + 1 :], variable)
    return f"if(lt({variable},{edges[middle] / SECOND:.6f}),{before},{after})"


def _begin(out: Path, script: str, made: list[Path]) -> None:
    """Makes the file to write, beside where it will be, and that of the filters."""
    handle, name = tempfile.mkstemp(".part" + out.suffix, f".{out.stem[:80]}.", out.parent)
    os.close(handle)
    made.append(Path(name))
    handle, name = tempfile.mkstemp(".filter", "keeptake-")
    made.append(Path(name))
    with os.fdopen(handle, "w") as file:
        file.write(script)


def _finish(part: Path, out: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(0o644)
    part.replace(out)


def _command(
    ffmpeg: Path, source: Path, probe: Probe, sound: CutSound | None, part: Path, script: Path
) -> list[str]:
    command = [str(ffmpeg), "-hide_banner", "-nostdin", "-y", "-loglevel", "error"]
    command += ["-progress", "pipe:1"]
    if probe.video:
        command += ["-protocol_whitelist", "file", "-format_whitelist", WHITELIST]
        # Without -copyts ffmpeg moves the input by a start time of its own reckoning.
        command += ["-copyts", "-i", f"file:{source.absolute()}"]
    if sound:
        command += ["-f", "f32le", "-ar", str(sound.rate), "-ac", str(sound.channels)]
        command += ["-i", "pipe:0"]
    if probe.video:
        command += ["-filter_complex_script", str(script), "-map", "[v]", *X264]
        command += ["-fps_mode", "passthrough", "-enc_time_base", "1:90000"]
        command += ["-video_track_timescale", "90000"]
    if sound:
        command += ["-map", f"{1 if probe.video else 0}:a:0", "-c:a", "aac", "-b:a", "192k"]
    # The source's chapters lie at the source's times.
    command += ["-map_chapters", "-1", "-movflags", "+faststart"]
    return [*command, f"file:{part.absolute()}"]


async def _encode(
    ffmpeg: Path, source: Path, keep: Ranges, probe: Probe, part: Path, script: Path, report: Report
) -> None:
    sound = await asyncio.to_thread(CutSound, source, keep) if probe.audio else None
    process = await asyncio.create_subprocess_exec(
        *_command(ffmpeg, source, probe, sound, part, script),
        stdin=asyncio.subprocess.PIPE if sound else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    feeding = asyncio.create_task(_feed(process.stdin, sound))
    complaints = asyncio.create_task(_tail(process.stderr))
    try:
        length, done = to_seconds(total(keep)), 0.0
        async for line in process.stdout:
            key, _, value = line.decode(errors="replace").strip().partition("=")
            if key == "out_time_us" and value.lstrip("-").isdigit():
                done = min(0.99, max(done, int(value) / 1e6 / length))
                report("Encoding", done)
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
        raise _failed(part, said)
    try:
        await _to_its_end(lambda: look_at(part))
    except MediaError as broken:
        raise _failed(part, f"{said}\n{broken.detail}") from broken


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


def _failed(part: Path, said: str) -> ExportError:
    if "No space left" in said:
        return ExportError(
            "The disk is full, so the export stopped. No half-written file stays.",
            f"Free some room in “{part.parent}”, or export to another folder.",
            said,
        )
    return ExportError(
        "ffmpeg could not write the cut. The video and your decisions are as they were.",
        "Try again, or choose another folder; the details hold what ffmpeg said.",
        said,
    )


def _unwritable(out: Path, problem: OSError) -> ExportError:
    return ExportError(
        f"“{out.name}” cannot be written to “{out.parent}”. Nothing was changed.",
        "Choose a folder that you may write to.",
        str(problem),
    )
