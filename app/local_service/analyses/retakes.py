"""Abandoned starts that are said again, found in a transcript (`python -m …`, see `worker`)."""

from __future__ import annotations

import sys

from app.core.retake_evidence import from_transcript
from app.core.review import Footage
from app.core.timerange import to_seconds
from app.core.transcript import Transcript
from app.local_service.analyses import transcript
from app.local_service.analyses.worker import Job, Report, run
from app.services import wire

UNDOUBTED = 1.0
"""The contract wants a number for each word; words somebody wrote down are not in doubt."""


def analyse(job: Job, report: Report) -> bytes:
    """The retake answer, from the transcript at hand or from one made now."""
    said = _transcript(job, report)
    report("Looking for retakes", 1.0)
    found = from_transcript(said, Footage(job.duration), "local service")
    return wire.body(
        wire.RetakeRemovalResultResponse(
            project_id=job.project_id,
            status="completed",
            words=[
                wire.RetakeRemovalWord(
                    i=w.i,
                    start=to_seconds(w.start),
                    end=to_seconds(w.end),
                    text=w.text,
                    confidence=UNDOUBTED if w.confidence is None else w.confidence,
                    source=w.source,
                )
                for w in found.words
            ],
            remove_spans=[
                wire.RetakeRemovalSpan(remove_word_start=first, remove_word_end=end)
                for first, end in found.remove_spans
            ],
            keep_intervals=[
                wire.RetakeRemovalKeepInterval(start=to_seconds(k.start), end=to_seconds(k.end))
                for k in found.keep_intervals
            ],
        )
    )


def _transcript(job: Job, report: Report) -> Transcript:
    if job.use_full:
        answer = wire.read(wire.TranscriptionResultResponse, job.full.read_bytes())
        return answer.to_core(job.duration, "local")
    found, _ = transcript.find(job, report)
    return found


if __name__ == "__main__":
    sys.exit(run(analyse))
