"""Backups by age: which stay, when one is made, and that a damaged project goes on with one."""

from __future__ import annotations

import shutil
from array import array
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import StoreError
from app.core.review import Decisions, Footage
from app.core.timerange import TimeRange
from app.services import store_backups
from app.services.store import Store
from app.services.store_backups import EVERY, Backups, kept

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = "0123456789abcdef"
FOOTAGE = Footage(60_000_000, array("q", [0, 40_000]), 1280, 720)
ONE = Decisions(strikes=(TimeRange(0, 1),))
TWO = replace(ONE, strikes=(TimeRange(0, 2),))

AGES = st.sets(st.integers(0, 400 * 86_400), max_size=60)


@given(AGES)
def test_the_newest_stays_and_no_span_has_more_than_its_share(ages: set[int]) -> None:
    times = {NOW - timedelta(seconds=age) for age in ages}
    stay = kept(times, NOW)
    assert stay <= times
    assert not times or max(times) in stay
    assert {t for t in times if NOW - t < timedelta(hours=2)} <= stay
    ages_left = sorted((NOW - t).total_seconds() for t in stay)
    assert sum(7_200 <= a < 86_400 for a in ages_left) <= 24
    assert sum(86_400 <= a < 30 * 86_400 for a in ages_left) <= 31
    assert sum(30 * 86_400 <= a < 182 * 86_400 for a in ages_left) <= 24
    assert sum(a >= 182 * 86_400 for a in ages_left) <= 1


@given(AGES)
def test_thinning_what_was_thinned_takes_nothing_more(ages: set[int]) -> None:
    stay = kept({NOW - timedelta(seconds=age) for age in ages}, NOW)
    assert kept(stay, NOW) == stay


def test_a_year_of_work_leaves_a_copy_of_each_time(tmp_path: Path) -> None:
    clock = [NOW - timedelta(days=365)]
    backups = Backups(tmp_path, Path("/films/take.keeptake"), lambda: clock[0])
    while clock[0] < NOW:
        assert backups.due()
        backups.add(lambda part: part.write_bytes(b"project") and None)
        assert not backups.due()
        clock[0] += timedelta(hours=7)
    ages = [NOW - at for at, _ in backups.copies()]
    assert 50 < len(ages) < 80
    assert ages[0] < timedelta(hours=8)
    assert timedelta(weeks=25) < ages[-1] < timedelta(weeks=27)
    assert sorted(p.suffix for p in backups.folder.iterdir()) == [".keeptake"] * len(ages)


def test_all_together_take_only_so_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_backups, "MOST_BYTES", 3_500)
    clock = [NOW]
    backups = Backups(tmp_path, Path("take.keeptake"), lambda: clock[0])
    for _ in range(6):
        backups.add(lambda part: part.write_bytes(bytes(1000)) and None)
        clock[0] += timedelta(minutes=20)
    assert len(backups.copies()) == 3
    backups.add(lambda part: part.write_bytes(bytes(9000)) and None)
    assert len(backups.copies()) == 1, "the newest stays whatever it takes"


def test_projects_of_one_name_do_not_share_copies(tmp_path: Path) -> None:
    one, two = (
        Backups(tmp_path, Path("/a/take.keeptake")),
        Backups(tmp_path, Path("/b/take.keeptake")),
    )
    one.add(lambda part: part.write_bytes(b"a") and None)
    assert two.copies() == []


class Sitting:
    """A store with a clock, and a film."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime.now(UTC)
        self.store = Store(folder / "projects")
        self.video = folder / "film.mp4"
        self.video.write_bytes(b"film")
        before = Backups.__init__

        def started(backups: Backups, folder: Path, project: Path) -> None:
            before(backups, folder, project, lambda: self.now)

        monkeypatch.setattr(Backups, "__init__", started)

    @property
    def file(self) -> Path:
        return self.store.path_for(KEY)

    def save(self, *all_of_them: Decisions, apart: timedelta = EVERY) -> None:
        with closing(self.store.open_for(self.video, KEY, FOOTAGE)) as project:
            for decisions in all_of_them:
                project.save_decisions(decisions).result()
                self.now += apart

    def kept(self) -> list[Decisions]:
        """What the copies hold, newest first."""
        out = []
        for n, (_, path) in enumerate(self.store.backups(self.file).copies()):
            copy = self.video.with_name(f"copy {n}.keeptake")
            shutil.copy(path, copy)
            with closing(self.store.open_file(copy)) as project:
                out.append(project.decisions)
        return out


@pytest.fixture
def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sitting:
    return Sitting(tmp_path, monkeypatch)


def test_a_copy_holds_what_was_there_before_the_change(sitting: Sitting) -> None:
    sitting.save(ONE, TWO)
    assert sitting.kept() == [ONE]
    sitting.save(ONE)
    assert sitting.kept() == [TWO, ONE]


def test_within_twenty_minutes_one_copy_is_enough(sitting: Sitting) -> None:
    sitting.save(*[ONE, TWO] * 10, apart=timedelta(seconds=30))
    assert sitting.kept() == [ONE]


def test_before_another_answer_comes_a_copy_is_made_whatever_the_time(sitting: Sitting) -> None:
    sitting.save(ONE, TWO, apart=timedelta(seconds=30))
    with closing(sitting.store.open_for(sitting.video, KEY, FOOTAGE)) as project:
        project.save_answer("transcript", b"{}", "local").result()
    assert sitting.kept() == [ONE]
    with closing(sitting.store.open_for(sitting.video, KEY, FOOTAGE)) as project:
        project.save_answer("transcript", b"{}", "local", replaces=True).result()
    assert sitting.kept() == [TWO, ONE]


def test_a_damaged_project_goes_on_with_its_newest_good_backup(sitting: Sitting) -> None:
    sitting.save(ONE, TWO, ONE)
    newest = sitting.store.backups(sitting.file).copies()[0][1]
    newest.write_bytes(b"damaged as well")
    sitting.file.write_bytes(b"SQLite format 3\x00" + bytes(5000))
    with closing(sitting.store.open_for(sitting.video, KEY, FOOTAGE)) as project:
        assert project.decisions == ONE
        assert "goes on with its backup of" in project.notice
        assert "damaged file was kept" in project.notice
        assert not project.in_memory
        project.save_decisions(TWO).result()
    with closing(sitting.store.open_for(sitting.video, KEY, FOOTAGE)) as project:
        assert project.decisions == TWO
        assert project.notice == ""


def test_a_damaged_project_file_is_left_alone_and_its_backup_named(sitting: Sitting) -> None:
    mine = sitting.video.with_name("mine.keeptake")
    with closing(sitting.store.open_for(sitting.video, KEY, FOOTAGE)) as project:
        project.save_decisions(ONE).result()
        project.save_as(mine)
    with closing(sitting.store.open_file(mine)) as project:
        project.save_decisions(TWO).result()
    broken = mine.read_bytes()[:5000]
    mine.write_bytes(broken)
    with pytest.raises(StoreError) as problem:
        sitting.store.open_file(mine)
    (copy,) = (path for _, path in sitting.store.backups(mine).copies())
    assert str(copy) in problem.value.hint
    assert mine.read_bytes() == broken
    shutil.copy(copy, mine.with_name("again.keeptake"))
    with closing(sitting.store.open_file(mine.with_name("again.keeptake"))) as project:
        assert project.decisions == ONE


def test_without_a_good_backup_a_new_project_is_started(sitting: Sitting) -> None:
    sitting.save(ONE, TWO)
    sitting.store.backups(sitting.file).copies()[0][1].write_bytes(b"damaged as well")
    sitting.file.write_bytes(b"SQLite format 3\x00" + bytes(5000))
    with closing(sitting.store.open_for(sitting.video, KEY, FOOTAGE)) as project:
        assert project.decisions == Decisions()
        assert "there is no backup of it" in project.notice


def test_where_no_copy_can_be_made_the_project_is_saved_and_it_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    sitting = Sitting(tmp_path, monkeypatch)
    sitting.store = Store(tmp_path / "projects", told.append)
    (tmp_path / "projects").mkdir()
    (tmp_path / "projects" / "backups").write_text("a file where the folder should be")
    sitting.save(ONE, TWO, ONE, TWO)
    assert len(told) == 1
    assert "The project itself is saved" in told[0]
    with closing(sitting.store.open_for(sitting.video, KEY, FOOTAGE)) as project:
        assert project.decisions == TWO
