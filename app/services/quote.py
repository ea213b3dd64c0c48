"""What an analysis costs, before it is started."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.timerange import SECOND
from app.services.ledger import Plan
from app.services.wire import MePricing, MeResponse

DOCUMENTED = MePricing(
    transcript_per_uploaded_hour_cents=10,
    diarization_addon_per_hour_cents=5,
    vision_per_minute_cents=5,
    retake_removal_per_minute_cents=5,
)
"""The prices of NanoClip's own pages, for when `/v1/me` could not be asked (contract A9)."""


@dataclass(frozen=True)
class Quote:
    """What the ticked analyses of one file cost.

    lines: (label, cents). balance_cents: None where it is unknown or billing is switched off.
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
    def text(self) -> str:
        """The quote as lines for the dialog."""
        out = [f"{label}: {self.money(cents)}" for label, cents in self.lines]
        about = "about " if self.estimate else ""
        out.append(f"Together: {about}{self.money(self.total_cents)}")
        if self.balance_cents is not None:
            out.append(f"Balance: {self.money(self.balance_cents)}")
        if not self.live_prices:
            out.append("By the published prices; the service was not asked.")
        if not self.affordable:
            out.append("The balance is too small.")
        return "\n".join(out)

    def money(self, cents: int) -> str:
        """Cents as an amount: "$0.58", or "0.58 EUR" in other currencies."""
        amount = f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
        sign = "-" if cents < 0 else ""
        if self.currency.upper() == "USD":
            return f"{sign}${amount}"
        return f"{sign}{amount} {self.currency.upper()}"


def quote(me: MeResponse | None, plan: Plan, duration_us: int) -> Quote:
    """The price of `plan` for a video of `duration_us` microseconds.

    Minutes are started minutes; hourly items are prorated by them and rounded up to a cent, which
    fits the one recorded quote (contract A9). `me` None: published prices, no balance; the local
    service costs nothing either way.
    """
    free = plan.service == "local"
    pricing = me.billing.pricing if me else DOCUMENTED
    minutes = -(-max(0, duration_us) // (60 * SECOND))

    def hourly(rate: int) -> int:
        return 0 if free else -(-rate * minutes // 60)

    def by_minute(rate: int) -> int:
        return 0 if free else rate * minutes

    lines: list[tuple[str, int]] = []
    if plan.transcript:
        lines.append(("Transcript", hourly(pricing.transcript_per_uploaded_hour_cents)))
        if plan.diarize:
            lines.append(("Separate speakers", hourly(pricing.diarization_addon_per_hour_cents)))
    if plan.vision:
        lines.append(("Vision", by_minute(pricing.vision_per_minute_cents)))
    if plan.retakes:
        lines.append(("Retakes", by_minute(pricing.retake_removal_per_minute_cents)))
    return Quote(
        tuple(lines),
        sum(cents for _, cents in lines),
        me.billing.credit_balance_cents if me and not free else None,
        me.billing.currency if me else "USD",
        estimate=not free,
        live_prices=free or me is not None,
    )
