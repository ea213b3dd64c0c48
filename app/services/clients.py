"""Which service answers, and how it is reached: the cloud with a key, or the one beside us."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import ServiceError
from app.core.late import late
from app.services.aside import aside
from app.services.settings import service_address

if TYPE_CHECKING:
    from app.services import local_process, nanoclip, wire_shorts, znippet
    from app.services.credentials import Credentials
    from app.services.http import Http
    from app.services.local_process import LocalService
    from app.services.nanoclip import NanoClip
    from app.services.wire import Service
    from app.services.wire_shorts import Service as ShortsService
    from app.services.znippet import Znippet
else:
    local_process = late("app.services.local_process")
    nanoclip = late("app.services.nanoclip")
    wire_shorts = late("app.services.wire_shorts")
    znippet = late("app.services.znippet")


class Clients:
    """Gives a client of each service; the local service is started at the first asking for it.

    device_id: the installation's own random id, which Znippet wants (contract B1). beside: the
    process of the local service, once it was started.
    """

    def __init__(
        self,
        http: Http,
        credentials: Credentials,
        data: Path,
        device_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._data = data
        self._device_id = device_id
        self._stack = AsyncExitStack()
        self._starting = asyncio.Lock()
        self._local: tuple[NanoClip, Znippet] | None = None
        self.beside: LocalService | None = None

    async def default(self) -> Service:
        """The cloud where its key is known, else this computer."""
        # The credential store may wait for the person to unlock it.
        key = await aside(self._credentials.get, "nanoclip")
        return "nanoclip" if key else "local"

    async def get(self, service: Service) -> NanoClip:
        """A client that is ready to be asked; raises ServiceError where there cannot be one."""
        if service == "nanoclip":
            key = await aside(self._credentials.get, "nanoclip")
            if not key:
                raise ServiceError(
                    "There is no NanoClip key, so NanoClip was not asked.",
                    "Enter the key in File > Settings…, or choose this computer.",
                )
            return self.with_key(key)
        return (await self._beside())[0]

    async def shorts_default(self) -> ShortsService:
        """Znippet where its key is known, else this computer."""
        key = await aside(self._credentials.get, "znippet")
        return "znippet" if key else "local"

    async def shorts(self, service: ShortsService) -> Znippet:
        """A client for moments and shorts; raises ServiceError where there cannot be one."""
        if service == "local":
            return (await self._beside())[1]
        key = await aside(self._credentials.get, "znippet")
        if not key:
            raise ServiceError(
                "There is no Znippet license key, so Znippet was not asked.",
                "Enter the key in File > Settings…, or choose this computer.",
            )
        address = service_address("znippet", os.environ)
        return znippet.Znippet(address, key, self._device_id(), self._http)

    async def _beside(self) -> tuple[NanoClip, Znippet]:
        """Both clients of the local service, which is started where it does not run (any more)."""
        async with self._starting:
            if self.beside is not None and not self.beside.running:
                self._local = self.beside = None
                await self._stack.aclose()
            if self._local is None:
                running = await self._stack.enter_async_context(
                    local_process.local_service(self._data)
                )
                self.beside = running
                url, token, http = running.base_url, running.token, self._http
                self._local = (
                    nanoclip.NanoClip(url, token, http, service="local"),
                    znippet.Znippet(
                        url + wire_shorts.PATH, token, self._device_id(), http, service="local"
                    ),
                )
            return self._local

    def with_key(self, key: str) -> NanoClip:
        """NanoClip asked with this key, kept or not; raises StoreError for a wrong address."""
        self._credentials.learn(key)
        return nanoclip.NanoClip(service_address("nanoclip", os.environ), key, self._http)

    async def close(self) -> None:
        """End the local service."""
        # One that is still starting is waited for, else its process would be left over.
        async with self._starting:
            self._local = self.beside = None
            await self._stack.aclose()
