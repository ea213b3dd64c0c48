"""The local service as the app's child: ready when it says so, gone when the app is."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from app.core.errors import ServiceError
from app.services.local_process import LocalService, local_service

ROOT = Path(__file__).parents[2]


def ask(base_url: str, token: str) -> int:
    request = urllib.request.Request(
        f"{base_url}/v1/me", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


def test_it_answers_while_the_block_lasts_and_is_gone_after(tmp_path: Path) -> None:
    async def main() -> LocalService:
        async with local_service(tmp_path) as running:
            assert await asyncio.to_thread(ask, running.base_url, running.token) == 200
            assert running.running
            assert running.token not in repr(running)
        return running

    ended = asyncio.run(main())
    assert not ended.running
    with pytest.raises(urllib.error.URLError):
        ask(ended.base_url, ended.token)


def test_the_token_is_not_among_the_arguments(tmp_path: Path) -> None:
    async def main() -> None:
        async with local_service(tmp_path) as running:
            arguments = Path(f"/proc/{running.process.pid}/cmdline")
            if arguments.exists():
                assert running.token.encode() not in arguments.read_bytes()

    asyncio.run(main())


def test_it_ends_when_the_app_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, json, sys\n"
        "from pathlib import Path\n"
        "from app.services.local_process import local_service\n"
        "async def main():\n"
        "    async with local_service(Path(sys.argv[1])) as s:\n"
        "        print(json.dumps([s.base_url, s.token]), flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
    ) as app:
        assert app.stdout
        base_url, token = json.loads(app.stdout.readline())
        assert ask(base_url, token) == 200
        app.kill()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            ask(base_url, token)
        except (urllib.error.URLError, ConnectionError):
            return
        time.sleep(0.1)
    raise AssertionError("the service outlived the app")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    async def main() -> None:
        async with local_service(tmp_path / "file"):
            raise AssertionError("it started")

    with pytest.raises(ServiceError, match="could not be started"):
        asyncio.run(main())


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_service_that_ends_at_once_is_a_sentence_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "projects").write_text("not a folder")

    async def main() -> None:
        async with local_service(tmp_path):
            raise AssertionError("it started")

    with pytest.raises(ServiceError, match="could not be started") as caught:
        asyncio.run(main())
    assert "projects" in caught.value.detail
