"""Every fault on every endpoint that moments and shorts meet: nothing lost, nothing paid twice.

In each case the fault comes in the middle of finding moments, rendering three of them and fetching
their films. It may end in a sentence or not be felt; afterwards the program is started again with
its journal alone. It goes on by itself with what is pending, and a person orders again what is not.
A second order may only be carried out where that person was told that the first one may have been,
or that the service lost or failed it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import KeeptakeError, MediaError
from app.core.moments import Moments, PlacedMoment
from app.services.nanoclip import Patience
from app.services.polling import CLOUD_PACE, Pace
from app.services.shorts import find_moments, received
from app.services.shorts_download import download
from app.services.shorts_ledger import (
    FindPlan,
    RenderRecord,
    new_record,
    pending_finds,
    pending_renders,
)
from app.services.shorts_polling import Shorts
from app.services.shorts_render import render
from app.services.upload import Persistence
from app.services.wire_shorts import Service
from app.services.znippet import Znippet
from tests.services.fake_cloud import Notebook, Reply, hasty
from tests.services.fake_znippet import (
    ANALYSIS,
    ANALYZE,
    DEVICE,
    FILE,
    FILM,
    LICENSE,
    MOMENTS,
    PATH,
    RENDER,
    RENDERS,
    TOKEN,
    UPLOADS,
    FakeZnippet,
    fake_znippet,
)
from tests.services.faults import (
    TIMES,
    Elsewhere,
    Impatient,
    elsewhere,
    faults,
    in_turn,
    large,
    untrusted,
    whole,
)

STORE = "PUT /storage/1"
ENDPOINTS = (UPLOADS, STORE, ANALYZE, ANALYSIS, RENDER, RENDERS, FILE)
PAID = (ANALYZE, RENDER)
CASES = [*((e, "znippet") for e in ENDPOINTS), *((e, "local") for e in PAID)]
"""The local service differs in how it takes orders alone: once for each idempotency key."""

GOOD = b'{"jobId":"job/1","status":"running"}'
NO = {"error": "No", "issues": [{"field": "settings.clipVolume", "message": "No"}]}
SECRETS = (LICENSE, DEVICE, TOKEN)

VIDEO = {"Content_Type": "video/mp4"}
FILES: dict[str, Reply] = {
    "a film that breaks off": Reply(pieces=(whole(FILM[:99], length=len(FILM), **VIDEO),)),
    "a film longer than it says": Reply(pieces=(whole(FILM, length=99, **VIDEO),)),
    "another film": Reply(200, b"\x00\x00\x00\x18ftypmp42" + b"other" * 99, {**VIDEO}),
    "a film that is empty": Reply(pieces=(whole(b"", **VIDEO),)),
    "a hundred megabytes of film": Reply(pieces=large("video/mp4")),
    "a film in gzip": Reply(pieces=(whole(FILM, Content_Encoding="gzip", **VIDEO),)),
    "a stall in the middle": Reply(pieces=(whole(FILM, **VIDEO)[:300], b""), between=0.6),
    "a reset in the middle": Reply(200, FILM, {"Content-Type": "video/mp4"}, cut=99),
}


@dataclass
class Desk:
    """A person with a film, over as many starts of the program as it takes.

    consents: how often a second order was agreed to after such an end, by endpoint.
    """

    server: FakeZnippet
    http: Impatient
    video: Path
    folder: Path
    service: Service
    kept: dict[str, Any] = field(default_factory=dict)
    moments: Moments | None = None
    record: str = ""
    consents: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PAID, 0))
    said: list[str] = field(default_factory=list)
    offline: int = CLOUD_PACE.offline

    def shorts(self) -> Shorts:
        """As after a start."""
        client = Znippet(
            self.server.base_url + PATH, LICENSE, DEVICE, self.http, service=self.service,
            patience=Patience(tries=2, sleep=hasty()),
        )  # fmt: skip
        return Shorts(
            client,
            Notebook(self.server, self.kept),
            self.video,
            _Clip(),  # type: ignore[arg-type]
            Pace(offline=self.offline, sleep=hasty()),
            Persistence(tries=2, sleep=hasty()),
        )

    async def sit(self) -> None:
        """From the start of the program to the last film; raises KeeptakeError."""
        shorts = self.shorts()
        if self.moments is None:
            await self.find(shorts)
        if not self.record:
            self.record = self.order(shorts, [m.number for m in self.found.items]).id
        await self.render(shorts, shorts.ledger.record(self.record))
        for record in shorts.ledger.renders():
            for clip in record.clips:
                if clip.state in ("ready", "downloaded"):
                    await download(shorts, record.id, clip.key, self.folder, _silent, check=_check)
        left = self.left(shorts)
        if left:
            # Those that failed alone are ordered once more: Render Again.
            self.record = self.order(shorts, left).id
            self.consents[RENDER] += 1
            raise MediaError("Some are left.")

    @property
    def found(self) -> Moments:
        """The moments; they are there."""
        assert self.moments is not None
        return self.moments

    async def find(self, shorts: Shorts) -> None:
        """Go on with the looking for moments, or order it (again)."""
        state = shorts.ledger.moments.get("state")
        pending = FindPlan(self.service) in pending_finds(shorts.journal)
        self.consents[ANALYZE] += not pending and state in ("unknown", "failed")
        _raw, self.moments = await find_moments(
            shorts, FindPlan(self.service), _silent, again=not pending
        )
        await received(shorts)

    async def render(self, shorts: Shorts, record: RenderRecord) -> None:
        """Go on with an order, or order it (again)."""
        if record.state == "ended":
            return
        pending = record in pending_renders(shorts.journal) and record.state != "planned"
        self.consents[RENDER] += not pending and record.state in ("unknown", "failed")
        await render(
            shorts, record.id, _silent, lambda: None, lambda _clip: None, again=not pending
        )

    def order(self, shorts: Shorts, numbers: list[int]) -> RenderRecord:
        """Write an order down."""
        placed = [
            PlacedMoment(self.found.key_of(m), m.number, m.span, m.span, m.title)
            for m in self.found.items
            if m.number in numbers
        ]
        names = [f"{m.title}.mp4" for m in placed]
        return new_record(shorts.journal, self.service, placed, {}, names)

    def left(self, shorts: Shorts) -> list[int]:
        """Moments of which no short is here."""
        here = {
            c.number for r in shorts.ledger.renders() for c in r.clips if c.state == "downloaded"
        }
        return [m.number for m in self.found.items if m.number not in here]


class _Clip:
    """As much of a Probe as the stories read."""

    duration = 10_000_000
    content_type = "video/mp4"


def _silent(_stage: str, _fraction: float | None) -> None:
    """Nobody looks."""


def _check(path: Path, _duration: int) -> None:
    if path.read_bytes() != FILM:
        raise MediaError("This is another film.", "Download it again.")


@pytest.mark.parametrize(("endpoint", "service"), CASES)
def test_no_fault_loses_a_short_or_pays_twice(
    endpoint: str,
    service: Service,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    count, wrong = asyncio.run(cases(endpoint, service, tmp_path))
    said = "\n".join(f"{name}: {what}" for name, what in wrong.items())
    assert not wrong, f"{len(wrong)} of {count} cases at {endpoint}:\n{said}"
    for secret in SECRETS:
        assert secret not in caplog.text
    with capsys.disabled():
        sys.stdout.write(f" {count} faults at {endpoint} of {service}\n")


async def cases(endpoint: str, service: Service, folder: Path) -> tuple[int, dict[str, str]]:
    """How many there are, and what was wrong by the fault's name."""
    async with elsewhere() as (other, address):
        every = faults(GOOD, elsewhere=address, no=NO) | (FILES if endpoint == FILE else {})
        table = {f"{n} ({k} times)": (f, k) for n, f in every.items() for k in TIMES}

        async def run(http: Impatient, name: str, fault: tuple[Reply, int]) -> str:
            http.at = endpoint
            async with fake_znippet() as server:
                server.script[endpoint] = [fault[0]] * fault[1]
                early = endpoint == STORE and fault[0].early
                desk = at_desk(server, http, folder / name, service, 12 << 20 if early else 4000)
                said = await case(desk)
                return said or ("" if server.count(endpoint) else "it was never asked")

        wrong = await in_turn(table, run)
    if any(secret.encode() in other.got for secret in SECRETS[:2]):
        wrong["redirects"] = "a key went to another server"
    if other.got and endpoint != FILE:
        wrong["redirects"] = f"were followed: {bytes(other.got[:200])!r}"
    return len(table), wrong


def at_desk(
    server: FakeZnippet, http: Impatient, folder: Path, service: Service, size: int = 4000
) -> Desk:
    """A film of so many bytes, and an empty folder for its shorts."""
    folder.mkdir()
    video = folder / "talk.mp4"
    video.write_bytes(bytes(size))
    return Desk(server, http, video, folder / "shorts", service)


async def case(desk: Desk) -> str:
    """Sittings until everything is here; "" where all is well."""
    for _ in range(5 + 3 * TIMES[-1]):
        try:
            await desk.sit()
        except KeeptakeError as error:
            desk.said.append(f"{error.sentence} {error.hint} {error.detail}")
            if wrong := complaint(error):
                return wrong
        else:
            break
    else:
        return f"it never came to an end: {desk.said}"
    return (not_here(desk) or twice(desk) or told(desk.server))[:2000]


def complaint(error: KeeptakeError) -> str:
    """What is wrong with an error as a person sees it, or ""."""
    text = f"{error.sentence} {error.hint} {error.detail}"
    if not error.sentence.strip() or "Traceback" in text:
        return f"no sentence: {text}"
    return "a secret is in the error" if any(s in text for s in SECRETS) else ""


def not_here(desk: Desk) -> str:
    """What was lost, or left over, of moments and films."""
    if [m.title for m in desk.found.items] != [m["title"] for m in MOMENTS]:
        return f"other moments: {desk.found}"
    names = sorted(path.name for path in desk.folder.iterdir())
    if names != sorted(f"{m['title']}.mp4" for m in MOMENTS):
        return f"other files: {names}"
    whole_files = all(path.read_bytes() == FILM for path in desk.folder.iterdir())
    return "" if whole_files else "a file is not what was rendered"


def twice(desk: Desk) -> str:
    """Which order was carried out more often than anybody agreed to."""
    made = {ANALYZE: len(desk.server.analyses), RENDER: len(desk.server.orders)}
    for endpoint, count in made.items():
        agreed = 1 + desk.consents[endpoint]
        if count > agreed:
            return f"{endpoint} was carried out {count} times, {agreed} agreed: {desk.said}"
    return ""


def told(server: FakeZnippet) -> str:
    """Whether storage was told a key."""
    stored = [s for s in server.seen if s.path.startswith("/storage")]
    return "a key went to storage" if any(x in str(stored) for x in SECRETS[:2]) else ""


UNREACHABLE = {
    "refused": "http://127.0.0.1:9",
    "no TLS there": "https://127.0.0.1:{port}",
    "a certificate nobody vouches for": "{untrusted}",
    "no such name": "https://no-such-host.invalid",
}


@pytest.mark.parametrize("why", UNREACHABLE)
@pytest.mark.parametrize("where", ["the service", "storage", "a link"])
def test_what_cannot_be_reached_is_a_sentence_and_is_got_over(
    where: str, why: str, tmp_path: Path
) -> None:
    async def main() -> None:
        async with (
            Impatient() as http, fake_znippet() as server, untrusted(tmp_path) as (other, liar)
        ):  # fmt: skip
            port = server.base_url.rsplit(":", 1)[1]
            address = UNREACHABLE[why].format(port=port, untrusted=liar)
            desk = at_desk(server, http, tmp_path / "desk", "znippet")
            desk.offline = 2  # In earnest it goes on trying for hours.
            real = server.base_url
            signed = f"{address}/x?X-Amz-Signature={TOKEN}"
            match where:
                case "the service":
                    server.base_url = address
                case "storage":
                    server.upload_answer["uploadUrl"] = signed
                case _:
                    server.render_items[2] = {"url": signed, "downloadUrl": signed}
            with pytest.raises(KeeptakeError) as error:
                await desk.sit()
            assert not complaint(error.value)
            server.base_url = real
            server.upload_answer.clear()
            server.render_items.clear()
            assert not await case(desk)
            assert (len(server.analyses), len(server.orders)) == (1, 1)
            assert not foreign(other)

    asyncio.run(main())


def foreign(other: Elsewhere) -> bool:
    """Whether a server that nobody vouches for was told anything."""
    return bool(other.got)
