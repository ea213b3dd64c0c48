"""What speaks against a proposal as it stands, and the edit that would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.edits import Edit
from app.core.proposals import Proposal, proposals
from app.core.review import Review


@dataclass(frozen=True, slots=True)
class Check:
    """One doubt: a sentence, and the fix with its text where there is one (else None and "")."""

    kind: Literal["disputed", "scene cut", "jump cut"]
    sentence: str
    fix: Edit | None = None
    fix_text: str = ""


def checks(review: Review, proposal: Proposal) -> tuple[Check, ...]:
    """What speaks against one proposal of this review; nothing against a restored one."""
    return (Check("disputed", proposal.disputed),) if proposal.disputed else ()


def all_checks(review: Review) -> Mapping[str, tuple[Check, ...]]:
    """Proposal id -> its checks, of those that have any."""
    every = ((p.id, checks(review, p)) for p in proposals(review))
    return {key: found for key, found in every if found}
