"""Finding libVLC, the demuxer it is pinned to, and the memory it draws into."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from app.core.errors import KeeptakeError
from app.media.colour import Colour, Conversion, Planes
from app.playback.pictures import MOST, Pictures
from app.playback.player import Film, Frame
from app.playback.vlc_player import Engine

TRY = """
from app.core.errors import MediaError
from app.playback.vlc_player import Engine
try:
    Engine("dummy")
except MediaError as error:
    print(error.sentence, "|", error.hint, "|", error.detail)
"""


@pytest.mark.parametrize(
    "variables",
    [{"PYTHON_VLC_LIB_PATH": "/nowhere/libvlc.so"}, {"PYTHON_VLC_LIB_PATH": "libc.so.6"}],
)
def test_a_missing_libvlc_is_told_in_sentences(variables: dict[str, str]) -> None:
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", TRY], cwd=root, env={**os.environ, **variables},
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    sentence, hint, detail = answer.stdout.split("|")
    assert "VLC 3.0 was not found" in sentence
    assert "apt install libvlc5 vlc-plugin-base" in hint
    assert variables["PYTHON_VLC_LIB_PATH"] in detail


class Hearing:
    def __init__(self) -> None:
        self.failed = threading.Event()

    def on_frame(self, frame: Frame, margin: int) -> None:
        raise AssertionError("there is no picture")

    def on_change(self) -> None:
        pass

    def on_error(self, error: KeeptakeError) -> None:
        self.failed.set()


def test_a_playlist_named_mp4_asks_nobody_and_fails(tmp_path: Path) -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    evil = tmp_path / "evil.mp4"
    evil.write_text(f"#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1:{server.server_port}/a.ts\n")
    engine, hearing = Engine("dummy"), Hearing()
    player = engine.player("test", hearing)
    try:
        player.open(Film(evil, "mp4", 4_000_000, (320, 180), [0, 40_000]))
        player.play()
        assert hearing.failed.wait(5)
    finally:
        player.close()
        engine.close()
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []


def test_a_picture_somebody_holds_is_not_drawn_over() -> None:
    pictures = Pictures((6, 4), Colour(), (12, 8))
    first = pictures.take()
    assert [address % 16 for address in pictures[first].addresses] == [0, 0, 0]
    pictures.show(first, compare=False)
    held = pictures.frame(first, 0, 0)
    taken = set()
    for _ in range(6):
        index = pictures.take()
        taken.add(index)
        pictures.show(index, compare=False)
    assert first not in taken
    drawn = held.drawn()
    assert drawn is not None
    assert (drawn.width, drawn.height) == (12, 8)
    del held
    assert first in {pictures.take() for _ in range(MOST)}


@pytest.mark.parametrize("size", [(2, 2), (66, 66), (320, 182), (1920, 1080), (1080, 1920)])
def test_no_plane_that_is_drawn_whole_reaches_into_the_next(size: tuple[int, int]) -> None:
    planes = Planes(size)
    starts = sorted(zip(planes.addresses, planes.pitches, planes.lines, strict=True))
    for (at, pitch, lines), (after, _, _) in pairwise(starts):
        assert at + pitch * lines <= after
    assert planes.lines[0] >= size[1]
    assert planes.lines[1] * 2 >= size[1]
    for address, data, pitch, lines in zip(
        planes.addresses, planes.data, planes.pitches, planes.lines, strict=True
    ):
        ctypes.memset(address, 128, pitch * lines)
        assert bytes(data[-4:]) == bytes([128] * 4)
    made = planes.bgrx(Conversion(), (8, 8), Colour())
    assert all(abs(made.tight[n] - 128) < 10 for n in range(256) if n % 4 < 3)


def test_a_picture_drawn_over_is_lost_to_who_did_not_look_in_time() -> None:
    pictures = Pictures((6, 4), Colour(), (6, 4))
    held = [pictures.frame(pictures.take(), 0, n) for n in range(MOST + 1)]
    assert sum(frame.drawn() is None for frame in held) == 1


def test_a_repeated_picture_is_noticed() -> None:
    pictures = Pictures((320, 192), Colour(), (320, 192))
    a, b = pictures.take(), pictures.take()
    for index in (a, b):
        pictures[index].data[0][:] = bytes(len(pictures[index].data[0]))
    pictures.show(a, compare=True)
    assert pictures.show(b, compare=True)
    pictures[a].data[0][0] = 9
    pictures[a].forget()
    assert not pictures.show(a, compare=True)
