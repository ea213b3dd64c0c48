"""The contract, walked over HTTP against the real service in its own process."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SAID = ("we", "start", "at", "we", "start", "at", "the", "very", "first", "day")
CAPTIONS = {
    "filename": "clip.json",
    "text": json.dumps(
        {
            "words": [
                {"text": t, "start": 0.2 * i, "end": 0.2 * i + 0.15, "speaker": i // 6}
                for i, t in enumerate(SAID)
            ]
        }
    ),
}


def test_the_whole_way_from_upload_to_every_result(service: Any, clip: Path) -> None:
    project = service.ready(clip)
    status, shown = service.call("GET", project)
    assert status == 200
    assert shown["status"] == "ready"
    assert abs(shown["duration"] - 3.0) < 0.1
    assert (shown["width"], shown["height"]) == (192, 108)
    assert service.call("POST", f"{project}/captions", CAPTIONS)[0] == 200
    status, started = service.call("POST", f"{project}/vision", {})
    assert status == 202
    assert started["analysis"] == "vision"
    assert service.call("POST", f"{project}/transcript", {"language": "en"})[0] == 202
    assert service.call("POST", f"{project}/retake-removal", {"language": "en"})[0] == 202
    vision = service.wait(f"{project}/vision")
    assert [round(s["after_frame"]["timestamp"], 2) for s in vision["scenes"]] == [1.0, 2.0]
    assert len(vision["faces"]) == 15
    transcript = service.wait(f"{project}/transcript")
    assert transcript["agent_context"]["origin"] == "captions"
    assert transcript["agent_context"]["word_times"] == "given"
    assert [s["speaker"] for s in transcript["speakers"]] == [0, 1]
    retakes = service.wait(f"{project}/retake-removal")
    assert retakes["remove_spans"] == [{"remove_word_start": 0, "remove_word_end": 3}]
    assert len(retakes["words"]) == 10


def test_a_missing_key_and_a_wrong_one_are_told_apart(service: Any) -> None:
    assert service.call("GET", "/v1/me", token=None) == (401, {"detail": "Missing API key"})
    assert service.call("GET", "/v1/me", token="other") == (401, {"detail": "Invalid API key"})
    assert service.call("GET", "/v1/nothing", token=None)[0] == 401


def test_prices_are_zero_and_there_is_no_balance(service: Any) -> None:
    status, me = service.call("GET", "/v1/me")
    assert status == 200
    assert set(me["billing"]["pricing"].values()) == {0}
    assert me["billing"].get("credit_balance_cents") is None


def test_unknown_projects_and_unstarted_analyses_are_404(service: Any, clip: Path) -> None:
    assert service.call("GET", "/v1/projects/proj_nothing")[0] == 404
    assert service.call("GET", "/v1/projects/..%2F..%2Fetc")[0] == 404
    project = service.ready(clip)
    for analysis in ("transcript", "vision", "retake-removal", "other"):
        assert service.call("GET", f"{project}/{analysis}")[0] == 404


def test_analyses_before_the_upload_are_409(service: Any) -> None:
    project = f"/v1/projects/{service.create()['project_id']}"
    said = {"detail": "Project upload must be completed before running analysis"}
    assert service.call("POST", f"{project}/vision", {}) == (409, said)
    assert service.call("POST", f"{project}/upload/complete")[0] == 409
    assert service.call("GET", project)[1]["status"] == "created"


def test_other_kinds_are_415_and_sizes_beyond_the_limit_413(start: Callable[..., Any]) -> None:
    service = start("--max-upload", "1000")
    asked = {"filename": "a.pdf", "content_type": "application/pdf", "size_bytes": 10}
    assert service.call("POST", "/v1/projects/upload", asked)[0] == 415
    asked = {"filename": "a.mp4", "content_type": "video/mp4", "size_bytes": 1001}
    assert service.call("POST", "/v1/projects/upload", asked)[0] == 413
    made = service.create(size=None)
    assert service.put(made["upload_url"], bytes(1001)) == 413


def test_refused_fields_are_listed_with_place_message_and_type(service: Any, clip: Path) -> None:
    project = service.ready(clip)
    for analysis, body in (
        ("retake-removal", {"language": "en", "requested_outputs": ["words"]}),
        ("retake-removal", {}),
        ("transcript", {"language": "tlh"}),
        ("transcript", {"language": "en", "diarize": "yes"}),
        ("vision", {"requested_outputs": ["scenes", "cars"]}),
        ("vision", []),
    ):
        status, answer = service.call("POST", f"{project}/{analysis}", body)
        assert status == 422, (analysis, body)
        assert all({"loc", "msg", "type"} <= set(e) for e in answer["detail"])
        assert answer["detail"][0]["loc"][0] == "body"
    status, answer = service.call("POST", f"{project}/vision", raw=b"{not json")
    assert status == 422
    assert answer["detail"][0]["type"] == "json_invalid"


def test_sound_alone_has_a_transcript_only(
    service: Any, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    sound = make_clip(tmp_path / "voice.m4a", [0, 0], video=False)
    project = service.ready(sound, "audio/mp4")
    assert service.call("GET", project)[1]["source"]["media_kind"] == "audio"
    assert service.call("POST", f"{project}/vision", {})[0] == 422
    assert service.call("POST", f"{project}/retake-removal", {"language": "en"})[0] == 422
    assert service.call("POST", f"{project}/transcript", {"language": "en"})[0] == 202


def test_a_text_file_named_mp4_fails_with_its_own_name(service: Any) -> None:
    made = service.create("holiday.mp4", size=5)
    assert service.put(made["upload_url"], b"hello") == 200
    project = f"/v1/projects/{made['project_id']}"
    status, answer = service.call("POST", f"{project}/upload/complete")
    assert status == 422
    assert "holiday.mp4" in answer["detail"]
    assert service.call("GET", project)[1]["status"] == "failed"


def test_only_the_exact_bytes_count_as_an_upload(service: Any, clip: Path) -> None:
    data = clip.read_bytes()
    made = service.create(size=len(data))
    assert service.put(made["upload_url"], data[:-1]) == 400
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    connection.putrequest("PUT", made["upload_url"].split(str(service.port))[1])
    connection.putheader("Content-Length", str(len(data)))
    connection.endheaders(data[:1000])
    connection.close()
    time.sleep(0.2)
    project = f"/v1/projects/{made['project_id']}"
    assert service.call("POST", f"{project}/upload/complete")[0] == 409
    assert not list(service.data.glob(f"projects/{made['project_id']}/*.part"))
    assert service.put(made["upload_url"], data) == 200
    assert service.call("POST", f"{project}/upload/complete")[0] == 200
    assert service.call("POST", f"{project}/upload/complete")[0] == 200
    assert service.put(made["upload_url"], data) == 409


def test_a_changed_or_expired_address_is_403(start: Callable[..., Any]) -> None:
    service = start("--upload-expires", "1")
    made, other = service.create(size=3), service.create(size=3)
    assert made["upload_expires_in_seconds"] == 1
    assert service.put(made["upload_url"].replace("signature=", "signature=0"), b"abc") == 403
    swapped = made["upload_url"].replace(made["project_id"], other["project_id"])
    assert service.put(swapped, b"abc") == 403
    later = made["upload_url"].replace("expires=", "expires=9")
    assert service.put(later, b"abc") == 403
    time.sleep(1.1)
    assert service.put(made["upload_url"], b"abc") == 403


def test_starting_again_gives_what_there_is(service: Any, clip: Path) -> None:
    project = service.ready(clip)
    asked = {"requested_outputs": ["scenes"]}
    _, first = service.call("POST", f"{project}/vision", asked)
    result = service.wait(f"{project}/vision")
    assert "faces" not in result
    assert "face_tracks" not in result
    status, again = service.call("POST", f"{project}/vision", {})
    assert status == 202
    assert again["status"] == "completed"
    assert again["requested_outputs"] == ["scenes"]
    assert again["created_at"] == first["created_at"]


def test_without_captions_other_languages_fail_until_captions_come(
    service: Any, clip: Path
) -> None:
    project = service.ready(clip)
    service.call("POST", f"{project}/transcript", {"language": "de"})
    failed = service.wait(f"{project}/transcript")
    assert failed["status"] == "failed"
    assert "English only" in failed["error"]
    assert "captions file" in failed["error"]
    text = "1\n00:00:00,000 --> 00:00:02,000\nGuten Tag zusammen\n"
    given = {"filename": "clip.srt", "text": text}
    assert service.call("POST", f"{project}/captions", given)[0] == 200
    asked = {"language": "de", "requested_outputs": ["words"]}
    status, started = service.call("POST", f"{project}/transcript", asked)
    assert status == 202
    assert started["status"] in ("queued", "processing")
    done = service.wait(f"{project}/transcript")
    assert [w["text"] for w in done["words"]] == ["Guten", "Tag", "zusammen"]
    assert all(w["estimated"] for w in done["words"])
    assert done["agent_context"]["word_times"] == "estimated"
    assert not {"text", "utterances", "speakers"} & set(done)


def test_captions_that_cannot_be_read_are_refused_with_a_sentence(service: Any, clip: Path) -> None:
    project = service.ready(clip)
    given = {"filename": "clip.srt", "text": "no captions at all"}
    status, answer = service.call("POST", f"{project}/captions", given)
    assert status == 422
    assert "clip.srt" in answer["detail"]


def test_a_cancelled_analysis_was_never_started(
    service: Any, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    project = service.ready(make_clip(tmp_path / "long.mp4", [30, 200] * 20))
    service.call("POST", f"{project}/vision", {})
    deadline = time.monotonic() + 20
    seen: dict[str, Any] = {}
    while not seen.get("progress") and time.monotonic() < deadline:
        seen = service.call("GET", f"{project}/vision")[1]
        time.sleep(0.05)
    assert seen["status"] == "processing"
    assert 0 < seen["progress"] < 1
    assert seen["stage"] == "Looking for scenes and faces"
    status, answer = service.call("POST", f"{project}/vision/cancel")
    assert (status, answer["status"]) == (200, "cancelled")
    assert service.call("GET", f"{project}/vision")[0] == 404
    assert service.call("POST", f"{project}/vision/cancel")[0] == 404


def test_a_restart_goes_on_with_unfinished_jobs(
    start: Callable[..., Any], make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    first = start()
    project = first.ready(make_clip(tmp_path / "long.mp4", [30, 200] * 6))
    first.call("POST", f"{project}/vision", {})
    first.stop(kill=True)
    second = start()
    assert second.call("GET", project)[1]["status"] == "ready"
    done = second.wait(f"{project}/vision")
    assert done["status"] == "completed"
    assert len(done["scenes"]) == 11
    second.stop()
    third = start()
    assert third.call("GET", f"{project}/vision") == (200, done)
