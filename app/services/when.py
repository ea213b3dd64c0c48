"""Points in time as a person reads them: this computer's clock, and the day where it is another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.services.redact import plain


def moment(at: datetime, now: datetime | None = None) -> str:
    """ "14:05", or "9 June, 14:05" where that is not today. Both are aware of their zone."""
    here, today = at.astimezone(), (now or datetime.now(UTC)).astimezone()
    clock = f"{here:%H:%M}"
    return clock if here.date() == today.date() else f"{here.day} {here:%B}, {clock}"


def told(text: str) -> str:
    """A service's point in time; as it came where its form is not known (contract 4, 31)."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return plain(text, 40)
    return moment(at) if at.tzinfo else plain(text, 40)


def after(seconds: float) -> str:
    """The point in time so many seconds from now."""
    return moment(datetime.now(UTC) + timedelta(seconds=seconds))
