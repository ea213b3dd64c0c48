"""The person's decisions as one JSON row, and back: versioned, strict, complete."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.errors import StoreError
from app.core.review import Decisions, Verdict
from app.core.timerange import TimeRange, merge

VERSION = 1

_Time = Annotated[int, Field(ge=-(2**62), le=2**62)]
_Span = tuple[_Time, _Time]


class _Row(BaseModel):
    """Times in microseconds; ranges as `[start, end]`; unknown fields belong to a newer version."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    version: Literal[1]
    verdicts: dict[str, Literal["accepted", "restored", "undecided"]] = {}
    edges: dict[str, _Span] = {}
    splits: list[_Time] = []
    strikes: list[_Span] = []
    restores: list[_Span] = []
    # JSON has no integer keys: word indices go as pairs.
    corrections: list[tuple[int, str]] = []
    names: dict[str, str] = {}
    merged: dict[str, str] = {}
    padding: Annotated[int, Field(ge=0, le=60_000_000)]


def dump(decisions: Decisions) -> str:
    """The row's text; `load` gives equal decisions back."""
    return _Row.model_construct(
        version=VERSION,
        verdicts={key: verdict.value for key, verdict in decisions.verdicts.items()},
        edges={key: (r.start, r.end) for key, r in decisions.edges.items()},
        splits=list(decisions.splits),
        strikes=[(r.start, r.end) for r in decisions.strikes],
        restores=[(r.start, r.end) for r in decisions.restores],
        corrections=sorted((i, _clean(text)) for i, text in decisions.corrections.items()),
        names={key: _clean(name) for key, name in decisions.names.items()},
        merged=dict(decisions.merged),
        padding=decisions.padding,
    ).model_dump_json()


def _clean(text: str) -> str:
    """Half a surrogate pair, which a text field can hand over, cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load(text: str) -> Decisions:
    """Decisions from the row; raises StoreError where it is damaged or from a newer version."""
    try:
        row = _Row.model_validate_json(text)
        return Decisions(
            verdicts=MappingProxyType({key: Verdict(v) for key, v in row.verdicts.items()}),
            edges=MappingProxyType({key: TimeRange(*span) for key, span in row.edges.items()}),
            splits=tuple(sorted(row.splits)),
            strikes=merge(TimeRange(*span) for span in row.strikes),
            restores=merge(TimeRange(*span) for span in row.restores),
            corrections=MappingProxyType(dict(row.corrections)),
            names=MappingProxyType(row.names),
            merged=MappingProxyType(row.merged),
            padding=row.padding,
        )
    except (ValidationError, ValueError) as problem:
        raise StoreError(
            "The decisions in this project could not be read.",
            "The analyses in it are whole.",
            str(problem),
        ) from problem
