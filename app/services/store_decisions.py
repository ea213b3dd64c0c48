"""The person's decisions as one JSON row, and back: versioned, strict, complete.

Version 2 has what was said of moments. A row without any is still written as version 1, which the
Keeptake of before opens too; it refuses a row of version 2 with a sentence.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.core.errors import StoreError
from app.core.moments import OwnMoment, Pick
from app.core.review import Decisions, Verdict
from app.core.timerange import TimeRange, merge
from app.services.store_schema import NewerError

VERSION = 2

_Time = Annotated[int, Field(ge=-(2**62), le=2**62)]
_Span = tuple[_Time, _Time]
_OwnKey = Annotated[str, Field(pattern=r"^own/[1-9][0-9]{0,8}$")]


class _Fields(BaseModel):
    """Times in microseconds; ranges as `[start, end]`; unknown fields belong to a newer version."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    version: int
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


class _First(_Fields):
    version: Literal[1]


class _Second(_Fields):
    """own_moments: key, span and title of each, in the order they were made."""

    version: Literal[2]
    picks: dict[str, Literal["picked", "rejected", "undecided"]] = {}
    moment_edges: dict[str, _Span] = {}
    moment_titles: dict[str, str] = {}
    own_moments: list[tuple[_OwnKey, _Span, str]] = []


class _Named(BaseModel):
    """As much of any version as tells which one it is."""

    version: Annotated[int, Field(strict=True)]


_Row: TypeAdapter[_First | _Second] = TypeAdapter(
    Annotated[_First | _Second, Field(discriminator="version")],
    config=ConfigDict(defer_build=True),
)


def dump(decisions: Decisions) -> str:
    """The row's text; `load` gives equal decisions back."""
    row = _Second.model_construct(
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
        picks={key: pick.value for key, pick in decisions.picks.items()},
        moment_edges={key: (r.start, r.end) for key, r in decisions.moment_edges.items()},
        moment_titles={key: _clean(text) for key, text in decisions.moment_titles.items()},
        own_moments=[
            (m.key, (m.span.start, m.span.end), _clean(m.title)) for m in decisions.own_moments
        ],
    )
    if row.picks or row.moment_edges or row.moment_titles or row.own_moments:
        return row.model_dump_json()
    older = {field: getattr(row, field) for field in _First.model_fields}
    return _First.model_construct(**{**older, "version": 1}).model_dump_json()


def _clean(text: str) -> str:
    """Half a surrogate pair, which a text field can hand over, cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load(text: str) -> Decisions:
    """Decisions from the row; raises StoreError where it is damaged, NewerError where newer."""
    try:
        row = _upgraded(_Row.validate_json(text))
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
            picks=MappingProxyType({key: Pick(p) for key, p in row.picks.items()}),
            moment_edges=MappingProxyType(
                {key: TimeRange(*span) for key, span in row.moment_edges.items()}
            ),
            moment_titles=MappingProxyType(row.moment_titles),
            own_moments=tuple(OwnMoment(k, TimeRange(*r), t) for k, r, t in row.own_moments),
        )
    except (ValidationError, ValueError) as problem:
        if _is_newer(text):
            raise NewerError(
                "The decisions in this project were saved by a newer Keeptake.",
                "It was left as it is; update Keeptake to open it.",
                str(problem),
            ) from problem
        raise StoreError(
            "The decisions in this project could not be read.",
            "The analyses in it are whole.",
            str(problem),
        ) from problem


def _upgraded(row: _First | _Second) -> _Second:
    """Nothing had been said of moments in the first version."""
    if isinstance(row, _Second):
        return row
    return _Second.model_construct(version=2, **{k: v for k, v in row if k != "version"})


def _is_newer(text: str) -> bool:
    try:
        return _Named.model_validate_json(text).version > VERSION
    except ValidationError:
        return False
