"""`python -m app.local_service`: the local service in a process of its own, on loopback alone.

By hand: `--port P --token T`. Started by the app: without `--token`; the token then is the first
line on stdin, and the end of stdin ends the service, also when the app was killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from platformdirs import PlatformDirs
from typing_extensions import override

from app.local_service.server import MAX_UPLOAD, Settings, build
from app.local_service.shorts_links import LINK_EXPIRES
from app.local_service.signing import EXPIRES_IN

LOOPBACK = "127.0.0.1"


class Server(uvicorn.Server):
    """Says on stdout which port it listens on, once it does."""

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            sys.stdout.write(json.dumps({"port": sockets[0].getsockname()[1]}) + "\n")
            sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal, or until stdin ends; returns the exit status."""
    asked = _parser().parse_args(arguments)
    by_app = asked.token is None
    token = _line_of_stdin() if by_app else asked.token
    if not token:
        sys.stderr.write("The local service needs a token: --token T, or a line on stdin.\n")
        return 2
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, asked.port))
        asked.data.mkdir(parents=True, exist_ok=True)
    except (OSError, OverflowError) as error:
        listening.close()
        sys.stderr.write(f"The local service cannot start: {error}\n")
        return 2
    application = build(
        Settings(asked.data, token, asked.upload_expires, asked.max_upload, asked.link_expires)
    )
    server = Server(
        uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            # Whoever polls and cancels at once should not wait for a new connection.
            timeout_keep_alive=30,
        )
    )
    asyncio.run(_serve(server, listening, by_app=by_app))
    return 0


async def _serve(server: Server, listening: socket.socket, *, by_app: bool) -> None:
    if by_app:
        loop = asyncio.get_running_loop()

        def end() -> None:
            server.should_exit = True

        def watch() -> None:
            while os.read(sys.stdin.fileno(), 4096):
                pass
            loop.call_soon_threadsafe(end)

        threading.Thread(target=watch, daemon=True).start()
    await server.serve(sockets=[listening])


def _line_of_stdin() -> str:
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(sys.stdin.fileno(), 1)
        if not piece:
            break
        line += piece
    return line.decode("ascii", "replace").strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.local_service", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--token", help="the bearer token; without it, the first line on stdin")
    parser.add_argument(
        "--data",
        type=Path,
        default=PlatformDirs("keeptake", appauthor=False).user_data_path / "local-service",
        help="folder of uploads and jobs (default: %(default)s)",
    )
    parser.add_argument("--upload-expires", type=int, default=EXPIRES_IN, help="seconds")
    parser.add_argument("--max-upload", type=int, default=MAX_UPLOAD, help="bytes")
    parser.add_argument("--link-expires", type=int, default=LINK_EXPIRES, help="seconds")
    return parser


if __name__ == "__main__":
    sys.exit(main())
