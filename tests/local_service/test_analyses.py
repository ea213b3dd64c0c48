"""What the analyses find in clips made on the spot and, where it is at hand, in real footage."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import MediaError
from app.local_service.analyses import retakes, transcript, vision
from app.local_service.analyses.sound import BYTES, Window, chunks
from app.local_service.analyses.subtitles import subtitle_text
from app.local_service.analyses.tracks import Sighting, Track, parted
from app.local_service.analyses.worker import Job
from app.media.ffmpeg import find_ffmpeg
from app.services import wire


def job(source: Path, folder: Path, **more: object) -> Job:
    given: dict[str, object] = {
        "project_id": "proj_test",
        "source": source,
        "out": folder / "out.json",
        "full": folder / "full.json",
        "duration": 3_000_000,
        "outputs": ["text", "words", "utterances", "speakers", "faces", "face_tracks", "scenes"],
    }
    return Job.model_validate(given | more)


def silent(_stage: str, _fraction: float) -> None:
    return


def test_captions_without_word_times_keep_estimates_where_nothing_is_heard(
    clip: Path, tmp_path: Path
) -> None:
    captions = tmp_path / "captions"
    captions.write_text("1\n00:00:00,000 --> 00:00:02,000\nBonjour à tous\n", "utf-8")
    asked = job(clip, tmp_path, language="fr", captions=captions, captions_name="clip.srt")
    found, times = transcript.find(asked, silent)
    assert times == "estimated"
    assert [w.estimated for w in found.words] == [True, True, True]


def test_silence_is_a_transcript_without_words(clip: Path, tmp_path: Path) -> None:
    answer = json.loads(transcript.analyse(job(clip, tmp_path), silent))
    assert answer["words"] == []
    assert answer["agent_context"]["origin"] == "recognised"


def test_a_video_without_sound_and_captions_says_so(
    make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    mute = make_clip(tmp_path / "mute.mp4", [50], sound=False)
    with pytest.raises(MediaError, match="no sound"):
        transcript.find(job(mute, tmp_path, has_audio=False), silent)


def test_a_subtitle_track_inside_the_video_is_read(clip: Path, tmp_path: Path) -> None:
    text = "1\n00:00:00,500 --> 00:00:01,500\nHej på dig,\nvärlden\n\n"
    (tmp_path / "s.srt").write_text(text, "utf-8")
    for name, codec in (("with.mkv", "srt"), ("with.mp4", "mov_text")):
        inputs = ["-i", str(clip), "-i", str(tmp_path / "s.srt")]
        command = [str(find_ffmpeg()), "-v", "error", *inputs, "-c", "copy", "-c:s", codec]
        subprocess.run([*command, "-map", "0", "-map", "1", str(tmp_path / name)], check=True)
        assert "Hej på dig,\nvärlden" in subtitle_text(tmp_path / name)
        asked = job(tmp_path / name, tmp_path, language="sv", diarize=True)
        answer = json.loads(transcript.analyse(asked, silent))
        assert answer["agent_context"]["origin"] == "subtitle track"
        assert "not done" in answer["agent_context"]["diarize"]
        assert abs(answer["words"][0]["start"] - 0.5) < 0.1
        assert {w["speaker"] for w in answer["words"]} == {0}
    assert subtitle_text(clip) == ""


def test_sound_is_cut_where_it_is_quietest_and_nothing_is_lost() -> None:
    rng = np.random.default_rng(0)
    loud = rng.integers(-9000, 9000, 16_000 * 30).astype("<i2")
    loud[16_000 * 8 : 16_000 * 8 + 8000] = 0
    pcm = loud.tobytes()
    found = list(chunks(pcm[i : i + 4096] for i in range(0, len(pcm), 4096)))
    assert b"".join(c.pcm for c in found) == pcm
    assert 8_000_000 < found[1].start < 8_500_000
    assert all(len(c.pcm) <= 12 * BYTES for c in found)
    assert not found[0].silent


def test_a_window_gives_any_part_in_order() -> None:
    pcm = np.arange(32_000, dtype="<i2").tobytes()

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(pcm), 1000):
            yield pcm[at : at + 1000]

    window = Window(pieces())
    assert window.part(0, 100_000) == pcm[:3200]
    assert window.part(50_000, 150_000) == pcm[1600:4800]
    assert window.part(1_900_000, 3_000_000) == pcm[60_800:]
    assert window.part(2_500_000, 3_000_000) == b""


def test_no_track_reaches_across_a_cut() -> None:
    seen = {k: Sighting((0.0, 0.0, 9.0, 9.0), 1.0, 0.0) for k in range(10)}
    parts = parted([Track(seen)], [200_000 * k for k in range(10)], [900_000, 1_700_000])
    assert [(t.first, t.last) for t in parts] == [(0, 4), (5, 8)]


def test_no_faces_are_found_where_there_are_none(clip: Path, tmp_path: Path) -> None:
    answer = wire.VisionResultResponse.model_validate_json(
        vision.analyse(job(clip, tmp_path), silent)
    )
    assert answer.face_tracks == []
    assert answer.asd is not None
    assert not answer.asd.ran
    assert answer.to_core(3_000_000).scenes.cuts == (1_000_000, 2_000_000)


def test_real_captions_are_aligned_to_what_is_heard(interview: Path, tmp_path: Path) -> None:
    truth = json.loads(interview.with_name("interview.words.json").read_text("utf-8"))["words"]
    captions = tmp_path / "captions"
    cues = [truth[0:7], truth[7:22], truth[22:]]
    lines = [
        f"{n}\n{clock(c[0]['start'])} --> {clock(c[-1]['end'])}\n"
        + " ".join(w["text"] for w in c)
        + "\n"
        for n, c in enumerate((c for c in cues if c), 1)
    ]
    captions.write_text("\n".join(lines), "utf-8")
    asked = job(
        interview, tmp_path, captions=captions, captions_name="interview.srt", duration=26_986_000
    )
    found, times = transcript.find(asked, silent)
    assert times == "aligned"
    assert len(found.words) == len(truth)
    late = [abs(w.start / 1e6 - t["start"]) for w, t in zip(found.words, truth, strict=True)]
    assert sorted(late)[len(late) // 2] < 0.1
    assert not any(w.estimated for w in found.words)


def clock(seconds: float) -> str:
    return f"00:00:{int(seconds):02},{int(seconds * 1000) % 1000:03}"


@pytest.mark.long
def test_real_faces_and_cuts_are_found(interview: Path, tmp_path: Path) -> None:
    answer = wire.VisionResultResponse.model_validate_json(
        vision.analyse(job(interview, tmp_path, duration=26_986_000), silent)
    ).to_core(26_986_000)
    assert [round(c / 1e6, 2) for c in answer.scenes.cuts] == [6.8, 16.1, 22.0, 24.57]
    # Three people close, two with their heads tilted, then one.
    for t, count in ((2_000_000, 3), (10_000_000, 2), (23_000_000, 1), (26_000_000, 1)):
        assert len(answer.faces.boxes_at(t, answer.scenes.cuts)) == count


@pytest.mark.long
def test_the_false_start_is_found_in_rough_words(interview: Path, tmp_path: Path) -> None:
    asked = job(interview, tmp_path, duration=26_986_000)
    answer = wire.RetakeRemovalResultResponse.model_validate_json(retakes.analyse(asked, silent))
    found = answer.to_core(26_986_000, "local")
    assert len(found.remove_spans) == 1
    assert 5_300_000 < found.keep_intervals[0].start < 6_500_000
