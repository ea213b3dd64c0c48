"""How a process of ours gives way to the window."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

LAST = 19
"""The niceness of whoever may wait for everybody else."""


def step_back(niceness: int = LAST) -> None:
    """This process, and what it starts, behind others that want a processor or the disk.

    Of `LAST`, only what nobody else wants. On Linux the niceness is one within a session alone
    (sched(7), "The autogroup feature"): a process in a session of its own would have half of a
    processor that it shares with the window, however nice it is, and one in the window's session
    would take from other programs what is the window's. So it leads a session, which it makes as
    nice. There a Ctrl-C in the terminal does not reach it: that is the window's to answer.
    """
    with contextlib.suppress(OSError, AttributeError):  # it leads one already; Windows has none
        os.setsid()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(niceness)
    with contextlib.suppress(OSError, AttributeError):
        if os.getsid(0) == os.getpid():
            # Not there where the system groups processes in another way.
            Path("/proc/self/autogroup").write_text(str(niceness))
    if niceness == LAST:
        with contextlib.suppress(OSError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
