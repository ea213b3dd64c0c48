"""What of a film cannot be shown exactly, said in a sentence each."""

from __future__ import annotations

from app.media.probe import Probe
from app.playback.demuxers import demuxing

WITHOUT_OWN_TIMES = {"avi", "asf", "gif"}
"""Containers in which each picture has one time, that of its decoding or none."""

REORDERING = {"h264", "hevc", "mpeg4", "vc1", "mpeg2video"}
"""Codecs whose pictures may be stored in another order than they are shown."""


def film_notices(probed: Probe) -> tuple[str, ...]:
    """Sentences to be told as the film is opened; none for what is shown as it is."""
    video = probed.video
    if video is None:
        return ()
    out: list[str] = []
    names = set(probed.container.lower().split(","))
    how = demuxing(probed.container, probed.path)
    unclear = bool(names & WITHOUT_OWN_TIMES) and (video.codec in REORDERING or "gif" in names)
    if unclear or not how.exact:
        held = " After a jump the picture stands still for up to a second." if how.lead else ""
        out.append(
            f"While “{probed.path.name}” plays, pictures and face boxes may be some frames off: "
            f"its kind of file does not say exactly when each picture is shown.{held} Stopped "
            "pictures, cuts and exports are exact. A copy as MP4 or MKV plays exactly."
        )
    if video.hdr:
        out.append(
            "This video is HDR. It is shown without tone mapping, so it looks paler here than on "
            "an HDR screen."
        )
    return tuple(out)
