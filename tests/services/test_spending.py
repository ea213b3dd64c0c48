"""The month's spending: what is counted, what is not, the cap, and files that cannot be read."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import StoreError
from app.services.ledger import Ledger, Plan
from app.services.spending import BookedJournal, OverCapError, Spending

NOVEMBER = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
PRICES = {"transcript": 2, "vision": 55}
PLAN = Plan("nanoclip")


class Pad(dict[str, dict[str, Any]]):
    """A journal in memory."""

    def put(self, kind: str, value: dict[str, Any]) -> None:
        self[kind] = value


class Sitting:
    """Spending with a clock and a cap that can be set."""

    def __init__(self, folder: Path, cap: int = 0) -> None:
        self.at, self.cap = NOVEMBER, cap
        self.spending = Spending(folder / "data" / "spending.sqlite", lambda: self.cap, self.now)

    def now(self) -> datetime:
        return self.at

    def ledger(self, pad: Pad) -> Ledger:
        return Ledger(BookedJournal(pad, self.spending, PRICES), "nanoclip")


def test_nothing_was_spent_before_anything_was_asked_for(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path)
    assert sitting.spending.this_month() == 0
    assert not sitting.spending.path.exists()


def test_a_command_is_counted_once_however_often_it_is_sent(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path)
    ledger = sitting.ledger(Pad())
    for state in ("asking", "asking", "started", "received"):
        ledger.note("vision", "p1", state, {})
    assert sitting.spending.this_month() == 55
    ledger.note("vision", "p2", "asking", {})
    ledger.note("transcript", "p2", "asking", PLAN.settings("transcript"))
    assert sitting.spending.this_month() == 112


def test_what_was_certainly_not_accepted_is_taken_back(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path)
    ledger = sitting.ledger(Pad())
    ledger.note("vision", "p1", "asking", {})
    ledger.note("vision", "p1", "none", {})
    assert sitting.spending.this_month() == 0


def test_asking_again_after_a_failure_is_counted_again(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path)
    ledger = sitting.ledger(Pad())
    for state in ("asking", "started", "failed", "asking", "none"):
        ledger.note("vision", "p1", state, {})
    assert sitting.spending.this_month() == 55, "the first was charged, the second refused"


def test_a_month_begins_at_nothing(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path, cap=60)
    sitting.ledger(Pad()).note("vision", "p1", "asking", {})
    sitting.at = DECEMBER
    assert sitting.spending.this_month() == 0
    sitting.ledger(Pad()).note("vision", "p2", "asking", {})
    assert sitting.spending.this_month() == 55


def test_over_the_cap_nothing_is_noted_and_nothing_may_be_sent(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path, cap=56)
    pad = Pad()
    ledger = sitting.ledger(pad)
    ledger.note("vision", "p1", "asking", {})
    with pytest.raises(OverCapError, match=r"\$0\.02.*\$0\.55.*spend cap of \$0\.56"):
        ledger.note("transcript", "p1", "asking", PLAN.settings("transcript"))
    assert "nanoclip.transcript" not in pad
    sitting.cap = 57
    ledger.note("transcript", "p1", "asking", PLAN.settings("transcript"))
    assert sitting.spending.this_month() == 57


def test_without_a_cap_everything_is_counted_all_the_same(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path, cap=0)
    sitting.spending.book("p1", "vision", 10_000)
    assert sitting.spending.this_month() == 10_000


def test_it_is_kept_across_programs(tmp_path: Path) -> None:
    Sitting(tmp_path).spending.book("p1", "vision", 55)
    assert Sitting(tmp_path).spending.this_month() == 55


def test_two_at_once_cannot_go_over_the_cap_together(tmp_path: Path) -> None:
    refused: list[OverCapError] = []
    start = threading.Barrier(8)

    def one(number: int) -> None:
        spending = Sitting(tmp_path, cap=165).spending
        start.wait()
        try:
            spending.book(f"p{number}", "vision", 55)
        except OverCapError as error:
            refused.append(error)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert Sitting(tmp_path).spending.this_month() == 165


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_file_is_kept_aside_and_told(tmp_path: Path, content: bytes) -> None:
    sitting = Sitting(tmp_path)
    sitting.spending.path.parent.mkdir()
    sitting.spending.path.write_bytes(content)
    assert sitting.spending.this_month() == 0
    assert "could not be read and is not counted" in sitting.spending.notice
    kept = [p for p in sitting.spending.path.parent.iterdir() if "damaged" in p.name]
    assert [p.read_bytes() for p in kept] == [content]
    sitting.spending.book("p1", "vision", 55)
    assert Sitting(tmp_path).spending.this_month() == 55


def test_where_it_cannot_be_noted_nothing_is_asked_for(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path)
    (tmp_path / "data").write_text("a file where the folder should be")
    pad = Pad()
    with pytest.raises(StoreError, match="nothing was asked for"):
        sitting.ledger(pad).note("vision", "p1", "asking", {})
    assert not pad
