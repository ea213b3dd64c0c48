"""A film that is open with everything that makes shorts of it, and a Znippet on loopback."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from app.core.errors import KeeptakeError
from app.core.moments import Moment, Moments, PlacedMoment
from app.core.placed_moments import placed_moments
from app.services import polling
from app.services.clients import Clients
from app.services.credentials import Credentials
from app.services.http import Http
from app.services.jobs import JobRunner
from app.services.parsing import Parser
from app.services.shorts_ledger import Clip, FindPlan
from app.services.store import Store
from app.state.film_state import FilmState
from app.state.here_renders import HereRenders
from app.state.opening import Opened, open_path
from app.state.review_state import ReviewState
from app.state.shorts_state import ShortsState
from app.state.tasks import Tasks
from tests.core.speech import s
from tests.services.fake_cloud import Reply
from tests.services.fake_znippet import DEVICE, LICENSE, FakeZnippet

PLAN = FindPlan("znippet")
FOUND = Moments(
    "a",
    (
        Moment(1, s(1, 2), "The same"),
        Moment(2, s(3, 4), "The same"),
        Moment(3, s(5, 8), "A long one"),
    ),
)


def picture(out: Path, size: str, seconds: float) -> Path:
    """A film with sound."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i"]
    command += [f"testsrc2=s={size}:r=10:d={seconds}", "-f", "lavfi", "-i", f"sine=d={seconds}"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([*command, str(out)], check=True)
    return out


def serve(znippet: FakeZnippet, folder: Path) -> None:
    """Give it shorts of the right lengths to hand out."""
    for moment in znippet.moments:
        length = moment["endTime"] - moment["startTime"]
        film = picture(folder / f"upright{length}.mp4", "36x64", length).read_bytes()
        znippet.files[moment["number"]] = Reply(200, film, {"Content-Type": "video/mp4"})


def asks(monkeypatch: pytest.MonkeyPatch, znippet: FakeZnippet) -> None:
    """Let the program ask this Znippet, quickly."""
    monkeypatch.setattr(polling, "CLOUD_PACE", polling.LOCAL_PACE)
    monkeypatch.setenv("ZNIPPET_LICENSE_KEY", LICENSE)
    monkeypatch.setenv("ZNIPPET_BASE_URL", f"{znippet.base_url}/api/v1/shorts")


class ShortDesk:
    """One program's worth of states; `folder` is where shorts go."""

    def __init__(self, store: Store, parser: Parser, clients: Clients, folder: Path) -> None:
        self.store, self.parser, self.folder = store, parser, folder
        self.errors: list[KeeptakeError] = []
        self.made: list[str] = []
        self.runner = JobRunner(lambda: None)
        self.tasks = Tasks(self.errors.append)
        self.review = ReviewState()
        self.film = FilmState(self.review)
        self.shorts = ShortsState(self.film, self.review, self.runner, clients, self.tasks)
        self.here = HereRenders(self.film, self.review, self.runner, self.tasks)
        self.shorts.folder = self.here.folder = lambda: self.folder
        self.here.changed.connect(self.shorts.refresh)
        self.shorts.made.connect(self.made.append)
        self.here.made.connect(self.made.append)

    async def open(self, video: Path, *, resume: bool = True) -> Opened:
        """Open a film as the window does."""
        opened = await open_path(self.store, self.parser, video)
        await self.film.show(opened)
        if resume:
            self.shorts.resume()
            self.here.resume()
        return opened

    async def close(self) -> None:
        """Close it as the window does."""
        self.shorts.cancel_all()
        self.here.cancel_all()
        await self.film.close()

    @property
    def moments(self) -> tuple[PlacedMoment, ...]:
        """The moments of the open film."""
        review = self.review.review
        return placed_moments(review) if review else ()

    @property
    def clips(self) -> list[Clip]:
        """Every clip, newest order first."""
        return [c for r in self.shorts.records for c in r.clips]

    @property
    def files(self) -> list[str]:
        """What lies in the folder of shorts."""
        return sorted(p.name for p in self.folder.iterdir()) if self.folder.exists() else []

    async def until(self, true: Callable[[], object], seconds: float = 30) -> None:
        """Wait for something to become so."""
        end = asyncio.get_running_loop().time() + seconds
        while not true():
            if asyncio.get_running_loop().time() > end:
                told = [(j.name, j.state, j.stage, str(j.error)) for j in self.runner.jobs]
                pytest.fail(f"it did not become so: {told}")
            await asyncio.sleep(0.01)

    async def quiet(self, seconds: float = 30) -> None:
        """Wait until no job runs."""
        await self.until(lambda: all(j.state.ended for j in self.runner.jobs), seconds)
        # What a job's end sets off.
        await asyncio.sleep(0.05)


@asynccontextmanager
async def short_desk(tmp_path: Path) -> AsyncIterator[ShortDesk]:
    """A program, until the block ends; several one after the other share the projects."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(Http())
        parser = await stack.enter_async_context(Parser())
        clients = Clients(http, Credentials(), tmp_path / "data", lambda: DEVICE)
        stack.push_async_callback(clients.close)
        store = Store(tmp_path / "projects", lambda _sentence: None)
        desk = ShortDesk(store, parser, clients, tmp_path / "shorts")
        stack.push_async_callback(desk.film.close)
        stack.push_async_callback(desk.tasks.close)
        stack.push_async_callback(desk.runner.close)
        yield desk
