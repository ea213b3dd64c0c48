"""Where an MPEG transport stream's clock begins: players count from there, demuxers do not tell."""

from __future__ import annotations

from pathlib import Path

SYNC = 0x47
PACKET = 188
SEARCHED = 4 << 20
"""Bytes looked at; the standard wants a reference every 0.1 s."""


def first_clock_reference(path: Path) -> int | None:
    """The first PCR in ticks of 90 kHz (33 bits), or None. Source: ISO/IEC 13818-1, 2.4.3.5."""
    try:
        with path.open("rb") as file:
            data = file.read(SEARCHED)
    except OSError:
        return None
    begin, step = _grid(data)
    for at in range(begin, len(data) - 12, step):
        # The fourth byte says whether an adaptation field follows, its flags what that holds.
        if data[at] == SYNC and data[at + 3] & 0x20 and data[at + 4] >= 7 and data[at + 5] & 0x10:
            return int.from_bytes(data[at + 6 : at + 11], "big") >> 7
    return None


def _grid(data: bytes) -> tuple[int, int]:
    """Where the first packet begins and how far apart packets are: 192 bytes in .m2ts and .mts."""
    for step in (PACKET, 192, 204):
        for begin in range(step):
            marks = data[begin : begin + 5 * step : step]
            if len(marks) == 5 and marks.count(SYNC) == 5:
                return begin, step
    return 0, PACKET
