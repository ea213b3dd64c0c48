"""What a tooltip says of a word of the transcript; no Qt."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.transcript import Transcript
from app.ui.text import clock, isolated
from app.ui.transcript_source import PROPOSED, REMOVED

SAID = {PROPOSED: "proposed to be removed", REMOVED: "removed"}
"""What is told of a word that is not kept."""


def tip(transcript: Transcript, corrections: Mapping[int, str], index: int, state: int) -> str:
    """Plain text: when the word is said, how sure that is, and what became of it."""
    word = transcript.words[index]
    parts = [clock(word.start)]
    if index in corrections:
        parts.append(f"corrected, heard as {isolated(word.text)}")
    elif word.confidence is not None:
        parts.append(f"confidence {word.confidence:.2f}")
    if word.estimated:
        parts.append("time estimated")
    if said := SAID.get(state):
        parts.append(said)
    # Qt takes a text with tags for markup; this one never is.
    return f"{', '.join(parts)}".replace("<", "‹")
