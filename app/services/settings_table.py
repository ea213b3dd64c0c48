"""The table of what the Settings dialog shows, one row a setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Row:
    """One line of the Settings dialog.

    kind: "secret" (the credential store, never the file), "cents" (shown as money), "seconds",
    "megabytes", "folder" (text with a button), "text", "choice" (of `choices`: value and text),
    "check".
    """

    key: str
    label: str
    kind: Literal["secret", "cents", "seconds", "megabytes", "folder", "text", "choice", "check"]
    help: str
    choices: tuple[tuple[str, str], ...] = ()


ROWS: tuple[Row, ...] = (
    Row(
        key="nanoclip",
        label="NanoClip key",
        kind="secret",
        help="Kept by the operating system's credential store. NANOCLIP_API_KEY overrides it.",
    ),
    Row(
        key="znippet",
        label="Znippet license key",
        kind="secret",
        help="Kept by the operating system's credential store. ZNIPPET_LICENSE_KEY overrides it.",
    ),
    Row(
        key="service",
        label="Service",
        kind="choice",
        help="Automatic: NanoClip where its key is known, else this computer.",
        choices=(("automatic", "Automatic"), ("nanoclip", "NanoClip"), ("local", "This computer")),
    ),
    Row(
        key="spend_cap_cents",
        label="Spend cap",
        kind="cents",
        help="The most that NanoClip's analyses may cost in a calendar month, as quoted. Over it "
        "nothing is started. 0: no cap. Znippet publishes no prices and is outside it.",
    ),
    Row(
        key="padding_seconds",
        label="Cut padding",
        kind="seconds",
        help="Left beside the words you keep, in new projects.",
    ),
    Row(
        key="theme",
        label="Theme",
        kind="choice",
        help="Light, dark, or what the system uses.",
        choices=(("system", "System"), ("light", "Light"), ("dark", "Dark")),
    ),
    Row(
        key="cache_folder",
        label="Cache folder",
        kind="folder",
        help="Thumbnails and other things that can be made again. Empty: the system's own.",
    ),
    Row(
        key="cache_megabytes",
        label="Cache size",
        kind="megabytes",
        help="What was used longest ago goes first.",
    ),
    Row(
        key="proxy_background",
        label="Build preview proxies in the background",
        kind="check",
        help="Small copies of the open video, for gapless previews of close cuts and quick "
        "scrubbing. Made when nothing else wants the processor; kept in the cache folder.",
    ),
    Row(
        key="proxy_megabytes",
        label="Proxy size",
        kind="megabytes",
        help="The most that preview proxies of all videos take; some 3.5 GB an hour of video. "
        "The video opened longest ago goes first. 0: none.",
    ),
    Row(
        key="downloads_folder",
        label="Downloads folder",
        kind="folder",
        help="Where results go. Empty: your downloads folder.",
    ),
    Row(
        key="short_name_pattern",
        label="Short names",
        kind="text",
        help="File names of shorts; filled in: {video}, {number}, {title}, {channel}, {date}.",
    ),
    Row(
        key="scene_markers",
        label="Scene markers",
        kind="check",
        help="A quiet label on the picture as a scene begins.",
    ),
    Row(key="face_boxes", label="Face boxes", kind="check", help="Frames around faces."),
    Row(key="face_names", label="Face names", kind="check", help="Names at the frames."),
    Row(
        key="follow_playhead",
        label="Follow playhead",
        kind="check",
        help="Transcript and timeline keep the playhead in view while playing.",
    ),
)
"""The Settings dialog, top to bottom; keys never change once shipped."""
