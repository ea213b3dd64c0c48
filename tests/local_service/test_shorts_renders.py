"""Renders of the shorts contract: states, links, partial success, restarts; real ffmpeg."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import av
import pytest

from app.media.probe import probe

SETTINGS = {
    "framingMode": "static",
    "analysisMode": "transcript",
    "highlightMode": "10-30",
    "clipVolume": "loose",
    "captionBurnIn": True,
}


def said(seconds: int) -> list[dict[str, Any]]:
    """A sentence of seven words every four seconds."""
    return [
        {"text": f"word{n}{'.' if n % 8 == 6 else ''}", "start": n / 2, "end": n / 2 + 0.4}
        for n in range(seconds * 2)
        if n % 8 != 7
    ]


def analysed(service: Any, clip: Path, **changed: Any) -> tuple[str, Any]:
    """Path of a finished analysis, and its answer."""
    upload = service.offer(clip, words=said(14))
    body = {"upload": upload, "settings": {**SETTINGS, **changed}}
    _, job = service.shorts("POST", "/analyze", body)
    answer = service.settled(job["statusUrl"])
    assert answer["status"] == "ready", answer
    return f"/analyses/{job['jobId']}", answer


@pytest.fixture(scope="module")
def film(make_clip: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clips") / "film.mp4", [30, 200] * 7)


@pytest.fixture(scope="module")
def ready(service: Any, film: Path) -> str:
    return analysed(service, film)[0]


@pytest.fixture(scope="module")
def rendered(service: Any, ready: str) -> Any:
    """The answer of a render of moment 1, asked for twice in one request."""
    status, made = service.shorts("POST", f"{ready}/render", {"momentNumbers": [1, 1]})
    assert status == 200
    assert made["renders"] == [{"momentNumber": 1, "status": "queued"}]
    assert made["sourceAssetId"].startswith("asset_")
    assert made["jobId"].startswith("render_parent_")
    return service.settled(made["statusUrl"])


def test_a_short_is_upright_and_as_long_as_its_moment(
    service: Any, ready: str, rendered: Any, tmp_path: Path
) -> None:
    assert (rendered["status"], rendered["ok"]) == ("ready", True)
    item = rendered["renders"][0]
    assert item["assetId"].startswith("asset_render_")
    status, headers, data = service.ask("GET", item["downloadUrl"])
    assert status == 200
    assert headers["content-type"] == "video/mp4"
    assert headers["content-length"] == str(len(data))
    assert headers["content-disposition"].startswith("attachment")
    (tmp_path / "short.mp4").write_bytes(data)
    found = probe(tmp_path / "short.mp4")
    assert found.video
    assert (found.video.width, found.video.height) == (1080, 1920)
    moment = service.shorts("GET", ready)[1]["moments"][0]
    assert abs(found.duration / 1e6 - moment["duration"]) < 0.1
    assert found.audio


def test_captions_are_burned_in_where_they_were_asked_for(
    service: Any, film: Path, rendered: Any, tmp_path: Path
) -> None:
    path, _ = analysed(service, film, captionBurnIn=False)
    _, made = service.shorts("POST", f"{path}/render", {"momentNumbers": [1]})
    bare = service.settled(made["statusUrl"])
    pictures = []
    for number, answer in enumerate((rendered, bare)):
        file = tmp_path / f"{number}.mp4"
        file.write_bytes(service.ask("GET", answer["renders"][0]["url"])[2])
        with av.open(str(file)) as opened:
            frames = opened.decode(video=0)
            picture = next(frames).to_ndarray(format="gray")
            frames.close()
        pictures.append(picture[picture.shape[0] // 2 :])
    assert (pictures[0] > 240).sum() > 1000 > (pictures[1] > 240).sum()


def test_a_link_answers_head_and_parts_and_shows_inline(service: Any, rendered: Any) -> None:
    url = rendered["renders"][0]["url"]
    status, headers, data = service.ask("HEAD", url)
    assert (status, data) == (200, b"")
    size = int(headers["content-length"])
    assert headers["accept-ranges"] == "bytes"
    assert headers["content-disposition"].startswith("inline")
    status, headers, data = service.ask("GET", url, {"Range": f"bytes={size - 10}-"})
    assert (status, len(data)) == (206, 10)
    assert headers["content-range"] == f"bytes {size - 10}-{size - 1}/{size}"
    assert service.ask("GET", url, {"Range": f"bytes={size}-"})[0] == 416


@pytest.mark.parametrize("token", ["", "x", "a.1.9999999999.00", "render_parent_x.1.x.y", "ä.ö"])
def test_a_forged_link_is_403(service: Any, token: str) -> None:
    status, headers, text = service.ask("GET", f"/api/projects/preview?token={quote(token)}")
    assert status == 403
    assert headers["content-type"] == "application/json"
    assert json.loads(text)["issues"] == []


def test_each_status_has_fresh_links_and_old_ones_expire(
    start: Callable[..., Any], film: Path
) -> None:
    service = start("--link-expires", "1")
    path, _ = analysed(service, film)
    _, made = service.shorts("POST", f"{path}/render", {"momentNumbers": [1]})
    first = service.settled(made["statusUrl"])["renders"][0]["url"]
    assert service.ask("HEAD", first)[0] == 200
    time.sleep(1.1)
    status, _, text = service.ask("GET", first)
    assert (status, json.loads(text)["error"]) == (403, "The link has expired")
    second = service.shorts("GET", made["statusUrl"])[1]["renders"][0]["url"]
    assert second != first
    assert service.ask("HEAD", second)[0] == 200


def test_numbers_that_are_none_or_unknown_are_refused_by_field(service: Any, ready: str) -> None:
    for numbers in ([], [1, 99], [0], ["1"], [1.5], None):
        status, answer = service.shorts("POST", f"{ready}/render", {"momentNumbers": numbers})
        assert status == 422, numbers
        assert answer["issues"][0]["field"].startswith("momentNumbers")
    _, answer = service.shorts("POST", f"{ready}/render", {"momentNumbers": [1, 99]})
    assert "99" in answer["issues"][0]["message"]
    assert service.shorts("POST", f"{ready}/render", {})[0] == 422


def test_what_fails_alone_does_not_spoil_the_others(service: Any, film: Path) -> None:
    path, answer = analysed(service, film)
    stored = service.data / "shorts" / answer["jobId"] / "moments.json"
    kept = json.loads(stored.read_bytes())
    kept["moments"][1].update(startTime=900.0, endTime=910.0)
    stored.write_text(json.dumps(kept), "utf-8")
    asked = {"momentNumbers": [1, 2]}
    _, made = service.shorts("POST", f"{path}/render", asked, key="both")
    done = service.settled(made["statusUrl"])
    assert (done["status"], done["ok"]) == ("ready", False)
    assert [i["status"] for i in done["renders"]] == ["ready", "failed"]
    assert "outside the film" in done["renders"][1]["error"]
    assert "url" not in done["renders"][1]
    assert service.shorts("POST", f"{path}/render", asked, key="both")[1]["jobId"] == made["jobId"]
    _, alone = service.shorts("POST", f"{path}/render", {"momentNumbers": [2]}, key="retry")
    done = service.settled(alone["statusUrl"])
    assert (done["status"], done["ok"]) == ("failed", False)
    assert "outside the film" in done["error"]


def test_a_cancelled_render_keeps_nothing_half_done(
    service: Any, make_clip: Callable[..., Path], tmp_path: Path
) -> None:
    path, answer = analysed(service, make_clip(tmp_path / "a.mp4", [30, 90] * 7))
    numbers = [m["number"] for m in answer["moments"]][:2]
    _, made = service.shorts("POST", f"{path}/render", {"momentNumbers": numbers})
    _until_encoding(service, made["statusUrl"])
    status, ended = service.shorts("POST", f"/renders/{made['jobId']}/cancel")
    assert (status, ended["status"]) == (200, "failed")
    assert {i["status"] for i in ended["renders"]} == {"failed"}
    assert all("cancelled" in i["error"] for i in ended["renders"])
    folder = service.data / "shorts" / made["jobId"]
    assert [p.name for p in folder.iterdir()] == ["job.json"]


def test_a_render_goes_on_after_the_service_was_killed(
    start: Callable[..., Any], film: Path
) -> None:
    first = start()
    path, answer = analysed(first, film)
    numbers = [m["number"] for m in answer["moments"]][:2]
    asked = {"momentNumbers": numbers}
    _, made = first.shorts("POST", f"{path}/render", asked, key="once")
    _until_encoding(first, made["statusUrl"])
    first.stop(kill=True)
    second = start()
    _, again = second.shorts("POST", f"{path}/render", asked, key="once")
    assert again["jobId"] == made["jobId"]
    done = second.settled(made["statusUrl"])
    assert (done["status"], done["ok"]) == ("ready", True)
    folder = second.data / "shorts" / made["jobId"]
    expected = ["job.json", *(f"{n}.mp4" for n in numbers)]
    assert sorted(p.name for p in folder.iterdir()) == sorted(expected)
    assert len(list((second.data / "shorts").glob("render_parent_*"))) == 1


def _until_encoding(service: Any, path: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        items = service.shorts("GET", path)[1]["renders"]
        if any(i.get("stage") for i in items):
            return
        time.sleep(0.02)
    raise AssertionError("nothing was being encoded")
