"""A Znippet Shorts on loopback that keeps the contract, and breaks it where a test says so.

The connection, the script of faults and the journal are fake_cloud's; here are the answers alone.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

from tests.services.fake_cloud import FakeCloud, Reply, Seen, listening

LICENSE = "zn_canary_91c2_never_logged"
DEVICE = "11111111-2222-4333-8444-555555555555"
TOKEN = "canarytoken5511"
PATH = "/api/v1/shorts"

UPLOADS = f"POST {PATH}/uploads"
ANALYZE = f"POST {PATH}/analyze"
ANALYSIS = f"GET {PATH}/analyses/{{id}}"
RENDER = f"POST {PATH}/analyses/{{id}}/render"
RENDERS = f"GET {PATH}/renders/{{id}}"
FILE = "GET /api/projects/preview"
PUT = "PUT /storage/"

UPLOAD = (
    '{"bucket": "znippet-uploads", "durationSeconds": 10.50, "sizeBytes": 4000,'
    ' "assetId": "asset/\\u00e9", "projectId": "project_1", "storageClass": "temporary",'
    ' "completeToken": "complete-1", "odd": [1.0, 1E2, null],  "nested": {"b": 1, "a": 2}}'
)
MOMENTS: list[dict[str, Any]] = [
    {"number": 1, "startTime": 0.5, "endTime": 3.5, "duration": 3.0, "title": "The first",
     "description": "How it began.", "viralScore": 88, "tags": ["a", "b"],
     "channelScores": {"youtube_shorts": 88, "tiktok": 84}},
    {"number": 2, "startTime": 4.0, "endTime": 6.0, "duration": 2.0, "title": "The second",
     "description": "", "viralScore": 70.5, "tags": [], "channelScores": {}},
    {"number": 3, "startTime": 6.0, "endTime": 9.0, "duration": 3.0, "title": "The third",
     "description": "", "viralScore": 60, "tags": [], "channelScores": {}},
]  # fmt: skip
FILM = b"\x00\x00\x00\x18ftypmp42" + b"film" * 600


class FakeZnippet(FakeCloud):
    """polls_until_done counts each job's; files: what a link of a moment's number brings.

    render_items: by number, what differs in a clip's entry; a None leaves the clip out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.moments = [dict(m) for m in MOMENTS]
        self.upload = UPLOAD
        self.upload_answer: dict[str, Any] = {}
        self.upload_headers = {"Content-Type": "video/mp4"}
        self.analyses: dict[str, int] = {}
        self.orders: dict[str, tuple[list[int], int]] = {}
        self.by_key: dict[str, dict[str, Any]] = {}
        self.words: list[dict[str, Any]] = []
        self.stored: list[bytes] = []
        self.files: dict[int, Reply] = {}
        self.render_items: dict[int, dict[str, Any] | None] = {}
        self.parent: dict[str, Any] = {}
        self.links = 0
        self.good_links: set[str] = set()
        self.wants_key_for_files = False

    def _answer(self, request: Seen) -> Reply:
        name = request.name
        if name.startswith(PUT):
            self.stored.append(request.body)
            return Reply(200, b"")
        if name == FILE:
            return self._file(request)
        known = request.headers.get("authorization") == f"Bearer {LICENSE}"
        if not known or request.headers.get("x-device-id") != DEVICE:
            return Reply(401, {"error": "Unknown license"})
        if name == UPLOADS:
            return self._create()
        if name == ANALYZE:
            return self._keyed(request, self._analyze)
        if name == RENDER:
            return self._keyed(request, self._order)
        job = unquote(request.path.split("/")[5]) if request.path.count("/") > 4 else ""
        if name == ANALYSIS and job in self.analyses:
            return self._analysis(job)
        if name == RENDERS and job in self.orders:
            return self._renders(job)
        if name == f"POST {PATH}/uploads/asset%2F%C3%A9/words":
            self.words.append(json.loads(request.body))
            return Reply(200, {})
        if name.endswith("/cancel"):
            return Reply(200, {})
        return Reply(404, {"error": "Not found"})

    def _keyed(self, request: Seen, act: Any) -> Reply:
        """As the local service: an order is carried out once for its idempotency key."""
        key = request.headers.get("idempotency-key")
        if key is not None and key in self.by_key:
            return Reply(200, self.by_key[key])
        reply: Reply = act(request)
        if key is not None:
            self.by_key[key] = reply.body
        return reply

    def _create(self) -> Reply:
        self._made += 1
        told = json.dumps(
            {
                "uploadUrl": f"{self.base_url}/storage/{self._made}?X-Amz-Signature={TOKEN}",
                "method": "PUT",
                "headers": self.upload_headers,
                **self.upload_answer,
            }
        )
        return Reply(200, f'{told[:-1]}, "upload": {self.upload} }}'.encode())

    def _analyze(self, request: Seen) -> Reply:
        job = f"job/{len(self.analyses) + 1}"
        self.analyses[job] = 0
        return Reply(
            200,
            {
                "jobId": job,
                "status": "queued",
                "statusUrl": f"{PATH}/analyses/{job.replace('/', '%2F')}",
                "dispatch": {"attempted": True, "mode": "queue", "ok": True},
            },
        )

    def _analysis(self, job: str) -> Reply:
        self.analyses[job] += 1
        if self.analyses[job] <= self.polls_until_done:
            return Reply(200, {"jobId": job, "status": "running", "ready": False})
        told = {"jobId": job, "status": "ready", "ready": True, "moments": self.moments}
        return Reply(200, {**told, **self.parent})

    def _order(self, request: Seen) -> Reply:
        job = f"render/{len(self.orders) + 1}"
        numbers = json.loads(request.body)["momentNumbers"]
        self.orders[job] = (numbers, 0)
        items = [
            {"momentNumber": n, "status": "queued"}
            for n in numbers
            if self.render_items.get(n, {}) is not None
        ]
        return Reply(
            200,
            {"jobId": job, "status": "queued", "statusUrl": "https://evil.example/x",
             "projectId": "project_1", "sourceAssetId": "asset_1", "renders": items},
        )  # fmt: skip

    def _renders(self, job: str) -> Reply:
        numbers, polls = self.orders[job]
        self.orders[job] = (numbers, polls + 1)
        done = polls + 1 > self.polls_until_done
        items = [self._item(n, done) for n in numbers if self.render_items.get(n, {}) is not None]
        told = {"jobId": job, "status": "ready" if done else "running", "ok": done}
        return Reply(200, {**told, "renders": items, **(self.parent if done else {})})

    def _item(self, number: int, done: bool) -> dict[str, Any]:
        if not done:
            return {"momentNumber": number, "status": "running"}
        self.links += 1
        link = f"{self.base_url}/api/projects/preview?token={TOKEN}{self.links}&n={number}"
        self.good_links.add(f"{TOKEN}{self.links}")
        item = {"momentNumber": number, "status": "ready", "assetId": f"asset_{number}",
                "url": link, "downloadUrl": f"{link}&download=1"}  # fmt: skip
        return {**item, **(self.render_items.get(number) or {})}

    def _file(self, request: Seen) -> Reply:
        query = dict(p.split("=") for p in request.path.split("?")[1].split("&"))
        if query["token"] not in self.good_links:
            return Reply(403, {"error": "Link expired"})
        if self.wants_key_for_files and request.headers.get("authorization") is None:
            return Reply(401, {"error": "Who are you?"})
        given = self.files.get(int(query["n"]))
        return given or Reply(200, FILM, {"Content-Type": "video/mp4"})


@asynccontextmanager
async def fake_znippet() -> AsyncIterator[FakeZnippet]:
    """A Znippet that listens on a free port of loopback for as long as the block lasts."""
    async with listening(FakeZnippet()) as znippet:
        yield znippet
