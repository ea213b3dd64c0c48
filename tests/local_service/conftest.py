"""A real service on a real port, asked over real HTTP, and small clips made on the spot."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-for-tests"


def shared() -> Path:
    return Path(os.environ.get("KEEPTAKE_SHARED", ROOT.parent / "shared"))


@dataclass
class Running:
    """The service over `data`; `call` gives (status, JSON or None)."""

    data: Path
    extra: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> Running:
        command = [sys.executable, "-m", "app.local_service", "--data", str(self.data)]
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--token", TOKEN, *self.extra],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self.process.stdout
        self.port = json.loads(self.process.stdout.readline())["port"]
        return self

    def stop(self, *, kill: bool = False) -> None:
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()

    def call(
        self, method: str, path: str, body: Any = None, token: str | None = TOKEN, raw: bytes = b""
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        data = raw or (None if body is None else json.dumps(body).encode())
        if data is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def shorts(
        self, method: str, path: str, body: Any = None, key: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """A call of contract part B; `path` after /api/v1/shorts or whole, `key` of idempotency."""
        path = path if path.startswith("/api") else f"/api/v1/shorts{path}"
        sent = {"Authorization": f"Bearer {TOKEN}", "X-Device-Id": "tests", **headers}
        if key:
            sent["Idempotency-Key"] = key
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        status, _, text = self.ask(method, path, sent, data)
        return status, json.loads(text) if text else None

    def ask(
        self, method: str, url: str, headers: dict[str, str] | None = None, data: Any = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Any request as it is: status, headers with small names, bytes."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, path, data, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text

    def offer(self, clip: Path, name: str = "clip.mp4", words: Any = None) -> dict[str, Any]:
        """The upload object of a clip whose bytes have arrived, and its words where given."""
        data = clip.read_bytes()
        asked = {
            "fileName": name,
            "contentType": "video/mp4",
            "sizeBytes": len(data),
            "durationSeconds": 3.0,
        }
        status, made = self.shorts("POST", "/uploads", asked)
        assert status == 200, made
        sent = self.ask(made["method"], made["uploadUrl"], made["headers"], data)
        assert sent[0] == 200, sent
        if words is not None:
            given = {"filename": "clip.json", "text": json.dumps({"words": words})}
            path = f"/uploads/{made['upload']['assetId']}/words"
            assert self.shorts("POST", path, given)[0] == 200
        upload: dict[str, Any] = made["upload"]
        return upload

    def settled(self, path: str, within: float = 60.0) -> Any:
        """The answer of a job of part B once it has ended."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            status, answer = self.shorts("GET", path)
            assert status == 200, answer
            if answer["status"] in ("ready", "failed"):
                return answer
            time.sleep(0.1)
        raise AssertionError(f"{path} was not finished within {within} s")

    def put(self, url: str, data: bytes) -> int:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("PUT", f"{parts.path}?{parts.query}", data)
        status = connection.getresponse().status
        connection.close()
        return status

    def create(
        self, name: str = "clip.mp4", kind: str = "video/mp4", size: int | None = None
    ) -> Any:
        asked = {"filename": name, "content_type": kind, "size_bytes": size}
        status, made = self.call("POST", "/v1/projects/upload", asked)
        assert status == 201, made
        return made

    def ready(self, clip: Path, kind: str = "video/mp4") -> str:
        """Path of a project whose upload is complete."""
        data = clip.read_bytes()
        made = self.create(clip.name, kind, len(data))
        assert self.put(made["upload_url"], data) == 200
        project = f"/v1/projects/{made['project_id']}"
        status, answer = self.call("POST", f"{project}/upload/complete")
        assert status == 200, answer
        return project

    def wait(self, path: str, within: float = 40.0) -> Any:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            status, answer = self.call("GET", path)
            assert status == 200, answer
            if answer["status"] in ("completed", "failed"):
                return answer
            time.sleep(0.1)
        raise AssertionError(f"{path} was not finished within {within} s")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def starter(*extra: str) -> Running:
        running = Running(tmp_path / "data", extra).start()
        started.append(running)
        return running

    yield starter
    for running in started:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("data")).start()
    yield running
    running.stop()


def write_clip(path: Path, colours: list[int], *, sound: bool = True, video: bool = True) -> Path:
    """One second at 25 fps for each brightness in `colours`, with quiet noise as sound."""
    with av.open(str(path), "w") as out:
        picture = out.add_stream("mpeg4", rate=25) if video else None
        heard = out.add_stream("aac", rate=16000, layout="mono") if sound else None
        if picture:
            picture.width, picture.height, picture.pix_fmt = 192, 108, "yuv420p"
            for number in range(25 * len(colours)):
                rows = np.full((108, 192, 3), colours[number // 25], np.uint8)
                rows[:, : 3 + number % 25 * 2] = 40
                out.mux(picture.encode(av.VideoFrame.from_ndarray(rows, format="rgb24")))
            out.mux(picture.encode(None))
        if heard:
            noise = np.random.default_rng(1).integers(-9, 9, (1, 16000 * len(colours)))
            for at in range(0, noise.shape[1], 1024):
                part = np.ascontiguousarray(noise[:, at : at + 1024].astype(np.int16))
                frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
                frame.sample_rate, frame.pts = 16000, at
                out.mux(heard.encode(frame))
            out.mux(heard.encode(None))
    return path


@pytest.fixture(scope="session")
def make_clip() -> Callable[..., Path]:
    return write_clip


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds, three scenes, quiet sound."""
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", [30, 220, 90])


@pytest.fixture(scope="session")
def interview() -> Path:
    found = shared() / "media" / "interview.mp4"
    if not found.exists():
        pytest.skip("the real footage is not here")
    return found


@pytest.fixture(scope="session")
def openapi() -> Path:
    found = shared() / "api" / "nanoclip-openapi.json"
    if not found.exists():
        pytest.skip("the vendor's OpenAPI file is not here")
    return found
