"""Channels: the known ones by their limits, any other by its own name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.channels import KNOWN, Channel, channel_of


@pytest.mark.parametrize("channel", KNOWN)
def test_a_known_channel_is_found_by_its_key_and_its_limits_make_sense(channel: Channel) -> None:
    found = channel_of(channel.key)
    assert found is channel
    low, high = found.usual
    assert found.least <= low < high
    assert found.most is None or high <= found.most


@pytest.mark.parametrize(
    ("key", "title"),
    [("snap_spotlight", "Snap spotlight"), ("x-video", "X video"), ("_ ", "Other")],
)
def test_a_channel_nobody_told_of_is_named_after_its_key(key: str, title: str) -> None:
    found = channel_of(key)
    assert (found.key, found.title, found.brief) == (key, title, title)
    assert (found.least, found.most) == (0, None)


@given(st.text())
def test_every_channel_has_a_name(key: str) -> None:
    assert channel_of(key).title.strip()
