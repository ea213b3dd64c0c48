"""The signed PUT: exact bytes, no key, and everything that may go wrong under way."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.core.errors import MediaError, ServiceError, Unreachable
from app.services import upload
from app.services.http import Http, NotSent
from app.services.upload import FileState, Persistence, Slot, UploadExpired, send_file
from tests.services.fake_cloud import KEY, SIGNATURE, FakeCloud, Project, Reply, fake_cloud, hasty

SIZE = 2 * upload.PIECE + 12_345
PUT = "PUT /storage/1"


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "take one.mp4"
    path.write_bytes(bytes(range(256)) * (SIZE // 256) + b"\0" * (SIZE % 256))
    return path


def slot(cloud: FakeCloud, deadline: float = 1e12) -> Slot:
    cloud.projects["proj/1"] = Project("proj/1", SIZE, "video/mp4")
    url = f"{cloud.base_url}/storage/1?{SIGNATURE}"
    return Slot("proj/1", url, cloud.upload_headers, deadline)


async def send(
    cloud: FakeCloud,
    http: Http,
    video: Path,
    *,
    to: Slot | None = None,
    was: FileState | None = None,
    now: float = 0.0,
    sent: list[tuple[int, int]] | None = None,
) -> None:
    await send_file(
        http,
        to or slot(cloud),
        video,
        was or FileState.of(video),
        content_type="video/quicktime",
        progress=lambda done, size: None if sent is None else sent.append((done, size)),
        loopback_allowed=True,
        persistence=Persistence(sleep=hasty(), now=lambda: now),
    )


def script(cloud: FakeCloud, *replies: Reply) -> None:
    cloud.script[PUT] = list(replies)


def test_the_bytes_arrive_with_an_exact_length_and_without_a_key(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            sent: list[tuple[int, int]] = []
            await http.send("GET", cloud.base_url + "/v1/me", key=KEY)
            await send(cloud, http, video, sent=sent)
            put = cloud.seen[-1]
            assert cloud.projects["proj/1"].stored == video.read_bytes()
            assert put.headers["content-length"] == str(SIZE)
            assert "transfer-encoding" not in put.headers
            assert "authorization" not in put.headers
            assert KEY not in str(put.headers)
            assert put.headers["x-amz-meta-a"] == "b"
            assert put.headers["content-type"] == "video/mp4"
            assert sent == [(upload.PIECE, SIZE), (2 * upload.PIECE, SIZE), (SIZE, SIZE)]

    asyncio.run(main())


def test_the_content_type_is_added_where_the_service_names_none() -> None:
    assert upload.with_content_type({"X-A": "1"}, "video/webm") == {
        "X-A": "1",
        "Content-Type": "video/webm",
    }
    assert upload.with_content_type({"content-type": "a/b"}, "video/webm") == {
        "content-type": "a/b"
    }


def test_storage_that_fails_is_asked_again_with_fresh_bytes(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            script(cloud, Reply(500), Reply(reset=True), Reply(429))
            await send(cloud, http, video)
            assert len(cloud.seen) == 4
            assert cloud.projects["proj/1"].stored == video.read_bytes()

    asyncio.run(main())


def test_an_upload_that_breaks_off_every_time_is_a_sentence(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            script(cloud, *[Reply(reset=True)] * 9)
            with pytest.raises(Unreachable, match="upload broke off"):
                await send(cloud, http, video)
            assert len(cloud.seen) == 4

    asyncio.run(main())


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, b"<Code>AccessDenied</Code>"),
        Reply(400, b"<Code>ExpiredToken</Code>"),
        Reply(403, b"x", early=True),
        Reply(410, b""),
    ],
)
def test_an_expired_address_asks_for_a_fresh_project(video: Path, reply: Reply) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            script(cloud, *[reply] * 4)
            # Refusing early may hide the status behind a broken connection: near the deadline
            # that counts as the same.
            with pytest.raises(UploadExpired):
                await send(cloud, http, video, to=slot(cloud, 1000.0), now=950.0)
            assert len(cloud.seen) == 1

    asyncio.run(main())


def test_without_a_connection_an_upload_waits_and_begins_anew(video: Path) -> None:
    async def main() -> None:
        cloud = FakeCloud()
        cloud.base_url = f"http://127.0.0.1:{free_port()}"
        waits: list[float] = []
        told: list[bool] = []
        async with AsyncExitStack() as stack, Http() as http:

            async def sleep(seconds: float) -> None:
                waits.append(seconds)
                if len(waits) == 20:
                    port = int(cloud.base_url.rpartition(":")[2])
                    serving = await asyncio.start_server(cloud.serve, "127.0.0.1", port)
                    stack.callback(serving.close)

            await send_file(
                http, slot(cloud), video, FileState.of(video),
                progress=lambda _sent, _size: None, loopback_allowed=True,
                persistence=Persistence(sleep=sleep, now=lambda: 0.0), waiting=told.append,
            )  # fmt: skip
        assert told == [True] * 20
        assert waits[:5] == [2, 4, 8, 16, 30]
        assert cloud.projects["proj/1"].stored == video.read_bytes()

    asyncio.run(main())


def test_an_address_that_ran_out_while_the_computer_slept_asks_for_a_fresh_project(
    video: Path,
) -> None:
    async def main() -> None:
        at = 0.0

        async def sleep(_seconds: float) -> None:
            nonlocal at
            at += 3600  # the lid was closed

        nobody = FakeCloud()
        nobody.base_url = f"http://127.0.0.1:{free_port()}"
        async with Http() as http:
            with pytest.raises(UploadExpired):
                await send_file(
                    http, slot(nobody, 900.0), video, FileState.of(video),
                    progress=lambda _sent, _size: None, loopback_allowed=True,
                    persistence=Persistence(sleep=sleep, now=lambda: at),
                )  # fmt: skip

    asyncio.run(main())


def test_a_line_that_stays_away_is_a_sentence_in_the_end(video: Path) -> None:
    async def main() -> None:
        nobody = FakeCloud()
        nobody.base_url = f"http://127.0.0.1:{free_port()}"
        async with Http() as http:
            with pytest.raises(NotSent, match="could not be reached"):
                await send(nobody, http, video)

    asyncio.run(main())


def free_port() -> int:
    """A port of loopback where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def test_past_the_deadline_nothing_is_sent(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            with pytest.raises(UploadExpired):
                await send(cloud, http, video, to=slot(cloud, 1000.0), now=1000.0)
            assert cloud.seen == []

    asyncio.run(main())


def test_another_refusal_is_a_sentence_without_the_address(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            script(cloud, Reply(411, f"no {cloud.base_url}/storage/1?{SIGNATURE}".encode()))
            with pytest.raises(ServiceError, match="refused the upload \\(411\\)") as caught:
                await send(cloud, http, video)
            assert not isinstance(caught.value, UploadExpired)
            assert "canarysignature" not in caught.value.detail

    asyncio.run(main())


def test_a_file_that_grows_or_shrinks_stops_the_upload(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            was = FileState.of(video)
            video.write_bytes(b"shorter")
            with pytest.raises(MediaError, match="changed while it was being uploaded"):
                await send(cloud, http, video, was=was)
            assert cloud.seen == []

    asyncio.run(main())


def test_a_file_that_is_rewritten_under_way_is_noticed(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:

            class Touch(list[tuple[int, int]]):
                def append(self, item: tuple[int, int]) -> None:
                    os.utime(video, ns=(1, 1))

            with pytest.raises(MediaError, match="changed"):
                await send(cloud, http, video, sent=Touch())
            assert not cloud.projects["proj/1"].stored

    asyncio.run(main())


def test_a_missing_or_empty_file_is_a_sentence(tmp_path: Path, video: Path) -> None:
    with pytest.raises(MediaError, match="cannot be read"):
        FileState.of(tmp_path / "gone.mp4")
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(MediaError, match="empty"):
        FileState.of(empty)

    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            was = FileState.of(video)
            video.unlink()
            with pytest.raises(MediaError, match="cannot be read"):
                await send(cloud, http, video, was=was)

    asyncio.run(main())


def test_a_length_the_service_expects_otherwise_stops_it(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            cloud.upload_headers = {"Content-Length": "5"}
            with pytest.raises(ServiceError, match="another number of bytes"):
                await send(cloud, http, video)
            cloud.upload_headers = {"Content-Length": str(SIZE), "Host": "evil.example"}
            await send(cloud, http, video)
            assert cloud.seen[-1].headers["host"].startswith("127.0.0.1")

    asyncio.run(main())


def test_a_cancelled_upload_closes_the_file_and_the_connection(video: Path) -> None:
    async def main() -> None:
        async with fake_cloud() as cloud, Http() as http:
            script(cloud, Reply(stall=True))
            task = asyncio.create_task(send(cloud, http, video))
            await cloud.arrived(1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())


def test_a_slot_never_shows_its_address() -> None:
    assert "secret" not in repr(Slot("p", "https://s/x?secret", {"a": "secret"}, 0.0))
