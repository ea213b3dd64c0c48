"""Which service answers, and how it is reached: the cloud with a key, or the one beside us."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from pathlib import Path

from app.core.errors import ServiceError
from app.services.credentials import Credentials
from app.services.http import Http
from app.services.local_process import local_service
from app.services.nanoclip import NanoClip
from app.services.settings import service_address
from app.services.wire import Service


class Clients:
    """Gives a client of each service; the local service is started at the first asking for it."""

    def __init__(self, http: Http, credentials: Credentials, data: Path) -> None:
        self._http = http
        self._credentials = credentials
        self._data = data
        self._stack = AsyncExitStack()
        self._starting = asyncio.Lock()
        self._local: NanoClip | None = None

    async def default(self) -> Service:
        """The cloud where its key is known, else this computer."""
        # The credential store may wait for the person to unlock it.
        key = await asyncio.to_thread(self._credentials.get, "nanoclip")
        return "nanoclip" if key else "local"

    async def get(self, service: Service) -> NanoClip:
        """A client that is ready to be asked; raises ServiceError where there cannot be one."""
        if service == "nanoclip":
            key = await asyncio.to_thread(self._credentials.get, "nanoclip")
            if not key:
                raise ServiceError(
                    "There is no NanoClip key, so NanoClip was not asked.",
                    "Enter the key in File > Settings…, or choose this computer.",
                )
            return self.with_key(key)
        async with self._starting:
            if self._local is None:
                running = await self._stack.enter_async_context(local_service(self._data))
                self._local = NanoClip(running.base_url, running.token, self._http, service="local")
            return self._local

    def with_key(self, key: str) -> NanoClip:
        """NanoClip asked with this key, kept or not; raises StoreError for a wrong address."""
        return NanoClip(service_address("nanoclip", os.environ), key, self._http)

    async def close(self) -> None:
        """End the local service."""
        # One that is still starting is waited for, else its process would be left over.
        async with self._starting:
            self._local = None
            await self._stack.aclose()
