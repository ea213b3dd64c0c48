"""Moments as a window shows them: the service's as the person decided them, then the person's."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.memo import by_identity
from app.core.moments import Moments, OwnMoment, Pick, PlacedMoment
from app.core.review import Review
from app.core.timerange import TimeRange


def placed_moments(review: Review) -> tuple[PlacedMoment, ...]:
    """The service's moments in its answer's order, then the person's in the order they were made.

    Remembered until a moment changes: other edits give the very same tuple back.
    """
    return _listed(placed_by_key(review))


def placed_by_key(review: Review) -> Mapping[str, PlacedMoment]:
    """The same by key, in the same order."""
    said = review.decisions
    return _placed(
        review.evidence.moments, said.picks, said.moment_edges, said.moment_titles, said.own_moments
    )


@by_identity(4)
def _listed(placed: Mapping[str, PlacedMoment]) -> tuple[PlacedMoment, ...]:
    return tuple(placed.values())


@by_identity(4)
def _placed(
    found: Moments | None,
    picks: Mapping[str, Pick],
    edges: Mapping[str, TimeRange],
    titles: Mapping[str, str],
    own: tuple[OwnMoment, ...],
) -> Mapping[str, PlacedMoment]:
    out: dict[str, PlacedMoment] = {}
    for moment in found.items if found else ():
        key = found.key_of(moment) if found else ""
        # A number that comes twice can be rendered once only: the first one is meant.
        out.setdefault(
            key,
            PlacedMoment(
                key,
                moment.number,
                edges.get(key, moment.span),
                moment.span,
                titles.get(key, moment.title),
                moment.description,
                moment.score,
                moment.channels,
                moment.tags,
                picks.get(key, Pick.UNDECIDED),
            ),
        )
    for made in own:
        title = titles.get(made.key, made.title)
        pick = picks.get(made.key, Pick.UNDECIDED)
        out[made.key] = PlacedMoment(made.key, None, made.span, None, title, pick=pick)
    return out
