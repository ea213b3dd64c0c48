"""The story of an analysis: its order, its resumptions, and what each failure leaves behind."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import MediaError, ServiceError, Unreachable
from app.services import workflows
from app.services.agreed import Analysis
from app.services.http import Http
from app.services.jobs import Report
from app.services.ledger import Ledger, Plan
from app.services.nanoclip import NanoClip, Patience
from app.services.parsing import Parser
from app.services.polling import Pace
from app.services.upload import Persistence, UploadExpired
from app.services.uploading import FRESH_UPLOADS, ensure_uploaded
from app.services.wire import Kind, Service
from app.services.workflows import analyse, pending, run
from tests.services.fake_cloud import (
    KEY,
    FakeCloud,
    Notebook,
    Reply,
    fake_cloud,
    hasty,
)

ALL = Plan("nanoclip", "en", "he")
STARTS = [f"POST /v1/projects/{{id}}/{k}" for k in ("transcript", "vision", "retake-removal")]
CREATE = "POST /v1/projects/upload"
COMPLETE = "POST /v1/projects/{id}/upload/complete"
VISION = "POST /v1/projects/{id}/vision"
VISION_RESULT = "GET /v1/projects/{id}/vision"
ONLY_VISION = Plan("nanoclip", transcript=False, retakes=False)


@dataclass
class Clip:
    """As much of a Probe as the stories read."""

    duration: int = 10_000_000
    content_type: str = "video/mp4"
    video: object | None = "a video stream"


@dataclass
class Desk:
    """One sitting of the program: what it received and what it said."""

    cloud: FakeCloud
    http: Http
    parser: Parser
    video: Path
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    got: dict[str, Any] = field(default_factory=dict)
    said: list[tuple[str, float | None]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def analysis(self, plan: Plan = ALL, clip: Clip | None = None, **more: Any) -> Analysis:
        """A new one, as after a restart: only the journal is known."""
        client = NanoClip(
            self.cloud.base_url,
            KEY,
            self.http,
            service=plan.service,
            patience=Patience(tries=2, sleep=hasty()),
        )
        return Analysis(
            client,
            plan,
            self.video,
            clip or Clip(),  # type: ignore[arg-type]
            Notebook(self.cloud, self.kept),
            self.receive,
            self.parser,
            pace=Pace(sleep=hasty(self.waits)),
            persistence=Persistence(sleep=hasty(), **more),
        )

    def receive(self, kind: str, raw: bytes, value: object) -> None:
        """Keep an answer, as the store does."""
        self.cloud.log.append(f"received {kind}")
        self.got[kind] = (json.loads(raw), value)

    def report(self, stage: str, fraction: float | None) -> None:
        """What the row would show."""
        self.said.append((stage, fraction))


@asynccontextmanager
async def sitting(tmp_path: Path) -> AsyncIterator[Desk]:
    video = tmp_path / "take.mp4"
    video.write_bytes(b"film" * 1000)
    async with fake_cloud() as cloud, Http() as http, Parser() as parser:
        yield Desk(cloud, http, parser, video)


def test_everything_is_analysed_and_received(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            await analyse(desk.analysis(), desk.report)
            assert set(desk.got) == {"transcript", "vision", "retakes"}
            assert desk.got["transcript"][1].words[0].text == "Ask"
            assert desk.got["vision"][1].scenes.cuts == (2_600_000, 5_000_000)
            assert desk.got["retakes"][1].keep_intervals
            assert desk.got["retakes"][0]["status"] == "completed"
            assert desk.cloud.projects["proj/1"].stored == desk.video.read_bytes()
            assert ("Uploading", 1.0) in desk.said
            assert pending(Notebook(desk.cloud, desk.kept), "nanoclip") is None

    asyncio.run(main())


def test_each_id_is_journalled_before_the_next_step(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.log == [
                "journal nanoclip.plan",
                CREATE,
                "journal nanoclip.project created",
                "PUT /storage/1",
                "journal nanoclip.project uploaded",
                COMPLETE,
                "journal nanoclip.project ready",
                "journal nanoclip.vision asking",
                VISION,
                "journal nanoclip.vision started",
                VISION_RESULT,
                VISION_RESULT,
                "received vision",
                "journal nanoclip.vision received",
            ]

    asyncio.run(main())


def test_neither_key_nor_address_is_journalled_logged_or_put(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> None:
        async with sitting(tmp_path) as desk:
            analysis = desk.analysis()
            await analyse(analysis, desk.report)
            text = json.dumps(desk.kept) + repr(desk.said) + repr(analysis) + caplog.text
            assert KEY not in text
            assert "canarysignature" not in text
            assert "http://" not in json.dumps(desk.kept)
            (put,) = [s for s in desk.cloud.seen if s.method == "PUT"]
            assert KEY not in str(put.headers)

    asyncio.run(main())


def stop_points() -> list[int]:
    """Every entry of the log of one whole story is a place to die at."""
    return list(range(1, 30))


@pytest.mark.parametrize("point", stop_points())
def test_dying_anywhere_and_beginning_again_starts_each_analysis_once(
    tmp_path: Path, point: int
) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            first = asyncio.create_task(analyse(desk.analysis(), desk.report))
            while len(desk.cloud.log) < point and not first.done():  # noqa: ASYNC110
                await asyncio.sleep(0)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            plan = pending(Notebook(desk.cloud, desk.kept), "nanoclip")
            if plan is None:
                assert set(desk.got) == {"transcript", "vision", "retakes"} or not desk.kept
                plan = ALL
            await analyse(desk.analysis(plan), desk.report)
            assert set(desk.got) == {"transcript", "vision", "retakes"}
            assert [desk.cloud.count(name) for name in STARTS] == [1, 1, 1]
            used = [p for p in desk.cloud.projects.values() if p.polls]
            assert len(used) == 1

    asyncio.run(main())


@pytest.mark.parametrize("lost", [Reply(reset=True, after=True), Reply(500, after=True)])
def test_a_start_whose_answer_is_lost_is_found_and_not_sent_again(
    tmp_path: Path, lost: Reply
) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[VISION] = [lost]
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(VISION) == 1
            assert "vision" in desk.got

    asyncio.run(main())


def test_a_start_that_never_arrived_is_sent_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[VISION] = [Reply(reset=True)]
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(VISION) == 2
            assert desk.cloud.log.count("journal nanoclip.vision asking") == 2

    asyncio.run(main())


@pytest.mark.parametrize(("status", "part"), [(402, "credit"), (403, "permission"), (429, "now")])
def test_a_refused_start_is_told_and_can_be_tried_again(
    tmp_path: Path, status: int, part: str
) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[VISION] = [Reply(status, {"detail": "no"})] * 2
            with pytest.raises(ServiceError, match=part):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.kept["nanoclip.vision"]["state"] == "none"
            assert pending(Notebook(desk.cloud, desk.kept), "nanoclip") is None
            desk.cloud.script.clear()
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(CREATE) == 1
            assert "vision" in desk.got

    asyncio.run(main())


def test_a_failed_analysis_is_never_started_again_by_itself(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.statuses["vision"] = "failed"
            for _ in range(2):
                with pytest.raises(ServiceError, match="“The model fell over") as caught:
                    await analyse(desk.analysis(ONLY_VISION), desk.report)
                assert "charged again" in caught.value.hint
            assert desk.cloud.count(VISION) == 1
            assert pending(Notebook(desk.cloud, desk.kept), "nanoclip") is None
            desk.cloud.statuses.clear()
            await run(desk.analysis(ONLY_VISION), "vision", desk.report, again=True)
            assert desk.cloud.count(VISION) == 2
            assert "vision" in desk.got

    asyncio.run(main())


def test_a_failed_analysis_says_what_asking_again_may_cost(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.statuses["vision"] = "failed"
            plan = replace(ONLY_VISION, cents=(("vision", 55),))
            with pytest.raises(ServiceError) as caught:
                await analyse(desk.analysis(plan), desk.report)
            assert "may be charged again: about $0.55." in caught.value.hint

    asyncio.run(main())


def test_one_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.statuses["transcript"] = "failed"
            with pytest.raises(ServiceError, match="transcript"):
                await analyse(desk.analysis(), desk.report)
            assert set(desk.got) == {"vision", "retakes"}

    asyncio.run(main())


def test_an_expired_url_leads_to_a_fresh_upload(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script["PUT /storage/1"] = [Reply(403, b"expired")]
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(CREATE) == 2
            assert not desk.cloud.projects["proj/1"].stored
            assert desk.kept["nanoclip.project"]["id"] == "proj/2"
            completed = [s.path for s in desk.cloud.seen if s.name == COMPLETE]
            assert completed == ["/v1/projects/proj%2F2/upload/complete"]

    asyncio.run(main())


def test_addresses_that_always_expire_end_in_a_sentence(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.expires_in = 0
            with pytest.raises(UploadExpired, match="time in which the service takes the upload"):
                await ensure_uploaded(desk.analysis(), desk.report)
            assert desk.cloud.count(CREATE) == FRESH_UPLOADS

    asyncio.run(main())


def test_an_upload_tried_again_in_the_same_sitting_keeps_its_project(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script["PUT /storage/1"] = [Reply(reset=True)] * 4
            analysis = desk.analysis()
            with pytest.raises(Unreachable):
                await ensure_uploaded(analysis, desk.report)
            await ensure_uploaded(analysis, desk.report)
            assert desk.cloud.count(CREATE) == 1

    asyncio.run(main())


def test_a_file_changed_under_way_is_uploaded_anew_when_tried_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script["PUT /storage/1"] = [Reply(500)]
            analysis = desk.analysis()
            original = analysis.persistence.sleep

            async def meanwhile(seconds: float) -> None:
                desk.video.write_bytes(b"another film")
                await original(seconds)

            analysis.persistence = Persistence(sleep=meanwhile)
            with pytest.raises(MediaError, match="changed"):
                await ensure_uploaded(analysis, desk.report)
            await ensure_uploaded(analysis, desk.report)
            assert desk.cloud.projects["proj/2"].stored == b"another film"

    asyncio.run(main())


def test_three_jobs_share_one_upload(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            analysis = desk.analysis()
            stories = (
                workflows.run_transcript(analysis, desk.report),
                workflows.run_vision(analysis, desk.report),
                workflows.run_retakes(analysis, desk.report),
                ensure_uploaded(analysis, desk.report),
            )
            await asyncio.gather(*stories)
            assert desk.cloud.count(CREATE) == 1
            assert desk.cloud.log.count("journal nanoclip.plan") == 1

    asyncio.run(main())


@pytest.mark.parametrize("lost", [Reply(reset=True, after=True), Reply(504, after=True)])
def test_a_lost_completion_is_looked_up(tmp_path: Path, lost: Reply) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[COMPLETE] = [lost]
            await ensure_uploaded(desk.analysis(), desk.report)
            assert desk.cloud.count(COMPLETE) == 1
            assert desk.kept["nanoclip.project"]["state"] == "ready"

    asyncio.run(main())


def test_an_upload_that_arrived_short_is_not_analysed(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            short = {
                "project_id": "proj/1",
                "status": "ready",
                "created_at": "",
                "source": {"type": "upload"},
                "source_size_bytes": 7,
                "duration": 1.0,
            }
            desk.cloud.script[COMPLETE] = [Reply(200, short)]
            with pytest.raises(ServiceError, match="has 7 bytes of the video, not 4000"):
                await analyse(desk.analysis(), desk.report)
            unreadable = {**short, "status": "failed", "source_size_bytes": 4000}
            desk.cloud.script[COMPLETE] = [Reply(200, unreadable)]
            with pytest.raises(ServiceError, match="cannot read the uploaded video"):
                await analyse(desk.analysis(), desk.report)
            assert [desk.cloud.count(name) for name in STARTS] == [0, 0, 0]
            await analyse(desk.analysis(), desk.report)
            assert desk.cloud.count(CREATE) == 3

    asyncio.run(main())


def test_a_project_that_is_not_ready_after_all_is_completed_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            await ensure_uploaded(desk.analysis(ONLY_VISION), desk.report)
            desk.cloud.projects["proj/1"].status = "uploading"
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(COMPLETE) == 2
            assert "vision" in desk.got

    asyncio.run(main())


def test_a_poll_without_an_answer_is_asked_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[VISION_RESULT] = [Reply(reset=True)] * 4 + [Reply(404)]
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert ("No answer from NanoClip; asking again", None) in desk.said
            assert desk.cloud.count(VISION) == 1

    asyncio.run(main())


def test_a_page_in_place_of_an_answer_is_passed_over(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            page = Reply(200, b"<html>Back soon</html>")
            desk.cloud.script[VISION_RESULT] = [page] * 4
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert "vision" in desk.got
            desk.got.clear()
            desk.cloud.script[VISION_RESULT] = [page] * 5
            with pytest.raises(ServiceError, match="is not JSON"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(VISION) == 1

    asyncio.run(main())


def test_a_page_does_not_say_that_an_analysis_was_started(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[VISION] = [Reply(reset=True)]
            desk.cloud.script[VISION_RESULT] = [Reply(200, b"<html>Back soon</html>")]
            with pytest.raises(ServiceError, match="is not JSON"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.kept["nanoclip.vision"]["state"] == "asking"
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert "vision" in desk.got
            assert desk.cloud.started == ["vision"]

    asyncio.run(main())


def test_a_cloud_that_stays_away_fails_the_job_but_not_the_analysis(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[VISION_RESULT] = [Reply(503)] * 99
            with pytest.raises(ServiceError, match="could not show the vision analysis"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.kept["nanoclip.vision"]["state"] == "started"
            desk.cloud.script.clear()
            plan = pending(Notebook(desk.cloud, desk.kept), "nanoclip")
            assert plan == ONLY_VISION
            await analyse(desk.analysis(plan), desk.report)
            assert desk.cloud.count(VISION) == 1

    asyncio.run(main())


def test_an_answer_that_is_not_the_contract_is_told_and_fetched_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script[VISION_RESULT] = [Reply(200, b'{"status": 3}')]
            with pytest.raises(ServiceError, match="not what its contract says"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(VISION) == 1

    asyncio.run(main())


def test_an_unknown_state_is_waited_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            odd = Reply(200, {"project_id": "p", "status": "dreaming"})
            desk.cloud.script[VISION_RESULT] = [odd] * 3
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert "vision" in desk.got

    asyncio.run(main())


def test_another_language_means_a_new_upload_and_the_same_one_does_not(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            english = Plan("nanoclip", "en", vision=False, retakes=False)
            await analyse(desk.analysis(english), desk.report)
            await analyse(desk.analysis(english), desk.report)
            assert desk.cloud.count(CREATE) == 1
            assert desk.cloud.count(STARTS[0]) == 1
            hebrew = Plan("nanoclip", "he", vision=False, retakes=False)
            await analyse(desk.analysis(hebrew), desk.report)
            assert desk.cloud.count(CREATE) == 2
            assert desk.cloud.count(STARTS[0]) == 2

    asyncio.run(main())


def test_a_second_plan_does_not_lose_the_first(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script["GET /v1/projects/{id}/retake-removal"] = [Reply(503)] * 99
            with pytest.raises(ServiceError):
                await analyse(desk.analysis(Plan("nanoclip", "en", "he")), desk.report)
            only = Plan("nanoclip", "en", "en", transcript=False, retakes=False)
            await analyse(desk.analysis(only), desk.report)
            left = pending(Notebook(desk.cloud, desk.kept), "nanoclip")
            assert left
            assert left.kinds == ("retakes",)
            assert left.retake_language == "he"

    asyncio.run(main())


def test_what_a_person_cancelled_is_not_gone_on_with_by_itself(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.polls_until_done = 10**6
            task = asyncio.create_task(analyse(desk.analysis(ONLY_VISION), desk.report))
            await desk.cloud.arrived(6)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            book = Notebook(desk.cloud, desk.kept)
            assert pending(book, "nanoclip") == ONLY_VISION
            workflows.set_aside(book, "nanoclip", "vision")
            assert pending(book, "nanoclip") is None
            desk.cloud.polls_until_done = 0
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(VISION) == 1
            assert desk.got["vision"]

    asyncio.run(main())


def test_captions_go_to_the_local_service_alone_and_before_the_start(tmp_path: Path) -> None:
    async def main() -> None:
        captions = "POST /v1/projects/{id}/captions"
        for service in ("local", "nanoclip"):
            async with sitting(tmp_path) as desk:
                told: Service = "local" if service == "local" else "nanoclip"
                plan = Plan(told, vision=False, retakes=False, captions=("a.srt", "1\n"))
                await analyse(desk.analysis(plan), desk.report)
                if service == "nanoclip":
                    assert desk.cloud.count(captions) == 0
                    continue
                names = [s.name for s in desk.cloud.seen]
                assert names.index(captions) < names.index(STARTS[0])
                body = json.loads(desk.cloud.seen[names.index(captions)].body)
                assert body == {"filename": "a.srt", "text": "1\n"}
                assert desk.kept["local.project"]["id"] == "proj/1"
                assert desk.got["transcript"][1].origin == "captions"

    asyncio.run(main())


def test_captions_survive_a_restart(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            plan = Plan("local", vision=False, retakes=False, captions=("a.srt", "1\n"))
            desk.cloud.script["PUT /storage/1"] = [Reply(411)]
            with pytest.raises(ServiceError):
                await analyse(desk.analysis(plan), desk.report)
            assert pending(Notebook(desk.cloud, desk.kept), "local") == plan

    asyncio.run(main())


def test_a_local_project_that_is_gone_is_made_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            plan = Plan("local", transcript=False, retakes=False)
            await analyse(desk.analysis(plan), desk.report)
            desk.cloud.projects.clear()
            await analyse(desk.analysis(plan), desk.report)
            assert desk.cloud.count(CREATE) == 2

    asyncio.run(main())


def test_a_cloud_project_that_is_gone_is_told_and_made_again_when_tried_again(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            await ensure_uploaded(desk.analysis(ONLY_VISION), desk.report)
            desk.cloud.projects.clear()
            with pytest.raises(ServiceError, match="does not know this project"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(CREATE) == 1
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(CREATE) == 2

    asyncio.run(main())


@pytest.mark.parametrize("kind", ["vision", "retakes"])
def test_sound_alone_is_not_sent_for_what_needs_a_picture(tmp_path: Path, kind: Kind) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            analysis = desk.analysis(clip=Clip(video=None))
            with pytest.raises(MediaError, match="needs a picture"):
                await run(analysis, kind, desk.report)
            assert desk.cloud.seen == []

    asyncio.run(main())


def test_what_cannot_be_kept_is_fetched_again_and_not_paid_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            analysis = desk.analysis(ONLY_VISION)

            async def full(kind: str, raw: bytes, value: object) -> None:
                raise MediaError("The disk is full.")

            analysis.received = full
            with pytest.raises(MediaError, match="disk is full"):
                await analyse(analysis, desk.report)
            assert desk.kept["nanoclip.vision"]["state"] == "started"
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(VISION) == 1

    asyncio.run(main())


def test_the_service_may_tell_its_progress_and_a_long_wait_is_said(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            told = {"project_id": "p", "status": "processing", "stage": "Faces", "progress": 0.4}
            desk.cloud.script[VISION_RESULT] = [
                Reply(200, told),
                Reply(200, {"project_id": "p", "status": "queued"}),
            ]
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert ("Faces", 0.4) in desk.said
            assert ("Queued at NanoClip", None) in desk.said
            ticks = iter(range(0, 10**9, 10**4))
            slow = desk.analysis(ONLY_VISION)
            slow.pace = Pace(sleep=hasty(), clock=lambda: float(next(ticks)))
            desk.cloud.projects["proj/1"].polls["vision"] = 0
            await analyse(slow, desk.report)
            assert any(stage.startswith("Taking longer") for stage, _ in desk.said)

    asyncio.run(main())


def test_what_was_received_is_not_begun_again_by_itself_when_its_project_is_gone(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            transcript = Plan("nanoclip", vision=False, retakes=False)
            await analyse(desk.analysis(transcript), desk.report)
            desk.cloud.projects.clear()
            with pytest.raises(ServiceError, match="does not know this project"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert pending(Notebook(desk.cloud, desk.kept), "nanoclip") is None
            assert desk.cloud.started == ["transcript"]

    asyncio.run(main())


def test_an_upload_that_never_shows_is_made_anew_when_tried_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            desk.cloud.script["PUT /storage/1"] = [Reply(200, b"<html>Welcome to our Wi-Fi</html>")]
            with pytest.raises(ServiceError, match="not done looking"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            with pytest.raises(ServiceError, match="nothing of the upload"):
                await analyse(desk.analysis(ONLY_VISION), desk.report)
            await analyse(desk.analysis(ONLY_VISION), desk.report)
            assert desk.cloud.count(CREATE) == 2
            assert desk.cloud.started == ["vision"]

    asyncio.run(main())


def test_a_smaller_copy_is_uploaded_in_place_of_the_video_and_then_removed(tmp_path: Path) -> None:
    copy = tmp_path / "key-720.mp4"
    made: list[str] = []

    async def make(report: Report) -> Path:
        report("Making the smaller copy", 0.5)
        made.append("copy")
        copy.write_bytes(b"small" * 100)
        return copy

    async def main() -> None:
        async with sitting(tmp_path) as desk:
            film = tmp_path / "take.mkv"
            desk.video.rename(film)
            desk.video = film
            desk.cloud.upload_headers = {}
            plan = Plan("nanoclip", retakes=False, copy_lines=720)
            analysis = desk.analysis(plan, Clip(content_type="video/x-matroska"))
            analysis.copy = make
            await analyse(analysis, desk.report)
            (project,) = desk.cloud.projects.values()
            assert project.stored == b"small" * 100
            asked = json.loads(next(s.body for s in desk.cloud.seen if s.name == CREATE))
            assert asked == {
                "filename": "take.mp4", "content_type": "video/mp4", "size_bytes": 500,
            }  # fmt: skip
            put = next(s for s in desk.cloud.seen if s.method == "PUT")
            assert put.headers["content-type"] == "video/mp4"
            assert ("Making the smaller copy", 0.5) in desk.said
            assert not copy.exists()
            again = desk.analysis(plan)
            again.copy = make
            await ensure_uploaded(again, desk.report)
            assert made == ["copy"], "what is there is not made again"

    asyncio.run(main())


def test_the_copy_that_was_agreed_to_is_remembered(tmp_path: Path) -> None:
    kept: dict[str, dict[str, Any]] = {}
    plan = Plan("nanoclip", "en", "he", copy_lines=1080, cents=(("transcript", 2), ("vision", 55)))
    ledger = Ledger(Notebook(FakeCloud(), kept), "nanoclip")
    ledger.agree(plan)
    assert ledger.pending() == plan
