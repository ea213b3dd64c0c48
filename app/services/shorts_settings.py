"""The table of what *Find Moments…* asks: the seven settings of the contract, each explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Asked:
    """One setting. key: FindPlan's; wire: its name in requests and in a refusal's issues.

    kind: "choice" (of `choices`: value and text), "check" or "text". setting: the field of
    Settings that remembers it, "" for what is remembered with the film. fixed: every render has
    it as it was when moments were found (contract 4, 48).
    """

    key: str
    wire: str
    setting: str
    label: str
    kind: Literal["choice", "check", "text"]
    help: str
    choices: tuple[tuple[str, str], ...] = ()
    fixed: bool = False


ASKED: tuple[Asked, ...] = (
    Asked(
        key="framing",
        wire="framingMode",
        setting="moments_framing",
        label="Framing",
        kind="choice",
        help="How the upright picture is taken from the film.",
        choices=(
            ("subject", "Subject: follow one person"),
            ("grid", "Grid: two or more people in panes"),
            ("static", "Static: the middle, without moving"),
        ),
        fixed=True,
    ),
    Asked(
        key="analysis",
        wire="analysisMode",
        setting="moments_analysis",
        label="Look at",
        kind="choice",
        help="What of the film is read to find moments.",
        choices=(
            ("auto", "Automatic: what suits the film"),
            ("full", "Full: picture and speech"),
            ("transcript", "Transcript: speech alone"),
        ),
    ),
    Asked(
        key="length",
        wire="highlightMode",
        setting="moments_length",
        label="Length",
        kind="choice",
        help="How long the moments should be.",
        choices=(
            ("mixed", "Mixed"),
            ("10-30", "10 to 30 seconds"),
            ("30-60", "30 to 60 seconds"),
            ("60-120", "60 to 120 seconds"),
        ),
    ),
    Asked(
        key="volume",
        wire="clipVolume",
        setting="moments_volume",
        label="How many",
        kind="choice",
        help="How many moments are proposed: fewer and surer, or more to choose from.",
        choices=(
            ("strict", "Strict: only the best"),
            ("focused", "Focused: the good ones"),
            ("loose", "Loose: whatever may do"),
        ),
    ),
    Asked(
        key="captions",
        wire="captionBurnIn",
        setting="moments_captions",
        label="Burn captions into the picture",
        kind="check",
        help="The words are drawn into every short the service renders.",
        fixed=True,
    ),
    Asked(
        key="preset",
        wire="captionPresetId",
        setting="moments_preset",
        label="Caption preset",
        kind="text",
        help="The service's name for a look of captions; bc-default when unsure.",
        fixed=True,
    ),
    Asked(
        key="description",
        wire="videoDescription",
        setting="",
        label="About the video",
        kind="text",
        help="A sentence about the film, such as who speaks of what; may be empty.",
    ),
)
"""In the order of the contract (B3)."""


def asked_of(field: str) -> Asked | None:
    """The setting a refusal's issue is about, whether it names "clipVolume" or a longer path."""
    name = field.rpartition(".")[2]
    return next((asked for asked in ASKED if asked.wire == name), None)
