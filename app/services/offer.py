"""What a start of analyses would mean at NanoClip: price, what is sent, and what stands in its way.

Decided here without a window, from what is known at the time; `/v1/me` may come later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.media.upload_copy import BITS_A_SECOND, CONTENT_TYPE, most_bytes
from app.services.ledger import Ledger, Plan
from app.services.quote import Quote, quote
from app.services.wire import Kind, MeResponse

DOCUMENTED_MOST_BYTES = 1_000_000_000
"""The smaller reading of the documented "1 GB", where `/v1/me` was not asked (contract 4, 29)."""

ACCEPTED_TYPES = frozenset({
    "video/mp4", "video/quicktime", "video/webm",
    "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/wav", "audio/x-wav",
    "audio/flac", "audio/x-flac", "audio/ogg", "audio/webm",
})  # fmt: skip
"""What NanoClip takes (contract A3.1); others are answered with 415."""


@dataclass(frozen=True)
class Upload:
    """The file that would be sent. duration: microseconds."""

    size_bytes: int
    content_type: str
    duration: int
    has_picture: bool = True


@dataclass(frozen=True)
class Standing:
    """What is known of one service at one moment.

    me: None while it was not asked or did not answer. spent, cap: cents of this month; no cap: 0.
    """

    me: MeResponse | None = None
    spent: int = 0
    cap: int = 0


@dataclass(frozen=True)
class Offer:
    """One plan for one film, and what a yes to it would mean. film: the file as it is."""

    plan: Plan
    film: Upload
    standing: Standing
    ledger: Ledger

    @property
    def charged(self) -> bool:
        """Whether this service charges at all."""
        return self.plan.service != "local"

    @cached_property
    def held(self) -> tuple[Kind, ...]:
        """What the service has already just as it is wanted: fetched, not bought again."""
        return self.ledger.held(self.plan) if self.charged else ()

    @cached_property
    def anew(self) -> bool:
        """Whether other settings than before make it a new upload, with every kind paid anew."""
        return self.charged and self.ledger.needs_another_project(self.plan)

    @cached_property
    def sends(self) -> bool:
        """Whether the video is uploaded; False where the service has it from before."""
        there = self.ledger.project.get("state") in ("uploaded", "ready")
        return self.charged and (self.anew or not there)

    @property
    def upload(self) -> Upload:
        """What is sent: the film, or the copy that is wanted, as large as it may become."""
        if not self.plan.copy_lines:
            return self.film
        return Upload(
            most_bytes(self.plan.copy_lines, self.film.duration), CONTENT_TYPE, self.film.duration
        )

    @property
    def copies(self) -> tuple[int, ...]:
        """The lines of the copies that would help: smaller than the film, or of a type taken."""
        if not self.sends or not self.film.has_picture:
            return ()
        unfit = self.film.content_type not in ACCEPTED_TYPES
        return tuple(
            n
            for n in sorted(BITS_A_SECOND, reverse=True)
            if unfit or most_bytes(n, self.film.duration) < self.film.size_bytes
        )

    @cached_property
    def quote(self) -> Quote:
        """The price, without what is held."""
        return quote(self._me, self.plan, self.film.duration, self.held)

    @property
    def too_large(self) -> bool:
        """Whether the file is over the limit for one upload."""
        return self.sends and self.upload.size_bytes > self.most_bytes

    @property
    def most_bytes(self) -> int:
        """How large an upload may be."""
        return self._me.limits.max_upload_bytes if self._me else DOCUMENTED_MOST_BYTES

    @property
    def wrong_type(self) -> bool:
        """Whether the service takes no files of this type."""
        return self.sends and self.upload.content_type not in ACCEPTED_TYPES

    @property
    def no_uploads_left(self) -> bool:
        """Whether the workspace's uploads of today are used up."""
        if self._me is None or not self.sends:
            return False
        return self._me.usage_today.projects_created >= self._me.limits.projects_per_day

    @property
    def no_commands_left(self) -> bool:
        """Whether the workspace's analyses of today do not suffice for what is ticked."""
        wanted = len(self.plan.kinds) - len(self.held)
        if self._me is None or not self.charged or not wanted:
            return False
        left = self._me.limits.analysis_commands_per_day - self._me.usage_today.analysis_commands
        return wanted > left

    @property
    def over_cap(self) -> bool:
        """Whether the price does not fit under what is left of the person's own cap."""
        cents, standing = self.quote.total_cents, self.standing
        return bool(self.charged and cents and standing.cap) and (
            standing.spent + cents > standing.cap
        )

    @property
    def possible(self) -> bool:
        """Whether nothing that is known stands in the way."""
        return bool(self.plan.kinds) and not (
            self.too_large
            or self.wrong_type
            or self.no_uploads_left
            or self.no_commands_left
            or self.over_cap
            or not self.quote.affordable
        )

    @property
    def _me(self) -> MeResponse | None:
        return self.standing.me if self.charged else None
