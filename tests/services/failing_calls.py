"""Lives whose n-th call to the file system fails: `python -m tests.services.failing_calls`.

The kernel asks this process before each such call of a life (seccomp's user notification), and is
told to carry it out or to fail it. Nothing has to be loaded into the life for that, and whatever
makes the call, SQLite or Python, on whatever thread, cannot tell it from a broken disk.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import platform
import select
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

CALLS = {
    "x86_64": {
        "openat": 257, "pread64": 17, "pwrite64": 18, "write": 1, "fsync": 74, "fdatasync": 75,
        "ftruncate": 77, "rename": 82, "renameat": 264, "renameat2": 316, "unlink": 87,
        "unlinkat": 263, "mkdir": 83, "fchmod": 91, "chmod": 90, "link": 86, "linkat": 265,
    },
    "aarch64": {
        "openat": 56, "pread64": 67, "pwrite64": 68, "write": 64, "fsync": 82, "fdatasync": 83,
        "ftruncate": 46, "renameat": 38, "renameat2": 276, "unlinkat": 35, "mkdirat": 34,
        "fchmod": 52, "fchmodat": 53, "linkat": 37,
    },
}  # fmt: skip
_SECCOMP = {"x86_64": 317, "aarch64": 277}

_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_CONTINUE = 1
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_NO_NEW_PRIVILEGES, _FILTER, _LISTENER = 38, 1, 8


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("k", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


@dataclass(frozen=True)
class Life:
    """How a life ended, and the calls it made by name; `failed` is the one that failed, or ""."""

    code: int
    calls: int
    failed: str


def lived(story: Callable[[], int], at: int, error: int, *, on: bool = False) -> Life | None:
    """`story` in a fork of this process, whose call number `at` fails; None where that cannot be.

    error: the errno. on: each later call fails too. The story's result is the exit code.
    """
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        code = 9
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            listener = _watched()
            socket.send_fds(theirs, [b"x" if listener >= 0 else b"-"], [max(listener, 0)])
            if listener >= 0:
                os.close(listener)
                code = story()
        finally:
            os._exit(code)
    theirs.close()
    with ours:
        word, handles, _, _ = socket.recv_fds(ours, 1, 1)
    told = _answer(handles[0], at, error, on=on) if word == b"x" else None
    os.close(handles[0])
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return Life(code, *told) if told else None


def _watched() -> int:
    """Let the kernel ask about each of the calls from here on; the handle, or less than 0."""
    machine = platform.machine()
    numbers = list(CALLS.get(machine, {}).values())
    if sys.platform != "linux" or not numbers:
        return -1
    steps = [_Step(_LOAD, 0, 0, 0)]
    steps += [_Step(_EQUAL, len(numbers) - n, 0, call) for n, call in enumerate(numbers)]
    steps += [_Step(_RETURN, 0, 0, _ALLOW), _Step(_RETURN, 0, 0, _ASK)]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    libc = ctypes.CDLL(None)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return int(libc.syscall(_SECCOMP[machine], _FILTER, _LISTENER, ctypes.byref(program)))


def _answer(handle: int, at: int, error: int, *, on: bool) -> tuple[int, str]:
    """Carry out every call but number `at`, until the life is over."""
    names = {number: name for name, number in CALLS[platform.machine()].items()}
    calls, failed = 0, ""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    while not poll.poll()[0][1] & select.POLLHUP:
        asked = bytearray(80)
        try:
            fcntl.ioctl(handle, _RECEIVE, asked)
            which, _pid, _flags, number = struct.unpack_from("=QIIi", asked)
            calls += 1
            fail = calls == at or (on and calls > at > 0)
            failed = names[number] if calls == at else failed
            fcntl.ioctl(
                handle,
                _SEND,
                bytearray(struct.pack("=QqiI", which, 0, -error * fail, _CONTINUE * (not fail))),
            )
        except OSError as problem:
            if problem.errno != errno.ENOENT:  # It was killed in the middle of the call.
                raise
    return calls, failed


def main() -> None:
    """Answer each line of JSON (folder, video, copy, at, error, on) with one about its life."""
    from tests.services.test_failing_calls import saved

    for line in sys.stdin:
        order = json.loads(line)
        folder, video, copy = (Path(order[name]) for name in ("folder", "video", "copy"))
        if order["at"] < 0:  # Everything is loaded once, so that no import fails.
            saved(folder, video, copy)
            life: Life | None = Life(0, 0, "")
        else:
            story = partial(saved, folder, video, copy)
            life = lived(story, order["at"], order["error"], on=order["on"])
        sys.stdout.write(json.dumps(vars(life) if life else None) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
