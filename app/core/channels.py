"""Channels that shorts are made for: their names and how long a short may be there."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.timerange import SECOND


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the services name it; lengths in microseconds, 0 and None for no limit known.

    usual: the lengths most shorts there have, by which the local service scores.
    """

    key: str
    title: str
    brief: str
    least: int = 0
    most: int | None = None
    usual: tuple[int, int] = (15 * SECOND, 60 * SECOND)


KNOWN: tuple[Channel, ...] = (
    # YouTube: up to 3 minutes since 15 October 2024 (support.google.com/youtube/answer/15424877).
    Channel(
        "youtube_shorts", "YouTube Shorts", "YouTube", most=180 * SECOND,
        usual=(20 * SECOND, 60 * SECOND),
    ),
    # TikTok: 3 s at least, up to 10 minutes (support.tiktok.com, "Camera tools").
    Channel(
        "tiktok", "TikTok", "TikTok", least=3 * SECOND, most=600 * SECOND,
        usual=(15 * SECOND, 45 * SECOND),
    ),
    # Instagram: Reels of up to 3 minutes since January 2025 (help.instagram.com).
    Channel(
        "instagram_reels", "Instagram Reels", "Reels", least=3 * SECOND, most=180 * SECOND,
        usual=(10 * SECOND, 40 * SECOND),
    ),
)  # fmt: skip
"""In the order of the contract's sample (B3); a service may name others."""

_BY_KEY = {channel.key: channel for channel in KNOWN}


def channel_of(key: str) -> Channel:
    """The channel of that key; one without limits, named after its key, where it is not known."""
    found = _BY_KEY.get(key)
    if found is not None:
        return found
    words = " ".join(key.replace("_", " ").replace("-", " ").split())
    title = words[:1].upper() + words[1:] if words else "Other"
    return Channel(key, title, title)
