"""What is said of an order of shorts and of each clip, and which buttons it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.services.shorts_ledger import Clip, ClipState, Maker, RecordState, RenderRecord
from app.ui.render_rows import already, moment_state, render_rows, settings_text, when_text
from tests.core.speech import s

NOW = datetime(2026, 6, 8, 14, 2, tzinfo=UTC).astimezone()


def record(state: RecordState = "asked", *clips: Clip, service: Maker = "znippet") -> RenderRecord:
    settings = {"framingMode": "grid", "captionBurnIn": True}
    if service == "here":
        settings = {"framing": "static", "captions": False, "cuts": True}
    return RenderRecord("r", service, "a", "job", settings, NOW.isoformat(), state, clips)


def clip(state: ClipState = "queued", **more: object) -> Clip:
    return replace(Clip("a/1", 1, "One", s(1, 2)), state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "state", "progress", "words"),
    [
        ("asked", "queued", None, "waiting"),
        ("planned", "queued", None, "waiting"),
        ("asked", "running", None, "rendering"),
        ("asked", "running", 0.404, "rendering 40 %"),
        ("asked", "ready", None, "ready to download"),
        ("ended", "ready", 0.9, "downloading 90 %"),
        ("ended", "downloaded", None, "downloaded"),
        ("ended", "failed", None, "failed"),
        ("failed", "queued", None, "failed"),
        ("ended", "missing", None, "missing from the answer"),
        ("ended", "gone", None, "gone at the service"),
        ("unknown", "queued", None, "unknown whether it was taken"),
        ("refused", "queued", None, "refused"),
    ],
)
def test_a_state_in_words(
    order: RecordState, state: ClipState, progress: float | None, words: str
) -> None:
    one = clip(state, progress=progress)
    whole = record(order, one)
    assert moment_state([(whole, one)]) == words
    assert render_rows([whole])[0].state == words


def test_the_newest_order_says_what_a_moment_is() -> None:
    older, newer = clip("downloaded"), clip("failed")
    assert moment_state([(record("ended", newer), newer), (record("ended", older), older)]) == (
        "failed"
    )
    assert moment_state([]) == ""


@pytest.mark.parametrize(
    ("order", "state", "can"),
    [
        ("asked", "queued", ""),
        ("asked", "running", ""),
        ("asked", "failed", "retry"),
        ("failed", "queued", "retry"),
        ("unknown", "queued", "retry"),
        ("unknown", "downloaded", "play"),
        ("refused", "queued", "retry"),
        ("refused", "downloaded", "play"),
        ("ended", "missing", "retry"),
        ("ended", "ready", "download"),
        ("ended", "downloaded", "play"),
    ],
)
def test_what_can_be_done_with_a_clip(order: RecordState, state: ClipState, can: str) -> None:
    path = "/shorts/one.mp4" if state == "downloaded" else ""
    row = render_rows([record(order, clip(state, path=path))])[0]
    offered = {"retry": row.can_retry, "download": row.can_download, "play": row.can_play}
    assert [name for name, offered in offered.items() if offered] == ([can] if can else [])


def test_an_order_that_was_set_aside_can_be_gone_on_with() -> None:
    row = render_rows([replace(record("asked", clip("running")), aside=True)])[0]
    assert (row.state, row.can_retry) == ("set aside", True)


def test_a_short_that_was_moved_is_told_with_its_place_and_cannot_be_played() -> None:
    path = str(Path("/shorts/one.mp4"))
    row = render_rows([record("ended", clip("downloaded", path=path))], frozenset({path}))[0]
    assert (row.state, row.can_play, row.gone) == ("moved or deleted", False, True)
    assert row.sentence == "“one.mp4” is no longer in “/shorts”."


def test_why_it_failed_comes_from_the_clip_else_from_the_order() -> None:
    whole = replace(
        record("failed", clip("failed", error="The encoder stopped."), clip("queued")),
        sentence="Refused.", hint="Ask again.",
    )  # fmt: skip
    assert [r.sentence for r in render_rows([whole])] == [
        "The encoder stopped.",
        "Refused. Ask again.",
    ]
    fine = replace(whole, clips=(clip("downloaded", path="x"),))
    assert render_rows([fine])[0].sentence == ""


def test_settings_say_who_makes_it_and_how() -> None:
    assert settings_text(record()) == "By Znippet · as a grid · captions"
    here = "On this computer · the middle · no captions · removed left out"
    assert settings_text(record(service="here")) == here
    odd = replace(record(service="local"), settings={"framingMode": "new"})
    assert settings_text(odd) == "By the local service · new · no captions"
    assert settings_text(replace(odd, settings={})) == "By the local service · no captions"


def test_the_time_is_short_today_and_has_its_day_before() -> None:
    assert when_text(NOW.isoformat(), NOW) == f"{NOW:%H:%M}"
    later = NOW + timedelta(days=1)
    assert when_text(NOW.isoformat(), later) == f"{NOW.day} {NOW:%b} {NOW:%H:%M}"
    assert when_text("some day") == "some day"


@pytest.mark.parametrize(
    ("order", "state", "asked"),
    [
        ("asked", "queued", True),
        ("unknown", "queued", True),
        ("ended", "downloaded", True),
        ("ended", "ready", True),
        ("ended", "failed", False),
        ("failed", "queued", False),
        ("refused", "queued", False),
        ("ended", "missing", False),
    ],
)
def test_a_moment_that_was_or_may_have_been_rendered_is_asked_about(
    order: RecordState, state: ClipState, asked: bool
) -> None:
    one = clip(state)
    said = already([(record(order, one), one)], s(1, 2))
    assert bool(said) is asked
    assert said == "" or said.startswith("by Znippet ")
    assert already([(record(order, one), one)], s(1, 3)) == "", "with other edges it is another"
