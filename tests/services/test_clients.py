"""Which service answers: the local one is there again after its process died."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.services.clients import Clients
from app.services.credentials import Credentials
from app.services.http import Http


def test_a_local_service_that_died_is_started_again_at_the_next_asking(tmp_path: Path) -> None:
    async def main() -> None:
        async with Http() as http:
            clients = Clients(http, Credentials(lambda: None, {}), tmp_path)
            first = await clients.get("local")
            assert clients.beside is not None
            died = clients.beside.process
            died.kill()
            await died.wait()
            second = await clients.get("local")
            assert second.base_url != first.base_url
            assert (await second.me()).workspace.id
            assert await clients.get("local") is second
            await clients.close()

    asyncio.run(main())
