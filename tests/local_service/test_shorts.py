"""The shorts contract, walked over HTTP against the real service in its own process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SETTINGS = {
    "framingMode": "static",
    "analysisMode": "auto",
    "highlightMode": "mixed",
    "clipVolume": "focused",
    "captionBurnIn": False,
    "captionPresetId": "bc-default",
    "videoDescription": "first day of the launch",
}
TEN = {
    "bucket", "key", "contentType", "sizeBytes", "originalFileName", "durationSeconds", "assetId",
    "projectId", "storageClass", "completeToken",
}  # fmt: skip


def said(seconds: int, start: float = 0.5) -> list[dict[str, Any]]:
    """Two words a second, a sentence every four seconds with half a second of pause after it."""
    words = []
    for n in range(int((seconds - start) * 2)):
        text = f"launch{'.' if n % 8 == 6 else ''}" if n % 2 == 0 else "today"
        if n % 8 != 7:
            words.append({"text": text, "start": start + n / 2, "end": start + n / 2 + 0.4})
    return words


@pytest.fixture(scope="module")
def long_clip(make_clip: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clips") / "long.mp4", [30, 200, 90, 160] * 6)


@pytest.fixture(scope="module")
def ready(service: Any, long_clip: Path) -> str:
    """Path of a finished analysis of sentences."""
    upload = service.offer(long_clip, words=said(24))
    _, job = service.shorts("POST", "/analyze", {"upload": upload, "settings": SETTINGS})
    assert service.settled(job["statusUrl"])["status"] == "ready"
    return f"/analyses/{job['jobId']}"


def fields(answer: Any) -> list[str]:
    assert set(answer) == {"error", "issues"}, answer
    assert isinstance(answer["error"], str)
    assert all(set(i) == {"field", "message"} for i in answer["issues"])
    return [i["field"] for i in answer["issues"]]


def test_an_upload_has_all_ten_fields_and_signed_headers(service: Any, clip: Path) -> None:
    asked = {
        "fileName": "podcast.mp4",
        "contentType": "video/mp4",
        "sizeBytes": 734,
        "durationSeconds": 1812.4,
    }
    status, made = service.shorts("POST", "/uploads", asked)
    assert status == 200
    assert set(made["upload"]) == TEN
    assert made["upload"]["storageClass"] == "temporary"
    assert made["upload"]["durationSeconds"] == 1812.4
    assert made["method"] == "PUT"
    assert made["headers"] == {"Content-Type": "video/mp4", "Content-Length": "734"}
    assert service.ask("PUT", made["uploadUrl"], {}, bytes(733))[0] == 400
    forged = made["uploadUrl"].replace("signature=", "signature=0")
    assert service.ask("PUT", forged, {}, bytes(734))[0] == 403


def test_moments_of_sentences_are_ranked_numbered_and_described(service: Any, ready: str) -> None:
    answer = service.shorts("GET", ready)[1]
    assert answer["ready"] is True
    moments = answer["moments"]
    assert [m["number"] for m in moments] == list(range(1, len(moments) + 1))
    assert [m["viralScore"] for m in moments] == sorted(
        (m["viralScore"] for m in moments), reverse=True
    )
    for m in moments:
        assert abs(m["duration"] - (m["endTime"] - m["startTime"])) < 1e-6
        assert set(m["channelScores"]) == {"youtube_shorts", "tiktok", "instagram_reels"}
        assert m["title"].startswith("Launch today")
        assert "words" in m["description"]
        assert "“launch”" in m["description"]
    assert 3 <= len(moments) <= 9


def test_a_missing_key_a_wrong_one_and_no_device_are_refused_in_the_shape_of_part_b(
    service: Any,
) -> None:
    status, _, text = service.ask("GET", "/api/v1/shorts/analyses/job_x", {"X-Device-Id": "a"})
    assert (status, fields(json.loads(text))) == (401, [])
    status, answer = service.shorts("GET", "/analyses/job_x", Authorization="Bearer other")
    assert (status, answer["error"]) == (401, "Invalid API key")
    status, answer = service.shorts("GET", "/analyses/job_x", **{"X-Device-Id": " "})
    assert (status, fields(answer)) == (400, ["X-Device-Id"])


@pytest.mark.parametrize(
    "path", ["/analyses/job_x", "/renders/render_parent_x", "/nothing", "/analyses/..%2F..%2Fetc"]
)
def test_unknown_things_are_404_in_the_shape_of_part_b(service: Any, path: str) -> None:
    status, answer = service.shorts("GET", path)
    assert status == 404
    assert fields(answer) == []


def test_a_wrong_method_is_405_in_the_shape_of_part_b(service: Any) -> None:
    status, answer = service.shorts("GET", "/analyze")
    assert status == 405
    assert fields(answer) == []


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"clipVolume": "many"}, "clipVolume", "must be one of: strict, focused, loose"),
        ({"framingMode": "x"}, "framingMode", "must be one of: subject, grid, static"),
        ({"analysisMode": None}, "analysisMode", "must be one of: auto, full, transcript"),
        ({"highlightMode": 10}, "highlightMode", "must be one of: mixed, 10-30, 30-60, 60-120"),
        ({"captionBurnIn": "yes"}, "captionBurnIn", "must be true or false"),
        ({"videoDescription": 3}, "videoDescription", "must be a text"),
    ],
)
def test_each_setting_is_checked_as_the_sample_words_it(
    service: Any, changed: dict[str, Any], field: str, message: str
) -> None:
    body = {"upload": {}, "settings": {**SETTINGS, **changed}}
    status, answer = service.shorts("POST", "/analyze", body)
    assert status == 422
    assert answer["error"] == "Invalid analysis settings"
    assert answer["issues"] == [{"field": field, "message": f"{field} {message}"}]


def test_bodies_that_are_no_requests_are_refused(service: Any) -> None:
    assert fields(service.shorts("POST", "/analyze", {"upload": {}})[1]) == ["settings"]
    status, _, text = service.ask(
        "POST",
        "/api/v1/shorts/analyze",
        {"Authorization": "Bearer a-token-for-tests", "X-Device-Id": "a"},
        b"{not json",
    )
    assert (status, fields(json.loads(text))) == (422, ["body"])
    status, answer = service.shorts("POST", "/uploads", {"fileName": "", "sizeBytes": 0})
    assert status == 422
    assert set(fields(answer)) == {"fileName", "contentType", "sizeBytes", "durationSeconds"}
    asked = {
        "fileName": "a.pdf",
        "contentType": "application/pdf",
        "sizeBytes": 3,
        "durationSeconds": 1.0,
    }
    assert fields(service.shorts("POST", "/uploads", asked)[1]) == ["contentType"]


def test_analyze_wants_the_upload_as_it_was_answered(service: Any, clip: Path) -> None:
    upload = service.offer(clip)
    for changed, field in (
        ({"completeToken": "other"}, "upload.completeToken"),
        ({"completeToken": None}, "upload.completeToken"),
        ({"assetId": "asset_00"}, "upload.assetId"),
        ({"projectId": "proj_00"}, "upload.projectId"),
        ({"sizeBytes": 1}, "upload.sizeBytes"),
        ({"storageClass": "eternal"}, "upload.storageClass"),
    ):
        body = {"upload": {**upload, **changed}, "settings": SETTINGS}
        status, answer = service.shorts("POST", "/analyze", body)
        assert (status, fields(answer)) == (422, [field])
    without = {k: v for k, v in upload.items() if k != "completeToken"}
    body = {"upload": without, "settings": SETTINGS}
    assert fields(service.shorts("POST", "/analyze", body)[1]) == ["upload.completeToken"]


def test_bytes_that_never_came_or_are_no_film_are_refused_with_a_sentence(
    service: Any, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    asked = {
        "fileName": "holiday.mp4",
        "contentType": "video/mp4",
        "sizeBytes": 5,
        "durationSeconds": 3.0,
    }
    made = service.shorts("POST", "/uploads", asked)[1]
    body = {"upload": made["upload"], "settings": SETTINGS}
    status, answer = service.shorts("POST", "/analyze", body)
    assert (status, fields(answer)) == (422, ["upload"])
    assert service.ask("PUT", made["uploadUrl"], {}, b"hello")[0] == 200
    status, answer = service.shorts("POST", "/analyze", body)
    assert status == 422
    assert "holiday.mp4" in answer["error"]
    sound = service.offer(make_clip(tmp_path / "voice.mp4", [0, 0], video=False))
    status, answer = service.shorts("POST", "/analyze", {"upload": sound, "settings": SETTINGS})
    assert status == 422
    assert "no picture" in answer["error"]


def test_words_that_cannot_be_read_are_refused(service: Any, clip: Path) -> None:
    upload = service.offer(clip)
    path = f"/uploads/{upload['assetId']}/words"
    status, answer = service.shorts("POST", path, {"filename": "a.srt", "text": "none at all"})
    assert (status, fields(answer)) == (422, ["text"])
    assert "a.srt" in answer["error"]
    assert service.shorts("POST", "/uploads/asset_x/words", {"filename": "a", "text": ""})[0] == 404


def test_without_words_scenes_are_moments_and_say_so(service: Any, clip: Path) -> None:
    upload = service.offer(clip)
    body = {"upload": upload, "settings": {**SETTINGS, "analysisMode": "full"}}
    _, job = service.shorts("POST", "/analyze", body)
    answer = service.settled(job["statusUrl"])
    assert answer["status"] == "ready"
    assert answer["moments"]
    for moment in answer["moments"]:
        assert "No words were found" in moment["description"]
        assert "Shorter than the 10 to 120 s asked for" in moment["description"]
        assert moment["startTime"] in (0.0, 1.0, 2.0)


def test_words_alone_fail_where_there_are_none(service: Any, clip: Path) -> None:
    upload = service.offer(clip)
    body = {"upload": upload, "settings": {**SETTINGS, "analysisMode": "transcript"}}
    _, job = service.shorts("POST", "/analyze", body)
    answer = service.settled(job["statusUrl"])
    assert answer["status"] == "failed"
    assert answer["ready"] is False
    assert "No words were found" in answer["error"]


def test_the_same_idempotency_key_gives_the_same_job(service: Any, clip: Path) -> None:
    upload = service.offer(clip, words=said(3, 0.2))
    body = {"upload": upload, "settings": SETTINGS}
    _, first = service.shorts("POST", "/analyze", body, key="k-analyze")
    _, again = service.shorts("POST", "/analyze", body, key="k-analyze")
    _, other = service.shorts("POST", "/analyze", body)
    assert first["jobId"] == again["jobId"] != other["jobId"]
    assert first["dispatch"] == {"attempted": True, "mode": "queue", "ok": True}
    service.settled(first["statusUrl"])
    service.settled(other["statusUrl"])


def test_the_same_bytes_are_not_looked_at_again(service: Any, long_clip: Path) -> None:
    project = service.ready(long_clip)
    service.call("POST", f"{project}/vision", {})
    found = service.wait(f"{project}/vision")
    upload = service.offer(long_clip, words=said(24))
    body = {"upload": upload, "settings": {**SETTINGS, "framingMode": "grid"}}
    began = time.monotonic()
    _, job = service.shorts("POST", "/analyze", body)
    service.settled(job["statusUrl"])
    mine = service.data / "projects" / upload["projectId"]
    taken = json.loads((mine / "vision.json").read_bytes())
    assert taken["project_id"] == upload["projectId"]
    assert taken["faces"] == found["faces"]
    assert taken["scenes"] == found["scenes"]
    assert time.monotonic() - began < 20
    # The bytes themselves lie on the disk once.
    assert (mine / "source").stat().st_nlink > 1


def test_a_cancelled_analysis_fails_as_cancelled(
    service: Any, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    upload = service.offer(make_clip(tmp_path / "slow.mp4", [30, 210] * 20))
    body = {"upload": upload, "settings": {**SETTINGS, "analysisMode": "full"}}
    _, job = service.shorts("POST", "/analyze", body, key="given up")
    deadline = time.monotonic() + 30
    seen: dict[str, Any] = {}
    while not seen.get("progress") and time.monotonic() < deadline:
        seen = service.shorts("GET", job["statusUrl"])[1]
        time.sleep(0.05)
    assert seen["status"] == "running"
    assert 0 < seen["progress"] < 1
    assert seen["stage"]
    status, answer = service.shorts("POST", f"/analyses/{job['jobId']}/cancel")
    assert (status, answer["status"]) == (200, "failed")
    assert "cancelled" in answer["error"]
    assert service.shorts("GET", job["statusUrl"])[1]["status"] == "failed"
    asked = {"momentNumbers": [1]}
    status, answer = service.shorts("POST", f"/analyses/{job['jobId']}/render", asked)
    assert status == 422
    assert "not ready" in answer["error"]
    _, again = service.shorts("POST", "/analyze", body, key="given up")
    assert again["jobId"] != job["jobId"]
    service.shorts("POST", f"/analyses/{again['jobId']}/cancel")


def test_an_analysis_goes_on_after_the_service_was_killed(
    start: Callable[..., Any], make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    first = start()
    upload = first.offer(make_clip(tmp_path / "slow.mp4", [30, 210] * 10), words=said(20))
    body = {"upload": upload, "settings": {**SETTINGS, "framingMode": "grid"}}
    _, job = first.shorts("POST", "/analyze", body, key="once")
    deadline = time.monotonic() + 30
    while not first.shorts("GET", job["statusUrl"])[1].get("progress"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    first.stop(kill=True)
    second = start()
    assert second.shorts("POST", "/analyze", body, key="once")[1]["jobId"] == job["jobId"]
    done = second.settled(job["statusUrl"])
    assert done["status"] == "ready"
    assert len(list((second.data / "shorts").iterdir())) == 1
    second.stop()
    assert start().shorts("GET", job["statusUrl"]) == (200, done)
