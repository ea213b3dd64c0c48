"""Projects survive closing, crashes, damage, full disks, newer versions and second windows."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.also_find import LONGEST_PAUSE, SHORTEST_PAUSE, AlsoFind
from app.core.cut_edits import MOST_PADDING
from app.core.edits import Edit
from app.core.errors import StoreError
from app.core.marker_edits import MOST_NOTE
from app.core.markers import Marker, in_order
from app.core.moments import OwnMoment, Pick
from app.core.people_edits import COLOURS
from app.core.review import Decisions, Footage, Verdict
from app.core.timerange import TimeRange, merge
from app.services import store_decisions, store_schema
from app.services.store import Project, Store
from app.services.store_files import replace_with
from tests.core import any_edits

DATA = Path(__file__).parent / "data"
KEY = "0123456789abcdef"
FOOTAGE = Footage(60_000_000, array("q", [0, 40_000]), 1280, 720)
SOME = Decisions(
    verdicts=MappingProxyType({"p1": Verdict.ACCEPTED, "p2": Verdict.RESTORED}),
    edges=MappingProxyType({"p1": TimeRange(1_000_000, 2_000_000)}),
    splits=(3_000_000,),
    strikes=(TimeRange(5_000_000, 6_000_000),),
    restores=(TimeRange(7_000_000, 8_000_000),),
    corrections=MappingProxyType({3: "שלום", 0: "“quoted”"}),
    names=MappingProxyType({"c0": "Dana", "speaker 0": "Dana"}),
    merged=MappingProxyType({"t4": "c0"}),
    padding=120_000,
)

WITH_MOMENTS = replace(
    SOME,
    picks=MappingProxyType({"job-1/3": Pick.PICKED, "own/1": Pick.REJECTED}),
    moment_edges=MappingProxyType({"job-1/3": TimeRange(9_000_000, 19_000_000)}),
    moment_titles=MappingProxyType({"job-1/4": "<b>“best”</b> שלום"}),
    own_moments=(
        OwnMoment("own/1", TimeRange(20_000_000, 30_000_000), "Ask not what your country"),
        OwnMoment("own/3", TimeRange(0, 60_000_000), "Moment 3"),
    ),
)

WITH_MARKERS = replace(
    WITH_MOMENTS,
    paddings=MappingProxyType({"strike-5000000-6000000": 0, "p1": 250_000}),
    also=AlsoFind(700_000, fillers=True),
    markers=(
        Marker("mark/2", TimeRange(1_000_000, 4_000_000), "לחתוך here?\nSecond line", 3),
        Marker("mark/1", TimeRange(2_000_000, 2_000_000), ""),
    ),
    breaks=frozenset({7, 3}),
    joins=frozenset({12}),
    colours=MappingProxyType({"speaker 0": 5, "c0": 0}),
    hidden=frozenset({"t4", "c9"}),
)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "footage" / "take one.mp4"
    path.parent.mkdir()
    path.write_bytes(b"not really a video")
    return path


class Shelf:
    """A store whose projects are closed after the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notices: list[str] = []
        self.store = Store(folder, self.notices.append)
        self.opened: list[Project] = []

    def open_for(self, video: Path, key: str = KEY) -> Project:
        self.opened.append(self.store.open_for(video, key, FOOTAGE))
        return self.opened[-1]

    def open_file(self, path: Path) -> Project:
        self.opened.append(self.store.open_file(path))
        return self.opened[-1]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "projects")
    yield made
    for project in made.opened:
        project.close()


def saved(shelf: Shelf, video: Path) -> Path:
    """A closed project with something of everything in it."""
    project = shelf.open_for(video)
    project.save_answer("transcript", b'{"first": 1}', "nanoclip")
    project.save_answer("transcript", b'{"second":\xff 2}', "local")
    project.save_answer("vision", b"\x00raw\xff", "nanoclip")
    project.save_decisions(SOME)
    project.journal.put("nanoclip.project", {"id": "p-1", "uploaded": True})
    project.save_job("j1", "Transcript", {"service": "nanoclip", "diarize": True}, "running")
    project.save_job("j2", "Vision", {"service": "local"}, "queued")
    project.forget_job("j2")
    project.close()
    return project.path


def holds_everything(project: Project) -> None:
    assert project.decisions == SOME
    assert project.answers()["transcript"].raw == b'{"second":\xff 2}'
    assert project.answers()["transcript"].service == "local"
    assert project.answers()["vision"].raw == b"\x00raw\xff"
    assert [a.kind for a in project.all_answers()] == ["transcript", "transcript", "vision"]
    assert project.journal.get("nanoclip.project") == {"id": "p-1", "uploaded": True}
    assert [(j.id, j.plan["diarize"]) for j in project.unfinished_jobs] == [("j1", True)]


def test_the_same_content_brings_everything_back_wherever_the_video_lies(
    shelf: Shelf, video: Path
) -> None:
    saved(shelf, video)
    moved = video.rename(video.with_name("renamed \udcff.mp4"))
    project = shelf.open_for(moved)
    holds_everything(project)
    assert project.video == moved
    assert not project.in_memory
    assert not project.notice
    assert sorted(p.name for p in shelf.folder.iterdir()) == [f"{KEY}.keeptake", "locks"]


def test_a_new_video_starts_with_no_decisions_and_no_answers(shelf: Shelf, video: Path) -> None:
    project = shelf.open_for(video)
    assert project.decisions == Decisions()
    assert project.answers() == {}
    assert project.unfinished_jobs == ()
    assert project.journal.get("nanoclip.project") is None


def test_the_sample_of_version_1_is_still_read(shelf: Shelf, tmp_path: Path) -> None:
    copy = tmp_path / "old.keeptake"
    shutil.copy(DATA / "version-1.keeptake", copy)
    project = shelf.open_file(copy)
    holds_everything(project)
    assert project.video.name == "take one.mp4"
    assert project.meta.duration == 60_000_000


def test_an_older_file_is_brought_to_the_newest_version_in_one_step(tmp_path: Path) -> None:
    copy = tmp_path / "old.keeptake"
    shutil.copy(DATA / "version-1.keeptake", copy)
    later = (*store_schema.MIGRATIONS[:1], "ALTER TABLE jobs ADD COLUMN cents INTEGER;")
    with closing(store_schema.connect(copy)) as db:
        assert store_schema.upgrade(db, later) == 1
        assert db.execute("SELECT id, cents FROM jobs").fetchall() == [("j1", None)]
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
        assert store_schema.upgrade(db, later) == 2


def test_an_upgrade_that_fails_leaves_the_old_version(tmp_path: Path) -> None:
    copy = tmp_path / "old.keeptake"
    shutil.copy(DATA / "version-1.keeptake", copy)
    later = (*store_schema.MIGRATIONS[:1], "DROP TABLE jobs; DROP TABLE nowhere;")
    before = copy.read_bytes()
    with closing(store_schema.connect(copy)) as db, pytest.raises(sqlite3.OperationalError):
        store_schema.upgrade(db, later)
    assert copy.read_bytes() == before


@pytest.mark.parametrize("at", [10, 60, 4096, 20_000])
def test_a_damaged_project_is_kept_aside_and_a_new_one_started(
    shelf: Shelf, video: Path, at: int
) -> None:
    path = saved(shelf, video)
    content = path.read_bytes()
    broken = content[:at] if at < 5000 else content[:at] + b"\xee" * 4096 + content[at + 4096 :]
    path.write_bytes(broken)
    project = shelf.open_for(video)
    (aside,) = shelf.folder.glob("*.damaged-*")
    assert aside.read_bytes() == broken
    assert aside.name in project.notice
    assert not project.in_memory
    project.save_decisions(SOME).result()
    assert project.decisions == SOME


def test_damaged_decisions_do_not_cost_the_answers(shelf: Shelf, video: Path) -> None:
    path = saved(shelf, video)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute('UPDATE decisions SET json = \'{"version": 1, "padding": -5}\'')
    project = shelf.open_for(video)
    assert project.decisions == Decisions()
    assert set(project.answers()) == {"transcript", "vision"}
    assert len(list(shelf.folder.glob("*.damaged-*"))) == 1
    assert "decisions" in project.notice


def test_a_project_of_a_newer_keeptake_is_left_alone(shelf: Shelf, video: Path) -> None:
    path = saved(shelf, video)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Keeptake"):
        shelf.open_file(path)
    project = shelf.open_for(video)
    assert project.in_memory
    assert "newer Keeptake" in project.notice
    project.save_decisions(SOME).result()
    project.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"SQLite format 3\x00", b"SQLite format 3\x00" + bytes(5000)]
)
def test_a_file_that_is_no_project_is_refused_and_left_alone(
    shelf: Shelf, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "other.keeptake"
    path.write_bytes(content)
    with pytest.raises(StoreError) as refused:
        shelf.open_file(path)
    assert refused.value.sentence.endswith(".")
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_left_alone(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "other.keeptake"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE theirs(x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a Keeptake project"):
        shelf.open_file(path)
    assert path.read_bytes() == before


def test_a_file_that_is_gone_is_told(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not there any more"):
        shelf.open_file(tmp_path / "gone.keeptake")


def test_a_folder_that_cannot_be_used_leaves_the_project_in_memory(
    tmp_path: Path, video: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    shelf = Shelf(tmp_path / "file" / "projects")
    with closing(shelf.open_for(video)) as project:
        assert project.in_memory
        assert "cannot be written" in project.notice
        project.save_decisions(SOME).result()
        project.save_answer("transcript", b"{}", "local").result()
        assert project.answers()["transcript"].raw == b"{}"
        project.journal.put("local.project", {"id": "1"})
        with pytest.raises(StoreError, match="Nothing was sent"):
            project.journal.put("nanoclip.project", {"id": "1"})
        copy = tmp_path / "saved.keeptake"
        project.save_as(copy)
    with closing(Shelf(tmp_path / "elsewhere").open_file(copy)) as project:
        assert project.decisions == SOME


def test_a_full_disk_is_told_and_saving_goes_on_when_there_is_room(
    shelf: Shelf, video: Path, tmp_path: Path
) -> None:
    project = shelf.open_for(video)
    project.flush()
    project._writer.read(lambda db: db.execute("PRAGMA max_page_count = 20").fetchall())
    with pytest.raises(StoreError, match="disk is full"):
        project.save_answer("vision", bytes(200_000), "nanoclip").result()
    assert project.in_memory
    assert "disk is full" in shelf.notices[-1]
    copy = tmp_path / "copy.keeptake"
    project.save_as(copy)
    with closing(Shelf(tmp_path / "elsewhere").open_file(copy)) as other:
        assert other.answers()["vision"].raw == bytes(200_000)
    with pytest.raises(StoreError):
        project.journal.put("nanoclip.project", {"id": "1"})
    project._writer.read(lambda db: db.execute("PRAGMA max_page_count = 100000").fetchall())
    project.save_decisions(SOME).result()
    assert not project.in_memory
    assert shelf.notices[-1] == "The project is saved again."
    assert project.answers()["vision"].raw == bytes(200_000)
    assert project.journal.get("nanoclip.project") is None


def test_closing_says_when_something_could_not_be_kept(tmp_path: Path, video: Path) -> None:
    project = Store(tmp_path / "projects").open_for(video, KEY, FOOTAGE)
    project._writer.read(lambda db: db.execute("PRAGMA max_page_count = 1").fetchall())
    project.save_answer("vision", bytes(200_000), "nanoclip")
    with pytest.raises(StoreError, match="disk is full"):
        project.close()
    project.close()


def test_a_second_window_may_look_but_changes_nothing(shelf: Shelf, video: Path) -> None:
    first = shelf.open_for(video)
    first.save_decisions(SOME)
    first.flush()
    second = shelf.open_for(video)
    assert second.in_memory
    assert "another Keeptake window" in second.notice
    assert second.decisions == SOME
    second.save_decisions(Decisions()).result()
    third = shelf.open_file(first.path)
    assert third.in_memory
    assert third.decisions == SOME
    with pytest.raises(StoreError, match="open in another"):
        third.save_as(first.path)
    first.close()
    again = shelf.open_for(video)
    assert not again.in_memory
    assert again.decisions == SOME


def test_save_as_replaces_whole_and_the_copy_opens_elsewhere(
    shelf: Shelf, video: Path, tmp_path: Path
) -> None:
    saved(shelf, video)
    project = shelf.open_for(video)
    target = tmp_path / "out" / "copy #1%20.keeptake"
    target.parent.mkdir()
    target.write_bytes(b"an older copy")
    project.save_as(target)
    assert [p.name for p in target.parent.iterdir()] == [target.name]
    copy = shelf.open_file(target)
    holds_everything(copy)
    copy.save_decisions(Decisions()).result()
    assert project.decisions == SOME


def test_save_as_into_a_missing_folder_keeps_everything(
    shelf: Shelf, video: Path, tmp_path: Path
) -> None:
    project = shelf.open_for(video)
    with pytest.raises(StoreError, match="could not be saved as"):
        project.save_as(tmp_path / "nowhere" / "x.keeptake")
    project.save_decisions(SOME).result()


def test_a_replacement_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fails(part: Path) -> None:
        part.write_bytes(b"ne")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        replace_with(path, fails)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_relinking_remembers_where_the_video_went(shelf: Shelf, video: Path) -> None:
    project = shelf.open_for(video)
    moved = video.rename(video.with_name("elsewhere.mp4"))
    with pytest.raises(StoreError, match="could not be read"):
        project.relink(video)
    project.relink(moved)
    project.close()
    assert shelf.open_file(project.path).video == moved


def test_saving_a_decision_does_not_wait_for_the_disk(shelf: Shelf, video: Path) -> None:
    project = shelf.open_for(video)
    many = Decisions(corrections=MappingProxyType({i: f"word {i}" for i in range(100_000)}))
    project.flush()
    start = time.thread_time()
    for _ in range(20):
        last = project.save_decisions(many)
    asked = time.thread_time() - start
    last.result(timeout=30)
    assert asked < 0.05
    project.close()
    assert shelf.open_file(project.path).decisions == many


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, video: Path) -> None:
    story = """
import sys
from pathlib import Path
from types import MappingProxyType
from app.core.review import Decisions, Footage
from app.services.store import Store
project = Store(Path(sys.argv[1])).open_for(Path(sys.argv[2]), sys.argv[3], Footage(1))
for n in range(100_000):
    project.save_decisions(Decisions(padding=n)).result()
    project.journal.put("nanoclip.step", {"n": n})
    print(n, flush=True)
"""
    store = Store(tmp_path / "projects")
    root = str(Path(__file__).parents[2])
    for _ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", story, tmp_path / "projects", video, KEY],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
        )
        with child:
            assert child.stdout
            said = [int(child.stdout.readline()) for _ in range(7)]
            child.send_signal(signal.SIGKILL)
            said += [int(line) for line in child.stdout.read().splitlines()]
        with closing(store.open_for(video, KEY, FOOTAGE)) as project:
            assert not project.in_memory
            assert project.decisions.padding in (said[-1], said[-1] + 1)
            step = project.journal.get("nanoclip.step")
            assert step is not None
            assert step["n"] in (said[-1], said[-1] + 1)


def test_a_content_key_is_never_a_path(shelf: Shelf, video: Path) -> None:
    for key in ("../../etc/passwd", "", "a/b", "short", ".hidden-name"):
        with pytest.raises(ValueError, match="content key"):
            shelf.store.path_for(key)


def test_a_journal_gives_copies(shelf: Shelf, video: Path) -> None:
    project = shelf.open_for(video)
    project.journal.put("local.x", {"list": [1]})
    first = project.journal.get("local.x")
    assert first is not None
    first["list"].append(2)
    assert project.journal.get("local.x") == {"list": [1]}


TIMES = st.integers(0, 10**12)
RANGES = st.tuples(TIMES, TIMES).map(lambda ab: TimeRange(min(ab), max(ab)))
DECISIONS = st.builds(
    Decisions,
    verdicts=st.dictionaries(st.text(), st.sampled_from(Verdict), max_size=5),
    edges=st.dictionaries(st.text(), RANGES, max_size=5),
    splits=st.lists(TIMES, max_size=5).map(lambda ts: tuple(sorted(ts))),
    strikes=st.lists(RANGES, max_size=5).map(merge),
    restores=st.lists(RANGES, max_size=5).map(merge),
    corrections=st.dictionaries(st.integers(0, 10**6), st.text(), max_size=5),
    names=st.dictionaries(st.text(), st.text(), max_size=5),
    merged=st.dictionaries(st.text(), st.text(), max_size=5),
    padding=st.integers(0, 60_000_000),
    picks=st.dictionaries(st.text(), st.sampled_from(Pick), max_size=5),
    moment_edges=st.dictionaries(st.text(), RANGES, max_size=5),
    moment_titles=st.dictionaries(st.text(), st.text(), max_size=5),
    own_moments=st.lists(
        st.builds(OwnMoment, st.integers(1, 10**9 - 1).map("own/{}".format), RANGES, st.text()),
        max_size=5,
    ).map(tuple),
    paddings=st.dictionaries(st.text(), st.integers(0, MOST_PADDING), max_size=5),
    also=st.builds(
        AlsoFind, st.none() | st.integers(SHORTEST_PAUSE, LONGEST_PAUSE), fillers=st.booleans()
    ),
    markers=st.dictionaries(
        st.integers(1, 10**9 - 1),
        st.tuples(RANGES, st.text(max_size=MOST_NOTE), st.integers(0, COLOURS - 1)),
        max_size=5,
    ).map(lambda found: in_order(tuple(Marker(f"mark/{n}", *m) for n, m in found.items()))),
    breaks=st.frozensets(st.integers(0, 10**6), max_size=5),
    joins=st.frozensets(st.integers(0, 10**6), max_size=5),
    colours=st.dictionaries(st.text(), st.integers(0, COLOURS - 1), max_size=5),
    hidden=st.frozensets(st.text(), max_size=5),
)


@given(DECISIONS)
def test_any_decisions_come_back_as_they_were(decisions: Decisions) -> None:
    assert store_decisions.load(store_decisions.dump(decisions)) == decisions


@given(any_edits.EDITS)
def test_whatever_a_person_can_decide_comes_back(edits: list[Edit]) -> None:
    decisions = any_edits.versions_after(edits)[-1].decisions
    said = store_decisions.load(store_decisions.dump(decisions))
    assert store_decisions.dump(said) == store_decisions.dump(decisions)


def test_half_a_letter_from_a_text_field_does_not_stop_saving() -> None:
    odd = Decisions(
        names=MappingProxyType({"c0": "a\ud800b"}),
        moment_titles=MappingProxyType({"a/1": "\udfffb"}),
        own_moments=(OwnMoment("own/1", TimeRange(0, 1), "c\ud800"),),
        markers=(Marker("mark/1", TimeRange(0, 1), "d\udc00"),),
    )
    back = store_decisions.load(store_decisions.dump(odd))
    assert back.names == {"c0": "a?b"}
    assert back.moment_titles == {"a/1": "?b"}
    assert back.own_moments == (OwnMoment("own/1", TimeRange(0, 1), "c?"),)
    assert back.markers == (Marker("mark/1", TimeRange(0, 1), "d?"),)


def test_a_row_of_every_version_is_still_read() -> None:
    first = store_decisions.load((DATA / "decisions-1.json").read_text("utf-8"))
    assert first == SOME
    second = store_decisions.load((DATA / "decisions-2.json").read_text("utf-8"))
    assert second == WITH_MOMENTS
    third = store_decisions.load((DATA / "decisions-3.json").read_text("utf-8"))
    assert third == WITH_MARKERS


@pytest.mark.parametrize(("version", "said"), [(1, SOME), (2, WITH_MOMENTS), (3, WITH_MARKERS)])
def test_a_row_is_written_as_the_oldest_version_that_holds_it(
    version: int, said: Decisions
) -> None:
    sample = (DATA / f"decisions-{version}.json").read_text("utf-8").strip()
    assert store_decisions.dump(said) == sample
    assert store_decisions.VERSION == 3


@pytest.mark.parametrize(
    "new",
    [
        {"paddings": {"p1": 0}},
        {"also": AlsoFind(200_000)},
        {"also": AlsoFind(fillers=True)},
        {"markers": (Marker("mark/1", TimeRange(0, 0), ""),)},
        {"breaks": frozenset({0})},
        {"joins": frozenset({0})},
        {"colours": {"c1": 0}},
        {"hidden": frozenset({""})},
    ],
)
def test_each_new_decision_alone_makes_a_row_of_the_third_version(new: dict[str, Any]) -> None:
    said = Decisions(**new)
    row = store_decisions.dump(said)
    assert json.loads(row)["version"] == 3
    assert store_decisions.load(row) == said


def test_decisions_of_a_newer_keeptake_are_left_alone(shelf: Shelf, video: Path) -> None:
    path = saved(shelf, video)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute('UPDATE decisions SET json = \'{"version": 4, "padding": 1}\'')
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Keeptake"):
        shelf.open_file(path)
    project = shelf.open_for(video)
    assert project.in_memory
    assert "newer Keeptake" in project.notice
    project.save_decisions(WITH_MOMENTS).result()
    project.close()
    assert path.read_bytes() == before


def test_decisions_on_moments_survive_closing(shelf: Shelf, video: Path) -> None:
    project = shelf.open_for(video)
    project.save_decisions(WITH_MOMENTS)
    project.close()
    assert shelf.open_for(video).decisions == WITH_MOMENTS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version":4,"padding":1}',
        '{"version":2,"padding":1,"markers":[]}',
        '{"version":3,"padding":1,"markers":[["mark/0",[1,5],"no such key",0]]}',
        '{"version":3,"padding":1,"markers":[["mark/1",[5,1],"",0]]}',
        '{"version":3,"padding":1,"markers":[["mark/1",[1,5],"",64]]}',
        '{"version":3,"padding":1,"paddings":{"p1":-1}}',
        '{"version":3,"padding":1,"paddings":{"p1":2000001}}',
        '{"version":3,"padding":1,"pauses_over":1}',
        '{"version":3,"padding":1,"fillers":1}',
        '{"version":3,"padding":1,"breaks":[-1]}',
        '{"version":3,"padding":1,"colours":{"c1":-1}}',
        '{"version":3,"padding":1,"hidden":[1]}',
        '{"version":"1","padding":1}',
        '{"version":1,"padding":1,"strikes":[[5,1]]}',
        '{"version":1,"padding":1,"picks":{"a/1":"picked"}}',
        '{"version":2,"padding":1,"picks":{"a/1":"liked"}}',
        '{"version":2,"padding":1,"moment_edges":{"a/1":[5,1]}}',
        '{"version":2,"padding":1,"own_moments":[["a/1",[1,5],"not an own key"]]}',
        '{"version":2,"padding":1,"stars":{}}',
    ],
)
def test_decisions_of_another_shape_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(StoreError, match="decisions"):
        store_decisions.load(text)
