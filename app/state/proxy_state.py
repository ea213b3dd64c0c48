"""The open film's preview proxy: found, built in the background, let go of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.errors import KeeptakeError, MediaError
from app.core.late import late
from app.core.timerange import Ranges
from app.media.proxy_order import Wish
from app.services.jobs import Job, JobRunner, JobState, Report
from app.state.tasks import Tasks

if TYPE_CHECKING:
    from app.media import proxy as proxies
    from app.media import proxy_builder, proxy_cache
    from app.media.proxy import Proxy
    from app.media.proxy_builder import ProxyBuilder
    from app.media.proxy_cache import ProxyCache
    from app.media.proxy_plan import ProxyPlan
else:
    proxies = late("app.media.proxy")
    proxy_builder = late("app.media.proxy_builder")
    proxy_cache = late("app.media.proxy_cache")

CALM = 5.0
"""Seconds between opening a film and the first chunk: the person's own first steps go first."""

NAME = "Preview proxy"


@dataclass(frozen=True)
class ProxyRules:
    """What the person has set. root: the folder of proxies. limit: bytes, 0 for none at all."""

    root: Path
    limit: int
    build: bool = True


@dataclass(eq=False)
class _Open:
    """One film, and what is there of its proxy."""

    film: Path
    plan: ProxyPlan
    proxy: Proxy
    builder: ProxyBuilder
    job: Job | None = None
    resting: bool = False


class ProxyState(QObject):
    """Owns the proxy of the film that is open; nothing here waits.

    Signals:
        changed: `proxy` is another one, or more of it is built.
        notice(str): a sentence, once a film, where it could not be built.
    """

    changed = Signal()
    notice = Signal(str)

    def __init__(
        self, runner: JobRunner, tasks: Tasks, rules: Callable[[], ProxyRules], calm: float = CALM
    ) -> None:
        """rules: asked as a film is opened and before each chunk. calm: seconds."""
        super().__init__()
        self._runner = runner
        self._tasks = tasks
        self._rules = rules
        self._calm = calm
        self._opening: asyncio.Task[None] | None = None
        self._open: _Open | None = None
        self._wish = Wish()
        self._held: dict[str, bool] = {}

    @property
    def proxy(self) -> Proxy | None:
        """The open film's; None while it is looked for, and for a film without a picture."""
        return self._open.proxy if self._open else None

    @property
    def job(self) -> Job | None:
        """The job that builds it, also after it ended."""
        return self._open.job if self._open else None

    def open(self, film: Path, plan: ProxyPlan) -> None:
        """Take over a film with a picture; what was open is closed."""
        self.close()
        self._wish = Wish()
        self._opening = self._tasks.spawn(self._opened(film, plan))

    def close(self) -> None:
        """Let go of the film; what is being built of it stops."""
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.cancel()
        before, self._open = self._open, None
        if before is None:
            return
        if before.job is not None and not before.job.state.ended:
            self._runner.cancel(before.job)
        before.proxy.close()
        self.changed.emit()

    def wanted(self, playhead: int, proposals: Ranges) -> None:
        """Where the person is, and what they will look at next; may be called at every frame."""
        wish = Wish(playhead, proposals)
        opened = self._open
        if opened is None:
            self._wish = wish
            return
        before, plan = self._wish, opened.plan
        here, there = (plan.chunk_at(plan.frame_at(w.playhead)) for w in (wish, before))
        if here != there or proposals != before.proposals:
            self._wish = wish
            opened.builder.wish(wish)
            if opened.job is not None and opened.job.state is JobState.DONE:
                self._tasks.spawn(self._consider(opened))

    def hold(self, why: str, on: bool, *, wholly: bool = False) -> None:
        """Pause while something heavier goes on; `why` names it, and ends its own pause alone.

        wholly: make no sound either, which is quick and goes on in other pauses.
        """
        self._held.pop(why, None)
        if on:
            self._held[why] = wholly
        if self._open is not None:
            held = self._held
            self._open.builder.pause(bool(held), wholly=any(held.values()))

    def rules_changed(self) -> None:
        """The settings were saved: build, or stop building."""
        opened = self._open
        if opened is None:
            return
        rules = self._rules()
        if rules.build and rules.limit:
            opened.resting = False
            self._tasks.spawn(self._consider(opened, again=True))
        elif opened.job is not None and not opened.job.state.ended:
            self._runner.cancel(opened.job)

    async def bytes(self) -> int:
        """What the proxies of all films take on disk."""
        return await asyncio.to_thread(proxy_cache.ProxyCache(self._rules().root).bytes)

    async def clear(self) -> None:
        """Delete all proxies; the open film's is not built again before it is opened again."""
        opened = self._open
        if opened is not None:
            opened.resting = True
        if opened is not None and opened.job is not None:
            self._runner.cancel(opened.job)
            await self._runner.finished(opened.job)
        await asyncio.to_thread(proxy_cache.ProxyCache(self._rules().root).clear)
        if opened is not None:
            opened.proxy.close()
            await asyncio.to_thread(opened.proxy.look)
            self.changed.emit()

    async def _opened(self, film: Path, plan: ProxyPlan) -> None:
        rules = self._rules()
        cache = proxy_cache.ProxyCache(rules.root)
        proxy = await asyncio.to_thread(_found, plan, cache, rules)
        builder = proxy_builder.ProxyBuilder(
            film, proxy, cache, lambda: self._rules().limit, self._told(proxy)
        )
        builder.wish(self._wish)
        builder.pause(bool(self._held), wholly=any(self._held.values()))
        opened = self._open = _Open(film, plan, proxy, builder)
        self.changed.emit()
        await asyncio.sleep(self._calm)
        await self._consider(opened)

    def _told(self, proxy: Proxy) -> Callable[[], None]:
        def made() -> None:
            if self.proxy is proxy:
                self.changed.emit()

        return made

    async def _consider(self, opened: _Open, *, again: bool = False) -> None:
        """Begin to build where something is missing that has room.

        again: also after it failed or was cancelled; by itself it is not tried again.
        """
        rules, job = self._rules(), opened.job
        if not rules.build or not rules.limit or opened.resting:
            return
        if job is not None and (not job.state.ended if again else job.state is not JobState.DONE):
            return
        if not await opened.builder.order() or opened is not self._open or opened.job is not job:
            return

        async def story(report: Report) -> None:
            await self._story(opened, report)

        opened.job = self._runner.start(NAME, story)

    async def _story(self, opened: _Open, report: Report) -> None:
        if opened is not self._open:
            raise MediaError("This video is not open any more.", "Open it to build its proxy.")
        try:
            await opened.builder.build(report)
        except KeeptakeError as problem:
            if opened is self._open:
                self.notice.emit(problem.sentence)
            raise


def _found(plan: ProxyPlan, cache: ProxyCache, rules: ProxyRules) -> Proxy:
    """In a thread. What is beyond the limit goes now, this film's own at last."""
    proxy = proxies.Proxy(plan, cache.root)
    if proxy.built:
        cache.touch(proxy.folder)
    if rules.limit:
        cache.room(rules.limit, 0, proxy.folder)
    else:
        cache.clear()
        proxy.look()
    return proxy
