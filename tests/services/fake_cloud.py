"""A NanoClip on loopback that keeps the contract, and breaks it where a test says so.

A real server (asyncio streams, so that it can also reset and stall), not a mock: what the client
sends is read from the wire. Every request is noted in `log`, where a test may note its own events.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote

KEY = "nc_canary_5f3a9e_never_logged"
SIGNATURE = "X-Amz-Signature=canarysignature7d1"

WORDS = [
    {"text": "Ask", "start": 0.5, "end": 0.8, "speaker": 0, "confidence": 1},
    {"text": "not", "start": 0.9, "end": 1.2, "speaker": 0},
    {"text": "what.", "start": 1.3, "end": 1.7, "speaker": 1, "confidence": 0.5},
]
TRANSCRIPT = {
    "language": "en",
    "agent_context": {"time_unit": "seconds"},
    "text": "Ask not what.",
    "words": WORDS,
    "utterances": [
        {"speaker": 0, "start": 0.5, "end": 1.2, "text": "Ask not", "word_start_idx": 0,
         "word_end_idx": 2},
        {"speaker": 1, "start": 1.3, "end": 1.7, "text": "what.", "word_start_idx": 7,
         "word_end_idx": 9},
    ],
    "speakers": [{"speaker": 0, "total_duration": 0.7, "utterance_count": 1}],
}  # fmt: skip
VISION = {
    "faces": [
        {"t": 0.1, "detections": []},
        {"t": 0.3, "detections": [{"box": [0.6, 0.2, 0.4, 0.5], "score": 0.9, "track_id": 0,
                                   "cluster_id": 4, "speak_conf": 0.8}]},
    ],
    "face_tracks": [{"track_id": 0, "cluster_id": 4, "frame_count": 1, "start_t": 0.3,
                     "end_t": 0.3, "median_box_area": 0.06}],
    "scenes": [
        {"timestamp": 2.6},
        {"before_frame": {"pts": 1, "timestamp": 4.96}, "after_frame": {"pts": 2,
                                                                        "timestamp": 5.0}},
        {"timestamp": None},
    ],
    "asd": {"ran": False, "reason": "one face"},
}  # fmt: skip
RETAKES = {
    "words": [
        {"i": i, "start": float(i), "end": i + 0.8, "text": f"w{i}", "confidence": 1,
         "source": "transcript"}
        for i in range(8)
    ],
    "remove_spans": [{"remove_word_start": 2, "remove_word_end": 4}],
    "keep_intervals": [{"start": 0.0, "end": 1.9}, {"start": 3.95, "end": 10.0}],
}  # fmt: skip
RESULTS = {"transcript": TRANSCRIPT, "vision": VISION, "retake-removal": RETAKES}


@dataclass
class Seen:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """Method and path with the ids left out."""
        parts = self.path.split("?", 1)[0].split("/")
        if len(parts) > 3 and parts[1:3] == ["v1", "projects"] and parts[3] != "upload":
            parts[3] = "{id}"
        for before in ("analyses", "renders"):
            if before in parts[:-1]:
                parts[parts.index(before) + 1] = "{id}"
        return f"{self.method} {'/'.join(parts)}"


@dataclass
class Reply:
    """What goes back; `reset` closes the connection instead, `early` does not read
    the body, `stall` never answers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    early: bool = False
    stall: bool = False
    after: bool = False
    """`reset` only once the request was carried out."""
    cut: int | None = None
    """The connection ends after so many bytes of the body."""
    pieces: tuple[bytes, ...] = ()
    """Sent as they are, head included, instead of everything above; then the connection ends."""
    between: float = 0.0
    """Seconds from one of the pieces to the next."""


@dataclass
class Project:
    """One upload and its analyses."""

    id: str
    size: int | None
    content_type: str
    status: str = "created"
    stored: bytes = b""
    polls: dict[str, int] = field(default_factory=dict)


class FakeCloud:
    """The server; `base_url` is where it listens.

    script: request name -> replies used up one by one before the contract answers again. results:
    what each analysis finds. polls_until_done: GETs that still say "processing". expires_in:
    lifetime of signed addresses in seconds.
    """

    def __init__(self) -> None:
        self.base_url = ""
        self.script: dict[str, list[Reply]] = {}
        self.results: dict[str, dict[str, Any]] = {k: dict(v) for k, v in RESULTS.items()}
        self.statuses: dict[str, str] = {}
        self.polls_until_done = 1
        self.expires_in = 900
        self.upload_headers = {"Content-Type": "video/mp4", "x-amz-meta-a": "b"}
        self.projects: dict[str, Project] = {}
        self.seen: list[Seen] = []
        self.log: list[str] = []
        self.started: list[str] = []
        """Analyses that were begun, each time they were: what is paid for."""
        self._came = asyncio.Event()
        self._made = 0
        self.used = {"projects_created": 0, "analysis_commands": 0}
        self.limits = {"projects_per_day": 100, "analysis_commands_per_day": 200}

    def count(self, name: str) -> int:
        """How often a request of this name came."""
        return sum(s.name == name for s in self.seen)

    async def arrived(self, requests: int) -> None:
        """Wait until so many requests have come."""
        while len(self.seen) < requests:
            self._came.clear()
            await self._came.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass  # The client left or speaks another protocol, or the test is over.
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = await reader.readline()
        if not line:
            return False
        method, path, _ = line.decode().split(" ", 2)
        headers: dict[str, str] = {}
        while (raw := await reader.readline()).strip():
            name, _, value = raw.decode().partition(":")
            headers[name.strip().lower()] = value.strip()
        request = Seen(method, path, headers, b"")
        scripted = self.script.get(request.name) or self.script.get(request.name.split("?")[0])
        reply = scripted.pop(0) if scripted else None
        if not (reply and reply.early):
            request.body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.seen.append(request)
        self.log.append(request.name)
        self._came.set()
        if reply is None or reply.after:
            told = self._answer(request)
            reply = reply or told
        if reply.stall:
            await asyncio.Event().wait()
        if reply.reset:
            writer.transport.abort()
            return False
        if reply.pieces:
            for piece in reply.pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(reply.between)
            return False
        await self._write(writer, reply)
        return not reply.early

    async def _write(self, writer: asyncio.StreamWriter, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        head = {"Content-Type": "application/json", **reply.headers}
        head["Content-Length"] = str(len(body))
        if reply.early:
            head["Connection"] = "close"
        lines = "".join(f"{k}: {v}\r\n" for k, v in head.items())
        writer.write(f"HTTP/1.1 {reply.status} X\r\n{lines}\r\n".encode() + body[: reply.cut])
        await writer.drain()
        if reply.cut is not None:
            raise ConnectionError

    def _answer(self, request: Seen) -> Reply:
        if request.path.startswith("/storage/"):
            return self._store(request)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return Reply(401, {"detail": "Missing API key"})
        if request.name == "GET /v1/me":
            return Reply(200, self.me())
        if request.name == "POST /v1/projects/upload":
            return self._create(json.loads(request.body))
        project = self.projects.get(unquote(request.path.split("/")[3]))
        if project is None:
            return Reply(404, {"detail": "Project not found"})
        tail = request.path.split("/")[4:]
        if not tail:
            return Reply(200, self._detail(project))
        if tail == ["upload", "complete"]:
            project.status = "ready" if project.stored else project.status
            return Reply(200, {**self._detail(project), "duration": 10.0})
        if tail == ["captions"]:
            return Reply(200, {})
        return self._analysis(project, tail[0], request)

    def _analysis(self, project: Project, kind: str, request: Seen) -> Reply:
        told: dict[str, Any] = {"project_id": project.id}
        if request.method == "POST":
            if project.status != "ready":
                why = "Project upload must be completed before running analysis"
                return Reply(409, {"detail": why})
            project.polls.setdefault(kind, 0)
            self.started.append(kind)
            name = kind.replace("-", "_")
            told |= {"analysis": name, "status": "queued", "created_at": "2026-06-08T10:05:00Z"}
            if kind != "retake-removal":
                told["requested_outputs"] = json.loads(request.body)["requested_outputs"]
            return Reply(202, told)
        if kind not in project.polls:
            return Reply(404, {"detail": "Command not found"})
        project.polls[kind] += 1
        if project.polls[kind] <= self.polls_until_done:
            return Reply(200, {**told, "status": "running"})
        status = self.statuses.get(kind, "completed")
        if status == "failed":
            return Reply(200, {**told, "status": "failed", "error": "The model fell over"})
        return Reply(200, {**told, "status": status, "error": None, **self.results[kind]})

    def _create(self, wanted: dict[str, Any]) -> Reply:
        self._made += 1
        number = self._made
        project = Project(f"proj/{number}", wanted.get("size_bytes"), wanted["content_type"])
        self.projects[project.id] = project
        address = f"{self.base_url}/storage/{number}?{SIGNATURE}"
        return Reply(
            201,
            {
                "project_id": project.id,
                "status": "created",
                "created_at": "2026-05-18T10:05:00Z",
                "source": {"type": "upload", "filename": wanted["filename"]},
                "upload_url": address,
                "upload_headers": self.upload_headers,
                "upload_expires_in_seconds": self.expires_in,
            },
        )

    def _store(self, request: Seen) -> Reply:
        number = request.path.split("/")[2].split("?")[0]
        self.projects[f"proj/{number}"].stored = request.body
        return Reply(200, b"")

    def _detail(self, project: Project) -> dict[str, Any]:
        return {
            "project_id": project.id,
            "status": project.status,
            "created_at": "2026-05-18T10:05:00Z",
            "source": {"type": "upload"},
            "source_size_bytes": len(project.stored),
            "duration": 10.0 if project.status == "ready" else None,
        }

    def me(self) -> dict[str, Any]:
        """The answer of `/v1/me`."""
        return {
            "workspace": {"id": "w1"},
            "api_key": {"prefix": "nc_c", "scopes": ["*"]},
            "limits": {
                "requests_per_minute_per_key": 120,
                "max_upload_bytes": 10**9,
                **self.limits,
            },
            "usage_today": {**self.used, "day_resets_at": "2026-06-09T00:00:00Z"},
            "billing": {
                "credit_balance_cents": 50,
                "currency": "usd",
                "pricing": {
                    "transcript_per_uploaded_hour_cents": 10,
                    "diarization_addon_per_hour_cents": 5,
                    "vision_per_minute_cents": 5,
                    "retake_removal_per_minute_cents": 5,
                },
            },
            "agent_context": {},
        }


AnyCloud = TypeVar("AnyCloud", bound=FakeCloud)


@asynccontextmanager
async def listening(cloud: AnyCloud) -> AsyncIterator[AnyCloud]:
    """`cloud` on a free port of loopback for as long as the block lasts."""
    serving: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            await cloud.serve(reader, writer)
        finally:
            serving.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    cloud.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield cloud
    finally:
        server.close()
        for task in list(serving):
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


@asynccontextmanager
async def fake_cloud() -> AsyncIterator[FakeCloud]:
    """A NanoClip that listens for as long as the block lasts."""
    async with listening(FakeCloud()) as cloud:
        yield cloud


Sleep = Callable[[float], Awaitable[None]]


def hasty(waits: list[float] | None = None) -> Sleep:
    """A sleep that only lets others run, and notes how long it should have been."""

    async def sleep(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)
        await asyncio.sleep(0)

    return sleep


class Notebook:
    """A journal in memory that also notes its writes in the cloud's log."""

    def __init__(self, cloud: FakeCloud, kept: dict[str, dict[str, Any]] | None = None) -> None:
        self.kept: dict[str, dict[str, Any]] = {} if kept is None else kept
        self._log = cloud.log

    def get(self, kind: str) -> dict[str, Any] | None:
        """As the store does: the caller's own copy."""
        value = self.kept.get(kind)
        return None if value is None else json.loads(json.dumps(value))

    def put(self, kind: str, value: dict[str, Any]) -> None:
        """As the store does: JSON values alone."""
        self.kept[kind] = json.loads(json.dumps(value, allow_nan=False))
        self._log.append(f"journal {kind} {value.get('state', '')}".strip())
