"""Znippet's shapes: lenient where one moment is odd, and verbatim where bytes must go back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ServiceError
from app.core.moments import Moment, Moments
from app.core.timerange import SECOND, TimeRange
from app.services import wire
from app.services.wire_shorts import (
    AnalysisAnswer,
    AnalyzeAnswer,
    ErrorShape,
    MomentShape,
    RenderAnswer,
    RenderRequest,
    ShortsSettings,
    UploadAnswer,
    UploadRequest,
    shape_of,
)
from app.services.wire_shorts_raw import analyze_body, pack, raw_member, sampled, unpack
from tests.services.fake_znippet import UPLOAD

FILM = 60 * SECOND
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def found(*moments: Any, **more: Any) -> Moments:
    raw = json.dumps({"jobId": "j", "status": "ready", "moments": list(moments), **more}).encode()
    return wire.read(AnalysisAnswer, raw).to_core(FILM, "j", "znippet", {})


def one(**changes: Any) -> dict[str, Any]:
    return {"number": 1, "startTime": 1.0, "endTime": 11.5, "title": "T", **changes}


def test_the_sample_of_the_contract_is_read() -> None:
    raw = b"""{"jobId": "job_1", "status": "ready", "ready": true, "moments": [{"number": 1,
      "startTime": 12.4, "endTime": 54.9, "duration": 42.5, "title": "The launch mistake",
      "description": "A standalone clip about a common launch error.", "viralScore": 88,
      "tags": ["launch", "marketing"], "channelScores": {"youtube_shorts": 88, "tiktok": 84,
      "instagram_reels": 82}}]}"""
    settings = {"framingMode": "grid", "captionBurnIn": True}
    answer = wire.read(AnalysisAnswer, raw)
    assert answer.state == "ready"
    assert answer.to_core(FILM, "job_1", "znippet", settings) == Moments(
        "job_1",
        (
            Moment(
                1,
                TimeRange(12_400_000, 54_900_000),
                "The launch mistake",
                "A standalone clip about a common launch error.",
                88,
                (("youtube_shorts", 88.0), ("tiktok", 84.0), ("instagram_reels", 82.0)),
                ("launch", "marketing"),
            ),
        ),
        "znippet",
        "grid",
        captions=True,
    )


@pytest.mark.parametrize(
    ("odd", "warning"),
    [
        ({"number": None}, "at place 2 has no number"),
        ({"number": 0}, "at place 2 has no number"),
        ({"number": "2"}, "at place 2 has no number"),
        ({"number": True}, "at place 2 has no number"),
        ({"number": 1}, "1 comes twice"),
        ({"number": 2, "startTime": None}, "2 has no times"),
        ({"number": 2, "endTime": float("nan")}, "2 has no times"),
        ({"number": 2, "endTime": float("inf")}, "2 has no times"),
        ({"number": 2, "startTime": 10**400}, "2 has no times"),
        ({"number": 2, "startTime": "1"}, "2 has no times"),
        ({"number": 2, "startTime": 12, "endTime": 3}, "2 ends before"),
        ({"number": 2, "startTime": 3, "endTime": 3}, "2 ends before"),
        ({"number": 2, "startTime": 60, "endTime": 70}, "2 lies outside"),
        ({"number": 2, "startTime": -9, "endTime": -2}, "2 lies outside"),
        ({"number": 2, "startTime": 1e300, "endTime": 1e308}, "2 lies outside"),
    ],
)
def test_a_moment_that_cannot_be_used_is_told_of_and_the_rest_is_read(
    odd: dict[str, Any], warning: str
) -> None:
    moments = found(one(), one(**odd), one(number=3))
    assert [m.number for m in moments.items] == [1, 3]
    (said,) = moments.warnings
    assert warning in said
    assert said.endswith(".")


def test_a_moment_that_is_no_object_is_told_of() -> None:
    moments = found(7, None, "x", one())
    assert [m.number for m in moments.items] == [1]
    assert len(moments.warnings) == 3


def test_a_moment_partly_outside_is_shortened_and_told_of() -> None:
    moments = found(one(startTime=-3.0), one(number=2, startTime=50, endTime=90))
    assert [m.span for m in moments.items] == [
        TimeRange(0, 11_500_000), TimeRange(50 * SECOND, FILM),
    ]  # fmt: skip
    assert len(moments.warnings) == 2


def test_a_rounded_end_is_not_told_of() -> None:
    assert found(one(endTime=60.02)).warnings == ()


def test_scores_that_are_missing_or_odd_are_not_known() -> None:
    (moment,) = found(one(viralScore="88", channelScores={"x_y": 4, "a": "b", "c": None})).items
    assert moment.score is None
    assert moment.channels == (("x_y", 4.0),)
    (bare,) = found(one(channelScores=[1], tags={"a": 1})).items
    assert (bare.channels, bare.tags) == ((), ())


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("a\nb\r\n\tc", "a b c"),
        ("\u202eevil\u2066 x", "evil x"),
        ("\x00\x1b[31m", "[31m"),
        ("", "Moment 1"),
        ("\u200f\n", "Moment 1"),
        (None, "Moment 1"),
        ("<b>../x</b>", "<b>../x</b>"),
        ("שלום", "שלום"),
    ],
)
def test_titles_are_one_harmless_line(said: str | None, title: str) -> None:
    assert found(one(title=said)).items[0].title == title


@pytest.mark.parametrize("moments", [[], None])
def test_no_moments_is_no_error(moments: Any) -> None:
    raw = json.dumps({"jobId": "j", "status": "ready", "moments": moments}).encode()
    answer = wire.read(AnalysisAnswer, raw).to_core(FILM, "j", "znippet", {})
    assert (answer.items, answer.warnings) == ((), ())


@given(JSON)
def test_any_json_in_a_moment_is_read(value: object) -> None:
    shape = AnalysisAnswer.model_validate(
        {"jobId": "j", "moments": [dict.fromkeys(MomentShape.model_fields, value), value]}
    )
    for moment in shape.to_core(FILM, "j", "znippet", {}).items:
        assert 0 <= moment.span.start < moment.span.end <= FILM
        assert moment.title.isprintable()


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"status": "queued"}, "pending"),
        ({"status": "warming up"}, "pending"),
        ({"status": None}, "pending"),
        ({}, "pending"),
        ({"status": "ready"}, "ready"),
        ({"status": "done", "ready": True}, "ready"),
        ({"status": "running", "ready": "yes"}, "pending"),
        ({"status": "failed", "ready": False}, "failed"),
    ],
)
def test_states(told: dict[str, Any], state: str) -> None:
    assert AnalysisAnswer.model_validate(told).state == state


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"error": "It broke"}, "It broke"),
        ({"error": {"message": "It broke", "code": 4}}, "It broke"),
        ({"error": {"code": 4}, "message": "It broke"}, "It broke"),
        ({"issues": [{"field": "a", "message": "b"}, {"message": "c"}, 4]}, "a: b; c"),
        ({"error": None}, ""),
        ({"error": ["x"], "issues": 7}, ""),
        ({"error": "at https://h.example/x?token=abc"}, "at https://h.example/…"),
    ],
)
def test_the_reason_is_looked_for_where_it_may_be(told: dict[str, Any], said: str) -> None:
    assert ErrorShape.model_validate(told).said == said


def test_a_render_lists_its_clips_and_a_ready_one_counts() -> None:
    raw = b"""{"jobId": "r", "status": "failed", "renders": [4, {"momentNumber": 1,
      "status": "cooking"}, {"momentNumber": 2, "status": "failed"}, {"momentNumber": 2,
      "status": "ready", "url": "u"}, {"momentNumber": "x", "status": 5}]}"""
    answer = wire.read(RenderAnswer, raw)
    first, second = answer.item(1), answer.item(2)
    assert first is not None
    assert second is not None
    assert (first.state, second.state, second.link) == ("running", "ready", "u")
    assert answer.item(3) is None


def test_requests_are_written_as_the_wire_names_them() -> None:
    request = UploadRequest(
        file_name="a.mp4", content_type="video/mp4", size_bytes=3, duration_seconds=1812.4
    )
    assert json.loads(wire.body(request)) == {
        "fileName": "a.mp4", "contentType": "video/mp4", "sizeBytes": 3, "durationSeconds": 1812.4,
    }  # fmt: skip
    assert wire.body(RenderRequest(moment_numbers=[1, 3])) == b'{"momentNumbers":[1,3]}'
    assert json.loads(wire.body(ShortsSettings()))["captionBurnIn"] is True


def test_an_order_answered_without_an_id_is_no_answer() -> None:
    with pytest.raises(ServiceError):
        wire.read(AnalyzeAnswer, b'{"status": "queued"}')
    odd = wire.read(AnalyzeAnswer, b'{"jobId": "j", "dispatch": 4, "statusUrl": 5, "x": 1}')
    assert (odd.job_id, odd.dispatch, odd.status_url) == ("j", None, None)


def test_headers_may_hold_a_number() -> None:
    raw = b'{"uploadUrl": "u", "headers": {"Content-Length": 12}, "upload": {}}'
    assert wire.read(UploadAnswer, raw).headers == {"Content-Length": "12"}


def test_the_upload_object_is_the_text_it_came_as() -> None:
    raw = f' {{"a" : [1, {{"upload": 2}}] , "upload" :\n {UPLOAD} , "z": "}}"}} '.encode()
    text = raw_member(raw, "upload")
    assert text == UPLOAD
    body = analyze_body(text, {"framingMode": "subject"})
    assert UPLOAD.encode() in body
    assert json.loads(body)["settings"] == {"framingMode": "subject"}


def test_six_members_are_kept_as_their_own_text() -> None:
    assert sampled(UPLOAD) == (
        '{"assetId":"asset/\\u00e9","projectId":"project_1","storageClass":"temporary",'
        '"sizeBytes":4000,"durationSeconds":10.50,"completeToken":"complete-1"}'
    )


@given(st.dictionaries(st.text(), JSON), st.sampled_from([None, 2]))
def test_every_member_is_found_as_its_text(value: dict[str, object], indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    for name, member in value.items():
        assert json.dumps(json.loads(raw_member(text, name))) == json.dumps(member)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b'{"a":}', b'{"a" 1}', b"\xff", b'{"a":1}', b"<html>"]
)
def test_what_has_no_such_member_is_told_of(raw: bytes) -> None:
    with pytest.raises(ServiceError, match="upload"):
        raw_member(raw, "upload")


def test_a_deep_answer_is_told_of() -> None:
    with pytest.raises(ServiceError):
        raw_member(b'{"upload": ' + b"[" * 200_000, "upload")


def test_a_packed_answer_is_untouched_and_means_the_same_later() -> None:
    answer = json.dumps({"jobId": "j", "status": "ready", "moments": [one()], "odd": 1}).encode()
    raw = pack("j", "local", {"framingMode": "static", "captionBurnIn": True}, answer)
    assert answer in raw
    json.loads(raw)
    moments = unpack(raw, FILM)
    assert (moments.analysis, moments.origin) == ("j", "local service")
    assert (moments.framing, moments.captions) == ("static", True)
    assert moments.items[0].span == TimeRange(SECOND, 11_500_000)


def test_moments_go_over_the_wire_and_come_back() -> None:
    moment = Moment(
        4, TimeRange(SECOND, 2_345_678), "Title", "Words", 7.5, (("tiktok", 3.0),), ("a",)
    )
    raw = wire.body(
        AnalysisAnswer(job_id="j", status="ready", ready=True, moments=[shape_of(moment)])
    )
    assert wire.read(AnalysisAnswer, raw).to_core(FILM, "j", "znippet", {}).items == (moment,)
