"""Every fault on every endpoint that an analysis meets: nothing lost, nothing paid twice.

In each case the fault comes once, in the middle of an analysis of everything. It may end in a
sentence or not be felt; afterwards the program is started again and goes on, with the person's
consent where it asks for it. In the end all three answers are there and each was started once.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import KeeptakeError
from app.services import wire
from app.services.agreed import Analysis
from app.services.ledger import Plan
from app.services.nanoclip import NanoClip, Patience
from app.services.parsing import Parser
from app.services.polling import Pace
from app.services.upload import Persistence
from app.services.workflows import analyse, pending
from tests.services.fake_cloud import KEY, FakeCloud, Notebook, Reply, fake_cloud, hasty
from tests.services.faults import TIMES, Impatient, elsewhere, faults, in_turn, untrusted

CREATE = "POST /v1/projects/upload"
STORE = "PUT /storage/1"
COMPLETE = "POST /v1/projects/{id}/upload/complete"
PROJECT = "GET /v1/projects/{id}"
ME = "GET /v1/me"
STARTS = [f"POST /v1/projects/{{id}}/{kind}" for kind in ("transcript", "vision", "retake-removal")]
RESULTS = [f"GET /v1/projects/{{id}}/{kind}" for kind in ("transcript", "vision", "retake-removal")]
ENDPOINTS = (CREATE, STORE, COMPLETE, PROJECT, *STARTS, *RESULTS)

ALL = Plan("nanoclip", "en", "he")

GOOD = b'{"project_id":"proj/1","status":"running"}'
NO = {"detail": "No"}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_fault_loses_an_answer_or_pays_twice(
    endpoint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    count, wrong = asyncio.run(cases(endpoint, tmp_path))
    said = "\n".join(f"{name}: {what}" for name, what in wrong.items())
    assert not wrong, f"{len(wrong)} of {count} cases at {endpoint}:\n{said}"
    assert KEY not in caplog.text
    assert "Signature=canary" not in caplog.text
    with capsys.disabled():
        sys.stdout.write(f" {count} faults at {endpoint}\n")


async def cases(endpoint: str, folder: Path) -> tuple[int, dict[str, str]]:
    """How many there are, and what was wrong by the fault's name."""
    video, long_video = folder / "clip.mp4", folder / "long.mp4"
    video.write_bytes(bytes(range(256)) * 300)
    long_video.write_bytes(bytes(12 << 20))
    async with elsewhere() as (other, address), Parser(threshold=64 << 20) as parser:
        table = {
            f"{name} ({times} times)": (fault, times)
            for name, fault in faults(GOOD, elsewhere=address, no=NO).items()
            for times in TIMES
        }

        async def run(http: Impatient, _name: str, fault: tuple[Reply, int]) -> str:
            http.at = endpoint
            async with fake_cloud() as cloud:
                if endpoint == PROJECT:
                    # It is asked for where a completion has no good answer.
                    cloud.script[COMPLETE] = [Reply(504, b"")]
                cloud.script[endpoint] = [fault[0]] * fault[1]
                # What is refused in the middle has to be too long for the pipes between.
                early = endpoint == STORE and fault[0].early
                said = await case(cloud, http, parser, long_video if early else video)
                return said or ("" if cloud.count(endpoint) else "it was never asked")

        wrong = await in_turn(table, run)
    if other.got:
        wrong["redirects"] = f"were followed: {bytes(other.got[:200])!r}"
    return len(table), wrong


async def case(cloud: FakeCloud, http: Impatient, parser: Parser, video: Path) -> str:
    """One sitting with the fault, then sittings without; "" where all is well."""
    kept: dict[str, dict[str, Any]] = {}
    got: dict[str, Any] = {}
    failures: list[str] = []
    agreed: Plan | None = ALL
    for _ in range(4 + 2 * TIMES[-1]):
        consent = agreed is None
        left = {kind: kind not in got for kind in ("transcript", "vision", "retakes")}
        plan = agreed or Plan("nanoclip", "en", "he", **left)
        story = sitting(cloud, http, parser, video, kept, got, plan)
        try:
            await analyse(story, silent, again=consent)
        except KeeptakeError as error:
            failures.append(f"{error.sentence} {error.hint} {error.detail}")
            if wrong := complaint(error):
                return wrong
        if len(got) == len(STARTS):
            break
        # What the program goes on with by itself, else what a person asks for once more.
        agreed = pending(Notebook(cloud, kept), "nanoclip")
    else:
        return f"only {sorted(got)} came: {failures}"
    twice = [kind for kind in set(cloud.started) if cloud.started.count(kind) > 1]
    if twice:
        return f"{twice} started more than once: {failures}"
    foreign = [s.path for s in cloud.seen if s.path.startswith("/storage") and KEY in str(s)]
    return "the key went to storage" if foreign else ""


def silent(_stage: str, _fraction: float | None) -> None:
    """Nobody looks."""


def sitting(
    cloud: FakeCloud,
    http: Impatient,
    parser: Parser,
    video: Path,
    kept: dict[str, Any],
    got: dict[str, Any],
    plan: Plan = ALL,
) -> Analysis:
    """The stories as after a start of the program: the journal is all that they know."""

    async def receive(kind: str, _raw: bytes, value: object) -> None:
        got[kind] = value

    client = NanoClip(
        cloud.base_url, KEY, http, patience=Patience(tries=2, sleep=hasty()), service="nanoclip"
    )
    return Analysis(
        client,
        plan,
        video,
        _Clip(),  # type: ignore[arg-type]
        Notebook(cloud, kept),
        receive,
        parser,
        Pace(sleep=hasty()),
        Persistence(tries=2, sleep=hasty()),
    )


class _Clip:
    """As much of a Probe as the stories read."""

    duration = 10_000_000
    content_type = "video/mp4"
    video = "a video stream"


def test_an_account_that_is_asked_for_is_there_or_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def main() -> tuple[int, dict[str, str]]:
        async with elsewhere() as (other, address):
            table = faults(b'{"workspace":{"id":"w"}}', elsewhere=address, no=NO)

            async def run(http: Impatient, _name: str, fault: Reply) -> str:
                async with fake_cloud() as cloud:
                    cloud.script[ME] = [fault]
                    patience = Patience(tries=2, sleep=hasty())
                    client = NanoClip(cloud.base_url, KEY, http, patience=patience)
                    try:
                        me = await client.me()
                    except KeeptakeError as error:
                        return complaint(error)
                    return "" if isinstance(me, wire.MeResponse) else "no account"

            wrong = await in_turn(table, run)
        return len(table), {**wrong, **({"redirects": "followed"} if other.got else {})}

    count, wrong = asyncio.run(main())
    assert not wrong, wrong
    with capsys.disabled():
        sys.stdout.write(f" {count} faults at {ME}\n")


def complaint(error: KeeptakeError) -> str:
    """What is wrong with an error as a person sees it, or ""."""
    text = f"{error.sentence} {error.hint} {error.detail}"
    if not error.sentence.strip() or "Traceback" in text:
        return f"no sentence: {text}"
    secret = KEY in text or "canarysignature" in text
    return "a secret is in the error" if secret else ""


UNREACHABLE = {
    "refused": "http://127.0.0.1:9",
    "no TLS there": "https://127.0.0.1:{port}",
    "a certificate nobody vouches for": "{untrusted}",
    "no such name": "https://no-such-host.invalid",
}


@pytest.mark.parametrize("why", UNREACHABLE)
def test_a_service_that_cannot_be_reached_is_a_sentence_and_costs_nothing(
    why: str, tmp_path: Path
) -> None:
    async def main() -> None:
        video = tmp_path / "clip.mp4"
        video.write_bytes(b"film")
        async with (
            Impatient() as http, Parser() as parser, fake_cloud() as cloud,
            untrusted(tmp_path) as (other, liar),
        ):  # fmt: skip
            port = cloud.base_url.rsplit(":", 1)[1]
            address = UNREACHABLE[why].format(port=port, untrusted=liar)
            analysis = sitting(cloud, http, parser, video, {}, {})
            analysis.client = NanoClip(
                address, KEY, http, patience=Patience(tries=2, sleep=hasty())
            )
            # In earnest it goes on trying for hours.
            analysis.pace = Pace(offline=2, sleep=hasty())
            with pytest.raises(KeeptakeError) as told:
                await analyse(analysis, silent)
            assert not complaint(told.value)
            assert cloud.started == []
            assert not other.got

    asyncio.run(main())


@pytest.mark.parametrize("why", UNREACHABLE)
def test_storage_that_cannot_be_reached_is_a_sentence_and_another_upload_is_made(
    why: str, tmp_path: Path
) -> None:
    async def main() -> None:
        video = tmp_path / "clip.mp4"
        video.write_bytes(b"film")
        async with (
            Impatient() as http, Parser() as parser, fake_cloud() as cloud,
            untrusted(tmp_path) as (other, liar),
        ):  # fmt: skip
            port = cloud.base_url.rsplit(":", 1)[1]
            address = UNREACHABLE[why].format(port=port, untrusted=liar)
            cloud.script[CREATE] = [Reply(201, {
                "project_id": "proj/0", "status": "created", "created_at": "2026",
                "source": {"type": "upload"}, "upload_headers": {},
                "upload_url": f"{address}/x?X-Amz-Signature=canarysignature",
                "upload_expires_in_seconds": 900,
            })]  # fmt: skip
            assert not await case(cloud, http, parser, video)
            assert sorted(cloud.started) == ["retake-removal", "transcript", "vision"]
            assert not other.got

    asyncio.run(main())
