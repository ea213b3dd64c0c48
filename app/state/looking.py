"""What an opened film's file says of itself: identity, streams and the pts table, read once."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__
from app.core.late import late
from app.core.review import Footage
from app.services.prepared import Prepared

if TYPE_CHECKING:
    import pydantic

    from app.media import content_key, frame_index
    from app.media import probe as probing
    from app.media.probe import Probe
    from app.services import packed
else:
    pydantic = late("pydantic")
    content_key = late("app.media.content_key")
    frame_index = late("app.media.frame_index")
    packed = late("app.services.packed")
    probing = late("app.media.probe")

LONG = 20_000
"""Frames from which the pts table is kept: listing a million of them takes seconds."""


def look_at(prepared: Prepared, path: Path) -> tuple[Probe, Footage, str]:
    """The film at `path`, what the document needs of it, and its content key. Raises MediaError."""
    known = _known(prepared, path)
    probed = known or probing.probe(path)
    key = content_key.content_key(path)
    times = _frame_times(prepared, path, key) if probed.video else array("q")
    if known is None and len(times) >= LONG:
        prepared.keep(_looked_like(path), pydantic.TypeAdapter(probing.Probe).dump_json(probed))
    return probed, footage_of(probed, times), key


def _known(prepared: Prepared, path: Path) -> Probe | None:
    """What was probed of this very file before: of ten hours that takes half a second."""
    try:
        found = prepared.load(_looked_like(path))
        known = pydantic.TypeAdapter(probing.Probe).validate_json(found) if found else None
    except (OSError, pydantic.ValidationError):
        return None
    return known if known is not None and known.path == path else None


def _looked_like(path: Path) -> tuple[object, ...]:
    """A file that is the same has all of these, and a newer program probes it anew."""
    said = path.stat()
    return ("probe", __version__, path, said.st_size, said.st_mtime_ns, said.st_ino)


def footage_of(probed: Probe, times: array[int]) -> Footage:
    """What the document needs of a probed file."""
    video = probed.video
    return Footage(
        probed.duration,
        times,
        video.width if video else 0,
        video.height if video else 0,
        probed.audio is not None,
    )


def _frame_times(prepared: Prepared, path: Path, key: str) -> array[int]:
    made_of = (packed.FORM, "frame times", key)
    if found := prepared.load(made_of):
        try:
            times: array[int] = packed.Columns(found).numbers("times", "q")
        except (ValueError, KeyError):
            pass
        else:
            return times
    times = frame_index.frame_times(path)
    if len(times) >= LONG:
        prepared.keep(made_of, packed.packed({}, (("times", times.tobytes()),)))
    return times
