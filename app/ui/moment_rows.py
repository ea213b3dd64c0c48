"""What the Moments panel shows of moments and shorts, as values, sorted and filtered; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from app.core.channels import channel_of
from app.core.moments import Pick
from app.core.timerange import TimeRange
from app.ui.text import counted, length, span

StateRole = Literal["secondary", "accent", "keep", "cut", "proposal"]
"""The colour role of a state, one of the card painter's."""

NOT_ANALYSED = (
    "No moments yet",
    "Short stretches worth a clip of their own appear here, ranked by score for each channel, to "
    "be played, picked and rendered.",
)
NONE_FOUND = (
    "No clips found",
    "The analysis ended without a moment in this film. Try another analysis, a shorter highlight "
    "length, or say in the description what the clips should be about.",
)
"""Heading and text for `MomentsPanel.show_empty_reason`."""

BEST_SCORE = "-score"
"""The order at first. An order is "number", "title", "time", "score" or "@" and a channel's key,
with "-" before it where the greatest comes first."""


@dataclass(frozen=True, slots=True)
class MomentRow:
    """One moment as the list shows it.

    channels: (key, score) as the service gave them. warnings: phrases, without the sign.
    render: "", "rendering 40 %", "downloaded", "failed" and the like. own: made by the person;
    moved: an edge of a service's moment was.
    """

    key: str
    number: int | None
    title: str
    description: str
    span: TimeRange
    score: float | None = None
    channels: tuple[tuple[str, float], ...] = ()
    tags: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    pick: Pick = Pick.UNDECIDED
    render: str = ""
    own: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class RenderRow:
    """One clip of one render as the list of shorts shows it.

    id: the render record's; key: the moment's. when: asked at, as people read it. fraction: 0 to 1
    while something is under way, None where unknown; sentence: why it failed or what is missing.
    gone: a downloaded file that is no longer where it was.
    """

    id: str
    key: str
    title: str
    when: str
    settings: str
    state: str
    role: StateRole = "secondary"
    path: str = ""
    can_retry: bool = False
    can_download: bool = False
    can_play: bool = False
    fraction: float | None = None
    sentence: str = ""
    gone: bool = False


def one_line(text: str) -> str:
    """The text without line breaks, as a list shows it; nothing in it is read as markup."""
    return " ".join(text.split())


def title_of(row: MomentRow) -> str:
    """The title, or words that stand for a missing one."""
    return one_line(row.title) or (f"Moment {row.number}" if row.number is not None else "Untitled")


def score_text(score: float | None) -> str:
    """As the service gave it: "88", "0.91"; an en dash where it gave none."""
    if score is None:
        return "–"
    return str(int(score)) if score.is_integer() and abs(score) < 1e15 else repr(score)


def score_in(row: MomentRow, channel: str) -> float | None:
    """The moment's score for that channel."""
    for key, score in row.channels:
        if key == channel:
            return score
    return None


def best_channel(row: MomentRow, best_for: str) -> str:
    """The channel whose score stands out: the chosen one, else the row's highest, "" for none."""
    if best_for:
        return best_for
    return max(row.channels, key=lambda pair: pair[1], default=("", 0.0))[0]


def states_of(row: MomentRow) -> tuple[tuple[str, StateRole], ...]:
    """What is said at the row's end: the short's state, then the decision where there is one."""
    out: list[tuple[str, StateRole]] = []
    if row.render:
        out.append(_rendered(one_line(row.render)))
    match row.pick:
        case Pick.PICKED:
            out.append(("★ picked", "keep"))
        case Pick.REJECTED:
            out.append(("rejected", "secondary"))
        case Pick.UNDECIDED:
            if not out:
                out.append(("undecided", "secondary"))
    return tuple(out)


def _rendered(text: str) -> tuple[str, StateRole]:
    if text.startswith("downloaded"):
        return f"✓ {text}", "keep"
    if text.startswith(("failed", "missing", "refused", "gone")):
        return text, "cut"
    return text, "proposal" if text.startswith("unknown") else "accent"


def mark_of(row: MomentRow) -> str:
    """What the person did to the moment itself."""
    return "own" if row.own else "edges moved" if row.moved else ""


def spoken(row: MomentRow) -> str:
    """All that a row shows, as one text for assistive technology."""
    said = [f"{row.number}" if row.number is not None else "", title_of(row)]
    said += [one_line(row.description), span(row.span.start, row.span.end)]
    said += [length(row.span.duration)]
    said += [f"score {score_text(row.score)}" if row.score is not None else "no score"]
    said += [f"{channel_of(key).brief} {score_text(score)}" for key, score in row.channels]
    said += [mark_of(row), *map(one_line, row.tags), *(f"⚠ {one_line(w)}" for w in row.warnings)]
    said += [text for text, _ in states_of(row)]
    return ", ".join(part for part in said if part)


def counted_moments(rows: Sequence[MomentRow], shown: int) -> str:
    """ "5 moments · 1 picked", or "2 of 5 · 1 picked" where some are hidden."""
    picked = sum(1 for row in rows if row.pick is Pick.PICKED)
    hidden = shown != len(rows)
    many = f"{shown:,} of {len(rows):,}" if hidden else counted(len(rows), "moment")
    return f"{many} · {picked:,} picked"


_ASCENDING: dict[str, Callable[[MomentRow], Any]] = {
    "number": lambda row: row.number,
    "title": lambda row: title_of(row).casefold(),
    "time": lambda row: (row.span.start, row.span.end),
    "score": lambda row: row.score,
}


def valid_order(order: str, channels: Sequence[str]) -> str:
    """The order, or the first one where it names what is not there."""
    name = order.removeprefix("-")
    known = name in _ASCENDING or (name.startswith("@") and name[1:] in channels)
    return order if known else BEST_SCORE


def sorted_by(rows: Sequence[MomentRow], places: Sequence[int], order: str) -> list[int]:
    """The places sorted; equal ones stay as they are, missing values are last either way."""
    name = order.removeprefix("-")
    value = _ASCENDING.get(name) or (lambda row: score_in(row, name[1:]))
    there: list[tuple[Any, int]] = []
    missing: list[int] = []
    for place in places:
        found = value(rows[place])
        if found is None:
            missing.append(place)
        else:
            there.append((found, place))
    there.sort(key=itemgetter(0), reverse=order.startswith("-"))
    return [place for _, place in there] + missing


def searched(row: MomentRow) -> tuple[str, str]:
    """(title, description and tags; tags alone), as `matches` wants them."""
    tags = "\n".join(tag.lstrip("#") for tag in row.tags).casefold()
    return f"{title_of(row)}\n{one_line(row.description)}\n".casefold() + tags, tags


def matches(text: tuple[str, str], words: Sequence[str]) -> bool:
    """Whether every word (of `wanted_words`) is found; "#tag" is looked for in the tags alone."""
    whole, tags = text
    return all(word[1:] in tags if word[0] == "#" else word in whole for word in words)


def wanted_words(query: str) -> tuple[str, ...]:
    """The words of a filter; a lone "#" asks for nothing yet."""
    return tuple(word for word in query.casefold().split() if word != "#")
