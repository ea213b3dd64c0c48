"""What is said in a video, from the best source at hand (`python -m …`, see `worker`)."""

from __future__ import annotations

import sys
from dataclasses import replace

from app.core.errors import MediaError
from app.core.timerange import to_seconds
from app.core.transcript import Transcript, Utterance
from app.interchange.read_transcript import read_transcript
from app.local_service.analyses.align import align
from app.local_service.analyses.recognise import recognise
from app.local_service.analyses.subtitles import subtitle_text
from app.local_service.analyses.worker import Job, Report, run, write_atomically
from app.services import wire

_ORIGINS = {
    "captions": "captions that were beside the video",
    "subtitle track": "a subtitle track inside the video",
    "recognised": "recognised on this computer, roughly; many words are wrong",
}
_TIMES = {
    "given": "the source gives a time for each word",
    "aligned": "captions' words, aligned to the sound on this computer",
    "estimated": "each word's share of its caption, not heard",
}


def analyse(job: Job, report: Report) -> bytes:
    """The transcript answer; the whole of it is kept in `job.full` for the retakes."""
    transcript, word_times = find(job, report)
    whole = answer(job, transcript, word_times)
    write_atomically(job.full, wire.body(whole))
    wanted = set(job.outputs)
    for name in ("text", "speakers", "utterances", "words"):
        if name not in wanted:
            setattr(whole, name, None)
    return wire.body(whole)


def find(job: Job, report: Report) -> tuple[Transcript, str]:
    """The transcript and whether its word times are "given", "aligned" or "estimated".

    Best source first: captions handed over, a subtitle track, English recognised. Raises
    MediaError where there is none of them.
    """
    said = _written(job, report)
    if said is None:
        return _recognised(job, report), "given"
    said = replace(said, language=job.language)
    if not any(w.estimated for w in said.words):
        return said, "given"
    if job.language != "en" or not job.has_audio:
        return said, "estimated"
    heard = align(said, job.source, lambda t: report("Placing the words", t / job.duration))
    placed = any(
        was.estimated and not now.estimated
        for was, now in zip(said.words, heard.words, strict=True)
    )
    return heard, "aligned" if placed else "estimated"


def _written(job: Job, report: Report) -> Transcript | None:
    report("Looking for captions", 0.0)
    if job.captions is not None:
        text = job.captions.read_text("utf-8")
        return read_transcript(job.captions_name, text, job.language)
    inside = subtitle_text(job.source)
    if inside:
        return replace(
            read_transcript("subtitles.srt", inside, job.language), origin="subtitle track"
        )
    return None


def _recognised(job: Job, report: Report) -> Transcript:
    if not job.has_audio:
        raise MediaError(
            "There is no transcript: the video has no sound, and no captions were found.",
            "Put a captions file of the same name beside the video (.srt, .vtt, .ass or .json) "
            "and analyse again.",
        )
    if job.language != "en":
        raise MediaError(
            "There is no transcript: this computer can recognise English only, and no captions "
            "were found.",
            "Put a captions file of the same name beside the video (.srt, .vtt, .ass or .json) "
            "and analyse again, or use a NanoClip key.",
        )
    words = recognise(job.source, lambda t: report("Listening", t / job.duration))
    return Transcript(tuple(words), language="en", origin="recognised")


def answer(job: Job, said: Transcript, word_times: str) -> wire.TranscriptionResultResponse:
    """With all four outputs, whatever was asked for."""
    told = any(w.speaker is not None for w in said.words) and said.origin != "recognised"
    words = [wire.wire_word(w if told else replace(w, speaker=0)) for w in said.words]
    turns = said.turns()
    return wire.TranscriptionResultResponse(
        project_id=job.project_id,
        status="completed",
        language=said.language,
        agent_context=_context(job, said, word_times, told=told),
        text=said.text or " ".join(w.text for w in said.words),
        words=words,
        utterances=[_utterance(t, said, told=told) for t in turns],
        speakers=_speakers(turns, told=told),
    )


def _context(job: Job, said: Transcript, word_times: str, *, told: bool) -> dict[str, str]:
    context = {
        **said.notes,
        "time_unit": "seconds",
        "time_origin": "start of source video",
        "word_indices": "word_start_idx inclusive, word_end_idx exclusive",
        "origin": said.origin,
        "origin_note": _ORIGINS.get(said.origin, said.origin),
        "word_times": word_times,
        "word_times_note": _TIMES[word_times],
        "speaker_ids": "as the captions name them",
    }
    if not told:
        context["speaker_ids"] = "always 0: this computer cannot tell speakers apart"
        if job.diarize:
            context["diarize"] = "asked for, not done: this computer cannot tell speakers apart"
    return context


def _utterance(turn: Utterance, said: Transcript, *, told: bool) -> wire.TranscriptUtterance:
    return wire.TranscriptUtterance(
        speaker=turn.speaker if told else 0,
        start=to_seconds(turn.start),
        end=to_seconds(turn.end),
        text=" ".join(w.text for w in said.words[turn.word_start : turn.word_end]),
        word_start_idx=turn.word_start,
        word_end_idx=turn.word_end,
    )


def _speakers(turns: tuple[Utterance, ...], *, told: bool) -> list[wire.TranscriptSpeaker]:
    totals: dict[int, list[int]] = {}
    for turn in turns:
        speaker = turn.speaker if told else 0
        if speaker is not None:
            totals.setdefault(speaker, []).append(turn.end - turn.start)
    return [
        wire.TranscriptSpeaker(
            speaker=speaker, total_duration=to_seconds(sum(lengths)), utterance_count=len(lengths)
        )
        for speaker, lengths in sorted(totals.items())
    ]


if __name__ == "__main__":
    sys.exit(run(analyse))
