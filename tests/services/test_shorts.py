"""The stories of moments and shorts: their order, every death in between, and partial success."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import ExportError, MediaError, ServiceError, StoreError, Unreachable
from app.core.moments import Moments, PlacedMoment
from app.services.http import Http
from app.services.nanoclip import Patience
from app.services.polling import Pace
from app.services.shorts import find_moments, received, stop_finding
from app.services.shorts_download import download
from app.services.shorts_ledger import (
    Clip,
    FindPlan,
    RenderRecord,
    ShortsLedger,
    all_renders,
    new_record,
    pending_finds,
    pending_renders,
    waiting_downloads,
)
from app.services.shorts_polling import Shorts
from app.services.shorts_render import render, stop_rendering
from app.services.upload import Persistence
from app.services.wire_shorts import Service
from app.services.wire_shorts_raw import unpack
from app.services.znippet import Znippet
from tests.services.fake_cloud import Notebook, Reply, hasty
from tests.services.fake_znippet import (
    ANALYSIS,
    ANALYZE,
    DEVICE,
    FILE,
    FILM,
    LICENSE,
    PATH,
    PUT,
    RENDER,
    RENDERS,
    TOKEN,
    UPLOAD,
    UPLOADS,
    FakeZnippet,
    fake_znippet,
)

PLAN = FindPlan("znippet")
LOCAL = FindPlan("local")


@dataclass
class Probed:
    """As much of a Probe as the stories read."""

    duration: int = 10_000_000
    content_type: str = "video/mp4"


class Killed(BaseException):
    """The process ends here."""


class Mortal(Notebook):
    """A journal that ends the process before or after its n-th write."""

    def __init__(self, server: FakeZnippet, kept: dict[str, Any], at: int, *, after: bool) -> None:
        super().__init__(server, kept)
        self.left = at
        self.after = after

    def put(self, kind: str, value: dict[str, Any]) -> None:
        """Write, unless the end has come."""
        self.left -= 1
        if self.left <= 0 and not (self.left == 0 and self.after):
            raise Killed
        super().put(kind, value)
        if self.left == 0:
            raise Killed


@dataclass
class Desk:
    """One person's film, folder and journal, over as many sittings as a test wants."""

    server: FakeZnippet
    http: Http
    video: Path
    folder: Path
    kept: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    told: list[Clip] = field(default_factory=list)

    @property
    def journal(self) -> Notebook:
        """A new one, as after a restart."""
        return Notebook(self.server, self.kept)

    def shorts(self, service: Service = "znippet", journal: Notebook | None = None) -> Shorts:
        """A new one, as after a restart."""
        client = Znippet(
            self.server.base_url + PATH, LICENSE, DEVICE, self.http, service=service,
            patience=Patience(tries=2, sleep=hasty()),
        )  # fmt: skip
        return Shorts(
            client,
            journal or self.journal,
            self.video,
            Probed(),  # type: ignore[arg-type]
            Pace(sleep=hasty()),
            Persistence(tries=2, sleep=hasty()),
        )

    def report(self, stage: str, fraction: float | None) -> None:
        """What the row would show."""
        self.said.append(stage)

    async def find(self, plan: FindPlan = PLAN, *, again: bool = False, **more: Any) -> Moments:
        """Find and keep."""
        shorts = self.shorts(plan.service)
        raw, found = await find_moments(shorts, plan, self.report, again=again, **more)
        await received(shorts)
        assert unpack(raw, 10_000_000) == found
        return found

    async def ordered(self, numbers: list[int], service: Service = "znippet") -> RenderRecord:
        """Moments found and an order of some of them written down."""
        found = await self.find(FindPlan(service))
        return self.record(found, numbers, service)

    def record(
        self, found: Moments, numbers: list[int], service: Service = "znippet",
        journal: Notebook | None = None,
    ) -> RenderRecord:  # fmt: skip
        """An order of moments of `found`."""
        of = {m.number: m for m in found.items}
        placed = [
            PlacedMoment(found.key_of(of[n]), n, of[n].span, of[n].span, of[n].title)
            for n in numbers
        ]
        names = [f"{m.title}.mp4" for m in placed]
        return new_record(journal or self.journal, service, placed, {}, names)

    async def render(
        self, record: RenderRecord, *, again: bool = False, journal: Notebook | None = None
    ) -> RenderRecord:
        """Go on with an order; the record as it then is."""
        service: Service = "local" if record.service == "local" else "znippet"
        shorts = self.shorts(service, journal)
        await render(shorts, record.id, self.report, lambda: None, self.told.append, again=again)
        return shorts.ledger.record(record.id)

    async def get(self, record: RenderRecord, number: int, **more: Any) -> Path:
        """Download one clip."""
        check = more.pop("check", lambda _path, _us: None)
        shorts = self.shorts()
        key = next(c.key for c in record.clips if c.number == number)
        return await download(shorts, record.id, key, self.folder, self.report, check=check)


Story = Callable[[Desk], Awaitable[None]]


@asynccontextmanager
async def sitting(tmp_path: Path) -> AsyncIterator[Desk]:
    video = tmp_path / "talk.mp4"
    video.write_bytes(b"film" * 1000)
    async with fake_znippet() as server, Http() as http:
        yield Desk(server, http, video, tmp_path / "shorts")


def run(tmp_path: Path, story: Story) -> None:
    async def main() -> None:
        async with sitting(tmp_path) as desk:
            await story(desk)

    asyncio.run(main())


def test_moments_are_found_and_each_step_is_written_before_the_next(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        found = await desk.find()
        assert [m.title for m in found.items] == ["The first", "The second", "The third"]
        assert desk.server.log == [
            "journal znippet.moments created",
            UPLOADS,
            f"{PUT}1",
            "journal znippet.moments uploaded",
            "journal znippet.moments asking",
            ANALYZE,
            "journal znippet.moments started",
            ANALYSIS,
            ANALYSIS,
            "journal znippet.moments received",
        ]
        assert desk.server.stored == [b"film" * 1000]
        (put,) = (s for s in desk.server.seen if s.method == "PUT")
        assert put.headers["content-length"] == "4000"
        assert "authorization" not in put.headers
        assert "x-device-id" not in put.headers
        assert UPLOAD.encode() in next(s for s in desk.server.seen if s.name == ANALYZE).body
        assert LICENSE not in json.dumps(desk.kept)
        assert "http" not in json.dumps(desk.kept)

    run(tmp_path, story)


@pytest.mark.parametrize("status", [400, 403])
def test_storage_that_refuses_gets_a_fresh_upload_a_few_times(tmp_path: Path, status: int) -> None:
    async def story(desk: Desk) -> None:
        desk.server.script[f"{PUT}1"] = [Reply(status, b"<Error>no</Error>")]
        await desk.find()
        assert desk.server.count(UPLOADS) == 2
        for n in (3, 4, 5):
            desk.server.script[f"{PUT}{n}"] = [Reply(status, b"")]
        with pytest.raises(ServiceError):
            await desk.find(again=True)
        assert desk.server.count(UPLOADS) == 5
        assert desk.server.count(ANALYZE) == 1

    run(tmp_path, story)


def test_another_length_than_the_file_has_stops_the_upload(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.upload_headers = {"Content-Length": "4001"}
        with pytest.raises(ServiceError, match="another number of bytes"):
            await desk.find()
        assert desk.server.stored == []

    run(tmp_path, story)


@pytest.mark.parametrize(
    "fault",
    [
        Reply(reset=True),
        Reply(reset=True, early=True),
        Reply(reset=True, after=True),
        Reply(502, b"<html>"),
        Reply(500, {"error": "x"}),
        Reply(200, b"<html>"),
        Reply(200, {"status": "queued"}),
    ],
)
def test_a_lost_order_is_of_unknown_fate_and_sent_again_only_with_a_yes(
    tmp_path: Path, fault: Reply
) -> None:
    async def story(desk: Desk) -> None:
        desk.server.script[ANALYZE] = [fault]
        for _ in range(2):
            with pytest.raises(ServiceError, match="It may have been charged"):
                await desk.find()
        assert desk.server.count(ANALYZE) == 1
        assert pending_finds(desk.journal) == ()
        await desk.find(again=True)
        assert desk.server.count(ANALYZE) == 2
        assert desk.server.count(UPLOADS) == 1
        desk.server.script[RENDER] = [fault]
        record = desk.record(await desk.find(), [1])
        for _ in range(2):
            with pytest.raises(ServiceError, match="It may have been charged"):
                await desk.render(record)
        assert desk.server.count(RENDER) == 1
        assert all_renders(desk.journal)[0].state == "unknown"
        assert pending_renders(desk.journal) == ()
        assert (await desk.render(record, again=True)).state == "ended"
        assert desk.server.count(RENDER) == 2

    run(tmp_path, story)


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_a_refused_order_is_not_sent_unasked_and_keeps_the_upload(
    tmp_path: Path, status: int
) -> None:
    async def story(desk: Desk) -> None:
        issue = {"field": "clipVolume", "message": "no"}
        desk.server.script[ANALYZE] = [Reply(status, {"error": "no", "issues": [issue]})]
        with pytest.raises(ServiceError):
            await desk.find()
        assert desk.server.count(ANALYZE) == 1
        assert pending_finds(desk.journal) == ()
        await desk.find(FindPlan("znippet", volume="loose"), again=True)
        assert (desk.server.count(ANALYZE), desk.server.count(UPLOADS)) == (2, 1)

    run(tmp_path, story)


def test_an_upload_of_before_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.script[ANALYZE] = [Reply(401, {}), Reply(404, {"error": "gone"})]
        with pytest.raises(ServiceError):
            await desk.find()
        await desk.find()
        assert (desk.server.count(ANALYZE), desk.server.count(UPLOADS)) == (3, 2)

    run(tmp_path, story)


def test_a_failed_analysis_says_why_and_is_not_ordered_again_unasked(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        failed = {"jobId": "j", "status": "failed", "error": {"message": "No speech"}}
        desk.server.script[ANALYSIS] = [Reply(200, failed)]
        for _ in range(2):
            with pytest.raises(ServiceError, match="No speech"):
                await desk.find()
        assert desk.server.count(ANALYZE) == 1
        await desk.find(again=True)
        assert desk.server.count(ANALYZE) == 2

    run(tmp_path, story)


def test_no_moments_is_an_answer(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.moments = []
        assert (await desk.find()).items == ()

    run(tmp_path, story)


def test_polling_bears_some_lost_answers(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.script[ANALYSIS] = [
            Reply(404, {}), Reply(200, b"<html>"), Reply(reset=True), Reply(502, b"x"),
        ]  # fmt: skip
        await desk.find()
        assert desk.server.count(ANALYZE) == 1

    run(tmp_path, story)


def test_words_go_to_the_local_service_alone_and_it_can_be_stopped(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.find(LOCAL, words=("w.json", "{}"))
        assert desk.server.words == [{"filename": "w.json", "text": "{}"}]
        await desk.find(PLAN, words=("w.json", "{}"))
        assert len(desk.server.words) == 1
        ShortsLedger(desk.journal, "local").moments_state("started")
        await stop_finding(desk.shorts("local"))
        assert ShortsLedger(desk.journal, "local").moments == {}
        record = desk.record(await desk.find(LOCAL), [1, 2], "local")
        ShortsLedger(desk.journal, "local").note(record.id, "asked", job="render/9")
        await stop_rendering(desk.shorts("local"), record.id)
        (stopped,) = all_renders(desk.journal)
        assert stopped.state == "failed"
        assert {c.state for c in stopped.clips} == {"failed"}

    run(tmp_path, story)


def test_clips_are_ordered_once_each_and_ended_one_by_one(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        record = await desk.ordered([3, 1, 3])
        record = await desk.render(record)
        order = next(s for s in desk.server.seen if s.name == RENDER)
        assert json.loads(order.body) == {"momentNumbers": [1, 3]}
        assert [c.number for c in desk.told] == [1, 3]
        assert [c.state for c in record.clips] == ["ready", "ready"]
        assert record.state == "ended"
        assert len(waiting_downloads(desk.journal)) == 2
        path = await desk.get(record, 1)
        assert path == desk.folder / "The first.mp4"
        assert path.read_bytes() == FILM
        assert await desk.get(record, 1) == path
        assert desk.server.count(FILE) == 1
        (clip, other) = all_renders(desk.journal)[0].clips
        assert (clip.state, clip.path, clip.bytes) == ("downloaded", str(path), len(FILM))
        assert other.state == "ready"
        assert TOKEN not in json.dumps(desk.kept)

    run(tmp_path, story)


def test_what_fails_or_is_left_out_does_not_void_the_rest(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.render_items = {
            1: {"status": "failed", "error": {"message": "bad crop"}}, 3: None,
        }  # fmt: skip
        desk.server.parent = {"status": "failed", "ok": False}
        record = await desk.render(await desk.ordered([1, 2, 3]))
        assert [c.state for c in record.clips] == ["failed", "ready", "missing"]
        assert record.clips[0].error == "bad crop"
        assert record.state == "ended"
        assert "1 of 3" in record.sentence
        assert (await desk.get(record, 2)).exists()

    run(tmp_path, story)


def test_a_clip_never_ended_by_an_ended_order_fails_after_a_while(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.render_items = {1: {"status": "cooking"}}
        record = await desk.ordered([1])
        with pytest.raises(ServiceError, match="left this one unfinished"):
            await desk.render(record)
        assert all_renders(desk.journal)[0].state == "failed"

    run(tmp_path, story)


def test_moments_a_service_cannot_render_are_not_ordered(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        found = await desk.find()
        span = found.items[0].span
        moved = PlacedMoment("j/1", 1, span, found.items[1].span, "T")
        own = PlacedMoment("own/1", None, span, None, "T")
        for chosen in ([], [moved], [own]):
            with pytest.raises(ServiceError):
                new_record(desk.journal, "znippet", chosen, {}, ["a.mp4"] * len(chosen))
        assert new_record(desk.journal, "here", [own, moved], {}, ["a", "b"]).service == "here"

    run(tmp_path, story)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Reply(200, b"<html>", {"Content-Type": "text/html; charset=x"}), "a page instead"),
        (Reply(200, {"a": 1}), "a page instead"),
        (Reply(200, b"", {"Content-Type": "video/mp4"}), "without a single byte"),
        (Reply(200, FILM, {"Content-Type": "video/mp4"}, cut=100), "broke off"),
        (Reply(403, {"error": "x"}), "refused"),
        (Reply(410, b""), "refused"),
        (Reply(500, b""), "refused"),
        (Reply(reset=True), "broke off"),
    ],
    ids=["html", "json", "zero", "cut", "403", "410", "500", "reset"],
)
def test_a_bad_download_is_begun_anew_with_a_fresh_link(
    tmp_path: Path, fault: Reply, error: str
) -> None:
    async def story(desk: Desk) -> None:
        record = await desk.render(await desk.ordered([1]))
        before = desk.server.count(RENDERS)
        desk.server.script[FILE] = [fault] * 20
        with pytest.raises((ServiceError, MediaError), match=error):
            await desk.get(record, 1)
        assert desk.server.count(RENDERS) == before + 4
        assert list(desk.folder.iterdir()) == []
        assert all_renders(desk.journal)[0].clips[0].state == "ready"
        desk.server.script[FILE] = [fault]
        assert (await desk.get(record, 1)).read_bytes() == FILM
        assert [p.name for p in desk.folder.iterdir()] == ["The first.mp4"]

    run(tmp_path, story)


def test_links_get_the_key_only_here_and_only_where_they_want_it(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        record = await desk.render(await desk.ordered([1]))
        desk.server.wants_key_for_files = True
        await desk.get(record, 1)
        keys = [s.headers.get("authorization") for s in desk.server.seen if s.name == FILE]
        assert keys == [None, f"Bearer {LICENSE}"]

    run(tmp_path, story)


def test_one_redirect_is_followed_without_the_key(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        record = await desk.render(await desk.ordered([1, 2]))
        desk.server.good_links.add("t")
        there = f"{desk.server.base_url}/api/projects/preview?token=t&n=1"
        desk.server.script[FILE] = [Reply(302, b"", {"Location": there})]
        assert (await desk.get(record, 1)).read_bytes() == FILM
        assert all("authorization" not in s.headers for s in desk.server.seen if s.name == FILE)
        desk.server.script[FILE] = [Reply(302, b"", {"Location": there})] * 2
        with pytest.raises(ServiceError, match="from one address to another"):
            await desk.get(record, 2)
        desk.server.script[FILE] = [Reply(302, b"", {"Location": "http://evil.example/"})]
        with pytest.raises(ServiceError, match="not safe"):
            await desk.get(record, 2)

    run(tmp_path, story)


def test_nothing_is_written_over_and_downloads_run_beside_each_other(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.moments[1]["title"] = "The first"
        record = await desk.render(await desk.ordered([1, 2, 3]))
        desk.folder.mkdir()
        (desk.folder / "The first.mp4").write_bytes(b"mine")
        paths = await asyncio.gather(*(desk.get(record, n) for n in (1, 2, 3)))
        assert {p.name for p in paths} == {"The first 2.mp4", "The first 3.mp4", "The third.mp4"}
        assert (desk.folder / "The first.mp4").read_bytes() == b"mine"
        assert {c.state for c in all_renders(desk.journal)[0].clips} == {"downloaded"}

    run(tmp_path, story)


def test_what_does_not_play_and_a_folder_that_cannot_be_are_told(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        record = await desk.render(await desk.ordered([1]))

        def check(path: Path, duration: int) -> None:
            assert (path.read_bytes(), duration) == (FILM, 3_000_000)
            raise MediaError("It does not play.")

        with pytest.raises(MediaError):
            await desk.get(record, 1, check=check)
        assert list(desk.folder.iterdir()) == []
        desk.folder.rmdir()
        desk.folder.write_bytes(b"a file")
        with pytest.raises(ExportError):
            await desk.get(record, 1)

    run(tmp_path, story)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        link = f"{desk.server.base_url}/api/projects/preview?token=t&n=1"
        desk.server.good_links.add("t")
        with pytest.raises(ExportError, match="the disk is full"):
            await desk.http.download(link, Path("/dev/full"))

    run(tmp_path, story)


def test_a_journal_that_cannot_be_written_stops_the_order(tmp_path: Path) -> None:
    class Full(Notebook):
        def put(self, kind: str, value: dict[str, Any]) -> None:
            if value.get("state") == "asking":
                raise StoreError("The disk is full.")
            super().put(kind, value)

    async def story(desk: Desk) -> None:
        with pytest.raises(StoreError):
            await find_moments(
                desk.shorts(journal=Full(desk.server, desk.kept)), PLAN, desk.report, again=True
            )
        assert desk.server.count(ANALYZE) == 0

    run(tmp_path, story)


async def whole(desk: Desk, service: Service, journal: Notebook) -> None:
    """What the program does from the first wish to the last file, or from wherever it ended."""
    plan = FindPlan(service)
    shorts = desk.shorts(service, journal)
    kept = desk.kept.setdefault("answers", {})
    state = shorts.ledger.moments.get("state")
    if state != "received" or "raw" not in kept:
        raw, _ = await find_moments(shorts, plan, desk.report, again=False)
        kept["raw"] = raw.decode()
        await received(shorts)
    found = unpack(kept["raw"].encode(), 10_000_000)
    records = all_renders(journal)
    record = records[0] if records else desk.record(found, [1, 3], service, journal)
    if record.state in ("planned", "asking", "asked", "unknown"):
        await render(shorts, record.id, desk.report, lambda: None, desk.told.append)
    for _, clip in waiting_downloads(journal):
        await download(
            shorts, record.id, clip.key, desk.folder, desk.report, check=lambda _p, _us: None
        )


@pytest.mark.parametrize("service", ["znippet", "local"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_program_that_ends_at_any_write_orders_and_downloads_nothing_twice(
    tmp_path: Path, service: Service, after: bool
) -> None:
    async def once(desk: Desk, at: int) -> bool:
        """Whether the process ended at its write number `at`; then it goes on as another one."""
        try:
            await whole(desk, service, Mortal(desk.server, desk.kept, at, after=after))
        except Killed:
            ended = True
        else:
            ended = False
        unknown = 0
        for _ in range(3):
            try:
                await whole(desk, service, desk.journal)
            except ServiceError as error:
                if service == "local" or "may have been charged" not in error.sentence:
                    raise
                unknown += 1
            else:
                break
        if unknown:
            # Nobody could know: no paid command was sent a second time unasked.
            assert desk.server.count(ANALYZE) <= 1
            assert desk.server.count(RENDER) <= 1
            return ended
        assert len(desk.server.analyses) == 1
        assert len(desk.server.orders) == 1
        if service == "znippet":
            assert (desk.server.count(ANALYZE), desk.server.count(RENDER)) == (1, 1)
        assert sorted(p.name for p in desk.folder.iterdir()) == ["The first.mp4", "The third.mp4"]
        clips = all_renders(desk.journal)[0].clips
        assert {c.state for c in clips} == {"downloaded"}
        return ended

    async def main() -> None:
        at = 0
        ended = True
        while ended:
            at += 1
            place = tmp_path / str(at)
            place.mkdir()
            async with sitting(place) as desk:
                ended = await once(desk, at)
        assert at > 12

    asyncio.run(main())


def test_a_cancelled_order_is_of_unknown_fate(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.script[ANALYZE] = [Reply(stall=True)]
        task = asyncio.create_task(desk.find())
        await desk.server.arrived(3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert pending_finds(desk.journal) == (PLAN,)
        with pytest.raises(ServiceError, match="may have been charged"):
            await desk.find()
        assert desk.server.count(ANALYZE) == 1

    run(tmp_path, story)


def test_an_upload_that_may_have_arrived_is_not_asked_for_twice(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.server.script[UPLOADS] = [Reply(reset=True)]
        with pytest.raises(Unreachable):
            await desk.find()
        assert desk.server.count(UPLOADS) == 1
        assert pending_finds(desk.journal) == (PLAN,)

    run(tmp_path, story)
