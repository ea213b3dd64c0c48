"""Kills and failing writes at any moment of editing: no acknowledged edit is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.core.review import Decisions, Footage, Verdict
from app.core.timerange import TimeRange
from app.services.store import Store

KEY = "0123456789abcdef0123456789abcdef"
KILLS = 200

EDITOR = r"""
import os, sys
from pathlib import Path
from app.core.late import load_late
from app.core.review import Footage
from app.services.store import Store
from tests.services.test_kills import KEY, decisions

# Everything is loaded once; each life is a fork of this process.
load_late("app.services")
for line in sys.stdin:
    life = os.fork()
    if life:
        os.write(1, b"life %d\n" % life)
        os.waitpid(life, 0)
        os.write(1, b"over\n")
        continue
    project = Store(Path(sys.argv[1])).open_for(Path(sys.argv[2]), KEY, Footage(1))
    n = int(line)
    while True:
        n += 1
        saved = project.save_decisions(decisions(n))
        project.journal.put("nanoclip.step", {"n": n})
        saved.result()
        os.write(1, b"%d\n" % n)  # In one piece, or a kill could cut it off.
"""


def decisions(n: int) -> Decisions:
    """What the person has decided after `n` edits; large enough to take several pages."""
    chance = random.Random(n)
    return Decisions(
        strikes=tuple(TimeRange(k * 100, k * 100 + 50) for k in range(n % 400)),
        corrections={k: f"word {chance.random()}" for k in range(n % 50)},
        verdicts={f"gap-{k}-{k + 1}": Verdict.ACCEPTED for k in range(n % 30)},
        padding=n,
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forks here")
def test_no_acknowledged_edit_is_lost_by_a_kill_at_any_moment(tmp_path: Path) -> None:
    video = tmp_path / "film.mp4"
    video.write_bytes(b"film")
    store = Store(tmp_path / "projects")
    root = str(Path(__file__).parents[2])
    editor = subprocess.Popen(
        [sys.executable, "-c", EDITOR, tmp_path / "projects", video],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    chance = random.Random(9)
    told = 0
    with editor:
        assert editor.stdin
        assert editor.stdout
        for kill in range(KILLS):
            editor.stdin.write(f"{told}\n")
            editor.stdin.flush()
            life = int(editor.stdout.readline().split()[1])
            time.sleep(chance.uniform(0, 0.06))
            os.kill(life, signal.SIGKILL)
            while (line := editor.stdout.readline().strip()) != "over":
                told = int(line)
            with closing(store.open_for(video, KEY, Footage(1))) as project:
                assert not project.in_memory, kill
                kept = project.decisions
                if told or kept != Decisions():
                    assert kept in (decisions(told), decisions(told + 1)), (kill, told)
                    told = kept.padding
        editor.stdin.close()
    assert told > KILLS // 4, "hardly anything was edited between the kills"


FULL = """
import os, resource, signal, sys
from pathlib import Path
from app.core.errors import StoreError
from app.core.review import Footage
from app.services.store import Store
from tests.services.test_kills import KEY, decisions

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder, video, copy = map(Path, sys.argv[1:4])
for line in sys.stdin:
    limit = int(line)
    life = os.fork()
    if life:
        print(os.waitstatus_to_exitcode(os.waitpid(life, 0)[1]), flush=True)
        continue
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    # From here on a write that ends beyond the limit fails, in whatever file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    failed = 0
    try:
        project = Store(folder).open_for(video, KEY, Footage(1))
        try:
            project.save_decisions(decisions(399)).result()
            project.save_answer("vision", bytes(150_000), "nanoclip").result()
        except StoreError:
            failed = 1
        try:
            project.save_as(copy)
        except StoreError:
            failed = 1
        project.close()
    except StoreError:
        failed = 1
    os._exit(failed)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forks here")
def test_a_write_that_fails_anywhere_in_saving_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    video, copy = tmp_path / "film.mp4", tmp_path / "copy.keeptake"
    video.write_bytes(b"film")
    root = str(Path(__file__).parents[2])
    ends: list[int] = []
    editor = subprocess.Popen(
        [sys.executable, "-c", FULL, tmp_path / "projects", video, copy],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    with editor:
        assert editor.stdin
        assert editor.stdout
        for limit in range(0, 260_000, 2_048):
            shutil.rmtree(tmp_path / "projects", ignore_errors=True)
            store = Store(tmp_path / "projects")
            with closing(store.open_for(video, KEY, Footage(1))) as project:
                project.save_decisions(decisions(120)).result()
                project.save_as(copy)
            editor.stdin.write(f"{limit}\n")
            editor.stdin.flush()
            ends.append(int(editor.stdout.readline()))
            assert ends[-1] in (0, 1), (limit, ends[-1])
            for path in (store.path_for(KEY), copy):
                with closing(store.open_file(path)) as project:
                    assert not project.in_memory, (limit, path)
                    assert project.decisions in (decisions(120), decisions(399)), (limit, path)
        editor.stdin.close()
    assert ends[0] == 1
    assert ends[-1] == 0
