"""Values of `app.core` as answers of the contract: what this computer found, kept like any other."""

from __future__ import annotations

from app.core.review import Retakes
from app.core.timerange import to_seconds
from app.core.transcript import Transcript
from app.services import wire


def retakes_answer(retakes: Retakes, project: str) -> bytes:
    """A completed retake-removal result (contract A6) as JSON."""
    return wire.body(
        wire.RetakeRemovalResultResponse.model_validate(
            {
                "project_id": project,
                "status": "completed",
                "words": [
                    {
                        "i": w.i,
                        "start": to_seconds(w.start),
                        "end": to_seconds(w.end),
                        "text": w.text,
                        "confidence": 0.0 if w.confidence is None else w.confidence,
                        "source": w.source or "transcript",
                    }
                    for w in retakes.words
                ],
                "remove_spans": [
                    {"remove_word_start": a, "remove_word_end": b} for a, b in retakes.remove_spans
                ],
                "keep_intervals": [
                    {"start": to_seconds(r.start), "end": to_seconds(r.end)}
                    for r in retakes.keep_intervals
                ],
            }
        )
    )


def transcript_answer(transcript: Transcript, project: str) -> bytes:
    """A completed transcript result (contract A4) as JSON; its origin stands in agent_context."""
    words = []
    for w in transcript.words:
        word: dict[str, object] = {
            "text": w.text,
            "start": to_seconds(w.start),
            "end": to_seconds(w.end),
            "speaker": w.speaker,
        }
        if w.confidence is not None:
            word["confidence"] = w.confidence
        if w.estimated:
            word["estimated"] = True
        words.append(word)
    turns = [
        {
            "speaker": u.speaker,
            "start": to_seconds(u.start),
            "end": to_seconds(u.end),
            "text": " ".join(w.text for w in transcript.words[u.word_start : u.word_end]),
            "word_start_idx": u.word_start,
            "word_end_idx": u.word_end,
        }
        for u in transcript.utterances
    ]
    return wire.body(
        wire.TranscriptionResultResponse.model_validate(
            {
                "project_id": project,
                "status": "completed",
                "language": transcript.language,
                "text": transcript.text,
                "words": words,
                "utterances": turns,
                "agent_context": {**transcript.notes, "origin": transcript.origin},
            }
        )
    )
