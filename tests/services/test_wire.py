"""Answers of every shape the contract allows, and what they become."""

from __future__ import annotations

import asyncio
import json
import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import ServiceError
from app.core.faces import NO_CLUSTER
from app.core.timerange import TimeRange
from app.core.transcript import Word
from app.services import wire
from app.services.parsing import Parser
from tests.services.fake_cloud import RETAKES, TRANSCRIPT, VISION

TEN = 10_000_000


def done(**fields: object) -> bytes:
    return json.dumps({"project_id": "p", "status": "completed", **fields}).encode()


def test_a_transcript_becomes_words_turns_and_speakers() -> None:
    found = wire.parse("transcript", done(**TRANSCRIPT), TEN)
    assert [(w.text, w.start, w.end, w.speaker, w.confidence) for w in found.words] == [
        ("Ask", 500_000, 800_000, 0, 1.0),
        ("not", 900_000, 1_200_000, 0, None),
        ("what.", 1_300_000, 1_700_000, 1, 0.5),
    ]
    assert found.origin == "nanoclip"
    assert found.language == "en"
    assert found.speakers[0].total_duration == 700_000


def test_word_indices_that_cannot_be_are_replaced_by_time() -> None:
    found = wire.parse("transcript", done(**TRANSCRIPT), TEN)
    assert [(u.word_start, u.word_end) for u in found.utterances] == [(0, 2), (2, 3)]


def test_words_keep_their_order_and_are_clamped_to_the_film() -> None:
    words = [
        {"text": "b", "start": 5, "end": 4.5, "speaker": None},
        {"text": "a", "start": -1.0, "end": 0.5},
        {"text": "c", "start": 1e300, "end": 1e300},
    ]
    found = wire.parse("transcript", done(words=words), TEN)
    assert [(w.text, w.start, w.end) for w in found.words] == [
        ("b", 5_000_000, 5_000_000),
        ("a", 0, 500_000),
        ("c", TEN, TEN),
    ]
    assert found.text == "b a c"


@pytest.mark.parametrize("absent", [{}, {"words": None, "utterances": None, "speakers": None}])
def test_absent_and_null_lists_are_empty(absent: dict[str, None]) -> None:
    assert wire.parse("transcript", done(**absent), TEN).words == ()
    seen = wire.parse("vision", done(faces=None), TEN)
    assert not seen.faces.times
    assert seen.scenes.cuts == ()


def test_the_local_service_says_where_words_came_from_and_the_cloud_cannot() -> None:
    raw = done(words=[], agent_context={"origin": "recognised"})
    assert wire.parse("transcript", raw, TEN, "local").rough
    assert wire.parse("transcript", raw, TEN).origin == "nanoclip"
    assert wire.parse("transcript", done(words=[]), TEN, "local").origin == "captions"


def test_both_scene_shapes_are_read_and_the_rest_is_skipped() -> None:
    assert wire.parse("vision", done(**VISION), TEN).scenes.cuts == (2_600_000, 5_000_000)


def test_boxes_are_turned_the_right_way_and_clamped() -> None:
    boxes = [[0.6, 0.2, 0.4, 0.5], [-1, 0.1, 2, 0.2], [0.3, 0.1, 0.3, 0.9]]
    frame = {"t": 1.0, "detections": [{"box": b} for b in boxes]}
    found = wire.parse("vision", done(faces=[frame]), TEN).faces
    shown = [tuple(round(v, 4) for v in (b.x1, b.y1, b.x2, b.y2)) for b in found.frame(0)]
    assert shown == [(0.4, 0.2, 0.6, 0.5), (0.0, 0.1, 1.0, 0.2)]
    assert {b.cluster for b in found.frame(0)} == {NO_CLUSTER}


def test_frames_without_a_face_stay_and_speaking_is_optional() -> None:
    seen = wire.parse("vision", done(**VISION), TEN)
    assert list(seen.faces.times) == [100_000, 300_000]
    assert seen.faces.frame(0) == ()
    assert seen.faces.frame(1)[0].speaking == pytest.approx(0.8)
    assert seen.asd_ran is False
    assert seen.faces.tracks[0].person == "c4"


def test_retakes_are_read_with_both_readings() -> None:
    found = wire.parse("retakes", done(**RETAKES), TEN)
    assert found.reading == "exclusive"
    assert found.keep_intervals == (TimeRange(0, 1_900_000), TimeRange(3_950_000, TEN))
    whole = {**RETAKES, "remove_spans": [{"remove_word_start": 2, "remove_word_end": 3}]}
    assert wire.parse("retakes", done(**whole), TEN).reading == "inclusive"
    assert wire.parse("retakes", done(**RETAKES), TEN, "local").origin == "local service"


def test_keep_intervals_that_do_not_come_are_made_from_the_spans() -> None:
    found = wire.parse("retakes", done(**{**RETAKES, "keep_intervals": []}), TEN)
    assert found.keep_intervals == (TimeRange(0, 2_000_000), TimeRange(3_800_000, TEN))
    assert any("keep intervals" in w for w in found.warnings)


def test_spans_outside_the_words_are_shortened_and_reported() -> None:
    spans = [
        {"remove_word_start": 6, "remove_word_end": 99},
        {"remove_word_start": 5, "remove_word_end": 4},
        {"remove_word_start": 50, "remove_word_end": 60},
    ]
    found = wire.parse("retakes", done(**{**RETAKES, "remove_spans": spans}), TEN)
    assert found.remove_spans == ((6, 8),)
    assert len(found.warnings) == 3


def test_odd_keep_intervals_are_cleaned() -> None:
    keep = [{"start": 5, "end": 3}, {"start": None, "end": 1}, {"start": 4, "end": 400}]
    found = wire.parse("retakes", done(**{**RETAKES, "keep_intervals": keep}), TEN)
    assert found.keep_intervals == (TimeRange(3_000_000, TEN),)
    assert any("finite" in w for w in found.warnings)


def test_a_finished_retake_answer_without_any_list_is_no_result() -> None:
    with pytest.raises(ServiceError, match="holds no result"):
        wire.parse("retakes", done(), TEN)


def test_said_again_comes_from_the_local_service() -> None:
    again = [{"start": 1.9, "end": 3.95, "again_start": 4, "again_end": 5}]
    found = wire.parse("retakes", done(**RETAKES, said_again=again), TEN, "local")
    assert found.said_again[TimeRange(1_900_000, 3_950_000)] == TimeRange(4_000_000, 5_000_000)


def test_values_written_as_answers_are_read_back_the_same() -> None:
    heard = wire.parse("transcript", done(**TRANSCRIPT), TEN)
    heard = replace(
        heard,
        origin="imported",
        notes={**wire.AGENT_CONTEXT, "origin": "imported"},
        words=(*heard.words, Word("éé", 1_900_001, 2_000_003, None, None, estimated=True)),
    )
    raw = wire.body(wire.TranscriptionResultResponse.of(heard))
    assert wire.parse("transcript", raw, TEN, "local") == heard
    seen = wire.parse("vision", done(**VISION), TEN)
    again = wire.parse("vision", wire.body(wire.VisionResultResponse.of(seen)), TEN, "local")
    assert again.scenes == seen.scenes
    assert again.faces.tracks == seen.faces.tracks
    assert again.faces.frame(1) == seen.faces.frame(1)
    assert again.asd_reason == "one face"
    taken = wire.parse("retakes", done(**RETAKES), TEN)
    gap, kept = TimeRange(1_900_000, 3_950_000), TimeRange(4_000_001, 5_000_003)
    taken = replace(taken, origin="transcript", said_again={gap: kept})
    raw = wire.body(wire.RetakeRemovalResultResponse.of(taken))
    assert wire.parse("retakes", raw, TEN, "local") == taken


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("queued", "pending"),
        ("processing", "pending"),
        ("running", "pending"),
        ("levitating", "pending"),
        ("completed", "completed"),
        ("failed", "failed"),
    ],
)
def test_unknown_states_are_pending(word: str, state: str) -> None:
    assert wire.Result(project_id="p", status=word).state == state


def test_unknown_fields_are_kept() -> None:
    raw = done(words=[{"text": "a", "start": 0, "end": 1, "new": 3}], later={"x": 1})
    answer = wire.read(wire.TranscriptionResultResponse, raw)
    assert json.loads(wire.body(answer))["later"] == {"x": 1}
    assert json.loads(wire.body(answer))["words"][0]["new"] == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b'{"status": "completed"}',
        b'{"project_id": "p", "status": "completed", "words": [{"text": 3, "start": 0, "end": 1}]}',
        b'{"project_id": "p", "status": "completed", "words": [{"text": "a", "start": NaN, '
        b'"end": 1}]}',
        b'{"project_id": "p", "status": "completed", "words": [{"text": "a", "start": 1e999, '
        b'"end": 1}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_not_the_contract_is_a_sentence(raw: bytes) -> None:
    with pytest.raises(ServiceError, match="answered something that is not"):
        wire.parse("transcript", raw, TEN)


def test_a_track_number_beyond_all_bounds_is_refused_not_a_crash() -> None:
    frame = {"t": 0, "detections": [{"box": [0, 0, 1, 1], "track_id": 2**40}]}
    with pytest.raises(ServiceError):
        wire.parse("vision", done(faces=[frame]), TEN)


def test_an_error_never_shows_a_signed_address() -> None:
    raw = b'{"project_id": "p", "upload_url": "https://s.example/x?X-Amz-Signature=canary"}'
    with pytest.raises(ServiceError) as caught:
        wire.read(wire.UploadProjectResponse, raw)
    assert "canary" not in caught.value.detail
    assert "s.example" in caught.value.detail


def test_a_retake_request_has_one_field() -> None:
    assert wire.body(wire.RetakeRemovalRequest(language="he")) == b'{"language":"he"}'
    with pytest.raises(ValueError, match="extra_forbidden"):
        wire.RetakeRemovalRequest.model_validate({"language": "he", "requested_outputs": []})


def test_the_detail_of_an_error_is_text_or_a_list() -> None:
    assert wire.ErrorBody(detail="no").said == "no"
    listed = {"detail": [{"loc": ["body", "language"], "msg": "bad", "type": "enum"}]}
    assert wire.ErrorBody.model_validate(listed).said == "body.language: bad"


def test_a_large_answer_is_read_in_another_process() -> None:
    words = [{"text": f"w{i}", "start": i * 0.1, "end": i * 0.1 + 0.05} for i in range(5000)]
    raw = done(words=words)
    assert len(raw) > 200_000
    frames = [{"t": k / 5, "detections": [{"box": [0, 0, 1, 1]}]} for k in range(3000)]

    async def main() -> None:
        async with Parser() as parser:
            assert parser._pool is None
            found = await parser.parse_off_thread("transcript", raw, 600_000_000)
            assert parser._pool is not None
            assert found == wire.parse("transcript", raw, 600_000_000)
            seen = await parser.parse_off_thread("vision", done(faces=frames), 600_000_000)
            assert len(seen.faces.times) == 3000
            assert math.isnan(seen.faces.speaking[0])
            with pytest.raises(ServiceError, match="not what its contract says") as caught:
                await parser.parse_off_thread("retakes", raw.replace(b'"w0"', b"7"), 1)
            assert caught.value.hint

    asyncio.run(main())


@pytest.mark.parametrize("there", [True, False], ids=["a folder", "no folder"])
def test_a_large_answer_leaves_no_file_behind_and_needs_none(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path if there else tmp_path / "none"))
    raw = done(words=[{"text": "w", "start": 0.1, "end": 0.2}] * 6000)

    async def main() -> None:
        async with Parser() as parser:
            await parser.start()
            state, found = await parser.outcome("transcript", raw, TEN)
            assert (state.state, found) == ("completed", wire.parse("transcript", raw, TEN))

    asyncio.run(main())
    assert not list(tmp_path.iterdir())


def test_a_kept_answer_that_is_not_finished_is_a_sentence() -> None:
    async def main() -> None:
        async with Parser() as parser:
            raw = b'{"project_id": "p", "status": "running"}'
            with pytest.raises(ServiceError, match="not a finished one"):
                await parser.parse_off_thread("vision", raw, TEN)

    asyncio.run(main())


@pytest.mark.parametrize("times", [(0.0, 0.2, 0.4), (0.4, 0.0, 0.2)])
def test_frames_landed_one_by_one_are_what_the_whole_answer_says(times: tuple[float, ...]) -> None:
    detections: list[list[dict[str, Any]]] = [
        [{"box": [0.6, 0.2, 0.4, 0.5], "score": 0.9, "track_id": 3, "cluster_id": 4}],
        [{"box": [0.1, 0.1, 0.1, 0.9]}, {"box": [-1.0, 0.1, 0.3, 2.0], "speak_conf": 0.5}],
        [{"box": [0.0, 0.0, 1.0, 1.0], "track_id": None, "cluster_id": -7, "unknown": {}}],
    ]
    frames = [{"t": t, "detections": d} for t, d in zip(times, detections, strict=True)]
    answer = {"project_id": "p", "status": "completed", "faces": [*frames, {"t": 9e9}]}
    raw = json.dumps(answer).encode()
    whole = wire.read(wire.VisionResultResponse, raw).to_core(TEN)
    _state, landed = wire.outcome("vision", raw, TEN)
    assert isinstance(landed, wire.Vision)
    for name in ("times", "offsets", "boxes", "scores", "track_ids", "cluster_ids", "tracks"):
        assert getattr(landed.faces, name) == getattr(whole.faces, name)
    assert landed.faces.times.tolist() == [0, 200_000, 400_000, TEN]
    assert len(landed.faces.scores) == 3
