"""Which spans one player has to play together, since the other could not be ready in between."""

from __future__ import annotations

from app.core.timerange import Ranges, total

LONGEST = 120_000_000
"""A list is no longer than this, so that an edit makes no long list anew; microseconds."""


def groups(spans: Ranges, alone: float, listed: float, *, together: bool = False) -> list[Ranges]:
    """`spans` in order, those in one group played by one player without a break.

    alone: microseconds of the film that must be played before the other player can follow with a
    span of its own; listed: before it can follow with a list. together: one list of everything.
    """
    out: list[Ranges] = []
    for span in spans:
        last = out[-1] if out else ()
        # A list is left for a span that is worth it, not for one that ends in another list.
        stays = (
            together
            or total(last) < alone
            or (len(last) > 1 and span.duration < max(alone, listed))
        )
        if not last or total(last) > LONGEST or not stays:
            out.append((span,))
            continue
        out[-1] = (*last, span)
        # A group of several is a list, which takes longer to have ready.
        while len(out) > 1 and total(out[-2]) < listed:
            tail = out.pop()
            out[-1] = (*out[-1], *tail)
    return out
