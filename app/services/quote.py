"""What an analysis costs, before it is started."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.core.timerange import SECOND
from app.services.ledger import Plan
from app.services.wire import Kind, MePricing, MeResponse

DOCUMENTED = MePricing(
    transcript_per_uploaded_hour_cents=10,
    diarization_addon_per_hour_cents=5,
    vision_per_minute_cents=5,
    retake_removal_per_minute_cents=5,
)
"""The prices of NanoClip's own pages, for when `/v1/me` could not be asked (contract A9)."""


KIND_OF: dict[str, Kind] = {
    "Transcript": "transcript",
    "Separate speakers": "transcript",
    "Vision": "vision",
    "Retakes": "retakes",
}
"""The analysis that each line of a quote belongs to."""


@dataclass(frozen=True)
class Quote:
    """What the ticked analyses of one file cost.

    lines: (label, cents), 0 for what is held. balance_cents: None where it is unknown or billing is
    switched off.
    estimate: computed here; the service charges by its own count of the uploaded video.
    live_prices: whether the prices are the running ones of `/v1/me`.
    """

    lines: tuple[tuple[str, int], ...]
    total_cents: int
    balance_cents: int | None
    currency: str
    estimate: bool
    live_prices: bool = True

    @property
    def affordable(self) -> bool:
        """False only where the balance is known and too small."""
        return self.balance_cents is None or self.balance_cents >= self.total_cents

    @property
    def by_kind(self) -> tuple[tuple[Kind, int], ...]:
        """What each analysis costs, separate speakers with the transcript; nothing where free."""
        cents: dict[Kind, int] = {}
        for label, amount in self.lines:
            cents[KIND_OF[label]] = cents.get(KIND_OF[label], 0) + amount
        return tuple(cents.items()) if self.estimate else ()

    def money(self, cents: int) -> str:
        """Cents as an amount: "$0.58", or "0.58 EUR" in other currencies."""
        return money(cents, self.currency)


def money(cents: int, currency: str = "USD") -> str:
    """Cents as an amount: "$0.58", or "0.58 EUR" in other currencies."""
    amount = f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
    sign = "-" if cents < 0 else ""
    if currency.upper() == "USD":
        return f"{sign}${amount}"
    return f"{sign}{amount} {currency.upper()}"


def quote(
    me: MeResponse | None, plan: Plan, duration_us: int, held: Collection[Kind] = ()
) -> Quote:
    """The price of `plan` for a video of `duration_us` microseconds, without the kinds `held`.

    Minutes are started minutes; hourly items are prorated by them and rounded up to a cent, which
    fits the one recorded quote (contract A9). `me` None: published prices, no balance; the local
    service costs nothing either way.
    """
    free = plan.service == "local"
    pricing = me.billing.pricing if me else DOCUMENTED
    minutes = -(-max(0, duration_us) // (60 * SECOND))

    def hourly(rate: int, kind: Kind) -> int:
        return 0 if free or kind in held else -(-rate * minutes // 60)

    def by_minute(rate: int, kind: Kind) -> int:
        return 0 if free or kind in held else rate * minutes

    lines: list[tuple[str, int]] = []
    if plan.transcript:
        cents = hourly(pricing.transcript_per_uploaded_hour_cents, "transcript")
        lines.append(("Transcript", cents))
        if plan.diarize:
            cents = hourly(pricing.diarization_addon_per_hour_cents, "transcript")
            lines.append(("Separate speakers", cents))
    if plan.vision:
        lines.append(("Vision", by_minute(pricing.vision_per_minute_cents, "vision")))
    if plan.retakes:
        lines.append(("Retakes", by_minute(pricing.retake_removal_per_minute_cents, "retakes")))
    return Quote(
        tuple(lines),
        sum(cents for _, cents in lines),
        me.billing.credit_balance_cents if me and not free else None,
        me.billing.currency if me else "USD",
        estimate=not free,
        live_prices=free or me is not None,
    )
