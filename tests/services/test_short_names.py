"""Names of shorts: safe whatever a title holds, and never over an existing file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.timerange import TimeRange
from app.services.short_names import (
    DEFAULT_PATTERN,
    LONGEST,
    free_path,
    locate,
    pattern_problem,
    short_name,
)
from app.services.shorts_ledger import Clip


@pytest.mark.parametrize(
    ("pattern", "number", "title", "name"),
    [
        (DEFAULT_PATTERN, 3, "The launch", "talk 3 The launch.mp4"),
        (DEFAULT_PATTERN, None, "Mine", "talk Mine.mp4"),
        ("{title}", 3, "a/b\\c:d*e?f", "a b c d e f.mp4"),
        ("{title}", 3, "../../etc/passwd", "etc passwd.mp4"),
        ("{title}", 3, "line\nbreak\u202e", "line break.mp4"),
        ("{title}", 3, "...", "Short.mp4"),
        ("{title}", 3, "con", "_con.mp4"),
        ("{title}", 3, "Lpt1.x", "_Lpt1.x.mp4"),
        ("{title}", 3, "שלום עולם", "שלום עולם.mp4"),
        ("{number} {date} {channel}", 3, "x", "3 2026-06-08 tiktok.mp4"),
        ("{nothing}", 3, "x", "talk 3 x.mp4"),
        ("{title}", 3, "{number}", "{number}.mp4"),
    ],
)
def test_names(pattern: str, number: int | None, title: str, name: str) -> None:
    made = short_name(pattern, "talk", number, title, channel="tiktok", day=date(2026, 6, 8))
    assert made == name


@given(st.text(), st.text(), st.text(max_size=300), st.integers(1, 10**9) | st.none())
def test_any_name_is_one_safe_step_of_a_path(
    pattern: str, video: str, title: str, number: int | None
) -> None:
    for by in (pattern, DEFAULT_PATTERN, "{title}{title}"):
        name = short_name(by, video, number, title)
        assert len(name.encode()) <= LONGEST
        assert Path(name).name == name
        assert not set(name) & set('/\\:*?"<>|')
        assert name.isprintable()
        assert name.endswith(".mp4")
        assert not name.startswith((".", " ", "-"))


def test_a_long_name_keeps_its_number() -> None:
    name = short_name(DEFAULT_PATTERN, "v" * 300, 12, "ש" * 300)
    assert " 12 " in name
    assert len(name.encode()) <= LONGEST


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("", "empty"),
        ("{title", "brace"),
        ("{titel}", "no {titel}"),
        ("a/{title}", "cannot hold /"),
        ("a\n{title}", "cannot hold"),
        ("x" * 100, "too long"),
    ],
)
def test_a_pattern_that_will_not_do_says_why(pattern: str, says: str) -> None:
    assert says in pattern_problem(pattern)


def test_the_default_pattern_will_do() -> None:
    assert pattern_problem(DEFAULT_PATTERN) == ""


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert free_path(tmp_path, "a.mp4") == tmp_path / "a.mp4"
    (tmp_path / "a.mp4").touch()
    (tmp_path / "a 2.mp4").symlink_to(tmp_path / "nowhere")
    assert free_path(tmp_path, "a.mp4") == tmp_path / "a 3.mp4"


def test_a_short_is_found_in_a_folder_that_was_moved(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    new.mkdir()
    clip = Clip("j/1", 1, "T", TimeRange(0, 5), "downloaded", path=str(old / "a.mp4"), bytes=4)
    assert locate(clip, [new]) is None
    (new / "a.mp4").write_bytes(b"five5")
    assert locate(clip, [new]) is None
    (new / "a.mp4").write_bytes(b"four")
    assert locate(clip, [tmp_path, new]) == new / "a.mp4"
    old.mkdir()
    (old / "a.mp4").write_bytes(b"four")
    assert locate(clip, [new]) == old / "a.mp4"
    assert locate(Clip("j/1", 1, "T", TimeRange(0, 5)), [new]) is None
