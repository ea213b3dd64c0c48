"""Prices: the recorded quote, free service, published prices, and money as text."""

from __future__ import annotations

import pytest

from app.services.ledger import Plan
from app.services.quote import Quote, quote
from app.services.wire import MeResponse
from tests.services.fake_cloud import FakeCloud

RECORDED = 600_066_133
ALL = Plan("nanoclip", "en", "he", diarize=True)


def me() -> MeResponse:
    return MeResponse.model_validate(FakeCloud().me())


def test_the_recorded_quote_comes_out() -> None:
    told = quote(me(), Plan("nanoclip", diarize=True, retakes=False), RECORDED)
    assert told.lines == (("Transcript", 2), ("Separate speakers", 1), ("Vision", 55))
    assert told.total_cents == 58
    assert told.estimate


def test_retakes_cost_by_the_started_minute() -> None:
    assert quote(me(), ALL, 60_000_000).lines[-1] == ("Retakes", 5)
    assert quote(me(), ALL, 60_000_001).lines[-1] == ("Retakes", 10)


def test_speakers_are_counted_with_the_transcript_and_what_is_held_is_free() -> None:
    assert quote(me(), ALL, RECORDED).by_kind == (
        ("transcript", 3),
        ("vision", 55),
        ("retakes", 55),
    )
    told = quote(me(), ALL, RECORDED, held=("transcript", "vision"))
    assert told.by_kind == (("transcript", 0), ("vision", 0), ("retakes", 55))
    assert told.total_cents == 55


def test_only_what_is_ticked_is_priced() -> None:
    none = Plan("nanoclip", transcript=False, diarize=True, vision=False, retakes=False)
    assert quote(me(), none, RECORDED).lines == ()
    assert quote(me(), none, RECORDED).total_cents == 0


def test_a_balance_that_is_too_small_is_said() -> None:
    told = quote(me(), ALL, RECORDED)
    assert told.balance_cents == 50
    assert not told.affordable


def test_a_null_balance_is_not_zero() -> None:
    asked = me()
    asked.billing.credit_balance_cents = None
    told = quote(asked, ALL, RECORDED)
    assert told.balance_cents is None
    assert told.affordable


def test_without_an_answer_the_published_prices_are_used_and_said_so() -> None:
    told = quote(None, ALL, RECORDED)
    assert told.total_cents == 113
    assert not told.live_prices


def test_the_local_service_is_free() -> None:
    told = quote(None, Plan("local"), RECORDED)
    assert told.total_cents == 0
    assert not told.estimate
    assert told.by_kind == ()


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [
        (58, "usd", "$0.58"),
        (1200, "USD", "$12.00"),
        (5, "eur", "0.05 EUR"),
        (-150, "usd", "-$1.50"),
    ],
)
def test_money_reads_as_money(cents: int, currency: str, text: str) -> None:
    assert Quote((), 0, None, currency, estimate=False).money(cents) == text
