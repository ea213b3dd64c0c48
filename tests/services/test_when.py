"""Points in time as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.services.when import moment, told

NOW = datetime(2026, 6, 8, 10, 0, tzinfo=UTC)


def test_today_is_a_clock_and_another_day_is_named() -> None:
    here = NOW.astimezone()
    assert moment(NOW, NOW) == f"{here:%H:%M}"
    assert moment(datetime(2026, 7, 3, 12, 5, tzinfo=UTC), NOW).startswith("3 July, ")


@pytest.mark.parametrize("text", ["2026-06-09T00:00:00Z", "2026-06-09T00:00:00+00:00"])
def test_a_services_time_is_told_by_this_computers_clock(text: str) -> None:
    assert told(text) == moment(datetime(2026, 6, 9, tzinfo=UTC))


@pytest.mark.parametrize("text", ["midnight", "", "2026-06-09T00:00:00", "a\u202eb"])
def test_what_cannot_be_read_stays_as_it_came(text: str) -> None:
    assert told(text) == text.replace("\u202e", "")
